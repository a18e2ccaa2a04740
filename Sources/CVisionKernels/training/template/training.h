// Batch normalization forward and backward, and derivatives of elementwise functions.

/// Rows whose products form a partial sum, so that long sums stay accurate.
#undef VN_CHAIN
#define VN_CHAIN 64
/// Rows for which the channels' factors are loaded once.
#undef VN_REGISTER_ROWS
#define VN_REGISTER_ROWS 16

/// How many rows ahead to prefetch, where requested.
#undef VN_ROWS_AHEAD
#define VN_ROWS_AHEAD 64

/// Prefetches for vector j of the vectors that are read together: once per cache line. p is the vector's address.
VN_INLINE void VN_ISA(fetch_rows)(const float *p, int j, size_t pitch) {
  if (j * VN_LANES % 16 == 0) __builtin_prefetch(p + VN_ROWS_AHEAD * pitch, 0, 2);
}

VN_INLINE void VN_ISA(moments_body)(const int n, bool first, size_t rows, size_t lanes, const float *x,
                                    int64_t x_row, const float *shift, float *sums, float *squares) {
  vf m[2], a[2], b[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) a[j] = b[j] = (vf)0.0f, m[j] = vload_some(shift + j * VN_LANES, lanes);
  for (size_t i = 0; i < rows; i++, x += x_row)
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) {
      vf d = vload_some(x + j * VN_LANES, lanes) - m[j];
      a[j] += d;
      b[j] = vfma(d, d, b[j]);
    }
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) {
    vf s = first ? (vf)0.0f : vload_some(sums + j * VN_LANES, lanes);
    vf q = first ? (vf)0.0f : vload_some(squares + j * VN_LANES, lanes);
    vstore_some(sums + j * VN_LANES, s + a[j], lanes);
    vstore_some(squares + j * VN_LANES, q + b[j], lanes);
  }
}

/// Sums, and sums of squares, of differences from `shift` over rows of channels. They are added to the existing sums unless
/// `first`.
static void VN_ISA(moments)(bool first, size_t rows, size_t channels, const float *x, int64_t x_row,
                            const float *shift, float *sums, float *squares) {
  // Some rows of all channels, then the next rows: memory is read in order.
  for (size_t i = 0; i < rows; i += VN_CHAIN, x += VN_CHAIN * x_row) {
    const size_t count = rows - i < VN_CHAIN ? rows - i : VN_CHAIN;
    size_t c = 0;
    for (; c + 2 * VN_LANES <= channels; c += 2 * VN_LANES)
      VN_ISA(moments_body)(2, first && i == 0, count, VN_LANES, x + c, x_row, shift + c, sums + c, squares + c);
    for (; c < channels; c += VN_LANES) {
      const size_t lanes = channels - c < VN_LANES ? channels - c : VN_LANES;
      VN_ISA(moments_body)(1, first && i == 0, count, lanes, x + c, x_row, shift + c, sums + c, squares + c);
    }
  }
}

VN_INLINE void VN_ISA(affine_clamp_body)(const int n, const bool adds, const bool fetches, size_t rows, size_t c,
                                         size_t lanes, size_t pitch, const float *x, const float *scale,
                                         const float *shift, const float *residual, vf low, vf high, float *y,
                                         float *past) {
  vf a[2], b[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) {
    a[j] = vload_some(scale + c + j * VN_LANES, lanes);
    b[j] = vload_some(shift + c + j * VN_LANES, lanes);
  }
  for (size_t i = 0, at = c; i < rows; i++, at += pitch) {
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) {
      const size_t k = at + (size_t)j * VN_LANES;
      if (fetches) VN_ISA(fetch_rows)(x + k, j, pitch);
      vf v = vfma(vload_some(x + k, lanes), a[j], b[j]);
      if (adds) v += vload_some(residual + k, lanes);
      v = vmin(high, vmax(low, v));
      vstore_some(y + k, v, lanes);
      if (past) vstream(past + k, v);
    }
  }
}

