// Rows of pairs times a panel of NR columns, by a processor's tiles. The including file defines VN_ISA(name), what
// gemm/template/tile.h needs, and
//   VM_ZERO(tile), VM_LOAD(tile, memory, stride), VM_STORE(tile, memory, stride)   VN_ROWS rows of 64 bytes; of an operand's as many
//     bytes, and of the weights as many rows, as one product has words
//   VM_DOT(sums, rows, weights)   adds products of pairs
// Tiles 0, 1 and 2, 3 are the sums of the first and second tile of pixels, 4 and 5 their rows, 6 and 7 the weights.
//
//   sums = 0
//   for each tap and each step of its run: sums += rows · panel
//   y = clamp(sums + bias + residual)                        (while the next tiles are multiplied)
//
// A step sums the first bfloat16 of all its words and the second ones apart, each product rounded as it is added, and adds both
// together to the sum. Of a run that is no multiple of the step, the last step goes back to where it is whole, with zeros for what
// the step before has read.

/// Where the rows of a tile of pixels are at one tap. A tile of the processor always has VN_ROWS rows, of which the last `count` are the
/// tile's; the ones before are whatever memory has there, and their results are not stored.
typedef struct VN_ISA(matrix_rows) {
  const float *const *rows;
  size_t count;
  const float *first;  ///< of VN_ROWS rows if all are equally far apart, else NULL
  ptrdiff_t apart;     ///< in bytes
} VN_ISA(matrix_rows);

/// - Parameter operand: the tile's, from which rows before its own may be read.
VN_INLINE VN_ISA(matrix_rows) VN_ISA(matrix_rows_of)(const float *const *rows, size_t count, vn_span_of_floats operand) {
  VN_ISA(matrix_rows) found = {.rows = rows, .count = count};
  const unsigned all = (1u << count) - 1;
  const __mmask8 low = (__mmask8)all, high = (__mmask8)(all >> 8);
  const __m512i first = _mm512_set1_epi64((long long)(uintptr_t)rows[0]);
  const __m512i a = _mm512_sub_epi64(_mm512_maskz_loadu_epi64(low, rows), first);
  const __m512i b = _mm512_sub_epi64(_mm512_maskz_loadu_epi64(high, rows + 8), first);
  const long long step = count > 1 ? (const char *)rows[1] - (const char *)rows[0] : 64;
  const __m512i multiples = _mm512_mullo_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi64(step));
  const __m512i others = _mm512_add_epi64(multiples, _mm512_set1_epi64(8 * step));
  const ptrdiff_t above = (ptrdiff_t)(VN_ROWS - count) * (ptrdiff_t)step;
  const bool regular =
      _mm512_mask_cmpneq_epi64_mask(low, a, multiples) == 0 && _mm512_mask_cmpneq_epi64_mask(high, b, others) == 0;
  const uintptr_t start = (uintptr_t)rows[0];
  const bool reaches = start < (uintptr_t)operand.end && start >= (uintptr_t)operand.first + (uintptr_t)above;
  if (!regular || step < 0 || (above > 0 && !reaches)) return found;
  found.first = (const float *)((const char *)rows[0] - above);
  found.apart = (ptrdiff_t)step;
  return found;
}

/// Copies a step of rows that are not equally far apart, with zeros for words that were read before; of rows that do not exist
/// nothing, since their results are not stored.
VN_INLINE void VN_ISA(copy_rows)(const VN_ISA(matrix_rows) *from, ptrdiff_t at, __mmask16 mask, float (*copy)[vn_matrix_words]) {
  float(*target)[vn_matrix_words] = copy + (VN_ROWS - from->count);
  for (size_t i = 0; i < from->count; i++) _mm512_store_ps(target[i], _mm512_maskz_loadu_ps(mask, from->rows[i] + at));
}

/// Prefetches what the steps of one product are to prefetch, if anything.
VN_INLINE void VN_ISA(prefetch_step)(vn_ahead *ahead, size_t words) {
  if (ahead->weights_step > 0)
    for (size_t i = 0; i < words; i++, ahead->weights += ahead->weights_step) __builtin_prefetch(ahead->weights, 0, 2);
  if (ahead->pixels_step > 0)
    for (size_t i = 0; i < words; i++, ahead->pixels += ahead->pixels_step) __builtin_prefetch(ahead->pixels, 0, 2);
}

/// Loads the elements of a residual that the mask selects, rounded to bfloat16.
VN_INLINE vf VN_ISA(residual_part)(bool is_bf16, const float *residual, ptrdiff_t column, __mmask16 mask) {
  if (is_bf16) return VN_ISA(widened)((vh)_mm256_maskz_loadu_epi16(mask, (const uint16_t *)residual + column));
  return VN_ISA(widened)(VN_ISA(rounded_pairs)((vf)_mm512_maskz_loadu_ps(mask, residual + column)));
}

