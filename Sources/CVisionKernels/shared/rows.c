// Reductions, softmax and layer normalization, cut into items.
#include <math.h>

#include "kernels.h"

typedef struct rows_run {
  const vn_kernels *k;
  vn_reduction op;
  size_t outer, count, inner, per_item, inner_chunks, inner_per_item;
  const float *x, *scale, *bias;
  float *y;
  float epsilon;
  bool logarithm;
  bool rooted;  ///< the root of the sum follows it
} rows_run;

enum { item_elements = 16384, block = 64 };

/// The root of the sum of squares of numbers that are `step` apart, in double precision.
static float exact_norm(const rows_run *r, const float *x, size_t step) {
  double sum = 0;
  for (size_t i = 0; i < r->count; i++) sum += (double)x[i * step] * (double)x[i * step];
  return (float)sqrt(sum);
}

/// What follows the sums of some columns of x, whose elements are `step` apart.
static void finish(const rows_run *r, size_t count, const float *x, size_t step, float *y) {
  if (r->op == VN_MEAN) r->k->unary(VN_AFFINE, 1 / (float)r->count, 0, count, y, y);
  if (!r->rooted) return;
  for (size_t i = 0; i < count; i++) {
    // Squares of single precision leave its range much earlier than their root does.
    const bool fits = y[i] > 1e-30f && y[i] < INFINITY;
    y[i] = fits ? sqrtf(y[i]) : exact_norm(r, x + i, step);
  }
}

/// Several whole rows.
static void reduce_rows_item(void *context, size_t index, int worker) {
  (void)worker;
  const rows_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer);
  for (size_t i = index * r->per_item; i < end; i++) {
    r->y[i] = r->k->reduce(r->op, r->count, r->x + i * r->count);
    finish(r, 1, r->x + i * r->count, 1, r->y + i);
  }
}

/// Some columns of one outer index, 64 at a time so that their sums stay in the nearest cache; long sums in two levels.
static void reduce_columns_item(void *context, size_t index, int worker) {
  (void)worker;
  const rows_run *r = context;
  const size_t outer = index / r->inner_chunks, start = index % r->inner_chunks * r->inner_per_item;
  const size_t end = vn_smaller(start + r->inner_per_item, r->inner);
  const vn_reduction joint = r->op == VN_SUM_SQUARE || r->op == VN_SUM_ABS ? VN_SUM : r->op;
  for (size_t j = start; j < end; j += block) {
    const size_t columns = vn_smaller(block, end - j);
    const float *x = r->x + outer * r->count * r->inner + j;
    float *y = r->y + outer * r->inner + j;
    for (size_t i = 0; i < r->count; i += 256) {
      float sums[block];
      const size_t last = vn_smaller(i + 256, r->count);
      for (size_t t = i; t < last; t++) r->k->accumulate(r->op, t == i, columns, x + t * r->inner, sums);
      r->k->accumulate(joint, i == 0, columns, sums, y);
    }
    finish(r, columns, x, r->inner, y);
  }
}

/// Cuts the inner dimension so that an item has enough elements.
static size_t cut_inner(rows_run *r) {
  const size_t columns = vn_larger(block, vn_divide_up(item_elements / vn_smaller(item_elements, r->count), block) * block);
  r->inner_per_item = columns;
  r->inner_chunks = vn_divide_up(r->inner, columns);
  return r->inner_chunks * r->outer;
}

static size_t cut_rows(rows_run *r) {
  r->per_item = item_elements / vn_smaller(item_elements, r->count);
  return vn_divide_up(r->outer, r->per_item);
}

void vn_reduce(const vn_kernels *k, vn_reduction op, size_t outer, size_t count, size_t inner, const float *x,
               float *y, vn_pool *pool) {
  if (outer == 0 || count == 0 || inner == 0) return;
  rows_run r = {.k = k, .op = op, .outer = outer, .count = count, .inner = inner, .x = x, .y = y};
  r.rooted = op == VN_ROOT_SUM_SQUARE;
  if (r.rooted) r.op = VN_SUM_SQUARE;
  if (inner == 1) vn_pool_run(pool, cut_rows(&r), reduce_rows_item, &r);
  else vn_pool_run(pool, cut_inner(&r), reduce_columns_item, &r);
}

static void softmax_rows_item(void *context, size_t index, int worker) {
  (void)worker;
  const rows_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer);
  for (size_t i = index * r->per_item; i < end; i++) {
    const float *x = r->x + i * r->count;
    float *y = r->y + i * r->count;
    float maximum = r->k->reduce(VN_REDUCE_MAX, r->count, x);
    float sum = r->k->exp_sum(r->count, x, maximum, r->logarithm ? NULL : y);
    if (!r->logarithm) {
      r->k->binary(VN_DIV, r->count, y, 1, &sum, 0, y);
      continue;
    }
    // Subtracted one after the other, because the maximum may be large and the logarithm small.
    float logarithm;
    r->k->unary(VN_LOG, 0, 0, 1, &sum, &logarithm);
    r->k->binary(VN_SUB, r->count, x, 1, &maximum, 0, y);
    r->k->binary(VN_SUB, r->count, y, 1, &logarithm, 0, y);
  }
}

