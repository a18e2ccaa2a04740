// What AMX's instructions do, in C: the tiles' kernel is tested with them on processors that have AVX-512 and no AMX.
#include <string.h>

#include "quantized_matrix.h"

#if defined(__x86_64__)
#include <immintrin.h>

typedef struct model_tile {
  size_t rows, row_bytes;
  uint8_t bytes[vn_matrix_rows][64];
} model_tile;

static _Thread_local model_tile tiles[8];

static void matrix_begin(vn_qmatrix_work *work, size_t words) {
  memset(tiles, 0, sizeof tiles);
  for (int i = 0; i < 8; i++) {
    tiles[i].row_bytes = i == 4 || i == 5 ? 4 * words : 64;
    tiles[i].rows = i >= 6 ? words : vn_matrix_rows;
  }
  work->words = words;
  work->count = 0;
  work->buffer = 0;
}

static void load(int tile, const void *memory, ptrdiff_t stride) {
  model_tile *t = tiles + tile;
  for (size_t i = 0; i < t->rows; i++) memcpy(t->bytes[i], (const uint8_t *)memory + (ptrdiff_t)i * stride, t->row_bytes);
}

static void store(int tile, void *memory, ptrdiff_t stride) {
  const model_tile *t = tiles + tile;
  for (size_t i = 0; i < t->rows; i++) memcpy((uint8_t *)memory + (ptrdiff_t)i * stride, t->bytes[i], t->row_bytes);
}

static void dot(int sums, int rows, int weights) {
  model_tile *s = tiles + sums;
  const model_tile *a = tiles + rows, *b = tiles + weights;
  for (size_t i = 0; i < s->rows; i++)
    for (size_t j = 0; j < s->row_bytes / 4; j++) {
      int32_t sum;
      memcpy(&sum, s->bytes[i] + 4 * j, 4);
      for (size_t k = 0; k < a->row_bytes; k++) sum += a->bytes[i][k] * (int8_t)b->bytes[k / 4][4 * j + k % 4];
      memcpy(s->bytes[i] + 4 * j, &sum, 4);
    }
}

#define VQ_DOT_PRODUCTS true
#define VQ(name) name##_matrix_model
#define VM_LOAD(tile, memory, stride) load(tile, memory, (ptrdiff_t)(stride))
#define VM_STORE(tile, memory, stride) store(tile, memory, (ptrdiff_t)(stride))
#define VM_DOT(sums, rows, weights) dot(sums, rows, weights)
#pragma clang attribute push(                                                                \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prfchw"))), apply_to = function)
#include "template/quantized_avx512.h"
#include "template/quantized_matrix.h"

static void matrix_end(vn_qmatrix_work *work) {
  if (work->count > 0) VQ(matrix_finish)(work);
}

const vn_qmatrix vn_qmatrix_model = {.begin = matrix_begin, .multiply = VQ(matrix_multiply), .end = matrix_end};
#pragma clang attribute pop
#endif
