// The micro-kernel of GEMM, for convolutions and matrix products: MR rows, read through pointers, times a packed panel of NR
// columns.
//
//   for each block of KC products
//     sums[MR][NR] = 0                                  in vector registers
//     for each tap and each k of its run
//       b = panel[tap][k]                               NR floats: one or two vectors
//       for i in 0..<MR: sums[i] += rows[tap][i][k] · b
//     add them to the partial sums of the blocks before
//   y = clamp(sums + bias + residual)
//
// With `rounds` the residual is rounded to bfloat16, and both the residual and the result may be stored as bfloat16. With `pairs`
// each word of a row and of the panel is two bfloat16, whose products are added to the sum one after the other, the second
// first, with each sum rounded.

typedef uint32_t vu __attribute__((ext_vector_type(VN_LANES)));
typedef uint16_t vh __attribute__((ext_vector_type(VN_LANES)));
typedef uint16_t vh_memory __attribute__((ext_vector_type(VN_LANES), aligned(2), may_alias));

/// Rounds to bfloat16, to nearest, ties to even; NaN stays NaN.
VN_INLINE vh VN_ISA(rounded_pairs)(vf x) {
#if VN_BFLOAT16
  return (vh)_mm512_cvtneps_pbh((__m512)x);
#else
  const vu bits = (vu)x, rounded = (bits + (vu)0x7fff + ((bits >> 16) & (vu)1)) >> 16;
  const vu quiet = (bits >> 16) | (vu)0x40;
  return __builtin_convertvector(x != x ? quiet : rounded, vh);
#endif
}

VN_INLINE vf VN_ISA(widened)(vh x) { return (vf)(__builtin_convertvector(x, vu) << 16); }

/// Loads n ≤ VN_LANES elements of a residual, rounded to bfloat16 with `rounds`.
VN_INLINE vf VN_ISA(tile_residual)(const bool rounds, bool is_bf16, const float *residual, ptrdiff_t column, size_t n) {
  if (!rounds || !is_bf16) {
    const vf x = vload_some(residual + column, n);
    return rounds ? VN_ISA(widened)(VN_ISA(rounded_pairs)(x)) : x;
  }
  const uint16_t *halves = (const uint16_t *)residual + column;
  if (n == VN_LANES) return VN_ISA(widened)(*(const vh_memory *)halves);
  uint16_t buffer[VN_LANES] = {0};
  memcpy(buffer, halves, n * sizeof *buffer);
  return VN_ISA(widened)(*(const vh_memory *)buffer);
}

/// Stores n ≤ VN_LANES elements of a row.
VN_INLINE void VN_ISA(tile_store)(const bool rounds, bool is_bf16, float *y, ptrdiff_t column, vf x, size_t n) {
  if (!rounds || !is_bf16) {
    vstore_some(y + column, x, n);
    return;
  }
  const vh halves = VN_ISA(rounded_pairs)(x);
  uint16_t *target = (uint16_t *)y + column;
  if (n == VN_LANES) *(vh_memory *)target = halves;
  else memcpy(target, &halves, n * sizeof *target);
}

#if VN_HALVES
typedef float vf_half __attribute__((ext_vector_type(VN_LANES / 2)));
typedef float vf_half_memory __attribute__((ext_vector_type(VN_LANES / 2), aligned(4), may_alias));

/// A half vector with zeros in the upper half.
VN_INLINE vf VN_ISA(widened_half)(vf_half x) {
  return __builtin_shufflevector(x, (vf_half)0.0f, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
#endif

/// Where a tile's results and residual are. Read from the tile only once, since the compiler must assume that stores change it.
typedef struct VN_ISA(tile_places) {
  bool halves, adds_halves;      ///< whether results and residual are bfloat16
  ptrdiff_t y_column, r_column;  ///< of the panel's first column, in elements
} VN_ISA(tile_places);

VN_INLINE VN_ISA(tile_places) VN_ISA(tile_places_of)(const bool rounds, const vn_tile *tile) {
  const bool halves = rounds && tile->y_is_bf16, adds_halves = rounds && tile->residual_is_bf16;
  return (VN_ISA(tile_places)){
      .halves = halves, .adds_halves = adds_halves,
      .y_column = (halves ? 2 * tile->y_shift : tile->y_shift) + (ptrdiff_t)tile->column,
      .r_column = (adds_halves ? 2 * tile->residual_shift : tile->residual_shift) + (ptrdiff_t)tile->column};
}

/// Prefetches the memory of the results and of the residual.
VN_INLINE void VN_ISA(tile_prefetch)(const int mr, const int nv, const vn_tile *tile, VN_ISA(tile_places) places) {
  const bool halves = places.halves, adds_halves = places.adds_halves;
  const ptrdiff_t y_column = places.y_column, r_column = places.r_column;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) {
      const ptrdiff_t at = y_column + j * VN_LANES;
      __builtin_prefetch(tile->y[i] + (halves ? at / 2 : at), 1, 3);
    }
  if (tile->residual) {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) {
        const ptrdiff_t at = r_column + j * VN_LANES;
        __builtin_prefetch(tile->residual[i] + (adds_halves ? at / 2 : at), 0, 2);
      }
  }
}

