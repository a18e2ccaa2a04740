// The columns of a deformable convolution. Positions are computed in double precision, as the reference does, since they decide
// which elements are read.
#pragma STDC FP_CONTRACT OFF
#include <math.h>

#include "vn_sampling.h"
#include "../shared/arithmetic.h"

enum { chunk = 64 };

/// The elements around a position, with their weights, 0 for those outside.
typedef struct corners {
  size_t places[4];
  float weights[4];
} corners;

static corners corners_of(const vn_deform *d, double y, double x, float mask) {
  corners c = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  const double top = floor(y), left = floor(x);
  // Far outside, or NaN.
  if (!(top >= -1 && top < (double)d->h && left >= -1 && left < (double)d->w)) return c;
  for (int i = 0; i < 4; i++) {
    const double row = top + (i >> 1), column = left + (i & 1);
    if (row < 0 || row >= (double)d->h || column < 0 || column >= (double)d->w) continue;
    c.places[i] = (size_t)row * d->w + (size_t)column;
    c.weights[i] = (float)((i >> 1 ? y - top : 1 - (y - top)) * (i & 1 ? x - left : 1 - (x - left))) * mask;
  }
  return c;
}

typedef struct deform_run {
  const vn_deform *d;
  const float *x, *offsets, *mask;
  float *columns;
  size_t first, count, chunks;
} deform_run;

/// Some points of one tap, for all channels of a group.
static void deform_item(void *context, size_t index, int worker) {
  (void)worker;
  const deform_run *r = context;
  const vn_deform *d = r->d;
  const size_t taps = (size_t)(d->kh * d->kw), points = d->oh * d->ow, row = index / r->chunks;
  const size_t group = row / taps, tap = row % taps, start = index % r->chunks * chunk;
  const size_t count = vn_smaller(chunk, r->count - start), channels = d->channels / d->groups;
  const float *down = r->offsets + row * 2 * points, *across = down + points;
  const int64_t dy = (int64_t)tap / d->kw * d->dilation_h - d->pad_top;
  const int64_t dx = (int64_t)tap % d->kw * d->dilation_w - d->pad_left;
  corners around[chunk];
  for (size_t i = 0; i < count; i++) {
    const size_t point = r->first + start + i;
    const double y = (double)((int64_t)(point / d->ow) * d->stride_h + dy) + down[point];
    const double x = (double)((int64_t)(point % d->ow) * d->stride_w + dx) + across[point];
    around[i] = corners_of(d, y, x, r->mask ? r->mask[row * points + point] : 1);
  }
  for (size_t channel = group * channels; channel < (group + 1) * channels; channel++) {
    const float *x = r->x + channel * d->h * d->w;
    float *to = r->columns + (channel * taps + tap) * r->count + start;
    for (size_t i = 0; i < count; i++) {
      const corners *c = &around[i];
      to[i] = c->weights[0] * x[c->places[0]] + c->weights[1] * x[c->places[1]] +
              (c->weights[2] * x[c->places[2]] + c->weights[3] * x[c->places[3]]);
    }
  }
}

void vn_deform_columns(const vn_deform *d, const float *x, const float *offsets, const float *mask, size_t first,
                       size_t count, float *columns, vn_pool *pool) {
  deform_run r = {.d = d, .x = x, .offsets = offsets, .mask = mask, .columns = columns, .first = first, .count = count,
                  .chunks = vn_divide_up(count, chunk)};
  vn_pool_run(pool, d->groups * (size_t)(d->kh * d->kw) * r.chunks, deform_item, &r);
}
