// Transforms of Winograd's F(4×4, 3×3) in training: those of weights on each call, and the transposes for their gradients.

/// G of three vectors: the polynomial g0 + g1·p + g2·p² at the points, times their factors.
VN_INLINE void VN_ISA(winograd_weight)(const vf *g, vf *u) {
  const vf a = (vf)0.625f, b = (vf)1.5f, aa = (vf)0.390625f, bb = (vf)2.25f;
  const vf middle = (vf)(float)(1 / (0.390625 * 2.25)), near = (vf)(float)(1 / (2 * 0.390625 * (0.390625 - 2.25))),
           far = (vf)(float)(1 / (2 * 2.25 * (2.25 - 0.390625)));
  const vf even1 = near * vfma(aa, g[2], g[0]), odd1 = near * a * g[1];
  const vf even2 = far * vfma(bb, g[2], g[0]), odd2 = far * b * g[1];
  u[0] = middle * g[0];
  u[1] = even1 + odd1;
  u[2] = even1 - odd1;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

/// Gᵀ of six vectors.
VN_INLINE void VN_ISA(winograd_weight_turned)(const vf *u, vf *g) {
  const vf a = (vf)0.625f, b = (vf)1.5f, aa = (vf)0.390625f, bb = (vf)2.25f;
  const vf middle = (vf)(float)(1 / (0.390625 * 2.25)), near = (vf)(float)(1 / (2 * 0.390625 * (0.390625 - 2.25))),
           far = (vf)(float)(1 / (2 * 2.25 * (2.25 - 0.390625)));
  const vf even1 = near * (u[1] + u[2]), odd1 = near * (u[1] - u[2]);
  const vf even2 = far * (u[3] + u[4]), odd2 = far * (u[3] - u[4]);
  g[0] = vfma(middle, u[0], even1 + even2);
  g[1] = vfma(a, odd1, b * odd2);
  g[2] = vfma(aa, even1, vfma(bb, even2, u[5]));
}

/// A of four vectors.
VN_INLINE void VN_ISA(winograd_out_turned)(const vf *y, vf *m) {
  const vf a = (vf)0.625f, b = (vf)1.5f, aa = (vf)0.390625f, bb = (vf)2.25f;
  const vf aaa = (vf)0.244140625f, bbb = (vf)3.375f;
  const vf even1 = vfma(aa, y[2], y[0]), odd1 = vfma(aaa, y[3], a * y[1]);
  const vf even2 = vfma(bb, y[2], y[0]), odd2 = vfma(bbb, y[3], b * y[1]);
  m[0] = y[0];
  m[1] = even1 + odd1;
  m[2] = even1 - odd1;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = y[3];
}

static void VN_ISA(winograd_weights)(const vn_winograd_weights *w) {
  for (size_t at = 0; at < w->count; at += VN_LANES) {
    vf half[6][3];
#pragma clang loop unroll(full)
    for (int j = 0; j < 3; j++) {
      vf g[3], u[6];
#pragma clang loop unroll(full)
      for (int i = 0; i < 3; i++) g[i] = vload(w->in + (size_t)(i * 3 + j) * w->in_step + at);
      VN_ISA(winograd_weight)(g, u);
#pragma clang loop unroll(full)
      for (int i = 0; i < 6; i++) half[i][j] = u[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) {
      vf u[6];
      VN_ISA(winograd_weight)(half[i], u);
#pragma clang loop unroll(full)
      for (int j = 0; j < 6; j++) vstore(w->out + (size_t)(i * 6 + j) * w->out_step + at, u[j]);
    }
  }
}

static void VN_ISA(winograd_weight_gradient)(const vn_winograd_weights *w) {
  for (size_t at = 0; at < w->count; at += VN_LANES) {
    vf half[3][6];
#pragma clang loop unroll(full)
    for (int j = 0; j < 6; j++) {
      vf u[6], g[3];
#pragma clang loop unroll(full)
      for (int i = 0; i < 6; i++) {
        const float *point = w->in + (size_t)(i * 6 + j) * w->in_step + at;
        u[i] = vload(point);
        for (size_t chunk = 1; chunk < w->chunks; chunk++) u[i] = u[i] + vload(point + chunk * w->chunk_step);
      }
      VN_ISA(winograd_weight_turned)(u, g);
#pragma clang loop unroll(full)
      for (int i = 0; i < 3; i++) half[i][j] = g[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
      vf g[3];
      VN_ISA(winograd_weight_turned)(half[i], g);
#pragma clang loop unroll(full)
      for (int j = 0; j < 3; j++) vstore(w->out + (size_t)(i * 3 + j) * w->out_step + at, g[j]);
    }
  }
}

static void VN_ISA(winograd_gradient)(const vn_winograd_gradient *in) {
  for (size_t at = 0; at < in->channels; at += VN_LANES) {
    const size_t left = in->channels - at, lanes = left < VN_LANES ? left : VN_LANES;
    vf half[6][4];
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      vf y[4], m[6];
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++) y[i] = vload_some(in->pixels[i * 4 + j] + at, lanes);
      VN_ISA(winograd_out_turned)(y, m);
#pragma clang loop unroll(full)
      for (int i = 0; i < 6; i++) half[i][j] = m[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) {
      vf m[6];
      VN_ISA(winograd_out_turned)(half[i], m);
#pragma clang loop unroll(full)
      for (int j = 0; j < 6; j++) vstore(in->m + (size_t)(i * 6 + j) * in->step + at, m[j]);
    }
  }
}
