// Elementary functions on vectors, by argument reduction and minimax polynomials fitted for this file.

/// eʳ − 1 for |r| ≤ ln 2 / 2.
VN_INLINE vf vexpm1_reduced(vf r) {
  vf q = vfma((vf)1.991992204e-04f, r, (vf)1.394721207e-03f);
  q = vfma(q, r, (vf)8.333261580e-03f);
  q = vfma(q, r, (vf)4.166625400e-02f);
  q = vfma(q, r, (vf)1.666666687e-01f);
  q = vfma(q, r, (vf)5.000000083e-01f);
  return vfma(q, r * r, r);
}

/// Splits x = n·ln 2 + r and returns r. n is in the low bits of `shifted`, which is larger than it by 1.5·2²³.
VN_INLINE vf vreduce_exp(vf x, vf *shifted) {
  // The sum has no digits for a fraction.
  *shifted = vfma(x, (vf)1.44269504f, (vf)12582912.0f);
  vf whole = *shifted - (vf)12582912.0f;
  vf r = vfma(whole, (vf)-6.93145752e-1f, x);
  return vfma(whole, (vf)-1.42860682e-6f, r);
}

VN_INLINE vf vexp(vf x) {
  // Beyond these bounds the result is 0 or infinite; a NaN passes both.
  vf bounded = vmin((vf)89.0f, vmax((vf)-104.0f, x)), shifted;
  vf p = vexpm1_reduced(vreduce_exp(bounded, &shifted)) + (vf)1.0f;
#if VN_MASK_AVX512
  return (vf)_mm512_scalef_ps((__m512)p, (__m512)(shifted - (vf)12582912.0f));
#else
  // Two factors, so that neither leaves the normal range.
  vi n = vbits(shifted) - vbits((vf)12582912.0f), half = n >> 1;
  return p * vfloat((half + 127) << 23) * vfloat((n - half + 127) << 23);
#endif
}

/// eˣ for x ≤ 0: one factor is enough where nothing is larger than 1.
VN_INLINE vf vexp_negative(vf x) {
  vf shifted, r = vreduce_exp(vmax((vf)-104.0f, x), &shifted), p = vexpm1_reduced(r) + (vf)1.0f;
#if VN_MASK_AVX512
  return (vf)_mm512_scalef_ps((__m512)p, (__m512)(shifted - (vf)12582912.0f));
#else
  // The power of two, which the low bits say, times 2⁶⁴, so that it is in the normal range. The last product rounds what is not.
  vf power = vfloat((vbits(shifted) << 23) + (vi)((127 + 64) << 23));
  return p * power * (vf)5.42101086e-20f;
#endif
}

VN_INLINE vf vexpm1(vf x) {
  vf bounded = vmin((vf)89.0f, vmax((vf)-30.0f, x));
  vf shifted, p = vexpm1_reduced(vreduce_exp(bounded, &shifted));
  vi n = vbits(shifted) - vbits((vf)12582912.0f), half = n >> 1;
  vf first = vfloat((half + 127) << 23), second = vfloat((n - half + 127) << 23);
  vf small = vfma(p, first * second, first * second - (vf)1.0f);
  vf large = (p + (vf)1.0f) * first * second;
  // 2ⁿ itself overflows at n = 128, where subtracting 1 makes no difference. Keeps −0.
  vf y = x > (vf)60.0f ? large : small;
  return x == (vf)0.0f ? x : y;
}

VN_INLINE vf vlog(vf x) {
  vi tiny = x < (vf)1.17549435e-38f;
  vf scaled = tiny ? x * (vf)8388608.0f : x;
  // The mantissa in [√½, √2).
  vi bits = vbits(scaled) - (vi)0x3f3504f3;
  vi exponent = bits >> 23;
  vf f = vfloat((bits & (vi)0x007fffff) + (vi)0x3f3504f3) - (vf)1.0f;
  vf e = __builtin_convertvector(exponent - (tiny & (vi)23), vf);
  vf p = vfma((vf)6.746643178e-02f, f, (vf)-1.167565684e-01f);
  p = vfma(p, f, (vf)1.188816382e-01f);
  p = vfma(p, f, (vf)-1.240558826e-01f);
  p = vfma(p, f, (vf)1.421955208e-01f);
  p = vfma(p, f, (vf)-1.666799588e-01f);
  p = vfma(p, f, (vf)2.000211867e-01f);
  p = vfma(p, f, (vf)-2.500000960e-01f);
  p = vfma(p, f, (vf)3.333331260e-01f);
  vf square = f * f;
  vf low = vfma(e, (vf)-2.12194440e-4f, p * f * square);
  low = vfma((vf)-0.5f, square, low);
  vf y = vfma(e, (vf)0.693359375f, f + low);
  y = x == (vf)INFINITY ? x : y;
  y = x == (vf)0.0f ? (vf)-INFINITY : y;
  return x >= (vf)0.0f ? y : (vf)NAN;
}

/// log(1 + x) for x ≥ 0.
VN_INLINE vf vlog1p(vf x) {
  vf u = x + (vf)1.0f;
  vf lost = x - (u - (vf)1.0f);
  return vlog(u) + (u < (vf)INFINITY ? lost / u : (vf)0.0f);
}

VN_INLINE vf vtanh(vf x) {
  vf magnitude = vabs(x), square = x * x;
  vf p = vfma((vf)2.142961133e-03f, square, (vf)-8.177397501e-03f);
  p = vfma(p, square, (vf)2.170070294e-02f);
  p = vfma(p, square, (vf)-5.394676302e-02f);
  p = vfma(p, square, (vf)1.333320601e-01f);
  p = vfma(p, square, (vf)-3.333333080e-01f);
  vf small = vfma(p * square, x, x);
  vf large = (vf)1.0f - (vf)2.0f / (vexp(magnitude + magnitude) + (vf)1.0f);
  return magnitude < (vf)0.625f ? small : vcopysign(large, x);
}

