// Rows of weights times one input each, added to sums that stay in the nearest cache.

VN_INLINE void VN_ISA(dense_rows_of)(const int count, const bool first, const vn_dense_rows *r) {
  enum { line = 16, vectors = line / VN_LANES };
  for (size_t at = 0; at < r->columns; at += line) {
    vf sums[vectors];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sums[v] = first ? (vf)0.0f : vload(r->y + at + v * VN_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < count; i++) {
      const vf x = (vf)r->x[i];
      __builtin_prefetch(r->ahead[i] + at * sizeof(float), 0, 2);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[v] = vfma(x, vload(r->w[i] + at + v * VN_LANES), sums[v]);
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) vstore(r->y + at + v * VN_LANES, sums[v]);
  }
}

VN_ALIGNED static void VN_ISA(dense_rows)(const vn_dense_rows *rows) {
  const vn_dense_rows r = *rows;
  switch (r.count) {
#undef VN_DENSE_CASE
#define VN_DENSE_CASE(n)                                   \
  case n:                                                  \
    if (r.first) VN_ISA(dense_rows_of)(n, true, &r);       \
    else VN_ISA(dense_rows_of)(n, false, &r);              \
    return;
    VN_DENSE_CASE(1)
    VN_DENSE_CASE(2)
    VN_DENSE_CASE(3)
    VN_DENSE_CASE(4)
    VN_DENSE_CASE(5)
    VN_DENSE_CASE(6)
    VN_DENSE_CASE(7)
    default:
      if (r.first) VN_ISA(dense_rows_of)(VN_DENSE_ROWS, true, &r);
      else VN_ISA(dense_rows_of)(VN_DENSE_ROWS, false, &r);
  }
}
