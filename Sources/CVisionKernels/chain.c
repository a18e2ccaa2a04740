// Convolutions computed together, so that what lies between them stays in the cache of the core that made it.
#include "vn_chain.h"

#include <string.h>

#include "convolution_plan.h"

/// What is needed to compute rows of one of the convolutions.
typedef struct stage {
  vn_conv conv;  ///< with the strides of the rings
  vn_conv_plan plan;
  vn_conv_reader reader;
  const float *packed, *bias;
  float low, high;
  bool clamped;
  size_t tiles;       ///< of a row
  size_t slots;       ///< rows that the ring keeps; 0 for the last stage
  size_t row_floats;  ///< of one of them
  size_t ring_floats, pointer_floats, border_floats;
} stage;

typedef struct chain_run {
  const vn_kernels *k;
  const vn_chain *chain;
  stage stages[VN_CHAIN_LONGEST];
  int last;
  const float *x, *residual, *zeros;
  float *y, *workers;
  const vn_pool *pool;
  size_t worker_floats, zero_floats, chunks, items;
} chain_run;

/// One worker's memory and how far it is.
typedef struct chain_worker {
  const chain_run *run;
  float *rings[VN_CHAIN_LONGEST];
  float *pointers, *border;
  int64_t next[VN_CHAIN_LONGEST];  ///< the next row of each stage
  int64_t image;
} chain_worker;

/// Weights up to this size, of all stages, stay in the second-level cache from row to row, and so do rings.
static const size_t cached_weights = 160 * 1024, cached_rings = 768 * 1024;
/// Less than this between two convolutions stays there anyway.
static const size_t small_maps = 512 * 1024;
/// A panel's pixels stay in the first-level cache up to about this many.
enum { panel_pixels = 256 };
/// Parts of an image for each thread: more are shared more evenly, but rows at their edges are computed twice.
enum { parts_per_thread = 2, fewest_rows = 4 };

static size_t round_up(size_t floats) { return (floats + 15) / 16 * 16; }
static bool is_depthwise(const vn_conv *c) { return c->groups > 1 && c->groups == c->c && c->groups == c->o; }

static bool is_pointwise(const vn_conv *c) {
  return c->kh == 1 && c->kw == 1 && c->stride_h == 1 && c->stride_w == 1 && c->pad_top == 0 && c->pad_left == 0 &&
         c->groups == 1 && c->oh == c->h && c->ow == c->w;
}

bool vn_chain_applies(const vn_chain *chain, vn_chain_order order) {
  if (order == VN_CHAIN_APART || chain->count < 2 || chain->count > VN_CHAIN_LONGEST) return false;
  for (int i = 0; i < chain->count; i++) {
    const vn_conv *c = &chain->conv[i];
    if (c->groups != 1 && !is_depthwise(c)) return false;
    if (c->n < 1 || c->oh < 1 || c->ow < 1 || c->o < 1 || c->c < 1 || c->h < 1 || c->w < 1) return false;
    if (i == 0) continue;
    const vn_conv *b = &chain->conv[i - 1];
    if (c->n != b->n || c->h != b->oh || c->w != b->ow || c->c != b->o) return false;
  }
  if (order == VN_CHAIN_BY_ROWS) return true;
  return chain->count == 2 && is_pointwise(&chain->conv[0]) && is_depthwise(&chain->conv[1]);
}

// MARK: Rows

