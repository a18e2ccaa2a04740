#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The parts of the neighboring batch normalizations that a convolution, or its gradient, computes while pixels are in the
/// cache: it normalizes its operand itself, from the input of the normalization before it, and sums its result for the
/// normalization after it. All tensors are dense, with channels last.
///
/// Normalized values equal those of `vn_batch_norm_forward` and `vn_batch_norm_backward` bit for bit; sums are split into
/// different parts.
typedef struct vn_conv_normalization {
  /// The source of the operand: x of the normalization, or the gradient of its result, whose memory may be the operand's.
  /// NULL when the operand is given.
  const float *_Nullable source;
  const float *_Nullable source_x;        ///< x of the normalization whose gradient the operand is, else NULL
  const float *_Nullable source_factors;  ///< from `vn_batch_norm_forward` or `vn_batch_norm_backward`
  bool source_clamped;
  float source_low, source_high;
  float *_Nullable operand;  ///< where the operand is stored; NULL if nothing else reads it
  /// Partial sums, `vn_normalization_partial_floats` floats; NULL when there is nothing to sum.
  float *_Nullable partials;
  const float *_Nullable result_x;        ///< x of the normalization whose gradient is wanted, NULL for moments
  const float *_Nullable result_factors;  ///< [3][channels], from `vn_batch_norm_factors`, given if result_x is
  bool result_clamped;
  float result_low, result_high;
} vn_conv_normalization;

/// Whether a convolution, or its gradient with respect to its input, can compute its operand itself: only if each pixel of
/// the operand is read by a single item.
bool vn_conv_normalizes_operand(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
bool vn_conv_backward_data_normalizes_operand(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Whether a convolution, or its gradient, can sum its result itself.
bool vn_conv_sums_result(const vn_conv *_Nonnull conv);
bool vn_conv_backward_data_sums_result(const vn_conv *_Nonnull conv);
/// How many partial sums there are; more are needed where the operand is computed too (`normalizes`).
size_t vn_conv_normalization_chunks(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, bool normalizes);
size_t vn_conv_backward_data_normalization_chunks(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                                  bool normalizes);
/// Floats that the partial sums of `chunks` chunks take.
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
/// `vn_conv_backward_weights` of an operand that is recomputed from normalization.source.
void vn_conv_backward_weights_normalizing(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                          const vn_conv_normalization *_Nonnull normalization,
                                          const float *_Nonnull g, float *_Nonnull packed, float *_Nullable scratch,
                                          vn_pool *_Nullable pool);

/// Whether both gradients of a convolution can be computed in one walk over its pixels: each block of the gradient and of
/// the input is used for both while it is in the cache.
bool vn_conv_gradients_merge(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Whether merging is faster: computed one after the other, the gradients would wait for memory, and there is enough work for
/// all threads.
bool vn_conv_gradients_merging_pays(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// How many partial sums there are for the gradient of the normalization before the convolution.
size_t vn_conv_gradients_chunks(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
size_t vn_conv_gradients_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
/// The gradients with respect to input and weights of a convolution that `vn_conv_gradients_merge` allows.
///
/// - `normalization`: how g is computed from the input of another gradient, and where the sums for the next gradient go; or
///   NULL. Its operand is not stored.
/// - `input`: how x is computed from the input of the normalization before the convolution, or NULL.
/// - `x`, `g`: not read where they are computed.
void vn_conv_gradients(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                       const vn_conv_normalization *_Nullable normalization,
                       const vn_conv_normalization *_Nullable input, const float *_Nullable x,
                       const float *_Nullable g, const float *_Nonnull packed, float *_Nonnull gx,
                       float *_Nonnull packed_gradient, float *_Nullable scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
