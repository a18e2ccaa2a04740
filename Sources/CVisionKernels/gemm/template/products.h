// The micro-kernel of GEMM for rows that are evenly spaced, times a packed panel: the products of Winograd's algorithm at one point.

VN_INLINE void VN_ISA(products_body)(const int mr, const int nv, const vn_products *p) {
  const size_t nr = (size_t)nv * VN_LANES, pitch = p->pitch, y_pitch = p->y_pitch;
  const float *row = p->rows, *panel = p->panel;
  float *y = p->y;
  vn_ahead ahead = p->ahead;
  bool first = true;
  for (size_t left = p->depth; left > 0;) {
    const size_t count = left < p->block ? left : p->block;
    vf acc[VN_ROWS][2];
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) acc[i][j] = (vf)0.0f;
    for (size_t k = 0; k < count; k++) {
      vf b[2];
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) b[j] = vload(panel + j * VN_LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++) {
        const vf a = (vf)row[(size_t)i * pitch + k];
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) acc[i][j] = vfma(a, b[j], acc[i][j]);
      }
      panel += nr;
      __builtin_prefetch(ahead.weights, 0, 2);
      __builtin_prefetch(ahead.weights + 64, 0, 2);
      ahead.weights += ahead.weights_step;
      __builtin_prefetch(ahead.pixels, 0, 2);
      ahead.pixels += ahead.pixels_step;
    }
    row += count;
    left -= count;
    if (first) {
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) vstore(y + (size_t)i * y_pitch + j * VN_LANES, acc[i][j]);
    } else {
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) {
          float *sum = y + (size_t)i * y_pitch + j * VN_LANES;
          vstore(sum, vload(sum) + acc[i][j]);
        }
    }
    first = false;
  }
}

#undef VN_PRODUCTS
#define VN_PRODUCTS(mr)                                                            \
  VN_ALIGNED static void VN_ISA(products_##mr##x1)(const vn_products *p) {         \
    VN_ISA(products_body)(mr, 1, p);                                               \
  }                                                                                \
  VN_ALIGNED static void VN_ISA(products_##mr##x2)(const vn_products *p) {         \
    VN_ISA(products_body)(mr, 2, p);                                               \
  }
#undef VN_PRODUCTS_ENTRY
#define VN_PRODUCTS_ENTRY(mr) {VN_ISA(products_##mr##x1), VN_ISA(products_##mr##x2)}

VN_PRODUCTS(1) VN_PRODUCTS(2) VN_PRODUCTS(3) VN_PRODUCTS(4) VN_PRODUCTS(5) VN_PRODUCTS(6)
#if VN_ROWS > 6
VN_PRODUCTS(7) VN_PRODUCTS(8) VN_PRODUCTS(9) VN_PRODUCTS(10) VN_PRODUCTS(11) VN_PRODUCTS(12) VN_PRODUCTS(13)
VN_PRODUCTS(14)
#endif
