// The gradient of a convolution with respect to its input: for each residue of the input position modulo the stride (a phase), a
// convolution of stride 1 over the gradient. Its weights are "turned": those of the taps that read such positions, in reverse
// order, with input and output channels exchanged.
#pragma once
#include "../shared/normalizing.h"

/// The taps that read one phase of an axis: positions s·q + residue of the input are read by the taps first + j·step.
typedef struct vn_axis_phase {
  int32_t count;     ///< of positions q
  int32_t taps;      ///< number of these taps; may be 0
  int32_t first, step;
  int32_t dilation;  ///< in positions of the gradient
  int32_t pad;
} vn_axis_phase;

vn_axis_phase vn_phase_of(int32_t residue, int32_t size, int32_t kernel, int32_t stride, int32_t dilation, int32_t pad);
/// The convolution of one phase: o and c exchanged.
vn_conv vn_phase_conv(const vn_conv *conv, vn_axis_phase v, vn_axis_phase h);
/// Writes the packed turned weights of one phase.
void vn_turn_weights(const vn_kernels *k, const vn_conv *conv, vn_axis_phase v, vn_axis_phase h, const float *packed,
                     float *turned, vn_pool *pool);

static inline vn_axis_phase vn_rows_of_phase(const vn_conv *conv, int32_t top) {
  return vn_phase_of(top, conv->h, conv->kh, conv->stride_h, conv->dilation_h, conv->pad_top);
}

static inline vn_axis_phase vn_columns_of_phase(const vn_conv *conv, int32_t left) {
  return vn_phase_of(left, conv->w, conv->kw, conv->stride_w, conv->dilation_w, conv->pad_left);
}
