#include <string.h>

#include "CImageCodecs.h"

// Integer arithmetic throughout: the sum of products in 32 bits, plus one half, is shifted down and clamped. The
// same code is compiled for several instruction sets, so results cannot differ.

#define INLINE static inline __attribute__((always_inline))
enum { PRECISION = 22 };

typedef int32_t int4 __attribute__((vector_size(16)));
typedef uint8_t byte4 __attribute__((vector_size(4)));
typedef int32_t int16x __attribute__((vector_size(64)));
typedef uint8_t byte16 __attribute__((vector_size(16)));

INLINE void tap(int4 *sum, const uint8_t *pixel, int32_t weight) {
  byte4 bytes;
  memcpy(&bytes, pixel, 4);
  *sum += __builtin_convertvector(bytes, int4) * weight;
}

// Stores a pixel. The fourth byte belongs to the next pixel of the row, which is stored later; the last pixel has none.
INLINE void put(int4 sum, uint8_t *pixel, int last) {
  int4 zero = {0, 0, 0, 0}, top = zero + 255;
  sum = __builtin_elementwise_min(__builtin_elementwise_max(sum >> PRECISION, zero), top);
  byte4 bytes = __builtin_convertvector(sum, byte4);
  if (last)
    memcpy(pixel, &bytes, 3);
  else
    memcpy(pixel, &bytes, 4);
}

INLINE void horizontal(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output, ptrdiff_t output_pitch,
                       int32_t rows, int32_t outputs, vn_resample_axis axis) {
  const int4 half = (int4){0, 0, 0, 0} + (1 << (PRECISION - 1));
  int32_t y = 0;
  // Four rows at once: the weights are loaded once for all, and four independent sums hide latency.
  for (; y + 4 <= rows; y += 4) {
    const uint8_t *source = input + y * input_pitch;
    uint8_t *target = output + y * output_pitch;
    for (int32_t x = 0; x < outputs; x++) {
      const uint8_t *p = source + (ptrdiff_t)(axis.first[x] - axis.origin) * 3;
      const int32_t *weights = axis.weights + (ptrdiff_t)x * axis.taps;
      int4 a = half, b = half, c = half, d = half;
      for (int32_t k = 0; k < axis.count[x]; k++, p += 3) {
        tap(&a, p, weights[k]);
        tap(&b, p + input_pitch, weights[k]);
        tap(&c, p + 2 * input_pitch, weights[k]);
        tap(&d, p + 3 * input_pitch, weights[k]);
      }
      uint8_t *q = target + (ptrdiff_t)x * 3;
      const int last = x + 1 == outputs;
      put(a, q, last);
      put(b, q + output_pitch, last);
      put(c, q + 2 * output_pitch, last);
      put(d, q + 3 * output_pitch, last);
    }
  }
  for (; y < rows; y++) {
    for (int32_t x = 0; x < outputs; x++) {
      const uint8_t *p = input + y * input_pitch + (ptrdiff_t)(axis.first[x] - axis.origin) * 3;
      const int32_t *weights = axis.weights + (ptrdiff_t)x * axis.taps;
      int4 a = half;
      for (int32_t k = 0; k < axis.count[x]; k++, p += 3) tap(&a, p, weights[k]);
      put(a, output + y * output_pitch + (ptrdiff_t)x * 3, x + 1 == outputs);
    }
  }
}

INLINE void vertical(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output, ptrdiff_t output_pitch,
                     int32_t row_bytes, int32_t outputs, vn_resample_axis axis) {
  const int16x zero = {0}, top = zero + 255;
  for (int32_t y = 0; y < outputs; y++) {
    const uint8_t *source = input + (ptrdiff_t)(axis.first[y] - axis.origin) * input_pitch;
    uint8_t *target = output + y * output_pitch;
    const int32_t *weights = axis.weights + (ptrdiff_t)y * axis.taps;
    const int32_t count = axis.count[y];
    int32_t x = 0;
    for (; x + 16 <= row_bytes; x += 16) {
      int16x sum = zero + (1 << (PRECISION - 1));
      for (int32_t k = 0; k < count; k++) {
        byte16 bytes;
        memcpy(&bytes, source + k * input_pitch + x, 16);
        sum += __builtin_convertvector(bytes, int16x) * weights[k];
      }
      sum = __builtin_elementwise_min(__builtin_elementwise_max(sum >> PRECISION, zero), top);
      byte16 bytes = __builtin_convertvector(sum, byte16);
      memcpy(target + x, &bytes, 16);
    }
    for (; x < row_bytes; x++) {
      int32_t sum = 1 << (PRECISION - 1);
      for (int32_t k = 0; k < count; k++) sum += source[k * input_pitch + x] * weights[k];
      sum >>= PRECISION;
      target[x] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void horizontal_avx2(
    const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output, ptrdiff_t output_pitch, int32_t rows,
    int32_t outputs, vn_resample_axis axis) {
  horizontal(input, input_pitch, output, output_pitch, rows, outputs, axis);
}

__attribute__((target("avx2"))) static void vertical_avx2(
    const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output, ptrdiff_t output_pitch, int32_t row_bytes,
    int32_t outputs, vn_resample_axis axis) {
  vertical(input, input_pitch, output, output_pitch, row_bytes, outputs, axis);
}

__attribute__((target("avx512f,avx512bw,avx512vl"))) static void vertical_avx512(
    const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output, ptrdiff_t output_pitch, int32_t row_bytes,
    int32_t outputs, vn_resample_axis axis) {
  vertical(input, input_pitch, output, output_pitch, row_bytes, outputs, axis);
}
#endif

int vn_resample_supports(int level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (level == VN_RESAMPLE_AVX2) return __builtin_cpu_supports("avx2") != 0;
  if (level == VN_RESAMPLE_AVX512)
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#endif
  return level == VN_RESAMPLE_BEST || level == VN_RESAMPLE_PORTABLE;
}

static int chosen(int level) {
  if (level != VN_RESAMPLE_BEST) return vn_resample_supports(level) ? level : VN_RESAMPLE_PORTABLE;
  if (vn_resample_supports(VN_RESAMPLE_AVX512)) return VN_RESAMPLE_AVX512;
  return vn_resample_supports(VN_RESAMPLE_AVX2) ? VN_RESAMPLE_AVX2 : VN_RESAMPLE_PORTABLE;
}

void vn_resample_horizontal(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output,
                            ptrdiff_t output_pitch, int32_t rows, int32_t outputs, vn_resample_axis axis,
                            int level) {
#if defined(__x86_64__)
  // A pixel fills four lanes, so registers wider than those of AVX2 bring no gain.
  if (chosen(level) != VN_RESAMPLE_PORTABLE) {
    horizontal_avx2(input, input_pitch, output, output_pitch, rows, outputs, axis);
    return;
  }
#endif
  horizontal(input, input_pitch, output, output_pitch, rows, outputs, axis);
}

void vn_resample_vertical(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output,
                          ptrdiff_t output_pitch, int32_t row_bytes, int32_t outputs, vn_resample_axis axis,
                          int level) {
#if defined(__x86_64__)
  switch (chosen(level)) {
    case VN_RESAMPLE_AVX512:
      vertical_avx512(input, input_pitch, output, output_pitch, row_bytes, outputs, axis);
      return;
    case VN_RESAMPLE_AVX2:
      vertical_avx2(input, input_pitch, output, output_pitch, row_bytes, outputs, axis);
      return;
    default:
      break;
  }
#endif
  vertical(input, input_pitch, output, output_pitch, row_bytes, outputs, axis);
}
