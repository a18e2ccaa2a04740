// Gathering and scattering by indices that are known only in the run.
#include <string.h>

#include "vn_indexing.h"
#include "../shared/arithmetic.h"

static inline int64_t index_at(vn_indices indices, size_t at) {
  return indices.bytes == 4 ? ((const int32_t *)indices.data)[at] : ((const int64_t *)indices.data)[at];
}

size_t vn_first_outside(vn_indices indices, size_t first, size_t step, size_t count, int64_t extent) {
  for (size_t i = 0; i < count; i++) {
    const int64_t index = index_at(indices, first + i * step);
    if (index < -extent || index >= extent) return i;
  }
  return count;
}

static inline void copy_elements(char *to, const char *from, size_t bytes) {
  if (bytes == 4) memcpy(to, from, 4);
  else if (bytes == 8) memcpy(to, from, 8);
  else if (bytes == 1) *to = *from;
  else memcpy(to, from, bytes);
}

/// The first element of a slice.
static inline int64_t slice_start(const vn_slices *s, vn_indices indices, size_t r) {
  const size_t batch = r / s->rows, at = s->shares ? r - batch * s->rows : r;
  int64_t start = (int64_t)batch * s->batch;
  for (int a = 0; a < s->axes; a++) {
    const int64_t index = index_at(indices, at * (size_t)s->axes + (size_t)a);
    start += (index < 0 ? index + s->extents[a] : index) * s->strides[a];
  }
  return start;
}

typedef struct gather_run {
  const vn_slices *slices;
  const vn_along *along;
  vn_indices indices;
  const char *x;
  char *y;
  size_t per_item, count;
} gather_run;

static void slices_item(void *context, size_t index, int worker) {
  (void)worker;
  const gather_run *g = context;
  const vn_slices *s = g->slices;
  const size_t bytes = s->elements * s->bytes, end = vn_smaller((index + 1) * g->per_item, g->count);
  for (size_t r = index * g->per_item; r < end; r++)
    copy_elements(g->y + r * bytes, g->x + slice_start(s, g->indices, r) * (int64_t)s->bytes, bytes);
}

void vn_gather_slices(const vn_slices *s, vn_indices indices, const void *x, void *y, vn_pool *pool) {
  if (s->elements == 0) return;
  gather_run g = {.slices = s, .indices = indices, .x = x, .y = y, .count = s->count};
  g.per_item = 16384 / vn_smaller(16384, s->elements);
  vn_pool_run(pool, vn_divide_up(s->count, g.per_item), slices_item, &g);
}

/// The place in x of the first index of a row of them, which runs along the last axis.
static inline int64_t row_base(const vn_along *a, size_t row) {
  int64_t base = 0;
  for (int d = a->rank - 2; d >= 0; d--) {
    base += (int64_t)(row % (size_t)a->dims[d]) * a->strides[d];
    row /= (size_t)a->dims[d];
  }
  return base;
}

static inline int64_t along_place(const vn_along *a, int64_t base, int64_t column, int64_t index) {
  return base + column * a->strides[a->rank - 1] + (index < 0 ? index + a->extent : index) * a->stride;
}

static void elements_item(void *context, size_t index, int worker) {
  (void)worker;
  const gather_run *g = context;
  const vn_along *a = g->along;
  const size_t columns = (size_t)a->dims[a->rank - 1], end = vn_smaller((index + 1) * g->per_item, g->count);
  for (size_t row = index * g->per_item; row < end; row++) {
    const int64_t base = row_base(a, row);
    for (size_t c = 0; c < columns; c++) {
      const size_t at = row * columns + c;
      const int64_t place = along_place(a, base, (int64_t)c, index_at(g->indices, at));
      copy_elements(g->y + at * a->bytes, g->x + place * (int64_t)a->bytes, a->bytes);
    }
  }
}

static size_t rows_of(const vn_along *a) {
  size_t rows = 1;
  for (int d = 0; d < a->rank - 1; d++) rows *= (size_t)a->dims[d];
  return a->dims[a->rank - 1] == 0 ? 0 : rows;
}

