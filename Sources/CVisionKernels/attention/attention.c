// Attention whose scores stay in the caches.
//
//   for each head, and each part of its queries                              (threads share them)
//     pack kᵀ and v to panels, unless this thread has just done so
//     for each block of a few tiles of MR queries
//       scores = q · kᵀ                                  (the micro-kernel, gemm/template/tile.h)
//       scores = e^(scale · scores + bias + mask − maximum), and their sum for each query
//       y = scores · v                                   (the micro-kernel)
//       y /= sum
//
// Each query's sums are formed in one order, whatever the tile or the thread that they fall to.
#include "vn_attention.h"

#include <math.h>

#include "../shared/kernels.h"

/// The most tiles of a block, and the most floats of its scores unless one tile has more.
enum { block_tiles = 4, block_floats = 64 * 1024 };
/// With fewer heads than this, those are cut into parts of at least `part_tiles` tiles.
enum { wanted_items = 32, part_tiles = 2 };
/// Sums longer than this are formed from partial sums.
static const size_t longest_sum = 1280;
enum { line_floats = 16 };

static size_t padded(size_t floats) { return vn_divide_up(floats, line_floats) * line_floats; }

typedef struct attention_plan {
  size_t tiles, parts;  ///< of MR queries, and of items, of one head
  size_t block;         ///< tiles of a block
  size_t pitch;         ///< floats from query to query of the scores
  size_t k_floats, v_floats, scores, worker_floats;
} attention_plan;

static attention_plan plan_of(const vn_kernels *k, const vn_attention *a) {
  const size_t lanes = (size_t)k->lanes, mr = (size_t)k->max_rows;
  attention_plan p = {.tiles = vn_divide_up(a->queries, mr)};
  p.parts = vn_smaller(vn_divide_up(wanted_items, a->heads), vn_larger(1, p.tiles / part_tiles));
  // Rows a multiple of 1 KiB apart would meet in few sets of the nearest cache.
  p.pitch = padded(a->keys);
  if (p.pitch % 256 == 0) p.pitch += line_floats;
  p.block = vn_larger(1, vn_smaller(block_tiles, block_floats / (mr * p.pitch)));
  p.k_floats = padded(vn_divide_up(a->keys, lanes) * lanes * a->depth);
  p.v_floats = padded(vn_divide_up(a->width, lanes) * lanes * a->keys);
  p.scores = p.block * mr * p.pitch;
  p.worker_floats = line_floats + p.k_floats + p.v_floats + p.scores;
  return p;
}

