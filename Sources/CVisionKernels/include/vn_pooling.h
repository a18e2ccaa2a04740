#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One spatial pooling over NHWC; channels contiguous, strides in floats.
typedef struct vn_window {
  int32_t n, h, w, c, oh, ow;
  int32_t kh, kw, stride_h, stride_w, dilation_h, dilation_w;
  int32_t pad_top, pad_left, pad_bottom, pad_right;
  int64_t x_pixel, x_row, x_image;
  int64_t y_pixel, y_row, y_image;
  /// Average only: divide by the number of elements inside the padded input instead of inside the input. Elements of a
  /// ceil-mode window beyond the padding do not count.
  bool count_include_pad;
} vn_window;

/// Maximum of each window; NaN if the window has one; −∞ for a window without an element.
void vn_max_pool(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window, const float *_Nonnull x,
                 float *_Nonnull y, vn_pool *_Nullable pool);
/// The same for tensors stored as bfloat16, with an even number of channels; strides are in words of two.
void vn_bmax_pool(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window, const void *_Nonnull x,
                  void *_Nonnull y, vn_pool *_Nullable pool);
/// Average of each window; 0 for a window without an element.
void vn_average_pool(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window, const float *_Nonnull x,
                     float *_Nonnull y, vn_pool *_Nullable pool);
/// Mean over all pixels of an image: y[n, c] with rows `y_image` apart; uses window's n, h, w, c and strides.
void vn_global_average_pool(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window,
                            const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);
/// Maximum over all pixels of an image, as above.
void vn_global_max_pool(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window,
                        const float *_Nonnull x, float *_Nonnull y, vn_pool *_Nullable pool);

/// Pooling over planes of up to three axes, one behind the other; the extents of missing axes are 1.
typedef struct vn_planes {
  size_t planes;
  int64_t extents[3], outputs[3], kernel[3], strides[3], dilations[3], before[3], after[3];
  bool maximum;
  /// Average only: as in vn_window.
  bool count_include_pad;
  /// Elements from neighbor to neighbor when the places of maxima are counted.
  int64_t counts[3];
} vn_planes;

/// y, and if wanted the places of the maxima among all elements of x, the first of equals, −1 for a window without an element.
/// NaN is the largest number; without an element, the maximum is −∞ and the average 0.
void vn_pool_planes(const vn_planes *_Nonnull p, const float *_Nonnull x, float *_Nonnull y,
                    int64_t *_Nullable places, vn_pool *_Nullable pool);

/// y = in each plane the columns laid over it, where they overlap with the sum, plus the plane's bias: plane p has
/// columns[p, tap, output]. The planes' extents are those of y.
void vn_add_columns(const vn_planes *_Nonnull p, const float *_Nonnull columns, const float *_Nullable bias,
                    float *_Nonnull y, vn_pool *_Nullable pool);

/// Local response normalization across channels, ONNX LRN: y = x / (bias + alpha/size · Σ x²)^beta, the sum
/// over the channels c − ⌊(size−1)/2⌋ … c + ⌈(size−1)/2⌉ of each of `pixels` rows; y must not be x.
void vn_lrn(const vn_kernels *_Nonnull k, size_t pixels, size_t channels, int size, float alpha, float beta,
            float bias, const float *_Nonnull x, int64_t x_row, float *_Nonnull y, int64_t y_row,
            vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
