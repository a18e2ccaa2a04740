#pragma once

#include "CImageCodecs.h"

// A sample between the levels as a byte, rounded to the nearest.
static inline uint8_t vn_leveled(unsigned value, vn_sample_levels levels) {
  if (value <= levels.black) return 0;
  if (value >= levels.white) return 255;
  const unsigned range = (unsigned)levels.white - levels.black;
  return (uint8_t)(((value - levels.black) * 510 + range) / (2 * range));
}
