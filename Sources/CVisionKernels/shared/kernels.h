// The function table of one instruction set, private to this target.
#pragma once
#include <stddef.h>
#include <string.h>

#include "CVisionKernels.h"
#include "arithmetic.h"

/// Of functions with loops that run long: they begin with a cache line, so that what is added elsewhere does not move their loops
/// to where the processor decodes them more slowly (4 to 6 % of tiles of 8 rows on Zen 4).
#define VN_ALIGNED __attribute__((aligned(64)))

enum { VN_MAX_ROWS = 14, VN_MAX_COLUMNS_OUT = 8, VN_ROW_STREAMS = 6 };

/// Memory that will be read soon and should come to the second-level cache by then: at each step of the innermost loop
/// a cache line of weights and one of pixels, which another core may have written.
typedef struct vn_ahead {
  const char *weights, *pixels;
  size_t weights_step, pixels_step;  ///< bytes from step to step; 0 for nothing
} vn_ahead;

/// One tile of an implicit matrix product: `mr` rows of pixels times one panel of packed weights.
typedef struct vn_tile {
  const float *const *rows;  ///< [taps][row_stride] pointers to runs of `run` floats
  size_t row_stride, taps, run;
  size_t taps_block, run_block;  ///< partial sums are formed over this many taps of this many floats
  const float *panel;            ///< [taps · run][columns of the panel]
  float *const *y;               ///< [mr] rows of the result
  ptrdiff_t x_shift, y_shift, residual_shift;  ///< floats to add to the pointers
  const float *const *residual;  ///< [mr] or NULL
  const float *bias;             ///< of all columns, or NULL
  size_t column, width;          ///< the panel's first column and how many count
  float low, high;               ///< the clamp at the end
  bool y_is_bf16, residual_is_bf16;  ///< of tiles of bfloat16: what the pointers lead to
  bool fetches;                  ///< whether the result's memory is far and should come nearer meanwhile
  vn_ahead ahead;
} vn_tile;

/// Products of `mr` rows, `pitch` floats apart, and a panel.
typedef struct vn_products {
  const float *rows;
  size_t pitch;
  size_t depth, block;  ///< partial sums are formed over `block` floats of a row
  const float *panel;   ///< [depth][columns of the panel]
  float *y;             ///< the results, of all columns of the panel
  size_t y_pitch;
  vn_ahead ahead;
} vn_products;

/// Rows of weights times an input each, summed in their order.
enum { VN_DENSE_ROWS = 8 };
typedef struct vn_dense_rows {
  const float *w[VN_DENSE_ROWS];
  float x[VN_DENSE_ROWS];
  const char *ahead[VN_DENSE_ROWS];  ///< rows to fetch meanwhile
  size_t count;                      ///< of rows
  float *y;
  size_t columns;                    ///< whole cache lines
  bool first;                        ///< whether the sums start here
} vn_dense_rows;

/// A row of outputs of a depthwise convolution: output j reads columns[i · column_stride + j · stride + tap].
typedef struct vn_depthwise_row {
  const float *const *columns;  ///< [kh][column_stride] pointers to pixels, zeros where there is padding
  size_t column_stride;
  int kh, kw, stride, ow;
  const float *weights;  ///< [kh · kw][weight_pitch]
  size_t weight_pitch;
  const float *bias;      ///< or NULL
  const float *residual;  ///< of output 0, or NULL
  int64_t residual_pixel;
  float *y;  ///< of output 0
  int64_t y_pixel;
  size_t first, last;  ///< the range of channels
  float low, high;
  /// Pixels to fetch meanwhile, one for each output: of output 0, and bytes from output to output.
  struct {
    const char *pixels;
    size_t step;
  } ahead[VN_ROW_STREAMS];
  int streams;
} vn_depthwise_row;

/// Products of `mr` input channels and a panel of gradients, summed over pixels.
typedef struct vn_outer {
  const float *const *rows;  ///< [count] pixels of the input
  size_t count, offset;      ///< the first of the input channels
  const float *g;            ///< [count] gradients, `g_step` floats apart
  size_t g_step;
  float *sums;               ///< [mr][columns of the panel]
  bool first;                ///< whether the sums start here
  vn_ahead ahead;            ///< at each pixel
} vn_outer;