/// Stores the elements of a row that the mask selects.
VN_INLINE void VN_ISA(store_part)(bool is_bf16, float *y, ptrdiff_t column, vf x, __mmask16 mask) {
  if (is_bf16) _mm256_mask_storeu_epi16((uint16_t *)y + column, mask, (__m256i)VN_ISA(rounded_pairs)(x));
  else _mm512_mask_storeu_ps(y + column, mask, (__m512)x);
}

/// Rounds, and stores, the sums of one tile: the first `tile->width` columns of `count` rows.
VN_INLINE void VN_ISA(finish_tile)(const int nv, const bool whole, const bool adds, const vn_tile *tile, size_t count,
                                   const float (*sums)[2 * vn_matrix_words]) {
  const VN_ISA(tile_places) places = VN_ISA(tile_places_of)(true, tile);
  const vf low = (vf)tile->low, high = (vf)tile->high;
  vf start[2] = {(vf)0.0f, (vf)0.0f};
  __mmask16 masks[2] = {0, 0};
  for (int j = 0; j < nv; j++) {
    const size_t offset = (size_t)j * VN_LANES, left = tile->width > offset ? vn_smaller(tile->width - offset, VN_LANES) : 0;
    masks[j] = (__mmask16)((1u << left) - 1);
    if (tile->bias) start[j] = (vf)_mm512_maskz_loadu_ps(masks[j], tile->bias + tile->column + offset);
  }
  for (size_t i = 0; i < count; i++) {
    vf x[2];
    for (int j = 0; j < nv; j++) {
      x[j] = vload(sums[i] + j * VN_LANES) + start[j];
      const ptrdiff_t column = places.r_column + j * VN_LANES;
      if (adds && whole) x[j] = x[j] + VN_ISA(tile_residual)(true, places.adds_halves, tile->residual[i], column, VN_LANES);
      else if (adds) x[j] = x[j] + VN_ISA(residual_part)(places.adds_halves, tile->residual[i], column, masks[j]);
      x[j] = vmin(high, vmax(low, x[j]));
    }
    if (whole && nv == 2 && places.halves) {
      const __m512bh halves = _mm512_cvtne2ps_pbh((__m512)x[1], (__m512)x[0]);
      _mm512_storeu_si512((uint16_t *)tile->y[i] + places.y_column, (__m512i)halves);
      continue;
    }
    for (int j = 0; j < nv; j++) {
      const ptrdiff_t column = places.y_column + j * VN_LANES;
      if (whole) VN_ISA(tile_store)(true, places.halves, tile->y[i], column, x[j], VN_LANES);
      else VN_ISA(store_part)(places.halves, tile->y[i], column, x[j], masks[j]);
    }
  }
}

static void VN_ISA(matrix_finish)(vn_bmatrix_work *work) {
  for (int i = 0; i < 2 && work->counts[i] > 0; i++) {
    const vn_tile *tile = &work->tiles[i];
    const float(*sums)[2 * vn_matrix_words] = work->sums[work->buffer][i] + (VN_ROWS - work->counts[i]);
    const bool whole = tile->width == (size_t)work->vectors * VN_LANES, adds = tile->residual != NULL;
    if (!whole && work->vectors == 1) VN_ISA(finish_tile)(1, false, adds, tile, work->counts[i], sums);
    else if (!whole) VN_ISA(finish_tile)(2, false, adds, tile, work->counts[i], sums);
    else if (work->vectors == 1) VN_ISA(finish_tile)(1, true, adds, tile, work->counts[i], sums);
    else if (adds) VN_ISA(finish_tile)(2, true, true, tile, work->counts[i], sums);
    else VN_ISA(finish_tile)(2, true, false, tile, work->counts[i], sums);
  }
  work->counts[0] = work->counts[1] = 0;
}