static void prepare(chain_run *r, const vn_kernels *k, const vn_chain *chain, int threads) {
  r->k = k;
  r->chain = chain;
  r->last = chain->count - 1;
  size_t pointers = 0, border = 0, rings = 0;
  for (int i = 0; i <= r->last; i++) {
    stage *s = &r->stages[i];
    s->conv = chain->conv[i];
    if (i > 0) {
      const stage *before = &r->stages[i - 1];
      s->conv.x_pixel = before->conv.y_pixel;
      s->conv.x_row = before->conv.y_row;
      s->conv.x_image = 0;
    }
    if (i < r->last) {
      const vn_conv *reader = &chain->conv[i + 1];
      s->slots = (size_t)((reader->kh - 1) * reader->dilation_h) + 1;
      s->conv.y_pixel = (int64_t)round_up((size_t)s->conv.o);
      s->conv.y_row = s->conv.y_pixel * s->conv.ow;
      s->row_floats = (size_t)s->conv.y_row;
      s->ring_floats = round_up(s->slots * s->row_floats);
      rings += s->ring_floats;
    }
    s->plan = vn_conv_plan_make(k, &s->conv);
    const size_t pointer = sizeof(float *) / sizeof(float), mr = (size_t)k->max_rows;
    if (s->plan.depthwise) {
      s->pointer_floats = s->plan.worker_floats;
      r->zero_floats = vn_larger(r->zero_floats, s->plan.zero_floats);
    } else {
      s->tiles = vn_divide_up((size_t)s->conv.ow, mr);
      s->pointer_floats = round_up(s->tiles * mr * (s->plan.taps + 2) * pointer);
      // Runs at the border of the image are copied, at most every pixel's in each kernel row.
      if (s->plan.merged) s->border_floats = round_up((size_t)s->conv.ow * s->plan.depth);
      r->zero_floats = vn_larger(r->zero_floats, round_up(s->plan.run));
    }
    pointers = vn_larger(pointers, s->pointer_floats);
    border = vn_larger(border, s->border_floats);
  }
  r->worker_floats = rings + pointers + border;
  const vn_conv *final = &chain->conv[r->last];
  const size_t wanted = threads > 1 ? (size_t)threads * parts_per_thread : 1;
  r->chunks = vn_divide_up(wanted, (size_t)final->n);
  r->chunks = vn_smaller(r->chunks, vn_larger(1, (size_t)final->oh / fewest_rows));
  r->items = r->chunks * (size_t)final->n;
}

static void multiply_row(const chain_worker *w, int number, int64_t oy, float *y) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[number];
  const vn_conv *conv = &s->conv;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes, width = (size_t)conv->ow;
  const float **rows = (const float **)w->pointers;
  float **targets = (float **)(rows + s->tiles * mr * s->plan.taps);
  const float **residuals = (const float **)(targets + s->tiles * mr);
  const bool last = number == r->last;
  const float *x = number == 0 ? r->x : w->rings[number - 1];
  const float *residual =
      last && r->residual ? r->residual + w->image * conv->r_image + oy * conv->r_row : NULL;
  float *border = w->border;
  for (size_t t = 0; t < s->tiles; t++) {
    const size_t first = t * width / s->tiles, end = (t + 1) * width / s->tiles;
    const vn_place place = {number == 0 ? (size_t)w->image : 0, (size_t)oy, first};
    vn_conv_point(&s->reader, place, end - first, x, rows + t * mr * s->plan.taps, mr, &border);
    for (size_t i = first; i < end; i++) {
      targets[t * mr + i - first] = y + (int64_t)i * conv->y_pixel;
      if (residual) residuals[t * mr + i - first] = residual + (int64_t)i * conv->r_pixel;
    }
  }
  vn_tile tile = {.row_stride = mr, .taps = s->plan.taps, .run = s->plan.run, .taps_block = s->plan.taps_block,
                  .run_block = s->plan.run_block, .low = s->low, .high = s->high, .bias = s->bias};
  for (size_t panel = 0; panel < s->plan.panels; panel++) {
    tile.column = panel * s->plan.panel_columns;
    tile.width = vn_smaller(s->plan.panel_columns, s->plan.group_outputs - tile.column);
    tile.panel = s->packed + tile.column * s->plan.depth;
    tile.ahead = (const char *)tile.panel;
    const int vectors = tile.width > lanes ? 1 : 0;
    for (size_t t = 0; t < s->tiles; t++) {
      const size_t count = (t + 1) * width / s->tiles - t * width / s->tiles;
      tile.rows = rows + t * mr * s->plan.taps;
      tile.y = targets + t * mr;
      tile.residual = residual ? residuals + t * mr : NULL;
      r->k->tile[count - 1][vectors](&tile);
    }
  }
}