VN_INLINE void VN_ISA(affine_clamp_rows)(const bool adds, const bool fetches, size_t rows, size_t channels,
                                         size_t pitch, const float *x, const float *scale, const float *shift,
                                         const float *residual, vf low, vf high, float *y, float *past) {
  size_t c = 0;
  for (; c + 2 * VN_LANES <= channels; c += 2 * VN_LANES)
    VN_ISA(affine_clamp_body)(2, adds, fetches, rows, c, VN_LANES, pitch, x, scale, shift, residual, low, high, y, past);
  for (; c < channels; c += VN_LANES) {
    const size_t lanes = channels - c < VN_LANES ? channels - c : VN_LANES;
    VN_ISA(affine_clamp_body)(1, adds, fetches, rows, c, lanes, pitch, x, scale, shift, residual, low, high, y, past);
  }
}

/// y = clamp(x · scale + shift + residual) over rows of channels. If `past` is given, it receives the same with non-temporal
/// stores; then there is no residual, and channels are whole vectors.
static void VN_ISA(affine_clamp)(bool fetches, size_t rows, size_t channels, size_t pitch, const float *x, const float *scale,
                                 const float *shift, const float *residual, float low, float high, float *y,
                                 float *past) {
  const vf lowest = (vf)low, highest = (vf)high;
  const size_t step = VN_REGISTER_ROWS * pitch;
  for (size_t i = 0; i < rows; i += VN_REGISTER_ROWS, x += step, y += step) {
    const size_t count = rows - i < VN_REGISTER_ROWS ? rows - i : VN_REGISTER_ROWS;
    if (past) {
      // Writes one row at a time, so that cache lines reach memory whole and in order.
      for (size_t j = 0; j < count; j++)
        VN_ISA(affine_clamp_rows)(false, false, 1, channels, pitch, x + j * pitch, scale, shift, NULL, lowest, highest,
                                  y + j * pitch, past + j * pitch);
      past += step;
    } else if (residual) {
      VN_ISA(affine_clamp_rows)(true, false, count, channels, pitch, x, scale, shift, residual, lowest, highest, y, NULL);
      residual += step;
    } else if (fetches) {
      VN_ISA(affine_clamp_rows)(false, true, count, channels, pitch, x, scale, shift, NULL, lowest, highest, y, NULL);
    } else {
      VN_ISA(affine_clamp_rows)(false, false, count, channels, pitch, x, scale, shift, NULL, lowest, highest, y, NULL);
    }
  }
}

/// y = x with non-temporal stores: whole cache lines.
static void VN_ISA(stream)(size_t count, const float *x, float *y) {
  for (size_t i = 0; i < count; i += VN_LANES) vstream(y + i, vload(x + i));
}

/// The gradient where the clamped value v is inside the bounds, else 0.
VN_INLINE vf VN_ISA(inside)(vf v, vf g, vf low, vf high) {
  vf zero = (vf)0.0f;
  vf upper = v < high ? g : zero;
  return v > low ? upper : zero;
}

VN_INLINE void VN_ISA(normalization_sums_body)(const int n, const vn_normalization *r, bool first, size_t rows,
                                               size_t c, size_t lanes, const float *g, const float *x,
                                               const float *y, float *sums, float *products) {
  const vf low = (vf)r->low, high = (vf)r->high;
  vf m[2], a[2], b[2], u[2], v[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) {
    const size_t at = c + (size_t)j * VN_LANES;
    u[j] = v[j] = (vf)0.0f;
    m[j] = vload_some(r->mean + at, lanes);
    a[j] = vload_some(r->scale + at, lanes);
    b[j] = vload_some(r->shift + at, lanes);
  }
  const size_t pitch = r->pitch;
  g += c, x += c;
  if (y) y += c;
  for (size_t i = 0; i < rows; i++, g += pitch, x += pitch) {
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) {
      vf value = vload_some(x + j * VN_LANES, lanes), gradient = vload_some(g + j * VN_LANES, lanes);
      if (r->clamped) {
        vf result = y ? vload_some(y + j * VN_LANES, lanes) : vfma(value, a[j], b[j]);
        gradient = VN_ISA(inside)(result, gradient, low, high);
      }
      u[j] += gradient;
      v[j] = vfma(gradient, value - m[j], v[j]);
    }
    if (y) y += pitch;
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) {
    float *sum = sums + c + (size_t)j * VN_LANES, *product = products + c + (size_t)j * VN_LANES;
    vf s = first ? (vf)0.0f : vload_some(sum, lanes), q = first ? (vf)0.0f : vload_some(product, lanes);
    vstore_some(sum, s + u[j], lanes);
    vstore_some(product, q + v[j], lanes);
  }
}

