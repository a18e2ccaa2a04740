// Both gradients of a depthwise convolution, image by image and row by row: a row of the gradient is computed once, kept as long
// as rows of the input's gradient need it, and multiplied by the rows of the input that its outputs were computed from.
#include <string.h>

#include "convolution_gradients.h"

/// The most floats that all partial sums may take.
static const size_t partial_floats = 1 << 20;
enum { least_items = 8, wanted_items = 16, most_chunks = 64, most_stride = 2 };

typedef struct depthwise_phase {
  vn_conv conv;
  int32_t top, left;
  size_t weights;  ///< offset of its turned weights
} depthwise_phase;

typedef struct depthwise_plan {
  size_t chunks, channels_per_item, channel_chunks;
  int32_t phase_count;
  depthwise_phase phases[most_stride * most_stride];
  int64_t steps;             ///< rows of an image: of outputs or of a phase
  int64_t before, behind;    ///< rows of the gradient that a step reads before and after its own
  size_t taps, turned_floats;
  size_t sums;               ///< floats of partial sums of a chunk
  size_t phase_columns, columns;
  size_t table_floats, ring_floats, input_ring_floats, row_floats;
} depthwise_plan;

static depthwise_plan plan_of(const vn_conv *conv) {
  depthwise_plan p = {.taps = (size_t)conv->kh * (size_t)conv->kw, .steps = conv->oh};
  const size_t channels = (size_t)conv->c;
  p.sums = channels * p.taps;
  p.chunks = vn_smaller(vn_smaller((size_t)conv->n, most_chunks), vn_larger(1, partial_floats / p.sums));
  const size_t units = vn_divide_up(channels, 64);
  p.channels_per_item = vn_divide_up(units, vn_smaller(units, vn_divide_up(wanted_items, p.chunks))) * 64;
  p.channel_chunks = vn_divide_up(channels, p.channels_per_item);
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      depthwise_phase *phase = &p.phases[p.phase_count++];
      phase->conv = vn_phase_conv(conv, vn_rows_of_phase(conv, top), vn_columns_of_phase(conv, left));
      phase->top = top, phase->left = left;
      phase->weights = p.turned_floats;
      const vn_conv *own = &phase->conv;
      p.turned_floats += ((size_t)own->kh * (size_t)own->kw * channels + 15) / 16 * 16;
      if (own->oh > p.steps) p.steps = own->oh;
      if (own->pad_top > p.before) p.before = own->pad_top;
      if (own->kh - 1 - own->pad_top > p.behind) p.behind = own->kh - 1 - own->pad_top;
      p.phase_columns = vn_larger(p.phase_columns, (size_t)own->kh * vn_depthwise_columns(own));
    }
  p.columns = vn_depthwise_columns(conv);
  const size_t pointers = vn_larger(p.phase_columns, (size_t)conv->kh * p.columns);
  p.table_floats = (pointers * (sizeof(float *) / sizeof(float)) + 31) / 16 * 16;
  p.ring_floats = ((size_t)(p.before + p.behind + 1) * (size_t)conv->ow * channels + 47) / 16 * 16;
  p.input_ring_floats = vn_depthwise_operand_floats(conv);
  p.row_floats = ((size_t)conv->stride_h * (size_t)conv->w * channels + 47) / 16 * 16;
  return p;
}

bool vn_depthwise_gradients_merge(const vn_conv *conv) {
  if (conv->stride_h > most_stride || conv->stride_w > most_stride || conv->dilation_h != 1 || conv->dilation_w != 1 ||
      conv->kh < conv->stride_h || conv->kw < conv->stride_w || conv->h < conv->stride_h || conv->w < conv->stride_w)
    return false;
  if (!vn_conv_backward_data_sums_result(conv) || conv->y_pixel != conv->o ||
      conv->y_row != conv->ow * conv->y_pixel || conv->y_image != conv->oh * conv->y_row)
    return false;
  // With more padding, rows of the gradient are far from the rows of the input that need them: all rows between would be kept.
  return conv->pad_top < conv->kh && conv->pad_left < conv->kw;
}

bool vn_depthwise_gradients_merging_pays(const vn_conv *conv) {
  const depthwise_plan p = plan_of(conv);
  return p.chunks * p.channel_chunks >= least_items;
}

size_t vn_depthwise_gradients_chunks(const vn_conv *conv) { return plan_of(conv).chunks; }

static size_t worker_floats(const depthwise_plan *p) {
  return p->table_floats + p->ring_floats + p->input_ring_floats + p->row_floats;
}

size_t vn_depthwise_gradients_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  (void)k;
  const depthwise_plan p = plan_of(conv);
  return 80 + ((size_t)conv->c + 15) / 16 * 16 + p.turned_floats + p.chunks * p.sums +
         (size_t)(threads < 1 ? 1 : threads) * worker_floats(&p);
}

