// Bytes with AMX: tiles of the processor for products, AVX-512 for the rest.
#include <string.h>

#include "quantized_matrix.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VQ_DOT_PRODUCTS true
#define VQ(name) name##_amx
#define VM_LOAD(tile, memory, stride) _tile_loadd(tile, memory, (size_t)(stride))
#define VM_STORE(tile, memory, stride) _tile_stored(tile, memory, (size_t)(stride))
#define VM_DOT(sums, rows, weights) _tile_dpbusd(sums, rows, weights)
#pragma clang attribute push(                                                                                          \
    __attribute__((target("amx-tile,amx-int8,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,prfchw"))), \
    apply_to = function)
#include "template/quantized_avx512.h"
#include "template/quantized_matrix.h"

static void matrix_begin(vn_qmatrix_work *work, size_t words) {
  _Alignas(64) vn_tile_sizes sizes = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    sizes.row_bytes[i] = i == 4 || i == 5 ? (uint16_t)(4 * words) : 64;
    sizes.rows[i] = i >= 6 ? (uint8_t)words : vn_matrix_rows;
  }
  _tile_loadconfig(&sizes);
  work->words = words;
  work->count = 0;
  work->buffer = 0;
}

static void matrix_end(vn_qmatrix_work *work) {
  if (work->count > 0) VQ(matrix_finish)(work);
  _tile_release();
}

const vn_qmatrix vn_qmatrix_amx = {.begin = matrix_begin, .multiply = VQ(matrix_multiply), .end = matrix_end};
#pragma clang attribute pop
#endif
