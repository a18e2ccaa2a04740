// Bytes with NEON and its dot products of int8 (FEAT_DotProd). Pixels are bytes without a sign: 128 less than each is an int8,
// and the products of 128 and the weights are added.
#include <string.h>

#include "quantized.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define VQ_DOT_PRODUCTS true
#define VQ_FOURS 1
#define VQ(name) name##_neon_dot
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "template/quantized_neon.h"

/// −128 times the weights, for the difference.
VQ_INLINE qi vq_shift(qi sums, qi w) { return (qi)vdotq_s32((int32x4_t)sums, vdupq_n_s8(-128), (int8x16_t)w); }
VQ_INLINE qi vq_sixteen(const uint8_t *p) { return (qi)veorq_u8(vld1q_u8(p), vdupq_n_u8(0x80)); }
VQ_INLINE qi vq_dot(qi sums, qi x, qi w) {
  const int32x4_t whole = (int32x4_t)(sums - vq_shift((qi)0, w));
  return (qi)vdotq_s32(whole, (int8x16_t)veorq_u8((uint8x16_t)x, vdupq_n_u8(0x80)), (int8x16_t)w);
}
VQ_INLINE qi vq_dot_lane(qi sums, qi x, const int lane, qi w) {
  const int32x4_t s = (int32x4_t)sums;
  const int8x16_t xs = (int8x16_t)x, ws = (int8x16_t)w;
  switch (lane) {
    case 0: return (qi)vdotq_laneq_s32(s, ws, xs, 0);
    case 1: return (qi)vdotq_laneq_s32(s, ws, xs, 1);
    case 2: return (qi)vdotq_laneq_s32(s, ws, xs, 2);
    default: return (qi)vdotq_laneq_s32(s, ws, xs, 3);
  }
}
#include "template/quantized.h"
#pragma clang attribute pop
#endif
