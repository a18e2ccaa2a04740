// Convolution of bytes by an implicit im2col, as in convolution/implicit_im2col.c: tiles of output pixels, whose inputs are found
// through pointers.
#include <string.h>

#include "../shared/convolution_plan.h"
#include "quantized_matrix.h"

/// Results of at least this size are not in the second-level cache.
enum { far_bytes = 1024 * 1024 };

enum { known_spans = 16 };

typedef struct qconv_run {
  const vn_qkernels *q;
  const vn_qmatrix *matrix;  ///< or NULL
  const vn_qconv *conv;
  const vn_qconv_plan *plan;
  const uint8_t *x, *end, *packed, *residual, *zeros;
  uint8_t *y, *workers;
  vn_qconv_parts parts;
  const vn_pool *pool;
  size_t items;
  vn_span spans[known_spans];  ///< per tap of a kernel row; of the whole row when merged
  vn_span whole;               ///< of the whole row
} qconv_run;

/// The output columns whose taps t0…t1 of a kernel row lie inside the image.
static vn_span inside_span(const vn_qconv *conv, int64_t t0, int64_t t1) {
  const int64_t stride = conv->stride_w, low = conv->pad_left - t0 * conv->dilation_w;
  const int64_t high = (int64_t)conv->w + conv->pad_left - t1 * conv->dilation_w;
  vn_span s = {low > 0 ? (low + stride - 1) / stride : 0, high > 0 ? (high + stride - 1) / stride : 0};
  if (s.last > conv->ow) s.last = conv->ow;
  if (s.first > s.last) s.first = s.last;
  return s;
}

/// Copies the part of a run that is in the image, and fills the rest with the zero point.
static const uint8_t *copy_run(const qconv_run *r, const uint8_t *row, int64_t ix, uint8_t **copies) {
  const vn_qconv *conv = r->conv;
  const size_t channels = (size_t)conv->c, length = r->plan->words * 4;
  uint8_t *copy = *copies;
  if (r->plan->merged) {
    const vn_span inside = vn_inside(conv->kw, conv->w, ix);
    const size_t first = (size_t)inside.first * channels, last = (size_t)inside.last * channels;
    memset(copy, conv->x_zero, first);
    memcpy(copy + first, row + (ix + inside.first) * (int64_t)channels, last - first);
    memset(copy + last, conv->x_zero, r->plan->run - last);
  } else {
    memcpy(copy, row + ix * (int64_t)channels, r->plan->run);
  }
  memset(copy + r->plan->run, 0, length - r->plan->run);
  *copies += length;
  return copy;
}

/// Where an output pixel is.
typedef struct qplace {
  size_t image;
  int64_t row, column;
} qplace;

/// Does the work of `point_pixels` if all taps of all pixels lie inside the image. Otherwise returns false and does nothing.
static bool point_inside(const qconv_run *r, qplace p, int64_t count, size_t group, const uint8_t **rows, size_t stride) {
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const int64_t top = p.row * conv->stride_h - conv->pad_top;
  if (top < 0 || top + (int64_t)(conv->kh - 1) * conv->dilation_h >= conv->h) return false;
  if (p.column < r->whole.first || p.column + count > r->whole.last) return false;
  const int64_t channels = conv->c, step = conv->stride_w * channels, width = conv->w * channels;
  const uint8_t *from = r->x + (int64_t)p.image * conv->h * width + top * width +
                        (p.column * conv->stride_w - conv->pad_left) * channels + (int64_t)(group * plan->group_inputs);
  const int64_t down = conv->dilation_h * width, right = conv->dilation_w * channels;
  const int32_t taps = plan->merged ? 1 : conv->kw;
  // Only the last runs of the tensor reach beyond its end.
  const uint8_t *last = from + (conv->kh - 1) * down + (taps - 1) * right + (count - 1) * step;
  if (plan->copies && (size_t)(r->end - last) < plan->words * 4) return false;
  for (int32_t ky = 0; ky < conv->kh; ky++, from += down) {
    const uint8_t *tap = from;
    for (int32_t kx = 0; kx < taps; kx++, tap += right, rows += stride) {
      const uint8_t *at = tap;
      for (int64_t i = 0; i < count; i++, at += step) rows[i] = at;
    }
  }
  return true;
}