/// Products of input and gradient for each tap and channel, summed over one row of outputs; read as by
/// `vn_depthwise_row`.
typedef struct vn_depthwise_outer {
  const float *const *columns;
  size_t column_stride;
  int kh, kw, stride, ow;
  const float *g;  ///< of output 0
  int64_t g_pixel;
  float *sums;     ///< [kh · kw][pitch]
  size_t pitch, first, last;
  /// Pixels of the next row to fetch meanwhile, `x_ahead_count` of the input and one of the gradient for each output.
  const float *x_ahead, *g_ahead;
  int64_t x_ahead_pixel;
  int x_ahead_count;
} vn_depthwise_outer;

/// The forms of Winograd's tiles: each has functions of its own. F(m × m, r × r) gives m × m outputs of a filter of r × r taps.
typedef enum vn_winograd_form {
  VN_WINOGRAD_F2_3,     ///< F(2×2, 3×3)
  VN_WINOGRAD_F4_3,     ///< F(4×4, 3×3)
  VN_WINOGRAD_F2_2,     ///< F(2×2, 2×2), of 3 × 3 and stride 2
  VN_WINOGRAD_F4_2,     ///< F(4×4, 2×2), of 3 × 3 and stride 2
  VN_WINOGRAD_F4_4,     ///< F(4×4, 4×4), of 7 × 7 and stride 2
  VN_WINOGRAD_F6_3,     ///< F(6×6, 3×3), and at its points shorter tiles of height × width outputs:
  VN_WINOGRAD_F6_3_6X4,
  VN_WINOGRAD_F6_3_4X6,
  VN_WINOGRAD_F6_3_4X4,
  VN_WINOGRAD_F4_3_4X2,  ///< the same at the points of F(4×4, 3×3)
  VN_WINOGRAD_F4_3_2X4,
  VN_WINOGRAD_F4_3_2X2,
  VN_WINOGRAD_FORMS,
} vn_winograd_form;

/// The points that filters are transformed to: those of stride 1, then those of stride 2.
typedef enum vn_winograd_filter_form {
  VN_WINOGRAD_FILTERS_F2_3, VN_WINOGRAD_FILTERS_F4_3, VN_WINOGRAD_FILTERS_F6_3, VN_WINOGRAD_FILTER_FORMS,
} vn_winograd_filter_form;
typedef enum vn_winograd_strided_form {
  VN_WINOGRAD_FILTERS_F2_2, VN_WINOGRAD_FILTERS_F4_2, VN_WINOGRAD_FILTERS_F4_4, VN_WINOGRAD_STRIDED_FORMS,
} vn_winograd_strided_form;

/// Of a tile's window: 13 × 13 for 4 × 4 outputs of 7 × 7 and stride 2.
enum { VN_WINOGRAD_MOST_PIXELS = 13 * 13 };

/// Filters of 3 × 3 to transform, of neighbouring outputs and one input channel.
typedef struct vn_winograd_filters {
  const float *g;
  int64_t g_step;  ///< floats from filter to filter
  size_t count;    ///< at most a vector's lanes; zeros take the place of the others
  float *u;        ///< of point 0: a vector
  size_t step;     ///< floats from point to point
} vn_winograd_filters;

/// Filters of 3 × 3 or 7 × 7 of stride 2. What concerns one dimension is numbered 0: even pixels at the first point, 1: odd
/// ones, 2: even ones at the second point, …, the last: even ones at ∞. Of both dimensions there are 9 × 9, 5 × 5 or, of 7 × 7,
/// 13 × 13.
typedef struct vn_winograd_strided_filters {
  const float *g;
  int64_t g_step;
  size_t count;
  float *u[VN_WINOGRAD_MOST_PIXELS];
} vn_winograd_strided_filters;

/// Weights of 3 × 3 to transform to 36 points, or the gradients of the points to those of the weights; vectors beside
/// vectors, whatever they hold.
typedef struct vn_winograd_weights {
  const float *in;
  float *out;
  size_t in_step, out_step;    ///< floats from tap to tap and from point to point
  size_t count;                ///< floats: whole vectors
  size_t chunks, chunk_step;   ///< partial sums of gradients of points, added up
} vn_winograd_weights;