/// Σ g and Σ g · (x − mean) over rows of channels, where g is the gradient before the clamp. They are added to the existing sums
/// unless `first`.
static void VN_ISA(normalization_sums)(const vn_normalization *r, bool first, size_t rows, const float *g,
                                       const float *x, const float *y, float *sums, float *products) {
  const size_t step = VN_CHAIN * r->pitch;
  for (size_t i = 0; i < rows; i += VN_CHAIN, g += step, x += step) {
    const size_t count = rows - i < VN_CHAIN ? rows - i : VN_CHAIN;
    size_t c = 0;
    for (; c + 2 * VN_LANES <= r->channels; c += 2 * VN_LANES)
      VN_ISA(normalization_sums_body)(2, r, first && i == 0, count, c, VN_LANES, g, x, y, sums, products);
    for (; c < r->channels; c += VN_LANES) {
      const size_t lanes = r->channels - c < VN_LANES ? r->channels - c : VN_LANES;
      VN_ISA(normalization_sums_body)(1, r, first && i == 0, count, c, lanes, g, x, y, sums, products);
    }
    if (y) y += step;
  }
}

/// Some rows of a few vectors of channels, so that the channels' factors stay in registers.
VN_INLINE void VN_ISA(normalization_gradient_body)(const int n, const bool clamped, const bool fetches,
                                                   const vn_normalization *r, size_t rows, size_t c, size_t lanes,
                                                   const float *g, const float *x, const float *y, float *gx,
                                                   float *gr) {
  const vf low = (vf)r->low, high = (vf)r->high;
  const size_t pitch = r->pitch;
  vf a[2], b[2], m[2], slope[2], offset[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) {
    const size_t at = c + (size_t)j * VN_LANES;
    a[j] = vload_some(r->scale + at, lanes);
    b[j] = clamped && !y ? vload_some(r->shift + at, lanes) : (vf)0.0f;
    m[j] = vload_some(r->mean + at, lanes);
    slope[j] = vload_some(r->slope + at, lanes);
    offset[j] = vload_some(r->offset + at, lanes);
  }
  for (size_t i = 0, at = c; i < rows; i++, at += pitch) {
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) {
      const size_t k = at + (size_t)j * VN_LANES;
      if (fetches) VN_ISA(fetch_rows)(x + k, j, pitch);
      if (fetches) VN_ISA(fetch_rows)(g + k, j, pitch);
      vf value = vload_some(x + k, lanes), gradient = vload_some(g + k, lanes);
      if (clamped)
        gradient = VN_ISA(inside)(y ? vload_some(y + k, lanes) : vfma(value, a[j], b[j]), gradient, low, high);
      if (gr) vstore_some(gr + k, gradient, lanes);
      vstore_some(gx + k, vfma(gradient, a[j], vfma(value - m[j], slope[j], offset[j])), lanes);
    }
  }
}

VN_INLINE void VN_ISA(normalization_gradient_rows)(const bool clamped, const bool fetches, const vn_normalization *r,
                                                   size_t rows, const float *g, const float *x, const float *y, float *gx,
                                                   float *gr) {
  size_t c = 0;
  for (; c + 2 * VN_LANES <= r->channels; c += 2 * VN_LANES)
    VN_ISA(normalization_gradient_body)(2, clamped, fetches, r, rows, c, VN_LANES, g, x, y, gx, gr);
  for (; c < r->channels; c += VN_LANES) {
    const size_t lanes = r->channels - c < VN_LANES ? r->channels - c : VN_LANES;
    VN_ISA(normalization_gradient_body)(1, clamped, fetches, r, rows, c, lanes, g, x, y, gx, gr);
  }
}

