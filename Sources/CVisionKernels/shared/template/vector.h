// Vectors of one instruction set. Included once by each isa_*.c, which defines VN_LANES, VN_FUSED (whether
// there is a fused multiply-add), VN_ISA(name) and, on x86-64, VN_MASK_AVX2 or VN_MASK_AVX512; also VN_HALVES where, on some
// machines, half a vector takes half as long as a whole one.

typedef float vf __attribute__((ext_vector_type(VN_LANES)));
typedef int32_t vi __attribute__((ext_vector_type(VN_LANES)));
typedef float vf_memory __attribute__((ext_vector_type(VN_LANES), aligned(4), may_alias));

#define VN_INLINE static inline __attribute__((always_inline))

VN_INLINE vf vload(const float *p) { return *(const vf_memory *)p; }
VN_INLINE void vstore(float *p, vf x) { *(vf_memory *)p = x; }

/// A non-temporal store; p is aligned to a vector.
VN_INLINE void vstream(float *p, vf x) { __builtin_nontemporal_store(x, (vf *)p); }

VN_INLINE vf vfma(vf a, vf b, vf c) {
#if VN_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// The larger, or b if either is NaN.
VN_INLINE vf vmax(vf a, vf b) { return a > b ? a : b; }
/// The smaller, or b if either is NaN.
VN_INLINE vf vmin(vf a, vf b) { return a < b ? a : b; }
/// The larger, NaN if either is.
VN_INLINE vf vmax_nan(vf a, vf b) { return a != a ? a : vmax(a, b); }
/// The smaller, NaN if either is.
VN_INLINE vf vmin_nan(vf a, vf b) { return a != a ? a : vmin(a, b); }

VN_INLINE vi vbits(vf x) { return (vi)x; }
VN_INLINE vf vfloat(vi x) { return (vf)x; }
VN_INLINE vf vabs(vf x) { return vfloat(vbits(x) & (vi)0x7fffffff); }
VN_INLINE vf vcopysign(vf magnitude, vf sign) {
  return vfloat((vbits(magnitude) & (vi)0x7fffffff) | (vbits(sign) & (vi)(int32_t)0x80000000u));
}
VN_INLINE vf vsqrt(vf x) { return __builtin_elementwise_sqrt(x); }

VN_INLINE vf vround_even(vf x) {
#if VN_ROUNDS
  return __builtin_elementwise_roundeven(x);
#else
  // Adding 2²³ drops the fraction; larger magnitudes have none.
  vf magnitude = vabs(x), rounded = magnitude + (vf)8388608.0f - (vf)8388608.0f;
  return vcopysign(magnitude < (vf)8388608.0f ? rounded : x, x);
#endif
}
VN_INLINE vf vfloor(vf x) {
#if VN_ROUNDS
  return __builtin_elementwise_floor(x);
#else
  vf rounded = vround_even(x);
  return vcopysign(rounded > x ? rounded - (vf)1.0f : rounded, x);
#endif
}
VN_INLINE vf vceil(vf x) {
#if VN_ROUNDS
  return __builtin_elementwise_ceil(x);
#else
  vf rounded = vround_even(x);
  return vcopysign(rounded < x ? rounded + (vf)1.0f : rounded, x);
#endif
}

/// Loads n < VN_LANES floats, zeros after them.
VN_INLINE vf vload_part(const float *p, size_t n) {
#if VN_MASK_AVX512
  return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif VN_MASK_AVX2
  return (vf)_mm256_maskload_ps(
      p, _mm256_loadu_si256((const __m256i_u *)(vn_mask_avx2 + 8 - n)));
#else
  float buffer[VN_LANES] = {0};
  for (size_t i = 0; i < n; i++) buffer[i] = p[i];
  return vload(buffer);
#endif
}

/// Stores the first n < VN_LANES floats.
VN_INLINE void vstore_part(float *p, vf x, size_t n) {
#if VN_MASK_AVX512
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x);
#elif VN_MASK_AVX2
  _mm256_maskstore_ps(p, _mm256_loadu_si256((const __m256i_u *)(vn_mask_avx2 + 8 - n)),
                      (__m256)x);
#else
  float buffer[VN_LANES];
  vstore(buffer, x);
  for (size_t i = 0; i < n; i++) p[i] = buffer[i];
#endif
}

