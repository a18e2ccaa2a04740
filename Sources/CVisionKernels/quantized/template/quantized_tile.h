// The micro-kernel of convolutions of bytes: MR rows, read through pointers, times a packed panel.

/// Stores the first `width` of `nv` vectors' bytes, at least half of them: with two overlapping stores, unless `all`.
VQ_INLINE void VQ(store_some)(uint8_t *y, const uint8_t *bytes, const int nv, const bool all, size_t width) {
  const size_t half = (size_t)nv * VQ_LANES / 2;
  if (all) {
    memcpy(y, bytes, 2 * half);
  } else {
    memcpy(y, bytes, half);
    memcpy(y + width - half, bytes + width - half, half);
  }
}

/// Stores bytes without a residual: `all` columns, or at least half of them.
VQ_INLINE void VQ(store_tile)(const int mr, const int nv, const bool plain, const bool all, qi acc[VQ_ROWS][2], const vn_qtile *tile,
                              VQ(ending) ending) {
  const size_t column = tile->column, width = tile->width;
  void *const *const y = tile->y;
  qf multipliers[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) multipliers[j] = *(const qf_memory *)(tile->multipliers + j * VQ_LANES);
  const int step = 4 / nv;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i += step) {
    qi q[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++)
      q[v] = VQ(rounded_bounded)(acc[i + v / nv < mr ? i + v / nv : mr - 1][v % nv], multipliers[v % nv]);
    qi bytes = vq_in_order(VQ(finish)(plain, q[0], q[1], q[2], q[3], ending));
#pragma clang loop unroll(full)
    for (int k = 0; k < step; k++)
      if (i + k < mr)
        VQ(store_some)((uint8_t *)y[i + k] + column, (uint8_t *)&bytes + k * nv * VQ_LANES, nv, all, width);
  }
}

/// Stores bytes with a residual: `all` columns, or at least half of them.
VQ_INLINE void VQ(store_sums)(const int mr, const int nv, const bool plain, const bool all, qi acc[VQ_ROWS][2], const vn_qtile *tile, VQ(ending) ending) {
  const VQ(addition) addition = VQ(addition_of)(tile->result);
  const size_t column = tile->column, width = tile->width;
  void *const *const y = tile->y;
  const uint8_t *const *const residuals = tile->residual;
  qf multipliers[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) multipliers[j] = *(const qf_memory *)(tile->multipliers + j * VQ_LANES);
  const int step = 4 / nv;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i += step) {
    qi q[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++) {
      const int row = i + v / nv < mr ? i + v / nv : mr - 1;
      const uint8_t *residual = residuals[row] + column + v % nv * VQ_LANES;
      qi bytes = all || v % nv < nv - 1 ? VQ(load_wide)(residual, VQ_LANES)
                                        : VQ(load_wide_part)(residual, width - (size_t)(nv - 1) * VQ_LANES);
      q[v] = VQ(rounded_with_residual_bounded)(plain, acc[row][v % nv], multipliers[v % nv], bytes, addition);
    }
    qi bytes = vq_in_order(VQ(finish)(plain, q[0], q[1], q[2], q[3], ending));
#pragma clang loop unroll(full)
    for (int k = 0; k < step; k++)
      if (i + k < mr)
        VQ(store_some)((uint8_t *)y[i + k] + column, (uint8_t *)&bytes + k * nv * VQ_LANES, nv, all, width);
  }
}

/// Requantizes a tile's sums and stores them.
VQ_INLINE void VQ(end_tile)(const int mr, const int nv, qi acc[VQ_ROWS][2], const vn_qtile *tile) {
  const vn_requantization *r = tile->result;
  const VQ(ending) ending = VQ(ending_of)(r, tile->residual != NULL);
  const size_t full = (size_t)nv * VQ_LANES;
  if (!r->floats && r->bounded && !tile->residual && tile->width >= full / 2) {
    if (tile->width == full && VQ(is_plain)(ending)) VQ(store_tile)(mr, nv, true, true, acc, tile, ending);
    else if (tile->width == full) VQ(store_tile)(mr, nv, false, true, acc, tile, ending);
    else VQ(store_tile)(mr, nv, false, false, acc, tile, ending);
    return;
  }
  if (!r->floats && tile->residual && tile->width >= full / 2 && VQ(sums_are_bounded)(r)) {
    // Results of a ReLU have the zero point 0.
    if (tile->width == full && VQ(is_plain)(ending) && r->residual_zero == 0) VQ(store_sums)(mr, nv, true, true, acc, tile, ending);
    else if (tile->width == full) VQ(store_sums)(mr, nv, false, true, acc, tile, ending);
    else VQ(store_sums)(mr, nv, false, false, acc, tile, ending);
    return;
  }
  int32_t sums[VQ_ROWS * 2 * VQ_LANES];
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) *(qi_memory *)(sums + (i * nv + j) * VQ_LANES) = acc[i][j];
  for (int j = 0; j < nv && (size_t)j * VQ_LANES < tile->width; j++) {
    const size_t offset = (size_t)j * VQ_LANES, left = tile->width - offset, column = tile->column + offset;
    const size_t lanes = left < VQ_LANES ? left : VQ_LANES;
    qf multiplier = *(const qf_memory *)(tile->multipliers + offset);
    for (int i = 0; i < mr; i++) {
      qi sum = *(const qi_memory *)(sums + (i * nv + j) * VQ_LANES);
      if (r->floats) {
        qf t = VQ(clamp)(__builtin_convertvector(sum, qf) * multiplier, r->low, r->high);
        float buffer[VQ_LANES];
        *(qf_memory *)buffer = t;
        memcpy((float *)tile->y[i] + column, buffer, lanes * sizeof(float));
      } else {
        qi q = tile->residual
                   ? VQ(rounded_with_residual)(sum, multiplier, VQ(load_wide)(tile->residual[i] + column, lanes), r)
                   : VQ(rounded)(sum, multiplier);
        qi bytes = vq_in_order(vq_bytes(q, q, q, q, ending.zero, ending.low, ending.high));
        memcpy((uint8_t *)tile->y[i] + column, &bytes, lanes);
      }
    }
  }
}

