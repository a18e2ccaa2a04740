// The micro-kernel of bfloat16 by a processor's tiles: MR rows of pairs times a panel of NR columns. The including file defines
// VN_ISA(name), what gemm/template/tile.h needs, and
//   VM_ZERO(tile), VM_LOAD(tile, memory, stride), VM_STORE(tile, memory, stride)   rows of 64 bytes: VN_ROWS, of the weights 16
//   VM_DOT(sums, rows, weights)   adds products of pairs
// Tiles 0 and 1 have the sums of two vectors of columns of even steps, 2 and 3 those of odd steps, so that no product waits for the
// one before; 4 has the rows, 5 and 6 the weights.
//
//   for each block of KC words
//     for each tap and each 16 words of its run: sums[step mod 2] += rows · panel
//     add the sums of even steps, then those of odd ones, to those of the blocks before
//   y = clamp(sums + bias + residual)
//
// A step sums the first bfloat16 of all its words and the second ones apart, each product rounded as it is added, and adds both
// together to the sum. Of a run that is no multiple of 16 words, the last step goes back to where it is whole, with zeros for what
// the step before has read; a shorter run is followed by zeros, whatever
// weights come next.

enum { vm_words = 16 };

typedef struct VN_ISA(matrix_memory) {
  _Alignas(64) float sums[2][VN_ROWS][2 * VN_LANES];
  _Alignas(64) float rows[VN_ROWS][vm_words];
  _Alignas(64) float weights[vm_words][2 * VN_LANES];
} VN_ISA(matrix_memory);

/// The distance between rows in bytes where a whole tile's rows are equally far apart, else 0.
VN_INLINE ptrdiff_t VN_ISA(rows_apart)(const float *const *rows, size_t mr) {
  if (mr < VN_ROWS) return 0;
  const __m512i first = _mm512_set1_epi64((long long)(uintptr_t)rows[0]);
  const __m512i a = _mm512_sub_epi64(_mm512_loadu_si512(rows), first);
  const __m512i b = _mm512_sub_epi64(_mm512_loadu_si512(rows + VN_ROWS - 8), first);
  const long long step = (const char *)rows[1] - (const char *)rows[0];
  const __m512i multiples = _mm512_mullo_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi64(step));
  const __m512i others = _mm512_add_epi64(multiples, _mm512_set1_epi64((VN_ROWS - 8) * step));
  return _mm512_cmpneq_epi64_mask(a, multiples) == 0 && _mm512_cmpneq_epi64_mask(b, others) == 0 ? (ptrdiff_t)step : 0;
}

/// Copies the end of a panel, and zeros for the rest of a step.
VN_INLINE void VN_ISA(copy_weights)(const float *weights, size_t count, size_t nr, float *copy) {
  for (size_t i = 0; i < count; i += VN_LANES) vstore(copy + i, vload(weights + i));
  for (size_t i = count; i < vm_words * nr; i += VN_LANES) vstore(copy + i, (vf)0.0f);
}

/// Adds the products of one block, words k0..<k0 + length of taps tap0..<tap1, to tiles 0 and 2, and 1 and 3. Returns the steps.
VN_INLINE size_t VN_ISA(multiply_block)(const vn_tile *tile, size_t mr, const int nv, size_t tap0, size_t tap1, size_t k0,
                                        size_t length, VN_ISA(matrix_memory) *memory) {
  const size_t nr = (size_t)nv * VN_LANES, pitch = nr * sizeof(float), steps = vn_divide_up(length, vm_words);
  size_t step = 0;
  vn_ahead ahead = tile->ahead;
  for (size_t tap = tap0; tap < tap1; tap++) {
    // Products with zeros change no sum; the other taps' steps stay even or odd.
    if (tile->live && !tile->live[tap]) {
      step += steps;
      continue;
    }
    const float *const *rows = tile->rows + tap * tile->row_stride;
    const ptrdiff_t apart = VN_ISA(rows_apart)(rows, mr), shift = tile->x_shift + (ptrdiff_t)k0;
    const float *panel = tile->panel + (tap * tile->run + k0) * nr;
    for (size_t i = 0; i < steps; i++, step++) {
      // The first word of the step, and where it begins to read.
      const size_t first = i * vm_words, at = length < vm_words ? 0 : vn_smaller(first, length - vm_words);
      if (apart && at == first && length >= vm_words) {
        VM_LOAD(4, rows[0] + shift + (ptrdiff_t)at, apart);
      } else {
        const unsigned below = length < vm_words ? 0xffffu >> (vm_words - length) : 0xffff;
        const __mmask16 mask = (__mmask16)(below << (first - at));
        for (size_t r = 0; r < mr; r++)
          _mm512_store_ps(memory->rows[r], _mm512_maskz_loadu_ps(mask, rows[r] + shift + (ptrdiff_t)at));
        VM_LOAD(4, memory->rows, vm_words * sizeof(float));
      }
      for (size_t r = 0; r < vm_words; r++) {
        __builtin_prefetch(ahead.weights, 0, 2);
        ahead.weights += ahead.weights_step;
        __builtin_prefetch(ahead.pixels, 0, 2);
        ahead.pixels += ahead.pixels_step;
      }
      const float *weights = panel + at * nr;
      const size_t left = (tile->taps - tap) * tile->run - k0 - at;
      if (left < vm_words) {
        VN_ISA(copy_weights)(weights, left * nr, nr, memory->weights[0]);
        weights = memory->weights[0];
      }
      VM_LOAD(5, weights, pitch);
      if (nv == 2) VM_LOAD(6, weights + VN_LANES, pitch);
      if (step % 2 == 0) {
        VM_DOT(0, 4, 5);
        if (nv == 2) VM_DOT(1, 4, 6);
      } else {
        VM_DOT(2, 4, 5);
        if (nv == 2) VM_DOT(3, 4, 6);
      }
    }
  }
  return step;
}

