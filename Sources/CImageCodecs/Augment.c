#include <math.h>
#include <string.h>

#include "CImageCodecs.h"

// A fused multiply-add would round once where other machines round twice.
#pragma STDC FP_CONTRACT OFF

static inline uint8_t luma(const uint8_t *p) {
  return (uint8_t)((p[0] * 19595u + p[1] * 38470u + p[2] * 7471u + 0x8000u) >> 16);
}

// Truncated toward zero, as in Pillow's blend; 0 for NaN.
static inline uint8_t clipped(float value) {
  return value > 0 ? value < 255 ? (uint8_t)value : 255 : 0;
}

// Rounds half away from zero; for values that are not negative.
static inline uint8_t rounded(double value) { return (uint8_t)(int)(value + 0.5); }

void vn_flip_columns(uint8_t *rgb, int32_t width, int32_t height) {
  for (int32_t y = 0; y < height; y++) {
    uint8_t *a = rgb + (ptrdiff_t)y * width * 3, *b = a + (ptrdiff_t)(width - 1) * 3;
    for (; a < b; a += 3, b -= 3) {
      uint8_t r = a[0], g = a[1], c = a[2];
      a[0] = b[0], a[1] = b[1], a[2] = b[2];
      b[0] = r, b[1] = g, b[2] = c;
    }
  }
}

void vn_flip_rows(uint8_t *rgb, int32_t width, int32_t height) {
  const ptrdiff_t bytes = (ptrdiff_t)width * 3;
  for (int32_t y = 0; y < height / 2; y++) {
    uint8_t *a = rgb + y * bytes, *b = rgb + (height - 1 - y) * bytes;
    for (ptrdiff_t x = 0; x < bytes; x++) {
      uint8_t byte = a[x];
      a[x] = b[x];
      b[x] = byte;
    }
  }
}

void vn_map_bytes(uint8_t *rgb, size_t pixels, const uint8_t *tables) {
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    rgb[0] = tables[rgb[0]];
    rgb[1] = tables[256 + rgb[1]];
    rgb[2] = tables[512 + rgb[2]];
  }
}

void vn_count_bytes(const uint8_t *rgb, size_t pixels, uint32_t *counts) {
  memset(counts, 0, 3 * 256 * sizeof *counts);
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    counts[rgb[0]]++;
    counts[256 + rgb[1]]++;
    counts[512 + rgb[2]]++;
  }
}

uint64_t vn_luma_sum(const uint8_t *rgb, size_t pixels) {
  uint64_t sum = 0;
  for (size_t i = 0; i < pixels; i++) sum += luma(rgb + i * 3);
  return sum;
}

void vn_saturate(uint8_t *rgb, size_t pixels, float factor) {
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    const int gray = luma(rgb);
    for (int c = 0; c < 3; c++) rgb[c] = clipped((float)gray + factor * (float)(rgb[c] - gray));
  }
}

void vn_turn_hue(uint8_t *rgb, size_t pixels, uint8_t turn) {
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    const int r = rgb[0], g = rgb[1], b = rgb[2];
    const int top = r > g ? (r > b ? r : b) : (g > b ? g : b);
    const int bottom = r < g ? (r < b ? r : b) : (g < b ? g : b);
    if (top == bottom) continue;
    // To 8-bit hue and saturation, and back: the loss of the conversion is part of the definition.
    const float range = (float)(top - bottom);
    const float dr = (float)(top - r) / range, dg = (float)(top - g) / range, db = (float)(top - b) / range;
    const float sector = r == top ? db - dg : g == top ? (float)(2.0 + dr - db) : (float)(4.0 + dg - dr);
    const double circle = sector / 6.0 + 1.0;
    const float turned = (float)(circle >= 1 ? circle - 1 : circle);
    const uint8_t hue = (uint8_t)((uint8_t)(int)(turned * 255.0) + turn);
    const uint8_t saturation = (uint8_t)(int)(range / (float)top * 255.0);
    if (saturation == 0) {
      rgb[0] = rgb[1] = rgb[2] = (uint8_t)top;
      continue;
    }
    const float s = (float)(saturation / 255.0);
    const double position = (float)hue * 6.0 / 255.0;
    const int part = (int)position;
    const float fraction = (float)(position - part);
    const uint8_t v = (uint8_t)top;
    const uint8_t p = rounded((float)top * (1.0 - s));
    // The middle channel: falling in odd sixths of the circle, rising in even ones.
    const uint8_t m = rounded((float)top * (1.0 - s * (part & 1 ? fraction : 1.0 - fraction)));
    switch (part % 6) {
      case 0: rgb[0] = v, rgb[1] = m, rgb[2] = p; break;
      case 1: rgb[0] = m, rgb[1] = v, rgb[2] = p; break;
      case 2: rgb[0] = p, rgb[1] = v, rgb[2] = m; break;
      case 3: rgb[0] = p, rgb[1] = m, rgb[2] = v; break;
      case 4: rgb[0] = m, rgb[1] = p, rgb[2] = v; break;
      default: rgb[0] = v, rgb[1] = p, rgb[2] = m; break;
    }
  }
}

