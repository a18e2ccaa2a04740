// Tiles of the processor (AMX), private to this target.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Rows of a tile, and words of four bytes of a row, at most.
enum { vn_matrix_rows = 16, vn_matrix_words = 16 };

/// How LDTILECFG reads the sizes of tiles.
typedef struct vn_tile_sizes {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} vn_tile_sizes;

/// The words of one product where a run of `words` is cut into as few products as possible.
static inline size_t vn_matrix_step(size_t words) {
  const size_t products = (words + vn_matrix_words - 1) / vn_matrix_words;
  return words == 0 ? 0 : (words + products - 1) / products;
}

/// Whether the processor has tiles for bytes, and for bfloat16, and the operating system lets this process use them, for which it is
/// asked once.
bool vn_has_amx_int8(void);
bool vn_has_amx_bf16(void);
