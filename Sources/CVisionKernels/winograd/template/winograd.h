// Transforms of Winograd's F(4×4, 3×3) at the points 0, ±5/8, ±3/2 and ∞, and of F(2×2, 3×3), vectorized over channels. All
// constants are exact.

/// BᵀD of six vectors.
VN_INLINE void VN_ISA(winograd_in)(const vf *d, vf *t) {
  const vf a = (vf)0.625f, b = (vf)1.5f, aa = (vf)0.390625f, bb = (vf)2.25f;
  const vf sum = (vf)2.640625f, product = (vf)0.87890625f;
  vf even = vfma(-bb, d[2], d[4]), odd = vfma(-bb, d[1], d[3]);
  t[1] = vfma(a, odd, even);
  t[2] = vfma(-a, odd, even);
  even = vfma(-aa, d[2], d[4]), odd = vfma(-aa, d[1], d[3]);
  t[3] = vfma(b, odd, even);
  t[4] = vfma(-b, odd, even);
  t[0] = vfma(product, d[0], vfma(-sum, d[2], d[4]));
  t[5] = vfma(product, d[1], vfma(-sum, d[3], d[5]));
}

/// AᵀM of six vectors.
VN_INLINE void VN_ISA(winograd_out)(const vf *m, vf *y) {
  const vf a = (vf)0.625f, b = (vf)1.5f, aa = (vf)0.390625f, bb = (vf)2.25f;
  const vf aaa = (vf)0.244140625f, bbb = (vf)3.375f;
  vf even1 = m[1] + m[2], odd1 = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4];
  y[0] = m[0] + even1 + even2;
  y[1] = vfma(a, odd1, b * odd2);
  y[2] = vfma(aa, even1, bb * even2);
  y[3] = vfma(aaa, odd1, vfma(bbb, odd2, m[5]));
}

/// BᵀD and AᵀM of F(2×2, 3×3), at the points 0, ±1 and ∞.
VN_INLINE void VN_ISA(winograd_in_2)(const vf *d, vf *t) {
  t[0] = d[0] - d[2];
  t[1] = d[1] + d[2];
  t[2] = d[2] - d[1];
  t[3] = d[1] - d[3];
}
VN_INLINE void VN_ISA(winograd_out_2)(const vf *m, vf *y) {
  y[0] = m[0] + m[1] + m[2];
  y[1] = m[1] - m[2] - m[3];
}

/// AᵀM of F(4×4, 2×2), at the points ±1/2, ±5/4 and ∞, and of F(2×2, 2×2), at ±1 and ∞.
VN_INLINE void VN_ISA(winograd_strided_out)(const int side, const vf *m, vf *y) {
  if (side == 2) {
    y[0] = m[0] + m[1];
    y[1] = m[0] - m[1] + m[2];
    return;
  }
  const vf a = (vf)0.5f, b = (vf)1.25f, aa = (vf)0.25f, bb = (vf)1.5625f, aaa = (vf)0.125f, bbb = (vf)1.953125f;
  vf even1 = m[0] + m[1], odd1 = m[0] - m[1], even2 = m[2] + m[3], odd2 = m[2] - m[3];
  y[0] = even1 + even2;
  y[1] = vfma(a, odd1, b * odd2);
  y[2] = vfma(aa, even1, bb * even2);
  y[3] = vfma(aaa, odd1, vfma(bbb, odd2, m[4]));
}

/// AᵀM of F(4×4, 4×4), at the points ±3/8, ±7/8, ±7/4 and ∞.
VN_INLINE void VN_ISA(winograd_image_out)(const vf *m, vf *y) {
  const vf a = (vf)0.375f, b = (vf)0.875f, c = (vf)1.75f, aa = (vf)0.140625f, bb = (vf)0.765625f, cc = (vf)3.0625f;
  const vf aaa = (vf)0.052734375f, bbb = (vf)0.669921875f, ccc = (vf)5.359375f;
  const vf even1 = m[0] + m[1], odd1 = m[0] - m[1], even2 = m[2] + m[3], odd2 = m[2] - m[3];
  const vf even3 = m[4] + m[5], odd3 = m[4] - m[5];
  y[0] = even1 + even2 + even3;
  y[1] = vfma(a, odd1, vfma(b, odd2, c * odd3));
  y[2] = vfma(aa, even1, vfma(bb, even2, cc * even3));
  y[3] = vfma(aaa, odd1, vfma(bbb, odd2, vfma(ccc, odd3, m[6])));
}

