#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Resizing x[outer, h, w, inner] to y[outer, oh, ow, inner], both dense.
typedef struct vn_resize {
  size_t outer, h, w, inner, oh, ow;
  float fill;  ///< of outputs that are made of nothing
} vn_resize;

size_t vn_resize_scratch_floats(const vn_resize *_Nonnull r, int threads);
/// Output o along h is Σ of weights[t] · x at positions[t], for t from first[o] to first[o + 1]; then the same along w.
///
/// Places are oh + 1 entries of `first` of h, its positions, and those of w likewise; weights are those of h, then of w.
void vn_resize_images(const vn_resize *_Nonnull r, const int32_t *_Nonnull places, const float *_Nonnull weights,
                      const float *_Nonnull x, float *_Nonnull y, float *_Nonnull scratch, vn_pool *_Nullable pool);

/// Regions of x[n, h, w, c] as y[region, bins_h, bins_w, c]; a region is left, top, right, bottom.
typedef struct vn_regions {
  size_t regions, h, w, channels, bins_h, bins_w;
  int samples;     ///< of a bin along an axis; 0 for as many as the bin has elements, rounded up
  float scale;
  bool half_pixel, maximum;
} vn_regions;

/// The most samples that a bin of the region has along an axis; they must be few enough to be computed.
double vn_region_samples(const vn_regions *_Nonnull r, const float *_Nonnull region);
void vn_roi_align(const vn_regions *_Nonnull r, const float *_Nonnull x, const float *_Nonnull regions,
                  const int64_t *_Nonnull images, float *_Nonnull y, vn_pool *_Nullable pool);

typedef enum vn_grid_mode { VN_GRID_NEAREST, VN_GRID_LINEAR, VN_GRID_CUBIC } vn_grid_mode;
typedef enum vn_grid_padding { VN_GRID_ZEROS, VN_GRID_BORDER, VN_GRID_REFLECTION } vn_grid_padding;

/// Sampling x at the points of a grid; strides in floats.
typedef struct vn_grid {
  size_t images, points, channels;
  int axes;                       ///< 1 to 3
  int64_t extents[3], strides[3]; ///< of x along its axes
  int64_t x_image, x_channel, y_image, y_channel, y_point;
  vn_grid_mode mode;
  vn_grid_padding padding;
  bool aligns_corners;
} vn_grid;

/// The grid has `axes` numbers a point, that of the last axis first.
void vn_grid_sample(const vn_grid *_Nonnull g, const float *_Nonnull x, const float *_Nonnull grid, float *_Nonnull y,
                    vn_pool *_Nullable pool);

/// The columns of a deformable convolution over two axes, of one image in row-major order.
typedef struct vn_deform {
  size_t h, w, oh, ow, channels, groups;  ///< groups of channels that have offsets of their own
  int32_t kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
} vn_deform;

/// columns[channel, tap, i] = what the tap reads for point first + i, for `count` points, times the mask if there is one. Offsets
/// are [group, tap, axis, point], masks [group, tap, point].
void vn_deform_columns(const vn_deform *_Nonnull d, const float *_Nonnull x, const float *_Nonnull offsets,
                       const float *_Nullable mask, size_t first, size_t count, float *_Nonnull columns,
                       vn_pool *_Nullable pool);

/// y[n, p…] = theta[n] · (position of p, 1), for 2 or 3 axes.
void vn_affine_grid(size_t images, int axes, const int64_t *_Nonnull extents, bool aligns_corners,
                    const float *_Nonnull theta, float *_Nonnull y, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