/// The pointers of `count` pixels of one output row, `stride` apart from tap to tap.
static void point_pixels(const qconv_run *r, qplace p, int64_t count, size_t group, const uint8_t **rows,
                         size_t stride, uint8_t **copies) {
  if (point_inside(r, p, count, group, rows, stride)) return;
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const int64_t channels = conv->c, step = conv->stride_w * channels, column = p.column, end = column + count;
  const size_t length = plan->words * 4;
  const uint8_t *image = r->x + p.image * (size_t)(conv->h * (int64_t)conv->w * channels) + group * plan->group_inputs;
  const int32_t taps = plan->merged ? 1 : conv->kw;
  for (int32_t ky = 0; ky < conv->kh; ky++) {
    const int64_t iy = p.row * conv->stride_h - conv->pad_top + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const uint8_t *row = image + (inside ? iy : 0) * conv->w * channels;
    for (int32_t kx = 0; kx < taps; kx++, rows += stride) {
      vn_span s = kx < known_spans ? r->spans[kx] : inside_span(conv, kx, kx);
      if (!inside || s.first >= end || s.last <= column) s.first = s.last = end;
      if (s.first < column) s.first = column;
      if (s.last > end) s.last = end;
      const int64_t ix = (int64_t)kx * conv->dilation_w - conv->pad_left;
      const uint8_t *from = row + ix * channels;
      int64_t ox = column;
      for (; ox < s.first; ox++) rows[ox - column] = r->zeros;
      // Increments a pointer, since a 64-bit product for each pixel would be slow.
      for (const uint8_t *at = from + ox * step; ox < s.last; ox++, at += step) rows[ox - column] = at;
      for (; ox < end; ox++) rows[ox - column] = r->zeros;
      if (!plan->copies || !inside) continue;
      // Only the last runs of the tensor reach beyond its end.
      if (s.last > s.first && (size_t)(r->end - (from + (s.last - 1) * step)) < length)
        for (ox = s.first; ox < s.last; ox++)
          if ((size_t)(r->end - (from + ox * step)) < length)
            rows[ox - column] = copy_run(r, row, ox * conv->stride_w + ix, copies);
      if (!plan->merged) continue;
      for (ox = column; ox < end; ox++) {
        if (ox == s.first && s.last > ox) ox = s.last;
        if (ox < end) rows[ox - column] = copy_run(r, row, ox * conv->stride_w + ix, copies);
      }
    }
  }
}

static const int8_t *panel_of(const qconv_run *r, size_t group, size_t panel) {
  return (const int8_t *)r->packed + r->parts.weights + group * r->plan->group_bytes +
         panel * r->plan->panel_columns * r->plan->taps * r->plan->words * 4;
}

/// The state of an item that is being computed.
typedef struct qconv_work {
  const qconv_run *r;
  vn_cut_item at;
  size_t tiles;
  const uint8_t **rows;      ///< [tiles][taps][MR]
  void **y;                  ///< [tiles][MR]
  const uint8_t **residual;  ///< [tiles][MR]
  uint8_t *copies;           ///< room for runs that are copied
  uint8_t counts[vn_qconv_most_tiles];  ///< pixels of each tile
} qconv_work;

