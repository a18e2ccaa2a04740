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
  size_t rows, words;
  float values[vn_matrix_rows][vn_matrix_words];
} model_tile;

static _Thread_local model_tile tiles[8];

static void zero(int tile) { memset(tiles[tile].values, 0, sizeof tiles[tile].values); }

static void load(int tile, const void *memory, ptrdiff_t stride) {
  model_tile *t = tiles + tile;
  for (size_t i = 0; i < t->rows; i++) memcpy(t->values[i], (const uint8_t *)memory + (ptrdiff_t)i * stride, 4 * t->words);
}

static void store(int tile, void *memory, ptrdiff_t stride) {
  const model_tile *t = tiles + tile;
  for (size_t i = 0; i < t->rows; i++) memcpy((uint8_t *)memory + (ptrdiff_t)i * stride, t->values[i], 4 * t->words);
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
    for (size_t j = 0; j < s->words; j++) {
      float first = 0, second = 0;
      for (size_t k = 0; k < a->words; k++) {
        first = fmaf(half(a->values[i][k], false), half(b->values[k][j], false), first);
        second = fmaf(half(a->values[i][k], true), half(b->values[k][j], true), second);
      }
      s->values[i][j] += first + second;
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

static void matrix_begin(vn_bmatrix_work *work, size_t run) {
  const size_t words = vn_matrix_step(run);
  memset(tiles, 0, sizeof tiles);
  for (int i = 0; i < 8; i++) {
    tiles[i].words = i == 4 || i == 5 ? words : vn_matrix_words;
    tiles[i].rows = i >= 6 ? words : VN_ROWS;
  }
  work->words = words;
  work->counts[0] = work->counts[1] = 0;
  work->buffer = 0;
}

static void matrix_end(vn_bmatrix_work *work) { VN_ISA(matrix_finish)(work); }

const vn_bmatrix vn_bmatrix_model = {.begin = matrix_begin, .multiply = VN_ISA(matrix_multiply), .end = matrix_end};
#pragma clang attribute pop
#endif
