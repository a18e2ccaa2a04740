// Pooling in row-major order, with the places of maxima.
#include <math.h>

#include "vn_pooling.h"
#include "../shared/arithmetic.h"

/// The elements of a window along an axis: `count` of them from `first` on, `step` apart, and how many it has in the padding, too.
typedef struct span {
  int64_t first, step, count, area;
} span;

static span span_of(const vn_planes *p, int axis, int64_t output) {
  const int64_t step = p->dilations[axis], extent = p->extents[axis];
  const int64_t start = output * p->strides[axis] - p->before[axis];
  const int64_t skipped = start < 0 ? (-start + step - 1) / step : 0;
  // Taps before the end of the input, and before the end of its padding.
  const int64_t inside = extent - start > 0 ? (extent - start + step - 1) / step : 0;
  const int64_t padded = extent + p->after[axis] - start > 0 ? (extent + p->after[axis] - start + step - 1) / step : 0;
  const int64_t kernel = p->kernel[axis], last = inside < kernel ? inside : kernel;
  return (span){.first = start + skipped * step, .step = step, .count = last > skipped ? last - skipped : 0,
                .area = padded < kernel ? padded : kernel};
}

typedef struct planes_run {
  const vn_planes *p;
  const float *x;
  float *y;
  int64_t *places;
} planes_run;

static void maximum_of(const vn_planes *p, const span s[3], const float *x, int64_t plane, float *y, int64_t *place) {
  float best = -INFINITY;
  int64_t at = -1;
  for (int64_t i = 0; i < s[0].count; i++)
    for (int64_t j = 0; j < s[1].count; j++)
      for (int64_t k = 0; k < s[2].count; k++) {
        const int64_t a = s[0].first + i * s[0].step, b = s[1].first + j * s[1].step, c = s[2].first + k * s[2].step;
        const float value = x[(a * p->extents[1] + b) * p->extents[2] + c];
        if (at >= 0 && (best != best || !(value > best || value != value))) continue;
        best = value;
        at = plane + a * p->counts[0] + b * p->counts[1] + c * p->counts[2];
      }
  *y = best;
  if (place) *place = at;
}

static float average_of(const vn_planes *p, const span s[3], const float *x) {
  double sum = 0;
  for (int64_t i = 0; i < s[0].count; i++)
    for (int64_t j = 0; j < s[1].count; j++) {
      const int64_t a = s[0].first + i * s[0].step, b = s[1].first + j * s[1].step;
      const float *row = x + (a * p->extents[1] + b) * p->extents[2];
      for (int64_t k = 0; k < s[2].count; k++) sum += row[s[2].first + k * s[2].step];
    }
  const int64_t count = p->count_include_pad ? s[0].area * s[1].area * s[2].area : s[0].count * s[1].count * s[2].count;
  return (float)(sum / (double)(count > 1 ? count : 1));
}

static void planes_item(void *context, size_t index, int worker) {
  (void)worker;
  const planes_run *r = context;
  const vn_planes *p = r->p;
  const size_t plane = (size_t)(p->extents[0] * p->extents[1] * p->extents[2]);
  const size_t outputs = (size_t)(p->outputs[0] * p->outputs[1] * p->outputs[2]);
  const float *x = r->x + index * plane;
  size_t to = index * outputs;
  for (int64_t i = 0; i < p->outputs[0]; i++)
    for (int64_t j = 0; j < p->outputs[1]; j++)
      for (int64_t k = 0; k < p->outputs[2]; k++, to++) {
        const span s[3] = {span_of(p, 0, i), span_of(p, 1, j), span_of(p, 2, k)};
        if (p->maximum) maximum_of(p, s, x, (int64_t)(index * plane), r->y + to, r->places ? r->places + to : NULL);
        else r->y[to] = average_of(p, s, x);
      }
}

void vn_pool_planes(const vn_planes *p, const float *x, float *y, int64_t *places, vn_pool *pool) {
  planes_run r = {.p = p, .x = x, .y = y, .places = places};
  vn_pool_run(pool, p->planes, planes_item, &r);
}

typedef struct columns_run {
  const vn_planes *p;
  const float *columns, *bias;
  float *y;
} columns_run;

/// One tap of a plane; outputs along the last axis are neighbors in the columns.
static void add_tap(const vn_planes *p, const int64_t tap[3], const float *column, float *y) {
  for (int64_t i = 0; i < p->outputs[0]; i++) {
    const int64_t a = i * p->strides[0] - p->before[0] + tap[0] * p->dilations[0];
    if (a < 0 || a >= p->extents[0]) continue;
    for (int64_t j = 0; j < p->outputs[1]; j++) {
      const int64_t b = j * p->strides[1] - p->before[1] + tap[1] * p->dilations[1];
      if (b < 0 || b >= p->extents[1]) continue;
      const float *from = column + (i * p->outputs[1] + j) * p->outputs[2];
      float *row = y + (a * p->extents[1] + b) * p->extents[2];
      const int64_t start = tap[2] * p->dilations[2] - p->before[2];
      for (int64_t k = 0; k < p->outputs[2]; k++) {
        const int64_t c = k * p->strides[2] + start;
        if (c >= 0 && c < p->extents[2]) row[c] += from[k];
      }
    }
  }
}

static void columns_item(void *context, size_t index, int worker) {
  (void)worker;
  const columns_run *r = context;
  const vn_planes *p = r->p;
  const size_t plane = (size_t)(p->extents[0] * p->extents[1] * p->extents[2]);
  const size_t outputs = (size_t)(p->outputs[0] * p->outputs[1] * p->outputs[2]);
  const float *column = r->columns + index * outputs * (size_t)(p->kernel[0] * p->kernel[1] * p->kernel[2]);
  float *y = r->y + index * plane;
  for (size_t i = 0; i < plane; i++) y[i] = r->bias ? r->bias[index] : 0;
  for (int64_t i = 0; i < p->kernel[0]; i++)
    for (int64_t j = 0; j < p->kernel[1]; j++)
      for (int64_t k = 0; k < p->kernel[2]; k++, column += outputs) add_tap(p, (const int64_t[3]){i, j, k}, column, y);
}

void vn_add_columns(const vn_planes *p, const float *columns, const float *bias, float *y, vn_pool *pool) {
  columns_run r = {.p = p, .columns = columns, .bias = bias, .y = y};
  vn_pool_run(pool, p->planes, columns_item, &r);
}
