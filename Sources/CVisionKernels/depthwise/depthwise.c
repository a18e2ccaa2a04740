// Depthwise convolution: each channel is its own group, so there is no matrix product.
//
//   for each row of outputs and range of channels                            (threads share them)
//     point to the pixels that its taps read
//     for each vector of channels
//       for some outputs of the row at once                                  (template/depthwise.h)
//         sums = bias
//         for each tap: sums += x[pixel][channels] · w[tap][channels]
//         y = activation(sums + residual)
#include <string.h>

#include "../shared/normalizing.h"

enum { many_channels = 384 };
/// Bytes of weights that are left in one piece, and those of a block otherwise.
enum { whole_weights = 16 * 1024, block_weights = 8 * 1024 };

typedef struct depthwise_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const vn_conv_plan *plan;
  const float *x, *packed, *bias, *residual, *zeros;
  float *y, *workers;
  float low, high;
  bool clamped;
  vn_normalizing normalizing;
  size_t row_chunks, worker_floats;
  bool keeps;    ///< whether an item keeps its own copy of the rows it reads
  bool streams;  ///< whether rows are formed in the item's own memory and then written with non-temporal stores
} depthwise_run;

/// Pointers per output: neighboring outputs share them unless the kernel is dilated.
int vn_depthwise_stride(const vn_conv *conv) { return conv->dilation_w == 1 ? conv->stride_w : conv->kw; }

size_t vn_depthwise_columns(const vn_conv *conv) {
  return (size_t)(conv->ow - 1) * (size_t)vn_depthwise_stride(conv) + (size_t)conv->kw;
}

void vn_depthwise_plan(const vn_conv *conv, vn_conv_plan *plan) {
  const size_t rows = (size_t)conv->n * (size_t)conv->oh;
  const double row_work = (double)conv->ow * conv->c * conv->kh * conv->kw;
  if (rows == 0 || conv->ow == 0) return;
  const size_t per_item = vn_whole(2e5 / row_work) + 1;
  plan->row_chunks = vn_divide_up(rows, per_item);
  // Few rows of many channels: threads share the channels, in whole cache lines.
  size_t wanted = vn_divide_up(16, plan->row_chunks);
  if (row_work * (double)rows < 1e5) wanted = 1;
  const size_t units = vn_divide_up((size_t)conv->c, 64);
  plan->channels_per_item = vn_divide_up(units, vn_smaller(wanted, units)) * 64;
  plan->channel_chunks = vn_divide_up((size_t)conv->c, plan->channels_per_item);
  plan->table_columns = vn_depthwise_columns(conv);
  const size_t pointer = sizeof(float *) / sizeof(float);
  plan->zero_floats = ((size_t)conv->c + 15) / 16 * 16;
  plan->worker_floats = ((size_t)conv->kh * plan->table_columns * pointer + 31) / 16 * 16;
}

void vn_depthwise_row_run(const vn_kernels *k, const vn_depthwise_row *row) {
  const size_t bytes = (size_t)row->kh * (size_t)row->kw * sizeof(float);
  // Outputs that are computed at once read the weights once.
  const bool is_short = row->ow <= k->lanes / 2;
  if (is_short || bytes * (row->last - row->first) <= whole_weights) {
    k->depthwise(row);
    return;
  }
  // Whole cache lines of every pixel, few enough blocks that the loop over them is nothing beside their work.
  const size_t width = vn_larger(block_weights / bytes / 64, 1) * 64;
  vn_depthwise_row block = *row;
  for (size_t c = row->first; c < row->last; c += width) {
    block.first = c;
    block.last = vn_smaller(c + width, row->last);
    k->depthwise(&block);
  }
}

void vn_depthwise_point(const vn_conv *conv, const float *x, const float *zeros, int64_t image, int64_t oy,
                        int64_t ring, const float **table) {
  const bool dilated = conv->dilation_w != 1;
  const size_t columns = vn_depthwise_columns(conv);
  for (int32_t ky = 0; ky < conv->kh; ky++, table += columns) {
    const int64_t iy = oy * conv->stride_h - conv->pad_top + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const float *row = x + image * conv->x_image + (!inside ? 0 : ring ? iy % ring : iy) * conv->x_row;
    if (!dilated) {
      size_t i = 0;
      const size_t left = inside ? vn_smaller(columns, (size_t)(conv->pad_left > 0 ? conv->pad_left : 0)) : columns;
      for (; i < left; i++) table[i] = zeros;
      const int64_t last = (int64_t)conv->w + conv->pad_left;
      const size_t right = last < (int64_t)i ? i : vn_smaller(columns, (size_t)last);
      const float *at = row + ((int64_t)i - conv->pad_left) * conv->x_pixel;
      for (; i < right; i++, at += conv->x_pixel) table[i] = at;
      for (; i < columns; i++) table[i] = zeros;
      continue;
    }
    for (int32_t ox = 0; ox < conv->ow; ox++)
      for (int32_t t = 0; t < conv->kw; t++) {
        int64_t ix = (int64_t)ox * conv->stride_w - conv->pad_left + (int64_t)t * conv->dilation_w;
        table[ox * conv->kw + t] = inside && ix >= 0 && ix < conv->w ? row + ix * conv->x_pixel : zeros;
      }
  }
}