/// Points to what each tap reads at the pixels of a tile, beginning at `at`, which advances to the next tile.
static void point_runs(qconv_work *work, size_t first, size_t count, qplace *at, const uint8_t **rows) {
  const qconv_run *r = work->r;
  const vn_qconv *conv = r->conv;
  if (r->plan->dense_input) {
    const uint8_t *x = r->x + first * (size_t)conv->c + work->at.group * r->plan->group_inputs;
    for (size_t j = 0; j < count; j++, x += conv->c) rows[j] = x;
    return;
  }
  for (size_t j = 0; j < count;) {
    const size_t length = vn_smaller(count - j, (size_t)(conv->ow - at->column));
    point_pixels(r, *at, (int64_t)length, work->at.group, rows + j, r->plan->tile_rows, &work->copies);
    j += length;
    at->column += (int64_t)length;
    if (at->column < conv->ow) continue;
    at->column = 0;
    if (++at->row < conv->oh) continue;
    at->row = 0;
    at->image++;
  }
}

/// The first pixel of a tile. A processor's tiles take as long for few rows as for many, so all but the last are full.
static size_t tile_start(const vn_qconv_plan *plan, size_t tile) {
  return plan->by_matrix ? vn_smaller(tile * plan->tile_rows, plan->pixels) : vn_cut_tile_start(&plan->cut, tile);
}

/// Points to the runs, results and residual of all tiles of an item.
static void point_item(qconv_work *work, uint8_t *memory) {
  const qconv_run *r = work->r;
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const size_t mr = plan->tile_rows, outputs = (size_t)conv->o, size = conv->result.floats ? sizeof(float) : 1;
  const size_t all = vn_cut_most_tiles(&plan->cut) * mr;
  work->rows = (const uint8_t **)memory;
  work->y = (void **)(work->rows + all * plan->taps);
  work->residual = (const uint8_t **)(work->y + all);
  work->copies = (uint8_t *)(work->residual + all);
  size_t first = tile_start(plan, work->at.tile0);
  const size_t area = (size_t)conv->oh * (size_t)conv->ow;
  qplace at = {first / area, (int64_t)(first % area / (size_t)conv->ow), (int64_t)(first % (size_t)conv->ow)};
  for (size_t t = 0; t < work->tiles; t++) {
    const size_t i = t * mr, count = tile_start(plan, work->at.tile0 + t + 1) - first;
    work->counts[t] = (uint8_t)count;
    const size_t place = first * outputs + work->at.group * plan->group_outputs;
    uint8_t *target = r->y + place * size;
    for (size_t j = 0; j < count; j++, target += outputs * size) work->y[i + j] = target;
    const uint8_t *addend = r->residual ? r->residual + place : NULL;
    for (size_t j = 0; addend && j < count; j++, addend += outputs) work->residual[i + j] = addend;
    point_runs(work, first, count, &at, work->rows + i * plan->taps);
    first += count;
  }
}

/// The panel of weights that this thread will probably multiply after an item, or NULL.
static const int8_t *panel_after(const qconv_run *r, size_t index, int worker) {
  if (index + 1 >= vn_pool_range_start(r->pool, r->items, worker + 1)) return NULL;
  const vn_cut_item next = vn_cut_item_at(&r->plan->cut, index + 1);
  return panel_of(r, next.group, next.panel0);
}

