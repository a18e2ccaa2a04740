// How one convolution is cut into items, and how the implicit im2col finds its columns. Everything follows from shapes and
// instruction set alone.
#pragma once
#include "bfloat16_matrix.h"
#include "kernels.h"
#include "look_ahead.h"
#include "vn_cut.h"

typedef struct vn_conv_plan {
  bool depthwise;
  bool merged;       ///< kernel rows are read as one run of kw · c floats
  bool dense_input;  ///< 1×1: pixel p is at x + p · x_pixel
  bool dense_output, dense_residual;
  size_t group_inputs, group_outputs;
  size_t taps, run, depth;  ///< depth = taps · run: the length of the sums
  size_t taps_block, run_block;  ///< KC: partial sums are formed over this many taps of this many floats
  bool skips;       ///< whether tiles leave out taps that read nothing but zeros
  bool by_blocks;   ///< whether an item forms a partial sum of all its tiles before the next one
  size_t panel_columns, panels;  ///< NR, and how many panels of it one group has
  size_t group_packed;           ///< floats of the packed weights of one group
  size_t pixels;
  vn_cut cut;  ///< of one group
  size_t zero_floats, worker_floats;
  // Depthwise:
  size_t row_chunks, channels_per_item, channel_chunks, table_columns;
} vn_conv_plan;

/// How many times an item's tiles go through a panel.
static inline size_t vn_conv_blocks(const vn_conv_plan *plan) {
  return plan->by_blocks ? vn_divide_up(plan->taps, plan->taps_block) * vn_divide_up(plan->run, plan->run_block) : 1;
}

vn_conv_plan vn_conv_plan_make(const vn_kernels *k, const vn_conv *conv);
void vn_depthwise_plan(const vn_conv *conv, vn_conv_plan *plan);
/// How a convolution computes parts of the neighboring normalizations.
typedef struct vn_normalizing {
  const vn_conv_normalization *n;  ///< or NULL
  size_t first_chunk, chunks;      ///< of the partial sums
} vn_normalizing;

/// How a convolution of bfloat16 is computed, and whether y and the residual are stored as bfloat16.
typedef struct vn_pairs {
  const vn_bkernels *k;      ///< NULL for floats
  const vn_bmatrix *matrix;  ///< NULL where no tiles of the processor multiply
  bool y, residual;
} vn_pairs;

void vn_conv_run_with(const vn_kernels *k, const vn_conv *conv, vn_normalizing normalizing, vn_pairs pairs,
                      const float *x, const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool);
void vn_depthwise_run(const vn_kernels *k, const vn_conv *conv, const vn_conv_plan *plan, vn_normalizing normalizing,
                      const float *x, const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool);

/// `vn_most_tiles`: the most tiles of an item.
enum { vn_known_spans = 16, vn_most_tiles = 64 };

/// Output columns first..<last.
typedef struct vn_span {
  int64_t first, last;
} vn_span;

/// The range of those of `taps` consecutive columns from column `ix` that are inside a row of `width` columns.
static inline vn_span vn_inside(int64_t taps, int64_t width, int64_t ix) {
  vn_span s = {ix < 0 ? -ix : 0, width - ix};
  if (s.first > taps) s.first = taps;
  if (s.last > taps) s.last = taps;
  if (s.last < s.first) s.last = s.first;
  return s;
}

/// The implicit im2col: finds the input that each tap reads at an output pixel.
typedef struct vn_conv_reader {
  const vn_conv *conv;
  bool merged;         ///< a kernel row is one run of kw · c floats
  size_t run;          ///< floats that each pointer points to
  const float *zeros;  ///< as many zeros
  int64_t ring;        ///< rows of the ring buffer that holds the input, row y at y modulo `ring`; 0 for a whole image
  vn_span spans[vn_known_spans];  ///< per tap of a kernel row; of the whole row when merged
  vn_span whole;                  ///< of the whole row
} vn_conv_reader;

vn_conv_reader vn_conv_reader_make(const vn_conv *conv, bool merged, size_t run, const float *zeros);

/// Where an output pixel is.
typedef struct vn_place {
  size_t image, row, column;
} vn_place;

static inline vn_place vn_place_of(const vn_conv *conv, size_t pixel) {
  const size_t width = (size_t)conv->ow, area = width * (size_t)conv->oh;
  return (vn_place){pixel / area, pixel % area / width, pixel % width};
}

static inline void vn_next_row(const vn_conv *conv, vn_place *p) {
  p->column = 0;
  if (++p->row < (size_t)conv->oh) return;
  p->row = 0;
  p->image++;
}

/// The pointers of `count` pixels of one output row, `stride` apart from tap to tap; merged runs that leave the image are
/// copied to `border`.
void vn_point_columns(const vn_conv_reader *r, vn_place p, size_t count, const float *x, const float **rows,
                   size_t stride, float **border);

/// Computes a row of outputs, in blocks of channels whose weights stay in the first-level cache from outputs to outputs.
void vn_depthwise_row_run(const vn_kernels *k, const vn_depthwise_row *row);

/// A row of pointers to the pixels that a depthwise convolution reads for one output row.
size_t vn_depthwise_columns(const vn_conv *conv);
int vn_depthwise_stride(const vn_conv *conv);
void vn_depthwise_point(const vn_conv *conv, const float *x, const float *zeros, int64_t image, int64_t oy,
                        int64_t ring, const float **table);
