// The function table of one instruction set, private to this target.
#pragma once
#include <stddef.h>
#include <string.h>

#include "CVisionKernels.h"
#include "arithmetic.h"
#include "winograd_kernels.h"

/// Makes a function with long loops begin at a cache line. Otherwise a change elsewhere could move its loops to an address
/// where the processor decodes them more slowly (4 to 6 % for tiles of 8 rows on Zen 4).
#define VN_ALIGNED __attribute__((aligned(64)))

enum { VN_MAX_ROWS = 14, VN_MAX_COLUMNS_OUT = 8, VN_ROW_STREAMS = 6 };

/// Memory to prefetch into the second-level cache: at each step of the innermost loop one cache line of weights and one of
/// pixels, which another core may have written.
typedef struct vn_ahead {
  const char *weights, *pixels;
  size_t weights_step, pixels_step;  ///< bytes from step to step; 0 for nothing
} vn_ahead;

/// Memory from `first` to before `end`.
typedef struct vn_span_of_floats {
  const float *first, *end;
} vn_span_of_floats;

/// The arguments of the GEMM micro-kernel: one tile, `mr` rows of A times one panel of B. In a convolution the rows are
/// pixels, each found through a pointer for every tap (the implicit im2col), and the panel is packed weights.
typedef struct vn_tile {
  const float *const *rows;  ///< [taps][row_stride] pointers to runs of `run` floats
  size_t row_stride, taps, run;
  size_t taps_block, run_block;  ///< partial sums are formed over this many taps of this many floats
  const uint8_t *live;           ///< [taps] whether a tap reads anything but zeros, or NULL for all
  /// One partial sum of several: of taps from `tap` and floats from `k` on. It is added to `sums` [mr][columns of the panel], which
  /// the first one starts; the last one gives the result. NULL to form all of them at once.
  float *sums;
  size_t tap, k;
  bool is_first, is_last;
  const float *panel;            ///< [taps · run][columns of the panel]
  float *const *y;               ///< [mr] rows of the result
  vn_span_of_floats operand;     ///< what may be read where rows are not shifted; empty if that is not known
  ptrdiff_t x_shift, y_shift, residual_shift;  ///< floats to add to the pointers
  const float *const *residual;  ///< [mr] or NULL
  const float *bias;             ///< of all columns, or NULL
  size_t column, width;          ///< the panel's first column, and how many of its columns are stored
  float low, high;               ///< the clamp at the end
  bool y_is_bf16, residual_is_bf16;  ///< for bfloat16 tiles: the element type behind the pointers
  bool fetches;                  ///< whether to prefetch the memory of the results first
  vn_ahead ahead;
} vn_tile;

/// The product of `mr` rows, `pitch` floats apart, and a panel.
typedef struct vn_products {
  const float *rows;
  size_t pitch;
  size_t depth, block;  ///< partial sums are formed over `block` floats of a row
  const float *panel;   ///< [depth][columns of the panel]
  float *y;             ///< the results, of all columns of the panel
  size_t y_pitch;
  vn_ahead ahead;
} vn_products;

/// A row times whole panels that follow each other.
typedef struct vn_row {
  const float *x;
  size_t depth;
  const float *panels;  ///< [count][depth][columns of a panel]
  size_t count;
  const float *bias, *residual;  ///< of the first panel's first column, or NULL
  float *y;
  float low, high;  ///< the clamp at the end
} vn_row;

/// Rows of weights, each times its input, summed in order.
enum { VN_DENSE_ROWS = 8 };
typedef struct vn_dense_rows {
  const float *w[VN_DENSE_ROWS];
  float x[VN_DENSE_ROWS];
  const char *ahead[VN_DENSE_ROWS];  ///< rows to prefetch
  size_t count;                      ///< of rows
  float *y;
  size_t columns;                    ///< a multiple of a cache line
  bool first;                        ///< whether the sums start here
} vn_dense_rows;

/// A row of outputs of a depthwise convolution: output j reads columns[i · column_stride + j · stride + tap].
typedef struct vn_depthwise_row {
  const float *const *columns;  ///< [kh][column_stride] pointers to pixels, zeros where there is padding
  size_t column_stride;
  int kh, kw, stride, ow;
  size_t group_inputs, group_outputs;  ///< of a convolution of narrow groups
  const float *weights;  ///< [kh · kw][weight_pitch]
  size_t weight_pitch;
  const float *bias;      ///< or NULL
  const float *residual;  ///< of output 0, or NULL
  int64_t residual_pixel;
  float *y;  ///< of output 0
  int64_t y_pixel;
  size_t first, last;  ///< the range of channels
  float low, high;
  /// Pixels to prefetch, one for each output: the address for output 0, and bytes from output to output.
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
  /// Pixels of the next row to prefetch: `x_ahead_count` of the input and one of the gradient for each output.
  const float *x_ahead, *g_ahead;
  int64_t x_ahead_pixel;
  int x_ahead_count;
} vn_depthwise_outer;

