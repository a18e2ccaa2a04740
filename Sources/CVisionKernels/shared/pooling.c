// Pooling over NHWC, a row of outputs at a time, and local response normalization.
#include <math.h>
#include <string.h>

#include "bfloat16.h"
#include "kernels.h"

enum { most_taps = 25, few_channels = 64 };

typedef struct pooling_run {
  const vn_kernels *k;
  const vn_window *window;
  const float *x;
  float *y;
  bool average, global;
  const vn_bkernels *bf16;  ///< for maxima of tensors stored as bfloat16, with strides in words of two; or NULL
  size_t rows_per_item, channels_per_item, channel_chunks;
} pooling_run;

/// The taps t in 0..<taps with 0 ≤ start + t·dilation < size.
static void taps_inside(int64_t start, int64_t dilation, int64_t taps, int64_t size, int64_t *first,
                        int64_t *last) {
  *first = start < 0 ? (-start + dilation - 1) / dilation : 0;
  *last = start >= size ? 0 : (size - start + dilation - 1) / dilation;
  if (*last > taps) *last = taps;
  if (*first > *last) *first = *last;
}

/// Prefetches the pixels that an output of the next row reads and that have not been read before.
static void fetch_below(const vn_window *w, const float *image, int64_t row, int64_t column) {
  for (int64_t i = row; i < row + w->stride_h && i < w->h; i++)
    for (int64_t j = column; j < column + w->stride_w && j < w->w; j++) {
      if (i < 0 || j < 0) continue;
      const float *pixel = image + i * w->x_row + j * w->x_pixel;
      for (int64_t c = 0; c < w->c; c += 16) __builtin_prefetch(pixel + c, 0, 2);
    }
}

/// Whether neighboring outputs read neighboring pixels, so that those inside the image are one long pixel.
static bool joins(const vn_window *w) { return w->stride_w == 1 && w->x_pixel == w->c && w->y_pixel == w->c; }

/// Some outputs of a row. More than one have windows within the image.
static void pool_pixels(const pooling_run *r, int64_t image, int64_t oy, int64_t ox, int64_t outputs) {
  const vn_window *w = r->window;
  const bool apart = outputs > 1 && !joins(w);
  const size_t channels = (size_t)(apart ? w->c : w->c * outputs);
  const int64_t iy = oy * w->stride_h - w->pad_top, ix = ox * w->stride_w - w->pad_left;
  int64_t y0, y1, x0, x1;
  taps_inside(iy, w->dilation_h, w->kh, w->h, &y0, &y1);
  taps_inside(ix, w->dilation_w, w->kw, w->w, &x0, &x1);
  float *y = r->y + image * w->y_image + oy * w->y_row + ox * w->y_pixel;
  if (r->bf16 && (y0 == y1 || x0 == x1)) {
    for (size_t c = 0; c < channels; c++) ((uint16_t *)y)[c] = 0xff80;
    return;
  }
  if (y0 == y1 || x0 == x1) {
    for (int64_t o = 0; o < (apart ? outputs : 1); o++)
      for (size_t c = 0; c < channels; c++) y[o * w->y_pixel + (int64_t)c] = r->average ? 0 : -INFINITY;
    return;
  }
  const vn_reduction op = r->average ? VN_SUM : VN_REDUCE_MAX;
  const float *taps[most_taps];
  size_t count_taps = 0;
  bool first = true;
  for (int64_t ky = y0; ky < y1; ky++) {
    const float *row = r->x + image * w->x_image + (iy + ky * w->dilation_h) * w->x_row;
    for (int64_t kx = x0; kx < x1; kx++) {
      taps[count_taps++] = row + (ix + kx * w->dilation_w) * w->x_pixel;
      if (count_taps < most_taps && (ky + 1 < y1 || kx + 1 < x1)) continue;
      if (r->bf16) r->bf16->maximum(first, count_taps, (const uint16_t *const *)taps, channels, (uint16_t *)y);
      else if (apart) r->k->accumulate_windows(op, (size_t)outputs, w->stride_w * w->x_pixel, w->y_pixel, count_taps, taps, channels, y);
      else r->k->accumulate_taps(op, first, count_taps, taps, channels, y);
      count_taps = 0, first = false;
    }
  }
  if (outputs == 1) fetch_below(w, r->x + image * w->x_image, iy + w->kh, ix);
  if (!r->average) return;
  int64_t count = (y1 - y0) * (x1 - x0);
  if (w->count_include_pad) {
    int64_t py0, py1, px0, px1;
    taps_inside(iy + w->pad_top, w->dilation_h, w->kh, (int64_t)w->h + w->pad_top + w->pad_bottom, &py0, &py1);
    taps_inside(ix + w->pad_left, w->dilation_w, w->kw, (int64_t)w->w + w->pad_left + w->pad_right, &px0, &px1);
    count = (py1 - py0) * (px1 - px0);
  }
  for (int64_t o = 0; o < (apart ? outputs : 1); o++, y += w->y_pixel)
    r->k->unary(VN_AFFINE, 1 / (float)count, 0, channels, y, y);
}

/// The outputs of a row, from `first` to before `end`, that are computed at once: their windows lie within the image, and are one
/// long pixel, or pixels of so few channels that a call for each would take longer than its work.
static void inner_outputs(const pooling_run *r, int64_t *first, int64_t *end) {
  const vn_window *w = r->window;
  const bool few = w->c < few_channels && w->kh * w->kw <= most_taps;
  const int64_t room = (int64_t)w->w - 1 + w->pad_left - (int64_t)(w->kw - 1) * w->dilation_w;
  if (r->bf16 || room < 0 || !(joins(w) || few)) return;
  *first = (w->pad_left + w->stride_w - 1) / w->stride_w;
  *end = room / w->stride_w + 1;
  if (*end > w->ow) *end = w->ow;
}

