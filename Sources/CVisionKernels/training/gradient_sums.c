// The last steps of weight gradients: partial sums are added, and transposed where input and gradient have exchanged roles.
#include "convolution_gradients.h"

typedef struct turn_run {
  const vn_kernels *k;
  size_t c, o, columns;
  const float *from;
  float *target;
} turn_run;

/// Writes one panel of outputs from panels of inputs.
static void turn_item(void *context, size_t index, int worker) {
  (void)worker;
  const turn_run *r = context;
  const size_t half = r->columns / 2, first = index * r->columns, width = vn_smaller(r->columns, r->o - first);
  const size_t columns = width > half ? r->columns : half;
  float *target = r->target + first * r->c;
  for (size_t input = 0; input < r->c; input += r->columns) {
    const size_t inputs = vn_smaller(r->columns, r->c - input);
    const size_t pitch = inputs > half ? r->columns : half;
    r->k->transpose(width, inputs, r->from + input * r->o + first * pitch, (int64_t)pitch, target + input * columns,
                    (int64_t)columns);
  }
  if (width == columns) return;
  for (size_t input = 0; input < r->c; input++)
    memset(target + input * columns + width, 0, (columns - width) * sizeof(float));
}

void vn_turn_pointwise_sums(const vn_kernels *k, size_t inputs, size_t outputs, const float *sums, float *packed,
                            vn_pool *pool) {
  turn_run t = {.k = k, .c = inputs, .o = outputs, .columns = 2 * (size_t)k->lanes, .from = sums, .target = packed};
  vn_pool_run(pool, vn_divide_up(outputs, t.columns), turn_item, &t);
}

typedef struct sum_run {
  const vn_kernels *k;
  size_t count, chunks, per_item;
  const float *sums;
  float *target;
} sum_run;

static void sum_item(void *context, size_t index, int worker) {
  (void)worker;
  const sum_run *r = context;
  const size_t first = index * r->per_item, count = vn_smaller(r->per_item, r->count - first);
  for (size_t chunk = 0; chunk < r->chunks; chunk++)
    r->k->accumulate(VN_SUM, chunk == 0, count, r->sums + chunk * r->count + first, r->target + first);
}

void vn_sum_parts(const vn_kernels *k, size_t count, size_t parts, const float *sums, float *target, vn_pool *pool) {
  sum_run s = {.k = k, .count = count, .chunks = parts, .per_item = 4096, .sums = sums, .target = target};
  vn_pool_run(pool, vn_divide_up(count, s.per_item), sum_item, &s);
}
