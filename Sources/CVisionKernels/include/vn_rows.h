#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The reductions of `vn_reduce`.
typedef enum vn_reduction {
  VN_SUM = 0,
  VN_MEAN,
  VN_REDUCE_MAX,  ///< NaN if there is one
  VN_REDUCE_MIN,  ///< NaN if there is one
  VN_SUM_SQUARE,
  VN_SUM_ABS,
  VN_PRODUCT,
  VN_ROOT_SUM_SQUARE,  ///< √Σ x²; of `vn_reduce` only
} vn_reduction;

/// y[outer, inner] = reduction of dense x[outer, count, inner] over its middle dimension; count ≥ 1.
void vn_reduce(const vn_kernels *_Nonnull k, vn_reduction op, size_t outer, size_t count, size_t inner,
               const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);

/// Softmax of dense x[outer, count, inner] over its middle dimension, numerically stable; y may be x.
void vn_softmax(const vn_kernels *_Nonnull k, size_t outer, size_t count, size_t inner,
                const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);
/// The logarithm of softmax, as above.
void vn_log_softmax(const vn_kernels *_Nonnull k, size_t outer, size_t count, size_t inner,
                    const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);

/// y = (x − mean) / √(variance + epsilon) · scale + bias over each of `rows` dense rows; y may be x.
/// scale and bias have `columns` floats or are NULL.
void vn_layer_norm(const vn_kernels *_Nonnull k, size_t rows, size_t columns, float epsilon,
                   const float *_Nonnull x, const float *_Nullable scale, const float *_Nullable bias,
                   float *_Nonnull y, vn_pool *_Nullable pool);
/// y = (x − mean) / √(variance + epsilon) · scale + bias over each group of dense x[samples, groups · channels, plane]; y may be x.
/// scale and bias have groups · channels floats.
void vn_group_norm(const vn_kernels *_Nonnull k, size_t samples, size_t groups, size_t channels, size_t plane,
                   float epsilon, const float *_Nonnull x, const float *_Nonnull scale, const float *_Nonnull bias,
                   float *_Nonnull y, vn_pool *_Nullable pool);
/// y = x / √(mean square + epsilon) · scale over each of `rows` dense rows; y may be x. scale has `columns` floats.
void vn_rms_norm(const vn_kernels *_Nonnull k, size_t rows, size_t columns, float epsilon, const float *_Nonnull x,
                 const float *_Nonnull scale, float *_Nonnull y, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
