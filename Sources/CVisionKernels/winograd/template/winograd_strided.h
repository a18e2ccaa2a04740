// Transforms for convolutions of stride 2, see vn_winograd.h, over even and odd rows and columns: for 3 × 3, F(4×4, 2×2) at the
// points ±1/2, ±5/4 and ∞, and F(2×2, 2×2) at ±1 and ∞; for 7 × 7, F(4×4, 4×4). All constants are exact. The order of results is
// that of `vn_winograd_strided_filters`.

/// Bᵀ d of the 2 · side + 1 pixels in one dimension.
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
        // At ∞ there are only even pixels.
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

// MARK: 7 × 7 on the three channels of images: F(4×4, 4×4) at the points ±3/8, ±7/8, ±7/4 and ∞

typedef float VN_ISA(vp) __attribute__((ext_vector_type(4)));
typedef float VN_ISA(vp_memory) __attribute__((ext_vector_type(4), aligned(4), may_alias));

VN_INLINE VN_ISA(vp) VN_ISA(vpfma)(VN_ISA(vp) a, VN_ISA(vp) b, VN_ISA(vp) c) {
#if VN_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// Loads a pixel without reading past its three channels.
VN_INLINE VN_ISA(vp) VN_ISA(vpload)(const float *p) {
  typedef float pair __attribute__((ext_vector_type(2)));
  pair two;
  memcpy(&two, p, sizeof two);
  return (VN_ISA(vp)){two.x, two.y, p[2], 0};
}

/// Bᵀ d of the 13 pixels in one dimension.
VN_INLINE void VN_ISA(winograd_image_in)(const VN_ISA(vp) *d, VN_ISA(vp) *t) {
  typedef VN_ISA(vp) v;
  const float roots[3] = {0.375f, 0.875f, 1.75f}, squares[3] = {0.140625f, 0.765625f, 3.0625f};
#pragma clang loop unroll(full)
  for (int odd = 0; odd < 2; odd++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
      // Coefficients of the polynomial whose roots are all finite points except this one.
      const float p = squares[(i + 1) % 3], q = squares[(i + 2) % 3];
      const v sum = (v)(-(p + q)), product = (v)(p * q), root = (v)roots[i];
      const v high = VN_ISA(vpfma)(product, d[odd + 2], VN_ISA(vpfma)(sum, d[odd + 6], d[odd + 10]));
      const v low = VN_ISA(vpfma)(product, d[odd], VN_ISA(vpfma)(sum, d[odd + 4], d[odd + 8]));
      t[4 * i + odd] = VN_ISA(vpfma)(root, low, high);
      t[4 * i + 2 + odd] = VN_ISA(vpfma)(-root, low, high);
    }
  const v sum = (v)-3.96875f, pairs = (v)2.883056640625f, product = (v)-0.3297271728515625f;
  t[12] = VN_ISA(vpfma)(product, d[0], VN_ISA(vpfma)(pairs, d[4], VN_ISA(vpfma)(sum, d[8], d[12])));
}

VN_ALIGNED static void VN_ISA(winograd_image_input)(const vn_winograd_input *in) {
  enum { window = 13, points = 7, channels = 3 };
  VN_ISA(vp) half[window][window];
  for (int j = 0; j < window; j++) {
    VN_ISA(vp) d[window], t[window];
#pragma clang loop unroll(full)
    for (int i = 0; i < window; i++) d[i] = VN_ISA(vpload)(in->pixels[i * window + j]);
    VN_ISA(winograd_image_in)(d, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < window; i++) half[i][j] = t[i];
  }
  float *const v = in->v;
  const size_t step = in->step;
  for (int i = 0; i < window; i++) {
    VN_ISA(vp) t[window];
    VN_ISA(winograd_image_in)(half[i], t);
    float *row = v + (size_t)(i / 2 * points) * step;
#pragma clang loop unroll(full)
    for (int j = 0; j < window; j++) {
      const int place = i % 2 * (j < window - 1 ? 2 : 1) + j % 2;
      // The fourth lane is overwritten by the next store, or lies past the last pixel.
      *(VN_ISA(vp_memory) *)(row + (size_t)(j / 2) * step + place * channels) = t[j];
    }
  }
}

VN_ALIGNED static void VN_ISA(winograd_image_output)(const vn_winograd_output *out) { VN_ISA(winograd_output)(4, 4, out); }

// MARK: Filters

/// G g in one dimension: taps 0, 2, … for even pixels, 1, 3, … for odd ones.
VN_INLINE void VN_ISA(winograd_strided_filter)(const int side, const int kernel, const double *g, double *u) {
  const double points[3][6] = {{1, -1}, {0.5, -0.5, 1.25, -1.25}, {0.375, -0.375, 0.875, -0.875, 1.75, -1.75}};
  const double *at = points[kernel == 7 ? 2 : side / 4];
  const int finite = side + (kernel + 1) / 2 - 2;
  for (int i = 0; i < finite; i++) {
    double factor = 1, even = 0, odd = 0;
    for (int j = 0; j < finite; j++) factor *= j == i ? 1 : at[i] - at[j];
    for (int t = kernel - 1; t >= 0; t -= 2) even = even * at[i] + g[t];
    for (int t = kernel - 2; t >= 0; t -= 2) odd = odd * at[i] + g[t];
    u[2 * i] = even / factor;
    u[2 * i + 1] = odd / factor;
  }
  u[2 * finite] = g[kernel - 1];
}

/// G g Gᵀ of as many filters as a vector has lanes, in double precision and rounded once.
VN_INLINE void VN_ISA(winograd_strided_filters)(const int side, const int kernel, const vn_winograd_strided_filters *in) {
  const int window = 2 * (side + (kernel + 1) / 2 - 1) - 1;
  for (size_t o = 0; o < VN_LANES; o++) {
    double half[13][7] = {{0}}, u[13];
    if (o < in->count)
      for (int j = 0; j < kernel; j++) {
        const float *g = in->g + (int64_t)o * in->g_step + j;
        double column[7];
        for (int i = 0; i < kernel; i++) column[i] = (double)g[i * kernel];
        VN_ISA(winograd_strided_filter)(side, kernel, column, u);
        for (int i = 0; i < window; i++) half[i][j] = u[i];
      }
    for (int i = 0; i < window; i++) {
      VN_ISA(winograd_strided_filter)(side, kernel, half[i], u);
      for (int j = 0; j < window; j++) in->u[i * window + j][o] = (float)u[j];
    }
  }
}
static void VN_ISA(winograd_strided_filters_2)(const vn_winograd_strided_filters *in) {
  VN_ISA(winograd_strided_filters)(2, 3, in);
}
static void VN_ISA(winograd_strided_filters_4)(const vn_winograd_strided_filters *in) {
  VN_ISA(winograd_strided_filters)(4, 3, in);
}
static void VN_ISA(winograd_image_filters)(const vn_winograd_strided_filters *in) {
  VN_ISA(winograd_strided_filters)(4, 7, in);
}
