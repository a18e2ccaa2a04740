// How a convolution by Winograd's algorithm is cut into items, and where its weights are.
#pragma once
#include "../shared/winograd_tiles.h"

enum { vn_winograd_most_points = 64 };

/// How one convolution is cut into items. This may depend on the number of threads, since computing tiles together does not
/// change their results.
typedef struct vn_winograd_plan {
  vn_winograd_tiles places;
  size_t points_1d, points;                  ///< in one dimension and in both: 36, 16 or 64; for stride 2, 25, 9 or 49
  size_t channels;                           ///< of the input
  size_t tiles;
  size_t pitch, panels, panel_columns;
  size_t blocks, tiles_per_block;            ///< a block of tiles is multiplied together
  size_t panel_chunks, panels_per_item;
  size_t panels_at_once;                     ///< panels that are multiplied at one point before the next point
  bool shared;                               ///< whether all tiles are transformed before any product
  size_t longest_sum;                        ///< longer sums are formed from partial sums
  size_t step;                               ///< floats from point to point of transformed inputs
  size_t product_step;                       ///< floats from point to point of products
  size_t columns;                            ///< outputs, rounded up to whole vectors
  size_t zero_floats, shared_floats, worker_floats;
} vn_winograd_plan;

static inline bool vn_winograd_is_strided(const vn_conv *conv) { return conv->stride_h == 2; }
vn_winograd_plan vn_winograd_plan_of(const vn_kernels *k, const vn_conv *conv, size_t side, bool training, int threads);
/// Floats of scratch of a convolution with tiles of `side` outputs.
size_t vn_winograd_scratch_floats_of(const vn_kernels *k, const vn_conv *conv, size_t side, bool training, int threads);
/// Runs a convolution. `results` gives the strides of the results: the max pooling over 2 × 2, or `conv`.
void vn_winograd_run_of(const vn_kernels *k, const vn_conv *conv, const vn_conv *results, size_t side, bool training,
                        const float *x, const float *packed, const float *bias, const float *residual, float *y,
                        float *scratch, vn_pool *pool);
/// The form of a tile of height × width outputs.
static inline vn_winograd_form vn_winograd_form_of(const vn_winograd_tiles *tiles, size_t height, size_t width) {
  const size_t shorter = (height < tiles->side ? 2 : 0) + (width < tiles->side ? 1 : 0);
  if (tiles->stride == 2) {
    if (tiles->taps != 2) return VN_WINOGRAD_F4_4;
    return tiles->side == 2 ? VN_WINOGRAD_F2_2 : VN_WINOGRAD_F4_2;
  }
  if (tiles->side == 6) return (vn_winograd_form)(VN_WINOGRAD_F6_3 + shorter);
  if (shorter > 0) return (vn_winograd_form)(VN_WINOGRAD_F4_3_4X2 + shorter - 1);
  return tiles->side == 2 ? VN_WINOGRAD_F2_3 : VN_WINOGRAD_F4_3;
}

/// The form of filters for full tiles, for stride 1 and for stride 2.
static inline vn_winograd_filter_form vn_winograd_filter_form_of(const vn_winograd_tiles *tiles) {
  return tiles->side == 2 ? VN_WINOGRAD_FILTERS_F2_3 : tiles->side == 4 ? VN_WINOGRAD_FILTERS_F4_3 : VN_WINOGRAD_FILTERS_F6_3;
}
static inline vn_winograd_strided_form vn_winograd_strided_form_of(const vn_winograd_tiles *tiles) {
  if (tiles->taps != 2) return VN_WINOGRAD_FILTERS_F4_4;
  return tiles->side == 2 ? VN_WINOGRAD_FILTERS_F2_2 : VN_WINOGRAD_FILTERS_F4_2;
}

/// Which tiles have point `e`: *first..<*last. Among mixed tiles, only the full ones have all points.
static inline void vn_winograd_tiles_at(const vn_winograd_plan *p, size_t e, size_t *first, size_t *last) {
  *first = 0, *last = p->tiles;
  if (!p->places.mixed) return;
  size_t starts[3];
  vn_winograd_kinds(&p->places, starts);
  const size_t extra = p->places.side == 6 ? 6 : 3, i = e / p->points_1d - extra, j = e % p->points_1d - extra;
  if (j < 2) *first = starts[0];
  if (i < 2) *last = starts[1];
  else if (j < 2) *last = starts[2];
}

/// How many times a point's sums run over the channels in one dimension: for stride 2, once for even and once for odd pixels, but
/// at ∞ for even pixels only.
static inline size_t vn_winograd_phases(const vn_winograd_plan *p, size_t i) {
  return p->places.stride == 2 && i + 1 < p->points_1d ? 2 : 1;
}
static inline size_t vn_winograd_point_depth(const vn_winograd_plan *p, size_t e) {
  return p->channels * vn_winograd_phases(p, e / p->points_1d) * vn_winograd_phases(p, e % p->points_1d);
}

/// Where the weights of point `e` begin; for the number of points, the size of all weights. Points are 16 floats further apart
/// than their weights need: with a step that is a power of two, all would fall into the same cache sets.
static inline size_t vn_winograd_point_start(const vn_winograd_plan *p, size_t e) {
  if (p->places.stride == 1) return e * (p->columns * p->channels + 16);
  const size_t n = p->points_1d, row = e / n, whole = 2 * n - 1;
  // Each earlier row has 2 · (2n − 1) times the channels, since only the last row is that of the point ∞.
  const size_t phases = row * 2 * whole + (row < n ? vn_winograd_phases(p, row) * 2 * (e % n) : 0);
  return (row < n ? phases : whole * whole) * p->columns * p->channels + e * 16;
}
