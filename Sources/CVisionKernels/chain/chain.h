// Declarations that the two orders of chains share.
#pragma once
#include "../shared/bfloat16.h"
#include "../shared/convolution_plan.h"
#include "vn_chain.h"

/// The most pixels of a window of maxima.
enum { VN_CHAIN_MOST_TAPS = 25 };

/// One of the convolutions and how it is computed.
typedef struct vn_stage {
  vn_conv conv;  ///< with the strides of its input and output in the chain
  vn_conv_plan plan;
  vn_conv_reader reader;
  const float *packed, *bias;
  float low, high;
  bool clamped;
  bool pairs;  ///< whether it multiplies bfloat16; if so, channels and strides of its input are those of the operand's form
  void (*const (*micro_kernels)[2])(const vn_tile *);
} vn_stage;

typedef struct vn_chain_work {
  const vn_kernels *k;
  const vn_bkernels *bk;
  const vn_bmatrix *matrix;  ///< or NULL
  const vn_chain *chain;
  vn_stage stages[VN_CHAIN_LONGEST];
  int front, middle, back;  ///< stages before, at and after the depthwise convolution; −1 for none
  const float *x, *residual, *zeros;
  float *y, *workers;
  const vn_pool *pool;
  size_t operand_floats;  ///< for all images, where the first stage's input is converted to the operand's form beforehand
  size_t zero_floats, worker_floats;
  size_t chunks, items;  ///< of one image, of all
  size_t between_floats, table_pointers;
  // By rows:
  size_t slots, slot_floats;            ///< the ring of rows between front and middle
  size_t block_rows, block_row_floats;  ///< rows between middle and back, or rows to be rounded
  size_t front_tiles, back_tiles;       ///< tiles of a row of the front, and of a block of the back
  size_t front_pointers, window_pointers, back_pointers, border_floats;
} vn_chain_work;

void vn_chain_prepare_rows(vn_chain_work *r, int threads);
/// Call this before items are run.
void vn_chain_start_rows(const vn_chain_work *r, int threads);
void vn_chain_rows_item(void *context, size_t index, int worker);
void vn_chain_prepare_channels(vn_chain_work *r, int threads);
void vn_chain_start_channels(const vn_chain_work *r, int threads);
void vn_chain_channels_item(void *context, size_t index, int worker);

/// Prepares for tiles of a stage, by the processor's tiles if it multiplies by them.
static inline void vn_stage_begin(const vn_chain_work *r, const vn_stage *s, vn_bmatrix_work *work) {
  if (s->pairs && r->matrix) r->matrix->begin(work, s->plan.run);
}

/// Multiplies a tile of `count` rows and one or two vectors of columns. Its results are stored by the next call at the latest.
static inline void vn_stage_multiply(const vn_chain_work *r, const vn_stage *s, vn_bmatrix_work *work, const vn_tile *tile,
                                     size_t count, int vectors) {
  if (s->pairs && r->matrix) r->matrix->multiply(work, tile, (const size_t[2]){count, 0}, vectors);
  else s->micro_kernels[count - 1][vectors - 1](tile);
}

static inline void vn_stage_end(const vn_chain_work *r, const vn_stage *s, vn_bmatrix_work *work) {
  if (s->pairs && r->matrix) r->matrix->end(work);
}

static inline size_t vn_whole_lines(size_t floats) { return (floats + 15) / 16 * 16; }

static inline bool vn_is_depthwise(const vn_conv *c) {
  return c->groups > 1 && c->groups == c->c && c->groups == c->o;
}

static inline bool vn_is_pointwise(const vn_conv *c) {
  return c->kh == 1 && c->kw == 1 && c->stride_h == 1 && c->stride_w == 1 && c->pad_top == 0 && c->pad_left == 0 &&
         c->groups == 1 && c->oh == c->h && c->ow == c->w;
}
