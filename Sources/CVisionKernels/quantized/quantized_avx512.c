// Bytes with AVX-512 F, BW, DQ and VL.
#include <string.h>

#include "quantized.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VQ_DOT_PRODUCTS false
#define VQ(name) name##_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prfchw"))), \
                             apply_to = function)
#include "template/quantized_avx512.h"

/// Widens even and odd bytes to 16 bits, so that no product and no sum of two products can overflow.
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  const __m512i xs = (__m512i)x, ws = (__m512i)w;
  __m512i even = _mm512_madd_epi16(_mm512_and_si512(xs, _mm512_set1_epi16(0xff)),
                                   _mm512_srai_epi16(_mm512_slli_epi16(ws, 8), 8));
  __m512i odd = _mm512_madd_epi16(_mm512_srli_epi16(xs, 8), _mm512_srai_epi16(ws, 8));
  return sums + (qi)even + (qi)odd;
}
VQ_INLINE qi vq_dot_words(qi sums, qi x, qi w) {
  return (qi)_mm512_add_epi32((__m512i)sums, _mm512_madd_epi16((__m512i)x, (__m512i)w));
}
#include "template/quantized.h"
#pragma clang attribute pop
#endif
