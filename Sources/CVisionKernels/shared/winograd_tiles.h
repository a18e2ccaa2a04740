// Declarations that the forms of Winograd's algorithm share.
#pragma once
#include "kernels.h"
#include "vn_winograd.h"

/// The extents of F(4×4, 3×3), the only form that training uses.
enum { vn_winograd_side = 4, vn_winograd_window = 6, vn_winograd_points = 36 };

/// The tiles of side × side outputs of a convolution, image after image, row after row; each reads window × window pixels.
///
/// If `mixed`, the last rows and columns may consist of tiles that are shorter by two, so that few outputs are beyond the
/// edge: a shorter tile of F(6×6, 3×3) is one of F(4×4, 3×3) at six of the eight points, and a shorter tile of F(4×4, 3×3) is
/// one of F(2×2, 3×3). Tiles of all images are ordered by kind: full height and reduced width, full, reduced height and full
/// width, both reduced. So the tiles that have a given point are contiguous.
typedef struct vn_winograd_tiles {
  size_t side, stride, kernel, window;
  size_t taps;  ///< of a filter in one dimension; for stride 2, of the filter of even pixels
  bool mixed;
  size_t images, rows, columns, count;
  size_t whole_rows, whole_columns;
} vn_winograd_tiles;

/// One tile: where its first output is, how many outputs it has, and how many tiles like it follow side by side, itself included.
typedef struct vn_winograd_tile {
  size_t image, row, column, height, width, beside;
} vn_winograd_tile;

vn_winograd_tiles vn_winograd_tiles_of(const vn_conv *conv, size_t side, bool mixed);

/// The indices, among mixed tiles, of the first full tile, the first of reduced height, and the first with both reduced.
static inline void vn_winograd_kinds(const vn_winograd_tiles *t, size_t starts[3]) {
  const size_t narrow = t->columns - t->whole_columns, low = t->rows - t->whole_rows;
  starts[0] = t->images * t->whole_rows * narrow;
  starts[1] = starts[0] + t->images * t->whole_rows * t->whole_columns;
  starts[2] = starts[1] + t->images * low * t->whole_columns;
}

static inline vn_winograd_tile vn_winograd_tile_at(const vn_winograd_tiles *t, size_t tile) {
  size_t rows = t->whole_rows, columns = t->whole_columns, row = 0, column = 0, height = t->side, width = t->side;
  if (t->mixed) {
    size_t starts[3];
    vn_winograd_kinds(t, starts);
    const int kind = (tile >= starts[0]) + (tile >= starts[1]) + (tile >= starts[2]);
    if (kind > 0) tile -= starts[kind - 1];
    if (kind == 0 || kind == 3) column = columns * width, columns = t->columns - columns, width -= 2;
    if (kind >= 2) row = rows * height, rows = t->rows - rows, height -= 2;
  }
  const size_t area = rows * columns, at = tile % columns;
  return (vn_winograd_tile){tile / area, row + tile % area / columns * height, column + at * width, height, width, columns - at};
}

/// Transforms `channels` channels of the input of tiles first..<last to results `pitch` floats apart; `v` is the result of tile
/// `first` at point 0, and points are `step` floats apart. `zeros` holds as many zeros as channels.
void vn_winograd_transform(const vn_kernels *k, const vn_conv *conv, const vn_winograd_tiles *tiles, const float *x,
                           size_t channels, const float *zeros, size_t first, size_t last, float *v, size_t pitch,
                           size_t step);
