// Functions of two elements of any type, with broadcasting, and functions of one element of the C library.
#include <math.h>

#include "../shared/kernels.h"

enum { item_elements = 16384, item_math = 512 };

typedef struct pairs_run {
  const vn_pair_list *p;
  const char *a, *b;
  char *y;
  size_t rows, per_item, result_bytes;
} pairs_run;

#define ROW(type, result, expression)                        \
  do {                                                       \
    const type *xs = (const type *)a, *zs = (const type *)b; \
    result *ys = (result *)y;                                \
    for (int64_t i = 0; i < count; i++) {                    \
      const type x = xs[i * as], z = zs[i * bs];             \
      ys[i] = (result)(expression);                          \
    }                                                        \
    return;                                                  \
  } while (0)

#define COMPARISONS(type)                                         \
  case VN_PAIR_EQUAL: ROW(type, uint8_t, x == z);                 \
  case VN_PAIR_LESS: ROW(type, uint8_t, x < z);                   \
  case VN_PAIR_LESS_EQUAL: ROW(type, uint8_t, x <= z);            \
  case VN_PAIR_GREATER: ROW(type, uint8_t, x > z);                \
  case VN_PAIR_GREATER_EQUAL: ROW(type, uint8_t, x >= z);

#define COMPARE(type)             \
  static void compare_##type(vn_pair_op op, int64_t count, const char *a, int64_t as, const char *b, int64_t bs, char *y) { \
    switch (op) {                 \
      COMPARISONS(type)           \
      default: return;            \
    }                             \
  }

// Sums and products are those of unsigned numbers, which wrap.
#define COMPUTE(type, wide)       \
  static void compute_##type(vn_pair_op op, int64_t count, const char *a, int64_t as, const char *b, int64_t bs, char *y) { \
    switch (op) {                 \
      COMPARISONS(type)           \
      case VN_PAIR_ADD: ROW(type, type, (wide)x + (wide)z);       \
      case VN_PAIR_SUB: ROW(type, type, (wide)x - (wide)z);       \
      case VN_PAIR_MUL: ROW(type, type, (wide)x * (wide)z);       \
      case VN_PAIR_MIN: ROW(type, type, x < z ? x : z);           \
      case VN_PAIR_MAX: ROW(type, type, x > z ? x : z);           \
      case VN_PAIR_AND: ROW(type, type, x & z);                   \
      case VN_PAIR_OR: ROW(type, type, x | z);                    \
      case VN_PAIR_XOR: ROW(type, type, x ^ z);                   \
    }                             \
  }

COMPARE(float)
COMPARE(double)
COMPUTE(int8_t, uint32_t)
COMPUTE(int16_t, uint32_t)
COMPUTE(int32_t, uint32_t)
COMPUTE(int64_t, uint64_t)
COMPUTE(uint8_t, uint32_t)
COMPUTE(uint16_t, uint32_t)
COMPUTE(uint32_t, uint32_t)

static void pair_row(const vn_pair_list *p, int64_t count, const char *a, int64_t as, const char *b, int64_t bs, char *y) {
  switch (p->type) {
    case VN_FLOAT32: compare_float(p->op, count, a, as, b, bs, y); return;
    case VN_FLOAT64: compare_double(p->op, count, a, as, b, bs, y); return;
    case VN_INT8: compute_int8_t(p->op, count, a, as, b, bs, y); return;
    case VN_INT16: compute_int16_t(p->op, count, a, as, b, bs, y); return;
    case VN_INT32: compute_int32_t(p->op, count, a, as, b, bs, y); return;
    case VN_INT64: compute_int64_t(p->op, count, a, as, b, bs, y); return;
    case VN_UINT8:
    case VN_BOOL: compute_uint8_t(p->op, count, a, as, b, bs, y); return;
    case VN_UINT16: compute_uint16_t(p->op, count, a, as, b, bs, y); return;
    case VN_UINT32: compute_uint32_t(p->op, count, a, as, b, bs, y); return;
  }
}

static void pairs_item(void *context, size_t index, int worker) {
  (void)worker;
  const pairs_run *r = context;
  const vn_pair_list *p = r->p;
  const int last = p->rank - 1;
  const size_t count = (size_t)p->dims[last], end = vn_smaller((index + 1) * r->per_item, r->rows);
  for (size_t row = index * r->per_item; row < end; row++) {
    int64_t a = 0, b = 0;
    size_t rest = row;
    for (int d = last - 1; d >= 0; d--) {
      const int64_t at = (int64_t)(rest % (size_t)p->dims[d]);
      rest /= (size_t)p->dims[d];
      a += at * p->a[d];
      b += at * p->b[d];
    }
    pair_row(p, (int64_t)count, r->a + a * (int64_t)p->bytes, p->a[last], r->b + b * (int64_t)p->bytes, p->b[last],
             r->y + row * count * r->result_bytes);
  }
}

void vn_pairs_run(const vn_pair_list *p, const void *a, const void *b, void *y, vn_pool *pool) {
  pairs_run r = {.p = p, .a = a, .b = b, .y = y, .rows = 1};
  r.result_bytes = p->op <= VN_PAIR_GREATER_EQUAL ? 1 : p->bytes;
  for (int d = 0; d < p->rank - 1; d++) r.rows *= (size_t)p->dims[d];
  const size_t columns = (size_t)p->dims[p->rank - 1];
  if (columns == 0) return;
  r.per_item = item_elements / vn_smaller(item_elements, columns);
  vn_pool_run(pool, vn_divide_up(r.rows, r.per_item), pairs_item, &r);
}

typedef struct math_run {
  vn_math_op op;
  size_t count;
  const float *x;
  float *y;
} math_run;

static double math_of(vn_math_op op, double x) {
  switch (op) {
    case VN_MATH_SIN: return sin(x);
    case VN_MATH_COS: return cos(x);
    case VN_MATH_TAN: return tan(x);
    case VN_MATH_ASIN: return asin(x);
    case VN_MATH_ACOS: return acos(x);
    case VN_MATH_ATAN: return atan(x);
    case VN_MATH_SINH: return sinh(x);
    case VN_MATH_COSH: return cosh(x);
    case VN_MATH_ASINH: return asinh(x);
    case VN_MATH_ACOSH: return acosh(x);
    case VN_MATH_ATANH: return atanh(x);
  }
  return x;
}

static void math_item(void *context, size_t index, int worker) {
  (void)worker;
  const math_run *r = context;
  const size_t end = vn_smaller((index + 1) * item_math, r->count);
  for (size_t i = index * item_math; i < end; i++) r->y[i] = (float)math_of(r->op, r->x[i]);
}

void vn_math(vn_math_op op, size_t count, const float *x, float *y, vn_pool *pool) {
  math_run r = {.op = op, .count = count, .x = x, .y = y};
  vn_pool_run(pool, vn_divide_up(count, item_math), math_item, &r);
}

typedef struct not_run {
  size_t count;
  const uint8_t *x;
  uint8_t *y;
} not_run;

static void not_item(void *context, size_t index, int worker) {
  (void)worker;
  const not_run *r = context;
  const size_t end = vn_smaller((index + 1) * item_elements, r->count);
  for (size_t i = index * item_elements; i < end; i++) r->y[i] = !r->x[i];
}

void vn_not(size_t count, const uint8_t *x, uint8_t *y, vn_pool *pool) {
  not_run r = {.count = count, .x = x, .y = y};
  vn_pool_run(pool, vn_divide_up(count, item_elements), not_item, &r);
}