static void qconv_item(void *context, size_t index, int worker) {
  const qconv_run *r = context;
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const size_t mr = plan->tile_rows, lanes = plan->panel_columns / 2, steps = plan->taps * plan->words;
  qconv_work work = {.r = r, .at = vn_cut_item_at(&plan->cut, index)};
  const size_t panel0 = work.at.panel0, panel1 = work.at.panel1, group = work.at.group;
  const size_t tiles = work.tiles = work.at.tile1 - work.at.tile0;
  point_item(&work, r->workers + (size_t)worker * plan->worker_bytes);

  const int8_t *later = panel_after(r, index, worker);
  const bool cold = index == vn_pool_range_start(r->pool, r->items, worker);
  const bool in_one_piece = plan->dense_input && conv->groups == 1;
  const bool far = r->residual && plan->pixels * (size_t)conv->o >= far_bytes;
  // Two in turn, since a tile's sums may be requantized while the next one is multiplied. Their fields are set one by one: a copy of
  // recent stores would wait for all of them.
  vn_qtile both[2] = {{.row_stride = mr, .taps = plan->taps, .words = plan->words, .result = &conv->result}};
  both[1] = both[0];
  vn_qmatrix_work matrix;
  if (r->matrix) r->matrix->begin(&matrix, vn_matrix_step(plan->words));
  for (size_t panel = panel0; panel < panel1; panel++) {
    const size_t column = panel * plan->panel_columns, width = vn_smaller(plan->panel_columns, plan->group_outputs - column);
    const int8_t *weights = panel_of(r, group, panel), *next = panel + 1 < panel1 ? panel_of(r, group, panel + 1) : later;
    const int32_t *bias = (const int32_t *)r->packed + group * plan->columns + column;
    const float *multipliers = (const float *)(r->packed + r->parts.multipliers) + group * plan->columns + column;
    const int vectors = width > lanes ? 1 : 0;
    const vn_panel_ahead ahead = vn_panel_ahead_of(weights, (vectors ? plan->panel_columns : lanes) * 4, steps, tiles,
                                                   cold && panel == panel0, next);
    for (size_t t = 0; t < tiles; t++) {
      const size_t i = t * mr;
      const bool has_next = t + 1 < tiles;
      vn_qtile *tile = &both[(panel * tiles + t) % 2];
      tile->column = column;
      tile->width = width;
      tile->panel = weights;
      tile->bias = bias;
      tile->multipliers = multipliers;
      tile->rows = work.rows + i * plan->taps;
      tile->y = work.y + i;
      tile->residual = r->residual ? work.residual + i : NULL;
      tile->ahead = vn_ahead_of(&ahead, t, in_one_piece && panel == panel0 && has_next ? work.rows[i + mr] : NULL, mr * 4);
      // Two panels read and write each cache line; the first of them prefetches it.
      const bool fetches = far && has_next && column % 64 == 0;
      tile->next_y = fetches ? work.y + i + mr : NULL;
      tile->next_residual = fetches ? work.residual + i + mr : NULL;
      if (r->matrix) r->matrix->multiply(&matrix, tile, work.counts[t], vectors + 1);
      else r->q->micro_kernels[work.counts[t] - 1][vectors](tile);
    }
  }
  if (r->matrix) r->matrix->end(&matrix);
}

void vn_qconv_run(const vn_kernels *k, const vn_qconv *conv, const uint8_t *x, const void *packed,
                  const uint8_t *residual, void *y, void *scratch, vn_pool *pool) {
  uint8_t *memory = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  if (conv->winograd) {
    vn_qwinograd_run(k, conv, x, packed, residual, y, memory, pool);
    return;
  }
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  if (plan.depthwise) {
    vn_qdepthwise_run(k, conv, &plan, x, packed, residual, y, memory, pool);
    return;
  }
  if (plan.cut.pixel_chunks == 0) return;
  memset(memory, conv->x_zero, plan.zero_bytes);
  qconv_run r = {.q = vn_qkernels_for(k, conv->avoids_dot_products),
                 .matrix = plan.by_matrix ? vn_qmatrix_for(k, conv) : NULL, .conv = conv, .plan = &plan, .x = x,
                 .end = x + (size_t)conv->n * (size_t)conv->h * (size_t)conv->w * (size_t)conv->c,
                 .packed = packed, .residual = residual, .zeros = memory, .y = y,
                 .workers = memory + plan.zero_bytes, .parts = vn_qconv_parts_of(conv, &plan)};
  r.whole = inside_span(conv, 0, conv->kw - 1);
  for (int32_t t = 0; t < known_spans && t < conv->kw; t++)
    r.spans[t] = plan.merged ? inside_span(conv, 0, conv->kw - 1) : inside_span(conv, t, t);
  r.pool = pool;
  r.items = vn_cut_items(&plan.cut) * (size_t)conv->groups;
  vn_pool_run(pool, r.items, qconv_item, &r);
}
