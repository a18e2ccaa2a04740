// Gradients of softmax and layer normalization, row by row.

/// Σ of a[i] · b[i].
VN_INLINE float VN_ISA(dot)(size_t count, const float *a, const float *b) {
  vf sum = (vf)0.0f;
  for (size_t i = 0; i < count; i += VN_LANES) {
    const size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    sum = vfma(vload_some(a + i, lanes), vload_some(b + i, lanes), sum);
  }
  return vsum(sum);
}

/// One row of the gradient of softmax, y · (g − Σ g·y), or of its logarithm, g − e^y · Σ g; gx may be g or y.
static void VN_ISA(softmax_gradient)(bool logarithm, size_t count, const float *g, const float *y, float *gx) {
  const vf sum = (vf)(logarithm ? VN_ISA(reduce)(VN_SUM, count, g) : VN_ISA(dot)(count, g, y));
  for (size_t i = 0; i < count; i += VN_LANES) {
    const size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    const vf v = vload_some(y + i, lanes), d = vload_some(g + i, lanes);
    vstore_some(gx + i, logarithm ? vfma(-vexp(v), sum, d) : v * (d - sum), lanes);
  }
}

/// One row of the gradient of a layer normalization: with h = g · scale and n = (x − mean) · factor, gx = factor · (h − mean of h − n ·
/// mean of h·n), and the products g · n are added to `sums`, which the first row starts. gx may be g or x.
static void VN_ISA(normalize_gradient)(size_t count, float epsilon, bool first, const float *g, const float *x,
                                       const float *scale, float *gx, float *sums) {
  const float mean = VN_ISA(reduce)(VN_SUM, count, x) / (float)count;
  const vf m = (vf)mean, zero = (vf)0.0f;
  vf squares = zero, all = zero, products = zero;
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES) {
    const vf d = vload(x + i) - m, h = vload(g + i) * vload(scale + i);
    squares = vfma(d, d, squares);
    all += h;
    products = vfma(h, d, products);
  }
  float square = vsum(squares), sum = vsum(all), product = vsum(products);
  for (; i < count; i++) {
    const float d = x[i] - mean, h = g[i] * scale[i];
    square += d * d, sum += h, product += h * d;
  }
  const vf factor = (vf)1.0f / vsqrt((vf)(square / (float)count + epsilon));
  const vf shift = (vf)(sum / (float)count), slope = (vf)(product / (float)count) * factor * factor;
  for (i = 0; i < count; i += VN_LANES) {
    const size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    const vf d = vload_some(x + i, lanes) - m, gradient = vload_some(g + i, lanes);
    const vf before = first ? zero : vload_some(sums + i, lanes);
    vstore_some(sums + i, vfma(gradient, d * factor, before), lanes);
    vstore_some(gx + i, (gradient * vload_some(scale + i, lanes) - shift - d * slope) * factor, lanes);
  }
}
