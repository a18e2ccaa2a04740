// Products of bfloat16 with the instructions for them (AVX512_BF16).
#include "kernels.h"

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
#include "template/vector.h"
#include "template/tile.h"
#include "template/bfloat16.h"
#pragma clang attribute pop
#endif