/// One tile of at most 4 × 4 pixels of a gradient to transform.
typedef struct vn_winograd_gradient {
  const float *pixels[16];  ///< zeros where it ends
  size_t channels;
  float *m;     ///< of point 0, room for whole vectors
  size_t step;  ///< floats from point to point
} vn_winograd_gradient;

/// One tile of 8 × 8, 6 × 6 or 4 × 4 input pixels to transform, or of 9 × 9, 5 × 5 or 13 × 13 for stride 2.
typedef struct vn_winograd_input {
  const float *pixels[VN_WINOGRAD_MOST_PIXELS];  ///< row after row; zeros where there is padding
  size_t channels;
  float *v;     ///< of point 0, room for whole vectors; for stride 2 of as many times the channels as the point has pixels
  size_t step;  ///< floats from point to point
} vn_winograd_input;

/// One tile of at most 6 × 6, 4 × 4 or 2 × 2 output pixels to form from the products at all points.
typedef struct vn_winograd_output {
  const float *m;
  size_t step, width;
  const float *bias;      ///< or NULL
  const float *residual;  ///< or NULL
  int64_t r_row, r_pixel;
  float *y;
  int64_t y_row, y_pixel;
  int rows, columns;
  float low, high;
} vn_winograd_output;

/// One batch normalisation while its gradient is computed; all of it by channel.
typedef struct vn_normalization {
  size_t channels, pitch;        ///< pitch: floats from row to row of all that has rows
  const float *mean;
  const float *scale, *shift;    ///< y = clamp(x · scale + shift + residual)
  const float *slope, *offset;   ///< gx = g · scale + (x − mean) · slope + offset
  bool clamped;
  float low, high;
} vn_normalization;

struct vn_kernels {
  vn_isa isa;
  bool fused;           ///< whether a product is not rounded before it is added
  int lanes, max_rows;  ///< a panel is 2 · lanes columns, a last one may be `lanes`
  /// tile[mr - 1][vectors - 1]
  void (*tile[VN_MAX_ROWS][2])(const vn_tile *tile);
  /// products[mr - 1][vectors - 1]
  void (*products[VN_MAX_ROWS][2])(const vn_products *p);
  void (*dense_rows)(const vn_dense_rows *rows);
  void (*depthwise)(const vn_depthwise_row *row);
  /// outer[mr - 1][vectors - 1]
  void (*outer[VN_MAX_ROWS][2])(const vn_outer *outer);
  void (*depthwise_outer)(const vn_depthwise_outer *outer);
  void (*winograd_filters[VN_WINOGRAD_FILTER_FORMS])(const vn_winograd_filters *in);
  void (*winograd_strided_filters[VN_WINOGRAD_STRIDED_FORMS])(const vn_winograd_strided_filters *in);
  void (*winograd_input[VN_WINOGRAD_FORMS])(const vn_winograd_input *in);
  void (*winograd_output[VN_WINOGRAD_FORMS])(const vn_winograd_output *out);
  /// The same outputs, of stride 1 and sides of 4 and 6, to their maxima over 2 × 2; no residual.
  void (*winograd_pooled[VN_WINOGRAD_FORMS])(const vn_winograd_output *out);
  void (*winograd_weights)(const vn_winograd_weights *w);
  void (*winograd_weight_gradient)(const vn_winograd_weights *w);
  void (*winograd_gradient)(const vn_winograd_gradient *g);
  void (*moments)(bool first, size_t rows, size_t channels, const float *x, int64_t x_row, const float *shift,
                  float *sums, float *squares);
  /// `fetches`: whether more rows follow in memory that this thread will want soon. What comes from memory does so all the
  /// time then, and not only while a convolution fetches. Of long runs the processor itself sees what comes next.
  void (*affine_clamp)(bool fetches, size_t rows, size_t channels, size_t pitch, const float *x, const float *scale,
                       const float *shift, const float *residual, float low, float high, float *y, float *past);
  /// Copies whole lines past the caches.
  void (*stream)(size_t count, const float *x, float *y);
  void (*normalization_sums)(const vn_normalization *r, bool first, size_t rows, const float *g, const float *x,
                             const float *y, float *sums, float *products);
  void (*normalization_gradient)(const vn_normalization *r, bool fetches, size_t rows, const float *g, const float *x,
                                 const float *y, float *gx, float *gr);
  bool (*unary_gradient)(vn_unary_op op, float a, float b, size_t count, const float *g, const float *v,
                         float *y);
  void (*route_maximum)(size_t channels, const float *x, const float *y, const float *g, float *open, float *gx);
  void (*unary)(vn_unary_op op, float a, float b, size_t count, const float *x, float *y);
  /// y[j] = op(x[j · x_step], z[j · z_step]), steps 0 or 1
  void (*binary)(vn_binary_op op, size_t count, const float *x, int x_step, const float *z, int z_step,
                 float *y);
  /// y[j] = x[j] · scale[j] + shift[j]
  void (*affine)(size_t count, const float *x, const float *scale, const float *shift, float *y);
  /// y[j] = combine(y[j], x[j]) or, when `first`, the start of it
  void (*accumulate)(vn_reduction op, bool first, size_t count, const float *x, float *y);
  /// y[j] = the maximum, or the sum, of x[0][j], x[1][j], …, and y[j] unless `first`
  void (*accumulate_taps)(vn_reduction op, bool first, size_t taps, const float *const *x, size_t count, float *y);
  /// The reduction of one run, without the division of a mean.
  float (*reduce)(vn_reduction op, size_t count, const float *x);
  /// Writes e^(x − maximum) (or nothing if y is NULL) and returns the sum.
  float (*exp_sum)(size_t count, const float *x, float maximum, float *y);
  /// One row: (x − mean) / √(variance + epsilon) · scale + bias
  void (*normalize)(size_t count, float epsilon, const float *x, const float *scale, const float *bias,
                    float *y);
  /// y[j] = x[j] / (bias + factor · Σ x²)^beta over the window of `before` and `after` neighbours
  void (*lrn)(size_t count, int before, int after, float factor, float beta, float bias, const float *x,
              float *y);
  /// y[j][i] = x[i][j] for i < rows, j < columns
  void (*transpose)(size_t rows, size_t columns, const float *x, int64_t x_row, float *y, int64_t y_row);
  /// Runs multiply-adds and returns how many floating-point operations they were.
  double (*burn)(size_t rounds, float *sink);
};

