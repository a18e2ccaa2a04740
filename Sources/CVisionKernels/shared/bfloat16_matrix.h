// Products of bfloat16 by a processor's tiles (AMX), private to this target.
#pragma once
#include "amx.h"
#include "kernels.h"

/// What a thread has while it multiplies by tiles. The sums of one or two tiles of pixels are rounded and stored while the processor
/// multiplies the next ones.
typedef struct vn_bmatrix_work {
  _Alignas(64) float sums[2][2][vn_matrix_rows][2 * vn_matrix_words];
  _Alignas(64) float copies[2][vn_matrix_rows][vn_matrix_words];  ///< of rows that are not equally far apart
  size_t words;       ///< of one product
  vn_tile tiles[2];   ///< whose sums are next to be stored
  size_t counts[2];   ///< their rows; 0 where there is none
  int vectors;        ///< their vectors of columns
  int buffer;         ///< where their sums are
} vn_bmatrix_work;

/// Kernels for operands of pairs. Their sums are formed in another order than those of `vn_bkernels`, so bits differ.
typedef struct vn_bmatrix {
  /// Prepares this thread's tiles for runs of `run` words.
  void (*begin)(vn_bmatrix_work *work, size_t run);
  /// Multiplies one or two tiles of `counts` rows, at most VN_MAX_ROWS each, 0 for no second one, with the same one or two vectors of
  /// columns, and the same part of the sums. Results are stored by the next call at the latest, until when the memory behind the
  /// tiles' pointers must stay as it is.
  void (*multiply)(vn_bmatrix_work *work, const vn_tile tiles[2], const size_t counts[2], int vectors);
  /// Stores what is left, and gives the tiles back.
  void (*end)(vn_bmatrix_work *work);
} vn_bmatrix;

#if defined(__x86_64__)
extern const vn_bmatrix vn_bmatrix_amx, vn_bmatrix_model;
#endif

/// The processor's tiles, or their model in C where there are operands of pairs; NULL where there is neither.
const vn_bmatrix *vn_bmatrix_for(const vn_kernels *k, bool avoids_dot_products, bool models_tiles);
