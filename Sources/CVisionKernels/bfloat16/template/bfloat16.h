// bfloat16 convolutions: tiles, and the conversion of operands to the form that tiles read. Where there are instructions for
// bfloat16 products, that form is words of two bfloat16. Otherwise it is two floats for each pair, the second first, so that sums
// are formed in the same order.

#ifdef VN_BFLOAT16
enum { VN_ISA(pairs) = 1 };
#else
enum { VN_ISA(pairs) = 0 };
#endif

#define VN_BTILE(mr)                                                                                                   \
  VN_ALIGNED static void VN_ISA(btile_##mr##x1)(const vn_tile *tile) { VN_ISA(tile_body)(mr, 1, false, VN_ISA(pairs), true, tile); }      \
  VN_ALIGNED static void VN_ISA(btile_##mr##x2)(const vn_tile *tile) { VN_ISA(tile_body)(mr, 2, false, VN_ISA(pairs), true, tile); }
#define VN_BTILE_ENTRY(mr) {VN_ISA(btile_##mr##x1), VN_ISA(btile_##mr##x2)}

VN_BTILE(1) VN_BTILE(2) VN_BTILE(3) VN_BTILE(4) VN_BTILE(5) VN_BTILE(6)
#if VN_ROWS > 6
VN_BTILE(7) VN_BTILE(8) VN_BTILE(9) VN_BTILE(10) VN_BTILE(11) VN_BTILE(12) VN_BTILE(13) VN_BTILE(14)
#endif

static void VN_ISA(round_to_bf16)(size_t count, const float *x, uint16_t *y) {
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES) *(vh_memory *)(y + i) = VN_ISA(rounded_pairs)(vload(x + i));
  if (i == count) return;
  const vh last = VN_ISA(rounded_pairs)(vload_part(x + i, count - i));
  memcpy(y + i, &last, (count - i) * sizeof *y);
}

VN_INLINE void VN_ISA(maximum_some)(const int n, bool first, size_t taps, const uint16_t *const *x, size_t at, uint16_t *y) {
  vf most[4];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) most[j] = VN_ISA(widened)(*(const vh_memory *)((first ? x[0] + at : y) + j * VN_LANES));
  for (size_t t = first ? 1 : 0; t < taps; t++)
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++)
      most[j] = vmax_nan(VN_ISA(widened)(*(const vh_memory *)(x[t] + at + j * VN_LANES)), most[j]);
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) *(vh_memory *)(y + j * VN_LANES) = __builtin_convertvector((vu)most[j] >> 16, vh);
}

/// y = the largest of x[0], x[1], …, and y unless `first`; NaN if any is.
static void VN_ISA(maximum_of_bf16)(bool first, size_t taps, const uint16_t *const *x, size_t count, uint16_t *y) {
  size_t i = 0;
  for (; i + 4 * VN_LANES <= count; i += 4 * VN_LANES) VN_ISA(maximum_some)(4, first, taps, x, i, y + i);
  for (; i + VN_LANES <= count; i += VN_LANES) VN_ISA(maximum_some)(1, first, taps, x, i, y + i);
  for (; i < count; i++) {
    uint16_t most = first ? x[0][i] : y[i];
    for (size_t t = 0; t < taps; t++) {
      const uint32_t a = (uint32_t)x[t][i] << 16, b = (uint32_t)most << 16;
      float left, right;
      memcpy(&left, &a, sizeof left);
      memcpy(&right, &b, sizeof right);
      if (left != left || left > right) most = x[t][i];
    }
    y[i] = most;
  }
}

#ifdef VN_BFLOAT16
static void VN_ISA(operand_of_floats)(size_t count, const float *x, float *y) {
  VN_ISA(round_to_bf16)(count, x, (uint16_t *)y);
  if (count % 2 != 0) ((uint16_t *)y)[count] = 0;
}

/// Contiguous pixels of three floats, each to four bfloat16, the last of which is 0.
static void VN_ISA(operand_of_triples)(size_t pixels, const float *x, float *y) {
  enum { some = VN_LANES / 4 };
  for (size_t i = 0; i < pixels; i += some, x += 3 * some, y += 2 * some) {
    const size_t left = pixels - i < some ? pixels - i : some;
    const __m512 floats = _mm512_maskz_loadu_ps((__mmask16)((1u << 3 * left) - 1), x);
    const vh four = VN_ISA(rounded_pairs)((vf)_mm512_maskz_expand_ps(0x7777, floats));
    if (left == some) *(vh_memory *)y = four;
    else memcpy(y, &four, left * 4 * sizeof(uint16_t));
  }
}
#else
/// Exchanges the two elements of each pair.
VN_INLINE vf VN_ISA(exchanged)(vf x) {
#if VN_LANES == 16
  return __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
#elif VN_LANES == 8
  return __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
#else
  return __builtin_shufflevector(x, x, 1, 0, 3, 2);
#endif
}

static void VN_ISA(operand_of_floats)(size_t count, const float *x, float *y) {
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES)
    vstore(y + i, VN_ISA(exchanged)(VN_ISA(widened)(VN_ISA(rounded_pairs)(vload(x + i)))));
  if (i == count) return;
  const vf last = VN_ISA(exchanged)(VN_ISA(widened)(VN_ISA(rounded_pairs)(vload_part(x + i, count - i))));
  vstore_part(y + i, last, (count - i + 1) / 2 * 2);
}

static void VN_ISA(operand_of_bf16)(size_t count, const uint16_t *x, float *y) {
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES)
    vstore(y + i, VN_ISA(exchanged)(VN_ISA(widened)(*(const vh_memory *)(x + i))));
  for (; i < count; i++) {
    const uint32_t bits = (uint32_t)x[i] << 16;
    memcpy(y + (i ^ 1), &bits, sizeof bits);
  }
}
#endif

const vn_bkernels VN_ISA(vn_bkernels) = {
    .micro_kernels =
        {
            VN_BTILE_ENTRY(1), VN_BTILE_ENTRY(2), VN_BTILE_ENTRY(3), VN_BTILE_ENTRY(4), VN_BTILE_ENTRY(5),
            VN_BTILE_ENTRY(6),
#if VN_ROWS > 6
            VN_BTILE_ENTRY(7), VN_BTILE_ENTRY(8), VN_BTILE_ENTRY(9), VN_BTILE_ENTRY(10), VN_BTILE_ENTRY(11),
            VN_BTILE_ENTRY(12), VN_BTILE_ENTRY(13), VN_BTILE_ENTRY(14),
#endif
        },
    .round = VN_ISA(round_to_bf16),
    .operand_of_floats = VN_ISA(operand_of_floats),
    .maximum = VN_ISA(maximum_of_bf16),
#ifdef VN_BFLOAT16
    .has_pairs = true,
    .operand_of_triples = VN_ISA(operand_of_triples),
    .burn = VN_ISA(burn_pairs),
#else
    .operand_of_bf16 = VN_ISA(operand_of_bf16),
#endif
};
