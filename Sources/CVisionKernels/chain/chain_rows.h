// The memory of a worker that computes a chain row by row.
#pragma once
#include "chain.h"

/// Whether rows of the depthwise convolution are rounded before they go on.
static inline bool vn_rounds_rows(const vn_chain_work *r) {
  return r->back >= 0 ? r->stages[r->back].pairs : r->chain->y_is_bf16;
}

/// One worker's memory, with pointers that hold for a whole image: what moves from row to row are offsets. It is at the start
/// of that memory, so that the next item finds it.
typedef struct vn_rows_worker {
  const vn_chain_work *run;
  size_t after;  ///< the item that would go on where the last one ended; 0 before the first
  int64_t image;
  int64_t next;     ///< the row of the front that is to be made next
  int64_t pointed;  ///< the row of the front that the pointers are those of
  float *ring, *block, *border;
  float *read;  ///< what the back reads: the block, or what it was rounded to
  const float **front_rows, **windows, **edge, **back_rows, **back_residuals;
  float **front_targets, **back_targets;
  size_t back_pixels;  ///< that the pointers are for
} vn_rows_worker;

static inline size_t vn_rows_worker_floats(void) { return vn_whole_lines(sizeof(vn_rows_worker) / sizeof(float)); }
