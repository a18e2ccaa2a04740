// What recurrent layers and their gradients share.
#pragma once
#include <math.h>

#include "../shared/kernels.h"

/// Elements of states that an item has; fewer are not distributed.
enum { vn_recurrent_item_elements = 4096 };

static inline size_t vn_gates_of(vn_cell cell) { return cell == VN_LSTM ? 4 : cell == VN_GRU ? 3 : 1; }
/// Whole cache lines.
static inline size_t vn_lines(size_t floats) { return (floats + 15) / 16 * 16; }

/// A product of rows with a matrix [outputs][inputs].
static inline vn_conv vn_row_product(size_t rows, size_t inputs, size_t outputs, int64_t y_row, int64_t residual_row) {
  return (vn_conv){.n = (int32_t)rows, .h = 1, .w = 1, .c = (int32_t)inputs, .oh = 1, .ow = 1, .o = (int32_t)outputs,
                   .kh = 1, .kw = 1, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1, .groups = 1,
                   .x_pixel = (int64_t)inputs, .x_row = (int64_t)inputs, .x_image = (int64_t)inputs,
                   .y_pixel = y_row, .y_row = y_row, .y_image = y_row,
                   .r_pixel = residual_row, .r_row = residual_row, .r_image = residual_row};
}
