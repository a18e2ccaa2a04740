// The kernels for bytes of one instruction set, private to this target.
#pragma once
#include "../shared/kernels.h"
#include "../shared/look_ahead.h"
#include "vn_cut.h"

/// One tile of an implicit product of bytes: `mr` rows of pixels times one panel of packed weights.
typedef struct vn_qtile {
  const uint8_t *const *rows;  ///< [taps][row_stride] pointers to runs of `words` · 4 bytes
  size_t row_stride, taps, words;
  const int8_t *panel;      ///< [taps · words][columns of the panel][4]
  const int32_t *bias;      ///< of the panel's columns
  const float *multipliers;
  void *const *y;                  ///< [mr] rows of the result
  const uint8_t *const *residual;  ///< [mr] or NULL
  size_t column, width;            ///< the panel's first column, and how many of its columns are stored
  const vn_requantization *result;
  /// The results and residual of the next tile, to be prefetched; or NULL. Prefetching helps with large tensors of few channels,
  /// which come from memory while there is little to compute.
  void *const *next_y;
  const uint8_t *const *next_residual;
  vn_ahead ahead;
} vn_qtile;

/// A row of outputs of a depthwise convolution of bytes, all kernel rows in groups of four: output j reads
/// columns[i · column_stride + j · stride + tap].
typedef struct vn_qdepthwise_row {
  const uint8_t *const *columns;
  size_t column_stride;
  int kh, kw, stride, ow;
  const int8_t *weights;    ///< of the block: [groups][kw][4 vectors][lanes][4 kernel rows]
  const int32_t *bias;      ///< of the block, in the order of the vectors
  const float *multipliers;
  uint8_t *y;  ///< of output 0; floats where the results are
  const uint8_t *residual;
  size_t pixel;             ///< elements from one output to the next
  size_t channel, count;    ///< the block's first channel and how many it has
  const vn_requantization *result;
} vn_qdepthwise_row;

/// Products of `mr` rows of pairs of int16 and one panel of such weights, summed modulo 2³².
typedef struct vn_qproducts {
  const int16_t *const *rows;  ///< [mr]
  size_t words;                ///< pairs in a row
  const int16_t *panel;        ///< [words][columns of the panel][2]
  int32_t *sums;               ///< [mr][pitch]
  size_t pitch;
  vn_ahead ahead;
} vn_qproducts;

/// Bᵀ d B of 6 × 6 pixels, see template/quantized_winograd.h.
typedef struct vn_qwinograd_input {
  const uint8_t *pixels[36];
  size_t channels;
  int16_t *v;   ///< whole vectors of channels at point 0, `step` before those at point 1
  size_t step;
} vn_qwinograd_input;

/// Aᵀ m A of one tile and panel, and the requantization of the sums.
typedef struct vn_qwinograd_output {
  const int32_t *m;  ///< at point 0, `step` before point 1
  size_t step;
  int rows, columns;  ///< how many of the 4 × 4 outputs are in the image
  const int32_t *bias;  ///< of the panel's columns
  const float *multipliers;
  void *y;                  ///< the first output, column 0
  const uint8_t *residual;  ///< likewise, or NULL
  size_t y_row, y_pixel, r_row, r_pixel;  ///< in bytes
  size_t column, width;     ///< the panel's first column, and how many of its columns are stored
  const vn_requantization *result;
} vn_qwinograd_output;

/// G g Gᵀ of the filters for one vector of columns and two inputs.
typedef struct vn_qwinograd_filters {
  const int8_t *g;   ///< 3 × 3 weights of the first column and input; the other input's follow
  size_t g_step;     ///< from column to column
  size_t count, inputs;  ///< the number of columns and inputs; the rest are zeros
  int16_t *u;        ///< [lanes][2] at point 0, `step` before point 1
  size_t step;
} vn_qwinograd_filters;

enum { VN_QMAX_ROWS = 14 };