#if VQ_FOURS
/// Four steps, for which each row is loaded once. What is to be subtracted from all sums in the end is added to `shifts`.
VQ_INLINE void VQ(four_steps)(const int mr, const int nv, qi acc[VQ_ROWS][2], qi shifts[2], const uint8_t *const *rows,
                              size_t at, const int8_t **panel, vn_ahead *ahead) {
  qi x[VQ_ROWS];
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++) x[i] = vq_sixteen(rows[i] + at);
#pragma clang loop unroll(full)
  for (int lane = 0; lane < 4; lane++) {
    qi w[2];
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) {
      w[j] = *(const qi_memory *)(*panel + j * VQ_LANES * 4);
      shifts[j] = vq_shift(shifts[j], w[j]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) acc[i][j] = vq_dot_lane(acc[i][j], x[i], lane, w[j]);
    *panel += nv * VQ_LANES * 4;
    __builtin_prefetch(ahead->weights, 0, 2);
    ahead->weights += ahead->weights_step;
    __builtin_prefetch(ahead->pixels, 0, 2);
    ahead->pixels += ahead->pixels_step;
  }
}
#endif

VQ_INLINE void VQ(tile_body)(const int mr, const int nv, const vn_qtile *tile) {
  qi acc[VQ_ROWS][2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) {
    qi start = *(const qi_memory *)(tile->bias + j * VQ_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) acc[i][j] = start;
  }
  const int8_t *panel = tile->panel;
  vn_ahead ahead = tile->ahead;
#if VQ_FOURS
  qi shifts[2] = {(qi)0, (qi)0};
#endif
  if (tile->next_y) {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      __builtin_prefetch(tile->next_residual[i] + tile->column, 0, 2);
      __builtin_prefetch((const uint8_t *)tile->next_y[i] + tile->column, 1, 3);
    }
  }
  for (size_t tap = 0; tap < tile->taps; tap++) {
    const uint8_t *const *rows = tile->rows + tap * tile->row_stride;
    size_t at = 0;
#if VQ_FOURS
    for (; at + 16 <= 4 * tile->words; at += 16) VQ(four_steps)(mr, nv, acc, shifts, rows, at, &panel, &ahead);
#endif
    for (; at < 4 * tile->words; at += 4) {
      qi w[2];
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) w[j] = *(const qi_memory *)(panel + j * VQ_LANES * 4);
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++) {
        int32_t four;
        memcpy(&four, rows[i] + at, 4);
        qi x = (qi)four;
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) acc[i][j] = vq_dot(acc[i][j], x, w[j]);
      }
      panel += nv * VQ_LANES * 4;
      __builtin_prefetch(ahead.weights, 0, 2);
      ahead.weights += ahead.weights_step;
      __builtin_prefetch(ahead.pixels, 0, 2);
      ahead.pixels += ahead.pixels_step;
    }
  }
#if VQ_FOURS
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) acc[i][j] -= shifts[j];
#endif
  VQ(end_tile)(mr, nv, acc, tile);
}

#define VQ_TILE(mr)                                                                           \
  VN_ALIGNED static void VQ(tile_##mr##x1)(const vn_qtile *tile) { VQ(tile_body)(mr, 1, tile); }          \
  VN_ALIGNED static void VQ(tile_##mr##x2)(const vn_qtile *tile) { VQ(tile_body)(mr, 2, tile); }
#define VQ_TILE_ENTRY(mr) {VQ(tile_##mr##x1), VQ(tile_##mr##x2)}
VQ_TILE(1) VQ_TILE(2) VQ_TILE(3) VQ_TILE(4)
#if VQ_ROWS > 4
VQ_TILE(5) VQ_TILE(6)
#endif
#if VQ_ROWS > 6
VQ_TILE(7) VQ_TILE(8)
#endif
#if VQ_ROWS > 8
VQ_TILE(9) VQ_TILE(10) VQ_TILE(11) VQ_TILE(12) VQ_TILE(13) VQ_TILE(14)
#endif
