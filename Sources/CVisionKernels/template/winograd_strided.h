// Transforms for convolutions of 3 × 3 and stride 2, see vn_winograd.h: F(4×4, 2×2) at the points ±1/2, ±5/4 and ∞, and F(2×2, 2×2)
// at ±1 and ∞, of even and odd rows and columns. All constants are exact. The order is that of `vn_winograd_strided_filters`.

/// Bᵀ d of the 2 · side + 1 pixels of one dimension.
VN_INLINE void VN_ISA(winograd_strided_in)(const int side, const vf *d, vf *t) {
  if (side == 2) {
    t[0] = d[2] + d[0];
    t[1] = d[3] + d[1];
    t[2] = d[2] - d[0];
    t[3] = d[3] - d[1];
    t[4] = d[4] - d[0];
    return;
  }
  const vf a = (vf)0.5f, b = (vf)1.25f, aa = (vf)0.25f, bb = (vf)1.5625f, sum = (vf)1.8125f, product = (vf)0.390625f;
#pragma clang loop unroll(full)
  for (int odd = 0; odd < 2; odd++) {
    vf high = vfma(-bb, d[odd + 2], d[odd + 6]), low = vfma(-bb, d[odd], d[odd + 4]);
    t[odd] = vfma(a, low, high);
    t[odd + 2] = vfma(-a, low, high);
    high = vfma(-aa, d[odd + 2], d[odd + 6]), low = vfma(-aa, d[odd], d[odd + 4]);
    t[odd + 4] = vfma(b, low, high);
    t[odd + 6] = vfma(-b, low, high);
  }
  t[8] = vfma(product, d[0], vfma(-sum, d[4], d[8]));
}

VN_INLINE void VN_ISA(winograd_strided_input)(const int side, const vn_winograd_input *in) {
  const int window = 2 * side + 1, points = side + 1;
  const size_t channels = in->channels, step = in->step;
  for (size_t at = 0; at < channels; at += VN_LANES) {
    vf half[9][9];
#pragma clang loop unroll(full)
    for (int j = 0; j < window; j++) {
      vf d[9], t[9];
#pragma clang loop unroll(full)
      for (int i = 0; i < window; i++) d[i] = vload(in->pixels[i * window + j] + at);
      VN_ISA(winograd_strided_in)(side, d, t);
#pragma clang loop unroll(full)
      for (int i = 0; i < window; i++) half[i][j] = t[i];
    }
    float *v = in->v + at;
#pragma clang loop unroll(full)
    for (int i = 0; i < window; i++) {
      vf t[9];
      VN_ISA(winograd_strided_in)(side, half[i], t);
#pragma clang loop unroll(full)
      for (int j = 0; j < window; j++) {
        // At ∞ there are even pixels only.
        const int place = i % 2 * (j < window - 1 ? 2 : 1) + j % 2;
        vstore(v + (size_t)(i / 2 * points + j / 2) * step + (size_t)place * channels, t[j]);
      }
    }
  }
}
VN_ALIGNED static void VN_ISA(winograd_strided_input_2)(const vn_winograd_input *in) { VN_ISA(winograd_strided_input)(2, in); }
VN_ALIGNED static void VN_ISA(winograd_strided_input_4)(const vn_winograd_input *in) { VN_ISA(winograd_strided_input)(4, in); }

VN_ALIGNED static void VN_ISA(winograd_strided_output_2)(const vn_winograd_output *out) { VN_ISA(winograd_output)(2, 2, out); }
VN_ALIGNED static void VN_ISA(winograd_strided_output_4)(const vn_winograd_output *out) { VN_ISA(winograd_output)(4, 2, out); }

/// G g of one dimension: taps 0 and 2 for even pixels, tap 1 for odd ones.
VN_INLINE void VN_ISA(winograd_strided_filter)(const int side, const double g[3], double *u) {
  const double points[2][4] = {{1, -1}, {0.5, -0.5, 1.25, -1.25}};
  const double *at = points[side / 4];
  for (int i = 0; i < side; i++) {
    double factor = 1;
    for (int j = 0; j < side; j++) factor *= j == i ? 1 : at[i] - at[j];
    u[2 * i] = (g[0] + at[i] * g[2]) / factor;
    u[2 * i + 1] = g[1] / factor;
  }
  u[2 * side] = g[2];
}

/// G g Gᵀ of as many filters as a vector has lanes, rounded once.
VN_INLINE void VN_ISA(winograd_strided_filters)(const int side, const vn_winograd_strided_filters *in) {
  const int window = 2 * side + 1;
  for (size_t o = 0; o < VN_LANES; o++) {
    double half[9][3] = {{0}}, u[9];
    if (o < in->count)
      for (int j = 0; j < 3; j++) {
        const float *g = in->g + (int64_t)o * in->g_step + j;
        const double column[3] = {(double)g[0], (double)g[3], (double)g[6]};
        VN_ISA(winograd_strided_filter)(side, column, u);
        for (int i = 0; i < window; i++) half[i][j] = u[i];
      }
    for (int i = 0; i < window; i++) {
      VN_ISA(winograd_strided_filter)(side, half[i], u);
      for (int j = 0; j < window; j++) in->u[i * window + j][o] = (float)u[j];
    }
  }
}
static void VN_ISA(winograd_strided_filters_2)(const vn_winograd_strided_filters *in) { VN_ISA(winograd_strided_filters)(2, in); }
static void VN_ISA(winograd_strided_filters_4)(const vn_winograd_strided_filters *in) { VN_ISA(winograd_strided_filters)(4, in); }
