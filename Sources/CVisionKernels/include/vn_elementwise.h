#pragma once
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Functions of one element; `a` and `b` are their parameters alpha and beta. The result of NaN is NaN.
typedef enum vn_unary_op {
  VN_IDENTITY = 0,  ///< x
  VN_RELU,          ///< max(x, 0)
  VN_CLIP,          ///< min(max(x, a), b)
  VN_LEAKY_RELU,    ///< x < 0 ? a·x : x
  VN_ELU,           ///< x < 0 ? a·(eˣ − 1) : x
  VN_SELU,          ///< b·(x < 0 ? a·(eˣ − 1) : x): a = alpha, b = gamma
  VN_CELU,          ///< x < 0 ? a·(e^(x/a) − 1) : x
  VN_THRESHOLDED_RELU,  ///< x > a ? x : 0
  VN_SIGMOID,           ///< 1 / (1 + e⁻ˣ)
  VN_SILU,              ///< x / (1 + e⁻ᵃˣ); a = 1 is SiLU, another a is Swish
  VN_HARD_SIGMOID,      ///< min(max(a·x + b, 0), 1)
  VN_HARD_SWISH,        ///< x · min(max(x/6 + 1/2, 0), 1)
  VN_TANH,
  VN_EXP,
  VN_LOG,
  VN_SQRT,
  VN_RECIPROCAL,
  VN_NEG,
  VN_ABS,
  VN_ERF,
  VN_GELU,       ///< x/2 · (1 + erf(x/√2))
  VN_GELU_TANH,  ///< x/2 · (1 + tanh(√(2/π)·(x + 0.044715 x³)))
  VN_SOFTPLUS,   ///< log(1 + eˣ)
  VN_SOFTSIGN,   ///< x / (1 + |x|)
  VN_MISH,       ///< x · tanh(softplus(x))
  VN_FLOOR,
  VN_CEIL,
  VN_ROUND,  ///< to the nearest integer, ties to even
  VN_SIGN,
  VN_SQUARE,
  VN_AFFINE,  ///< a·x + b
  VN_UNARY_COUNT
} vn_unary_op;

/// Functions of two elements.
typedef enum vn_binary_op {
  VN_ADD = 0,
  VN_SUB,
  VN_MUL,
  VN_DIV,
  VN_MIN,  ///< NaN if either is
  VN_MAX,  ///< NaN if either is
  VN_POW,  ///< C's powf
  VN_PRELU,  ///< x < 0 ? slope·x : x
  VN_BINARY_COUNT
} vn_binary_op;

/// y[i] = op(x[i]) for i < count; y may be x.
void vn_unary(const vn_kernels *_Nonnull k, vn_unary_op op, float a, float b, size_t count,
              const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);

/// The same over rows of `columns` floats that begin `x_row` and `y_row` floats apart (a channel slice).
void vn_unary_rows(const vn_kernels *_Nonnull k, vn_unary_op op, float a, float b, size_t rows,
                   size_t columns, const float *_Nonnull x, int64_t x_row, float *_Nonnull y, int64_t y_row,
                   vn_pool *_Nullable pool);

/// An operand of `vn_binary`: element (i, j) is at data[i·row + j·column].
/// Same shape: {p, columns, 1}; scalar: {p, 0, 0}; one value per column, as NHWC channels: {p, 0, 1};
/// one value per row: {p, 1, 0}. `column` is 0 or 1.
typedef struct vn_operand {
  const float *_Nonnull data;
  int64_t row, column;
} vn_operand;

/// y[i·y_row + j] = op(x(i, j), z(i, j)) for i < rows, j < columns; y may be an operand of the same strides.
void vn_binary(const vn_kernels *_Nonnull k, vn_binary_op op, size_t rows, size_t columns, vn_operand x,
               vn_operand z, float *_Nonnull y, int64_t y_row, vn_pool *_Nullable pool);

/// The same over up to eight dimensions with any strides in floats (0 broadcasts); y is dense and row-major.
void vn_binary_strided(const vn_kernels *_Nonnull k, vn_binary_op op, int rank,
                       const int64_t *_Nonnull dims, const float *_Nonnull x,
                       const int64_t *_Nonnull x_strides, const float *_Nonnull z,
                       const int64_t *_Nonnull z_strides, float *_Nonnull y, vn_pool *_Nullable pool);

/// y = op(x · scale[j] + shift[j]) over rows of channels; scale or shift may be NULL.
void vn_channel_affine(const vn_kernels *_Nonnull k, size_t rows, size_t columns, const float *_Nonnull x,
                       int64_t x_row, const float *_Nullable scale, const float *_Nullable shift,
                       vn_unary_op op, float a, float b, float *_Nonnull y, int64_t y_row,
                       vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
