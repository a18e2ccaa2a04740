#include "TIFFSamples.h"

#include <string.h>

#include "SampleLevels.h"
#include "TIFFLibrary.h"

void vn_tiff_to_bytes(const vn_tiff_samples *form, const uint8_t *packed, uint64_t count, uint8_t *bytes,
                      uint32_t step) {
  const uint16_t bits = form->bits;
  const unsigned scale = form->photometric == PHOTOMETRIC_PALETTE || bits > 8 ? 1 : 255u / ((1u << bits) - 1);
  for (uint64_t index = 0; index < count; index++) {
    unsigned value;
    if (bits == 8) {
      value = packed[index];
    } else if (bits == 16) {
      uint16_t word;
      memcpy(&word, packed + 2 * index, 2);
      value = form->levels.white > 0 ? vn_leveled(word, form->levels) : word >> 8;
    } else if (bits == 12) {
      // Two samples in three bytes.
      const uint8_t *triple = packed + index / 2 * 3;
      value = index % 2 == 0 ? triple[0] : (triple[1] & 15u) << 4 | triple[2] >> 4;
    } else {
      uint64_t first = index * bits;
      value = (packed[first / 8] >> (8 - bits - first % 8)) & ((1u << bits) - 1);
      value *= scale;
    }
    bytes[index * step] = (uint8_t)value;
  }
}

// a · b / 255, rounded, for values in 0...255.
static inline unsigned product255(unsigned a, unsigned b) {
  unsigned sum = a * b + 128;
  return ((sum >> 8) + sum) >> 8;
}

// Divides a color by the alpha that it was multiplied by.
static inline uint8_t divided(unsigned color, unsigned alpha) {
  if (alpha == 0) return 0;
  unsigned value = color * 255 / alpha;
  return value > 255 ? 255 : (uint8_t)value;
}

static inline uint8_t bounded(int value) { return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value; }

// The conversion of JFIF with Pillow's rounding: products in 64ths, plus one half, truncated toward zero.
static void from_ycbcr(const uint8_t *ycbcr, uint8_t *rgb) {
  const int y = ycbcr[0], cb = ycbcr[1] - 128, cr = ycbcr[2] - 128;
  const int green = (int)(-0.34414 * 64 * cb + 0.5) + (int)(-0.71414 * 64 * cr + 0.5);
  rgb[0] = bounded(y + ((int)(1.402 * 64 * cr + 0.5) >> 6));
  rgb[1] = bounded(y + (green >> 6));
  rgb[2] = bounded(y + ((int)(1.772 * 64 * cb + 0.5) >> 6));
}

void vn_tiff_to_rgb(const vn_tiff_samples *form, const uint8_t *bytes, uint32_t width, uint8_t *rgb) {
  const uint16_t samples = form->samples, alpha = form->associated_alpha;
  const int channels = form->photometric == PHOTOMETRIC_RGB ? 3 : 1;
  for (uint32_t x = 0; x < width; x++, bytes += samples, rgb += 3) {
    switch (form->photometric) {
      case PHOTOMETRIC_PALETTE:
        rgb[0] = (uint8_t)(form->red[bytes[0]] >> 8);
        rgb[1] = (uint8_t)(form->green[bytes[0]] >> 8);
        rgb[2] = (uint8_t)(form->blue[bytes[0]] >> 8);
        break;
      case PHOTOMETRIC_CMYK:
        for (int channel = 0; channel < 3; channel++) {
          unsigned light = 255u - bytes[3], ink = product255(bytes[channel], light);
          rgb[channel] = (uint8_t)(light > ink ? light - ink : 0);
        }
        break;
      case PHOTOMETRIC_YCBCR:
        from_ycbcr(bytes, rgb);
        break;
      default:
        for (int channel = 0; channel < 3; channel++) {
          uint8_t value = bytes[channels == 3 ? channel : 0];
          if (form->photometric == PHOTOMETRIC_WHITE_ZERO) value = (uint8_t)~value;
          rgb[channel] = alpha ? divided(value, bytes[alpha]) : value;
        }
    }
  }
}