/// Stores a whole tile: activation(sums + bias + residual).
VN_INLINE void VN_ISA(tile_store_whole)(const int mr, const int nv, const bool rounds, const vn_tile *tile,
                                        VN_ISA(tile_places) places, vf acc[VN_ROWS][2]) {
  const vf low = (vf)tile->low, high = (vf)tile->high;
  const float *bias = tile->bias ? tile->bias + tile->column : NULL;
  const bool halves = places.halves, adds_halves = places.adds_halves;
  const ptrdiff_t y_column = places.y_column, r_column = places.r_column;
  if (!tile->residual) {
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) {
      vf start = bias ? vload(bias + j * VN_LANES) : (vf)0.0f;
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
        VN_ISA(tile_store)(rounds, halves, tile->y[i], y_column + j * VN_LANES,
                           vmin(high, vmax(low, acc[i][j] + start)), VN_LANES);
    }
    return;
  }
  vf start[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) start[j] = bias ? vload(bias + j * VN_LANES) : (vf)0.0f;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++) {
    const float *residual = tile->residual[i];
    float *y = tile->y[i];
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) {
      const ptrdiff_t at = j * VN_LANES;
      vf x = acc[i][j] + start[j] + VN_ISA(tile_residual)(rounds, adds_halves, residual, r_column + at, VN_LANES);
      VN_ISA(tile_store)(rounds, halves, y, y_column + at, vmin(high, vmax(low, x)), VN_LANES);
    }
  }
}

/// Stores the columns of a tile from `offset` on that are one vector, or the first `lanes` of it.
VN_INLINE void VN_ISA(tile_store_vector)(const int mr, const int j, const bool rounds, const vn_tile *tile,
                                         VN_ISA(tile_places) places, vf acc[VN_ROWS][2], size_t lanes) {
  const vf low = (vf)tile->low, high = (vf)tile->high;
  const ptrdiff_t offset = j * VN_LANES;
  const vf start = tile->bias ? vload_some(tile->bias + tile->column + offset, lanes) : (vf)0.0f;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++) {
    vf x = acc[i][j] + start;
    if (tile->residual)
      x = x + VN_ISA(tile_residual)(rounds, places.adds_halves, tile->residual[i], places.r_column + offset, lanes);
    VN_ISA(tile_store)(rounds, places.halves, tile->y[i], places.y_column + offset, vmin(high, vmax(low, x)), lanes);
  }
}

/// Stores the first `tile->width` columns of a tile.
VN_INLINE void VN_ISA(tile_store_columns)(const int mr, const int nv, const bool rounds, const vn_tile *tile,
                                          VN_ISA(tile_places) places, vf acc[VN_ROWS][2]) {
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) {
    if ((size_t)j * VN_LANES >= tile->width) break;
    const size_t left = tile->width - (size_t)j * VN_LANES;
    if (left >= VN_LANES) VN_ISA(tile_store_vector)(mr, j, rounds, tile, places, acc, VN_LANES);
    else VN_ISA(tile_store_vector)(mr, j, rounds, tile, places, acc, left);
  }
}

/// Stores the first `tile->width` columns of a tile, from sums in memory.
VN_INLINE void VN_ISA(tile_store_part)(const int mr, const int nv, const bool rounds, const vn_tile *tile,
                                       VN_ISA(tile_places) places, const float *total) {
  const vf low = (vf)tile->low, high = (vf)tile->high;
  const float *bias = tile->bias ? tile->bias + tile->column : NULL;
  const bool halves = places.halves, adds_halves = places.adds_halves;
  const ptrdiff_t y_column = places.y_column, r_column = places.r_column;
  for (int j = 0; j < nv && (size_t)j * VN_LANES < tile->width; j++) {
    size_t offset = (size_t)j * VN_LANES, left = tile->width - offset;
    size_t lanes = left < VN_LANES ? left : VN_LANES;
    vf start = bias ? vload_some(bias + offset, lanes) : (vf)0.0f;
    for (int i = 0; i < mr; i++) {
      vf x = vload(total + (i * nv + j) * VN_LANES) + start;
      const ptrdiff_t at = (ptrdiff_t)offset;
      if (tile->residual)
        x = x + VN_ISA(tile_residual)(rounds, adds_halves, tile->residual[i], r_column + at, lanes);
      VN_ISA(tile_store)(rounds, halves, tile->y[i], y_column + at, vmin(high, vmax(low, x)), lanes);
    }
  }
}

