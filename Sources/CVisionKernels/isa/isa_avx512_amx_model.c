// What AMX's instructions do with bfloat16, in C: the tiles' micro-kernel is tested with them on processors without AMX.
#include <math.h>
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

typedef struct model_tile {
  size_t rows;
  float words[16][16];
} model_tile;

static _Thread_local model_tile tiles[7];

static void matrix_begin(void) {
  memset(tiles, 0, sizeof tiles);
  for (int i = 0; i < 7; i++) tiles[i].rows = i >= 5 ? 16 : VN_ROWS;
}

static void matrix_end(void) { memset(tiles, 0, sizeof tiles); }

static void zero(int tile) { memset(tiles[tile].words, 0, sizeof tiles[tile].words); }

static void load(int tile, const void *memory, ptrdiff_t stride) {
  for (size_t i = 0; i < tiles[tile].rows; i++)
    memcpy(tiles[tile].words[i], (const uint8_t *)memory + (ptrdiff_t)i * stride, sizeof tiles[tile].words[i]);
}

static void store(int tile, void *memory, ptrdiff_t stride) {
  for (size_t i = 0; i < tiles[tile].rows; i++)
    memcpy((uint8_t *)memory + (ptrdiff_t)i * stride, tiles[tile].words[i], sizeof tiles[tile].words[i]);
}

/// The first or second bfloat16 of a word, 0 for numbers below 2⁻¹²⁶.
static float half(float word, bool second) {
  uint32_t bits;
  memcpy(&bits, &word, sizeof bits);
  bits = second ? bits & 0xffff0000 : bits << 16;
  if ((bits & 0x7f800000) == 0) bits &= 0x80000000;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void dot(int sums, int rows, int weights) {
  model_tile *s = tiles + sums;
  const model_tile *a = tiles + rows, *b = tiles + weights;
  for (size_t i = 0; i < s->rows; i++)
    for (size_t j = 0; j < 16; j++) {
      float first = 0, second = 0;
      for (size_t k = 0; k < 16; k++) {
        first = fmaf(half(a->words[i][k], false), half(b->words[k][j], false), first);
        second = fmaf(half(a->words[i][k], true), half(b->words[k][j], true), second);
      }
      s->words[i][j] += first + second;
    }
}

#define VN_ISA(name) name##_matrix_model
#define VM_ZERO(tile) zero(tile)
#define VM_LOAD(tile, memory, stride) load(tile, memory, (ptrdiff_t)(stride))
#define VM_STORE(tile, memory, stride) store(tile, memory, (ptrdiff_t)(stride))
#define VM_DOT(sums, rows, weights) dot(sums, rows, weights)
#pragma clang attribute push(                                                                                \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma,prfchw"))), apply_to = function)
#include "../shared/template/vector.h"
#include "../gemm/template/tile.h"
#include "../bfloat16/template/bfloat16_matrix.h"

const vn_bmatrix vn_bmatrix_model = {
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
