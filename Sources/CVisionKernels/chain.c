// Convolutions computed together, so that what lies between them stays in the cache of the core that made it.
#include "vn_chain.h"

#include <string.h>

#include "convolution_plan.h"

/// One of the convolutions and how it is computed.
typedef struct stage {
  vn_conv conv;  ///< with the strides of what it reads and writes here
  vn_conv_plan plan;
  vn_conv_reader reader;
  const float *packed, *bias;
  float low, high;
  bool clamped;
} stage;

typedef struct chain_run {
  const vn_kernels *k;
  const vn_chain *chain;
  stage stages[VN_CHAIN_LONGEST];
  int front, middle, back;  ///< what comes before and after the depthwise convolution; −1 for nothing
  const float *x, *residual, *zeros;
  float *y, *workers;
  const vn_pool *pool;
  size_t zero_floats, worker_floats;
  size_t chunks, items;  ///< of one image, of all
  size_t between_floats;
  // By rows:
  size_t slots, slot_floats;            ///< the ring of rows between front and middle
  size_t block_rows, block_row_floats;  ///< rows between middle and back
  size_t front_tiles, back_tiles;       ///< of a row, of a block
  size_t front_pointers, window_pointers, back_pointers, border_floats;
} chain_run;

/// Weights up to this size, of all stages, stay in the second-level cache from row to row, and so do rings.
static const size_t cached_weights = 160 * 1024, cached_rings = 768 * 1024;
/// Less than this between two convolutions stays there anyway.
static const size_t small_maps = 512 * 1024;
/// A panel's pixels stay in the first-level cache up to about this many.
enum { panel_pixels = 256 };
/// Parts of an image for each thread: more are shared more evenly, but rows at their edges are computed twice.
enum { parts_per_thread = 2, fewest_rows = 4, items_per_thread = 2 };
/// Rows between a depthwise convolution and the next, up to this size and number, are made before they are read.
enum { block_bytes = 128 * 1024, most_block_rows = 8 };

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
  const int middle = is_depthwise(&chain->conv[0]) ? 0 : 1;
  if (!is_depthwise(&chain->conv[middle])) return false;
  if (order == VN_CHAIN_BY_ROWS) {
    if (middle == 1 && chain->conv[0].groups != 1) return false;
    return chain->count <= middle + 2 && (chain->count == middle + 1 || is_pointwise(&chain->conv[middle + 1]));
  }
  return chain->count == 2 && is_pointwise(&chain->conv[0]) && is_depthwise(&chain->conv[1]);
}

// MARK: Rows

/// A pitch that is an odd number of cache lines: successive pixels then fall into different sets.
static size_t odd_lines(size_t floats) { return (floats + 15) / 16 * 16 + ((floats + 15) / 16 % 2 == 0 ? 16 : 0); }

