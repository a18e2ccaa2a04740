// Tiles of products of bfloat16, and making those; the table of these functions.

#define VN_BTILE(mr)                                                                                         \
  static void VN_ISA(btile_##mr##x1)(const vn_tile *tile) { VN_ISA(tile_body)(mr, 1, true, tile); }           \
  static void VN_ISA(btile_##mr##x2)(const vn_tile *tile) { VN_ISA(tile_body)(mr, 2, true, tile); }
#define VN_BTILE_ENTRY(mr) {VN_ISA(btile_##mr##x1), VN_ISA(btile_##mr##x2)}

VN_BTILE(1) VN_BTILE(2) VN_BTILE(3) VN_BTILE(4) VN_BTILE(5) VN_BTILE(6)
#if VN_ROWS > 6
VN_BTILE(7) VN_BTILE(8) VN_BTILE(9) VN_BTILE(10) VN_BTILE(11) VN_BTILE(12) VN_BTILE(13) VN_BTILE(14)
#endif

static void VN_ISA(round_to_pairs)(size_t count, const float *x, uint16_t *y) {
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES) *(vh_memory *)(y + i) = VN_ISA(rounded_pairs)(vload(x + i));
  if (i == count) return;
  const vh last = VN_ISA(rounded_pairs)(vload_part(x + i, count - i));
  memcpy(y + i, &last, (count - i) * sizeof *y);
}

const vn_bkernels VN_ISA(vn_bkernels) = {
    .tile =
        {
            VN_BTILE_ENTRY(1), VN_BTILE_ENTRY(2), VN_BTILE_ENTRY(3), VN_BTILE_ENTRY(4), VN_BTILE_ENTRY(5),
            VN_BTILE_ENTRY(6),
#if VN_ROWS > 6
            VN_BTILE_ENTRY(7), VN_BTILE_ENTRY(8), VN_BTILE_ENTRY(9), VN_BTILE_ENTRY(10), VN_BTILE_ENTRY(11),
            VN_BTILE_ENTRY(12), VN_BTILE_ENTRY(13), VN_BTILE_ENTRY(14),
#endif
        },
    .round = VN_ISA(round_to_pairs),
};
