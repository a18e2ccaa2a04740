#pragma once

#include "CImageCodecs.h"

// Maps a sample from black...white to 0...255, rounded to nearest; values outside the levels are clamped.
static inline uint8_t vn_leveled(unsigned value, vn_sample_levels levels) {
  if (value <= levels.black) return 0;
  if (value >= levels.white) return 255;
  const unsigned range = (unsigned)levels.white - levels.black;
  return (uint8_t)(((value - levels.black) * 510 + range) / (2 * range));
}