/// One tile, unrolled as a whole: MR × NR sums in registers, over KC products at a time.
///
/// - Parameter half: whether only half of the last vector of columns is needed, which takes half as long on some machines.
VN_INLINE void VN_ISA(tile_body)(const int mr, const int nv, const bool half, const bool pairs, const bool rounds,
                                 const vn_tile *tile) {
  const size_t nr = (size_t)nv * VN_LANES;
  const bool blocked = tile->taps_block < tile->taps || tile->run_block < tile->run;
  float own[VN_ROWS * 2 * VN_LANES];
  float *const total = tile->sums ? tile->sums : own;
  const int full = half ? nv - 1 : nv;
  vf acc[VN_ROWS][2];
#if VN_HALVES
  vf_half halves_acc[VN_ROWS];
#endif
  // One partial sum of several ends after one block.
  const size_t last_tap = tile->sums ? tile->tap + 1 : tile->taps, last_k = tile->sums ? tile->k + 1 : tile->run;
  bool first = !tile->sums || tile->is_first;
  vn_ahead ahead = tile->ahead;
  const ptrdiff_t x_shift = tile->x_shift;
  const VN_ISA(tile_places) places = VN_ISA(tile_places_of)(rounds, tile);
  if (tile->fetches) VN_ISA(tile_prefetch)(mr, nv, tile, places);
  for (size_t tap0 = tile->tap; tap0 < last_tap; tap0 += tile->taps_block) {
    size_t tap1 = tap0 + tile->taps_block < tile->taps ? tap0 + tile->taps_block : tile->taps;
    for (size_t k0 = tile->k; k0 < last_k; k0 += tile->run_block) {
      size_t length = tile->run - k0 < tile->run_block ? tile->run - k0 : tile->run_block;
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) acc[i][j] = (vf)0.0f;
#if VN_HALVES
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++) halves_acc[i] = (vf_half)0.0f;
#endif
      for (size_t tap = tap0; tap < tap1; tap++) {
        // Products with zeros change no sum.
        if (tile->live && !tile->live[tap]) continue;
        const float *const *rows = tile->rows + tap * tile->row_stride;
        const float *panel = tile->panel + (tap * tile->run + k0) * nr;
        for (size_t k = k0; k < k0 + length; k++) {
          vf b[2];
#pragma clang loop unroll(full)
          for (int j = 0; j < full; j++) b[j] = vload(panel + j * VN_LANES);
#if VN_HALVES
          const vf_half last = half ? *(const vf_half_memory *)(panel + full * VN_LANES) : (vf_half)0.0f;
#endif
          if (!pairs) {
#pragma clang loop unroll(full)
            for (int i = 0; i < mr; i++) {
              const float x = rows[i][x_shift + (ptrdiff_t)k];
              vf a = (vf)x;
#pragma clang loop unroll(full)
              for (int j = 0; j < full; j++) acc[i][j] = vfma(a, b[j], acc[i][j]);
#if VN_HALVES
              if (half) halves_acc[i] = __builtin_elementwise_fma((vf_half)x, last, halves_acc[i]);
#endif
            }
          }
#if VN_BFLOAT16
          else {
#pragma clang loop unroll(full)
            for (int i = 0; i < mr; i++) {
              vf a = (vf)rows[i][x_shift + (ptrdiff_t)k];
#pragma clang loop unroll(full)
              for (int j = 0; j < nv; j++)
                acc[i][j] = (vf)_mm512_dpbf16_ps((__m512)acc[i][j], (__m512bh)a, (__m512bh)b[j]);
            }
          }
#endif
          panel += nr;
          __builtin_prefetch(ahead.weights, 0, 2);
          ahead.weights += ahead.weights_step;
          __builtin_prefetch(ahead.pixels, 0, 2);
          ahead.pixels += ahead.pixels_step;
        }
      }
#if VN_HALVES
#pragma clang loop unroll(full)
      for (int i = 0; half && i < mr; i++) acc[i][nv - 1] = VN_ISA(widened_half)(halves_acc[i]);
#endif
      if (!blocked) continue;
      // Partial sums keep long sums accurate.
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) {
          float *sum = total + (i * nv + j) * VN_LANES;
          vstore(sum, first ? acc[i][j] : vload(sum) + acc[i][j]);
        }
      first = false;
    }
  }
  if (tile->sums && !tile->is_last) return;
  if (!blocked && tile->width == nr) {
    VN_ISA(tile_store_whole)(mr, nv, rounds, tile, places, acc);
    return;
  }
  if (!blocked) {
    VN_ISA(tile_store_columns)(mr, nv, rounds, tile, places, acc);
    return;
  }
  VN_ISA(tile_store_part)(mr, nv, rounds, tile, places, total);
}
