// Bytes with AVX2 and its dot products of bytes (AVX-VNNI).
#include <string.h>

#include "quantized.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VQ_DOT_PRODUCTS true
#define VQ(name) name##_avx2_vnni
#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)
#include "template/quantized_avx2.h"
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  return (qi)_mm256_dpbusd_avx_epi32((__m256i)sums, (__m256i)x, (__m256i)w);
}
VQ_INLINE qi vq_dot_words(qi sums, qi x, qi w) {
  return (qi)_mm256_dpwssd_avx_epi32((__m256i)sums, (__m256i)x, (__m256i)w);
}
#include "template/quantized.h"
#pragma clang attribute pop
#endif
