// Copies between layouts.
#include <string.h>

#include "kernels.h"

typedef struct copy_run {
  int rank;
  int64_t dims[8], source[8], destination[8];
  const char *from;
  char *to;
  size_t bytes, outer, per_item;
} copy_run;

#define COPY_LINE(type)                                                                              \
  do {                                                                                               \
    const type *s = (const type *)from;                                                              \
    type *t = (type *)to;                                                                            \
    for (int64_t i = 0; i < count; i++) memcpy(&t[i * to_step], &s[i * from_step], sizeof(type));    \
  } while (0)

static void copy_line(const char *from, int64_t from_step, char *to, int64_t to_step, int64_t count,
                      size_t bytes) {
  if (from_step == 1 && to_step == 1) {
    memcpy(to, from, (size_t)count * bytes);
    return;
  }
  if (bytes == 1) COPY_LINE(uint8_t);
  else if (bytes == 2) COPY_LINE(uint16_t);
  else if (bytes == 4) COPY_LINE(uint32_t);
  else COPY_LINE(uint64_t);
}

static void copy_item(void *context, size_t index, int worker) {
  (void)worker;
  const copy_run *r = context;
  const int last = r->rank - 1;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer);
  for (size_t i = index * r->per_item; i < end; i++) {
    int64_t from = 0, to = 0;
    size_t rest = i;
    for (int d = last - 1; d >= 0; d--) {
      int64_t at = (int64_t)(rest % (size_t)r->dims[d]);
      rest /= (size_t)r->dims[d];
      from += at * r->source[d];
      to += at * r->destination[d];
    }
    copy_line(r->from + from * (int64_t)r->bytes, r->source[last], r->to + to * (int64_t)r->bytes,
              r->destination[last], r->dims[last], r->bytes);
  }
}

void vn_copy_strided(int rank, const int64_t *dims, const void *source, const int64_t *source_strides,
                     void *destination, const int64_t *destination_strides, size_t element_bytes,
                     vn_pool *pool) {
  copy_run r = {.from = source, .to = destination, .bytes = element_bytes};
  for (int d = 0; d < rank; d++) {
    if (dims[d] == 0) return;
    if (dims[d] == 1) continue;
    const int at = r.rank;
    if (at > 0 && r.source[at - 1] == dims[d] * source_strides[d] &&
        r.destination[at - 1] == dims[d] * destination_strides[d]) {
      r.dims[at - 1] *= dims[d];
      r.source[at - 1] = source_strides[d];
      r.destination[at - 1] = destination_strides[d];
      continue;
    }
    r.dims[at] = dims[d];
    r.source[at] = source_strides[d];
    r.destination[at] = destination_strides[d];
    r.rank++;
  }
  if (r.rank == 0) r.rank = 1, r.dims[0] = 1, r.source[0] = 1, r.destination[0] = 1;
  // One long line is cut, so that threads can share it.
  if (r.rank == 1 && r.dims[0] >= 65536 && r.dims[0] % 64 == 0) {
    r.rank = 2;
    r.dims[1] = r.dims[0] / 64;
    r.dims[0] = 64;
    r.source[1] = r.source[0];
    r.destination[1] = r.destination[0];
    r.source[0] *= r.dims[1];
    r.destination[0] *= r.dims[1];
  }
  r.outer = 1;
  for (int d = 0; d < r.rank - 1; d++) r.outer *= (size_t)r.dims[d];
  const size_t line = (size_t)r.dims[r.rank - 1];
  r.per_item = 32768 / vn_smaller(32768, line);
  vn_pool_run(pool, vn_divide_up(r.outer, r.per_item), copy_item, &r);
}

typedef struct layout_run {
  const vn_kernels *k;
  size_t channels, pixels, per_item, chunks;
  const float *x;
  float *y;
  int64_t pixel, image;
  bool to_nhwc;
} layout_run;

static void layout_item(void *context, size_t index, int worker) {
  (void)worker;
  const layout_run *r = context;
  const int64_t image = (int64_t)(index / r->chunks), plane = (int64_t)r->pixels;
  const size_t start = index % r->chunks * r->per_item, count = vn_smaller(r->per_item, r->pixels - start);
  const int64_t dense = image * plane * (int64_t)r->channels + (int64_t)start;
  const int64_t spread = image * r->image + (int64_t)start * r->pixel;
  if (r->to_nhwc) r->k->transpose(r->channels, count, r->x + dense, plane, r->y + spread, r->pixel);
  else r->k->transpose(count, r->channels, r->x + spread, r->pixel, r->y + dense, plane);
}

static void run_layout(layout_run *r, size_t n, vn_pool *pool) {
  if (r->channels == 0 || r->pixels == 0) return;
  r->per_item = (vn_smaller(16384 / vn_smaller(16384, r->channels), r->pixels) + 3) / 4 * 4;
  r->chunks = vn_divide_up(r->pixels, r->per_item);
  vn_pool_run(pool, r->chunks * n, layout_item, r);
}

void vn_nchw_to_nhwc(const vn_kernels *k, size_t n, size_t c, size_t pixels, const float *x, float *y,
                     int64_t y_pixel, int64_t y_image, vn_pool *pool) {
  layout_run r = {.k = k, .channels = c, .pixels = pixels, .x = x, .y = y, .pixel = y_pixel,
                  .image = y_image, .to_nhwc = true};
  run_layout(&r, n, pool);
}

void vn_nhwc_to_nchw(const vn_kernels *k, size_t n, size_t c, size_t pixels, const float *x, int64_t x_pixel,
                     int64_t x_image, float *y, vn_pool *pool) {
  layout_run r = {.k = k, .channels = c, .pixels = pixels, .x = x, .y = y, .pixel = x_pixel, .image = x_image};
  run_layout(&r, n, pool);
}

typedef struct shuffle_run {
  size_t pixels, groups, channels, per_item;
  const float *x;
  float *y;
} shuffle_run;

static void shuffle_item(void *context, size_t index, int worker) {
  (void)worker;
  const shuffle_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->pixels), size = r->channels, groups = r->groups;
  for (size_t p = index * r->per_item; p < end; p++) {
    const float *restrict x = r->x + p * groups * size;
    float *restrict y = r->y + p * groups * size;
    if (groups == 2) {
      // Two rows are interleaved by vector instructions.
      const float *restrict second = x + size;
      for (size_t j = 0; j < size; j++) {
        y[2 * j] = x[j];
        y[2 * j + 1] = second[j];
      }
      continue;
    }
    for (size_t i = 0; i < groups; i++)
      for (size_t j = 0; j < size; j++) y[j * groups + i] = x[i * size + j];
  }
}

void vn_shuffle_channels(size_t pixels, size_t groups, size_t channels, const float *x, float *y, vn_pool *pool) {
  if (pixels * groups * channels == 0) return;
  shuffle_run r = {.pixels = pixels, .groups = groups, .channels = channels, .x = x, .y = y};
  r.per_item = 32768 / vn_smaller(32768, groups * channels);
  vn_pool_run(pool, vn_divide_up(pixels, r.per_item), shuffle_item, &r);
}