/// The values of one batch normalization that its gradient needs, one per channel.
typedef struct vn_normalization {
  size_t channels, pitch;        ///< pitch: floats from row to row of every tensor
  const float *mean;
  const float *scale, *shift;    ///< y = clamp(x · scale + shift + residual)
  const float *slope, *offset;   ///< gx = g · scale + (x − mean) · slope + offset
  bool clamped;
  float low, high;
} vn_normalization;

struct vn_kernels {
  vn_isa isa;
  bool fused;           ///< whether multiply-adds are fused: a product is not rounded before it is added
  int lanes, max_rows;  ///< a panel has 2 · lanes columns; the last one may have `lanes`
  /// micro_kernels[mr - 1][vectors - 1]
  void (*micro_kernels[VN_MAX_ROWS][2])(const vn_tile *tile);
  /// The same for one row and several panels, with the same bits.
  void (*row)(const vn_row *row);
  /// products[mr - 1][vectors - 1]
  void (*products[VN_MAX_ROWS][2])(const vn_products *p);
  void (*dense_rows)(const vn_dense_rows *rows);
  void (*depthwise)(const vn_depthwise_row *row);
  /// A row of outputs of groups: weights are [kh · kw · group_inputs][weight_pitch], whole vectors.
  void (*grouped)(const vn_depthwise_row *row);
  /// outer[mr - 1][vectors - 1]
  void (*outer[VN_MAX_ROWS][2])(const vn_outer *outer);
  void (*depthwise_outer)(const vn_depthwise_outer *outer);
  void (*winograd_filters[VN_WINOGRAD_FILTER_FORMS])(const vn_winograd_filters *in);
  void (*winograd_strided_filters[VN_WINOGRAD_STRIDED_FORMS])(const vn_winograd_strided_filters *in);
  void (*winograd_input[VN_WINOGRAD_FORMS])(const vn_winograd_input *in);
  void (*winograd_output[VN_WINOGRAD_FORMS])(const vn_winograd_output *out);
  /// The same for stride 1 and sides of 4 and 6, but stores the maxima of each 2 × 2 outputs; no residual.
  void (*winograd_pooled[VN_WINOGRAD_FORMS])(const vn_winograd_output *out);
  void (*winograd_weights)(const vn_winograd_weights *w);
  void (*winograd_weight_gradient)(const vn_winograd_weights *w);
  void (*winograd_gradient)(const vn_winograd_gradient *g);
  void (*moments)(bool first, size_t rows, size_t channels, const float *x, int64_t x_row, const float *shift,
                  float *sums, float *squares);
  /// `fetches`: whether to prefetch the rows that follow in memory, which this thread needs soon, so that memory is busy all
  /// the time and not only while a convolution prefetches. Long runs are recognized by the processor's own prefetcher.
  void (*affine_clamp)(bool fetches, size_t rows, size_t channels, size_t pitch, const float *x, const float *scale,
                       const float *shift, const float *residual, float low, float high, float *y, float *past);
  /// Copies whole cache lines with non-temporal stores.
  void (*stream)(size_t count, const float *x, float *y);
  void (*normalization_sums)(const vn_normalization *r, bool first, size_t rows, const float *g, const float *x,
                             const float *y, float *sums, float *products);
  void (*normalization_gradient)(const vn_normalization *r, bool fetches, size_t rows, const float *g, const float *x,
                                 const float *y, float *gx, float *gr);
  bool (*unary_gradient)(vn_unary_op op, float a, float b, size_t count, const float *g, const float *v,
                         float *y);
  void (*softmax_gradient)(bool logarithm, size_t count, const float *g, const float *y, float *gx);
  void (*normalize_gradient)(size_t count, float epsilon, bool first, const float *g, const float *x, const float *scale,
                             float *gx, float *sums);
  void (*route_maximum)(size_t channels, const float *x, const float *y, const float *g, float *open, float *gx);
  void (*unary)(vn_unary_op op, float a, float b, size_t count, const float *x, float *y);
  /// The same in place for `runs` runs of `count` floats that are `pitch` floats apart, such as pixels.
  void (*unary_runs)(vn_unary_op op, float a, float b, size_t count, size_t runs, int64_t pitch, float *y);
  /// y[j] = op(x[j · x_step], z[j · z_step]), steps 0 or 1
  void (*binary)(vn_binary_op op, size_t count, const float *x, int x_step, const float *z, int z_step,
                 float *y);
  /// y[j] = x[j] · scale[j] + shift[j]
  void (*affine)(size_t count, const float *x, const float *scale, const float *shift, float *y);
  /// y[j] = combine(y[j], x[j]); when `first`, y[j] is the identity of the reduction
  void (*accumulate)(vn_reduction op, bool first, size_t count, const float *x, float *y);
  /// y[j] = the maximum, or the sum, of x[0][j], x[1][j], …, and y[j] unless `first`
  void (*accumulate_taps)(vn_reduction op, bool first, size_t taps, const float *const *x, size_t count, float *y);
  /// The first step of that for several outputs, whose operands and results are as far apart as the steps say.
  void (*accumulate_windows)(vn_reduction op, size_t outputs, int64_t x_step, int64_t y_step, size_t taps,
                             const float *const *x, size_t count, float *y);
  /// The reduction of one run, without the division of a mean.
  float (*reduce)(vn_reduction op, size_t count, const float *x);
  /// Writes e^(x − maximum) (or nothing if y is NULL) and returns the sum.
  float (*exp_sum)(size_t count, const float *x, float maximum, float *y);
  /// Replaces a row of scores by e^(scale · x + same + a + b − maximum), and returns their sum; a and b are rows, or NULL.
  float (*weigh)(size_t count, float scale, float same, const float *a, const float *b, float *x);
  /// y[i][j] = x[i][j] for j < width, and 0 up to `columns`, one or two vectors.
  void (*pack_rows)(size_t rows, size_t width, size_t columns, const float *x, int64_t x_row, float *y);
  /// One row: (x − mean) / √(variance + epsilon) · scale + bias
  void (*normalize)(size_t count, float epsilon, const float *x, const float *scale, const float *bias,
                    float *y);
  /// y[j] = x[j] / (bias + factor · Σ x²)^beta over the window of `before` and `after` neighbors
  void (*lrn)(size_t count, int before, int after, float factor, float beta, float bias, const float *x,
              float *y);
  /// One step of an LSTM with its usual functions: gates [4][count] are i, o, f and c, and c and h are replaced.
  void (*lstm_cell)(size_t count, float clip, const float *gates, float *c, float *h);
  /// The gradient of a step of an LSTM: gates are replaced by the gradients of what the functions of i, o, f and c are applied to, and
  /// gc by that of the cell before; c and next are the cells before and behind the step, gh is the gradient of the state.
  void (*lstm_cell_gradient)(size_t count, float clip, const float *c, const float *next, const float *gh, float *gates,
                             float *gc);
  /// The end of a step of a GRU with its usual functions: h = (1 − z) · tanh n + z · h.
  void (*gru_cell)(size_t count, float clip, const float *z, const float *n, float *h);
  /// y[j][i] = x[i][j] for i < rows, j < columns
  void (*transpose)(size_t rows, size_t columns, const float *x, int64_t x_row, float *y, int64_t y_row);
  /// Runs multiply-adds and returns how many floating-point operations they were.
  double (*burn)(size_t rounds, float *sink);
};