/// Adds `count` pixels for each output to what a row prefetches.
static void fetch(vn_depthwise_row *row, const float *pixels, size_t pitch, int64_t count) {
  for (int64_t i = 0; i < count && row->streams < VN_ROW_STREAMS; i++) {
    row->ahead[row->streams].pixels = (const char *)(pixels + i * (int64_t)pitch);
    row->ahead[row->streams].step = (size_t)count * pitch * sizeof(float);
    row->streams++;
  }
}

/// Prefetches what the next row needs: what normalizations read, and the memory of the results unless these are written with
/// non-temporal stores. After the last row of an image comes the first of the next image, which is most often the next item.
static void fetch_ahead(const depthwise_run *r, const float *y, int64_t image, int64_t oy, vn_depthwise_row *row) {
  const vn_conv *conv = r->conv;
  const vn_conv_normalization *n = r->normalizing.n;
  const size_t channels = (size_t)conv->c;
  const int64_t following = image * conv->oh + oy + 1;
  row->streams = 0;
  if (following < (int64_t)conv->n * conv->oh) {
    if (y) fetch(row, y + following * conv->y_row, (size_t)conv->y_pixel, 1);
    if (n->partials && n->result_x) fetch(row, n->result_x + following * conv->y_row, (size_t)conv->y_pixel, 1);
  }
  if (!n->source) return;
  const int64_t next = image * conv->h + oy * conv->stride_h - conv->pad_top + conv->kh;
  for (int64_t i = 0; i < conv->stride_h; i++) {
    const int64_t at = (next + i) * conv->w * (int64_t)channels;
    if (next + i < 0 || next + i >= (int64_t)conv->n * conv->h) continue;
    fetch(row, n->source + at, channels, conv->stride_w);
    if (n->source_x) fetch(row, n->source_x + at, channels, conv->stride_w);
  }
}

size_t vn_depthwise_operand_floats(const vn_conv *conv) {
  return ((size_t)conv->kh * (size_t)conv->w * (size_t)conv->c + 47) / 16 * 16;
}

size_t vn_depthwise_result_floats(const vn_conv *conv) {
  return ((size_t)conv->ow * (size_t)conv->c + 47) / 16 * 16;
}

/// Computes some channels of the operand's rows up to the window of output row `oy`. An item that keeps rows has those of its
/// window in a ring buffer. Rows that no output reads are computed after the last window.
static void normalize_rows(const depthwise_run *r, int64_t image, int64_t oy, int64_t *normalized, size_t first,
                           size_t width, float *ring) {
  const vn_conv *conv = r->conv;
  const vn_conv_normalization *n = r->normalizing.n;
  const size_t channels = (size_t)conv->c, columns = (size_t)conv->w;
  int64_t window = oy * conv->stride_h - conv->pad_top + conv->kh;
  if (window > conv->h) window = conv->h;
  const int64_t needed = oy + 1 == conv->oh ? conv->h : window;
  for (; *normalized < needed; ++*normalized) {
    const int64_t row = *normalized;
    float *copy = ring && row < window ? ring + (size_t)(row % conv->kh) * columns * channels + first : NULL;
    vn_normalize_operand(r->k, n, true, channels, (size_t)(image * conv->h + row) * columns, columns, first, width, copy);
  }
}

