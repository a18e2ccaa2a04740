// Gradients of softmax and layer normalization, cut into items.
#include "convolution_gradients.h"
#include "vn_row_gradients.h"

enum { item_elements = 16384, block = 64, most_parts = 32, least_part_elements = 1 << 15 };

typedef struct softmax_run {
  const vn_kernels *k;
  bool logarithm;
  size_t outer, count, inner, per_item, chunks;
  const float *g, *y;
  float *gx;
} softmax_run;

static void softmax_rows_item(void *context, size_t index, int worker) {
  (void)worker;
  const softmax_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer);
  for (size_t i = index * r->per_item; i < end; i++)
    r->k->softmax_gradient(r->logarithm, r->count, r->g + i * r->count, r->y + i * r->count, r->gx + i * r->count);
}

/// Some columns of one outer index, 64 at a time so that their sums stay in the nearest cache.
static void softmax_columns_item(void *context, size_t index, int worker) {
  (void)worker;
  const softmax_run *r = context;
  const vn_kernels *k = r->k;
  const size_t outer = index / r->chunks, start = index % r->chunks * r->per_item;
  const size_t end = vn_smaller(start + r->per_item, r->inner);
  for (size_t j = start; j < end; j += block) {
    const size_t columns = vn_smaller(block, end - j), base = outer * r->count * r->inner + j;
    float sums[block], e[block];
    for (size_t i = 0; i < r->count; i++) {
      const float *g = r->g + base + i * r->inner;
      if (!r->logarithm) k->binary(VN_MUL, columns, g, 1, r->y + base + i * r->inner, 1, e);
      k->accumulate(VN_SUM, i == 0, columns, r->logarithm ? g : e, sums);
    }
    for (size_t i = 0; i < r->count; i++) {
      const size_t at = base + i * r->inner;
      if (r->logarithm) {
        k->unary(VN_EXP, 0, 0, columns, r->y + at, e);
        k->binary(VN_MUL, columns, e, 1, sums, 1, e);
        k->binary(VN_SUB, columns, r->g + at, 1, e, 1, r->gx + at);
      } else {
        k->binary(VN_SUB, columns, r->g + at, 1, sums, 1, e);
        k->binary(VN_MUL, columns, e, 1, r->y + at, 1, r->gx + at);
      }
    }
  }
}

void vn_softmax_gradient(const vn_kernels *k, bool logarithm, size_t outer, size_t count, size_t inner, const float *g,
                         const float *y, float *gx, vn_pool *pool) {
  if (outer == 0 || count == 0 || inner == 0) return;
  softmax_run r = {.k = k, .logarithm = logarithm, .outer = outer, .count = count, .inner = inner, .g = g, .y = y, .gx = gx};
  const size_t lines = item_elements / vn_smaller(item_elements, count);
  if (inner == 1) {
    r.per_item = lines;
    vn_pool_run(pool, vn_divide_up(outer, r.per_item), softmax_rows_item, &r);
    return;
  }
  r.per_item = vn_larger(block, vn_divide_up(lines, block) * block);
  r.chunks = vn_divide_up(inner, r.per_item);
  vn_pool_run(pool, outer * r.chunks, softmax_columns_item, &r);
}

typedef struct norm_run {
  const vn_kernels *k;
  size_t rows, columns, parts;
  float epsilon;
  const float *g, *x, *scale;
  float *gx, *sums;
} norm_run;

/// The parts whose sums for the scale are added at the end.
static size_t parts_of(size_t rows, size_t columns) {
  return vn_larger(1, vn_smaller(vn_smaller(most_parts, rows), rows * columns / least_part_elements));
}

static void norm_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const size_t begin = index * r->rows / r->parts, end = (index + 1) * r->rows / r->parts;
  for (size_t i = begin; i < end; i++) {
    const size_t at = i * r->columns;
    r->k->normalize_gradient(r->columns, r->epsilon, i == begin, r->g + at, r->x + at, r->scale, r->gx + at,
                             r->sums + index * r->columns);
  }
}

size_t vn_row_normalization_gradient_scratch_floats(size_t rows, size_t columns) {
  const size_t parts = parts_of(rows, columns);
  return parts > 1 ? 16 + parts * columns : 0;
}

void vn_row_normalization_gradient(const vn_kernels *k, size_t rows, size_t columns, float epsilon, const float *g,
                            const float *x, const float *scale, float *gx, float *gscale, float *scratch, vn_pool *pool) {
  if (columns == 0) return;
  if (rows == 0) {
    memset(gscale, 0, columns * sizeof(float));
    return;
  }
  norm_run r = {.k = k, .rows = rows, .columns = columns, .parts = parts_of(rows, columns), .epsilon = epsilon, .g = g,
                .x = x, .scale = scale, .gx = gx};
  r.sums = r.parts > 1 ? vn_align(scratch) : gscale;
  vn_pool_run(pool, r.parts, norm_item, &r);
  if (r.parts > 1) vn_sum_parts(k, columns, r.parts, r.sums, gscale, pool);
}
