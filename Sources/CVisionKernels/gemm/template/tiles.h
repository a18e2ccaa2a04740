// Tiles of float32 products, and the measurement of the peak rate they are compared to.

#undef VN_TILE_OF
#if VN_HALVES
#define VN_TILE_OF(mr, nv)                                                                              \
  VN_ALIGNED static void VN_ISA(tile_##mr##x##nv)(const vn_tile *tile) {                                           \
    if (tile->width <= (2 * nv - 1) * VN_LANES / 2) VN_ISA(tile_body)(mr, nv, true, false, false, tile); \
    else VN_ISA(tile_body)(mr, nv, false, false, false, tile);                                          \
  }
#else
#define VN_TILE_OF(mr, nv)                                                                              \
  VN_ALIGNED static void VN_ISA(tile_##mr##x##nv)(const vn_tile *tile) { VN_ISA(tile_body)(mr, nv, false, false, false, tile); }
#endif
#undef VN_TILE
#define VN_TILE(mr) VN_TILE_OF(mr, 1) VN_TILE_OF(mr, 2)
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