VN_INLINE void VN_ISA(winograd_input_some)(const int window, const vn_winograd_input *in, size_t at, size_t lanes) {
  vf half[6][6];
#pragma clang loop unroll(full)
  for (int j = 0; j < window; j++) {
    vf d[6], t[6];
#pragma clang loop unroll(full)
    for (int i = 0; i < window; i++) d[i] = vload_some(in->pixels[i * window + j] + at, lanes);
    if (window == 6) VN_ISA(winograd_in)(d, t);
    else VN_ISA(winograd_in_2)(d, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < window; i++) half[i][j] = t[i];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < window; i++) {
    vf t[6];
    if (window == 6) VN_ISA(winograd_in)(half[i], t);
    else VN_ISA(winograd_in_2)(half[i], t);
#pragma clang loop unroll(full)
    for (int j = 0; j < window; j++) vstore(in->v + (size_t)(i * window + j) * in->step + at, t[j]);
  }
}

VN_INLINE void VN_ISA(winograd_input)(const int window, const vn_winograd_input *in) {
  size_t at = 0;
  for (; at + VN_LANES <= in->channels; at += VN_LANES) VN_ISA(winograd_input_some)(window, in, at, VN_LANES);
  if (at < in->channels) VN_ISA(winograd_input_some)(window, in, at, in->channels - at);
}
VN_ALIGNED static void VN_ISA(winograd_input_2)(const vn_winograd_input *in) { VN_ISA(winograd_input)(4, in); }
VN_ALIGNED static void VN_ISA(winograd_input_4)(const vn_winograd_input *in) { VN_ISA(winograd_input)(6, in); }

/// AᵀM of F(side, taps).
VN_INLINE void VN_ISA(winograd_out_of)(const int side, const int taps, const vf *m, vf *y) {
  if (taps == 3 && side == 4) VN_ISA(winograd_out)(m, y);
  else if (taps == 3) VN_ISA(winograd_out_2)(m, y);
  else if (taps == 2) VN_ISA(winograd_strided_out)(side, m, y);
  else VN_ISA(winograd_image_out)(m, y);
}

/// Adds the bias and the residual to row i of a tile's outputs, and stores them.
VN_INLINE void VN_ISA(winograd_store_row)(const vn_winograd_output *out, int i, int columns, const vf *t, vf bias, size_t at,
                                          size_t lanes) {
  const vf low = (vf)out->low, high = (vf)out->high;
  float *y = out->y + i * out->y_row + (int64_t)at;
  const float *residual = out->residual ? out->residual + i * out->r_row + (int64_t)at : NULL;
  for (int j = 0; j < columns; j++) {
    vf value = t[j] + bias;
    if (residual) value = value + vload_some(residual + j * out->r_pixel, lanes);
    vstore_some(y + j * out->y_pixel, vmin(high, vmax(low, value)), lanes);
  }
}

/// One vector of channels; `whole` if the tile does not cross the edge and all lanes are used.
VN_INLINE void VN_ISA(winograd_output_some)(const int side, const int taps, const bool whole, const vn_winograd_output *out,
                                            size_t at, size_t lanes) {
  const int window = side + taps - 1;
  vf half[4][7];
#pragma clang loop unroll(full)
  for (int j = 0; j < window; j++) {
    vf m[7], t[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < window; i++) m[i] = vload(out->m + (size_t)(i * window + j) * out->step + at);
    VN_ISA(winograd_out_of)(side, taps, m, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < side; i++) half[i][j] = t[i];
  }
  const vf bias = out->bias ? vload_some(out->bias + at, lanes) : (vf)0.0f;
  const int rows = whole ? side : out->rows, columns = whole ? side : out->columns;
  for (int i = 0; i < rows; i++) {
    vf t[4];
    VN_ISA(winograd_out_of)(side, taps, half[i], t);
    VN_ISA(winograd_store_row)(out, i, columns, t, bias, at, lanes);
  }
}

