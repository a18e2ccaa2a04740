// The memory of a worker that computes a chain row by row.
#pragma once
#include "chain.h"

/// Whether rows of the depthwise convolution are rounded to bfloat16.
static inline bool vn_rounds_rows(const vn_chain_work *r) {
  return r->back >= 0 ? r->stages[r->back].pairs : r->chain->y_is_bf16;
}

/// One worker's state, with pointers that are valid for a whole image: only offsets change from row to row. It is stored at the
/// start of the worker's memory, so that the next item finds it.
typedef struct vn_rows_worker {
  const vn_chain_work *run;
  size_t after;  ///< the item that would continue where the last one ended; 0 before the first
  int64_t image;
  int64_t next;     ///< the row of the front to compute next
  int64_t pointed;  ///< the row of the front for which the pointers were set
  float *ring, *block, *border;
  float *read;  ///< the input of the back: the block, or its rounded copy
  const float **front_rows, **windows, **edge, **back_rows, **back_residuals;
  float **front_targets, **back_targets;
  size_t back_pixels;  ///< the number of pixels for which the pointers of the back were set
} vn_rows_worker;

static inline size_t vn_rows_worker_floats(void) { return vn_whole_lines(sizeof(vn_rows_worker) / sizeof(float)); }
