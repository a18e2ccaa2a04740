// Bytes with AVX2. `maddubs` saturates at 16 bits and is therefore not used.
#include <string.h>

#include "quantized.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VQ_DOT_PRODUCTS false
#define VQ(name) name##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "template/quantized_avx2.h"

/// Widens even and odd bytes to 16 bits, so that no product and no sum of two products can overflow.
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  const __m256i xs = (__m256i)x, ws = (__m256i)w;
  __m256i even = _mm256_madd_epi16(_mm256_and_si256(xs, _mm256_set1_epi16(0xff)),
                                   _mm256_srai_epi16(_mm256_slli_epi16(ws, 8), 8));
  __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(xs, 8), _mm256_srai_epi16(ws, 8));
  return sums + (qi)even + (qi)odd;
}
VQ_INLINE qi vq_dot_words(qi sums, qi x, qi w) {
  return (qi)_mm256_add_epi32((__m256i)sums, _mm256_madd_epi16((__m256i)x, (__m256i)w));
}
#include "template/quantized.h"
#pragma clang attribute pop
#endif
