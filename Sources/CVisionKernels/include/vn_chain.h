#pragma once
#include "vn_bfloat16.h"
#include "vn_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { VN_CHAIN_LONGEST = 3 };

/// Convolutions, and maxima over windows, that follow one another and are computed together, so that their intermediate
/// results never leave the cache.
///
/// `conv[i + 1]` reads what `conv[i]` writes: its h, w, c and n are oh, ow, o and n of `conv[i]`. The strides of intermediate
/// results are ignored. Only the last convolution may have a residual.
typedef struct vn_chain {
  int32_t count;
  vn_conv conv[VN_CHAIN_LONGEST];
  /// Which convolutions multiply bfloat16, as `vn_bconv_run` does; never a depthwise one.
  bool pairs[VN_CHAIN_LONGEST];
  /// Which entries take the maximum over each window instead, ignoring positions outside the image. Such an entry has as many
  /// groups as channels, and neither weights nor activation. Only the second entry may be one, by rows or tiles, and only if
  /// everything is float32.
  bool pools[VN_CHAIN_LONGEST];
  /// Whether x, the residual and y are stored as bfloat16, with strides in words of two. After a depthwise convolution,
  /// such a y is rounded.
  bool x_is_bf16, residual_is_bf16, y_is_bf16;
  /// Does not use the instructions for bfloat16 products; same results.
  bool avoids_dot_products;
} vn_chain;

/// How a chain is computed.
typedef enum vn_chain_order {
  VN_CHAIN_APART = 0,    ///< one after the other, which is at least as fast or the only way
  VN_CHAIN_BY_ROWS,      ///< each row of outputs as soon as the rows that it reads are computed; these are kept in ring buffers
  VN_CHAIN_BY_TILES,     ///< 3 × 3 by Winograd's algorithm, weights of `vn_winograd_pack`, and maxima of 2 × 2 of its tiles
  VN_CHAIN_BY_CHANNELS,  ///< 1 × 1 and depthwise: all pixels of a few channels through both
} vn_chain_order;

/// The fastest order, estimated from the extents.
vn_chain_order vn_chain_order_of(const vn_kernels *_Nonnull k, const vn_chain *_Nonnull chain);
/// Whether the order is possible: one group or as many as channels, 1 × 1 and then depthwise for `VN_CHAIN_BY_CHANNELS`.
bool vn_chain_applies(const vn_chain *_Nonnull chain, vn_chain_order order);
/// Floats of scratch that `vn_chain_run` needs with a pool of `threads`.
size_t vn_chain_scratch_floats(const vn_kernels *_Nonnull k, const vn_chain *_Nonnull chain, vn_chain_order order,
                               int threads);
/// Runs a chain. `packed` and `bias` hold the weights and bias of each entry; NULL for maxima. The result equals that of
/// `vn_conv_run`, `vn_bconv_run` or `vn_max_pool` for each in turn, bit for bit; by tiles, `vn_winograd_run` and `vn_max_pool`.
void vn_chain_run(const vn_kernels *_Nonnull k, const vn_chain *_Nonnull chain, vn_chain_order order,
                  const void *_Nonnull x, const float *_Nullable const *_Nonnull packed,
                  const float *_Nullable const *_Nonnull bias, const void *_Nullable residual, void *_Nonnull y,
                  float *_Nonnull scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
