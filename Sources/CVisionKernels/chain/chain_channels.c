// Chains by channels: a 1 × 1 and a depthwise convolution with few pixels.
//
//   for each image and panel of NR channels                                  (threads share them)
//     between[pixel][NR] = activation(x[pixel] · panel + bias)               all pixels, GEMM
//     y[pixel][NR] = activation(depthwise(between) + bias + residual)        row by row
#include "chain.h"

/// Parts of an image for each thread.
enum { items_per_thread = 4 };

/// The start of a worker's memory: whether the table that follows is filled.
typedef struct channels_worker {
  bool pointed;
} channels_worker;

static size_t worker_floats(void) { return vn_whole_lines(sizeof(channels_worker) / sizeof(float) + 1); }

/// Sets the strides with which the depthwise convolution reads a panel, the cut into items and the size of scratch.
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
  // The same number of parts for each thread.
  if (r->chunks > (size_t)threads && second->n == 1) r->chunks -= r->chunks % (size_t)threads;
  r->items = r->chunks * (size_t)second->n;
}

/// One panel of channels of one image, which both convolutions compute.
typedef struct panel_work {
  const vn_chain_work *r;
  size_t image, column, width;  ///< the panel's first channel, and how many it has
  float *between;               ///< [pixels][columns of a panel]
  const float *const *table;    ///< pointers into `between`, for all rows of outputs
} panel_work;

/// The 1 × 1 convolution: all pixels times the panel, into `between`. `is_first` marks the first panel of an item, `cold` one
/// whose weights are not in the caches; `next` is the panel to prefetch.
static void expand_panel(const panel_work *p, bool is_first, bool cold, const float *next) {
  const vn_chain_work *r = p->r;
  const vn_stage *expand = &r->stages[0];
  const vn_conv *conv = &expand->conv;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  const size_t pixels = (size_t)conv->oh * (size_t)conv->ow, depth = expand->plan.depth;
  const size_t columns = expand->plan.panel_columns, tiles = vn_divide_up(pixels, mr);
  const float *rows[VN_MAX_ROWS];
  // The processor's tiles store results while they multiply the next ones.
  float *targets[2][VN_MAX_ROWS];
  vn_bmatrix_work work;
  const int vectors = p->width > lanes ? 2 : 1;
  vn_tile tile = {.rows = rows, .row_stride = mr, .taps = 1, .run = depth, .taps_block = 1,
                  .run_block = expand->plan.run_block, .panel = expand->packed + p->column * depth, .column = 0,
                  .width = p->width, .low = expand->low, .high = expand->high,
                  .bias = expand->bias ? expand->bias + p->column : NULL};
  const float *x = r->x + (int64_t)p->image * conv->x_image;
  const bool dense = conv->x_pixel == conv->c && conv->x_row == conv->x_pixel * conv->w;
  vn_stage_begin(r, expand, &work);
  for (size_t t = 0; t < tiles; t++) {
    tile.y = targets[t % 2];
    const size_t start = t * pixels / tiles, end = (t + 1) * pixels / tiles;
    size_t row = start / (size_t)conv->ow, at = start % (size_t)conv->ow;
    for (size_t i = start; i < end; i++) {
      rows[i - start] = x + (int64_t)row * conv->x_row + (int64_t)at * conv->x_pixel;
      targets[t % 2][i - start] = p->between + i * columns;
      if (++at == (size_t)conv->ow) at = 0, row++;
    }
    const float *following = is_first && dense && t + 1 < tiles ? x + (int64_t)end * conv->x_pixel : NULL;
    tile.ahead = vn_look_ahead(tile.panel, (vectors == 2 ? columns : lanes) * sizeof(float), depth, t, tiles, cold, next,
                               following, mr * sizeof(float));
    vn_stage_multiply(r, expand, &work, &tile, end - start, vectors);
  }
  vn_stage_end(r, expand, &work);
  if (expand->clamped) return;
  r->k->unary_runs(conv->activation, conv->alpha, conv->beta, p->width, pixels, (int64_t)columns, p->between);
}

/// The depthwise convolution: row by row from `between`.
static void filter_panel(const panel_work *p) {
  const vn_chain_work *r = p->r;
  const vn_stage *depthwise = &r->stages[1];
  const vn_conv *conv = &depthwise->conv;
  const size_t columns = r->stages[0].plan.panel_columns;
  vn_depthwise_row out = {
      .column_stride = vn_depthwise_columns(conv), .kh = conv->kh, .kw = conv->kw,
      .stride = vn_depthwise_stride(conv), .ow = conv->ow, .weights = depthwise->packed + p->column,
      .weight_pitch = (size_t)conv->c, .bias = depthwise->bias ? depthwise->bias + p->column : NULL,
      .residual_pixel = conv->r_pixel, .y_pixel = conv->y_pixel, .first = 0, .last = p->width,
      .low = depthwise->low, .high = depthwise->high};
  const bool rounds = r->chain->y_is_bf16;
  // Rows to be rounded are computed in the memory after the pointers.
  float *own = (float *)(p->table + r->table_pointers);
  if (rounds) out.y_pixel = (int64_t)columns;
  for (int64_t oy = 0; oy < conv->oh; oy++) {
    out.columns = p->table + (size_t)oy * (size_t)conv->kh * out.column_stride;
    float *y = r->y + (int64_t)p->image * conv->y_image + oy * conv->y_row + (int64_t)(rounds ? p->column / 2 : p->column);
    out.y = rounds ? own : y;
    if (r->residual)
      out.residual = r->residual + (int64_t)p->image * conv->r_image + oy * conv->r_row + (int64_t)p->column;
    vn_depthwise_row_run(r->k, &out);
    if (!depthwise->clamped)
      r->k->unary_runs(conv->activation, conv->alpha, conv->beta, p->width, (size_t)conv->ow, out.y_pixel, out.y);
    if (!rounds) continue;
    for (int32_t ox = 0; ox < conv->ow; ox++)
      r->bk->round(p->width, own + (size_t)ox * columns, (uint16_t *)(y + ox * conv->y_pixel));
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
    panel_work p = {.r = r, .image = image, .column = panel * r->stages[0].plan.panel_columns, .between = between, .table = table};
    p.width = vn_smaller(r->stages[0].plan.panel_columns, (size_t)r->stages[0].conv.o - p.column);
    expand_panel(&p, panel == begin, cold && panel == begin, next);
    filter_panel(&p);
  }
}
