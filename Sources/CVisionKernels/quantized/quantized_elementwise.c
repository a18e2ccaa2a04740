// Elementwise operations on bytes, conversions from and to floats, and pooling.
#include <string.h>

#include "quantized.h"

enum { run_length = 32 * 1024 };

typedef struct elements {
  const vn_qkernels *q;
  size_t count;
  const void *x, *z;
  void *y;
  float scale;
  int32_t zero;
  const vn_qadd *add;
} elements;

static void quantize_item(void *context, size_t index, int worker) {
  (void)worker;
  const elements *e = context;
  const size_t first = index * run_length, count = vn_smaller(run_length, e->count - first);
  e->q->quantize(count, (const float *)e->x + first, e->scale, e->zero, (uint8_t *)e->y + first);
}

static void dequantize_item(void *context, size_t index, int worker) {
  (void)worker;
  const elements *e = context;
  const size_t first = index * run_length, count = vn_smaller(run_length, e->count - first);
  e->q->dequantize(count, (const uint8_t *)e->x + first, e->scale, e->zero, (float *)e->y + first);
}

static void add_item(void *context, size_t index, int worker) {
  (void)worker;
  const elements *e = context;
  const size_t first = index * run_length, count = vn_smaller(run_length, e->count - first);
  e->q->add(e->add, count, (const uint8_t *)e->x + first, (const uint8_t *)e->z + first, (uint8_t *)e->y + first);
}

void vn_quantize(const vn_kernels *k, size_t count, const float *x, float scale, int32_t zero, uint8_t *y,
                 vn_pool *pool) {
  elements e = {.q = vn_qkernels_for(k, false), .count = count, .x = x, .y = y, .scale = scale, .zero = zero};
  vn_pool_run(pool, vn_divide_up(count, run_length), quantize_item, &e);
}

void vn_dequantize(const vn_kernels *k, size_t count, const uint8_t *x, float scale, int32_t zero, float *y,
                   vn_pool *pool) {
  elements e = {.q = vn_qkernels_for(k, false), .count = count, .x = x, .y = y, .scale = scale, .zero = zero};
  vn_pool_run(pool, vn_divide_up(count, run_length), dequantize_item, &e);
}

void vn_qadd_run(const vn_kernels *k, const vn_qadd *add, size_t count, const uint8_t *a, const uint8_t *b, uint8_t *y,
                 vn_pool *pool) {
  elements e = {.q = vn_qkernels_for(k, false), .count = count, .x = a, .z = b, .y = y, .add = add};
  vn_pool_run(pool, vn_divide_up(count, run_length), add_item, &e);
}

typedef struct planes {
  const vn_qkernels *q;
  size_t c, pixels, chunks;
  const float *x;
  uint8_t *y;
  float scale;
  int32_t zero;
} planes;

enum { pixels_per_chunk = 4096, pixels_at_once = 256 };

/// Some pixels of one image.
static void planes_item(void *context, size_t index, int worker) {
  (void)worker;
  const planes *p = context;
  const size_t image = index / p->chunks, first = index % p->chunks * pixels_per_chunk;
  const size_t end = vn_smaller(first + pixels_per_chunk, p->pixels);
  const float *x = p->x + image * p->c * p->pixels;
  uint8_t *y = p->y + image * p->c * p->pixels;
  uint8_t bytes[4][pixels_at_once];
  for (size_t at = first; at < end; at += pixels_at_once) {
    const size_t count = vn_smaller(pixels_at_once, end - at);
    for (size_t c = 0; c < p->c; c += 4) {
      const size_t channels = vn_smaller(4, p->c - c);
      for (size_t j = 0; j < channels; j++)
        p->q->quantize(count, x + (c + j) * p->pixels + at, p->scale, p->zero, bytes[j]);
      uint8_t *target = y + at * p->c + c;
      if (p->c == 3) {
        p->q->interleave(count, (const uint8_t *[]){bytes[0], bytes[1], bytes[2]}, target);
      } else {
        for (size_t i = 0; i < count; i++, target += p->c)
          for (size_t j = 0; j < channels; j++) target[j] = bytes[j][i];
      }
    }
  }
}

void vn_quantize_nchw(const vn_kernels *k, size_t n, size_t c, size_t pixels, const float *x, float scale,
                      int32_t zero, uint8_t *y, vn_pool *pool) {
  planes p = {.q = vn_qkernels_for(k, false), .c = c, .pixels = pixels,
              .chunks = vn_divide_up(pixels, pixels_per_chunk), .x = x, .y = y, .scale = scale, .zero = zero};
  vn_pool_run(pool, n * p.chunks, planes_item, &p);
}

enum { row_bytes = 16384 };

typedef struct pooling {
  const vn_qkernels *q;
  const vn_window *window;
  const uint8_t *x;
  uint8_t *y;
  size_t rows_per_item;
} pooling;

/// Whether `pool_row` can compute the window, as for most networks: columns without gaps, and rows that fit its buffer.
static bool pools_rows(const vn_window *w) {
  return w->dilation_w == 1 && (size_t)w->w * (size_t)w->c <= row_bytes && w->kw <= w->w;
}