/// Sums of a block: [mr][nr].
VN_INLINE void VN_ISA(sum_block)(size_t mr, const int nv, bool first, bool has_odd, VN_ISA(matrix_memory) *memory, float *total) {
  VM_STORE(0, memory->sums[0], 2 * VN_LANES * sizeof(float));
  if (nv == 2) VM_STORE(1, memory->sums[0][0] + VN_LANES, 2 * VN_LANES * sizeof(float));
  if (has_odd) VM_STORE(2, memory->sums[1], 2 * VN_LANES * sizeof(float));
  if (has_odd && nv == 2) VM_STORE(3, memory->sums[1][0] + VN_LANES, 2 * VN_LANES * sizeof(float));
  for (size_t i = 0; i < mr; i++)
    for (int j = 0; j < nv; j++) {
      vf sum = vload(memory->sums[0][i] + j * VN_LANES);
      if (has_odd) sum = sum + vload(memory->sums[1][i] + j * VN_LANES);
      float *target = total + (i * (size_t)nv + (size_t)j) * VN_LANES;
      vstore(target, first ? sum : vload(target) + sum);
    }
}

/// Stores a tile all of whose columns are wanted, as `tile_store_part` stores any.
VN_INLINE void VN_ISA(store_total)(const int mr, const int nv, const bool halves, const bool adds, const vn_tile *tile,
                                   VN_ISA(tile_places) places, const float *total) {
  const vf low = (vf)tile->low, high = (vf)tile->high;
  vf start[2];
  for (int j = 0; j < nv; j++) start[j] = tile->bias ? vload(tile->bias + tile->column + j * VN_LANES) : (vf)0.0f;
  for (int i = 0; i < mr; i++)
    for (int j = 0; j < nv; j++) {
      vf x = vload(total + (i * nv + j) * VN_LANES) + start[j];
      if (adds)
        x = x + VN_ISA(tile_residual)(true, places.adds_halves, tile->residual[i], places.r_column + j * VN_LANES, VN_LANES);
      VN_ISA(tile_store)(true, halves, tile->y[i], places.y_column + j * VN_LANES, vmin(high, vmax(low, x)), VN_LANES);
    }
}

VN_INLINE void VN_ISA(matrix_tile)(const int mr, const int nv, const vn_tile *tile) {
  VN_ISA(matrix_memory) memory;
  float own[VN_ROWS * 2 * VN_LANES];
  float *const total = tile->sums ? tile->sums : own;
  const size_t last_tap = tile->sums ? tile->tap + 1 : tile->taps, last_k = tile->sums ? tile->k + 1 : tile->run;
  bool first = !tile->sums || tile->is_first;
  const VN_ISA(tile_places) places = VN_ISA(tile_places_of)(true, tile);
  for (size_t tap0 = tile->tap; tap0 < last_tap; tap0 += tile->taps_block) {
    const size_t tap1 = vn_smaller(tap0 + tile->taps_block, tile->taps);
    for (size_t k0 = tile->k; k0 < last_k; k0 += tile->run_block) {
      VM_ZERO(0);
      VM_ZERO(1);
      VM_ZERO(2);
      VM_ZERO(3);
      const size_t length = vn_smaller(tile->run - k0, tile->run_block);
      const size_t steps = VN_ISA(multiply_block)(tile, (size_t)mr, nv, tap0, tap1, k0, length, &memory);
      VN_ISA(sum_block)((size_t)mr, nv, first, steps > 1, &memory, total);
      first = false;
    }
  }
  if (tile->sums && !tile->is_last) return;
  if (tile->width < (size_t)nv * VN_LANES) VN_ISA(tile_store_part)(mr, nv, true, tile, places, total);
  else if (places.halves && !tile->residual) VN_ISA(store_total)(mr, nv, true, false, tile, places, total);
  else if (places.halves) VN_ISA(store_total)(mr, nv, true, true, tile, places, total);
  else VN_ISA(store_total)(mr, nv, false, tile->residual != NULL, tile, places, total);
}

static void VN_ISA(matrix_tile_x1)(int mr, const vn_tile *tile) { VN_ISA(matrix_tile)(mr, 1, tile); }
static void VN_ISA(matrix_tile_x2)(int mr, const vn_tile *tile) { VN_ISA(matrix_tile)(mr, 2, tile); }

#define VM_TILE(mr)                                                                                          \
  static void VN_ISA(mtile_##mr##x1)(const vn_tile *tile) { VN_ISA(matrix_tile_x1)(mr, tile); } \
  static void VN_ISA(mtile_##mr##x2)(const vn_tile *tile) { VN_ISA(matrix_tile_x2)(mr, tile); }
#define VM_TILE_ENTRY(mr) {VN_ISA(mtile_##mr##x1), VN_ISA(mtile_##mr##x2)}
VM_TILE(1) VM_TILE(2) VM_TILE(3) VM_TILE(4) VM_TILE(5) VM_TILE(6) VM_TILE(7)
VM_TILE(8) VM_TILE(9) VM_TILE(10) VM_TILE(11) VM_TILE(12) VM_TILE(13) VM_TILE(14)
