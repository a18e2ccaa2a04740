// How one convolution is cut into items; a function of shapes and instruction set only.
#pragma once
#include "kernels.h"
#include "vn_cut.h"

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
  size_t pixels;
  vn_cut cut;  ///< of one group
  size_t zero_floats, worker_floats;
  // Depthwise:
  size_t row_chunks, channels_per_item, channel_chunks, table_columns;
} vn_conv_plan;

vn_conv_plan vn_conv_plan_make(const vn_kernels *k, const vn_conv *conv);
void vn_depthwise_plan(const vn_conv *conv, vn_conv_plan *plan);
/// How a convolution takes part in the normalisations beside it.
typedef struct vn_normalizing {
  const vn_conv_normalization *n;  ///< or NULL
  size_t first_chunk, chunks;      ///< of the partial sums
} vn_normalizing;

/// How a convolution of bfloat16 is computed, and whether y and the residual are stored as bfloat16.
typedef struct vn_pairs {
  const vn_bkernels *k;  ///< NULL for floats
  bool y, residual;
} vn_pairs;

void vn_conv_run_with(const vn_kernels *k, const vn_conv *conv, vn_normalizing normalizing, vn_pairs pairs,
                      const float *x, const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool);
void vn_depthwise_run(const vn_kernels *k, const vn_conv *conv, const vn_conv_plan *plan, vn_normalizing normalizing,
                      const float *x, const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool);

/// `vn_most_tiles`: of an item.
enum { vn_known_spans = 16, vn_most_tiles = 64 };

/// Output columns first..<last.
typedef struct vn_span {
  int64_t first, last;
} vn_span;

/// Which of `taps` from column `ix` on lie in a row of `width`.
static inline vn_span vn_inside(int64_t taps, int64_t width, int64_t ix) {
  vn_span s = {ix < 0 ? -ix : 0, width - ix};
  if (s.first > taps) s.first = taps;
  if (s.last > taps) s.last = taps;
  if (s.last < s.first) s.last = s.first;
  return s;
}

/// How the inputs of output pixels are found.
typedef struct vn_conv_reader {
  const vn_conv *conv;
  bool merged;         ///< a kernel row is one run of kw · c floats
  size_t run;          ///< floats that a pointer leads to
  const float *zeros;  ///< as many zeros
  int64_t ring;        ///< rows of a ring that the input lies in, row y at y modulo that; 0 for a whole image
  vn_span spans[vn_known_spans];  ///< per tap of a kernel row; of the whole row when merged
  vn_span whole;                  ///< of the whole row
} vn_conv_reader;

vn_conv_reader vn_conv_reader_make(const vn_conv *conv, bool merged, size_t run, const float *zeros);

/// Where an output pixel is.
typedef struct vn_place {
  size_t image, row, column;
} vn_place;

vn_place vn_place_of(const vn_conv *conv, size_t pixel);
void vn_next_row(const vn_conv *conv, vn_place *p);
/// The pointers of `count` pixels of one output row, `stride` apart from tap to tap; runs that leave the image when
/// merged are copied to `border`.
void vn_conv_point(const vn_conv_reader *r, vn_place p, size_t count, const float *x, const float **rows,
                   size_t stride, float **border);

/// A row of pointers to the pixels that a depthwise convolution reads for one output row.
size_t vn_depthwise_columns(const vn_conv *conv);
int vn_depthwise_stride(const vn_conv *conv);
void vn_depthwise_point(const vn_conv *conv, const float *x, const float *zeros, int64_t image, int64_t oy,
                        int64_t ring, const float **table);

/// What all tiles that read one panel have in common of what they fetch, worked out once: divisions are slow.
typedef struct vn_panel_ahead {
  const char *panel, *next;
  size_t bytes, step, part, first;
  bool follows;  ///< the first tile fetches what follows in its own panel
} vn_panel_ahead;

/// For a panel that `count` tiles read, see `vn_look_ahead`.
static inline vn_panel_ahead vn_panel_ahead_of(const void *panel, size_t bytes, size_t steps, size_t count, bool cold,
                                               const void *next) {
  vn_panel_ahead a = {.panel = panel, .next = next, .bytes = bytes, .first = cold && count > 1 ? 1 : 0};
  a.follows = count == 1 ? !next || (const char *)next == (const char *)panel + steps * bytes : cold;
  a.step = (bytes + count - a.first - 1) / (count - a.first);
  a.part = a.step * steps;
  return a;
}

/// For tile `at` of them.
static inline vn_ahead vn_ahead_of(const vn_panel_ahead *a, size_t at, const void *pixels, size_t pixel_bytes) {
  vn_ahead ahead = {.weights = a->panel, .pixels = pixels ? pixels : a->panel, .pixels_step = pixels ? pixel_bytes : 0};
  if (a->follows && at == 0) {
    // About what arrives from memory while that much is read from the cache.
    ahead.weights += 8192;
    ahead.weights_step = a->bytes;
  } else if (a->next) {
    ahead.weights_step = a->step;
    ahead.weights = a->next + (at - a->first) * a->part;
  }
  return ahead;
}

/// What tile `at` of `count` tiles that read one panel should fetch meanwhile, so that no tile waits for weights that come
/// from beyond the second-level cache: a share of the `next` panel, or, where this one is read for the first time (`cold`),
/// what follows in it. A panel has `steps` of `bytes`. `pixels` is what the next tile reads, `pixel_bytes` at each step, if
/// that lies in one piece.
static inline vn_ahead vn_look_ahead(const void *panel, size_t bytes, size_t steps, size_t at, size_t count, bool cold,
                                     const void *next, const void *pixels, size_t pixel_bytes) {
  const vn_panel_ahead ahead = vn_panel_ahead_of(panel, bytes, steps, count, cold, next);
  return vn_ahead_of(&ahead, at, pixels, pixel_bytes);
}

static inline size_t vn_divide_up(size_t a, size_t b) { return (a + b - 1) / b; }
static inline size_t vn_smaller(size_t a, size_t b) { return a < b ? a : b; }
/// The fraction cut off, 0...2⁵³; the largest for NaN. A cast of what is out of range is undefined in C.
static inline size_t vn_whole(double x) { return x < 0x1p53 ? (x > 0 ? (size_t)x : 0) : (size_t)1 << 53; }
static inline size_t vn_larger(size_t a, size_t b) { return a > b ? a : b; }
static inline float *vn_align(float *p) { return (float *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }
