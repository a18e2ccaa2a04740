// Copies between layouts.
#include <string.h>

#include "kernels.h"

/// The axes from the outermost on; the last two are a plane, which is copied as a whole.
typedef struct copy_run {
  int rank;
  int64_t dims[8], source[8], destination[8];
  const char *from;
  char *to;
  size_t bytes, planes, planes_per_item;
  int64_t rows_per_item;  ///< of one plane, where a plane is more than an item
} copy_run;

/// Rows of a plane and the elements of a row, with strides in elements.
typedef struct copy_plane {
  int64_t rows, from_row, to_row, count, from_step, to_step;
} copy_plane;

typedef uint32_t four __attribute__((ext_vector_type(4)));
typedef uint32_t four_memory __attribute__((ext_vector_type(4), aligned(1), may_alias));

/// At least 16 bytes.
static void copy_bytes(const char *from, char *to, int64_t bytes) {
  int64_t i = 0;
  for (; i + 16 <= bytes; i += 16) *(four_memory *)(to + i) = *(const four_memory *)(from + i);
  if (i < bytes) *(four_memory *)(to + bytes - 16) = *(const four_memory *)(from + bytes - 16);
}

#define COPY_LINE(type)                                                                              \
  do {                                                                                               \
    const type *s = (const type *)from;                                                              \
    type *t = (type *)to;                                                                            \
    for (int64_t i = 0; i < count; i++) memcpy(&t[i * to_step], &s[i * from_step], sizeof(type));    \
  } while (0)

static void copy_line(const char *from, int64_t from_step, char *to, int64_t to_step, int64_t count,
                      size_t bytes) {
  if (from_step == 1 && to_step == 1) {
    const int64_t all = count * (int64_t)bytes;
    if (all >= 16 && all <= 256) copy_bytes(from, to, all);
    else memcpy(to, from, (size_t)all);
    return;
  }
  if (bytes == 1) COPY_LINE(uint8_t);
  else if (bytes == 2) COPY_LINE(uint16_t);
  else if (bytes == 4) COPY_LINE(uint32_t);
  else COPY_LINE(uint64_t);
}

/// Four elements of four rows, which lie one after the other in the source.
static void transpose_four(const uint32_t *x, int64_t x_row, uint32_t *y, int64_t y_row) {
  const four a = *(const four_memory *)x, b = *(const four_memory *)(x + x_row);
  const four c = *(const four_memory *)(x + 2 * x_row), d = *(const four_memory *)(x + 3 * x_row);
  const four ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const four cd0 = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd1 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(four_memory *)y = __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5);
  *(four_memory *)(y + y_row) = __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7);
  *(four_memory *)(y + 2 * y_row) = __builtin_shufflevector(ab1, cd1, 0, 1, 4, 5);
  *(four_memory *)(y + 3 * y_row) = __builtin_shufflevector(ab1, cd1, 2, 3, 6, 7);
}

static void copy_plane_of(copy_plane p, const char *from, char *to, size_t bytes) {
  if (bytes == 4 && p.from_row == 1 && p.to_step == 1 && p.rows >= 4 && p.count >= 4) {
    const uint32_t *x = (const uint32_t *)(const void *)from;
    uint32_t *y = (uint32_t *)(void *)to;
    const int64_t rows = p.rows / 4 * 4, count = p.count / 4 * 4;
    for (int64_t i = 0; i < rows; i += 4)
      for (int64_t j = 0; j < count; j += 4)
        transpose_four(x + i + j * p.from_step, p.from_step, y + i * p.to_row + j, p.to_row);
    for (int64_t i = 0; i < p.rows; i++)
      for (int64_t j = i < rows ? count : 0; j < p.count; j++) memcpy(&y[i * p.to_row + j], &x[i + j * p.from_step], 4);
    return;
  }
  const bool contiguous = p.from_step == 1 && p.to_step == 1;
  if (!contiguous && p.rows > p.count)
    p = (copy_plane){p.count, p.from_step, p.to_step, p.rows, p.from_row, p.to_row};
  for (int64_t i = 0; i < p.rows; i++)
    copy_line(from + i * p.from_row * (int64_t)bytes, p.from_step, to + i * p.to_row * (int64_t)bytes, p.to_step, p.count,
              bytes);
}

