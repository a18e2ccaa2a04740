// The gates of LSTM and GRU with their usual functions, over the elements of one state.

/// Bounds what a function is applied to; a NaN passes.
VN_INLINE vf VN_ISA(bounded)(vf x, float clip) { return vmin((vf)clip, vmax((vf)-clip, x)); }

static void VN_ISA(lstm_cell)(size_t count, float clip, const float *gates, float *c, float *h) {
  for (size_t j = 0; j < count; j += VN_LANES) {
    const size_t lanes = count - j < VN_LANES ? count - j : VN_LANES;
    const vf i = vsigmoid(VN_ISA(bounded)(vload_some(gates + j, lanes), clip));
    const vf o = vsigmoid(VN_ISA(bounded)(vload_some(gates + count + j, lanes), clip));
    const vf f = vsigmoid(VN_ISA(bounded)(vload_some(gates + 2 * count + j, lanes), clip));
    const vf g = vtanh(VN_ISA(bounded)(vload_some(gates + 3 * count + j, lanes), clip));
    const vf next = vfma(f, vload_some(c + j, lanes), i * g);
    vstore_some(c + j, next, lanes);
    vstore_some(h + j, o * vtanh(next), lanes);
  }
}

/// The gradient g of a bounded x where the bound leaves it.
VN_INLINE vf VN_ISA(unbounded)(vf x, float clip, vf g) {
  return vabs(x) > (vf)clip ? (vf)0.0f : g;
}

static void VN_ISA(lstm_cell_gradient)(size_t count, float clip, const float *c, const float *next, const float *gh,
                                       float *gates, float *gc) {
  const vf one = (vf)1.0f;
  for (size_t j = 0; j < count; j += VN_LANES) {
    const size_t lanes = count - j < VN_LANES ? count - j : VN_LANES;
    float *at = gates + j;
    const vf si = vload_some(at, lanes), so = vload_some(at + count, lanes);
    const vf sf = vload_some(at + 2 * count, lanes), sg = vload_some(at + 3 * count, lanes);
    const vf i = vsigmoid(VN_ISA(bounded)(si, clip)), o = vsigmoid(VN_ISA(bounded)(so, clip));
    const vf f = vsigmoid(VN_ISA(bounded)(sf, clip)), g = vtanh(VN_ISA(bounded)(sg, clip));
    const vf h = vtanh(vload_some(next + j, lanes)), state = vload_some(gh + j, lanes);
    const vf cell = vfma(state * o, one - h * h, vload_some(gc + j, lanes));
    vstore_some(at, VN_ISA(unbounded)(si, clip, cell * g * (i * (one - i))), lanes);
    vstore_some(at + count, VN_ISA(unbounded)(so, clip, state * h * (o * (one - o))), lanes);
    vstore_some(at + 2 * count, VN_ISA(unbounded)(sf, clip, cell * vload_some(c + j, lanes) * (f * (one - f))), lanes);
    vstore_some(at + 3 * count, VN_ISA(unbounded)(sg, clip, cell * i * (one - g * g)), lanes);
    vstore_some(gc + j, cell * f, lanes);
  }
}

static void VN_ISA(gru_cell)(size_t count, float clip, const float *z, const float *n, float *h) {
  for (size_t j = 0; j < count; j += VN_LANES) {
    const size_t lanes = count - j < VN_LANES ? count - j : VN_LANES;
    const vf next = vtanh(VN_ISA(bounded)(vload_some(n + j, lanes), clip));
    const vf before = vload_some(h + j, lanes);
    vstore_some(h + j, vfma(vload_some(z + j, lanes), before - next, next), lanes);
  }
}
