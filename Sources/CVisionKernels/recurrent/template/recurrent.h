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

static void VN_ISA(gru_cell)(size_t count, float clip, const float *z, const float *n, float *h) {
  for (size_t j = 0; j < count; j += VN_LANES) {
    const size_t lanes = count - j < VN_LANES ? count - j : VN_LANES;
    const vf next = vtanh(VN_ISA(bounded)(vload_some(n + j, lanes), clip));
    const vf before = vload_some(h + j, lanes);
    vstore_some(h + j, vfma(vload_some(z + j, lanes), before - next, next), lanes);
  }
}