static void pooling_item(void *context, size_t index, int worker) {
  (void)worker;
  const pooling_run *r = context;
  const vn_window *w = r->window;
  const size_t rows = (size_t)w->n * (size_t)w->oh, end = vn_smaller((index + 1) * r->rows_per_item, rows);
  int64_t inside = 0, after = 0;
  inner_outputs(r, &inside, &after);
  for (size_t row = index * r->rows_per_item; row < end; row++)
    for (int64_t ox = 0, next; ox < w->ow; ox = next) {
      next = ox == inside && after > inside ? after : ox + 1;
      pool_pixels(r, (int64_t)(row / (size_t)w->oh), (int64_t)(row % (size_t)w->oh), ox, next - ox);
    }
}

static void run_pooling(pooling_run *r, vn_pool *pool) {
  const vn_window *w = r->window;
  const double work = (double)w->ow * w->c * w->kh * w->kw;
  if (w->c == 0 || w->ow == 0) return;
  r->rows_per_item = vn_whole(1e5 / work) + 1;
  vn_pool_run(pool, vn_divide_up((size_t)w->n * (size_t)w->oh, r->rows_per_item), pooling_item, r);
}

void vn_max_pool(const vn_kernels *k, const vn_window *window, const float *x, float *y, vn_pool *pool) {
  pooling_run r = {.k = k, .window = window, .x = x, .y = y};
  run_pooling(&r, pool);
}

void vn_bmax_pool(const vn_kernels *k, const vn_window *window, const void *x, void *y, vn_pool *pool) {
  pooling_run r = {.k = k, .window = window, .x = x, .y = y, .bf16 = vn_bkernels_for(k, false)};
  run_pooling(&r, pool);
}

void vn_average_pool(const vn_kernels *k, const vn_window *window, const float *x, float *y, vn_pool *pool) {
  pooling_run r = {.k = k, .window = window, .x = x, .y = y, .average = true};
  run_pooling(&r, pool);
}

/// Some channels of one image. Sums are formed per image row first, so that long ones stay accurate.
static void global_item(void *context, size_t index, int worker) {
  (void)worker;
  const pooling_run *r = context;
  const vn_window *w = r->window;
  const int64_t image = (int64_t)(index / r->channel_chunks);
  const size_t channel = index % r->channel_chunks * r->channels_per_item;
  const size_t end = vn_smaller(channel + r->channels_per_item, (size_t)w->c);
  const vn_reduction op = r->average ? VN_SUM : VN_REDUCE_MAX;
  float *y = r->y + image * w->y_image;
  for (size_t c = channel; c < end; c += 64) {
    const size_t count = vn_smaller(64, end - c);
    for (int32_t iy = 0; iy < w->h; iy++) {
      float sums[64];
      const float *x = r->x + image * w->x_image + iy * w->x_row + c;
      for (int32_t ix = 0; ix < w->w; ix++, x += w->x_pixel) r->k->accumulate(op, ix == 0, count, x, sums);
      r->k->accumulate(op, iy == 0, count, sums, y + c);
    }
    if (r->average) r->k->unary(VN_AFFINE, 1 / ((float)w->h * (float)w->w), 0, count, y + c, y + c);
  }
}

static void run_global(pooling_run *r, vn_pool *pool) {
  const vn_window *w = r->window;
  if (w->c == 0 || w->n == 0 || w->h == 0 || w->w == 0) return;
  const size_t wanted = vn_larger(1, vn_smaller((size_t)w->c / 64, (size_t)w->h * (size_t)w->w * (size_t)w->c / 16384));
  r->channels_per_item = vn_divide_up(vn_divide_up((size_t)w->c, wanted), 64) * 64;
  r->channel_chunks = vn_divide_up((size_t)w->c, r->channels_per_item);
  vn_pool_run(pool, r->channel_chunks * (size_t)w->n, global_item, r);
}

void vn_global_average_pool(const vn_kernels *k, const vn_window *window, const float *x, float *y,
                            vn_pool *pool) {
  pooling_run r = {.k = k, .window = window, .x = x, .y = y, .average = true};
  run_global(&r, pool);
}

void vn_global_max_pool(const vn_kernels *k, const vn_window *window, const float *x, float *y,
                        vn_pool *pool) {
  pooling_run r = {.k = k, .window = window, .x = x, .y = y};
  run_global(&r, pool);
}

typedef struct lrn_run {
  const vn_kernels *k;
  size_t pixels, channels, per_item;
  int size;
  float alpha, beta, bias;
  const float *x;
  float *y;
  int64_t x_row, y_row;
} lrn_run;

static void lrn_item(void *context, size_t index, int worker) {
  (void)worker;
  const lrn_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->pixels);
  for (size_t i = index * r->per_item; i < end; i++)
    r->k->lrn(r->channels, (r->size - 1) / 2, r->size / 2, r->alpha / (float)r->size, r->beta, r->bias,
              r->x + (int64_t)i * r->x_row, r->y + (int64_t)i * r->y_row);
}

void vn_lrn(const vn_kernels *k, size_t pixels, size_t channels, int size, float alpha, float beta, float bias,
            const float *x, int64_t x_row, float *y, int64_t y_row, vn_pool *pool) {
  if (channels == 0) return;
  lrn_run r = {.k = k, .pixels = pixels, .channels = channels, .per_item = 4096 / channels + 1, .size = size,
               .alpha = alpha, .beta = beta, .bias = bias, .x = x, .y = y, .x_row = x_row, .y_row = y_row};
  vn_pool_run(pool, vn_divide_up(pixels, r.per_item), lrn_item, &r);
}
