// Samples in regions of images. Where they fall decides what is read, so that these lines round as the reference does: no
// multiplication is contracted with an addition.
#pragma STDC FP_CONTRACT OFF
#include <math.h>

#include "vn_sampling.h"
#include "../shared/arithmetic.h"

/// A region along one axis.
typedef struct span {
  float start, bin, samples;
} span;

static span span_of(const vn_regions *r, float first, float last, size_t bins) {
  const float offset = r->half_pixel ? 0.5f : 0;
  span s = {.start = first * r->scale - offset};
  float extent = last * r->scale - offset - s.start;
  if (!r->half_pixel && !(extent > 1)) extent = extent == extent ? 1 : extent;
  s.bin = extent / (float)bins;
  s.samples = r->samples > 0 ? (float)r->samples : ceilf(extent / (float)bins);
  if (!(s.samples > 0)) s.samples = 0;
  return s;
}

double vn_region_samples(const vn_regions *r, const float *region) {
  const float across = span_of(r, region[0], region[2], r->bins_w).samples;
  const float down = span_of(r, region[1], region[3], r->bins_h).samples;
  return across > down ? across : down;
}

typedef struct sample {
  size_t low, high;
  float part;
} sample;

/// False where the sample is outside.
static bool sample_of(const span *s, size_t bin, size_t index, size_t extent, sample *result) {
  const float at = s->start + (float)bin * s->bin + ((float)index + 0.5f) * s->bin / s->samples;
  if (!(at >= -1 && at <= (float)extent)) return false;
  const float position = at > 0 ? at : 0;
  const size_t low = (size_t)position;
  if (low >= extent - 1) *result = (sample){extent - 1, extent - 1, 0};
  else *result = (sample){low, low + 1, position - (float)low};
  return true;
}

typedef struct regions_run {
  const vn_regions *r;
  const float *x, *regions;
  const int64_t *images;
  float *y;
} regions_run;

static void add(size_t channels, const float *const corners[4], const float weights[4], float *y) {
  const float *a = corners[0], *b = corners[1], *c = corners[2], *d = corners[3];
  for (size_t i = 0; i < channels; i++)
    y[i] += weights[0] * a[i] + weights[1] * b[i] + (weights[2] * c[i] + weights[3] * d[i]);
}

static void widen(size_t channels, const float *const corners[4], const float weights[4], bool first, float *y) {
  for (int corner = 0; corner < 4; corner++) {
    const float *a = corners[corner], w = weights[corner];
    for (size_t i = 0; i < channels; i++) {
      const float value = w * a[i];
      y[i] = (first && corner == 0) || value > y[i] ? value : y[i];
    }
  }
}

/// One bin of a region whose image begins at x.
static void region_bin(const vn_regions *r, const span *down, const span *across, size_t row, size_t column, const float *x,
                       float *y) {
  const size_t c = r->channels, ny = (size_t)down->samples, nx = (size_t)across->samples;
  size_t inside = 0;
  for (size_t i = 0; i < c; i++) y[i] = 0;
  for (size_t iy = 0; iy < ny; iy++) {
    sample v, h;
    if (!sample_of(down, row, iy, r->h, &v)) continue;
    for (size_t ix = 0; ix < nx; ix++) {
      if (!sample_of(across, column, ix, r->w, &h)) continue;
      const float *const corners[4] = {
          x + (v.low * r->w + h.low) * c, x + (v.low * r->w + h.high) * c,
          x + (v.high * r->w + h.low) * c, x + (v.high * r->w + h.high) * c};
      const float weights[4] = {
          (1 - v.part) * (1 - h.part), (1 - v.part) * h.part, v.part * (1 - h.part), v.part * h.part};
      if (r->maximum) widen(c, corners, weights, inside == 0, y);
      else add(c, corners, weights, y);
      inside++;
    }
  }
  const float count = (float)ny * (float)nx;
  if (!r->maximum && count > 1)
    for (size_t i = 0; i < c; i++) y[i] /= count;
  // Samples outside are 0.
  if (r->maximum && (float)inside < count)
    for (size_t i = 0; i < c; i++) y[i] = y[i] > 0 ? y[i] : 0;
}

static void region_item(void *context, size_t index, int worker) {
  (void)worker;
  const regions_run *run = context;
  const vn_regions *r = run->r;
  const size_t region = index / r->bins_h, row = index % r->bins_h;
  const float *sides = run->regions + region * 4;
  const span across = span_of(r, sides[0], sides[2], r->bins_w), down = span_of(r, sides[1], sides[3], r->bins_h);
  const float *x = run->x + (size_t)run->images[region] * r->h * r->w * r->channels;
  for (size_t column = 0; column < r->bins_w; column++)
    region_bin(r, &down, &across, row, column, x, run->y + (index * r->bins_w + column) * r->channels);
}

void vn_roi_align(const vn_regions *r, const float *x, const float *regions, const int64_t *images, float *y,
                  vn_pool *pool) {
  regions_run run = {.r = r, .x = x, .regions = regions, .images = images, .y = y};
  vn_pool_run(pool, r->regions * r->bins_h, region_item, &run);
}
