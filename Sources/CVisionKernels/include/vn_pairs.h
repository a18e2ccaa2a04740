#pragma once
#include <stddef.h>
#include <stdint.h>

#include "vn_indexing.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Functions of two elements of one type. The comparisons give a byte that is 0 or 1; the others give the type of the operands,
/// which are integers or, for AND, OR and XOR, also bytes that are 0 or 1. Integers wrap.
typedef enum vn_pair_op {
  VN_PAIR_EQUAL, VN_PAIR_LESS, VN_PAIR_LESS_EQUAL, VN_PAIR_GREATER, VN_PAIR_GREATER_EQUAL,
  VN_PAIR_ADD, VN_PAIR_SUB, VN_PAIR_MUL, VN_PAIR_MIN, VN_PAIR_MAX, VN_PAIR_AND, VN_PAIR_OR, VN_PAIR_XOR,
} vn_pair_op;

/// The operands' type and strides in elements, 0 where an operand is repeated; the result is dense.
typedef struct vn_pair_list {
  vn_pair_op op;
  vn_number type;
  size_t bytes;  ///< of an element of the operands
  int rank;      ///< at least 1
  int64_t dims[8], a[8], b[8];
} vn_pair_list;

/// y = op(a, b), element by element.
void vn_pairs_run(const vn_pair_list *_Nonnull p, const void *_Nonnull a, const void *_Nonnull b, void *_Nonnull y,
                  vn_pool *_Nullable pool);

/// Functions of one float32, computed in double precision and rounded once.
typedef enum vn_math_op {
  VN_MATH_SIN, VN_MATH_COS, VN_MATH_TAN, VN_MATH_ASIN, VN_MATH_ACOS, VN_MATH_ATAN, VN_MATH_SINH, VN_MATH_COSH,
  VN_MATH_ASINH, VN_MATH_ACOSH, VN_MATH_ATANH,
} vn_math_op;

/// y[i] = op(x[i]); y may be x.
void vn_math(vn_math_op op, size_t count, const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);
/// y[i] = !x[i] of bytes that are 0 or 1; y may be x.
void vn_not(size_t count, const uint8_t *_Nonnull x, uint8_t *_Nonnull y, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