void vn_sharpen(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, float factor) {
  const ptrdiff_t pitch = (ptrdiff_t)width * 3;
  memcpy(output, rgb, (size_t)(pitch * height));
  for (int32_t y = 1; y + 1 < height; y++) {
    const uint8_t *row = rgb + y * pitch;
    uint8_t *target = output + y * pitch;
    for (ptrdiff_t x = 3; x + 3 < pitch; x++) {
      const uint8_t *p = row + x;
      const int sum = p[-pitch - 3] + p[-pitch] + p[-pitch + 3] + p[-3] + 5 * p[0] + p[3] + p[pitch - 3] +
                      p[pitch] + p[pitch + 3];
      // A multiple of 1/13 is never halfway between integers, so rounding is unambiguous.
      const int smooth = (2 * sum + 13) / 26;
      target[x] = clipped((float)smooth + factor * (float)(p[0] - smooth));
    }
  }
}

// Fixed point with 16 fractional bits. NaN and values beyond the size of any image are clamped, so that neither the cast
// nor the sums of steps are undefined.
static inline int64_t fixed(double value) {
  const double most = 1 << 26;
  if (!(value > -most)) return -((int64_t)1 << 42);
  return value < most ? (int64_t)floor(value * 65536 + 0.5) : (int64_t)1 << 42;
}

static void affine_nearest(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, const double *m,
                           const uint8_t *fill) {
  // Adds fixed-point steps, like Pillow.
  const int64_t xx = fixed(m[0]), xy = fixed(m[1]), yx = fixed(m[3]), yy = fixed(m[4]);
  int64_t x0 = fixed(m[2] + m[0] * 0.5 + m[1] * 0.5), y0 = fixed(m[5] + m[3] * 0.5 + m[4] * 0.5);
  for (int32_t y = 0; y < height; y++, x0 += xy, y0 += yy) {
    int64_t x = x0, v = y0;
    for (int32_t i = 0; i < width; i++, x += xx, v += yx, output += 3) {
      const int64_t column = x >> 16, row = v >> 16;
      const int inside = column >= 0 && column < width && row >= 0 && row < height;
      const uint8_t *p = inside ? rgb + (row * width + column) * 3 : fill;
      output[0] = p[0], output[1] = p[1], output[2] = p[2];
    }
  }
}

static void affine_smooth(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, const double *m,
                          const uint8_t *fill) {
  for (int32_t y = 0; y < height; y++) {
    for (int32_t x = 0; x < width; x++, output += 3) {
      double u = m[0] * (x + 0.5) + m[1] * (y + 0.5) + m[2];
      double v = m[3] * (x + 0.5) + m[4] * (y + 0.5) + m[5];
      if (!(u >= 0 && u < width && v >= 0 && v < height)) {
        output[0] = fill[0], output[1] = fill[1], output[2] = fill[2];
        continue;
      }
      u -= 0.5, v -= 0.5;
      // A cast with a correction is much faster than a call of `floor`.
      const int32_t left = (int32_t)u - ((int32_t)u > u), upper = (int32_t)v - ((int32_t)v > v);
      const double dx = u - left, dy = v - upper;
      const int32_t c0 = left < 0 ? 0 : left, c1 = left + 1 < width ? left + 1 : width - 1;
      const int32_t r0 = upper < 0 ? 0 : upper, r1 = upper + 1 < height ? upper + 1 : height - 1;
      const uint8_t *a = rgb + ((ptrdiff_t)r0 * width + c0) * 3, *b = rgb + ((ptrdiff_t)r0 * width + c1) * 3;
      const uint8_t *c = rgb + ((ptrdiff_t)r1 * width + c0) * 3, *d = rgb + ((ptrdiff_t)r1 * width + c1) * 3;
      for (int k = 0; k < 3; k++) {
        const double first = a[k] + (b[k] - a[k]) * dx, second = c[k] + (d[k] - c[k]) * dx;
        output[k] = (uint8_t)(first + (second - first) * dy);
      }
    }
  }
}

void vn_affine(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, const double *m, int smooth,
               const uint8_t *fill) {
  (smooth ? affine_smooth : affine_nearest)(rgb, output, width, height, m, fill);
}

void vn_planes(const uint8_t *rgb, size_t pixels, const float *tables, int swapped, float *output) {
  const int first = swapped ? 2 : 0, last = 2 - first;
  float *second = output + pixels, *third = second + pixels;
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    output[i] = tables[rgb[first]];
    second[i] = tables[256 + rgb[1]];
    third[i] = tables[512 + rgb[last]];
  }
}
