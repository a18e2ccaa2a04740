// AVX-512 F, BW, DQ and VL.
#include "../shared/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#define VN_LANES 16
#define VN_FUSED 1
#define VN_ROUNDS 1
#define VN_ROWS 14
#define VN_OUTPUTS 7
#define VN_HALVES 1
#define VN_MASK_AVX512 1
#define VN_ISA(name) name##_avx512
#define VN_ISA_VALUE VN_AVX512
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prfchw"))), \
                             apply_to = function)
#include "all.h"
#pragma clang attribute pop
#endif
