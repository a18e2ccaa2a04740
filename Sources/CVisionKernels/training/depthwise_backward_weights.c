// The gradient of a depthwise convolution with respect to its weights: for each tap and channel, products of input and
// gradient summed row by row.
#include <string.h>

#include "../shared/normalizing.h"

enum { wanted_items = 16, most_chunks = 16 };
/// The most floats that all partial sums may take.
static const size_t partial_floats = 1 << 20;

typedef struct depthwise_weights_run {
  const vn_kernels *k;
  const vn_conv *conv;
  size_t chunks, channels_per_item, channel_chunks, columns, floats, worker_floats;
  const float *x, *g, *zeros;
  float *sums, *workers;
  const vn_conv_normalization *n;  ///< the normalization that turns x into the convolution's operand, or NULL
} depthwise_weights_run;

/// Computes, into a ring buffer, some channels of the operand rows that an output row reads and the previous one did not.
static void normalize_window(const depthwise_weights_run *r, int64_t image, int64_t oy, bool first,
                             size_t first_channel, size_t width, float *ring) {
  const vn_conv *conv = r->conv;
  const size_t channels = (size_t)conv->c, columns = (size_t)conv->w;
  const int64_t start = oy * conv->stride_h - conv->pad_top, end = start + conv->kh;
  // The end of what the previous output row read.
  int64_t row = first ? start : end - conv->stride_h;
  if (row < start) row = start;
  if (row < 0) row = 0;
  for (; row < end && row < conv->h; row++)
    vn_normalize_operand(r->k, r->n, true, channels, (size_t)(image * conv->h + row) * columns, columns, first_channel, width,
                         ring + (size_t)(row % conv->kh) * columns * channels + first_channel);
}

static void depthwise_weights_item(void *context, size_t index, int worker) {
  const depthwise_weights_run *r = context;
  const vn_conv *conv = r->conv;
  const size_t rows = (size_t)conv->n * (size_t)conv->oh;
  const size_t chunk = index / r->channel_chunks, part = index % r->channel_chunks;
  const float **table = (const float **)(r->workers + (size_t)worker * r->worker_floats);
  vn_depthwise_outer outer = {.columns = table, .column_stride = r->columns, .kh = conv->kh, .kw = conv->kw,
                              .stride = vn_depthwise_stride(conv), .ow = conv->ow, .g_pixel = conv->y_pixel,
                              .sums = r->sums + chunk * r->floats, .pitch = (size_t)conv->c,
                              .first = part * r->channels_per_item};
  outer.last = vn_smaller(outer.first + r->channels_per_item, (size_t)conv->c);
  // As many pixels as the next row of outputs reads for the first time.
  outer.x_ahead_pixel = conv->x_pixel;
  outer.x_ahead_count = conv->stride_h * conv->stride_w;
  for (size_t tap = 0; tap < (size_t)conv->kh * (size_t)conv->kw; tap++)
    memset(outer.sums + tap * outer.pitch + outer.first, 0, (outer.last - outer.first) * sizeof(float));
  const size_t first = chunk * rows / r->chunks, end = (chunk + 1) * rows / r->chunks;
  for (size_t at = first; at < end; at++) {
    const int64_t image = (int64_t)(at / (size_t)conv->oh), oy = (int64_t)(at % (size_t)conv->oh);
    if (r->n) {
      float *ring = vn_align((float *)table + r->worker_floats - vn_depthwise_operand_floats(conv));
      normalize_window(r, image, oy, at == first || oy == 0, outer.first, outer.last - outer.first, ring);
      vn_depthwise_point(conv, ring, r->zeros, 0, oy, conv->kh, table);
    } else {
      vn_depthwise_point(conv, r->x, r->zeros, image, oy, 0, table);
    }
    outer.g = r->g + image * conv->y_image + oy * conv->y_row;
    outer.g_ahead = outer.g + conv->y_row;
    outer.x_ahead = r->x + image * conv->x_image + (oy * conv->stride_h - conv->pad_top + conv->kh) * conv->x_row;
    r->k->depthwise_outer(&outer);
  }
}

static depthwise_weights_run depthwise_run_of(const vn_conv *conv) {
  depthwise_weights_run r = {.conv = conv};
  const size_t rows = (size_t)conv->n * (size_t)conv->oh;
  r.floats = (size_t)conv->c * (size_t)conv->kh * (size_t)conv->kw;
  r.chunks = vn_larger(1, vn_smaller(vn_smaller(most_chunks, rows / 8), partial_floats / vn_larger(1, r.floats)));
  const size_t units = vn_divide_up((size_t)conv->c, 64);
  r.channels_per_item = vn_divide_up(units, vn_smaller(units, vn_divide_up(wanted_items, r.chunks))) * 64;
  r.channel_chunks = vn_divide_up((size_t)conv->c, r.channels_per_item);
  r.columns = vn_depthwise_columns(conv);
  r.worker_floats = ((size_t)conv->kh * r.columns * (sizeof(float *) / sizeof(float)) + 31) / 16 * 16;
  return r;
}

size_t vn_depthwise_backward_weights_scratch_floats(const vn_conv *conv, bool normalizes, int threads) {
  const depthwise_weights_run r = depthwise_run_of(conv);
  const size_t own = r.worker_floats + (normalizes ? vn_depthwise_operand_floats(conv) : 0);
  return 32 + (size_t)(conv->c + 31) + r.chunks * r.floats + own * (size_t)(threads < 1 ? 1 : threads);
}

void vn_depthwise_backward_weights(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n,
                                   const float *x, const float *g, float *packed, float *scratch, vn_pool *pool) {
  depthwise_weights_run r = depthwise_run_of(conv);
  float *zeros = vn_align(scratch);
  const size_t channels = ((size_t)conv->c + 15) / 16 * 16;
  memset(zeros, 0, channels * sizeof(float));
  r.k = k, r.x = x, r.g = g, r.zeros = zeros, r.n = n;
  r.workers = zeros + channels;
  if (n) r.worker_floats += vn_depthwise_operand_floats(conv);
  r.sums = vn_align(r.workers + (size_t)vn_pool_threads(pool) * r.worker_floats);
  if (r.chunks == 1) r.sums = packed;
  vn_pool_run(pool, r.chunks * r.channel_chunks, depthwise_weights_item, &r);
  if (r.chunks > 1) vn_sum_parts(k, r.floats, r.chunks, r.sums, packed, pool);
}