VN_INLINE vf vsigmoid(vf x) {
  // The exponential of −|x|: nothing overflows and small results keep their digits. That of NaN is NaN.
  vf e = vexp_negative(vfloat(vbits(x) | (vi)(int32_t)0x80000000u));
  return (vbits(x) < 0 ? e : (vf)1.0f) / (e + (vf)1.0f);
}

/// x / (1 + e⁻ᵃˣ).
VN_INLINE vf vsilu(vf x, vf a) {
  // −∞ would become NaN by the 0 that it is multiplied by.
  vf finite = vmax((vf)-3.40282347e+38f, x);
  return finite * vsigmoid(finite * a);
}

VN_INLINE vf verf(vf x) {
  vf magnitude = vabs(x), square = x * x;
  vf p = vfma((vf)8.316775476e-05f, square, (vf)-8.130012842e-04f);
  p = vfma(p, square, (vf)5.199906699e-03f);
  p = vfma(p, square, (vf)-2.685894153e-02f);
  p = vfma(p, square, (vf)1.128368719e-01f);
  p = vfma(p, square, (vf)-3.761263319e-01f);
  p = vfma(p, square, (vf)1.283791666e-01f);
  vf small = vfma(p, x, x);
  // log(1 − erf t) = t·q(t); from 4.05 on erf is 1 in this precision.
  vf t = vmin((vf)4.05f, magnitude);
  vf q = vfma((vf)-4.806539690e-06f, t, (vf)4.400074047e-05f);
  q = vfma(q, t, (vf)5.750913915e-05f);
  q = vfma(q, t, (vf)-2.951660987e-03f);
  q = vfma(q, t, (vf)2.270828122e-02f);
  q = vfma(q, t, (vf)-1.052944288e-01f);
  q = vfma(q, t, (vf)-6.356092828e-01f);
  q = vfma(q, t, (vf)-1.128555121e+00f);
  vf large = vcopysign((vf)1.0f - vexp_negative(q * t), x);
  vf y = magnitude < (vf)0.925f ? small : large;
  return x != x ? x : y;
}

/// log(1 + eˣ).
VN_INLINE vf vsoftplus(vf x) {
  vf y = vmax((vf)0.0f, x) + vlog1p(vexp_negative(-vabs(x)));
  return x != x ? x : y;
}

/// x · tanh(log(1 + eˣ)), with w = eˣ: x·(w² + 2w) / (w² + 2w + 2). NaN at −∞, as in ONNX Runtime.
VN_INLINE vf vmish(vf x) {
  vf w = vexp(vmin((vf)20.0f, x));
  vf v = w * (w + (vf)2.0f);
  vf y = x * (v / (v + (vf)2.0f));
  return x > (vf)20.0f ? x : (x < (vf)-104.0f ? x * (vf)0.0f : y);
}

/// Φ(−t) for t from 0 to 30: ½ · p(t)⁻⁴ with a polynomial p.
VN_INLINE vf vnormal_tail(vf t) {
  vf p = vfma((vf)1.059658805e-06f, t, (vf)-1.380290573e-05f);
  p = vfma(p, t, (vf)8.877789516e-05f);
  p = vfma(p, t, (vf)-3.047926437e-04f);
  p = vfma(p, t, (vf)7.480252643e-04f);
  p = vfma(p, t, (vf)-7.443975450e-04f);
  p = vfma(p, t, (vf)2.343532023e-03f);
  p = vfma(p, t, (vf)4.890947047e-03f);
  p = vfma(p, t, (vf)2.645711929e-02f);
  p = vfma(p, t, (vf)9.944323076e-02f);
  p = vfma(p, t, (vf)1.994727153e-01f);
  p = vfma(p, t, (vf)1.0f);
  p = p * p;
  return (vf)0.5f / (p * p);
}

/// x · Φ(x) as max(0, x) − |x| · Φ(−|x|), which does not cancel. From 30 on p⁴ overflows, and the result is exact.
VN_INLINE vf vgelu(vf x) {
  vf t = vmin((vf)30.0f, vabs(x));
  return vfma(-t, vnormal_tail(t), vmax((vf)0.0f, x));
}

/// Φ(x) + x · φ(x).
VN_INLINE vf vgelu_derivative(vf x) {
  vf t = vmin((vf)30.0f, vabs(x)), tail = vnormal_tail(t);
  vf slope = t * (vf)0.39894228f * vexp_negative((vf)-0.5f * t * t);
  return x != x ? x : x < (vf)0.0f ? tail - slope : (vf)1.0f - tail + slope;
}

/// The tanh form, as x · sigmoid(2u), which does not cancel below zero.
VN_INLINE vf vgelu_tanh(vf x) {
  vf u = x * vfma(x * x, (vf)0.0713548163f, (vf)1.59576912f);
  return x < (vf)-20.0f ? (vf)-0.0f : x * vsigmoid(u);
}

/// With s = sigmoid(2u): s + x · s · (1 − s) · 2u′.
VN_INLINE vf vgelu_tanh_derivative(vf x) {
  vf t = vmin((vf)20.0f, vmax((vf)-20.0f, x));
  vf s = vsigmoid(t * vfma(t * t, (vf)0.0713548163f, (vf)1.59576912f));
  vf rest = vsigmoid(-t * vfma(t * t, (vf)0.0713548163f, (vf)1.59576912f));
  vf y = vfma(t * (s * rest), vfma(t * t, (vf)0.214064449f, (vf)1.59576912f), s);
  return x != x ? x : y;
}
