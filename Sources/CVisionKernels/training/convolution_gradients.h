// Both gradients of a convolution in one walk over its pixels.
#pragma once
#include "convolution_phases.h"

/// The arguments that pointwise and depthwise gradients share.
typedef struct vn_gradients_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const vn_conv_normalization *n, *input;  ///< or NULL, see `vn_conv_gradients`
  const float *x, *g, *packed;
  float *gx, *packed_gradient, *scratch;
  vn_pool *pool;
} vn_gradients_run;

static inline bool vn_computes_gradient(const vn_gradients_run *r) { return r->n && r->n->source; }

bool vn_depthwise_gradients_merge(const vn_conv *conv);
bool vn_depthwise_gradients_merging_pays(const vn_conv *conv);
size_t vn_depthwise_gradients_chunks(const vn_conv *conv);
size_t vn_depthwise_gradients_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads);
void vn_depthwise_gradients(const vn_gradients_run *run);

/// packed = the transpose of sums, [outputs][inputs] in panels of inputs.
void vn_turn_pointwise_sums(const vn_kernels *k, size_t inputs, size_t outputs, const float *sums, float *packed,
                            vn_pool *pool);
