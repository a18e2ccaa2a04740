// Convolution as an implicit matrix product: tiles of output pixels, whose inputs are found through pointers.
#include <math.h>
#include <string.h>

#include "convolution_plan.h"

typedef struct conv_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const vn_conv_plan *plan;
  const float *x, *packed, *bias, *residual, *zeros;
  float *y, *workers;
  float low, high;
  bool clamped;
} conv_run;

bool vn_clamp_of(vn_unary_op op, float a, float b, float *low, float *high) {
  *low = op == VN_RELU ? 0 : op == VN_CLIP ? a : -INFINITY;
  *high = op == VN_CLIP ? b : INFINITY;
  return op == VN_IDENTITY || op == VN_RELU || op == VN_CLIP;
}

/// Where an output pixel is.
typedef struct place {
  size_t image, row, column;
} place;

static place place_of(const vn_conv *conv, size_t pixel) {
  const size_t width = (size_t)conv->ow, area = width * (size_t)conv->oh;
  return (place){pixel / area, pixel % area / width, pixel % width};
}

static void advance(const vn_conv *conv, place *p) {
  if (++p->column < (size_t)conv->ow) return;
  p->column = 0;
  if (++p->row < (size_t)conv->oh) return;
  p->row = 0;
  p->image++;
}

/// Copies one kernel row of a border pixel, with zeros outside the image.
static void copy_border(const vn_conv *conv, const float *row, int64_t ix, float *run) {
  const size_t channels = (size_t)conv->c;
  for (int32_t t = 0; t < conv->kw; t++) {
    int64_t at = ix + t;
    if (at >= 0 && at < conv->w) memcpy(run + (size_t)t * channels, row + at * conv->x_pixel, channels * sizeof(float));
    else memset(run + (size_t)t * channels, 0, channels * sizeof(float));
  }
}

/// The pointers of one pixel, `stride` apart from tap to tap.
static void point(const conv_run *r, place p, const float *x, const float **rows, size_t stride,
                  float **border) {
  const vn_conv *conv = r->conv;
  const float *image = x + (int64_t)p.image * conv->x_image;
  const int64_t iy0 = (int64_t)p.row * conv->stride_h - conv->pad_top;
  const int64_t ix0 = (int64_t)p.column * conv->stride_w - conv->pad_left;
  for (int32_t ky = 0; ky < conv->kh; ky++) {
    const int64_t iy = iy0 + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const float *row = image + (inside ? iy : 0) * conv->x_row;
    if (r->plan->merged) {
      const float *run = r->zeros;
      if (inside && ix0 >= 0 && ix0 + conv->kw <= conv->w) {
        run = row + ix0 * conv->x_pixel;
      } else if (inside) {
        copy_border(conv, row, ix0, *border);
        run = *border;
        *border += r->plan->run;
      }
      *rows = run;
      rows += stride;
      continue;
    }
    for (int32_t kx = 0; kx < conv->kw; kx++) {
      const int64_t ix = ix0 + (int64_t)kx * conv->dilation_w;
      *rows = inside && ix >= 0 && ix < conv->w ? row + ix * conv->x_pixel : r->zeros;
      rows += stride;
    }
  }
}

/// Fills the pointers of one tile of pixels.
static void point_tile(const conv_run *r, size_t first, size_t count, size_t group, const float **rows,
                       float **y, const float **residual, float **border) {
  const vn_conv *conv = r->conv;
  const vn_conv_plan *plan = r->plan;
  const size_t stride = (size_t)r->k->max_rows;
  const float *x = r->x + group * plan->group_inputs;
  const size_t output = group * plan->group_outputs;
  if (plan->dense_input)
    for (size_t i = 0; i < count; i++) rows[i] = x + (int64_t)(first + i) * conv->x_pixel;
  if (plan->dense_output)
    for (size_t i = 0; i < count; i++) y[i] = r->y + output + (int64_t)(first + i) * conv->y_pixel;
  if (residual && plan->dense_residual)
    for (size_t i = 0; i < count; i++) residual[i] = r->residual + output + (int64_t)(first + i) * conv->r_pixel;
  if (plan->dense_input && plan->dense_output && (!residual || plan->dense_residual)) return;
  place p = place_of(conv, first);
  for (size_t i = 0; i < count; i++, advance(conv, &p)) {
    const int64_t image = (int64_t)p.image, row = (int64_t)p.row, column = (int64_t)p.column;
    if (!plan->dense_input) point(r, p, x, rows + i, stride, border);
    y[i] = r->y + output + image * conv->y_image + row * conv->y_row + column * conv->y_pixel;
    if (residual)
      residual[i] = r->residual + output + image * conv->r_image + row * conv->r_row + column * conv->r_pixel;
  }
}

