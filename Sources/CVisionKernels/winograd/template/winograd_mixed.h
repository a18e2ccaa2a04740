// Transforms of tiles whose sides differ, see `vn_winograd_tiles`, vectorized over channels. All constants are exact. `family` is
// the side of full tiles: 6 for F(6×6, 3×3) at the points 0, ±9/16, ±2, ∞ and ±1, in this order, of which sides of 4 lack ±1; or
// 4 for F(4×4, 3×3) at the points 0, ±5/8, ±3/2 and ∞, of which sides of 2 lack ±3/2. All tiles share the filters of full tiles.
// These contain, in the denominator, factors of the points that a shorter side lacks, so a shorter side's pixels are multiplied
// by these factors.

/// The index, among the family's points, of a side's point `i`.
VN_INLINE int VN_ISA(winograd_place)(const int family, const int side, const int i) {
  return family == 4 && side == 2 && i == 3 ? 5 : i;
}

/// BᵀD of side + 2 vectors.
VN_INLINE void VN_ISA(winograd_mixed_in)(const int family, const int side, const vf *d, vf *t) {
  if (family == 4 && side == 4) {
    VN_ISA(winograd_in)(d, t);
    return;
  }
  if (family == 4) {
    const vf a = (vf)0.625f, aa = (vf)0.390625f, bb = (vf)2.25f, factor = (vf)-1.859375f;
    const vf even = factor * d[2], odd = factor * d[1];
    t[0] = bb * vfma(aa, d[0], -d[2]);
    t[1] = vfma(a, odd, even);
    t[2] = vfma(-a, odd, even);
    t[5] = vfma(-aa, d[1], d[3]);
    return;
  }
  const vf a = (vf)0.5625f, b = (vf)2.0f, aa = (vf)0.31640625f, bb = (vf)4.0f;
  const vf sum = (vf)4.31640625f, product = (vf)1.265625f;
  if (side == 4) {
    const vf near = (vf)-0.68359375f, far = (vf)3.0f;
    vf even = near * vfma(-bb, d[2], d[4]), odd = near * vfma(-bb, d[1], d[3]);
    t[1] = vfma(a, odd, even);
    t[2] = vfma(-a, odd, even);
    even = far * vfma(-aa, d[2], d[4]), odd = far * vfma(-aa, d[1], d[3]);
    t[3] = vfma(b, odd, even);
    t[4] = vfma(-b, odd, even);
    t[0] = vfma(-product, d[0], vfma(sum, d[2], -d[4]));
    t[5] = vfma(product, d[1], vfma(-sum, d[3], d[5]));
    return;
  }
  const vf aa1 = (vf)1.31640625f, bb1 = (vf)5.0f, sums = (vf)5.31640625f, pairs = (vf)5.58203125f;
  vf even = vfma(bb, d[2], vfma(-bb1, d[4], d[6])), odd = vfma(bb, d[1], vfma(-bb1, d[3], d[5]));
  t[1] = vfma(a, odd, even);
  t[2] = vfma(-a, odd, even);
  even = vfma(aa, d[2], vfma(-aa1, d[4], d[6])), odd = vfma(aa, d[1], vfma(-aa1, d[3], d[5]));
  t[3] = vfma(b, odd, even);
  t[4] = vfma(-b, odd, even);
  even = vfma(product, d[2], vfma(-sum, d[4], d[6])), odd = vfma(product, d[1], vfma(-sum, d[3], d[5]));
  t[6] = even + odd;
  t[7] = even - odd;
  t[0] = vfma(-product, d[0], vfma(pairs, d[2], vfma(-sums, d[4], d[6])));
  t[5] = vfma(-product, d[1], vfma(pairs, d[3], vfma(-sums, d[5], d[7])));
}