static void prepare_rows(chain_run *r, const vn_kernels *k, const vn_chain *chain, int threads) {
  r->k = k;
  r->chain = chain;
  r->front = is_depthwise(&chain->conv[0]) ? -1 : 0;
  r->middle = r->front + 1;
  r->back = r->middle + 1 < chain->count ? r->middle + 1 : -1;
  for (int i = 0; i < chain->count; i++) r->stages[i].conv = chain->conv[i];
  const size_t pointer = sizeof(float *) / sizeof(float), mr = (size_t)k->max_rows;
  vn_conv *middle = &r->stages[r->middle].conv;
  r->slots = (size_t)((middle->kh - 1) * middle->dilation_h) + 1;
  if (r->front >= 0) {
    vn_conv *front = &r->stages[r->front].conv;
    front->y_pixel = middle->x_pixel = (int64_t)odd_lines((size_t)front->o);
    front->y_row = middle->x_row = front->y_pixel * front->ow;
    middle->x_image = 0;
    r->slot_floats = (size_t)front->y_row;
  }
  r->block_rows = 1;
  if (r->back >= 0) {
    vn_conv *back = &r->stages[r->back].conv;
    middle->y_pixel = back->x_pixel = (int64_t)odd_lines((size_t)middle->o);
    middle->y_row = back->x_row = middle->y_pixel * middle->ow;
    back->x_image = 0;
    r->block_row_floats = (size_t)middle->y_row;
  }
  for (int i = 0; i < chain->count; i++) r->stages[i].plan = vn_conv_plan_make(k, &r->stages[i].conv);
  r->zero_floats = r->stages[r->middle].plan.zero_floats;
  const size_t row_bytes = (size_t)middle->ow * odd_lines((size_t)middle->o) * sizeof(float);
  r->block_rows = vn_larger(1, vn_smaller(most_block_rows, block_bytes / row_bytes));
  if (r->front >= 0) {
    const stage *front = &r->stages[r->front];
    r->front_tiles = vn_divide_up((size_t)front->conv.ow, mr);
    r->front_pointers = round_up(r->front_tiles * mr * (front->plan.taps + 1) * pointer);
    // Runs at the border of the image are copied, at most every pixel's in each kernel row.
    if (front->plan.merged) r->border_floats = round_up((size_t)front->conv.ow * front->plan.depth);
    r->zero_floats = vn_larger(r->zero_floats, round_up(front->plan.run));
  }
  // Windows over the ring from each of its slots, and one that reaches over the edge of the image.
  r->window_pointers =
      round_up((2 * r->slots - 1 + (size_t)middle->kh) * vn_depthwise_columns(middle) * pointer);
  if (r->back >= 0) {
    r->back_tiles = vn_divide_up(r->block_rows * (size_t)middle->ow, mr);
    r->back_pointers = round_up(r->back_tiles * mr * 3 * pointer);
  }
  r->worker_floats = round_up(r->slots * r->slot_floats) + round_up(r->block_rows * r->block_row_floats) +
                     r->front_pointers + r->window_pointers + r->back_pointers + r->border_floats;
  const vn_conv *last = &chain->conv[chain->count - 1];
  const size_t wanted = threads > 1 ? (size_t)threads * parts_per_thread : 1;
  r->chunks = vn_divide_up(wanted, (size_t)last->n);
  r->chunks = vn_smaller(r->chunks, vn_larger(1, (size_t)last->oh / fewest_rows));
  r->items = r->chunks * (size_t)last->n;
}

/// One worker's memory, with pointers that hold for the whole item: what moves from row to row are offsets.
typedef struct rows_worker {
  const chain_run *run;
  int64_t image;
  float *ring, *block, *border;
  const float **front_rows, **windows, **edge, **back_rows, **back_residuals;
  float **front_targets, **back_targets;
  size_t back_pixels;  ///< that the pointers are for
} rows_worker;

static void activate(const chain_run *r, const vn_conv *conv, size_t width, float *y, int64_t pixels) {
  for (int64_t i = 0; i < pixels; i++, y += conv->y_pixel)
    r->k->unary(conv->activation, conv->alpha, conv->beta, width, y, y);
}

static vn_tile tile_of(const stage *s, size_t mr) {
  return (vn_tile){.row_stride = mr, .taps = s->plan.taps, .run = s->plan.run, .taps_block = s->plan.taps_block,
                   .run_block = s->plan.run_block, .low = s->low, .high = s->high, .bias = s->bias};
}

static void set_panel(vn_tile *tile, const stage *s, size_t panel) {
  tile->column = panel * s->plan.panel_columns;
  tile->width = vn_smaller(s->plan.panel_columns, s->plan.group_outputs - tile->column);
  tile->panel = s->packed + tile->column * s->plan.depth;
  tile->ahead = (vn_ahead){.weights = (const char *)tile->panel, .pixels = (const char *)tile->panel};
}