static size_t tile_start(const vn_conv_plan *plan, size_t tile) { return tile * plan->pixels / plan->tiles; }

static void conv_item(void *context, size_t index, int worker) {
  const conv_run *r = context;
  const vn_conv *conv = r->conv;
  const vn_conv_plan *plan = r->plan;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  // Neighbouring items share weights when those are many, pixels otherwise.
  const size_t chunk = index % plan->pixel_chunks, rest = index / plan->pixel_chunks;
  const size_t panel_chunk = rest % plan->panel_chunks, group = rest / plan->panel_chunks;
  const size_t tile0 = chunk * plan->tiles / plan->pixel_chunks;
  const size_t tile1 = (chunk + 1) * plan->tiles / plan->pixel_chunks;
  const size_t panel0 = panel_chunk * plan->panels_per_item;
  const size_t panel1 = vn_smaller(panel0 + plan->panels_per_item, plan->panels);

  float *memory = r->workers + (size_t)worker * plan->worker_floats;
  const size_t all = plan->tiles_per_item * mr;
  const float **rows = (const float **)memory;
  float **y = (float **)(rows + all * plan->taps);
  const float **residual = (const float **)(y + all);
  float *border = (float *)(residual + all);
  for (size_t t = tile0; t < tile1; t++) {
    size_t i = (t - tile0) * mr, first = tile_start(plan, t);
    point_tile(r, first, tile_start(plan, t + 1) - first, group, rows + i * plan->taps, y + i,
               r->residual ? residual + i : NULL, &border);
  }

  vn_tile tile = {
      .row_stride = mr, .taps = plan->taps, .run = plan->run, .taps_block = plan->taps_block,
      .run_block = plan->run_block, .low = r->low, .high = r->high,
      .bias = r->bias ? r->bias + group * plan->group_outputs : NULL};
  const float *weights = r->packed + group * plan->group_packed;
  for (size_t panel = panel0; panel < panel1; panel++) {
    tile.column = panel * plan->panel_columns;
    tile.width = vn_smaller(plan->panel_columns, plan->group_outputs - tile.column);
    tile.panel = weights + tile.column * plan->depth;
    const int vectors = tile.width > lanes ? 1 : 0;
    for (size_t t = tile0; t < tile1; t++) {
      size_t i = (t - tile0) * mr;
      tile.rows = rows + i * plan->taps;
      tile.y = y + i;
      tile.residual = r->residual ? residual + i : NULL;
      r->k->tile[tile_start(plan, t + 1) - tile_start(plan, t) - 1][vectors](&tile);
    }
  }
  if (r->clamped) return;
  const size_t column = panel0 * plan->panel_columns;
  const size_t width = vn_smaller(panel1 * plan->panel_columns, plan->group_outputs) - column;
  for (size_t t = tile0; t < tile1; t++) {
    size_t i = (t - tile0) * mr, count = tile_start(plan, t + 1) - tile_start(plan, t);
    for (size_t j = 0; j < count; j++) {
      float *out = y[i + j] + column;
      r->k->unary(conv->activation, conv->alpha, conv->beta, width, out, out);
    }
  }
}

void vn_conv_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed,
                 const float *bias, const float *residual, float *y, float *scratch, vn_pool *pool) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) {
    vn_depthwise_run(k, conv, &plan, x, packed, bias, residual, y, scratch, pool);
    return;
  }
  if (plan.pixel_chunks == 0) return;
  float *zeros = vn_align(scratch);
  memset(zeros, 0, plan.zero_floats * sizeof(float));
  conv_run r = {.k = k, .conv = conv, .plan = &plan, .x = x, .packed = packed, .bias = bias,
                .residual = residual, .zeros = zeros, .y = y, .workers = zeros + plan.zero_floats};
  r.clamped = vn_clamp_of(conv->activation, conv->alpha, conv->beta, &r.low, &r.high);
  vn_pool_run(pool, plan.pixel_chunks * plan.panel_chunks * (size_t)conv->groups, conv_item, &r);
}