/// Convolutions of bfloat16. Where `has_pairs`, operands are words of two bfloat16, which are to these tiles what floats are to
/// those above; otherwise two floats, the second of each pair first.
typedef struct vn_bkernels {
  bool has_pairs;
  void (*tile[VN_MAX_ROWS][2])(const vn_tile *tile);
  /// To bfloat16, to nearest, ties to even.
  void (*round)(size_t count, const float *x, uint16_t *y);
  /// `count` channels as operand, a 0 beside an odd last one.
  void (*operand_of_floats)(size_t count, const float *x, float *y);
  /// The same of an even number of bfloat16; NULL where `has_pairs`, since these are the operand.
  void (*operand_of_bf16)(size_t count, const uint16_t *x, float *y);
  /// y = the larger of x and y, NaN if either is; or x when `first`.
  void (*maximum)(bool first, size_t count, const uint16_t *x, uint16_t *y);
  /// Runs products and returns how many floating-point operations they were; NULL without `has_pairs`.
  double (*burn)(size_t rounds, float *sink);
} vn_bkernels;

extern const vn_kernels vn_kernels_portable;
extern const vn_bkernels vn_bkernels_portable;
#if defined(__x86_64__)
extern const vn_kernels vn_kernels_avx2;
extern const vn_kernels vn_kernels_avx512;
extern const vn_bkernels vn_bkernels_avx2, vn_bkernels_avx512, vn_bkernels_avx512_bf16;
#endif

/// Whether a tensor should be written past the caches by whoever does not need it soon: it is too large to be found there
/// later, and a line that is written piece by piece would be read from memory first, which takes as long as writing it.
static inline bool vn_streams(const vn_kernels *k, const float *y, size_t channels, size_t pixels) {
  const size_t line = 64 / sizeof(float), least_floats = (size_t)(4 << 20) / sizeof(float);
  return channels * pixels >= least_floats && channels % line == 0 && (uintptr_t)y % 64 == 0 && k->lanes > 4;
}

/// Makes what was written past the caches visible to other threads before what is written next.
static inline void vn_end_stream(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

/// The clamp that an activation is, when it is one.
bool vn_clamp_of(vn_unary_op op, float a, float b, float *low, float *high);