VN_INLINE void VN_ISA(winograd_output)(const int side, const int taps, const vn_winograd_output *out) {
  const bool inside = out->rows == side && out->columns == side;
  for (size_t at = 0; at < out->width; at += VN_LANES) {
    const size_t left = out->width - at;
    if (inside && left >= VN_LANES) VN_ISA(winograd_output_some)(side, taps, true, out, at, VN_LANES);
    else VN_ISA(winograd_output_some)(side, taps, false, out, at, left < VN_LANES ? left : VN_LANES);
  }
}
VN_ALIGNED static void VN_ISA(winograd_output_2)(const vn_winograd_output *out) { VN_ISA(winograd_output)(2, 3, out); }
VN_ALIGNED static void VN_ISA(winograd_output_4)(const vn_winograd_output *out) { VN_ISA(winograd_output)(4, 3, out); }

/// G g Gᵀ of as many filters as a vector has lanes, in double precision and rounded once.
static void VN_ISA(winograd_filters_4)(const vn_winograd_filters *in) {
  enum { lanes = VN_LANES };
  const double a = 0.625, b = 1.5, aa = a * a, bb = b * b;
  const double near = 1 / (2 * aa * (aa - bb)), far = 1 / (2 * bb * (bb - aa)), middle = 1 / (aa * bb);
  double g[3][3][lanes], half[6][3][lanes];
  memset(g, 0, sizeof g);
  for (size_t o = 0; o < in->count; o++)
    for (int t = 0; t < 9; t++) g[t / 3][t % 3][o] = (double)in->g[(int64_t)o * in->g_step + t];
  for (int j = 0; j < 3; j++)
    for (int o = 0; o < lanes; o++) {
      const double outer = g[0][j][o] + aa * g[2][j][o], outer2 = g[0][j][o] + bb * g[2][j][o];
      half[0][j][o] = middle * g[0][j][o];
      half[1][j][o] = near * (outer + a * g[1][j][o]);
      half[2][j][o] = near * (outer - a * g[1][j][o]);
      half[3][j][o] = far * (outer2 + b * g[1][j][o]);
      half[4][j][o] = far * (outer2 - b * g[1][j][o]);
      half[5][j][o] = g[2][j][o];
    }
  for (int i = 0; i < 6; i++) {
    float *u = in->u + (size_t)(i * 6) * in->step;
    for (int o = 0; o < lanes; o++) {
      const double outer = half[i][0][o] + aa * half[i][2][o], outer2 = half[i][0][o] + bb * half[i][2][o];
      u[o] = (float)(middle * half[i][0][o]);
      u[in->step + o] = (float)(near * (outer + a * half[i][1][o]));
      u[2 * in->step + o] = (float)(near * (outer - a * half[i][1][o]));
      u[3 * in->step + o] = (float)(far * (outer2 + b * half[i][1][o]));
      u[4 * in->step + o] = (float)(far * (outer2 - b * half[i][1][o]));
      u[5 * in->step + o] = (float)half[i][2][o];
    }
  }
}

/// The same for F(2×2, 3×3).
static void VN_ISA(winograd_filters_2)(const vn_winograd_filters *in) {
  for (size_t o = 0; o < VN_LANES; o++) {
    const float *g = in->g + (int64_t)o * in->g_step;
    double half[4][3] = {{0}};
    if (o < in->count)
      for (int j = 0; j < 3; j++) {
        const double outer = (double)g[j] + (double)g[6 + j], middle = (double)g[3 + j];
        half[0][j] = (double)g[j];
        half[1][j] = 0.5 * (outer + middle);
        half[2][j] = 0.5 * (outer - middle);
        half[3][j] = (double)g[6 + j];
      }
    for (int i = 0; i < 4; i++) {
      float *u = in->u + (size_t)(i * 4) * in->step + o;
      const double outer = half[i][0] + half[i][2];
      u[0] = (float)half[i][0];
      u[in->step] = (float)(0.5 * (outer + half[i][1]));
      u[2 * in->step] = (float)(0.5 * (outer - half[i][1]));
      u[3 * in->step] = (float)half[i][2];
    }
  }
}