/// Kernels of bfloat16 convolutions. Where `has_pairs`, operands are words of two bfloat16, which these tiles treat as the tiles
/// above treat floats; otherwise each pair is two floats, the second first.
typedef struct vn_bkernels {
  bool has_pairs;
  void (*micro_kernels[VN_MAX_ROWS][2])(const vn_tile *tile);
  /// Rounds to bfloat16, to nearest, ties to even.
  void (*round)(size_t count, const float *x, uint16_t *y);
  /// Converts `count` channels to an operand; an odd last channel is paired with 0.
  void (*operand_of_floats)(size_t count, const float *x, float *y);
  /// The same for an even number of bfloat16; NULL where `has_pairs`, since they already are the operand.
  void (*operand_of_bf16)(size_t count, const uint16_t *x, float *y);
  /// Converts contiguous pixels of three floats, each paired with 0; NULL without `has_pairs`.
  void (*operand_of_triples)(size_t pixels, const float *x, float *y);
  /// y = the largest of x[0], x[1], …, and y unless `first`; NaN if any is.
  void (*maximum)(bool first, size_t taps, const uint16_t *const *x, size_t count, uint16_t *y);
  /// Runs products and returns how many floating-point operations they were; NULL without `has_pairs`.
  double (*burn)(size_t rounds, float *sink);
} vn_bkernels;

extern const vn_kernels vn_kernels_portable;
extern const vn_bkernels vn_bkernels_portable;
#if defined(__x86_64__)
extern const vn_kernels vn_kernels_avx2;
extern const vn_kernels vn_kernels_avx512;
extern const vn_bkernels vn_bkernels_avx2, vn_bkernels_avx512, vn_bkernels_avx512_bf16;
#elif defined(__aarch64__)
extern const vn_kernels vn_kernels_neon;
extern const vn_bkernels vn_bkernels_neon;
#endif

/// Whether to write a tensor with non-temporal stores: it is so large that it would have left the caches before it is read,
/// and an ordinary store to a line that is not cached reads the line from memory first, which takes as long as writing it.
static inline bool vn_streams(const vn_kernels *k, const float *y, size_t channels, size_t pixels) {
  const size_t line = 64 / sizeof(float), least_floats = (size_t)(4 << 20) / sizeof(float);
  return channels * pixels >= least_floats && channels % line == 0 && (uintptr_t)y % 64 == 0 && k->lanes > 4;
}

/// Orders non-temporal stores before later stores, so that other threads see both in this order.
static inline void vn_end_stream(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

/// Whether an activation is a clamp; if so, its bounds.
bool vn_clamp_of(vn_unary_op op, float a, float b, float *low, float *high);
