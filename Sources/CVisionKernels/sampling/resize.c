// Resizing along two neighboring axes.
#include <string.h>

#include "vn_sampling.h"
#include "../shared/arithmetic.h"

/// What each output along an axis is made of.
typedef struct taps {
  const int32_t *first, *positions;
  const float *weights;
} taps;

typedef struct resize_run {
  const vn_resize *r;
  taps rows, columns;
  const float *x;
  float *y, *scratch;
  size_t pitch;
} resize_run;

static size_t row_floats(const vn_resize *r) { return vn_round_up(r->w * r->inner, 16); }

size_t vn_resize_scratch_floats(const vn_resize *r, int threads) { return row_floats(r) * (size_t)threads; }

/// y = Σ of weighted rows of `count` floats.
static void blend(const float *x, const int32_t *positions, const float *weights, size_t taps, size_t pitch, size_t count,
                  float *restrict y) {
  const float *a = x + (size_t)positions[0] * pitch;
  const float u = weights[0];
  if (taps == 1) {
    for (size_t i = 0; i < count; i++) y[i] = u * a[i];
    return;
  }
  const float *b = x + (size_t)positions[1] * pitch;
  const float v = weights[1];
  for (size_t i = 0; i < count; i++) y[i] = u * a[i] + v * b[i];
  for (size_t t = 2; t < taps; t++) {
    const float *c = x + (size_t)positions[t] * pitch;
    const float w = weights[t];
    for (size_t i = 0; i < count; i++) y[i] += w * c[i];
  }
}

static void fill(float value, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = value;
}

/// One row of outputs from one row of inputs.
static void columns(const vn_resize *r, const taps *c, const float *x, float *y) {
  for (size_t o = 0; o < r->ow; o++) {
    const int32_t first = c->first[o];
    const size_t count = (size_t)(c->first[o + 1] - first);
    float *to = y + o * r->inner;
    if (count == 0) fill(r->fill, r->inner, to);
    else if (r->inner > 1) blend(x, c->positions + first, c->weights + first, count, r->inner, r->inner, to);
    else if (count == 2)
      *to = c->weights[first] * x[c->positions[first]] + c->weights[first + 1] * x[c->positions[first + 1]];
    else {
      float sum = c->weights[first] * x[c->positions[first]];
      for (size_t t = 1; t < count; t++) sum += c->weights[first + t] * x[c->positions[first + t]];
      *to = sum;
    }
  }
}

static void resize_item(void *context, size_t index, int worker) {
  const resize_run *run = context;
  const vn_resize *r = run->r;
  const size_t outer = index / r->oh, o = index % r->oh, row = r->w * r->inner;
  const float *x = run->x + outer * r->h * row;
  float *y = run->y + index * r->ow * r->inner;
  const taps *rows = &run->rows;
  const int32_t first = rows->first[o];
  const size_t count = (size_t)(rows->first[o + 1] - first);
  if (count == 0) {
    fill(r->fill, r->ow * r->inner, y);
  } else if (count == 1 && rows->weights[first] == 1) {
    columns(r, &run->columns, x + (size_t)rows->positions[first] * row, y);
  } else {
    float *blended = run->scratch + (size_t)worker * run->pitch;
    blend(x, rows->positions + first, rows->weights + first, count, row, row, blended);
    columns(r, &run->columns, blended, y);
  }
}

static taps taps_at(const int32_t *places, const float *weights, size_t outputs) {
  return (taps){.first = places, .positions = places + outputs + 1, .weights = weights};
}

void vn_resize_images(const vn_resize *r, const int32_t *places, const float *weights, const float *x, float *y,
                      float *scratch, vn_pool *pool) {
  resize_run run = {.r = r, .x = x, .y = y, .scratch = scratch, .pitch = row_floats(r)};
  run.rows = taps_at(places, weights, r->oh);
  const size_t count = (size_t)places[r->oh];
  run.columns = taps_at(places + r->oh + 1 + count, weights + count, r->ow);
  vn_pool_run(pool, r->outer * r->oh, resize_item, &run);
}
