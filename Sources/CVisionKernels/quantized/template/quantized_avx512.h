// Vectors of 512 bits. The including file then defines vq_dot and vq_dot_words, and includes template/quantized.h.
#define VQ_LANES 16
#define VQ_ROWS 14
#define VQ_OUTPUTS 4
#define VQ_UNROLL 16
#define VQ_INLINE static inline __attribute__((always_inline))

typedef float qf __attribute__((ext_vector_type(VQ_LANES)));
typedef int32_t qi __attribute__((ext_vector_type(VQ_LANES)));

VQ_INLINE qi vq_round(qf x) { return (qi)_mm512_cvtps_epi32((__m512)x); }
VQ_INLINE qf vq_whole(qf x) { return (qf)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
VQ_INLINE qi vq_low8(qi a, qi b) { return (qi)_mm512_unpacklo_epi8((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_high8(qi a, qi b) { return (qi)_mm512_unpackhi_epi8((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_low16(qi a, qi b) { return (qi)_mm512_unpacklo_epi16((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_high16(qi a, qi b) { return (qi)_mm512_unpackhi_epi16((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_bytes(qi a, qi b, qi c, qi d, int16_t zero, uint8_t low, uint8_t high) {
  const __m512i z = _mm512_set1_epi16(zero);
  __m512i ab = _mm512_adds_epi16(_mm512_packs_epi32((__m512i)a, (__m512i)b), z);
  __m512i cd = _mm512_adds_epi16(_mm512_packs_epi32((__m512i)c, (__m512i)d), z);
  __m512i bytes = _mm512_max_epu8(_mm512_packus_epi16(ab, cd), _mm512_set1_epi8((char)low));
  return (qi)_mm512_min_epu8(bytes, _mm512_set1_epi8((char)high));
}
VQ_INLINE qi vq_bytes_plain(qi a, qi b, qi c, qi d) {
  return (qi)_mm512_packus_epi16(_mm512_packs_epi32((__m512i)a, (__m512i)b),
                                 _mm512_packs_epi32((__m512i)c, (__m512i)d));
}
VQ_INLINE qi vq_in_order(qi bytes) {
  return __builtin_shufflevector(bytes, bytes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}
VQ_INLINE __mmask64 vq_mask(size_t n) { return n < 64 ? (__mmask64)((1ull << n) - 1) : ~(__mmask64)0; }
VQ_INLINE qi vq_load_part(const uint8_t *p, size_t n) {
  return (qi)_mm512_maskz_loadu_epi8(vq_mask(n), p);
}
VQ_INLINE void vq_store_part(uint8_t *p, qi x, size_t n) {
  _mm512_mask_storeu_epi8(p, vq_mask(n), (__m512i)x);
}