typedef struct gradients_item {
  const vn_gradients_run *all;
  const depthwise_plan *plan;
  const float *turned, *zeros;
  float *sums, *workers;
  bool streams;
  // The state of one item:
  size_t first, width, chunk;
  bool begins;            ///< whether nothing has been summed yet for the normalization before the convolution
  int64_t normalized;     ///< rows of the gradient computed into the ring so far
  int64_t normalized_input;
  float *ring, *input_ring;
  float *rows;            ///< where rows to be written with non-temporal stores are formed, or NULL
  const float **table;
} gradients_item;

/// Computes the gradient's rows up to `needed` into the ring.
static void normalize_gradient(gradients_item *r, int64_t image, int64_t needed) {
  const vn_conv *conv = r->all->conv;
  const vn_conv_normalization *n = r->all->n;
  const size_t channels = (size_t)conv->o, pixels = (size_t)conv->ow;
  const int64_t rows = r->plan->before + r->plan->behind + 1;
  if (needed > conv->oh) needed = conv->oh;
  const vn_normalization norm = vn_normalization_of(n->source_factors, channels, r->first, r->width, channels,
                                                    n->source_clamped, n->source_low, n->source_high);
  for (; r->normalized < needed; r->normalized++) {
    const size_t at = (size_t)(image * conv->oh + r->normalized) * pixels * channels + r->first;
    r->all->k->normalization_gradient(&norm, true, pixels, n->source + at, n->source_x + at, NULL,
                                      r->ring + (size_t)(r->normalized % rows) * pixels * channels + r->first, NULL);
  }
}

/// Computes the input's rows up to `needed` into their ring.
static void normalize_input(gradients_item *r, int64_t image, int64_t needed) {
  const vn_conv *conv = r->all->conv;
  const vn_conv_normalization *n = r->all->input;
  const size_t channels = (size_t)conv->c, pixels = (size_t)conv->w;
  if (needed > conv->h) needed = conv->h;
  const float *scale = n->source_factors + r->first;
  for (; r->normalized_input < needed; r->normalized_input++) {
    const size_t at = (size_t)(image * conv->h + r->normalized_input) * pixels * channels + r->first;
    r->all->k->affine_clamp(true, pixels, r->width, channels, n->source + at, scale, scale + channels, NULL, n->source_low,
                            n->source_high,
                            r->input_ring + (size_t)(r->normalized_input % conv->kh) * pixels * channels + r->first, NULL);
  }
}

/// One row of one phase of the gradient of the input.
static void multiply_row(const gradients_item *r, const depthwise_phase *phase, int64_t image, int64_t q) {
  const vn_gradients_run *all = r->all;
  const vn_conv *conv = all->conv, *own = &phase->conv;
  const depthwise_plan *p = r->plan;
  const size_t channels = (size_t)conv->c;
  if (vn_computes_gradient(all)) vn_depthwise_point(own, r->ring, r->zeros, 0, q, p->before + p->behind + 1, r->table);
  else vn_depthwise_point(own, all->g, r->zeros, image, q, 0, r->table);
  vn_depthwise_row row = {
      .columns = r->table, .column_stride = vn_depthwise_columns(own), .kh = own->kh, .kw = own->kw, .stride = 1,
      .ow = own->ow, .weights = r->turned + phase->weights, .weight_pitch = channels, .y_pixel = own->y_pixel,
      .first = r->first, .last = r->first + r->width, .low = -__builtin_inff(), .high = __builtin_inff()};
  row.y = (r->rows ? r->rows + phase->top * conv->x_row
                   : all->gx + image * conv->x_image + (q * conv->stride_h + phase->top) * conv->x_row) +
          phase->left * conv->x_pixel;
  if (phase->top == 0 && phase->left == 0 && vn_computes_gradient(all)) {
    const int64_t next = image * conv->oh + q + p->behind + 1;
    row.ahead[0].pixels = (const char *)(all->n->source + next * conv->y_row);
    row.ahead[1].pixels = (const char *)(all->n->source_x + next * conv->y_row);
    row.ahead[0].step = row.ahead[1].step = (size_t)conv->y_pixel * sizeof(float);
    row.streams = 2;
  }
  // Prefetches the result's memory: a store that misses the cache would wait for its line.
  const int64_t rows_before = image * conv->h + (q + 1) * conv->stride_h + phase->top;
  if (!r->rows && rows_before < (int64_t)conv->n * conv->h) {
    row.ahead[row.streams].pixels = (const char *)(row.y + conv->stride_h * conv->x_row);
    row.ahead[row.streams++].step = (size_t)own->y_pixel * sizeof(float);
  }
  vn_depthwise_row_run(all->k, &row);
}

/// Adds a row of the input's gradient to the sums for the normalization before the convolution, and writes it to memory.
static void finish_row(gradients_item *r, int64_t image, int64_t y) {
  const vn_conv *conv = r->all->conv;
  const size_t channels = (size_t)conv->c, at = (size_t)(image * conv->x_image + y * conv->x_row) + r->first;
  const float *row = r->rows ? r->rows + y % conv->stride_h * conv->x_row + (int64_t)r->first : r->all->gx + at;
  if (r->all->n && r->all->n->partials)
    vn_sum_result(r->all->k, r->all->n, channels, r->plan->chunks, r->chunk, r->begins, row, at, (size_t)conv->w, channels,
                  r->first, r->width);
  r->begins = false;
  if (r->rows) vn_stream_pixels(r->all->k, channels, (size_t)conv->w, r->width, row, r->all->gx + at);
}

