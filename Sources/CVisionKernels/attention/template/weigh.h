// The softmax of attention, without its division, and the packing of operands.

/// eˣ for x ≤ 0; 0 below −87.
VN_INLINE vf VN_ISA(exp_below)(vf x) {
  vf shifted, p = vexpm1_reduced(vreduce_exp(vmax((vf)-87.0f, x), &shifted)) + (vf)1.0f;
  return x < (vf)-87.0f ? (vf)0.0f : p * vfloat((vbits(shifted) << 23) + (vi)(127 << 23));
}

/// Some scores of a row, scaled and with what is added to them.
VN_INLINE vf VN_ISA(score)(vf scale, vf same, const float *a, const float *b, const float *x, size_t lanes) {
  vf score = vfma(vload_some(x, lanes), scale, same);
  if (a) score += vload_some(a, lanes);
  return b ? score + vload_some(b, lanes) : score;
}

VN_INLINE float VN_ISA(weigh_body)(size_t count, float scale, float same, const float *a, const float *b, float *x) {
  static const float ones[VN_LANES] = {1, 1, 1, 1
#if VN_LANES >= 8
                                       , 1, 1, 1, 1
#endif
#if VN_LANES == 16
                                       , 1, 1, 1, 1, 1, 1, 1, 1
#endif
  };
  const vf s = (vf)scale, t = (vf)same;
  const size_t whole = count / VN_LANES * VN_LANES, rest = count - whole;
  vf top = (vf)-INFINITY, sum = (vf)0.0f;
  for (size_t i = 0; i < whole; i += VN_LANES) {
    const vf score = VN_ISA(score)(s, t, a ? a + i : NULL, b ? b + i : NULL, x + i, VN_LANES);
    vstore(x + i, score);
    top = vmax(top, score);
  }
  vf last = (vf)-INFINITY;
  if (rest) {
    last = VN_ISA(score)(s, t, a ? a + whole : NULL, b ? b + whole : NULL, x + whole, rest);
    last = vload_part(ones, rest) > (vf)0.0f ? last : (vf)-INFINITY;
    top = vmax(top, last);
  }
  top = vmax_all(top);
  for (size_t i = 0; i < whole; i += VN_LANES) {
    const vf e = VN_ISA(exp_below)(vload(x + i) - top);
    vstore(x + i, e);
    sum += e;
  }
  if (rest) {
    const vf e = VN_ISA(exp_below)(last - top);
    vstore_part(x + whole, e, rest);
    sum += vload_part(ones, rest) > (vf)0.0f ? e : (vf)0.0f;
  }
  return vsum(sum);
}

static float VN_ISA(weigh)(size_t count, float scale, float same, const float *a, const float *b, float *x) {
  if (!a && !b) return VN_ISA(weigh_body)(count, scale, same, NULL, NULL, x);
  if (a && !b) return VN_ISA(weigh_body)(count, scale, same, a, NULL, x);
  if (!a) return VN_ISA(weigh_body)(count, scale, same, b, NULL, x);
  return VN_ISA(weigh_body)(count, scale, same, a, b, x);
}

VN_INLINE void VN_ISA(pack_rows_body)(const bool two, size_t rows, size_t width, const float *x, int64_t x_row, float *y) {
  const size_t last = two ? width - VN_LANES : width;
  for (size_t i = 0; i < rows; i++, x += x_row) {
    if (two) {
      vstore(y, vload(x));
      vstore(y + VN_LANES, vload_some(x + VN_LANES, last));
      y += 2 * VN_LANES;
    } else {
      vstore(y, vload_some(x, last));
      y += VN_LANES;
    }
  }
}

static void VN_ISA(pack_rows)(size_t rows, size_t width, size_t columns, const float *x, int64_t x_row, float *y) {
  if (columns > VN_LANES) VN_ISA(pack_rows_body)(true, rows, width, x, x_row, y);
  else VN_ISA(pack_rows_body)(false, rows, width, x, x_row, y);
}