static void depthwise_item(void *context, size_t index, int worker) {
  const depthwise_run *r = context;
  const vn_conv *conv = r->conv;
  const vn_conv_plan *plan = r->plan;
  const size_t rows = (size_t)conv->n * (size_t)conv->oh;
  // Consecutive items are neighbors in the dimension along which the previous convolution was cut: channels if there are many.
  const bool by_channels = (size_t)conv->c >= many_channels;
  const size_t chunk = by_channels ? index % r->row_chunks : index / plan->channel_chunks;
  const size_t channel_chunk = by_channels ? index / r->row_chunks : index % plan->channel_chunks;
  float *memory = r->workers + (size_t)worker * r->worker_floats;
  const float **table = (const float **)memory;
  float *ring = r->keeps ? vn_align(memory + plan->worker_floats) : NULL;
  float *own = r->streams ? vn_align(memory + r->worker_floats - vn_depthwise_result_floats(conv)) : NULL;
  vn_depthwise_row row = {
      .columns = table, .column_stride = plan->table_columns, .kh = conv->kh, .kw = conv->kw,
      .stride = vn_depthwise_stride(conv), .ow = conv->ow, .weights = r->packed, .weight_pitch = (size_t)conv->c,
      .bias = r->bias, .residual_pixel = conv->r_pixel, .y_pixel = conv->y_pixel,
      .first = channel_chunk * plan->channels_per_item, .low = r->low, .high = r->high};
  row.last = vn_smaller(row.first + plan->channels_per_item, (size_t)conv->c);
  const vn_conv_normalization *n = r->normalizing.n;
  const size_t begin = chunk * rows / r->row_chunks, end = (chunk + 1) * rows / r->row_chunks;
  const size_t width = row.last - row.first, channels = (size_t)conv->c;
  int64_t normalized = 0;
  for (size_t at = begin; at < end; at++) {
    const int64_t image = (int64_t)(at / (size_t)conv->oh), oy = (int64_t)(at % (size_t)conv->oh);
    // An item that computes its operand covers a whole image.
    if (n && n->source) normalize_rows(r, image, oy, &normalized, row.first, width, ring);
    if (ring) vn_depthwise_point(conv, ring, r->zeros, 0, oy, conv->kh, table);
    else vn_depthwise_point(conv, r->x, r->zeros, image, oy, 0, table);
    float *y = r->y + image * conv->y_image + oy * conv->y_row;
    row.y = own ? own : y;
    row.residual = r->residual ? r->residual + image * conv->r_image + oy * conv->r_row : NULL;
    if (n) fetch_ahead(r, own ? NULL : r->y, image, oy, &row);
    vn_depthwise_row_run(r->k, &row);
    if (n && n->partials)
      vn_sum_result(r->k, n, channels, r->normalizing.chunks, r->normalizing.first_chunk + chunk, at == begin,
                    row.y + row.first, (size_t)(image * conv->y_image + oy * conv->y_row) + row.first, (size_t)conv->ow,
                    (size_t)conv->y_pixel, row.first, width);
    if (own) vn_stream_pixels(r->k, channels, (size_t)conv->ow, width, own + row.first, y + row.first);
    if (r->clamped) continue;
    r->k->unary_runs(conv->activation, conv->alpha, conv->beta, width, (size_t)conv->ow, conv->y_pixel, row.y + row.first);
  }
  if (own) vn_end_stream();
}

bool vn_depthwise_normalizes_operand(const vn_conv *conv, const vn_conv_plan *plan) {
  return conv->x_pixel == conv->c && conv->x_row == conv->w * conv->x_pixel &&
         conv->x_image == conv->h * conv->x_row && conv->dilation_h == 1 &&
         (size_t)conv->n * plan->channel_chunks >= 8 && plan->row_chunks > 0;
}

void vn_depthwise_run(const vn_kernels *k, const vn_conv *conv, const vn_conv_plan *plan, vn_normalizing normalizing,
                      const float *x, const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool) {
  if (plan->row_chunks == 0) return;
  float *zeros = vn_align(scratch);
  memset(zeros, 0, plan->zero_floats * sizeof(float));
  depthwise_run r = {.k = k, .conv = conv, .plan = plan, .x = x, .packed = packed, .bias = bias,
                     .residual = residual, .zeros = zeros, .y = y, .workers = zeros + plan->zero_floats,
                     .normalizing = normalizing, .row_chunks = plan->row_chunks};
  if (normalizing.n && normalizing.n->source) r.row_chunks = (size_t)conv->n;
  r.keeps = vn_operand_is_kept(k, conv, normalizing.n);
  r.streams = normalizing.n && !residual && vn_streams_result(k, conv, y);
  r.worker_floats = plan->worker_floats + (r.keeps ? vn_depthwise_operand_floats(conv) : 0) +
                    (r.streams ? vn_depthwise_result_floats(conv) : 0);
  r.clamped = vn_clamp_of(conv->activation, conv->alpha, conv->beta, &r.low, &r.high);
  vn_pool_run(pool, r.row_chunks * plan->channel_chunks, depthwise_item, &r);
}
