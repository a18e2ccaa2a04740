#pragma once

#include <stdint.h>

#include "CImageCodecs.h"

// How the samples of a TIFF become colors.
typedef struct {
  uint16_t bits, samples, photometric;
  // The place of alpha by which the colors were multiplied, or 0.
  uint16_t associated_alpha;
  // Of samples of 16 bits.
  vn_sample_levels levels;
  // Of a palette: 2^bits numbers of 16 bits each.
  const uint16_t *red, *green, *blue;
} vn_tiff_samples;

// `count` samples of `bits` bits, in the machine's byte order, as bytes: indices of a palette as they are, all others
// scaled to 0...255 (of more than 8 bits the highest 8, of 16 as the levels say). Results are `step` bytes apart.
void vn_tiff_to_bytes(const vn_tiff_samples *form, const uint8_t *packed, uint64_t count, uint8_t *bytes, uint32_t step);

// `width` pixels of `samples` bytes each to RGB.
void vn_tiff_to_rgb(const vn_tiff_samples *form, const uint8_t *bytes, uint32_t width, uint8_t *rgb);
