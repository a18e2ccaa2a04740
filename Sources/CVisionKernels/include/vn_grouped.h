#pragma once
#include <stdbool.h>

#include "vn_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Convolutions of narrow groups: 2, 4, 8 or 16 outputs in each, no more than a vector has lanes, and at most as many inputs. A
/// vector then holds the channels of several groups, where the tiles of `vn_conv_run` would compute one group in a part of it.

/// Whether this form can compute a convolution.
bool vn_grouped_applies(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Floats that the packed weights take.
size_t vn_grouped_packed_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Packs weights [o, c / groups, kh, kw].
void vn_grouped_pack(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull oihw,
                     float *_Nonnull packed);
/// Floats of scratch that `vn_grouped_run` needs with a pool of `threads`.
size_t vn_grouped_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
/// `vn_conv_run` with weights of `vn_grouped_pack`; the bits are the same.
void vn_grouped_run(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull x,
                    const float *_Nonnull packed, const float *_Nullable bias, const float *_Nullable residual,
                    float *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
