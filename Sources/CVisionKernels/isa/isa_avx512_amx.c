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

static void matrix_begin(vn_bmatrix_work *work, size_t run) {
  const size_t words = vn_matrix_step(run);
  _Alignas(64) vn_tile_sizes sizes = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    sizes.row_bytes[i] = i == 4 || i == 5 ? (uint16_t)(4 * words) : 64;
    sizes.rows[i] = i >= 6 ? (uint8_t)words : VN_ROWS;
  }
  _tile_loadconfig(&sizes);
  work->words = words;
  work->counts[0] = work->counts[1] = 0;
  work->buffer = 0;
}

static void matrix_end(vn_bmatrix_work *work) {
  VN_ISA(matrix_finish)(work);
  _tile_release();
}

const vn_bmatrix vn_bmatrix_amx = {.begin = matrix_begin, .multiply = VN_ISA(matrix_multiply), .end = matrix_end};
#pragma clang attribute pop
#endif
