#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_convolution.h"
#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A convolution of bfloat16: y = activation(x ∗ w + bias + residual), where x, w and the residual are rounded to bfloat16,
/// to nearest, ties to even, and sums and bias are float32.
///
/// A product of two bfloat16 is exact in float32. Of each pair of neighboring input channels the second's product is added
/// first; every sum is rounded to nearest. So results are the same on every instruction set, bit for bit, except for numbers
/// below 2⁻¹²⁶, which the bfloat16 instructions treat as 0, and except where the processor's tiles multiply
/// (`vn_bfloat16_by_tiles`): these sum the first and second channels of up to 16 pairs apart. On one processor bits depend on
/// nothing but shapes.
typedef struct vn_bconv {
  /// Extents in channels. Strides are in words of four bytes: floats, or two bfloat16.
  vn_conv conv;
  bool x_is_bf16, residual_is_bf16;  ///< stored as bfloat16 already; an odd last channel is paired with 0
  bool y_is_bf16;                    ///< whether y is stored rounded
  /// Does not use the instructions for bfloat16 products; the same results as with those that are no tiles.
  bool avoids_dot_products;
  /// Uses the kernel for a processor's tiles with a model of them in C, where pairs are multiplied: for tests.
  bool models_tiles;
} vn_bconv;

/// Whether this machine has instructions for bfloat16 products that work with the kernels `k` and are faster than those for
/// floats. On some processors they are twice as fast, on others half as fast; the first call measures it.
bool vn_has_bfloat16(const vn_kernels *_Nonnull k);
/// Whether the processor's tiles (AMX) multiply bfloat16: eight times as fast, with sums in an order of their own.
bool vn_bfloat16_by_tiles(const vn_kernels *_Nonnull k);
/// Whether a convolution can be computed in bfloat16. Depthwise convolutions and odd groups cannot; y can be rounded
/// where it has an even number of channels in each group and the activation is a clamp.
bool vn_bconv_applies(const vn_bconv *_Nonnull conv);
/// Words from pixel to pixel for c channels of bfloat16.
int64_t vn_bconv_pitch(int32_t c);
/// Floats that packed weights take.
size_t vn_bconv_packed_floats(const vn_kernels *_Nonnull k, const vn_bconv *_Nonnull conv);
/// Floats that the weights of one output take before they are packed.
size_t vn_bconv_row_floats(const vn_kernels *_Nonnull k, const vn_bconv *_Nonnull conv);
/// Packs weights [o, c / groups, kh, kw]; `rows` has room for o times `vn_bconv_row_floats`.
void vn_bconv_pack(const vn_kernels *_Nonnull k, const vn_bconv *_Nonnull conv, const float *_Nonnull oihw,
                   float *_Nonnull rows, float *_Nonnull packed);
/// Floats of scratch that `vn_bconv_run` needs with a pool of `threads`.
size_t vn_bconv_scratch_floats(const vn_kernels *_Nonnull k, const vn_bconv *_Nonnull conv, int threads);
void vn_bconv_run(const vn_kernels *_Nonnull k, const vn_bconv *_Nonnull conv, const void *_Nonnull x,
                  const float *_Nonnull packed, const float *_Nullable bias, const void *_Nullable residual,
                  void *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
