// Conversion between element types.
#include "vn_indexing.h"
#include "../shared/arithmetic.h"

typedef struct cast_run {
  void (*cast)(size_t count, const char *x, char *y);
  const char *x;
  char *y;
  size_t count, from, to;
} cast_run;

enum { per_item = 16384 };

/// The nearest integer of a type toward zero; its limits for what is out of range, 0 for NaN.
#define SATURATING(type, low, high)                                            \
  static inline type saturated_##type(double x) {                             \
    return x != x ? 0 : x <= (double)(low) ? (low) : x >= (double)(high) ? (high) : (type)x; \
  }
SATURATING(int8_t, INT8_MIN, INT8_MAX)
SATURATING(int16_t, INT16_MIN, INT16_MAX)
SATURATING(int32_t, INT32_MIN, INT32_MAX)
SATURATING(int64_t, INT64_MIN, INT64_MAX)
SATURATING(uint8_t, 0, UINT8_MAX)
SATURATING(uint16_t, 0, UINT16_MAX)
SATURATING(uint32_t, 0, UINT32_MAX)

#define CAST(from, name, to, expression)                                              \
  static void cast_##from##_##name(size_t count, const char *x, char *y) {            \
    const from *s = (const from *)x;                                                  \
    to *t = (to *)y;                                                                  \
    for (size_t i = 0; i < count; i++) t[i] = (to)(expression);                       \
  }

#define CAST_FLOATS(from)                             \
  CAST(from, float, float, s[i])                      \
  CAST(from, double, double, s[i])                    \
  CAST(from, int8_t, int8_t, saturated_int8_t(s[i]))  \
  CAST(from, int16_t, int16_t, saturated_int16_t(s[i])) \
  CAST(from, int32_t, int32_t, saturated_int32_t(s[i])) \
  CAST(from, int64_t, int64_t, saturated_int64_t(s[i])) \
  CAST(from, uint8_t, uint8_t, saturated_uint8_t(s[i])) \
  CAST(from, uint16_t, uint16_t, saturated_uint16_t(s[i])) \
  CAST(from, uint32_t, uint32_t, saturated_uint32_t(s[i])) \
  CAST(from, bool, uint8_t, s[i] != 0)

// By way of double, as everywhere: a large int64 is rounded twice.
#define CAST_INTEGERS(from)                           \
  CAST(from, float, float, (double)s[i])              \
  CAST(from, double, double, s[i])                    \
  CAST(from, int8_t, int8_t, s[i])                    \
  CAST(from, int16_t, int16_t, s[i])                  \
  CAST(from, int32_t, int32_t, s[i])                  \
  CAST(from, int64_t, int64_t, s[i])                  \
  CAST(from, uint8_t, uint8_t, s[i])                  \
  CAST(from, uint16_t, uint16_t, s[i])                \
  CAST(from, uint32_t, uint32_t, s[i])                \
  CAST(from, bool, uint8_t, s[i] != 0)

CAST_FLOATS(float)
CAST_FLOATS(double)
CAST_INTEGERS(int8_t)
CAST_INTEGERS(int16_t)
CAST_INTEGERS(int32_t)
CAST_INTEGERS(int64_t)
CAST_INTEGERS(uint8_t)
CAST_INTEGERS(uint16_t)
CAST_INTEGERS(uint32_t)

/// A byte that is 0 or not.
typedef uint8_t truth;
CAST(truth, float, float, s[i] != 0)
CAST(truth, double, double, s[i] != 0)
CAST(truth, int8_t, int8_t, s[i] != 0)
CAST(truth, int16_t, int16_t, s[i] != 0)
CAST(truth, int32_t, int32_t, s[i] != 0)
CAST(truth, int64_t, int64_t, s[i] != 0)
CAST(truth, uint8_t, uint8_t, s[i] != 0)
CAST(truth, uint16_t, uint16_t, s[i] != 0)
CAST(truth, uint32_t, uint32_t, s[i] != 0)
CAST(truth, bool, uint8_t, s[i] != 0)

#define ROW(from)                                                                                               \
  {                                                                                                             \
    cast_##from##_float, cast_##from##_double, cast_##from##_int8_t, cast_##from##_int16_t, cast_##from##_int32_t, \
        cast_##from##_int64_t, cast_##from##_uint8_t, cast_##from##_uint16_t, cast_##from##_uint32_t,           \
        cast_##from##_bool                                                                                      \
  }

/// In the order of vn_number.
static void (*const casts[10][10])(size_t, const char *, char *) = {
    ROW(float), ROW(double), ROW(int8_t), ROW(int16_t), ROW(int32_t),
    ROW(int64_t), ROW(uint8_t), ROW(uint16_t), ROW(uint32_t), ROW(truth),
};

static const uint8_t sizes[10] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 1};

static void cast_item(void *context, size_t index, int worker) {
  (void)worker;
  const cast_run *r = context;
  const size_t start = index * per_item;
  r->cast(vn_smaller(per_item, r->count - start), r->x + start * r->from, r->y + start * r->to);
}

void vn_cast(vn_number from, vn_number to, size_t count, const void *x, void *y, vn_pool *pool) {
  cast_run r = {.cast = casts[from][to], .x = x, .y = y, .count = count, .from = sizes[from], .to = sizes[to]};
  vn_pool_run(pool, vn_divide_up(count, per_item), cast_item, &r);
}
