// Chains channels by channels: all pixels of a panel of channels through a 1 × 1 and a depthwise convolution.
#include "chain.h"

/// Parts of an image for each thread.
enum { items_per_thread = 4 };

/// At the start of a worker's memory: whether the table behind is filled.
typedef struct channels_worker {
  bool pointed;
} channels_worker;

static size_t worker_floats(void) { return vn_whole_lines(sizeof(channels_worker) / sizeof(float) + 1); }

/// The strides that a depthwise convolution finds a panel with.
void vn_chain_prepare_channels(vn_chain_work *r, int threads) {
  const vn_kernels *k = r->k;
  vn_conv *second = &r->stages[1].conv;
  second->x_pixel = 2 * k->lanes;
  second->x_row = second->x_pixel * second->w;
  second->x_image = 0;
  for (int i = 0; i < 2; i++) r->stages[i].plan = vn_conv_plan_make(k, &r->stages[i].conv);
  r->zero_floats = vn_whole_lines(2 * (size_t)k->lanes);
  const size_t table = (size_t)second->oh * (size_t)second->kh * vn_depthwise_columns(second);
  r->between_floats = vn_whole_lines((size_t)second->h * (size_t)second->w * 2 * (size_t)k->lanes);
  r->table_pointers = vn_whole_lines(table);
  r->worker_floats = worker_floats() + r->between_floats + r->table_pointers * (sizeof(float *) / sizeof(float));
  if (r->chain->y_is_bf16) r->worker_floats += vn_whole_lines((size_t)second->ow * 2 * (size_t)k->lanes);
  const size_t wanted = threads > 1 ? (size_t)threads * items_per_thread : 1;
  r->chunks = vn_smaller(r->stages[0].plan.panels, vn_divide_up(wanted, (size_t)second->n));
  // As much for each thread.
  if (r->chunks > (size_t)threads && second->n == 1) r->chunks -= r->chunks % (size_t)threads;
  r->items = r->chunks * (size_t)second->n;
}

/// All pixels of one image and one panel: expanded, then through the depthwise convolution.
static void channels_panel(const vn_chain_work *r, size_t image, size_t panel, bool first_panel, bool cold, const float *next,
                           float *between, const float *const *table) {
  const vn_stage *expand = &r->stages[0], *depthwise = &r->stages[1];
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
    expand->tiles[end - start - 1][vectors](&tile);
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
  const bool rounds = r->chain->y_is_bf16;
  // Rows that are to be rounded are made behind the pointers.
  float *own = (float *)(table + r->table_pointers);
  if (rounds) out.y_pixel = (int64_t)columns;
  for (int64_t oy = 0; oy < second->oh; oy++) {
    out.columns = table + (size_t)oy * (size_t)second->kh * out.column_stride;
    float *y = r->y + (int64_t)image * second->y_image + oy * second->y_row + (int64_t)(rounds ? column / 2 : column);
    out.y = rounds ? own : y;
    if (r->residual)
      out.residual = r->residual + (int64_t)image * second->r_image + oy * second->r_row + (int64_t)column;
    r->k->depthwise(&out);
    if (!depthwise->clamped)
      for (int32_t ox = 0; ox < second->ow; ox++) {
        float *pixel = out.y + ox * out.y_pixel;
        r->k->unary(second->activation, second->alpha, second->beta, width, pixel, pixel);
      }
    if (!rounds) continue;
    for (int32_t ox = 0; ox < second->ow; ox++)
      r->bk->round(width, own + (size_t)ox * columns, (uint16_t *)(y + ox * second->y_pixel));
  }
}

static channels_worker *memory_of(const vn_chain_work *r, size_t number) {
  return (channels_worker *)(r->workers + number * r->worker_floats);
}

void vn_chain_start_channels(const vn_chain_work *r, int threads) {
  for (int i = 0; i < threads; i++) memory_of(r, (size_t)i)->pointed = false;
}

/// A range of panels of one image.
void vn_chain_channels_item(void *context, size_t index, int worker) {
  const vn_chain_work *r = context;
  const vn_conv *second = &r->stages[1].conv;
  const size_t panels = r->stages[0].plan.panels;
  const size_t panel_floats = r->stages[0].plan.panel_columns * r->stages[0].plan.depth;
  const size_t row_pointers = (size_t)second->kh * vn_depthwise_columns(second);
  channels_worker *w = memory_of(r, (size_t)worker);
  float *between = (float *)w + worker_floats();
  const float **table = (const float **)(between + r->between_floats);
  for (int64_t oy = 0; oy < second->oh && !w->pointed; oy++)
    vn_depthwise_point(second, between, r->zeros, 0, oy, 0, table + (size_t)oy * row_pointers);
  w->pointed = true;
  const size_t image = index / r->chunks, chunk = index % r->chunks;
  const size_t begin = chunk * panels / r->chunks, end = (chunk + 1) * panels / r->chunks;
  const bool cold = index == vn_pool_range_start(r->pool, r->items, worker);
  const bool more = index + 1 < vn_pool_range_start(r->pool, r->items, worker + 1) && chunk + 1 < r->chunks;
  for (size_t panel = begin; panel < end; panel++) {
    const float *next = panel + 1 < end || more ? r->stages[0].packed + (panel + 1) * panel_floats : NULL;
    channels_panel(r, image, panel, panel == begin, cold && panel == begin, next, between, table);
  }
}
