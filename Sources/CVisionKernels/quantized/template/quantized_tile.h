// The micro-kernel of convolutions of bytes: MR rows, read through pointers, times a packed panel.

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
