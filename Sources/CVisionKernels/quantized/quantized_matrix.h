// Products of bytes by a processor's tiles (AMX): two-dimensional registers of 16 rows of 64 bytes and an instruction that
// multiplies two of them. Private to this target.
#pragma once
#include "../shared/amx.h"
#include "quantized.h"

/// The columns of the weights' tile.
enum { vn_matrix_columns = 16 };

/// What a thread has while it computes an item. The sums of a tile are requantized while the processor multiplies the next one.
typedef struct vn_qmatrix_work {
  _Alignas(64) int32_t sums[2][2 * vn_matrix_rows][2 * vn_matrix_columns];
  _Alignas(64) uint8_t copies[2][vn_matrix_rows][4 * vn_matrix_words];  ///< of rows that are not equally far apart
  size_t words;    ///< of one product
  const vn_qtile *tile;  ///< whose sums are next to be requantized
  size_t count;          ///< its rows; 0 before the first tile
  int vectors;     ///< its vectors of columns
  int buffer;      ///< where its sums are
} vn_qmatrix_work;

typedef struct vn_qmatrix {
  /// Prepares this thread's tiles for products of `words` words.
  void (*begin)(vn_qmatrix_work *work, size_t words);
  /// Multiplies `count` rows of pixels, at most 2 · vn_matrix_rows, with one or two vectors of columns, whose results are stored
  /// by the next call at the latest, until when the tile must stay as it is. The tile's words are a multiple of those of `begin`.
  void (*multiply)(vn_qmatrix_work *work, const vn_qtile *tile, size_t count, int vectors);
  /// Stores what is left, and gives the tiles back.
  void (*end)(vn_qmatrix_work *work);
} vn_qmatrix;

#if defined(__x86_64__)
extern const vn_qmatrix vn_qmatrix_amx, vn_qmatrix_model;
#endif

/// The tiles for a convolution, or NULL.
const vn_qmatrix *vn_qmatrix_for(const vn_kernels *k, const vn_qconv *conv);
