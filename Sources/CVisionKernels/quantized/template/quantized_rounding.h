// Loading and storing bytes, and the requantization of a sum to a byte: multiplier, rounding, zero point and bounds.

VQ_INLINE qf VQ(load_floats)(const float *p, size_t n) {
  if (n >= VQ_LANES) return *(const qf_memory *)p;
  float buffer[VQ_LANES] = {0};
  memcpy(buffer, p, n * sizeof(float));
  return *(const qf_memory *)buffer;
}
VQ_INLINE qi VQ(load_wide)(const uint8_t *p, size_t n) {
  if (n >= VQ_LANES) return __builtin_convertvector(*(const qb_memory *)p, qi);
  uint8_t buffer[VQ_LANES] = {0};
  memcpy(buffer, p, n);
  return __builtin_convertvector(*(const qb_memory *)buffer, qi);
}
VQ_INLINE qi VQ(load_wide_part)(const uint8_t *p, size_t n) {
  qi bytes = vq_load_part(p, n < VQ_LANES ? n : VQ_LANES);
  return __builtin_convertvector(*(const qb_memory *)&bytes, qi);
}
VQ_INLINE qf VQ(load_bytes)(const uint8_t *p, size_t n) { return __builtin_convertvector(VQ(load_wide)(p, n), qf); }
/// Stores whole numbers 0...255.
VQ_INLINE void VQ(store_bytes)(uint8_t *p, qi x, size_t n) {
  qb bytes = __builtin_convertvector(x, qb);
  if (n >= VQ_LANES) {
    *(qb_memory *)p = bytes;
  } else {
    uint8_t buffer[VQ_LANES];
    *(qb_memory *)buffer = bytes;
    memcpy(p, buffer, n);
  }
}

/// x clamped to low...high; NaN becomes `low`.
VQ_INLINE qf VQ(clamp)(qf x, float low, float high) {
  qf l = (qf)low, h = (qf)high;
  x = x > l ? x : l;
  return x < h ? x : h;
}

/// round(sum · multiplier), at most 10⁹; below −2³¹ the conversion itself gives −2³¹. Such values are clamped later.
VQ_INLINE qi VQ(rounded)(qi sum, qf multiplier) {
  const qf most = (qf)1e9f;
  qf t = __builtin_convertvector(sum, qf) * multiplier;
  return vq_round(t < most ? t : most);
}

/// The same where all values are known to be in range.
VQ_INLINE qi VQ(rounded_bounded)(qi sum, qf multiplier) {
  return vq_round(__builtin_convertvector(sum, qf) * multiplier);
}

/// Whether every sum of two roundings is small enough to be converted without a clamp.
VQ_INLINE bool VQ(sums_are_bounded)(const vn_requantization *r) {
  return r->bounded && r->sum_scale < 1e6f && r->residual_scale < 1e6f;
}

/// The parameters for the sum of two roundings. Read only once, since the compiler must assume that byte stores change them.
typedef struct VQ(addition) {
  qi residual_zero;
  qf low, high, sum_scale, residual_scale;
} VQ(addition);

VQ_INLINE VQ(addition) VQ(addition_of)(const vn_requantization *r) {
  return (VQ(addition)){.low = (qf)r->low, .high = (qf)r->high, .residual_zero = (qi)r->residual_zero,
                        .sum_scale = (qf)r->sum_scale, .residual_scale = (qf)r->residual_scale};
}

/// The sum of two roundings where `sums_are_bounded`. `plain`: the residual's zero point is 0.
VQ_INLINE qi VQ(rounded_with_residual_bounded)(const bool plain, qi sum, qf multiplier, qi residual, VQ(addition) r) {
  // The bounds are whole numbers, so clamping before or after rounding gives the same.
  qf t = __builtin_convertvector(sum, qf) * multiplier;
  t = t > r.low ? t : r.low;
  t = t < r.high ? t : r.high;
  qf a = vq_whole(t) * r.sum_scale;
  qf b = __builtin_convertvector(plain ? residual : residual - r.residual_zero, qf) * r.residual_scale;
  return vq_round(a + b);
}

/// The sum of two roundings, see `vn_requantization`; `residual` holds bytes widened to 32 bits.
VQ_INLINE qi VQ(rounded_with_residual)(qi sum, qf multiplier, qi residual, const vn_requantization *r) {
  const qi low = (qi)(int32_t)r->low, high = (qi)(int32_t)r->high;
  const qf most = (qf)1e9f, least = (qf)-1e9f;
  qi t = VQ(rounded)(sum, multiplier);
  t = t > low ? t : low;
  t = t < high ? t : high;
  qf a = __builtin_convertvector(t, qf) * r->sum_scale;
  qf b = __builtin_convertvector(residual - r->residual_zero, qf) * r->residual_scale;
  qf c = a + b;
  c = c > least ? c : least;
  return vq_round(c < most ? c : most);
}

/// How whole numbers become bytes: the zero point is added, then they are clamped to the bounds.
typedef struct VQ(ending) {
  int16_t zero;
  uint8_t low, high;
} VQ(ending);

VQ_INLINE VQ(ending) VQ(ending_of)(const vn_requantization *r, bool residual) {
  if (r->floats) return (VQ(ending)){0, 0, 255};
  const int32_t zero = residual ? r->sum_zero : r->zero;
  const float low = residual ? r->sum_low : r->low, high = residual ? r->sum_high : r->high;
  return (VQ(ending)){(int16_t)zero, (uint8_t)((int32_t)low + zero), (uint8_t)((int32_t)high + zero)};
}

/// Whether the zero point is 0 and the bounds are those of a byte.
VQ_INLINE bool VQ(is_plain)(VQ(ending) e) { return e.zero == 0 && e.low == 0 && e.high == 255; }

VQ_INLINE qi VQ(finish)(const bool plain, qi a, qi b, qi c, qi d, VQ(ending) e) {
  return plain ? vq_bytes_plain(a, b, c, d) : vq_bytes(a, b, c, d, e.zero, e.low, e.high);
}
