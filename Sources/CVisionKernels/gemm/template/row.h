// One row times several panels at once. A tile of a single row has too few sums to keep the multipliers busy: each waits for the
// product before. Every sum is formed as in a tile (tile.h), so that results do not depend on how rows are cut.

VN_INLINE void VN_ISA(row_panels)(const int count, const vn_row *row, size_t panel) {
  enum { most = 8 };
  const size_t nr = 2 * VN_LANES, size = row->depth * nr;
  const float *p = row->panels + panel * size;
  vf sums[most];
#pragma clang loop unroll(full)
  for (int j = 0; j < 2 * count; j++) sums[j] = (vf)0.0f;
  for (size_t k = 0; k < row->depth; k++, p += nr) {
    const vf x = (vf)row->x[k];
#pragma clang loop unroll(full)
    for (int j = 0; j < 2 * count; j++)
      sums[j] = vfma(x, vload(p + (size_t)(j / 2) * size + (size_t)(j % 2) * VN_LANES), sums[j]);
  }
  const vf low = (vf)row->low, high = (vf)row->high;
#pragma clang loop unroll(full)
  for (int j = 0; j < 2 * count; j++) {
    const size_t column = panel * nr + (size_t)j * VN_LANES;
    vf y = sums[j] + (row->bias ? vload(row->bias + column) : (vf)0.0f);
    if (row->residual) y = y + vload(row->residual + column);
    vstore(row->y + column, vmin(high, vmax(low, y)));
  }
}

VN_ALIGNED static void VN_ISA(row)(const vn_row *row) {
  size_t panel = 0;
  for (; panel + 4 <= row->count; panel += 4) VN_ISA(row_panels)(4, row, panel);
  for (; panel + 2 <= row->count; panel += 2) VN_ISA(row_panels)(2, row, panel);
  if (panel < row->count) VN_ISA(row_panels)(1, row, panel);
}