/// AᵀM of side + 2 vectors.
VN_INLINE void VN_ISA(winograd_mixed_out)(const int family, const int side, const vf *m, vf *y) {
  if (family == 4 && side == 4) {
    VN_ISA(winograd_out)(m, y);
    return;
  }
  if (family == 4) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = vfma((vf)0.625f, m[1] - m[2], m[5]);
    return;
  }
  const vf a = (vf)0.5625f, b = (vf)2.0f, aa = (vf)0.31640625f, bb = (vf)4.0f;
  const vf aaa = (vf)0.177978515625f, bbb = (vf)8.0f;
  const vf even1 = m[1] + m[2], odd1 = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4];
  if (side == 4) {
    y[0] = m[0] + even1 + even2;
    y[1] = vfma(a, odd1, b * odd2);
    y[2] = vfma(aa, even1, bb * even2);
    y[3] = vfma(aaa, odd1, vfma(bbb, odd2, m[5]));
    return;
  }
  const vf a4 = (vf)0.1001129150390625f, b4 = (vf)16.0f, a5 = (vf)0.056313514709472656f, b5 = (vf)32.0f;
  const vf even3 = m[6] + m[7], odd3 = m[6] - m[7];
  y[0] = m[0] + even1 + even2 + even3;
  y[1] = vfma(a, odd1, vfma(b, odd2, odd3));
  y[2] = vfma(aa, even1, vfma(bb, even2, even3));
  y[3] = vfma(aaa, odd1, vfma(bbb, odd2, odd3));
  y[4] = vfma(a4, even1, vfma(b4, even2, even3));
  y[5] = vfma(a5, odd1, vfma(b5, odd2, odd3 + m[5]));
}

VN_INLINE void VN_ISA(winograd_mixed_input_some)(const int family, const int height, const int width,
                                                 const vn_winograd_input *in, size_t at, size_t lanes) {
  const int points = family + 2, rows = height + 2, columns = width + 2;
  vf half[8][8];
#pragma clang loop unroll(full)
  for (int j = 0; j < columns; j++) {
    vf d[8], t[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) d[i] = vload_some(in->pixels[i * columns + j] + at, lanes);
    VN_ISA(winograd_mixed_in)(family, height, d, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) half[i][j] = t[VN_ISA(winograd_place)(family, height, i)];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    float *v = in->v + (size_t)(VN_ISA(winograd_place)(family, height, i) * points) * in->step + at;
    vf t[8];
    VN_ISA(winograd_mixed_in)(family, width, half[i], t);
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      const int place = VN_ISA(winograd_place)(family, width, j);
      vstore(v + (size_t)place * in->step, t[place]);
    }
  }
}

VN_INLINE void VN_ISA(winograd_mixed_input)(const int family, const int height, const int width, const vn_winograd_input *in) {
  size_t at = 0;
  for (; at + VN_LANES <= in->channels; at += VN_LANES)
    VN_ISA(winograd_mixed_input_some)(family, height, width, in, at, VN_LANES);
  if (at < in->channels) VN_ISA(winograd_mixed_input_some)(family, height, width, in, at, in->channels - at);
}

/// One vector of channels; `whole` if the tile does not cross the edge and all lanes are used. With `pools` the results are the
/// maxima of each 2 × 2 outputs, compared in the order of `vn_max_pool`, so that NaNs are the same.
VN_INLINE void VN_ISA(winograd_mixed_output_some)(const int family, const int height, const int width, const bool pools,
                                                  const bool whole, const vn_winograd_output *out, size_t at, size_t lanes) {
  const int points = family + 2;
  const vf low = (vf)out->low, high = (vf)out->high;
  vf half[6][8];
#pragma clang loop unroll(full)
  for (int j = 0; j < width + 2; j++) {
    const int column = VN_ISA(winograd_place)(family, width, j);
    vf m[8], t[6];
#pragma clang loop unroll(full)
    for (int i = 0; i < height + 2; i++) {
      const int place = VN_ISA(winograd_place)(family, height, i);
      m[place] = vload(out->m + (size_t)(place * points + column) * out->step + at);
    }
    VN_ISA(winograd_mixed_out)(family, height, m, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) half[i][column] = t[i];
  }
  const vf bias = out->bias ? vload_some(out->bias + at, lanes) : (vf)0.0f;
  const int rows = whole ? height : out->rows, columns = whole ? width : out->columns;
  for (int i = 0; pools && i + 1 < rows; i += 2) {
    vf t[6], below[6];
    VN_ISA(winograd_mixed_out)(family, width, half[i], t);
    VN_ISA(winograd_mixed_out)(family, width, half[i + 1], below);
    float *y = out->y + i / 2 * out->y_row + (int64_t)at;
    for (int j = 0; j + 1 < columns; j += 2) {
      const vf x = vmin(high, vmax(low, t[j] + bias)), right = vmin(high, vmax(low, t[j + 1] + bias));
      const vf under = vmin(high, vmax(low, below[j] + bias)), last = vmin(high, vmax(low, below[j + 1] + bias));
      vstore_some(y + j / 2 * out->y_pixel, vmax_nan(vmax_nan(vmax_nan(x, right), under), last), lanes);
    }
  }
  for (int i = 0; !pools && i < rows; i++) {
    vf t[6];
    VN_ISA(winograd_mixed_out)(family, width, half[i], t);
    VN_ISA(winograd_store_row)(out, i, columns, t, bias, at, lanes);
  }
}

