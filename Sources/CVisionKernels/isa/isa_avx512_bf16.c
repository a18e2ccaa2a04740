// bfloat16 products with the AVX512_BF16 instructions.
#include "../shared/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VN_LANES 16
#define VN_FUSED 1
#define VN_ROUNDS 1
#define VN_ROWS 14
#define VN_MASK_AVX512 1
#define VN_BFLOAT16 1
#define VN_ISA(name) name##_avx512_bf16
#pragma clang attribute push(                                                                            \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma,prfchw"))), apply_to = function)
#include "../shared/template/vector.h"
#include "../gemm/template/tile.h"

static double VN_ISA(burn_pairs)(size_t rounds, float *sink) {
  vf acc[12];
  vf a = (vf)1.0f, b = (vf)1e-6f;
#pragma clang loop unroll(full)
  for (int i = 0; i < 12; i++) acc[i] = (vf)(float)i;
  for (size_t r = 0; r < rounds; r++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) acc[i] = (vf)_mm512_dpbf16_ps((__m512)acc[i], (__m512bh)a, (__m512bh)b);
  }
  vf total = (vf)0.0f;
#pragma clang loop unroll(full)
  for (int i = 0; i < 12; i++) total += acc[i];
  *sink += vsum(total);
  return (double)rounds * 12 * VN_LANES * 4;
}

#include "../bfloat16/template/bfloat16.h"
#pragma clang attribute pop
#endif
