#pragma once

#include <stdint.h>

#include "CImageCodecs.h"

// How the samples of a TIFF become colors.
typedef struct {
  uint16_t bits, samples, photometric;
  // The index of the alpha sample by which the colors were multiplied, or 0.
  uint16_t associated_alpha;
  // For 16-bit samples.
  vn_sample_levels levels;
  // The palette: 2^bits numbers of 16 bits each.
  const uint16_t *red, *green, *blue;
} vn_tiff_samples;

// Converts `count` samples of `bits` bits, in the machine's byte order, to bytes `step` bytes apart. Palette indices are
// unchanged. Other samples are scaled to 0...255; those of more than 8 bits give their highest 8, or, if they have 16 bits
// and levels are set, are mapped by the levels.
void vn_tiff_to_bytes(const vn_tiff_samples *form, const uint8_t *packed, uint64_t count, uint8_t *bytes, uint32_t step);

// Converts `width` pixels of `samples` bytes each to RGB.
void vn_tiff_to_rgb(const vn_tiff_samples *form, const uint8_t *bytes, uint32_t width, uint8_t *rgb);
