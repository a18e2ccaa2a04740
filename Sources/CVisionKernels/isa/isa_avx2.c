// AVX2 with FMA.
#include "../shared/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

/// Eight ones, then eight zeros: a load that begins 8 − n entries in is a mask of n lanes.
static const int32_t vn_mask_avx2[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

#define VN_LANES 8
#define VN_FUSED 1
#define VN_ROUNDS 1
#define VN_ROWS 6
#define VN_OUTPUTS 4
#define VN_MASK_AVX2 1
#define VN_ISA(name) name##_avx2
#define VN_ISA_VALUE VN_AVX2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "all.h"
#pragma clang attribute pop
#endif
