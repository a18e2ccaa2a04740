// A tile of up to 32 rows by two vectors of columns, by tiles of a processor. The including file defines VQ(name), the inline
// functions of template/quantized_avx512.h, and
//   VM_LOAD(tile, memory, stride), VM_STORE(tile, memory, stride)   16 rows of 64 bytes; fewer bytes of an operand's, fewer rows of
//     the weights'
//   VM_DOT(sums, rows, weights)   adds in each element the products of bytes of a row and int8 of a column
// Tiles 0, 1 and 2, 3 are the sums of the first and second half of the rows, 4 and 5 the rows, 6 and 7 the weights.
#pragma clang fp contract(off)

#include "quantized_vectors.h"
#include "quantized_rounding.h"
#include "quantized_ending.h"

/// Where half of the rows are, at one tap.
typedef struct vm_rows {
  const uint8_t *const *rows;
  size_t count;
  ptrdiff_t stride;  ///< bytes from row to row if all are equally far apart, else 0
} vm_rows;

VQ_INLINE vm_rows vm_rows_of(const uint8_t *const *rows, size_t count) {
  vm_rows found = {.rows = rows, .count = count};
  if (count < vn_matrix_rows) return found;
  const __m512i first = _mm512_set1_epi64((long long)(uintptr_t)rows[0]);
  const __m512i a = _mm512_sub_epi64(_mm512_loadu_si512(rows), first), b = _mm512_sub_epi64(_mm512_loadu_si512(rows + 8), first);
  const long long step = rows[1] - rows[0];
  const __m512i multiples = _mm512_mullo_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi64(step));
  const __m512i others = _mm512_add_epi64(multiples, _mm512_set1_epi64(8 * step));
  const bool regular = _mm512_cmpneq_epi64_mask(a, multiples) == 0 && _mm512_cmpneq_epi64_mask(b, others) == 0;
  if (regular && step != 0) found.stride = (ptrdiff_t)step;
  return found;
}

/// Copies `bytes` bytes of each row from `at` on; of rows that do not exist nothing, since their results are not stored.
VQ_INLINE void vm_gather(const vm_rows *from, size_t at, size_t bytes, uint8_t (*copy)[4 * vn_matrix_words]) {
  for (size_t i = 0; i < from->count; i++)
    _mm512_store_si512(copy[i], (__m512i)vq_load_part(from->rows[i] + at, bytes));
}

/// Requantizes and stores the sums of the tile before.
VQ_INLINE void vm_finish_body(const vn_qmatrix_work *work, const int nv) {
  const vn_qtile *tile = work->tile;
  vn_qtile part = {.bias = tile->bias, .multipliers = tile->multipliers, .column = tile->column, .width = tile->width,
                   .result = tile->result};
  qi acc[VQ_ROWS][2];
  size_t i = 0;
#define VM_ROWS(mr)                                                                                                     \
  {                                                                                                                     \
    for (int r = 0; r < mr; r++)                                                                                        \
      for (int j = 0; j < nv; j++) acc[r][j] = *(const qi_memory *)&work->sums[work->buffer][i + (size_t)r][j * VQ_LANES]; \
    part.y = tile->y + i;                                                                                          \
    part.residual = tile->residual ? tile->residual + i : NULL;                                               \
    VQ(end_tile)(mr, nv, acc, &part);                                                                                   \
  }
  for (; i + 8 <= work->count; i += 8) VM_ROWS(8)
  for (; i + 2 <= work->count; i += 2) VM_ROWS(2)
  if (i < work->count) VM_ROWS(1)
#undef VM_ROWS
}

static void VQ(matrix_finish)(const vn_qmatrix_work *work) {
  if (work->vectors == 2) vm_finish_body(work, 2);
  else vm_finish_body(work, 1);
}

/// The products of a tile: of both halves of its rows or the first, and one or two vectors of columns.
VQ_INLINE void vm_products(vn_qmatrix_work *work, const vn_qtile *tile, size_t count, const bool halves, const int nv,
                           int32_t (*sums)[2 * vn_matrix_columns]) {
  VM_LOAD(0, tile->bias, 0);
  if (nv == 2) VM_LOAD(1, tile->bias + VQ_LANES, 0);
  if (halves) VM_LOAD(2, tile->bias, 0);
  if (halves && nv == 2) VM_LOAD(3, tile->bias + VQ_LANES, 0);
  const size_t first = vn_smaller(count, vn_matrix_rows), words = work->words, step = 4 * words, pitch = (size_t)nv * 64;
  const int8_t *panel = tile->panel;
  vn_ahead ahead = tile->ahead;
  uint8_t(*copies)[4 * vn_matrix_words] = work->copies[0], (*others)[4 * vn_matrix_words] = work->copies[1];
  for (size_t tap = 0; tap < tile->taps; tap++) {
    const uint8_t *const *rows = tile->rows + tap * tile->row_stride;
    const vm_rows a = vm_rows_of(rows, first);
    const vm_rows b = halves ? vm_rows_of(rows + vn_matrix_rows, count - vn_matrix_rows) : a;
    for (size_t at = 0; at < 4 * tile->words; at += step, panel += words * pitch) {
      if (!a.stride) vm_gather(&a, at, step, copies);
      if (halves && !b.stride) vm_gather(&b, at, step, others);
      for (size_t i = 0; i < words; i++) {
        __builtin_prefetch(ahead.weights, 0, 2);
        ahead.weights += ahead.weights_step;
        __builtin_prefetch(ahead.pixels, 0, 2);
        ahead.pixels += ahead.pixels_step;
      }
      if (a.stride) VM_LOAD(4, a.rows[0] + at, a.stride);
      else VM_LOAD(4, copies, 64);
      VM_LOAD(6, panel, pitch);
      VM_DOT(0, 4, 6);
      if (nv == 2) {
        VM_LOAD(7, panel + 64, pitch);
        VM_DOT(1, 4, 7);
      }
      if (halves) {
        if (b.stride) VM_LOAD(5, b.rows[0] + at, b.stride);
        else VM_LOAD(5, others, 64);
        VM_DOT(2, 5, 6);
        if (nv == 2) VM_DOT(3, 5, 7);
      }
    }
  }
  VM_STORE(0, sums[0], 2 * 64);
  if (nv == 2) VM_STORE(1, sums[0] + VQ_LANES, 2 * 64);
  if (halves) VM_STORE(2, sums[vn_matrix_rows], 2 * 64);
  if (halves && nv == 2) VM_STORE(3, sums[vn_matrix_rows] + VQ_LANES, 2 * 64);
}

static void VQ(matrix_multiply)(vn_qmatrix_work *work, const vn_qtile *tile, size_t count, int vectors) {
  const int buffer = 1 - work->buffer;
  const bool halves = count > vn_matrix_rows;
  if (halves && vectors == 2) vm_products(work, tile, count, true, 2, work->sums[buffer]);
  else if (halves) vm_products(work, tile, count, true, 1, work->sums[buffer]);
  else if (vectors == 2) vm_products(work, tile, count, false, 2, work->sums[buffer]);
  else vm_products(work, tile, count, false, 1, work->sums[buffer]);
  if (work->count > 0) VQ(matrix_finish)(work);
  work->tile = tile;
  work->count = count;
  work->vectors = vectors;
  work->buffer = buffer;
}
