// Sampling at the points of a grid. Positions are computed as the reference does, in double precision, since they decide which
// elements are read; no multiplication is contracted with an addition.
#pragma STDC FP_CONTRACT OFF
#include <math.h>

#include "vn_sampling.h"
#include "../shared/arithmetic.h"

enum { max_taps = 64, chunk = 32 };

/// What a point reads along an axis; position −1 where zeros stand.
typedef struct axis_taps {
  int count;
  int64_t positions[4];
  double weights[4];
} axis_taps;

/// The elements with their weights that a point reads.
typedef struct point {
  int count;
  int64_t offsets[max_taps];
  float weights[max_taps];
} point;

/// A position outside of low…high mirrored at both until it is inside.
static double mirrored(double position, double low, double high) {
  const double range = high - low;
  if (range <= 0 || (position >= low && position <= high)) return low > 0 ? low : 0;
  const bool below = position < low;
  const double distance = below ? low - position : position - high, turns = floor(distance / range);
  const double rest = distance - turns * range;
  return below == (fmod(turns, 2) == 0) ? low + rest : high - rest;
}

static double clamped(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

static double position_of(const vn_grid *g, float number, int64_t extent) {
  double at;
  if (g->mode == VN_GRID_NEAREST) {
    const float n = (float)extent;
    at = g->aligns_corners ? (number + 1) / 2 * (n - 1) : ((number + 1) * n - 1) / 2;
  } else {
    const double x = number, n = (double)extent;
    at = g->aligns_corners ? (x + 1) / 2 * (n - 1) : ((x + 1) * n - 1) / 2;
  }
  at = at != at ? -2 : clamped(at, -0x1p40, 0x1p40);
  return g->mode == VN_GRID_NEAREST ? nearbyint(at) : at;
}

static void cubic(double t, double w[4]) {
  const double a = -0.75, s = 1 - t;
  w[0] = ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a;
  w[1] = ((a + 2) * t - (a + 3)) * t * t + 1;
  w[2] = ((a + 2) * s - (a + 3)) * s * s + 1;
  w[3] = ((a * (s + 1) - 5 * a) * (s + 1) + 8 * a) * (s + 1) - 4 * a;
}

static void taps_of(const vn_grid *g, float number, int64_t extent, axis_taps *taps) {
  const double low = g->aligns_corners ? 0 : -0.5, high = g->aligns_corners ? (double)(extent - 1) : (double)extent - 0.5;
  double at = position_of(g, number, extent);
  if (at < low || at > high) {
    // Each element of the cubic interpolation is moved to the border by itself.
    if (g->padding == VN_GRID_BORDER && g->mode != VN_GRID_CUBIC) at = clamped(at, 0, (double)(extent - 1));
    else if (g->padding == VN_GRID_REFLECTION) at = mirrored(at, low, high);
  }
  const double whole = floor(at), t = at - whole;
  double start = whole;
  taps->count = g->mode == VN_GRID_NEAREST ? 1 : g->mode == VN_GRID_LINEAR ? 2 : 4;
  if (g->mode == VN_GRID_NEAREST) taps->weights[0] = 1;
  else if (g->mode == VN_GRID_LINEAR) taps->weights[0] = 1 - t, taps->weights[1] = t;
  else cubic(t, taps->weights), start = whole - 1;
  for (int i = 0; i < taps->count; i++) {
    double position = start + i;
    if (position < 0 || position >= (double)extent) {
      if (g->padding == VN_GRID_REFLECTION) position = mirrored(position, low, high);
      position = g->padding == VN_GRID_ZEROS ? -1 : clamped(position, 0, (double)(extent - 1));
    }
    taps->positions[i] = (int64_t)position;
  }
}

static void point_of(const vn_grid *g, const float *numbers, point *p) {
  axis_taps taps[3];
  for (int a = 0; a < 3; a++) {
    if (a < g->axes) taps_of(g, numbers[g->axes - 1 - a], g->extents[a], &taps[a]);
    else taps[a] = (axis_taps){.count = 1, .weights = {1}};
  }
  p->count = 0;
  for (int i = 0; i < taps[0].count; i++)
    for (int j = 0; j < taps[1].count; j++)
      for (int k = 0; k < taps[2].count; k++) {
        if (taps[0].positions[i] < 0 || taps[1].positions[j] < 0 || taps[2].positions[k] < 0) continue;
        const double weight = taps[0].weights[i] * taps[1].weights[j] * taps[2].weights[k];
        p->offsets[p->count] = taps[0].positions[i] * g->strides[0] + taps[1].positions[j] * g->strides[1] +
                               taps[2].positions[k] * g->strides[2];
        p->weights[p->count++] = (float)weight;
      }
}

typedef struct grid_run {
  const vn_grid *g;
  const float *x, *grid;
  float *y;
  size_t chunks;
} grid_run;

/// All channels of a point, which follow each other.
static void sample_pixel(const point *p, size_t channels, const float *x, float *y) {
  for (size_t c = 0; c < channels; c++) y[c] = 0;
  for (int t = 0; t < p->count; t++) {
    const float *from = x + p->offsets[t], weight = p->weights[t];
    for (size_t c = 0; c < channels; c++) y[c] += weight * from[c];
  }
}

static float sample_one(const point *p, const float *x) {
  float sum = 0;
  for (int t = 0; t < p->count; t++) sum += p->weights[t] * x[p->offsets[t]];
  return sum;
}

static void grid_item(void *context, size_t index, int worker) {
  (void)worker;
  const grid_run *run = context;
  const vn_grid *g = run->g;
  const size_t image = index / run->chunks, start = index % run->chunks * chunk;
  const size_t count = vn_smaller(chunk, g->points - start);
  const float *numbers = run->grid + (image * g->points + start) * (size_t)g->axes;
  const float *x = run->x + (int64_t)image * g->x_image;
  float *y = run->y + (int64_t)image * g->y_image + (int64_t)start * g->y_point;
  point points[chunk];
  for (size_t i = 0; i < count; i++) point_of(g, numbers + i * (size_t)g->axes, &points[i]);
  if (g->x_channel == 1 && g->y_channel == 1) {
    for (size_t i = 0; i < count; i++) sample_pixel(&points[i], g->channels, x, y + (int64_t)i * g->y_point);
    return;
  }
  for (size_t c = 0; c < g->channels; c++)
    for (size_t i = 0; i < count; i++)
      y[(int64_t)c * g->y_channel + (int64_t)i * g->y_point] = sample_one(&points[i], x + (int64_t)c * g->x_channel);
}

void vn_grid_sample(const vn_grid *g, const float *x, const float *grid, float *y, vn_pool *pool) {
  grid_run run = {.g = g, .x = x, .grid = grid, .y = y, .chunks = vn_divide_up(g->points, chunk)};
  vn_pool_run(pool, g->images * run.chunks, grid_item, &run);
}

typedef struct affine_run {
  int axes;
  const int64_t *extents;
  bool aligns_corners;
  const float *theta;
  float *y;
  size_t plane;
} affine_run;

static void affine_item(void *context, size_t index, int worker) {
  (void)worker;
  const affine_run *r = context;
  const size_t columns = (size_t)r->extents[r->axes - 1], rows = r->plane / columns;
  const float *theta = r->theta + index / rows * (size_t)(r->axes * (r->axes + 1));
  double at[4] = {0, 0, 0, 1};
  at[r->axes] = 1;
  size_t rest = index % rows;
  for (size_t column = 0; column < columns; column++) {
    size_t left = rest * columns + column;
    for (int a = r->axes - 1; a >= 0; a--) {
      const double n = (double)r->extents[a], i = (double)(left % (size_t)r->extents[a]);
      left /= (size_t)r->extents[a];
      at[r->axes - 1 - a] = !r->aligns_corners ? (2 * i + 1) / n - 1 : n > 1 ? 2 * i / (n - 1) - 1 : 0;
    }
    for (int row = 0; row < r->axes; row++) {
      double sum = 0;
      for (int k = 0; k <= r->axes; k++) sum += at[k] * theta[row * (r->axes + 1) + k];
      r->y[(index * columns + column) * (size_t)r->axes + (size_t)row] = (float)sum;
    }
  }
}

void vn_affine_grid(size_t images, int axes, const int64_t *extents, bool aligns_corners, const float *theta, float *y,
                    vn_pool *pool) {
  affine_run r = {.axes = axes, .extents = extents, .aligns_corners = aligns_corners, .theta = theta, .y = y, .plane = 1};
  for (int a = 0; a < axes; a++) r.plane *= (size_t)extents[a];
  if (r.plane == 0) return;
  vn_pool_run(pool, images * (r.plane / (size_t)extents[axes - 1]), affine_item, &r);
}
