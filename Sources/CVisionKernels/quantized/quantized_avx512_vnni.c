// Bytes with AVX-512 and its dot products of bytes (VNNI).
#include <string.h>

#include "quantized.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VQ_DOT_PRODUCTS true
#define VQ(name) name##_avx512_vnni
#pragma clang attribute push(                                                                \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,prfchw"))),       \
    apply_to = function)
#include "template/quantized_avx512.h"
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  return (qi)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)x, (__m512i)w);
}
VQ_INLINE qi vq_dot_words(qi sums, qi x, qi w) {
  return (qi)_mm512_dpwssd_epi32((__m512i)sums, (__m512i)x, (__m512i)w);
}
#include "template/quantized.h"
#pragma clang attribute pop
#endif
