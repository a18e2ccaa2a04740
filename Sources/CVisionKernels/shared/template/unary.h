// Functions of one element, over contiguous runs.

#undef VN_UNARY_LOOP
#define VN_UNARY_LOOP(expression)                                           \
  do {                                                                      \
    for (size_t run = 0; run < runs; run++, xs += pitch, ys += pitch) {     \
      size_t i = 0;                                                         \
      for (; i + VN_LANES <= count; i += VN_LANES) {                        \
        vf x = vload(xs + i);                                               \
        vstore(ys + i, expression);                                         \
      }                                                                     \
      if (i < count) {                                                      \
        vf x = vload_part(xs + i, count - i);                               \
        vstore_part(ys + i, expression, count - i);                         \
      }                                                                     \
    }                                                                       \
    return;                                                                 \
  } while (0)

/// `runs` runs of `count` floats, `pitch` floats apart in both tensors.
static void VN_ISA(unary_of_runs)(vn_unary_op op, float alpha, float beta, size_t count, size_t runs, int64_t pitch,
                                  const float *xs, float *ys) {
  vf a = (vf)alpha, b = (vf)beta, zero = (vf)0.0f, one = (vf)1.0f, half = (vf)0.5f;
  switch (op) {
    case VN_IDENTITY: VN_UNARY_LOOP(x);
    case VN_RELU: VN_UNARY_LOOP(vmax(zero, x));
    case VN_CLIP: VN_UNARY_LOOP(vmin(b, vmax(a, x)));
    case VN_LEAKY_RELU: VN_UNARY_LOOP(x < zero ? x * a : x);
    case VN_ELU: VN_UNARY_LOOP(x < zero ? vexpm1(x) * a : x);
    case VN_SELU: VN_UNARY_LOOP((x < zero ? vexpm1(x) * a : x) * b);
    case VN_CELU: VN_UNARY_LOOP(x < zero ? vexpm1(x / a) * a : x);
    case VN_THRESHOLDED_RELU: VN_UNARY_LOOP(x <= a ? zero : x);
    case VN_SIGMOID: VN_UNARY_LOOP(vsigmoid(x));
    case VN_SILU: VN_UNARY_LOOP(vsilu(x, a));
    case VN_HARD_SIGMOID: VN_UNARY_LOOP(vmin(one, vmax(zero, vfma(a, x, b))));
    case VN_HARD_SWISH: VN_UNARY_LOOP(x <= (vf)-3.0f ? (vf)-0.0f : x * vmin(one, vfma(x, (vf)(1.0f / 6), half)));
    case VN_TANH: VN_UNARY_LOOP(vtanh(x));
    case VN_EXP: VN_UNARY_LOOP(vexp(x));
    case VN_LOG: VN_UNARY_LOOP(vlog(x));
    case VN_SQRT: VN_UNARY_LOOP(vsqrt(x));
    case VN_RECIPROCAL: VN_UNARY_LOOP(one / x);
    case VN_NEG: VN_UNARY_LOOP(-x);
    case VN_ABS: VN_UNARY_LOOP(vabs(x));
    case VN_ERF: VN_UNARY_LOOP(verf(x));
    case VN_GELU: VN_UNARY_LOOP(vgelu(x));
    case VN_GELU_TANH: VN_UNARY_LOOP(vgelu_tanh(x));
    case VN_SOFTPLUS: VN_UNARY_LOOP(vsoftplus(x));
    case VN_SOFTSIGN: VN_UNARY_LOOP(x / (one + vabs(x)));
    case VN_MISH: VN_UNARY_LOOP(vmish(x));
    case VN_FLOOR: VN_UNARY_LOOP(vfloor(x));
    case VN_CEIL: VN_UNARY_LOOP(vceil(x));
    case VN_ROUND: VN_UNARY_LOOP(vround_even(x));
    case VN_SIGN: VN_UNARY_LOOP(x > zero ? one : (x < zero ? -one : x));
    case VN_SQUARE: VN_UNARY_LOOP(x * x);
    case VN_AFFINE: VN_UNARY_LOOP(vfma(a, x, b));
    case VN_UNARY_COUNT: return;
  }
}

static void VN_ISA(unary)(vn_unary_op op, float alpha, float beta, size_t count, const float *xs, float *ys) {
  VN_ISA(unary_of_runs)(op, alpha, beta, count, 1, 0, xs, ys);
}

static void VN_ISA(unary_runs)(vn_unary_op op, float alpha, float beta, size_t count, size_t runs, int64_t pitch, float *y) {
  VN_ISA(unary_of_runs)(op, alpha, beta, count, runs, pitch, y, y);
}