/// One row of results: first the maximum over the window's rows, a whole row at a time, then over its columns.
static void pool_row(const pooling *p, const uint8_t *image, int64_t oy, uint8_t *y) {
  const vn_window *w = p->window;
  const size_t channels = (size_t)w->c, length = (size_t)w->w * channels;
  uint8_t row[row_bytes];
  bool empty = true;
  for (int32_t ky = 0; ky < w->kh; ky++) {
    const int64_t iy = oy * w->stride_h - w->pad_top + (int64_t)ky * w->dilation_h;
    if (iy < 0 || iy >= w->h) continue;
    if (empty) memcpy(row, image + (size_t)iy * length, length);
    else p->q->maximum(length, image + (size_t)iy * length, row);
    empty = false;
  }
  for (int64_t ox = 0; ox < w->ow; ox++, y += channels) {
    int64_t first = ox * w->stride_w - w->pad_left, last = first + w->kw;
    if (first < 0) first = 0;
    if (last > w->w) last = w->w;
    if (empty || first >= last) {
      memset(y, 0, channels);
      continue;
    }
    p->q->maximum_of(channels, (size_t)(last - first), row + (size_t)first * channels, y);
  }
}

static void pooling_item(void *context, size_t index, int worker) {
  (void)worker;
  const pooling *p = context;
  const vn_window *w = p->window;
  const size_t channels = (size_t)w->c, rows = (size_t)w->n * (size_t)w->oh;
  const size_t end = vn_smaller((index + 1) * p->rows_per_item, rows);
  for (size_t row = index * p->rows_per_item; row < end; row++) {
    const int64_t oy = (int64_t)(row % (size_t)w->oh);
    const uint8_t *image = p->x + row / (size_t)w->oh * (size_t)w->h * (size_t)w->w * channels;
    uint8_t *y = p->y + row * (size_t)w->ow * channels;
    if (pools_rows(w)) {
      pool_row(p, image, oy, y);
      continue;
    }
    for (int64_t ox = 0; ox < w->ow; ox++, y += channels) {
      bool first = true;
      for (int32_t ky = 0; ky < w->kh; ky++) {
        const int64_t iy = oy * w->stride_h - w->pad_top + (int64_t)ky * w->dilation_h;
        if (iy < 0 || iy >= w->h) continue;
        for (int32_t kx = 0; kx < w->kw; kx++) {
          const int64_t ix = ox * w->stride_w - w->pad_left + (int64_t)kx * w->dilation_w;
          if (ix < 0 || ix >= w->w) continue;
          const uint8_t *x = image + (iy * w->w + ix) * (int64_t)channels;
          if (first) memcpy(y, x, channels);
          else p->q->maximum(channels, x, y);
          first = false;
        }
      }
      if (first) memset(y, 0, channels);
    }
  }
}

void vn_qmax_pool(const vn_kernels *k, const vn_window *window, const uint8_t *x, uint8_t *y, vn_pool *pool) {
  if (window->c == 0 || window->ow == 0) return;
  const double work = (double)window->ow * window->c * window->kh * window->kw;
  pooling p = {.q = vn_qkernels_for(k, false), .window = window, .x = x, .y = y,
               .rows_per_item = vn_whole(4e5 / work) + 1};
  vn_pool_run(pool, vn_divide_up((size_t)window->n * (size_t)window->oh, p.rows_per_item), pooling_item, &p);
}

typedef struct average {
  const vn_qkernels *q;
  size_t pixels, c, chunks;
  const uint8_t *x;
  uint8_t *y;
  int32_t x_zero, zero;
  float multiplier, low, high;
} average;

enum { channels_at_once = 256 };

static void average_item(void *context, size_t index, int worker) {
  (void)worker;
  const average *a = context;
  const size_t image = index / a->chunks, first = index % a->chunks * channels_at_once;
  const size_t count = vn_smaller(channels_at_once, a->c - first);
  int32_t sums[channels_at_once];
  for (size_t c = 0; c < count; c++) sums[c] = -(int32_t)a->pixels * a->x_zero;
  const uint8_t *x = a->x + image * a->pixels * a->c + first;
  for (size_t i = 0; i < a->pixels; i++, x += a->c) a->q->accumulate(count, x, sums);
  float means[channels_at_once];
  for (size_t c = 0; c < count; c++) {
    const float t = (float)sums[c] * a->multiplier;
    means[c] = t < a->low ? a->low : t > a->high ? a->high : t;
  }
  a->q->quantize(count, means, 1, a->zero, a->y + image * a->c + first);
}

void vn_qglobal_average(const vn_kernels *k, size_t n, size_t pixels, size_t c, const uint8_t *x, int32_t x_zero,
                        float multiplier, float low, float high, int32_t zero, uint8_t *y, vn_pool *pool) {
  average a = {.q = vn_qkernels_for(k, false), .pixels = pixels, .c = c,
               .chunks = vn_divide_up(c, channels_at_once), .x = x, .y = y, .x_zero = x_zero, .zero = zero,
               .multiplier = multiplier, .low = low, .high = high};
  vn_pool_run(pool, n * a.chunks, average_item, &a);
}