/// Points to the row of inputs that an output row of the front reads, tile by tile.
static void point_front(const rows_worker *w, int64_t oy) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[r->front];
  const size_t mr = (size_t)r->k->max_rows, width = (size_t)s->conv.ow;
  float *border = w->border;
  for (size_t t = 0; t < r->front_tiles; t++) {
    const size_t first = t * width / r->front_tiles, end = (t + 1) * width / r->front_tiles;
    const vn_place place = {(size_t)w->image, (size_t)oy, first};
    vn_conv_point(&s->reader, place, end - first, r->x, w->front_rows + t * mr * s->plan.taps, mr, &border);
  }
}

/// Row `oy` of some panels of the front, into its slot of the ring. The pointers are those of row `pointed`.
static void front_row(const rows_worker *w, int64_t oy, int64_t pointed, size_t panel0, size_t panel1) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[r->front];
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes, width = (size_t)s->conv.ow;
  const int64_t slot = (int64_t)((size_t)oy % r->slots * r->slot_floats);
  vn_tile tile = tile_of(s, mr);
  tile.x_shift = (oy - pointed) * s->conv.stride_h * s->conv.x_row;
  tile.y_shift = slot;
  for (size_t panel = panel0; panel < panel1; panel++) {
    set_panel(&tile, s, panel);
    const int vectors = tile.width > lanes ? 1 : 0;
    for (size_t t = 0; t < r->front_tiles; t++) {
      tile.rows = w->front_rows + t * mr * s->plan.taps;
      tile.y = w->front_targets + t * mr;
      r->k->tile[(t + 1) * width / r->front_tiles - t * width / r->front_tiles - 1][vectors](&tile);
    }
    if (!s->clamped) activate(r, &s->conv, tile.width, w->ring + slot + tile.column, s->conv.ow);
  }
}

/// Channels first…last of row `oy` of the depthwise convolution.
static void middle_row(const rows_worker *w, int64_t oy, size_t first, size_t last, float *y) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[r->middle];
  const vn_conv *conv = &s->conv;
  const int64_t top = oy * conv->stride_h - conv->pad_top;
  const size_t columns = vn_depthwise_columns(conv);
  vn_depthwise_row row = {
      .column_stride = columns, .kh = conv->kh, .kw = conv->kw, .stride = vn_depthwise_stride(conv), .ow = conv->ow,
      .weights = s->packed, .weight_pitch = (size_t)conv->c, .bias = s->bias, .residual_pixel = conv->r_pixel, .y = y,
      .y_pixel = conv->y_pixel, .first = first, .last = last, .low = s->low, .high = s->high};
  const bool inside = top >= 0 && top + (int64_t)r->slots <= conv->h && conv->dilation_h == 1;
  if (r->front >= 0 && inside) {
    row.columns = w->windows + (size_t)top % r->slots * columns;
  } else {
    const float *x = r->front < 0 ? r->x : w->ring;
    vn_depthwise_point(conv, x, r->zeros, r->front < 0 ? w->image : 0, oy, s->reader.ring, w->edge);
    row.columns = w->edge;
  }
  if (r->residual && r->back < 0) row.residual = r->residual + w->image * conv->r_image + oy * conv->r_row;
  r->k->depthwise(&row);
  if (!s->clamped) activate(r, conv, last - first, y + first, conv->ow);
}