static void depthwise_row(const chain_worker *w, int number, int64_t oy, float *y) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[number];
  const vn_conv *conv = &s->conv;
  const float **table = (const float **)w->pointers;
  const float *x = number == 0 ? r->x : w->rings[number - 1];
  vn_depthwise_point(conv, x, r->zeros, number == 0 ? w->image : 0, oy, s->reader.ring, table);
  const float *residual = number == r->last && r->residual
                              ? r->residual + w->image * conv->r_image + oy * conv->r_row
                              : NULL;
  const vn_depthwise_row row = {
      .columns = table, .column_stride = s->plan.table_columns, .kh = conv->kh, .kw = conv->kw,
      .stride = vn_depthwise_stride(conv), .ow = conv->ow, .weights = s->packed, .weight_pitch = (size_t)conv->c,
      .bias = s->bias, .residual = residual, .residual_pixel = conv->r_pixel, .y = y, .y_pixel = conv->y_pixel,
      .first = 0, .last = (size_t)conv->c, .low = s->low, .high = s->high};
  r->k->depthwise(&row);
}

static void produce(chain_worker *w, int number, int64_t oy) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[number];
  const vn_conv *conv = &s->conv;
  if (number > 0) {
    const int64_t top = oy * conv->stride_h - conv->pad_top;
    const int64_t bottom = top + (int64_t)(conv->kh - 1) * conv->dilation_h;
    int64_t *next = &w->next[number - 1];
    if (*next < top) *next = top;
    while (*next <= bottom && *next < conv->h) produce(w, number - 1, (*next)++);
  }
  float *y = number == r->last ? r->y + w->image * conv->y_image + oy * conv->y_row
                               : w->rings[number] + (size_t)oy % s->slots * s->row_floats;
  if (s->plan.depthwise) depthwise_row(w, number, oy, y);
  else multiply_row(w, number, oy, y);
  if (s->clamped) return;
  for (int32_t ox = 0; ox < conv->ow; ox++) {
    float *out = y + ox * conv->y_pixel;
    r->k->unary(conv->activation, conv->alpha, conv->beta, (size_t)conv->o, out, out);
  }
}

static void rows_item(void *context, size_t index, int worker) {
  const chain_run *r = context;
  chain_worker w = {.run = r, .image = (int64_t)(index / r->chunks)};
  float *memory = r->workers + (size_t)worker * r->worker_floats;
  for (int i = 0; i < r->last; i++) {
    w.rings[i] = memory;
    memory += r->stages[i].ring_floats;
  }
  size_t pointers = 0;
  for (int i = 0; i <= r->last; i++) pointers = vn_larger(pointers, r->stages[i].pointer_floats);
  w.pointers = memory;
  w.border = memory + pointers;
  const size_t rows = (size_t)r->chain->conv[r->last].oh, chunk = index % r->chunks;
  for (size_t oy = chunk * rows / r->chunks; oy < (chunk + 1) * rows / r->chunks; oy++)
    produce(&w, r->last, (int64_t)oy);
}

// MARK: Channels

static size_t channels_scratch(const vn_chain *chain, const vn_kernels *k) {
  const vn_conv *expand = &chain->conv[0], *depthwise = &chain->conv[1];
  const size_t pixels = (size_t)expand->oh * (size_t)expand->ow, columns = 2 * (size_t)k->lanes;
  const size_t table = (size_t)depthwise->kh * vn_depthwise_columns(depthwise);
  return round_up(pixels * columns) + round_up(table * (sizeof(float *) / sizeof(float)));
}

