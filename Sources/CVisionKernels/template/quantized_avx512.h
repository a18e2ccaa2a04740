// Vectors of 512 bits for template/quantized.h; the including file defines vq_dot after it and includes that.
#define VQ_LANES 16
#define VQ_ROWS 14
#define VQ_OUTPUTS 4
#define VQ_INLINE static inline __attribute__((always_inline))

typedef float qf __attribute__((ext_vector_type(VQ_LANES)));
typedef int32_t qi __attribute__((ext_vector_type(VQ_LANES)));

VQ_INLINE qi vq_round(qf x) { return (qi)_mm512_cvtps_epi32((__m512)x); }
VQ_INLINE qi vq_low8(qi a, qi b) { return (qi)_mm512_unpacklo_epi8((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_high8(qi a, qi b) { return (qi)_mm512_unpackhi_epi8((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_low16(qi a, qi b) { return (qi)_mm512_unpacklo_epi16((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_high16(qi a, qi b) { return (qi)_mm512_unpackhi_epi16((__m512i)a, (__m512i)b); }
VQ_INLINE qi vq_pack(qi a, qi b, qi c, qi d) {
  return (qi)_mm512_packus_epi16(_mm512_packs_epi32((__m512i)a, (__m512i)b),
                                 _mm512_packs_epi32((__m512i)c, (__m512i)d));
}
VQ_INLINE qi vq_load_part(const uint8_t *p, size_t n) {
  return (qi)_mm512_maskz_loadu_epi8((__mmask64)((1ull << n) - 1), p);
}
VQ_INLINE void vq_store_part(uint8_t *p, qi x, size_t n) {
  _mm512_mask_storeu_epi8(p, (__mmask64)((1ull << n) - 1), (__m512i)x);
}