/// The rows oy…oy + count of the last convolution from a block of rows.
static void back_rows(rows_worker *w, int64_t oy, size_t count) {
  const chain_run *r = w->run;
  const stage *s = &r->stages[r->back];
  const vn_conv *conv = &s->conv;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  const size_t pixels = count * (size_t)conv->ow, tiles = vn_divide_up(pixels, mr);
  float *y = r->y + w->image * conv->y_image;
  const float *residual = r->residual ? r->residual + w->image * conv->r_image : NULL;
  if (w->back_pixels != pixels) {
    w->back_pixels = pixels;
    for (size_t t = 0; t < tiles; t++)
      for (size_t i = t * pixels / tiles, at = t * mr; i < (t + 1) * pixels / tiles; i++, at++) {
        const int64_t row = (int64_t)(i / (size_t)conv->ow), column = (int64_t)(i % (size_t)conv->ow);
        w->back_rows[at] = w->block + i * (size_t)conv->x_pixel;
        w->back_targets[at] = y + row * conv->y_row + column * conv->y_pixel;
        if (residual) w->back_residuals[at] = residual + row * conv->r_row + column * conv->r_pixel;
      }
  }
  vn_tile tile = tile_of(s, mr);
  tile.y_shift = oy * conv->y_row;
  tile.residual_shift = oy * conv->r_row;
  for (size_t panel = 0; panel < s->plan.panels; panel++) {
    set_panel(&tile, s, panel);
    const int vectors = tile.width > lanes ? 1 : 0;
    for (size_t t = 0; t < tiles; t++) {
      tile.rows = w->back_rows + t * mr;
      tile.y = w->back_targets + t * mr;
      tile.residual = residual ? w->back_residuals + t * mr : NULL;
      r->k->tile[(t + 1) * pixels / tiles - t * pixels / tiles - 1][vectors](&tile);
    }
  }
  if (s->clamped) return;
  for (size_t i = 0; i < count; i++)
    activate(r, conv, (size_t)conv->o, y + (oy + (int64_t)i) * conv->y_row, conv->ow);
}

static rows_worker worker_of(const chain_run *r, int number, int64_t image) {
  rows_worker w = {.run = r, .image = image};
  const size_t mr = (size_t)r->k->max_rows;
  const vn_conv *middle = &r->stages[r->middle].conv;
  float *memory = r->workers + (size_t)number * r->worker_floats;
  w.ring = memory;
  memory += round_up(r->slots * r->slot_floats);
  w.block = memory;
  memory += round_up(r->block_rows * r->block_row_floats);
  w.front_rows = (const float **)memory;
  memory += r->front_pointers;
  w.windows = (const float **)memory;
  w.edge = w.windows + (2 * r->slots - 1) * vn_depthwise_columns(middle);
  memory += r->window_pointers;
  w.back_rows = (const float **)memory;
  w.back_targets = (float **)(w.back_rows + r->back_tiles * mr);
  w.back_residuals = (const float **)(w.back_targets + r->back_tiles * mr);
  memory += r->back_pointers;
  w.border = memory;
  if (r->front < 0) return w;

  const stage *front = &r->stages[r->front];
  const size_t width = (size_t)front->conv.ow;
  w.front_targets = (float **)(w.front_rows + r->front_tiles * mr * front->plan.taps);
  for (size_t t = 0; t < r->front_tiles; t++)
    for (size_t i = t * width / r->front_tiles, at = t * mr; i < (t + 1) * width / r->front_tiles; i++, at++)
      w.front_targets[at] = w.ring + i * (size_t)front->conv.y_pixel;
  if (middle->dilation_h > 1) return w;
  // As if the image were as many rows as the window has slots and one less.
  vn_conv window = *middle;
  window.kh = (int32_t)(2 * r->slots - 1);
  window.h = window.kh;
  window.pad_top = 0;
  vn_depthwise_point(&window, w.ring, r->zeros, 0, 0, (int64_t)r->slots, w.windows);
  return w;
}

