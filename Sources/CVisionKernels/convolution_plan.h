// How one convolution is cut into items; a function of shapes and instruction set only.
#pragma once
#include "kernels.h"

typedef struct vn_conv_plan {
  bool depthwise;
  bool merged;       ///< kernel rows are read as one run of kw · c floats
  bool dense_input;  ///< 1×1: pixel p is at x + p · x_pixel
  bool dense_output, dense_residual;
  size_t group_inputs, group_outputs;
  size_t taps, run, depth;  ///< depth = taps · run: the length of the sums
  size_t taps_block, run_block;
  size_t panel_columns, panels;  ///< of one group
  size_t group_packed;           ///< packed floats of one group
  size_t pixels, tiles, tiles_per_item, pixel_chunks, panels_per_item, panel_chunks;
  size_t zero_floats, worker_floats;
  // Depthwise:
  size_t row_chunks, channels_per_item, channel_chunks, table_columns;
} vn_conv_plan;

vn_conv_plan vn_conv_plan_make(const vn_kernels *k, const vn_conv *conv);
void vn_depthwise_plan(const vn_conv *conv, vn_conv_plan *plan);
void vn_depthwise_run(const vn_kernels *k, const vn_conv *conv, const vn_conv_plan *plan, const float *x,
                      const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool);

static inline size_t vn_divide_up(size_t a, size_t b) { return (a + b - 1) / b; }
static inline size_t vn_smaller(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t vn_larger(size_t a, size_t b) { return a > b ? a : b; }
static inline float *vn_align(float *p) { return (float *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }
