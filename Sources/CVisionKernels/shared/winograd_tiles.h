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

/// Whether a convolution has gaps between its taps. It is then several ones without: outputs that are as many rows and columns apart
/// read pixels that are so, too. Each of these has its own part of the pixels of every image.
static inline bool vn_winograd_is_dilated(const vn_conv *conv) { return conv->dilation_h > 1 || conv->dilation_w > 1; }

/// The extents of such a convolution as one of more and smaller images, which are as large as the largest of its parts.
static inline vn_conv vn_winograd_flat(const vn_conv *conv) {
  vn_conv flat = *conv;
  if (!vn_winograd_is_dilated(conv)) return flat;
  flat.n = conv->n * conv->dilation_h * conv->dilation_w;
  flat.h = (conv->h + conv->dilation_h - 1) / conv->dilation_h, flat.w = (conv->w + conv->dilation_w - 1) / conv->dilation_w;
  flat.oh = (conv->oh + conv->dilation_h - 1) / conv->dilation_h, flat.ow = (conv->ow + conv->dilation_w - 1) / conv->dilation_w;
  flat.dilation_h = flat.dilation_w = 1;
  return flat;
}

/// An image, or a part of one: its extents and strides, and where its operand, result and residual begin.
typedef struct vn_winograd_image {
  const vn_conv *conv;
  int64_t x, y, residual;
  vn_conv part;
} vn_winograd_image;

/// Where outputs that are `gap` apart, from `first` on, find their pixels: the first pixel, how many there are, and the padding before
/// them, in steps of `gap`.
static inline int64_t vn_winograd_part(int32_t gap, int32_t first, int32_t extent, int32_t *pad, int32_t *count) {
  const int32_t at = first - *pad, inside = (at % gap + gap) % gap;
  *pad = (inside - at) / gap;
  *count = extent > inside ? (extent - inside + gap - 1) / gap : 0;
  return inside;
}

static inline void vn_winograd_image_at(const vn_conv *conv, size_t image, vn_winograd_image *at) {
  const int64_t columns = conv->dilation_w, parts = conv->dilation_h * columns;
  const bool dilated = vn_winograd_is_dilated(conv);
  const int64_t whole = dilated ? (int64_t)image / parts : (int64_t)image;
  at->conv = conv;
  at->x = whole * conv->x_image, at->y = whole * conv->y_image, at->residual = whole * conv->r_image;
  if (!dilated) return;
  const int32_t row = (int32_t)((int64_t)image % parts / columns), column = (int32_t)((int64_t)image % columns);
  vn_conv *part = &at->part;
  *part = *conv;
  at->conv = part;
  at->x += vn_winograd_part(conv->dilation_h, row, conv->h, &part->pad_top, &part->h) * conv->x_row;
  at->x += vn_winograd_part(conv->dilation_w, column, conv->w, &part->pad_left, &part->w) * conv->x_pixel;
  at->y += row * conv->y_row + column * conv->y_pixel;
  at->residual += row * conv->r_row + column * conv->r_pixel;
  part->oh = conv->oh > row ? (conv->oh - row + conv->dilation_h - 1) / conv->dilation_h : 0;
  part->ow = conv->ow > column ? (conv->ow - column + conv->dilation_w - 1) / conv->dilation_w : 0;
  part->x_row *= conv->dilation_h, part->y_row *= conv->dilation_h, part->r_row *= conv->dilation_h;
  part->x_pixel *= conv->dilation_w, part->y_pixel *= conv->dilation_w, part->r_pixel *= conv->dilation_w;
}

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
