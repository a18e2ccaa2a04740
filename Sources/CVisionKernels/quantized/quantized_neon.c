// Bytes with NEON alone, for processors without dot products of bytes.
#include <string.h>

#include "quantized.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define VQ_DOT_PRODUCTS false
#define VQ(name) name##_neon
#include "template/quantized_neon.h"

/// No product of a byte and an int8 exceeds 16 bits; sums of two are formed in 32.
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  const uint8x16_t xs = (uint8x16_t)x;
  const int8x16_t ws = (int8x16_t)w;
  const int16x8_t low = vmulq_s16((int16x8_t)vmovl_u8(vget_low_u8(xs)), vmovl_s8(vget_low_s8(ws)));
  const int16x8_t high = vmulq_s16((int16x8_t)vmovl_high_u8(xs), vmovl_high_s8(ws));
  return (qi)vaddq_s32((int32x4_t)sums, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)));
}
#include "template/quantized.h"
#endif