void vn_gather_elements(const vn_along *a, vn_indices indices, const void *x, void *y, vn_pool *pool) {
  gather_run g = {.along = a, .indices = indices, .x = x, .y = y, .count = rows_of(a)};
  g.per_item = 8192 / vn_smaller(8192, vn_larger(1, (size_t)a->dims[a->rank - 1]));
  vn_pool_run(pool, vn_divide_up(g.count, g.per_item), elements_item, &g);
}

#define COMBINE_EACH(expression) \
  for (size_t i = 0; i < count; i++) y[i] = (expression)

/// Combines elements of a signed type; `wide` is the unsigned one, since sums and products wrap around.
#define COMBINE_INTEGERS(type, wide)                                                                 \
  static void combine_##type(vn_scatter op, size_t count, const type *u, type *y) {                  \
    switch (op) {                                                                                    \
      case VN_SCATTER_ADD: COMBINE_EACH((type)((wide)y[i] + (wide)u[i])); break;                     \
      case VN_SCATTER_MUL: COMBINE_EACH((type)((wide)y[i] * (wide)u[i])); break;                     \
      case VN_SCATTER_MIN: COMBINE_EACH(u[i] < y[i] ? u[i] : y[i]); break;                           \
      case VN_SCATTER_MAX: COMBINE_EACH(u[i] > y[i] ? u[i] : y[i]); break;                           \
      default: memcpy(y, u, count * sizeof(type));                                                   \
    }                                                                                                \
  }
COMBINE_INTEGERS(int32_t, uint32_t)
COMBINE_INTEGERS(int64_t, uint64_t)

static void combine_floats(vn_scatter op, size_t count, const float *u, float *y) {
  switch (op) {
    case VN_SCATTER_ADD: COMBINE_EACH(y[i] + u[i]); break;
    case VN_SCATTER_MUL: COMBINE_EACH(y[i] * u[i]); break;
    case VN_SCATTER_MIN: COMBINE_EACH(y[i] != y[i] || y[i] <= u[i] ? y[i] : u[i]); break;
    case VN_SCATTER_MAX: COMBINE_EACH(y[i] != y[i] || y[i] >= u[i] ? y[i] : u[i]); break;
    default: memcpy(y, u, count * sizeof(float));
  }
}

static inline void combine(vn_scatter op, vn_number type, size_t count, size_t bytes, const char *u, char *y) {
  if (op == VN_SCATTER_NONE) copy_elements(y, u, count * bytes);
  else if (type == VN_FLOAT32) combine_floats(op, count, (const float *)u, (float *)y);
  else if (type == VN_INT32) combine_int32_t(op, count, (const int32_t *)u, (int32_t *)y);
  else combine_int64_t(op, count, (const int64_t *)u, (int64_t *)y);
}

void vn_scatter_slices(const vn_slices *s, vn_scatter op, vn_number type, vn_indices indices, const void *updates,
                       void *y) {
  const size_t bytes = s->elements * s->bytes;
  if (bytes == 0) return;
  for (size_t r = 0; r < s->count; r++)
    combine(op, type, s->elements, s->bytes, (const char *)updates + r * bytes,
            (char *)y + slice_start(s, indices, r) * (int64_t)s->bytes);
}

void vn_scatter_elements(const vn_along *a, vn_scatter op, vn_number type, vn_indices indices, const void *updates,
                         void *y) {
  const size_t columns = (size_t)a->dims[a->rank - 1], rows = rows_of(a);
  for (size_t row = 0; row < rows; row++) {
    const int64_t base = row_base(a, row);
    for (size_t c = 0; c < columns; c++) {
      const size_t at = row * columns + c;
      const int64_t place = along_place(a, base, (int64_t)c, index_at(indices, at));
      combine(op, type, 1, a->bytes, (const char *)updates + at * a->bytes, (char *)y + place * (int64_t)a->bytes);
    }
  }
}