/// Loads n < VN_LANES floats, the last lanes of `other` after them.
VN_INLINE vf vload_or(const float *p, size_t n, vf other) {
#if VN_MASK_AVX512
  return (vf)_mm512_mask_loadu_ps((__m512)other, (__mmask16)((1u << n) - 1), p);
#elif VN_MASK_AVX2
  const __m256i mask = _mm256_loadu_si256((const __m256i_u *)(vn_mask_avx2 + 8 - n));
  return (vf)_mm256_blendv_ps((__m256)other, _mm256_maskload_ps(p, mask), _mm256_castsi256_ps(mask));
#else
  float buffer[VN_LANES];
  vstore(buffer, other);
  for (size_t i = 0; i < n; i++) buffer[i] = p[i];
  return vload(buffer);
#endif
}

/// The first n < VN_LANES lanes, zeros after them.
VN_INLINE vf vkeep(vf x, size_t n) {
#if VN_MASK_AVX512
  return (vf)_mm512_maskz_mov_ps((__mmask16)((1u << n) - 1), (__m512)x);
#elif VN_MASK_AVX2
  return (vf)((__m256i)_mm256_loadu_si256((const __m256i_u *)(vn_mask_avx2 + 8 - n)) & (__m256i)x);
#else
  float buffer[VN_LANES];
  vstore(buffer, x);
  for (size_t i = n; i < VN_LANES; i++) buffer[i] = 0;
  return vload(buffer);
#endif
}

/// Loads n ≤ VN_LANES floats.
VN_INLINE vf vload_some(const float *p, size_t n) { return n == VN_LANES ? vload(p) : vload_part(p, n); }
/// Stores n ≤ VN_LANES floats.
VN_INLINE void vstore_some(float *p, vf x, size_t n) {
  if (n == VN_LANES)
    vstore(p, x);
  else
    vstore_part(p, x, n);
}

/// The lanes in turned order, the ones from `width` on first. Adding them pairs lane i with lane i + width.
#if VN_LANES == 16
#define VN_TURNED_8(x) __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
#define VN_TURNED_4(x) __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)
#define VN_TURNED_2(x) __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define VN_TURNED_1(x) __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
#elif VN_LANES == 8
#define VN_TURNED_4(x) __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3)
#define VN_TURNED_2(x) __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5)
#define VN_TURNED_1(x) __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6)
#else
#define VN_TURNED_2(x) __builtin_shufflevector(x, x, 2, 3, 0, 1)
#define VN_TURNED_1(x) __builtin_shufflevector(x, x, 1, 0, 3, 2)
#endif

/// The sum of all lanes, in every lane: pairs half a vector apart, then a quarter, and so on.
VN_INLINE vf vsum_all(vf x) {
#if VN_LANES == 16
  x += VN_TURNED_8(x);
#endif
#if VN_LANES >= 8
  x += VN_TURNED_4(x);
#endif
  x += VN_TURNED_2(x);
  return x + VN_TURNED_1(x);
}
VN_INLINE float vsum(vf x) { return vsum_all(x)[0]; }

/// The largest lane, in every lane; any number if one is NaN.
VN_INLINE vf vmax_all(vf x) {
#if VN_LANES == 16
  x = vmax(x, VN_TURNED_8(x));
#endif
#if VN_LANES >= 8
  x = vmax(x, VN_TURNED_4(x));
#endif
  x = vmax(x, VN_TURNED_2(x));
  return vmax(x, VN_TURNED_1(x));
}
