// Bytes with NEON and its dot products of bytes and int8 (FEAT_I8MM).
#include <string.h>

#include "quantized.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define VQ_DOT_PRODUCTS true
#define VQ_FOURS 1
#define VQ(name) name##_neon_i8mm
#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#include "template/quantized_neon.h"

/// Nothing was subtracted from the pixels.
VQ_INLINE qi vq_shift(qi sums, qi w) {
  (void)w;
  return sums;
}
VQ_INLINE qi vq_sixteen(const uint8_t *p) { return (qi)vld1q_u8(p); }
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  return (qi)vusdotq_s32((int32x4_t)sums, (uint8x16_t)x, (int8x16_t)w);
}
VQ_INLINE qi vq_dot_lane(qi sums, qi x, const int lane, qi w) {
  const int32x4_t s = (int32x4_t)sums;
  const uint8x16_t xs = (uint8x16_t)x;
  const int8x16_t ws = (int8x16_t)w;
  switch (lane) {
    case 0: return (qi)vsudotq_laneq_s32(s, ws, xs, 0);
    case 1: return (qi)vsudotq_laneq_s32(s, ws, xs, 1);
    case 2: return (qi)vsudotq_laneq_s32(s, ws, xs, 2);
    default: return (qi)vsudotq_laneq_s32(s, ws, xs, 3);
  }
}
#include "template/quantized.h"
#pragma clang attribute pop
#endif