/// The products of one or two tiles of pixels and one or two vectors of columns.
VN_INLINE void VN_ISA(matrix_products)(vn_bmatrix_work *work, const vn_tile *a, const vn_tile *b, const size_t counts[2],
                                       const bool two, const int nv) {
  const size_t pitch = (size_t)nv * VN_LANES * sizeof(float), words = work->words;
  // One part of the sums of several goes on where the part before it has ended.
  const size_t tap1 = a->sums ? vn_smaller(a->tap + a->taps_block, a->taps) : a->taps;
  const size_t length = a->sums ? vn_smaller(a->run_block, a->run - a->k) : a->run;
  const unsigned all = 0xffffu >> (vn_matrix_words - words);
  vn_ahead ahead = a->ahead, behind = two ? b->ahead : a->ahead;
  for (size_t tap = a->tap; tap < tap1; tap++) {
    // Products with zeros change no sum.
    if (a->live && !a->live[tap] && !(two && b->live[tap])) continue;
    const VN_ISA(matrix_rows) rows = VN_ISA(matrix_rows_of)(a->rows + tap * a->row_stride, counts[0], a->operand);
    VN_ISA(matrix_rows) others = rows;
    if (two) others = VN_ISA(matrix_rows_of)(b->rows + tap * b->row_stride, counts[1], b->operand);
    for (size_t first = 0; first < length; first += words) {
      // The last step may have to begin before words that the step before has read.
      const size_t at = vn_smaller(first, length - words);
      const ptrdiff_t x = a->x_shift + (ptrdiff_t)(a->k + at);
      const __mmask16 mask = (__mmask16)(all & all << (first - at));
      const float *weights = (const float *)((const char *)a->panel + (tap * a->run + a->k + at) * pitch);
      if (!rows.first || at < first) VN_ISA(copy_rows)(&rows, x, mask, work->copies[0]);
      if (two && (!others.first || at < first)) VN_ISA(copy_rows)(&others, x, mask, work->copies[1]);
      VN_ISA(prefetch_step)(&ahead, words);
      if (two) VN_ISA(prefetch_step)(&behind, words);
      if (rows.first && at == first) VM_LOAD(4, rows.first + x, rows.apart);
      else VM_LOAD(4, work->copies[0], 64);
      VM_LOAD(6, weights, pitch);
      VM_DOT(0, 4, 6);
      if (nv == 2) {
        VM_LOAD(7, weights + VN_LANES, pitch);
        VM_DOT(1, 4, 7);
      }
      if (two) {
        if (others.first && at == first) VM_LOAD(5, others.first + x, others.apart);
        else VM_LOAD(5, work->copies[1], 64);
        VM_DOT(2, 5, 6);
        if (nv == 2) VM_DOT(3, 5, 7);
      }
    }
  }
}

/// Loads or stores the sums of a tile of pixels, or sets them to zero.
#define VM_SUMS(OPERATION, memory, pitch)                          \
  OPERATION(0, memory, pitch);                                     \
  if (nv == 2) OPERATION(1, (memory) + VN_LANES, pitch)
#define VM_OTHER_SUMS(OPERATION, memory, pitch)                    \
  OPERATION(2, memory, pitch);                                     \
  if (nv == 2) OPERATION(3, (memory) + VN_LANES, pitch)

VN_INLINE void VN_ISA(matrix_body)(vn_bmatrix_work *work, const vn_tile tiles[2], const size_t counts[2], const bool two,
                                   const int nv) {
  const vn_tile *a = &tiles[0], *b = &tiles[1];
  const size_t pitch = (size_t)nv * VN_LANES * sizeof(float);
  if (a->sums && !a->is_first) {
    VM_SUMS(VM_LOAD, a->sums, pitch);
    if (two) {
      VM_OTHER_SUMS(VM_LOAD, b->sums, pitch);
    }
  } else {
    VM_ZERO(0);
    VM_ZERO(1);
    VM_ZERO(2);
    VM_ZERO(3);
  }
  VN_ISA(matrix_products)(work, a, b, counts, two, nv);
  if (a->sums && !a->is_last) {
    VM_SUMS(VM_STORE, a->sums, pitch);
    if (two) {
      VM_OTHER_SUMS(VM_STORE, b->sums, pitch);
    }
    return;
  }
  const int buffer = 1 - work->buffer;
  const size_t row = 2 * vn_matrix_words * sizeof(float);
  VM_SUMS(VM_STORE, work->sums[buffer][0][0], row);
  if (two) {
    VM_OTHER_SUMS(VM_STORE, work->sums[buffer][1][0], row);
  }
  VN_ISA(matrix_finish)(work);
  work->buffer = buffer;
  work->vectors = nv;
  for (int i = 0; i <= two; i++) {
    work->tiles[i] = tiles[i];
    work->counts[i] = counts[i];
  }
}

static void VN_ISA(matrix_multiply)(vn_bmatrix_work *work, const vn_tile tiles[2], const size_t counts[2], int vectors) {
  if (counts[1] > 0 && vectors == 2) VN_ISA(matrix_body)(work, tiles, counts, true, 2);
  else if (counts[1] > 0) VN_ISA(matrix_body)(work, tiles, counts, true, 1);
  else if (vectors == 2) VN_ISA(matrix_body)(work, tiles, counts, false, 2);
  else VN_ISA(matrix_body)(work, tiles, counts, false, 1);
}