size_t vn_attention_scratch_floats(const vn_kernels *k, const vn_attention *attention, int threads) {
  return line_floats + plan_of(k, attention).worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

typedef struct attention_run {
  const vn_kernels *k;
  const vn_attention *a;
  const vn_attention_head *heads;
  attention_plan plan;
  const float *query, *key, *value, *bias, *mask;
  float *y, *workers;
} attention_run;

/// What a thread keeps: the number of the head whose keys and values are packed, those, and scores.
typedef struct attention_memory {
  size_t *head;
  float *keys, *values, *scores;
} attention_memory;

static attention_memory memory_of(const attention_run *r, int worker) {
  float *start = r->workers + (size_t)worker * r->plan.worker_floats;
  attention_memory m = {.head = (size_t *)start, .keys = start + line_floats};
  m.values = m.keys + r->plan.k_floats;
  m.scores = m.values + r->plan.v_floats;
  return m;
}

/// Packs the keys and values of a head to panels of NR columns.
static void pack_head(const attention_run *r, size_t head, attention_memory m) {
  const vn_kernels *k = r->k;
  const vn_attention *a = r->a;
  const size_t lanes = (size_t)k->lanes, nr = 2 * lanes;
  const float *keys = r->key + r->heads[head].k, *values = r->value + r->heads[head].v;
  for (size_t column = 0; column < a->keys; column += nr) {
    const size_t width = vn_smaller(nr, a->keys - column), columns = width > lanes ? nr : lanes;
    float *panel = m.keys + column * a->depth;
    if (a->k_row == 1) {
      k->pack_rows(a->depth, width, columns, keys + column, a->k_column, panel);
      continue;
    }
    if (width < columns) memset(panel, 0, columns * a->depth * sizeof(float));
    k->transpose(width, a->depth, keys + (int64_t)column * a->k_row, a->k_row, panel, (int64_t)columns);
  }
  for (size_t column = 0; column < a->width; column += nr) {
    const size_t width = vn_smaller(nr, a->width - column), columns = width > lanes ? nr : lanes;
    k->pack_rows(a->keys, width, columns, values + column, a->v_row, m.values + column * a->keys);
  }
  *m.head = head;
}

/// Multiplies the rows of some tiles by all panels of a matrix of `columns` columns.
static void multiply(const vn_kernels *k, size_t tiles, const size_t *starts, const float *const *rows, float *const *y,
                     size_t run, size_t columns, const float *panels) {
  const size_t lanes = (size_t)k->lanes, nr = 2 * lanes;
  vn_tile tile = {.row_stride = (size_t)k->max_rows, .taps = 1, .run = run, .taps_block = 1,
                  .run_block = vn_divide_up(run, vn_divide_up(run, longest_sum)), .low = -INFINITY, .high = INFINITY};
  for (size_t column = 0; column < columns; column += nr) {
    tile.column = column;
    tile.width = vn_smaller(nr, columns - column);
    tile.panel = panels + column * run;
    tile.ahead = (vn_ahead){.weights = (const char *)tile.panel, .pixels = (const char *)tile.panel};
    for (size_t t = 0; t < tiles; t++) {
      tile.rows = rows + starts[t];
      tile.y = y + starts[t];
      k->micro_kernels[starts[t + 1] - starts[t] - 1][tile.width > lanes ? 1 : 0](&tile);
    }
  }
}

/// The row of a bias for a query; where it is the same for all keys, it is added to `same` instead.
static const float *addend_of(const float *start, int64_t row, int64_t column, size_t query, float *same) {
  if (!start) return NULL;
  const float *at = start + (int64_t)query * row;
  if (column == 1) return at;
  *same += *at;
  return NULL;
}

/// Turns the scores of a query into weights; returns what their sums of values are multiplied by.
static float weigh(const attention_run *r, const vn_attention_head *head, size_t query, float *scores) {
  const vn_attention *a = r->a;
  float same = 0;
  const float *bias = addend_of(r->bias ? r->bias + head->bias : NULL, a->bias_row, a->bias_column, query, &same);
  const float *mask = addend_of(r->mask ? r->mask + head->mask : NULL, a->mask_row, a->mask_column, query, &same);
  const float sum = r->k->weigh(a->keys, a->scale, same, bias, mask, scores);
  if (a->zeros_for_nan && sum != sum) {
    memset(scores, 0, a->keys * sizeof(float));
    return 1;
  }
  return 1 / sum;
}

/// Some tiles of one head, from query `start` on.
static void attend(const attention_run *r, const vn_attention_head *head, attention_memory m, size_t start, size_t end) {
  const vn_attention *a = r->a;
  const size_t mr = (size_t)r->k->max_rows, count = end - start, tiles = vn_divide_up(count, mr);
  const float *rows[block_tiles * VN_MAX_ROWS];
  float *scores[block_tiles * VN_MAX_ROWS], *y[block_tiles * VN_MAX_ROWS], factors[block_tiles * VN_MAX_ROWS];
  size_t starts[block_tiles + 1];
  for (size_t t = 0; t <= tiles; t++) starts[t] = t * count / tiles;
  for (size_t i = 0; i < count; i++) {
    rows[i] = r->query + head->q + (int64_t)(start + i) * a->q_row;
    scores[i] = m.scores + i * r->plan.pitch;
    y[i] = r->y + head->y + (int64_t)(start + i) * a->y_row;
  }
  multiply(r->k, tiles, starts, rows, scores, a->depth, a->keys, m.keys);
  for (size_t i = 0; i < count; i++) factors[i] = weigh(r, head, start + i, scores[i]);
  multiply(r->k, tiles, starts, (const float *const *)scores, y, a->keys, a->width, m.values);
  for (size_t i = 0; i < count; i++) r->k->unary(VN_AFFINE, factors[i], 0, a->width, y[i], y[i]);
}

static void attention_item(void *context, size_t index, int worker) {
  const attention_run *r = context;
  const attention_plan *p = &r->plan;
  const size_t head = index / p->parts, part = index % p->parts;
  const attention_memory m = memory_of(r, worker);
  if (*m.head != head) pack_head(r, head, m);
  const size_t last = (part + 1) * p->tiles / p->parts;
  for (size_t tile = part * p->tiles / p->parts; tile < last; tile += p->block) {
    const size_t next = vn_smaller(tile + p->block, last);
    attend(r, r->heads + head, m, tile * r->a->queries / p->tiles, next * r->a->queries / p->tiles);
  }
}

void vn_attention_run(const vn_kernels *k, const vn_attention *attention, const vn_attention_head *heads, const float *query,
                      const float *key, const float *value, const float *bias, const float *mask, float *y, float *scratch,
                      vn_pool *pool) {
  attention_run r = {.k = k, .a = attention, .heads = heads, .plan = plan_of(k, attention), .query = query, .key = key,
                     .value = value, .bias = bias, .mask = mask, .y = y, .workers = vn_align(scratch)};
  for (int worker = 0; worker < vn_pool_threads(pool); worker++) *memory_of(&r, worker).head = SIZE_MAX;
  vn_pool_run(pool, attention->heads * r.plan.parts, attention_item, &r);
}