/// All pixels of one image and panel: expanded, then through the depthwise convolution.
static void channels_item(void *context, size_t index, int worker) {
  const chain_run *r = context;
  const stage *expand = &r->stages[0], *depthwise = &r->stages[1];
  const vn_conv *first = &expand->conv, *second = &depthwise->conv;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  const size_t images = (size_t)first->n, image = index % images, panel = index / images;
  const size_t pixels = (size_t)first->oh * (size_t)first->ow, depth = expand->plan.depth;
  const size_t columns = expand->plan.panel_columns, column = panel * columns;
  const size_t width = vn_smaller(columns, (size_t)first->o - column);
  float *between = r->workers + (size_t)worker * r->worker_floats;
  const float **table = (const float **)(between + round_up(pixels * columns));

  const size_t tiles = vn_divide_up(pixels, mr);
  const float *rows[VN_MAX_ROWS];
  float *targets[VN_MAX_ROWS];
  const int vectors = width > lanes ? 1 : 0;
  vn_tile tile = {.rows = rows, .row_stride = mr, .taps = 1, .run = depth, .taps_block = 1,
                  .run_block = expand->plan.run_block, .panel = expand->packed + column * depth, .y = targets,
                  .column = 0, .width = width, .low = expand->low, .high = expand->high,
                  .bias = expand->bias ? expand->bias + column : NULL};
  const size_t begin = vn_pool_range_start(r->pool, r->items, worker);
  const size_t end_of_range = vn_pool_range_start(r->pool, r->items, worker + 1);
  const float *next = image + 1 == images && index + 1 < end_of_range ? tile.panel + columns * depth : NULL;
  const float *x = r->x + (int64_t)image * first->x_image;
  for (size_t t = 0; t < tiles; t++) {
    const size_t start = t * pixels / tiles, end = (t + 1) * pixels / tiles;
    size_t row = start / (size_t)first->ow, at = start % (size_t)first->ow;
    for (size_t i = start; i < end; i++) {
      rows[i - start] = x + (int64_t)row * first->x_row + (int64_t)at * first->x_pixel;
      targets[i - start] = between + i * columns;
      if (++at == (size_t)first->ow) at = 0, row++;
    }
    vn_look_ahead(&tile, vectors ? columns : lanes, depth, t, tiles, index == begin, next);
    r->k->tile[end - start - 1][vectors](&tile);
  }
  if (!expand->clamped)
    for (size_t i = 0; i < pixels; i++)
      r->k->unary(first->activation, first->alpha, first->beta, width, between + i * columns, between + i * columns);

  vn_depthwise_row out = {
      .columns = table, .column_stride = vn_depthwise_columns(second), .kh = second->kh, .kw = second->kw,
      .stride = vn_depthwise_stride(second), .ow = second->ow, .weights = depthwise->packed + column,
      .weight_pitch = (size_t)second->c, .bias = depthwise->bias ? depthwise->bias + column : NULL,
      .residual_pixel = second->r_pixel, .y_pixel = second->y_pixel, .first = 0, .last = width,
      .low = depthwise->low, .high = depthwise->high};
  for (int64_t oy = 0; oy < second->oh; oy++) {
    vn_depthwise_point(second, between, r->zeros, 0, oy, 0, table);
    out.y = r->y + (int64_t)image * second->y_image + oy * second->y_row + (int64_t)column;
    if (r->residual)
      out.residual = r->residual + (int64_t)image * second->r_image + oy * second->r_row + (int64_t)column;
    r->k->depthwise(&out);
    if (depthwise->clamped) continue;
    for (int32_t ox = 0; ox < second->ow; ox++) {
      float *y = out.y + ox * second->y_pixel;
      r->k->unary(second->activation, second->alpha, second->beta, width, y, y);
    }
  }
}

// MARK: Both

