// Bytes with four-lane vectors for any machine; on x86-64 with SSE2.
#include <string.h>

#include "quantized.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#define VQ_LANES 4
#define VQ_ROWS 4
#define VQ_OUTPUTS 2
#define VQ_UNROLL 16
#define VQ_INLINE static inline __attribute__((always_inline))
#define VQ_DOT_PRODUCTS false
#define VQ(name) name##_portable

typedef float qf __attribute__((ext_vector_type(VQ_LANES)));
typedef int32_t qi __attribute__((ext_vector_type(VQ_LANES)));
typedef uint8_t qbytes __attribute__((ext_vector_type(16)));
typedef uint16_t qshorts __attribute__((ext_vector_type(8)));

VQ_INLINE qi vq_round(qf x) {
#if defined(__x86_64__)
  return (qi)_mm_cvtps_epi32((__m128)x);
#else
  // Values out of range become −2³¹, as on x86; in C their conversion is undefined.
  const qf bounded = x >= (qf)-0x1p31f && x < (qf)0x1p31f ? x : (qf)-0x1p31f;
  return __builtin_convertvector(__builtin_elementwise_roundeven(bounded), qi);
#endif
}

VQ_INLINE qf vq_whole(qf x) {
#if defined(__x86_64__)
  return __builtin_convertvector((qi)_mm_cvtps_epi32((__m128)x), qf);
#else
  return __builtin_elementwise_roundeven(x);
#endif
}

/// Sums of products of the 16-bit halves of each lane.
VQ_INLINE qi vq_products(qi a, qi b) {
#if defined(__x86_64__)
  return (qi)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  return ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
#endif
}

VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  typedef int16_t halves __attribute__((ext_vector_type(8)));
  qi even = (qi)((halves)((halves)w << 8) >> 8), odd = (qi)((halves)w >> 8);
  return sums + vq_products(x & (qi)0x00ff00ff, even) + vq_products((qi)((qshorts)x >> 8), odd);
}

VQ_INLINE qi vq_dot_words(qi sums, qi x, qi w) {
  typedef uint32_t words __attribute__((ext_vector_type(VQ_LANES)));
  return (qi)((words)sums + (words)vq_products(x, w));
}

VQ_INLINE qi vq_low8(qi a, qi b) {
  return (qi)__builtin_shufflevector((qbytes)a, (qbytes)b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
VQ_INLINE qi vq_high8(qi a, qi b) {
  return (qi)__builtin_shufflevector((qbytes)a, (qbytes)b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30,
                                     15, 31);
}
VQ_INLINE qi vq_low16(qi a, qi b) {
  return (qi)__builtin_shufflevector((qshorts)a, (qshorts)b, 0, 8, 1, 9, 2, 10, 3, 11);
}
VQ_INLINE qi vq_high16(qi a, qi b) {
  return (qi)__builtin_shufflevector((qshorts)a, (qshorts)b, 4, 12, 5, 13, 6, 14, 7, 15);
}
VQ_INLINE qi vq_bytes(qi a, qi b, qi c, qi d, int16_t zero, uint8_t low, uint8_t high) {
#if defined(__x86_64__)
  const __m128i z = _mm_set1_epi16(zero);
  __m128i ab = _mm_adds_epi16(_mm_packs_epi32((__m128i)a, (__m128i)b), z);
  __m128i cd = _mm_adds_epi16(_mm_packs_epi32((__m128i)c, (__m128i)d), z);
  __m128i bytes = _mm_max_epu8(_mm_packus_epi16(ab, cd), _mm_set1_epi8((char)low));
  return (qi)_mm_min_epu8(bytes, _mm_set1_epi8((char)high));
#else
  qi parts[4] = {a, b, c, d};
  for (int i = 0; i < 4; i++) {
    // Clamped first, so that the sum does not overflow.
    const qi least = (qi)((int32_t)low - zero), most = (qi)((int32_t)high - zero);
    qi x = parts[i] > least ? parts[i] : least;
    parts[i] = (x < most ? x : most) + (int32_t)zero;
  }
  qbytes ab = __builtin_shufflevector((qbytes)parts[0], (qbytes)parts[1], 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0,
                                      0, 0, 0, 0);
  qbytes cd = __builtin_shufflevector((qbytes)parts[2], (qbytes)parts[3], 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0,
                                      0, 0, 0, 0);
  return (qi)__builtin_shufflevector(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
#endif
}
VQ_INLINE qi vq_bytes_plain(qi a, qi b, qi c, qi d) { return vq_bytes(a, b, c, d, 0, 0, 255); }
VQ_INLINE qi vq_in_order(qi bytes) { return bytes; }
VQ_INLINE qi vq_load_part(const uint8_t *p, size_t n) {
  qi x = (qi)0;
  memcpy(&x, p, n);
  return x;
}
VQ_INLINE void vq_store_part(uint8_t *p, qi x, size_t n) { memcpy(p, &x, n); }

#include "template/quantized.h"