typedef struct vn_qkernels {
  bool dot_products;    ///< whether there are instructions for dot products of bytes
  int lanes, max_rows;  ///< a panel has 2 · lanes columns; a block of a depthwise convolution has 4 · lanes channels
  void (*micro_kernels[VN_QMAX_ROWS][2])(const vn_qtile *tile);
  void (*products[VN_QMAX_ROWS][2])(const vn_qproducts *products);
  void (*winograd_input)(const vn_qwinograd_input *in);
  void (*winograd_output)(const vn_qwinograd_output *out);
  void (*winograd_filters)(const vn_qwinograd_filters *in);
  void (*depthwise)(const vn_qdepthwise_row *row);
  void (*quantize)(size_t count, const float *x, float scale, int32_t zero, uint8_t *y);
  /// y = x[0][0], x[1][0], x[2][0], x[0][1], …
  void (*interleave)(size_t count, const uint8_t *const x[3], uint8_t *y);
  void (*dequantize)(size_t count, const uint8_t *x, float scale, int32_t zero, float *y);
  void (*add)(const vn_qadd *add, size_t count, const uint8_t *a, const uint8_t *b, uint8_t *y);
  void (*multiply)(const vn_qmul *mul, size_t count, const uint8_t *a, const uint8_t *b, uint8_t *y);
  void (*maximum)(size_t count, const uint8_t *x, uint8_t *y);   ///< y = max(x, y)
  /// y = the maximum over `rows` contiguous rows of `count` bytes.
  void (*maximum_of)(size_t count, size_t rows, const uint8_t *x, uint8_t *y);
  void (*accumulate)(size_t count, const uint8_t *x, int32_t *sums);
} vn_qkernels;

extern const vn_qkernels vn_qkernels_portable;
#if defined(__x86_64__)
extern const vn_qkernels vn_qkernels_avx2, vn_qkernels_avx2_vnni, vn_qkernels_avx512, vn_qkernels_avx512_vnni;
#elif defined(__aarch64__)
extern const vn_qkernels vn_qkernels_neon, vn_qkernels_neon_dot, vn_qkernels_neon_i8mm;

/// Whether the processor has dot products of int8, and such of bytes and int8.
bool vn_has_neon_dot_products(void);
bool vn_has_neon_i8mm(void);
#endif

/// The kernels for an instruction set; those with dot products of bytes where the machine has them, unless avoided. Both read the
/// same packed weights.
const vn_qkernels *vn_qkernels_for(const vn_kernels *k, bool avoids_dot_products);

/// The most tiles of an item.
enum { vn_qconv_most_tiles = 64 };

/// How one convolution of bytes is cut into items; a function of shapes and instruction set only.
typedef struct vn_qconv_plan {
  bool depthwise;
  bool merged;       ///< kernel rows are read as one run of kw · c bytes
  bool dense_input;  ///< 1×1: pixel p is at x + p · c
  bool by_matrix;    ///< whether a processor's tiles multiply
  size_t tile_rows;  ///< the rows of a tile: the kernels' `max_rows`, or two of a processor's tiles
  bool copies;       ///< some runs are copied because they leave the image or the tensor
  size_t group_inputs, group_outputs, taps, run, words;
  size_t panel_columns, panels, columns;  ///< of one group; columns: outputs rounded up to whole vectors
  size_t group_bytes;                     ///< packed weights of one group
  size_t pixels;
  vn_cut cut;  ///< of one group
  // Depthwise:
  size_t blocks, block_bytes, row_groups, items, table_columns;
  size_t zero_bytes, worker_bytes;
} vn_qconv_plan;

/// Offsets of multipliers and weights in the packed memory, which begins with the biases, and its end.
typedef struct vn_qconv_parts {
  size_t multipliers, weights, end;
} vn_qconv_parts;

vn_qconv_plan vn_qconv_plan_make(const vn_kernels *k, const vn_qconv *conv);
vn_qconv_parts vn_qconv_parts_of(const vn_qconv *conv, const vn_qconv_plan *plan);
void vn_qdepthwise_plan(const vn_kernels *k, const vn_qconv *conv, vn_qconv_plan *plan);
void vn_qdepthwise_pack(const vn_kernels *k, const vn_qconv *conv, const vn_qconv_plan *plan, const int8_t *oihw,
                        const int32_t *bias, const float *multipliers, uint8_t *packed);
void vn_qdepthwise_run(const vn_kernels *k, const vn_qconv *conv, const vn_qconv_plan *plan, const uint8_t *x,
                       const uint8_t *packed, const uint8_t *residual, void *y, uint8_t *scratch, vn_pool *pool);

/// The counterparts of `vn_qconv_…` for Winograd's algorithm.
size_t vn_qwinograd_packed_bytes(const vn_kernels *k, const vn_qconv *conv);
void vn_qwinograd_pack(const vn_kernels *k, const vn_qconv *conv, const int8_t *oihw, const int32_t *bias,
                       const float *multipliers, uint8_t *packed);
size_t vn_qwinograd_scratch_bytes(const vn_kernels *k, const vn_qconv *conv, int threads);
void vn_qwinograd_run(const vn_kernels *k, const vn_qconv *conv, const uint8_t *x, const uint8_t *packed,
                      const uint8_t *residual, void *y, uint8_t *scratch, vn_pool *pool);