static void rows_item(void *context, size_t index, int worker) {
  const chain_run *r = context;
  rows_worker w = worker_of(r, worker, (int64_t)(index / r->chunks));
  const vn_conv *middle = &r->stages[r->middle].conv;
  const size_t rows = (size_t)middle->oh, channels = (size_t)middle->c, chunk = index % r->chunks;
  const int64_t first = (int64_t)(chunk * rows / r->chunks), last = (int64_t)((chunk + 1) * rows / r->chunks);
  const size_t panels = r->front < 0 ? 1 : r->stages[r->front].plan.panels;
  // A 1 × 1 reads the same pixels for all rows but for an offset, so panels can go through one by one.
  const bool by_panels = r->front >= 0 && is_pointwise(&r->stages[r->front].conv);
  const size_t group = by_panels ? 1 : panels;
  const size_t group_channels = by_panels ? r->stages[r->front].plan.panel_columns : channels;
  int64_t next = first * middle->stride_h - middle->pad_top;
  if (next < 0) next = 0;
  const int64_t pointed = next;
  if (by_panels) point_front(&w, pointed);
  for (int64_t block = first; block < last; block += (int64_t)r->block_rows) {
    const int64_t end = block + (int64_t)r->block_rows < last ? block + (int64_t)r->block_rows : last;
    int64_t reached = next;
    for (size_t panel = 0; panel < panels; panel += group) {
      reached = next;
      const size_t channel = panel * group_channels;
      for (int64_t oy = block; oy < end; oy++) {
        const int64_t top = oy * middle->stride_h - middle->pad_top;
        const int64_t bottom = top + (int64_t)r->slots - 1;
        if (r->front >= 0) {
          if (reached < top) reached = top;
          for (; reached <= bottom && reached < middle->h; reached++) {
            if (!by_panels) point_front(&w, reached);
            front_row(&w, reached, by_panels ? pointed : reached, panel, panel + group);
          }
        }
        float *y = r->back >= 0 ? w.block + (size_t)(oy - block) * r->block_row_floats
                                : r->y + w.image * middle->y_image + oy * middle->y_row;
        middle_row(&w, oy, channel, vn_smaller(channel + group_channels, channels), y);
      }
    }
    next = reached;
    if (r->back >= 0) back_rows(&w, block, (size_t)(end - block));
  }
}

// MARK: Channels

