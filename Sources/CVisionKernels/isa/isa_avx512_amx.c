// bfloat16 with AMX: tiles of the processor for products, AVX-512 for the rest.
#include <string.h>

#include "../shared/bfloat16_matrix.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VN_LANES 16
#define VN_FUSED 1
#define VN_ROUNDS 1
#define VN_ROWS 14
#define VN_MASK_AVX512 1
#define VN_BFLOAT16 1
#define VN_ISA(name) name##_amx
#define VM_ZERO(tile) _tile_zero(tile)
#define VM_LOAD(tile, memory, stride) _tile_loadd(tile, memory, (size_t)(stride))
#define VM_STORE(tile, memory, stride) _tile_stored(tile, memory, (size_t)(stride))
#define VM_DOT(sums, rows, weights) _tile_dpbf16ps(sums, rows, weights)
#pragma clang attribute push(                                                                                \
    __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma,prfchw"))), apply_to = function)
#include "../shared/template/vector.h"
#include "../gemm/template/tile.h"
#include "../bfloat16/template/bfloat16_matrix.h"

/// How LDTILECFG reads the sizes of tiles.
typedef struct tile_sizes {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_sizes;

static void matrix_begin(void) {
  _Alignas(64) tile_sizes sizes = {.palette = 1};
  for (int i = 0; i < 7; i++) {
    sizes.row_bytes[i] = 64;
    sizes.rows[i] = i >= 5 ? vm_words : VN_ROWS;
  }
  _tile_loadconfig(&sizes);
}

static void matrix_end(void) { _tile_release(); }

const vn_bmatrix vn_bmatrix_amx = {
    .micro_kernels =
        {
            VM_TILE_ENTRY(1), VM_TILE_ENTRY(2), VM_TILE_ENTRY(3), VM_TILE_ENTRY(4), VM_TILE_ENTRY(5), VM_TILE_ENTRY(6),
            VM_TILE_ENTRY(7), VM_TILE_ENTRY(8), VM_TILE_ENTRY(9), VM_TILE_ENTRY(10), VM_TILE_ENTRY(11), VM_TILE_ENTRY(12),
            VM_TILE_ENTRY(13), VM_TILE_ENTRY(14),
        },
    .begin = matrix_begin,
    .end = matrix_end,
};
#pragma clang attribute pop
#endif