vn_chain_order vn_chain_order_of(const vn_kernels *k, const vn_chain *chain) {
  if (!vn_chain_applies(chain, VN_CHAIN_BY_ROWS)) return VN_CHAIN_APART;
  size_t weights = 0, rings = 0, largest = 0;
  for (int i = 0; i < chain->count; i++) {
    const vn_conv *c = &chain->conv[i];
    weights += vn_conv_packed_floats(k, c) * sizeof(float);
    if (i + 1 == chain->count) break;
    const vn_conv *reader = &chain->conv[i + 1];
    const size_t row = (size_t)c->ow * round_up((size_t)c->o) * sizeof(float);
    rings += row * ((size_t)((reader->kh - 1) * reader->dilation_h) + 1);
    largest = vn_larger(largest, row * (size_t)c->oh);
  }
  if (weights <= cached_weights && rings <= cached_rings && largest >= small_maps) return VN_CHAIN_BY_ROWS;
  if (!vn_chain_applies(chain, VN_CHAIN_BY_CHANNELS)) return VN_CHAIN_APART;
  const vn_conv *expand = &chain->conv[0];
  const size_t pixels = (size_t)expand->oh * (size_t)expand->ow;
  return pixels <= panel_pixels && expand->o >= 8 * k->lanes ? VN_CHAIN_BY_CHANNELS : VN_CHAIN_APART;
}

/// The strides that a depthwise convolution finds a panel with.
static void prepare_channels(chain_run *r, const vn_kernels *k, const vn_chain *chain) {
  r->k = k;
  r->chain = chain;
  r->last = 1;
  for (int i = 0; i < 2; i++) r->stages[i].conv = chain->conv[i];
  vn_conv *second = &r->stages[1].conv;
  second->x_pixel = 2 * k->lanes;
  second->x_row = second->x_pixel * second->w;
  second->x_image = 0;
  for (int i = 0; i < 2; i++) r->stages[i].plan = vn_conv_plan_make(k, &r->stages[i].conv);
  r->zero_floats = round_up(2 * (size_t)k->lanes);
  r->worker_floats = channels_scratch(chain, k);
  r->items = r->stages[0].plan.panels * (size_t)chain->conv[0].n;
}

static void prepare_order(chain_run *r, const vn_kernels *k, const vn_chain *chain, vn_chain_order order, int threads) {
  if (order == VN_CHAIN_BY_CHANNELS) prepare_channels(r, k, chain);
  else prepare(r, k, chain, threads);
}

size_t vn_chain_scratch_floats(const vn_kernels *k, const vn_chain *chain, vn_chain_order order, int threads) {
  chain_run r = {0};
  prepare_order(&r, k, chain, order, threads);
  return 16 + r.zero_floats + r.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

void vn_chain_run(const vn_kernels *k, const vn_chain *chain, vn_chain_order order, const float *x,
                  const float *const *packed, const float *const *bias, const float *residual, float *y,
                  float *scratch, vn_pool *pool) {
  chain_run r = {0};
  prepare_order(&r, k, chain, order, vn_pool_threads(pool));
  float *zeros = vn_align(scratch);
  memset(zeros, 0, r.zero_floats * sizeof(float));
  r.x = x;
  r.residual = residual;
  r.zeros = zeros;
  r.y = y;
  r.workers = zeros + r.zero_floats;
  r.pool = pool;
  for (int i = 0; i < chain->count; i++) {
    stage *s = &r.stages[i];
    s->packed = packed[i];
    s->bias = bias[i];
    s->clamped = vn_clamp_of(s->conv.activation, s->conv.alpha, s->conv.beta, &s->low, &s->high);
    s->reader = vn_conv_reader_make(&s->conv, s->plan.merged, s->plan.run, zeros);
    s->reader.ring = order == VN_CHAIN_BY_ROWS && i > 0 ? (int64_t)r.stages[i - 1].slots : 0;
  }
  vn_pool_run(pool, r.items, order == VN_CHAIN_BY_CHANNELS ? channels_item : rows_item, &r);
}