/// All pixels of one image and one panel: expanded, then through the depthwise convolution.
static void channels_panel(const chain_run *r, size_t image, size_t panel, bool first_panel, bool cold, const float *next,
                           float *between, const float *const *table) {
  const stage *expand = &r->stages[0], *depthwise = &r->stages[1];
  const vn_conv *first = &expand->conv, *second = &depthwise->conv;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  const size_t pixels = (size_t)first->oh * (size_t)first->ow, depth = expand->plan.depth;
  const size_t columns = expand->plan.panel_columns, column = panel * columns;
  const size_t width = vn_smaller(columns, (size_t)first->o - column);
  const size_t tiles = vn_divide_up(pixels, mr);
  const float *rows[VN_MAX_ROWS];
  float *targets[VN_MAX_ROWS];
  const int vectors = width > lanes ? 1 : 0;
  vn_tile tile = {.rows = rows, .row_stride = mr, .taps = 1, .run = depth, .taps_block = 1,
                  .run_block = expand->plan.run_block, .panel = expand->packed + column * depth, .y = targets,
                  .column = 0, .width = width, .low = expand->low, .high = expand->high,
                  .bias = expand->bias ? expand->bias + column : NULL};
  const float *x = r->x + (int64_t)image * first->x_image;
  const bool dense = first->x_pixel == first->c && first->x_row == first->x_pixel * first->w;
  for (size_t t = 0; t < tiles; t++) {
    const size_t start = t * pixels / tiles, end = (t + 1) * pixels / tiles;
    size_t row = start / (size_t)first->ow, at = start % (size_t)first->ow;
    for (size_t i = start; i < end; i++) {
      rows[i - start] = x + (int64_t)row * first->x_row + (int64_t)at * first->x_pixel;
      targets[i - start] = between + i * columns;
      if (++at == (size_t)first->ow) at = 0, row++;
    }
    const float *pixels = first_panel && dense && t + 1 < tiles ? x + (int64_t)end * first->x_pixel : NULL;
    tile.ahead = vn_look_ahead(tile.panel, (vectors ? columns : lanes) * sizeof(float), depth, t, tiles, cold, next,
                               pixels, mr * sizeof(float));
    r->k->tile[end - start - 1][vectors](&tile);
  }
  if (!expand->clamped)
    for (size_t i = 0; i < pixels; i++)
      r->k->unary(first->activation, first->alpha, first->beta, width, between + i * columns, between + i * columns);

  vn_depthwise_row out = {
      .column_stride = vn_depthwise_columns(second), .kh = second->kh, .kw = second->kw,
      .stride = vn_depthwise_stride(second), .ow = second->ow, .weights = depthwise->packed + column,
      .weight_pitch = (size_t)second->c, .bias = depthwise->bias ? depthwise->bias + column : NULL,
      .residual_pixel = second->r_pixel, .y_pixel = second->y_pixel, .first = 0, .last = width,
      .low = depthwise->low, .high = depthwise->high};
  for (int64_t oy = 0; oy < second->oh; oy++) {
    out.columns = table + (size_t)oy * (size_t)second->kh * out.column_stride;
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

/// A range of panels of one image.
static void channels_item(void *context, size_t index, int worker) {
  const chain_run *r = context;
  const vn_conv *second = &r->stages[1].conv;
  const size_t panels = r->stages[0].plan.panels;
  const size_t panel_floats = r->stages[0].plan.panel_columns * r->stages[0].plan.depth;
  const size_t row_pointers = (size_t)second->kh * vn_depthwise_columns(second);
  float *between = r->workers + (size_t)worker * r->worker_floats;
  const float **table = (const float **)(between + r->between_floats);
  for (int64_t oy = 0; oy < second->oh; oy++)
    vn_depthwise_point(second, between, r->zeros, 0, oy, 0, table + (size_t)oy * row_pointers);
  const size_t image = index / r->chunks, chunk = index % r->chunks;
  const size_t begin = chunk * panels / r->chunks, end = (chunk + 1) * panels / r->chunks;
  const bool cold = index == vn_pool_range_start(r->pool, r->items, worker);
  const bool more = index + 1 < vn_pool_range_start(r->pool, r->items, worker + 1) && chunk + 1 < r->chunks;
  for (size_t panel = begin; panel < end; panel++) {
    const float *next = panel + 1 < end || more ? r->stages[0].packed + (panel + 1) * panel_floats : NULL;
    channels_panel(r, image, panel, panel == begin, cold && panel == begin, next, between, table);
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
static void prepare_channels(chain_run *r, const vn_kernels *k, const vn_chain *chain, int threads) {
  r->k = k;
  r->chain = chain;
  for (int i = 0; i < 2; i++) r->stages[i].conv = chain->conv[i];
  vn_conv *second = &r->stages[1].conv;
  second->x_pixel = 2 * k->lanes;
  second->x_row = second->x_pixel * second->w;
  second->x_image = 0;
  for (int i = 0; i < 2; i++) r->stages[i].plan = vn_conv_plan_make(k, &r->stages[i].conv);
  r->zero_floats = round_up(2 * (size_t)k->lanes);
  const size_t table = (size_t)second->oh * (size_t)second->kh * vn_depthwise_columns(second);
  r->between_floats = round_up((size_t)second->h * (size_t)second->w * 2 * (size_t)k->lanes);
  r->worker_floats = r->between_floats + round_up(table * (sizeof(float *) / sizeof(float)));
  const size_t wanted = threads > 1 ? (size_t)threads * items_per_thread : 1;
  r->chunks = vn_smaller(r->stages[0].plan.panels, vn_divide_up(wanted, (size_t)second->n));
  r->items = r->chunks * (size_t)second->n;
}

static void prepare_order(chain_run *r, const vn_kernels *k, const vn_chain *chain, vn_chain_order order, int threads) {
  if (order == VN_CHAIN_BY_CHANNELS) prepare_channels(r, k, chain, threads);
  else prepare_rows(r, k, chain, threads);
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
    s->reader.ring = order == VN_CHAIN_BY_ROWS && i > 0 && i == r.middle ? (int64_t)r.slots : 0;
  }
  vn_pool_run(pool, r.items, order == VN_CHAIN_BY_CHANNELS ? channels_item : rows_item, &r);
}