/// gx = g · scale + (x − mean) · slope + offset over rows of channels; `gr`, if given, receives g after the clamp's gradient.
static void VN_ISA(normalization_gradient)(const vn_normalization *r, bool fetches, size_t rows, const float *g, const float *x,
                                           const float *y, float *gx, float *gr) {
  const size_t step = VN_REGISTER_ROWS * r->pitch;
  for (size_t i = 0; i < rows; i += VN_REGISTER_ROWS, g += step, x += step, gx += step) {
    const size_t count = rows - i < VN_REGISTER_ROWS ? rows - i : VN_REGISTER_ROWS;
    // Most normalizations have no residual, and loops without its conditions are twice as fast.
    const bool simple = !y && !gr;
    if (simple && r->clamped && fetches)
      VN_ISA(normalization_gradient_rows)(true, true, r, count, g, x, NULL, gx, NULL);
    else if (simple && r->clamped) VN_ISA(normalization_gradient_rows)(true, false, r, count, g, x, NULL, gx, NULL);
    else if (simple) VN_ISA(normalization_gradient_rows)(false, false, r, count, g, x, NULL, gx, NULL);
    else VN_ISA(normalization_gradient_rows)(r->clamped, false, r, count, g, x, y, gx, gr);
    if (y) y += step;
    if (gr) gr += step;
  }
}

#undef VN_DERIVATIVE_LOOP
#define VN_DERIVATIVE_LOOP(expression)                                             \
  do {                                                                             \
    for (size_t i = 0; i < count; i += VN_LANES) {                                 \
      const size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;            \
      vf g = vload_some(gs + i, lanes), v = vload_some(vs + i, lanes);             \
      vstore_some(ys + i, expression, lanes);                                      \
    }                                                                              \
    return true;                                                                   \
  } while (0)

/// y = g · f′(v), where v is the result of ReLU, sigmoid, tanh or exp, or else the argument. False for an unsupported function.
static bool VN_ISA(unary_gradient)(vn_unary_op op, float alpha, float beta, size_t count, const float *gs,
                                   const float *vs, float *ys) {
  const vf a = (vf)alpha, b = (vf)beta, zero = (vf)0.0f, one = (vf)1.0f, half = (vf)0.5f;
  switch (op) {
    case VN_RELU: VN_DERIVATIVE_LOOP(v > zero ? g : (v != v ? g * v : zero));
    case VN_CLIP: VN_DERIVATIVE_LOOP(v != v ? g * v : VN_ISA(inside)(v, g, a, b));
    case VN_LEAKY_RELU: VN_DERIVATIVE_LOOP(v < zero ? g * a : g);
    case VN_SIGMOID: VN_DERIVATIVE_LOOP(g * (v * (one - v)));
    case VN_TANH: VN_DERIVATIVE_LOOP(g * (one - v * v));
    case VN_EXP: VN_DERIVATIVE_LOOP(g * v);
    case VN_SILU: {
      VN_DERIVATIVE_LOOP(g * (vsigmoid(v * a) * vfma(v * a, one - vsigmoid(v * a), one)));
    }
    case VN_HARD_SIGMOID:
      VN_DERIVATIVE_LOOP(VN_ISA(inside)(vfma(a, v, b), g * a, zero, one));
    case VN_HARD_SWISH:
      VN_DERIVATIVE_LOOP(v <= (vf)-3.0f ? zero : (v >= (vf)3.0f ? g : g * vfma(v, (vf)(1.0f / 3), half)));
    case VN_ELU: VN_DERIVATIVE_LOOP(v < zero ? g * (a * vexp(v)) : g);
    case VN_ERF: VN_DERIVATIVE_LOOP(g * ((vf)1.12837917f * vexp(-(v * v))));
    case VN_GELU: VN_DERIVATIVE_LOOP(g * vgelu_derivative(v));
    case VN_GELU_TANH: VN_DERIVATIVE_LOOP(g * vgelu_tanh_derivative(v));
    case VN_SOFTPLUS: VN_DERIVATIVE_LOOP(g * vsigmoid(v));
    default: return false;
  }
}

/// Adds g to gx where x equals the maximum y and no earlier element has taken g. `open` is 1 where g is not taken yet, else 0.
static void VN_ISA(route_maximum)(size_t channels, const float *x, const float *y, const float *g, float *open,
                                  float *gx) {
  for (size_t c = 0; c < channels; c += VN_LANES) {
    const size_t lanes = channels - c < VN_LANES ? channels - c : VN_LANES;
    vf waiting = vload_some(open + c, lanes), zero = (vf)0.0f;
    vf taken = vload_some(x + c, lanes) == vload_some(y + c, lanes) ? waiting : zero;
    vstore_some(gx + c, vfma(vload_some(g + c, lanes), taken, vload_some(gx + c, lanes)), lanes);
    vstore_some(open + c, waiting - taken, lanes);
  }
}