static void softmax_columns_item(void *context, size_t index, int worker) {
  (void)worker;
  const rows_run *r = context;
  const size_t outer = index / r->inner_chunks, start = index % r->inner_chunks * r->inner_per_item;
  const size_t end = vn_smaller(start + r->inner_per_item, r->inner);
  for (size_t j = start; j < end; j += block) {
    const size_t columns = vn_smaller(block, end - j), base = outer * r->count * r->inner + j;
    float maximum[block], sums[block], e[block];
    for (size_t i = 0; i < r->count; i++)
      r->k->accumulate(VN_REDUCE_MAX, i == 0, columns, r->x + base + i * r->inner, maximum);
    for (size_t i = 0; i < r->count; i++) {
      const float *x = r->x + base + i * r->inner;
      float *y = r->y + base + i * r->inner;
      r->k->binary(VN_SUB, columns, x, 1, maximum, 1, r->logarithm ? y : e);
      r->k->unary(VN_EXP, 0, 0, columns, r->logarithm ? y : e, e);
      r->k->accumulate(VN_SUM, i == 0, columns, e, sums);
      if (!r->logarithm) r->k->unary(VN_IDENTITY, 0, 0, columns, e, y);
    }
    if (r->logarithm) r->k->unary(VN_LOG, 0, 0, columns, sums, sums);
    for (size_t i = 0; i < r->count; i++) {
      float *y = r->y + base + i * r->inner;
      r->k->binary(r->logarithm ? VN_SUB : VN_DIV, columns, y, 1, sums, 1, y);
    }
  }
}

static void run_softmax(rows_run *r, vn_pool *pool) {
  if (r->outer == 0 || r->count == 0 || r->inner == 0) return;
  if (r->inner == 1) vn_pool_run(pool, cut_rows(r), softmax_rows_item, r);
  else vn_pool_run(pool, cut_inner(r), softmax_columns_item, r);
}

void vn_softmax(const vn_kernels *k, size_t outer, size_t count, size_t inner, const float *x, float *y,
                vn_pool *pool) {
  rows_run r = {.k = k, .outer = outer, .count = count, .inner = inner, .x = x, .y = y};
  run_softmax(&r, pool);
}

void vn_log_softmax(const vn_kernels *k, size_t outer, size_t count, size_t inner, const float *x, float *y,
                    vn_pool *pool) {
  rows_run r = {.k = k, .outer = outer, .count = count, .inner = inner, .x = x, .y = y, .logarithm = true};
  run_softmax(&r, pool);
}

static void layer_norm_item(void *context, size_t index, int worker) {
  (void)worker;
  const rows_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer);
  for (size_t i = index * r->per_item; i < end; i++)
    r->k->normalize(r->count, r->epsilon, r->x + i * r->count, r->scale, r->bias, r->y + i * r->count);
}

void vn_layer_norm(const vn_kernels *k, size_t rows, size_t columns, float epsilon, const float *x,
                   const float *scale, const float *bias, float *y, vn_pool *pool) {
  if (rows == 0 || columns == 0) return;
  rows_run r = {.k = k, .outer = rows, .count = columns, .x = x, .scale = scale, .bias = bias, .y = y,
                .epsilon = epsilon};
  vn_pool_run(pool, cut_rows(&r), layer_norm_item, &r);
}

typedef struct group_run {
  const vn_kernels *k;
  size_t groups, channels, plane;
  float epsilon;
  const float *x, *scale, *bias;
  float *y;
} group_run;

/// One group of one sample.
static void group_norm_item(void *context, size_t index, int worker) {
  (void)worker;
  const group_run *r = context;
  const size_t count = r->channels * r->plane, first = index % r->groups * r->channels;
  float *y = r->y + index * count;
  r->k->normalize(count, r->epsilon, r->x + index * count, NULL, NULL, y);
  for (size_t c = 0; c < r->channels; c++, y += r->plane)
    r->k->unary(VN_AFFINE, r->scale[first + c], r->bias[first + c], r->plane, y, y);
}

void vn_group_norm(const vn_kernels *k, size_t samples, size_t groups, size_t channels, size_t plane, float epsilon,
                   const float *x, const float *scale, const float *bias, float *y, vn_pool *pool) {
  if (samples * groups * channels * plane == 0) return;
  group_run r = {.k = k, .groups = groups, .channels = channels, .plane = plane, .epsilon = epsilon, .x = x,
                 .scale = scale, .bias = bias, .y = y};
  vn_pool_run(pool, samples * groups, group_norm_item, &r);
}

static void rms_norm_item(void *context, size_t index, int worker) {
  (void)worker;
  const rows_run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer);
  for (size_t i = index * r->per_item; i < end; i++) {
    const float *x = r->x + i * r->count;
    float *y = r->y + i * r->count;
    const float mean = r->k->reduce(VN_SUM_SQUARE, r->count, x) / (float)r->count;
    const float factor = 1 / sqrtf(mean + r->epsilon);
    r->k->binary(VN_MUL, r->count, x, 1, &factor, 0, y);
    r->k->binary(VN_MUL, r->count, y, 1, r->scale, 1, y);
  }
}

void vn_rms_norm(const vn_kernels *k, size_t rows, size_t columns, float epsilon, const float *x, const float *scale,
                 float *y, vn_pool *pool) {
  if (rows == 0 || columns == 0) return;
  rows_run r = {.k = k, .outer = rows, .count = columns, .x = x, .scale = scale, .y = y, .epsilon = epsilon};
  vn_pool_run(pool, cut_rows(&r), rms_norm_item, &r);
}
