// Convolution over any number of spatial axes by im2col and GEMM: the plain algorithm.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "vn_elementwise.h"
#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The most spatial axes that a `vn_im2col` can have.
enum { VN_SPATIAL_AXES = 6 };

/// One convolution: y = activation(w ∗ x + bias + residual), everything dense and in ONNX's order:
/// x is [n][c][in…], w is [o][c / groups][kernel…], y and the residual are [n][o][out…].
///
/// The caller chooses the output sizes. A window that leaves the input reads zeros, so padding after it needs no field.
/// y overlaps neither x nor the residual.
typedef struct vn_im2col {
  int32_t axes;      ///< spatial axes, from 1 to VN_SPATIAL_AXES; the last one is contiguous
  size_t n, c, o;    ///< batch, input and output channels (all groups together)
  size_t groups;     ///< divides c and o
  int64_t in[VN_SPATIAL_AXES], out[VN_SPATIAL_AXES], kernel[VN_SPATIAL_AXES];
  int64_t stride[VN_SPATIAL_AXES], dilation[VN_SPATIAL_AXES];
  int64_t pad[VN_SPATIAL_AXES];  ///< zeros before the input
  vn_unary_op activation;
  float alpha, beta;  ///< its parameters
} vn_im2col;

/// The blocks that `vn_im2col_run` forms, for reports.
typedef struct vn_im2col_blocks {
  size_t depth;    ///< c / groups times the taps of the kernel: the length of the sums
  size_t columns;  ///< output positions: the columns of one image's matrix
  size_t kc, nc;   ///< rows and columns of a block of the matrix
  size_t items;    ///< items distributed over threads: images times groups times blocks of columns
} vn_im2col_blocks;

vn_im2col_blocks vn_im2col_explain(const vn_im2col *_Nonnull conv);
/// Floats of scratch that `vn_im2col_run` needs with a pool of `threads`.
size_t vn_im2col_scratch_floats(const vn_kernels *_Nonnull k, const vn_im2col *_Nonnull conv, int threads);
/// Runs the convolution on unpacked weights. All extents are at least 1.
void vn_im2col_run(const vn_kernels *_Nonnull k, const vn_im2col *_Nonnull conv, const float *_Nonnull x,
                   const float *_Nonnull w, const float *_Nullable bias, const float *_Nullable residual,
                   float *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