/// Adds the products of one row of the gradient to the sums for the weights.
static void add_products(const gradients_item *r, int64_t image, int64_t oy) {
  const vn_gradients_run *all = r->all;
  const vn_conv *conv = all->conv;
  const depthwise_plan *p = r->plan;
  if (all->input) vn_depthwise_point(conv, r->input_ring, r->zeros, 0, oy, conv->kh, r->table);
  else vn_depthwise_point(conv, all->x, r->zeros, image, oy, 0, r->table);
  const int64_t pixels = (int64_t)conv->ow * conv->o;
  const int64_t next = oy * conv->stride_h - conv->pad_top + conv->kh;
  vn_depthwise_outer outer = {.columns = r->table, .column_stride = p->columns, .kh = conv->kh, .kw = conv->kw,
                              .stride = vn_depthwise_stride(conv), .ow = conv->ow, .g_pixel = conv->y_pixel,
                              .sums = r->sums + r->chunk * p->sums, .pitch = (size_t)conv->c, .first = r->first,
                              .last = r->first + r->width, .x_ahead_pixel = conv->x_pixel,
                              .x_ahead_count = conv->stride_h * conv->stride_w};
  outer.g = vn_computes_gradient(all) ? r->ring + (oy % (p->before + p->behind + 1)) * pixels
                                      : all->g + image * conv->y_image + oy * conv->y_row;
  outer.g_ahead = outer.g;
  outer.x_ahead = (all->input ? all->input->source : all->x) + image * conv->x_image + next * conv->x_row;
  all->k->depthwise_outer(&outer);
}

static void run_image(gradients_item *r, int64_t image) {
  const depthwise_plan *p = r->plan;
  const vn_gradients_run *all = r->all;
  const vn_conv *conv = all->conv;
  r->normalized = r->normalized_input = 0;
  for (int64_t step = 0; step < p->steps; step++) {
    if (vn_computes_gradient(all)) normalize_gradient(r, image, step + p->behind + 1);
    for (int32_t i = 0; i < p->phase_count; i++)
      if (step < p->phases[i].conv.oh) multiply_row(r, &p->phases[i], image, step);
    const int64_t rows = conv->stride_h * (step + 1) < conv->h ? conv->stride_h * (step + 1) : conv->h;
    for (int64_t y = conv->stride_h * step; y < rows; y++) finish_row(r, image, y);
    if (step >= conv->oh) continue;
    if (all->input) normalize_input(r, image, step * conv->stride_h - conv->pad_top + conv->kh);
    add_products(r, image, step);
  }
}

static void item(void *context, size_t index, int worker) {
  gradients_item r = *(const gradients_item *)context;
  const depthwise_plan *p = r.plan;
  const vn_conv *conv = r.all->conv;
  r.chunk = index / p->channel_chunks;
  r.first = index % p->channel_chunks * p->channels_per_item;
  r.width = vn_smaller(p->channels_per_item, (size_t)conv->c - r.first);
  float *memory = r.workers + (size_t)worker * worker_floats(p);
  r.table = (const float **)memory;
  r.ring = memory + p->table_floats;
  r.input_ring = r.ring + p->ring_floats;
  r.rows = r.streams ? r.input_ring + p->input_ring_floats : NULL;
  r.begins = true;
  for (size_t tap = 0; tap < p->taps; tap++)
    memset(r.sums + r.chunk * p->sums + tap * (size_t)conv->c + r.first, 0, r.width * sizeof(float));
  const size_t images = (size_t)conv->n;
  for (size_t image = r.chunk * images / p->chunks; image < (r.chunk + 1) * images / p->chunks; image++)
    run_image(&r, (int64_t)image);
  if (r.streams) vn_end_stream();
}

void vn_depthwise_gradients(const vn_gradients_run *all) {
  const vn_conv *conv = all->conv;
  const depthwise_plan p = plan_of(conv);
  float *zeros = vn_align(all->scratch), *turned = zeros + ((size_t)conv->c + 15) / 16 * 16;
  memset(zeros, 0, (size_t)conv->c * sizeof(float));
  for (int32_t i = 0; i < p.phase_count; i++)
    vn_turn_weights(all->k, conv, vn_rows_of_phase(conv, p.phases[i].top), vn_columns_of_phase(conv, p.phases[i].left),
                    all->packed, turned + p.phases[i].weights, all->pool);
  gradients_item r = {.all = all, .plan = &p, .turned = turned, .zeros = zeros, .sums = turned + p.turned_floats};
  r.streams = vn_streams_far(all->k, all->gx, (size_t)conv->c, (size_t)conv->n * (size_t)conv->h * (size_t)conv->w);
  r.workers = vn_align(r.sums + p.chunks * p.sums);
  vn_pool_run(all->pool, p.chunks * p.channel_chunks, item, &r);
  vn_sum_parts(all->k, p.sums, p.chunks, r.sums, all->packed_gradient, all->pool);
}
