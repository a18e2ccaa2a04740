#pragma once
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Copies rank ≤ 8 dimensions with any strides, in elements of 1, 2, 4 or 8 bytes (also negative or, for the
/// source, 0): this implements transpose, slice, pad, concat and expand. The buffers must not overlap.
void vn_copy_strided(int rank, const int64_t *_Nonnull dims, const void *_Nonnull source,
                     const int64_t *_Nonnull source_strides, void *_Nonnull destination,
                     const int64_t *_Nonnull destination_strides, size_t element_bytes,
                     vn_pool *_Nullable pool);

/// Pixels of groups · channels floats: channel j of group i becomes channel j · groups + i. y must not overlap x.
void vn_shuffle_channels(size_t pixels, size_t groups, size_t channels, const float *_Nonnull x, float *_Nonnull y,
                         vn_pool *_Nullable pool);

/// Dense x[n, c, h·w] to y with pixels `y_pixel` and images `y_image` floats apart.
void vn_nchw_to_nhwc(const vn_kernels *_Nonnull k, size_t n, size_t c, size_t pixels,
                     const float *_Nonnull x, float *_Nonnull y, int64_t y_pixel, int64_t y_image,
                     vn_pool *_Nullable pool);
/// x with pixels `x_pixel` and images `x_image` floats apart to dense y[n, c, h·w].
void vn_nhwc_to_nchw(const vn_kernels *_Nonnull k, size_t n, size_t c, size_t pixels,
                     const float *_Nonnull x, int64_t x_pixel, int64_t x_image, float *_Nonnull y,
                     vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
