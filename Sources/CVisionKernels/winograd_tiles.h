// What the forms of Winograd's algorithm share.
#pragma once
#include "convolution_plan.h"
#include "vn_winograd.h"

/// Of F(4×4, 3×3), the only one that training uses.
enum { vn_winograd_side = 4, vn_winograd_window = 6, vn_winograd_points = 36 };

/// The tiles of side × side outputs of a convolution, image after image, row after row; each reads window × window pixels.
typedef struct vn_winograd_tiles {
  size_t side, stride, kernel, window;
  size_t taps;  ///< of a filter of one dimension; for stride 2 of that of even pixels
  size_t rows, columns, count;
} vn_winograd_tiles;

static inline vn_winograd_tiles vn_winograd_tiles_of(const vn_conv *conv, size_t side) {
  const size_t stride = (size_t)conv->stride_h, kernel = (size_t)conv->kh;
  vn_winograd_tiles t = {.side = side, .stride = stride, .kernel = kernel, .window = stride * (side - 1) + kernel,
                         .taps = stride == 2 ? (kernel + 1) / 2 : kernel,
                         .rows = vn_divide_up((size_t)conv->oh, side), .columns = vn_divide_up((size_t)conv->ow, side)};
  t.count = (size_t)conv->n * t.rows * t.columns;
  return t;
}

/// Where the first output of a tile is.
static inline vn_place vn_winograd_place(const vn_winograd_tiles *t, size_t tile) {
  const size_t area = t->rows * t->columns;
  return (vn_place){tile / area, tile % area / t->columns * t->side, tile % t->columns * t->side};
}

/// Transforms `channels` of the input of tiles first…last, `pitch` floats apart; `v` is that of tile `first` at point 0,
/// `step` floats before point 1. `zeros` holds as many zeros as channels.
void vn_winograd_transform(const vn_kernels *k, const vn_conv *conv, const vn_winograd_tiles *tiles, const float *x,
                           size_t channels, const float *zeros, size_t first, size_t last, float *v, size_t pitch,
                           size_t step);
