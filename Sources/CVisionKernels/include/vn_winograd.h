#pragma once
#include <stdbool.h>

#include "vn_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Winograd's minimal filtering F(4×4, 3×3): 36 products for 16 outputs where a direct convolution takes 144.
/// Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015. The points are 0, ±5/8, ±3/2 and ∞, for which
/// rounding errors are one to two times a direct convolution's (ten times for 0, ±1, ±2 and ∞). Sums are formed from partial
/// sums of 32 products.
///
/// Where there are enough tiles and weights may be 64/9 times as large, `vn_winograd_run` uses F(6×6, 3×3) at the points 0,
/// ±9/16, ±1, ±2 and ∞ instead: 64 products for 36 outputs, with rounding errors of 4 to 7 times a direct convolution's. The
/// factor is largest where channels are few and errors are small, so F(6×6, 3×3) needs at least 32 channels. Tiles at the end of
/// rows and columns may be shorter by two: they are tiles of F(4×4, 3×3) and F(2×2, 3×3) at some of the same points with the same
/// weights. In one dimension, 14 outputs then take 20 products instead of 24, and 28 take 38 instead of 42.
///
/// Where a convolution has few tiles and many weights, `vn_winograd_run` uses F(2×2, 3×3) at the points 0, ±1 and ∞ instead: 16
/// products for 4 outputs, and weights that take 16/9 of the memory instead of four times as much.
///
/// A 3 × 3 convolution of stride 2 is computed as one of 2 × 2 and stride 1 over four times the channels: those of the pixels in
/// even and odd rows and columns. The filters of odd pixels are shorter and contribute nothing at ∞. F(4×4, 2×2) at the points
/// ±1/2, ±5/4 and ∞ takes 81 products for 16 outputs instead of 144, and F(2×2, 2×2) at ±1 and ∞ takes 25 for 4 instead of 36;
/// rounding errors are about twice a direct convolution's. Likewise, a 7 × 7 convolution of stride 2, as in a first layer, is
/// computed as one of 4 × 4: F(4×4, 4×4) at the points ±3/8, ±7/8, ±7/4 and ∞ takes 169 products instead of 784, with errors of
/// about four times a direct convolution's.
///
/// An input that is not finite makes all outputs of its tiles not finite.

/// Whether Winograd's algorithm can compute a convolution: one group, and 3 × 3 with stride 1; or, without dilation, 3 × 3 with stride 2
/// for a multiple of 16 channels, or 7 × 7 with stride 2 and 3 channels. One with dilation is several without, whose outputs and
/// pixels are as many rows and columns apart as its taps.
bool vn_winograd_applies(const vn_conv *_Nonnull conv);
/// Whether it is faster than `vn_conv_run`, estimated from the extents.
bool vn_winograd_pays(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Outputs along the side of a tile of `vn_winograd_run`, 6, 4 or 2; a function of the extents.
int vn_winograd_side_of(const vn_conv *_Nonnull conv);
/// How `vn_winograd_run`, or `vn_winograd_training_run`, divides a convolution into tiles.
typedef struct vn_winograd_account {
  int32_t side;      ///< outputs along the side of a full tile
  int64_t tiles;
  int64_t products;  ///< of all tiles, for one input and one output channel; a direct convolution has one for each tap and output
  bool mixed;        ///< whether some tiles are shorter
} vn_winograd_account;
vn_winograd_account vn_winograd_explain(const vn_conv *_Nonnull conv, bool training);
/// Floats that the packed weights take.
size_t vn_winograd_packed_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Transforms the weights [count, c, 3, 3] of outputs first..<first + count, in double precision, and packs them; `first` is a
/// multiple of 64, and so is `count` except for the last outputs.
void vn_winograd_pack(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, size_t first, size_t count,
                      const float *_Nonnull oihw, float *_Nonnull packed);
/// Floats of scratch that `vn_winograd_run` needs with a pool of `threads`.
size_t vn_winograd_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
/// `vn_conv_run` with weights of `vn_winograd_pack`.
void vn_winograd_run(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull x,
                     const float *_Nonnull packed, const float *_Nullable bias, const float *_Nullable residual,
                     float *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable pool);

/// Whether a max pooling over 2 × 2 outputs that follows, without padding, can be computed tile by tile; `pool` is a depthwise
/// convolution of its extents. This needs tiles whose sides are 4 or 6, and an activation that is a clamp.
bool vn_winograd_pooled_applies(const vn_conv *_Nonnull conv, const vn_conv *_Nonnull pool);
/// `vn_winograd_run` and then `vn_max_pool`, with the same bits; the intermediate result is never stored. The scratch is that
/// of `conv` alone.
void vn_winograd_run_pooled(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const vn_conv *_Nonnull pool,
                            const float *_Nonnull x, const float *_Nonnull packed, const float *_Nullable bias,
                            float *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable threads);

/// The same for training: weights of `vn_conv_pack`, which are transformed on each call in single precision. Stride 1 without
/// dilation only.
bool vn_winograd_applies_in_training(const vn_conv *_Nonnull conv);
bool vn_winograd_pays_in_training(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
size_t vn_winograd_training_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
void vn_winograd_training_run(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull x,
                              const float *_Nonnull packed, const float *_Nullable bias,
                              const float *_Nullable residual, float *_Nonnull y, float *_Nonnull scratch,
                              vn_pool *_Nullable pool);

/// `vn_conv_backward_weights` by the transposed algorithm: the transformed tiles of input and gradient are multiplied and
/// summed at each point, and the sums transformed to gradients of weights.
bool vn_winograd_backward_weights_pays(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
size_t vn_winograd_backward_weights_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                                   int threads);
void vn_winograd_backward_weights(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                  const float *_Nonnull x, const float *_Nonnull g, float *_Nonnull packed,
                                  float *_Nonnull scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
