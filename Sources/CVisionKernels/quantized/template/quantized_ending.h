// The end of a tile of a convolution of bytes: its sums are requantized and stored.

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