static void copy_item(void *context, size_t index, int worker) {
  (void)worker;
  const copy_run *r = context;
  const int row = r->rank - 2, last = r->rank - 1;
  copy_plane p = {r->dims[row], r->source[row], r->destination[row], r->dims[last], r->source[last], r->destination[last]};
  size_t first = index * r->planes_per_item, end = vn_smaller(first + r->planes_per_item, r->planes);
  int64_t from = 0, to = 0;
  if (r->planes_per_item == 1) {
    // An item is some rows of one plane.
    const size_t parts = vn_divide_up((size_t)p.rows, (size_t)r->rows_per_item);
    const int64_t start = (int64_t)(index % parts) * r->rows_per_item;
    first = index / parts, end = first + 1;
    from = start * p.from_row, to = start * p.to_row;
    p.rows = p.rows - start < r->rows_per_item ? p.rows - start : r->rows_per_item;
  }
  int64_t at[8] = {0};
  size_t rest = first;
  for (int d = row - 1; d >= 0; d--) {
    at[d] = (int64_t)(rest % (size_t)r->dims[d]);
    rest /= (size_t)r->dims[d];
    from += at[d] * r->source[d];
    to += at[d] * r->destination[d];
  }
  for (size_t i = first; i < end; i++) {
    copy_plane_of(p, r->from + from * (int64_t)r->bytes, r->to + to * (int64_t)r->bytes, r->bytes);
    for (int d = row - 1; d >= 0; d--) {
      from += r->source[d], to += r->destination[d];
      if (++at[d] < r->dims[d]) break;
      at[d] = 0;
      from -= r->dims[d] * r->source[d], to -= r->dims[d] * r->destination[d];
    }
  }
}

/// Takes axes of one element out, and joins those that lie in both tensors as one.
static void collapse(copy_run *r, int rank, const int64_t *dims, const int64_t *source, const int64_t *destination) {
  for (int d = 0; d < rank; d++) {
    if (dims[d] == 1) continue;
    const int at = r->rank;
    if (at > 0 && r->source[at - 1] == dims[d] * source[d] && r->destination[at - 1] == dims[d] * destination[d]) {
      r->dims[at - 1] *= dims[d];
      r->source[at - 1] = source[d];
      r->destination[at - 1] = destination[d];
      continue;
    }
    r->dims[at] = dims[d];
    r->source[at] = source[d];
    r->destination[at] = destination[d];
    r->rank++;
  }
}

/// Takes pairs of neighbors for elements of twice the size, as often as all strides allow it.
static void widen(copy_run *r) {
  while (r->rank > 0 && r->bytes < 8) {
    const int last = r->rank - 1;
    bool even = r->dims[last] == 2 && r->source[last] == 1 && r->destination[last] == 1;
    for (int d = 0; d < last; d++) even = even && r->source[d] % 2 == 0 && r->destination[d] % 2 == 0;
    if (!even) return;
    r->bytes *= 2, r->rank--;
    for (int d = 0; d < last; d++) r->source[d] /= 2, r->destination[d] /= 2;
  }
}

/// Makes sure that there is a plane: the axis that is contiguous in the source, if another one is in the destination, becomes its
/// rows; one long line is cut into 64 parts.
static void choose_plane(copy_run *r) {
  if (r->rank == 0) r->rank = 1, r->dims[0] = 1, r->source[0] = 1, r->destination[0] = 1;
  if (r->rank == 1) {
    const int64_t parts = r->dims[0] >= 65536 && r->dims[0] % 64 == 0 ? 64 : 1, length = r->dims[0] / parts;
    r->dims[1] = length, r->source[1] = r->source[0], r->destination[1] = r->destination[0];
    r->dims[0] = parts, r->source[0] *= length, r->destination[0] *= length;
    r->rank = 2;
  }
  const int last = r->rank - 1;
  if (r->destination[last] != 1 || r->source[last] == 1) return;
  for (int d = 0; d < last - 1; d++) {
    if (r->source[d] != 1 || r->dims[d] < 4) continue;
    const int64_t dims = r->dims[d], source = r->source[d], destination = r->destination[d];
    for (int e = d; e < last - 1; e++)
      r->dims[e] = r->dims[e + 1], r->source[e] = r->source[e + 1], r->destination[e] = r->destination[e + 1];
    r->dims[last - 1] = dims, r->source[last - 1] = source, r->destination[last - 1] = destination;
    return;
  }
}

void vn_copy_strided(int rank, const int64_t *dims, const void *source, const int64_t *source_strides,
                     void *destination, const int64_t *destination_strides, size_t element_bytes,
                     vn_pool *pool) {
  for (int d = 0; d < rank; d++)
    if (dims[d] == 0) return;
  copy_run r = {.from = source, .to = destination, .bytes = element_bytes};
  collapse(&r, rank, dims, source_strides, destination_strides);
  widen(&r);
  choose_plane(&r);
  const size_t item = 32768;
  const size_t rows = (size_t)r.dims[r.rank - 2], count = (size_t)r.dims[r.rank - 1];
  r.planes = 1;
  for (int d = 0; d < r.rank - 2; d++) r.planes *= (size_t)r.dims[d];
  r.planes_per_item = vn_larger(1, item / vn_smaller(item, rows * count));
  r.rows_per_item = (int64_t)vn_smaller(rows, vn_larger(item / vn_smaller(item, count) / 4 * 4, 4));
  const size_t parts = r.planes_per_item == 1 ? vn_divide_up(rows, (size_t)r.rows_per_item) : 1;
  vn_pool_run(pool, vn_divide_up(r.planes, r.planes_per_item) * parts, copy_item, &r);
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
