// Vectors of 256 bits. The including file then defines vq_dot and vq_dot_words, and includes template/quantized.h.
#define VQ_LANES 8
#define VQ_ROWS 4
#define VQ_OUTPUTS 2
#define VQ_UNROLL 16
#define VQ_INLINE static inline __attribute__((always_inline))

typedef float qf __attribute__((ext_vector_type(VQ_LANES)));
typedef int32_t qi __attribute__((ext_vector_type(VQ_LANES)));

VQ_INLINE qi vq_round(qf x) { return (qi)_mm256_cvtps_epi32((__m256)x); }
VQ_INLINE qf vq_whole(qf x) { return (qf)_mm256_round_ps((__m256)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
VQ_INLINE qi vq_low8(qi a, qi b) { return (qi)_mm256_unpacklo_epi8((__m256i)a, (__m256i)b); }
VQ_INLINE qi vq_high8(qi a, qi b) { return (qi)_mm256_unpackhi_epi8((__m256i)a, (__m256i)b); }
VQ_INLINE qi vq_low16(qi a, qi b) { return (qi)_mm256_unpacklo_epi16((__m256i)a, (__m256i)b); }
VQ_INLINE qi vq_high16(qi a, qi b) { return (qi)_mm256_unpackhi_epi16((__m256i)a, (__m256i)b); }
VQ_INLINE qi vq_bytes(qi a, qi b, qi c, qi d, int16_t zero, uint8_t low, uint8_t high) {
  const __m256i z = _mm256_set1_epi16(zero);
  __m256i ab = _mm256_adds_epi16(_mm256_packs_epi32((__m256i)a, (__m256i)b), z);
  __m256i cd = _mm256_adds_epi16(_mm256_packs_epi32((__m256i)c, (__m256i)d), z);
  __m256i bytes = _mm256_max_epu8(_mm256_packus_epi16(ab, cd), _mm256_set1_epi8((char)low));
  return (qi)_mm256_min_epu8(bytes, _mm256_set1_epi8((char)high));
}
VQ_INLINE qi vq_bytes_plain(qi a, qi b, qi c, qi d) {
  return (qi)_mm256_packus_epi16(_mm256_packs_epi32((__m256i)a, (__m256i)b),
                                 _mm256_packs_epi32((__m256i)c, (__m256i)d));
}
VQ_INLINE qi vq_in_order(qi bytes) { return __builtin_shufflevector(bytes, bytes, 0, 4, 1, 5, 2, 6, 3, 7); }
VQ_INLINE qi vq_load_part(const uint8_t *p, size_t n) {
  qi x = (qi)0;
  memcpy(&x, p, n);
  return x;
}
VQ_INLINE void vq_store_part(uint8_t *p, qi x, size_t n) { memcpy(p, &x, n); }
