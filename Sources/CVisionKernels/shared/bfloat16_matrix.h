// Products of bfloat16 by a processor's tiles (AMX), private to this target.
#pragma once
#include "kernels.h"

/// Micro-kernels for operands of pairs. Their sums are formed in another order than those of `vn_bkernels`, so bits differ.
typedef struct vn_bmatrix {
  void (*micro_kernels[VN_MAX_ROWS][2])(const vn_tile *tile);
  /// Prepares this thread's tiles, and gives them back.
  void (*begin)(void);
  void (*end)(void);
} vn_bmatrix;

#if defined(__x86_64__)
extern const vn_bmatrix vn_bmatrix_amx, vn_bmatrix_model;
#endif

/// The processor's tiles, or their model in C where there are operands of pairs; NULL where there is neither.
const vn_bmatrix *vn_bmatrix_for(const vn_kernels *k, bool avoids_dot_products, bool models_tiles);
