#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"
#include "vn_pooling.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How 32-bit sums become results. Every operation is one float32 operation rounded to nearest, and `round` rounds to the
/// nearest integer, halves to even: results are the same on every instruction set, bit for bit.
///
/// t = clamp(sum · multiplier, low, high); the bounds are whole numbers where results are bytes.
/// - floats: y = t
/// - bytes: y = round(t) + zero
/// - bytes with a residual r: y = round(clamp(round(t) · sum_scale + (r − residual_zero) · residual_scale, sum_low,
///   sum_high)) + sum_zero
typedef struct vn_requantization {
  float low, high;
  int32_t zero;
  bool floats;
  bool bounded;  ///< whether all |sum · multiplier| are below 2³¹
  float sum_scale, residual_scale, sum_low, sum_high;
  int32_t residual_zero, sum_zero;
} vn_requantization;

/// A convolution of bytes x (meaning x − x_zero) with int8 weights, all dense NHWC. A dense layer is n rows of
/// h = w = kh = kw = 1. Padding reads as x_zero. Sums are exact: |x − x_zero| · |w| over a window, and the bias, must
/// stay below 2³¹.
typedef struct vn_qconv {
  int32_t n, h, w, c, oh, ow, o, kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, groups;
  int32_t x_zero;
  vn_requantization result;
  /// Does not use the instructions for dot products of bytes; same results.
  bool avoids_dot_products;
  /// Uses the kernel for a processor's tiles (AMX) with a model of them in C, where there is AVX-512: for tests; same results.
  bool models_tiles;
  /// Uses Winograd's F(4×4, 3×3), which requires `vn_qwinograd_is_exact`; same results.
  bool winograd;
} vn_qconv;

/// Bytes that packed weights take.
size_t vn_qconv_packed_bytes(const vn_kernels *_Nonnull k, const vn_qconv *_Nonnull conv);
/// Whether Winograd's F(4×4, 3×3) can compute the convolution: 3×3, stride 1, no dilation, one group.
bool vn_qwinograd_applies(const vn_qconv *_Nonnull conv);
/// Whether the algorithm's sums modulo 2³² determine the results: no sum of these weights [o, c, 3, 3] leaves −2²⁵ … 2²⁵ − 1
/// for any bytes.
bool vn_qwinograd_is_exact(const vn_qconv *_Nonnull conv, const int8_t *_Nonnull oihw);
/// Whether Winograd's algorithm is faster, according to measurements.
bool vn_qwinograd_pays(const vn_kernels *_Nonnull k, const vn_qconv *_Nonnull conv);
/// Packs weights [o, c / groups, kh, kw] with the bias [o] (or NULL) and the multipliers [o], to memory aligned to 64.
void vn_qconv_pack(const vn_kernels *_Nonnull k, const vn_qconv *_Nonnull conv, const int8_t *_Nonnull oihw,
                   const int32_t *_Nullable bias, const float *_Nonnull multipliers, void *_Nonnull packed);
/// Bytes of scratch that `vn_qconv_run` needs with a pool of `threads`.
size_t vn_qconv_scratch_bytes(const vn_kernels *_Nonnull k, const vn_qconv *_Nonnull conv, int threads);
/// y: bytes or floats [n, oh, ow, o]; the residual, if any, is bytes of the same extents. Nothing may overlap.
void vn_qconv_run(const vn_kernels *_Nonnull k, const vn_qconv *_Nonnull conv, const uint8_t *_Nonnull x,
                  const void *_Nonnull packed, const uint8_t *_Nullable residual, void *_Nonnull y,
                  void *_Nullable scratch, vn_pool *_Nullable pool);

/// y = saturate(round(x / scale) + zero); NaN becomes 0.
void vn_quantize(const vn_kernels *_Nonnull k, size_t count, const float *_Nonnull x, float scale, int32_t zero,
                 uint8_t *_Nonnull y, vn_pool *_Nullable pool);
/// As `vn_quantize`, from dense x[n, c, pixels] to y[n, pixels, c].
void vn_quantize_nchw(const vn_kernels *_Nonnull k, size_t n, size_t c, size_t pixels, const float *_Nonnull x,
                      float scale, int32_t zero, uint8_t *_Nonnull y, vn_pool *_Nullable pool);
/// y = (x − zero) · scale.
void vn_dequantize(const vn_kernels *_Nonnull k, size_t count, const uint8_t *_Nonnull x, float scale, int32_t zero,
                   float *_Nonnull y, vn_pool *_Nullable pool);
/// y = round(clamp((a − a_zero) · a_scale + (b − b_zero) · b_scale, low, high)) + zero; y may be a or b.
typedef struct vn_qadd {
  int32_t a_zero, b_zero, zero;
  float a_scale, b_scale, low, high;
} vn_qadd;
void vn_qadd_run(const vn_kernels *_Nonnull k, const vn_qadd *_Nonnull add, size_t count, const uint8_t *_Nonnull a,
                 const uint8_t *_Nonnull b, uint8_t *_Nonnull y, vn_pool *_Nullable pool);
/// y = saturate(round((a − a_zero) · a_scale · ((b − b_zero) · b_scale) / scale) + zero), each operation rounded to float32.
typedef struct vn_qmul {
  int32_t a_zero, b_zero, zero;
  float a_scale, b_scale, scale;
} vn_qmul;
/// Over rows of `columns`; each row of b is that of `rows_per_factor` rows of a. y may be a.
void vn_qmul_run(const vn_kernels *_Nonnull k, const vn_qmul *_Nonnull mul, size_t rows, size_t columns,
                 size_t rows_per_factor, const uint8_t *_Nonnull a, const uint8_t *_Nonnull b, uint8_t *_Nonnull y,
                 vn_pool *_Nullable pool);
/// y = table[x], of 256 entries; y may be x.
void vn_byte_table(const vn_kernels *_Nonnull k, size_t count, const uint8_t *_Nonnull table, const uint8_t *_Nonnull x,
                   uint8_t *_Nonnull y, vn_pool *_Nullable pool);
/// The largest byte of each window, dense NHWC: x_pixel … y_image of the window are ignored; 0 for a window without an element.
void vn_qmax_pool(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window, const uint8_t *_Nonnull x,
                  uint8_t *_Nonnull y, vn_pool *_Nullable pool);
/// y[n, c] = round(clamp((Σ x − pixels · x_zero) · multiplier, low, high)) + zero over dense x[n, pixels, c].
void vn_qglobal_average(const vn_kernels *_Nonnull k, size_t n, size_t pixels, size_t c, const uint8_t *_Nonnull x,
                        int32_t x_zero, float multiplier, float low, float high, int32_t zero,
                        uint8_t *_Nonnull y, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
