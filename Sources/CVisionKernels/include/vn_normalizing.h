#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a convolution, or its gradient, does of the batch normalizations beside it while pixels are in the cache: it computes
/// its operand from what the normalization before it read, and sums up its result for the normalization after it. All tensors
/// are channels last and dense.
///
/// The bits of what is normalized are those of `vn_batch_norm_forward` and `vn_batch_norm_backward`; sums are cut otherwise.
typedef struct vn_conv_normalization {
  /// What the operand is made of: x of the normalization, or the gradient of its result, which may be the operand itself.
  /// NULL when the operand is there.
  const float *_Nullable source;
  const float *_Nullable source_x;        ///< x of the normalization whose gradient the operand is, else NULL
  const float *_Nullable source_factors;  ///< from `vn_batch_norm_forward` or `vn_batch_norm_backward`
  bool source_clamped;
  float source_low, source_high;
  float *_Nullable operand;  ///< NULL when nobody else reads it: then it is in no memory
  /// Where sums go, `vn_conv_normalization_partials` floats; NULL when there is nothing to sum up.
  float *_Nullable partials;
  const float *_Nullable result_x;        ///< x of the normalization whose gradient is wanted, NULL for moments
  const float *_Nullable result_factors;  ///< [3][channels], from `vn_batch_norm_factors`, beside result_x
  bool result_clamped;
  float result_low, result_high;
} vn_conv_normalization;

/// Whether the operand of a convolution, or of its gradient with respect to its input, can be computed along the way: each
/// of its pixels is read by one piece of work.
bool vn_conv_normalizes_operand(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
bool vn_conv_backward_data_normalizes_operand(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Whether the result can be summed up along the way.
bool vn_conv_sums_result(const vn_conv *_Nonnull conv);
bool vn_conv_backward_data_sums_result(const vn_conv *_Nonnull conv);
/// How many partial sums there are; more are needed where the operand is computed too (`normalizes`).
size_t vn_conv_normalization_chunks(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, bool normalizes);
size_t vn_conv_backward_data_normalization_chunks(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                                  bool normalizes);
/// Floats of so many partial sums.
size_t vn_normalization_partial_floats(size_t chunks, size_t channels);

size_t vn_conv_run_normalizing_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
/// `vn_conv_run` without bias, residual and activation; x is not read where the operand is computed.
void vn_conv_run_normalizing(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                             const vn_conv_normalization *_Nonnull normalization, const float *_Nullable x,
                             const float *_Nonnull packed, float *_Nonnull y, float *_Nullable scratch,
                             vn_pool *_Nullable pool);
/// `vn_conv_backward_data` without an addend and Winograd's algorithm.
void vn_conv_backward_data_normalizing(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                       const vn_conv_normalization *_Nonnull normalization,
                                       const float *_Nonnull g, const float *_Nonnull packed,
                                       float *_Nonnull gx, float *_Nullable scratch, vn_pool *_Nullable pool);

/// Whether `vn_conv_backward_weights_normalizing` can compute the convolution's operand.
bool vn_conv_backward_weights_normalizes_operand(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
size_t vn_conv_backward_weights_normalizing_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                                           int threads);
/// `vn_conv_backward_weights` of an operand that is computed from normalization.source again.
void vn_conv_backward_weights_normalizing(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                          const vn_conv_normalization *_Nonnull normalization,
                                          const float *_Nonnull g, float *_Nonnull packed, float *_Nullable scratch,
                                          vn_pool *_Nullable pool);

/// Whether both gradients of a convolution can be computed in one walk over its pixels: each block of the gradient and of
/// the input is used for both while it is in the cache.
bool vn_conv_gradients_merge(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Whether memory is what they would wait for one after the other, and there is work enough for threads.
bool vn_conv_gradients_merging_pays(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// How many partial sums there are for the normalization behind.
size_t vn_conv_gradients_chunks(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
size_t vn_conv_gradients_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
/// The gradients with respect to input and weights of a convolution that `vn_conv_gradients_merge` allows.
///
/// - `normalization`: how g is computed from what another gradient read, and sums for the one behind, or NULL. Its operand
///   goes nowhere.
/// - `input`: how x is computed from what the normalization before the convolution read, or NULL.
/// - `x`, `g`: not read where they are computed.
void vn_conv_gradients(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                       const vn_conv_normalization *_Nullable normalization,
                       const vn_conv_normalization *_Nullable input, const float *_Nullable x,
                       const float *_Nullable g, const float *_Nonnull packed, float *_Nonnull gx,
                       float *_Nonnull packed_gradient, float *_Nullable scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
