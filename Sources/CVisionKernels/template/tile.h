// The micro-kernel of convolutions and matrix products: MR rows, read through pointers, times a packed panel.

VN_INLINE void VN_ISA(tile_body)(const int mr, const int nv, const vn_tile *tile) {
  const size_t nr = (size_t)nv * VN_LANES;
  const bool blocked = tile->taps_block < tile->taps || tile->run_block < tile->run;
  float total[VN_ROWS * 2 * VN_LANES];
  vf acc[VN_ROWS][2];
  bool first = true;
  vn_ahead ahead = tile->ahead;
  const ptrdiff_t x_shift = tile->x_shift, y_column = tile->y_shift + (ptrdiff_t)tile->column;
  if (tile->fetches) {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) __builtin_prefetch(tile->y[i] + y_column + j * VN_LANES, 1, 3);
  }
  for (size_t tap0 = 0; tap0 < tile->taps; tap0 += tile->taps_block) {
    size_t tap1 = tap0 + tile->taps_block < tile->taps ? tap0 + tile->taps_block : tile->taps;
    for (size_t k0 = 0; k0 < tile->run; k0 += tile->run_block) {
      size_t length = tile->run - k0 < tile->run_block ? tile->run - k0 : tile->run_block;
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) acc[i][j] = (vf)0.0f;
      for (size_t tap = tap0; tap < tap1; tap++) {
        const float *const *rows = tile->rows + tap * tile->row_stride;
        const float *panel = tile->panel + (tap * tile->run + k0) * nr;
        for (size_t k = k0; k < k0 + length; k++) {
          vf b[2];
#pragma clang loop unroll(full)
          for (int j = 0; j < nv; j++) b[j] = vload(panel + j * VN_LANES);
#pragma clang loop unroll(full)
          for (int i = 0; i < mr; i++) {
            vf a = (vf)rows[i][x_shift + (ptrdiff_t)k];
#pragma clang loop unroll(full)
            for (int j = 0; j < nv; j++) acc[i][j] = vfma(a, b[j], acc[i][j]);
          }
          panel += nr;
          __builtin_prefetch(ahead.weights, 0, 2);
          ahead.weights += ahead.weights_step;
          __builtin_prefetch(ahead.pixels, 0, 2);
          ahead.pixels += ahead.pixels_step;
        }
      }
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
  const vf low = (vf)tile->low, high = (vf)tile->high;
  const float *bias = tile->bias ? tile->bias + tile->column : NULL;
  if (!blocked && !tile->residual && tile->width == nr) {
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) {
      vf start = bias ? vload(bias + j * VN_LANES) : (vf)0.0f;
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
        vstore(tile->y[i] + y_column + j * VN_LANES, vmin(high, vmax(low, acc[i][j] + start)));
    }
    return;
  }
  if (!blocked && tile->width == nr) {
    const ptrdiff_t r_column = tile->residual_shift + (ptrdiff_t)tile->column;
    vf start[2];
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) start[j] = bias ? vload(bias + j * VN_LANES) : (vf)0.0f;
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      const float *residual = tile->residual[i] + r_column;
      float *y = tile->y[i] + y_column;
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) {
        vf x = acc[i][j] + start[j] + vload(residual + j * VN_LANES);
        vstore(y + j * VN_LANES, vmin(high, vmax(low, x)));
      }
    }
    return;
  }
  if (!blocked) {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) vstore(total + (i * nv + j) * VN_LANES, acc[i][j]);
  }
  for (int j = 0; j < nv && (size_t)j * VN_LANES < tile->width; j++) {
    size_t offset = (size_t)j * VN_LANES, left = tile->width - offset;
    size_t lanes = left < VN_LANES ? left : VN_LANES;
    vf start = bias ? vload_some(bias + offset, lanes) : (vf)0.0f;
    for (int i = 0; i < mr; i++) {
      vf x = vload(total + (i * nv + j) * VN_LANES) + start;
      if (tile->residual) x = x + vload_some(tile->residual[i] + tile->residual_shift + (ptrdiff_t)(tile->column + offset), lanes);
      vstore_some(tile->y[i] + y_column + (ptrdiff_t)offset, vmin(high, vmax(low, x)), lanes);
    }
  }
}

#undef VN_TILE
#define VN_TILE(mr)                                                                                    \
  static void VN_ISA(tile_##mr##x1)(const vn_tile *tile) { VN_ISA(tile_body)(mr, 1, tile); }            \
  static void VN_ISA(tile_##mr##x2)(const vn_tile *tile) { VN_ISA(tile_body)(mr, 2, tile); }
#undef VN_TILE_ENTRY
#define VN_TILE_ENTRY(mr) {VN_ISA(tile_##mr##x1), VN_ISA(tile_##mr##x2)}

VN_TILE(1) VN_TILE(2) VN_TILE(3) VN_TILE(4) VN_TILE(5) VN_TILE(6)
#if VN_ROWS > 6
VN_TILE(7) VN_TILE(8) VN_TILE(9) VN_TILE(10) VN_TILE(11) VN_TILE(12) VN_TILE(13) VN_TILE(14)
#endif

static double VN_ISA(burn)(size_t rounds, float *sink) {
  vf acc[12];
  vf a = (vf)0.999f, b = (vf)1e-6f;
#pragma clang loop unroll(full)
  for (int i = 0; i < 12; i++) acc[i] = (vf)(float)i;
  for (size_t r = 0; r < rounds; r++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) acc[i] = vfma(acc[i], a, b);
  }
  vf total = (vf)0.0f;
#pragma clang loop unroll(full)
  for (int i = 0; i < 12; i++) total += acc[i];
  *sink += vsum(total);
  return (double)rounds * 12 * VN_LANES * 2;
}