VN_INLINE void VN_ISA(winograd_mixed_output)(const int family, const int height, const int width, const bool pools,
                                             const vn_winograd_output *out) {
  const bool inside = out->rows == height && out->columns == width;
  for (size_t at = 0; at < out->width; at += VN_LANES) {
    const size_t left = out->width - at;
    if (inside && left >= VN_LANES) VN_ISA(winograd_mixed_output_some)(family, height, width, pools, true, out, at, VN_LANES);
    else VN_ISA(winograd_mixed_output_some)(family, height, width, pools, false, out, at, left < VN_LANES ? left : VN_LANES);
  }
}

#undef VN_WINOGRAD_MIXED
#define VN_WINOGRAD_MIXED(family, height, width)                                                                 \
  VN_ALIGNED static void VN_ISA(winograd_mixed_input_##family##height##width)(const vn_winograd_input *in) {     \
    VN_ISA(winograd_mixed_input)(family, height, width, in);                                                     \
  }                                                                                                              \
  VN_ALIGNED static void VN_ISA(winograd_mixed_output_##family##height##width)(const vn_winograd_output *out) {  \
    VN_ISA(winograd_mixed_output)(family, height, width, false, out);                                            \
  }                                                                                                              \
  VN_ALIGNED static void VN_ISA(winograd_pooled_##family##height##width)(const vn_winograd_output *out) {        \
    VN_ISA(winograd_mixed_output)(family, height, width, true, out);                                             \
  }
VN_WINOGRAD_MIXED(6, 6, 6)
VN_WINOGRAD_MIXED(6, 6, 4)
VN_WINOGRAD_MIXED(6, 4, 6)
VN_WINOGRAD_MIXED(6, 4, 4)
VN_WINOGRAD_MIXED(4, 4, 2)
VN_WINOGRAD_MIXED(4, 2, 4)
VN_WINOGRAD_MIXED(4, 2, 2)

VN_ALIGNED static void VN_ISA(winograd_pooled_444)(const vn_winograd_output *out) {
  VN_ISA(winograd_mixed_output)(4, 4, 4, true, out);
}

/// G g of F(6×6, 3×3) in one dimension, of as many filters as a vector has lanes.
VN_INLINE void VN_ISA(winograd_large_filter)(const double g[3][VN_LANES], double u[8][VN_LANES]) {
  const double points[3] = {0.5625, 2, 1}, aa = 0.31640625, bb = 4, cc = 1;
  const double factors[3] = {1 / (2 * aa * (aa - bb) * (aa - cc)), 1 / (2 * bb * (bb - aa) * (bb - cc)),
                             1 / (2 * cc * (cc - aa) * (cc - bb))};
  const int places[3] = {1, 3, 6};
  for (int o = 0; o < VN_LANES; o++) {
    u[0][o] = g[0][o] / -(aa * bb * cc);
    u[5][o] = g[2][o];
  }
  for (int i = 0; i < 3; i++)
    for (int o = 0; o < VN_LANES; o++) {
      const double even = g[0][o] + points[i] * points[i] * g[2][o], odd = points[i] * g[1][o];
      u[places[i]][o] = factors[i] * (even + odd);
      u[places[i] + 1][o] = factors[i] * (even - odd);
    }
}

/// G g Gᵀ of as many filters as a vector has lanes, in double precision and rounded once.
static void VN_ISA(winograd_filters_6)(const vn_winograd_filters *in) {
  double g[3][3][VN_LANES], half[3][8][VN_LANES];
  memset(g, 0, sizeof g);
  for (size_t o = 0; o < in->count; o++)
    for (int t = 0; t < 9; t++) g[t % 3][t / 3][o] = (double)in->g[(int64_t)o * in->g_step + t];
  for (int j = 0; j < 3; j++) VN_ISA(winograd_large_filter)(g[j], half[j]);
  for (int i = 0; i < 8; i++) {
    double row[3][VN_LANES], u[8][VN_LANES];
    for (int j = 0; j < 3; j++) memcpy(row[j], half[j][i], sizeof row[j]);
    VN_ISA(winograd_large_filter)(row, u);
    for (int j = 0; j < 8; j++)
      for (int o = 0; o < VN_LANES; o++) in->u[(size_t)(i * 8 + j) * in->step + (size_t)o] = (float)u[j][o];
  }
}
