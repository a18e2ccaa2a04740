#pragma once
#include <stddef.h>
#include <stdint.h>

#include "vn_elementwise.h"
#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One convolution: y = activation(x ∗ w + bias + residual). A dense layer is n rows of h = w = kh = kw = 1.
///
/// The channel of a pixel is contiguous; strides are in floats and may be larger than dense, so that x, y and
/// the residual can be channel slices. The caller chooses the output sizes: any window that leaves the input reads
/// zeros, so bottom and right padding need no fields. y must not overlap x; the residual may be y itself.
typedef struct vn_conv {
  int32_t n, h, w, c;     ///< batch, input height, width and channels (all groups together)
  int32_t oh, ow, o;      ///< output height, width and channels (all groups together)
  int32_t kh, kw;         ///< kernel
  int32_t stride_h, stride_w, dilation_h, dilation_w;
  int32_t pad_top, pad_left;
  int32_t groups;         ///< divides c and o
  int64_t x_pixel, x_row, x_image;
  int64_t y_pixel, y_row, y_image;
  int64_t r_pixel, r_row, r_image;  ///< of the residual; ignored without one
  /// The number of four-byte units that a pair takes if channels are pairs of bfloat16 for `vn_bconv_run`; otherwise 0.
  int32_t pair_units;
  vn_unary_op activation;           ///< any unary function; ReLU and clip are free
  float alpha, beta;                ///< its parameters
} vn_conv;

/// Floats that the packed weights take.
size_t vn_conv_packed_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// Packs weights [o, c / groups, kh, kw] into the kernel's order, which does not depend on batch and strides.
void vn_conv_pack(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull oihw,
                  float *_Nonnull packed);
/// Packed weights of a convolution of one group with a factor for each input channel, which is as good as such a factor on the
/// channel itself.
void vn_conv_scale_inputs(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull packed,
                          const float *_Nonnull factors, float *_Nonnull y, vn_pool *_Nullable pool);
/// The reverse of `vn_conv_pack`.
void vn_conv_unpack(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull packed,
                    float *_Nonnull oihw);
/// Floats of scratch that `vn_conv_run` needs with a pool of `threads`.
size_t vn_conv_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, int threads);
/// Runs the convolution. Scratch aligned to 64 bytes is faster; other alignments are correct too.
void vn_conv_run(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull x,
                 const float *_Nonnull packed, const float *_Nullable bias, const float *_Nullable residual,
                 float *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable pool);

/// Floats of scratch that `vn_gemm` needs with a pool of `threads`.
size_t vn_gemm_scratch_floats(const vn_kernels *_Nonnull k, size_t m, size_t n, size_t kk, int threads);
/// c[m, n] = alpha · op(a)[m, kk] · op(b)[kk, n] + beta · c; row-major with leading dimensions in floats;
/// a is stored [kk, m] if `trans_a`, b is stored [n, kk] if `trans_b`; beta = 0 does not read c.
void vn_gemm(const vn_kernels *_Nonnull k, size_t m, size_t n, size_t kk, float alpha,
             const float *_Nonnull a, int64_t lda, bool trans_a, const float *_Nonnull b, int64_t ldb,
             bool trans_b, float beta, float *_Nonnull c, int64_t ldc, float *_Nullable scratch,
             vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
