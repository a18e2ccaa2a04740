// Convolution by Winograd's F(6×6, 3×3), F(4×4, 3×3) or F(2×2, 3×3), or for stride 2 F(4×4, 2×2), F(2×2, 2×2) or F(4×4, 4×4).
//
//   for each block of tiles and some panels of NR outputs                    (threads share them)
//     for each tile: v[point][tile][c] = Bᵀ d B                              (the tile's inputs d, template/winograd*.h)
//     for each panel
//       for each point: m[point][tile][o] = v[point][tile][c] · u[point][c][o]   (GEMM, gemm/template/products.h)
//       for each tile: y = activation(Aᵀ m A + bias + residual)
#include "vn_winograd.h"

#include <math.h>
#include <string.h>

#include "../shared/fetching.h"
#include "../shared/look_ahead.h"
#include "winograd_plan.h"

typedef struct winograd_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const vn_conv *results;  ///< gives the strides of the results: the max pooling over 2 × 2, or `conv`
  const vn_winograd_plan *plan;
  const float *x, *packed, *bias, *residual, *zeros;
  float *y, *transformed, *workers;
  float low, high;
  bool clamped;
  const vn_pool *pool;
} winograd_run;

size_t vn_winograd_scratch_floats_of(const vn_kernels *k, const vn_conv *conv, size_t side, bool training, int threads) {
  const vn_conv flat = vn_winograd_flat(conv);
  const vn_winograd_plan plan = vn_winograd_plan_of(k, &flat, side, training, threads);
  return 32 + plan.zero_floats + plan.shared_floats + plan.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

size_t vn_winograd_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  return vn_winograd_scratch_floats_of(k, conv, (size_t)vn_winograd_side_of(conv), false, threads);
}

static size_t block_start(const vn_winograd_plan *plan, size_t block) { return block * plan->tiles / plan->blocks; }

void vn_winograd_transform(const vn_kernels *k, const vn_conv *whole, const vn_winograd_tiles *tiles, const float *x,
                           size_t channels, const float *zeros, size_t first, size_t last, float *v, size_t pitch,
                           size_t step) {
  const int64_t stride = (int64_t)tiles->stride, kernel = (int64_t)tiles->kernel;
  vn_winograd_input in = {.channels = channels, .step = step};
  vn_winograd_image at;
  for (size_t tile = first; tile < last; tile++) {
    const vn_winograd_tile p = vn_winograd_tile_at(tiles, tile);
    vn_winograd_image_at(whole, p.image, &at);
    const vn_conv *conv = at.conv;
    const float *image = x + at.x;
    const int64_t top = (int64_t)p.row * stride - conv->pad_top, left = (int64_t)p.column * stride - conv->pad_left;
    const int64_t height = stride * ((int64_t)p.height - 1) + kernel, width = stride * ((int64_t)p.width - 1) + kernel;
    const vn_winograd_form form = vn_winograd_form_of(tiles, p.height, p.width);
    in.v = v + (tile - first) * pitch;
    if (top >= 0 && left >= 0 && top + height <= conv->h && left + width <= conv->w) {
      const float *row = image + top * conv->x_row + left * conv->x_pixel;
      for (int64_t i = 0; i < height; i++, row += conv->x_row) {
        const float *pixel = row;
        for (int64_t j = 0; j < width; j++, pixel += conv->x_pixel) in.pixels[i * width + j] = pixel;
      }
      k->winograd_input[form](&in);
      continue;
    }
    for (int64_t i = 0; i < height; i++) {
      const int64_t row = top + i;
      for (int64_t j = 0; j < width; j++) {
        const int64_t column = left + j;
        const bool inside = row >= 0 && row < conv->h && column >= 0 && column < conv->w;
        in.pixels[i * width + j] = inside ? image + row * conv->x_row + column * conv->x_pixel : zeros;
      }
    }
    k->winograd_input[form](&in);
  }
}

static void transform_tiles(const winograd_run *r, size_t first, size_t last, float *v) {
  const vn_winograd_plan *plan = r->plan;
  vn_winograd_transform(r->k, r->conv, &plan->places, r->x, (size_t)r->conv->c, r->zeros, first, last, v,
                        plan->pitch, plan->step);
}

static void input_item(void *context, size_t index, int worker) {
  (void)worker;
  const winograd_run *r = context;
  transform_tiles(r, index, index + 1, r->transformed + index * r->plan->pitch);
}

/// Adds `channels` channels of the pixels in rows row0..<row1 and columns column0..<column1, clipped to the image.
static void fetch_rows(vn_fetching *f, const float *image, int64_t channels, int64_t pixel, int64_t row, int64_t height,
                       int64_t width, int64_t row0, int64_t row1, int64_t column0, int64_t column1) {
  if (row0 < 0) row0 = 0;
  if (row1 > height) row1 = height;
  if (column0 < 0) column0 = 0;
  if (column1 > width) column1 = width;
  if (column0 >= column1) return;
  for (int64_t i = row0; i < row1; i++) {
    const float *start = image + i * row + column0 * pixel;
    if (pixel <= channels + 16) {
      vn_fetch_piece(f, start, (size_t)((column1 - column0) * pixel));
      continue;
    }
    for (int64_t c = 0; c < channels; c += 16)
      vn_fetch_lines(f, start + c, (size_t)(column1 - column0), (size_t)pixel * sizeof(float));
  }
}

/// Adds the pixels that tiles tile0..<tile1 read, except for rows that the tiles above have read; or, with `results`, the pixels
/// that they write.
static void fetch_tiles(vn_fetching *f, const winograd_run *r, size_t tile0, size_t tile1, bool results) {
  const vn_winograd_tiles *places = &r->plan->places;
  vn_winograd_image at;
  const int64_t stride = (int64_t)places->stride, kernel = (int64_t)places->kernel;
  for (size_t tile = tile0; tile < tile1;) {
    const vn_winograd_tile p = vn_winograd_tile_at(places, tile);
    const int64_t row = (int64_t)p.row, column = (int64_t)p.column;
    vn_winograd_image_at(r->conv, p.image, &at);
    const vn_conv *conv = at.conv;
    const size_t count = vn_smaller(tile1 - tile, p.beside);
    const int64_t end = column + (int64_t)(count * p.width), below = row + (int64_t)p.height;
    if (results) {
      const bool pooled = r->results != r->conv;
      const vn_conv *y = pooled ? r->results : conv;
      const int64_t size = pooled ? 2 : 1;
      fetch_rows(f, r->y + (pooled ? (int64_t)p.image * y->y_image : at.y), y->o, y->y_pixel, y->y_row, y->oh, y->ow, row / size, below / size,
                 column / size, end / size);
    } else {
      fetch_rows(f, r->x + at.x, conv->c, conv->x_pixel, conv->x_row, conv->h, conv->w,
                 stride * row - conv->pad_top + (row > 0 ? kernel - stride : 0), stride * (below - 1) - conv->pad_top + kernel,
                 stride * column - conv->pad_left, stride * (end - 1) - conv->pad_left + kernel);
    }
    tile += count;
  }
}

/// The points that any of the tiles tile0..<tile1 have, and which of these tiles have each point (relative to tile0).
typedef struct active_points {
  struct {
    uint32_t point, first, last;
  } at[vn_winograd_most_points];
  size_t count;
} active_points;

static void find_points(const vn_winograd_plan *plan, size_t tile0, size_t tile1, active_points *active) {
  active->count = 0;
  for (size_t e = 0; e < plan->points; e++) {
    size_t first, last;
    vn_winograd_tiles_at(plan, e, &first, &last);
    first = vn_larger(first, tile0), last = vn_smaller(last, tile1);
    if (first >= last) continue;
    active->at[active->count].point = (uint32_t)e;
    active->at[active->count].first = (uint32_t)(first - tile0);
    active->at[active->count++].last = (uint32_t)(last - tile0);
  }
}

/// GEMM at every point: a block's tiles times panels panel0..<panel1. `cold`: whether the first panel is not in the caches yet.
/// Each product prefetches its share of `f`.
static void multiply(const winograd_run *r, const float *v, const active_points *active, size_t panel0, size_t panel1,
                     bool cold, float *products, vn_fetching *f) {
  const vn_winograd_plan *plan = r->plan;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  vn_products t = {.pitch = plan->pitch, .y_pitch = plan->panel_columns};
  for (size_t at = 0; at < active->count; at++) {
    const size_t e = active->at[at].point, begin = active->at[at].first, count = active->at[at].last - begin;
    const size_t groups = vn_divide_up(count, mr), depth = vn_winograd_point_depth(plan, e);
    const float *weights = r->packed + vn_winograd_point_start(plan, e);
    const size_t next_point = at + 1 < active->count ? active->at[at + 1].point : e;
    t.depth = depth;
    t.block = vn_divide_up(depth, vn_divide_up(depth, plan->longest_sum));
    for (size_t panel = panel0; panel < panel1; panel++) {
      const size_t first = panel * plan->panel_columns;
      const int vectors = (size_t)r->conv->o - first > lanes ? 1 : 0;
      const size_t width = vectors ? plan->panel_columns : lanes;
      t.panel = weights + first * depth;
      // While this panel is multiplied, the panel of the next columns or of the next point is prefetched.
      const size_t panel_floats = plan->panel_columns * depth;
      const float *next = panel + 1 < panel1 ? t.panel + panel_floats
                          : next_point > e ? r->packed + vn_winograd_point_start(plan, next_point) +
                                                 panel0 * plan->panel_columns * vn_winograd_point_depth(plan, next_point)
                                           : NULL;
      const vn_panel_ahead ahead = vn_panel_ahead_of(t.panel, width * sizeof(float), depth, groups,
                                                     cold && at == 0 && panel == panel0, next);
      float *target = products + ((panel - panel0) * plan->points + e) * plan->product_step;
      for (size_t g = 0; g < groups; g++) {
        const size_t start = begin + g * count / groups, end = begin + (g + 1) * count / groups;
        t.rows = v + e * plan->step + start * plan->pitch;
        t.y = target + start * plan->panel_columns;
        t.ahead = vn_ahead_of(&ahead, g, NULL, 0);
        size_t step;
        const char *lines = vn_next_lines(f, vn_share(f, depth), depth, &step);
        if (lines) t.ahead.pixels = lines, t.ahead.pixels_step = step;
        r->k->products[end - start - 1][vectors](&t);
      }
    }
  }
}

/// Forms the outputs of tiles tile0..<tile1 in one panel's columns.
static void finish(const winograd_run *r, const float *products, size_t tile0, size_t tile1, size_t panel) {
  const vn_winograd_plan *plan = r->plan;
  const size_t first = panel * plan->panel_columns, width = vn_smaller(plan->panel_columns, (size_t)r->conv->o - first);
  vn_winograd_output out = {.step = plan->product_step, .width = width, .low = r->low, .high = r->high,
                            .bias = r->bias ? r->bias + first : NULL};
  vn_winograd_image at;
  for (size_t tile = tile0; tile < tile1; tile++) {
    const vn_winograd_tile p = vn_winograd_tile_at(&plan->places, tile);
    vn_winograd_image_at(r->conv, p.image, &at);
    const vn_conv *conv = at.conv;
    const int64_t row = (int64_t)p.row, column = (int64_t)p.column;
    out.m = products + (tile - tile0) * plan->panel_columns;
    out.rows = (int)vn_smaller(p.height, (size_t)conv->oh - p.row);
    out.columns = (int)vn_smaller(p.width, (size_t)conv->ow - p.column);
    const vn_winograd_form form = vn_winograd_form_of(&plan->places, p.height, p.width);
    if (r->results != r->conv) {
      out.y_row = r->results->y_row, out.y_pixel = r->results->y_pixel;
      out.y = r->y + (int64_t)p.image * r->results->y_image + row / 2 * out.y_row + column / 2 * out.y_pixel + first;
      r->k->winograd_pooled[form](&out);
      continue;
    }
    // A part of an image may have a row or a column less than the largest one.
    if (out.rows == 0 || out.columns == 0) continue;
    out.y_row = conv->y_row, out.y_pixel = conv->y_pixel, out.r_row = conv->r_row, out.r_pixel = conv->r_pixel;
    out.y = r->y + at.y + row * conv->y_row + column * conv->y_pixel + first;
    if (r->residual)
      out.residual = r->residual + at.residual + row * conv->r_row + column * conv->r_pixel + first;
    r->k->winograd_output[form](&out);
    if (r->clamped) continue;
    for (int64_t i = 0; i < out.rows; i++)
      r->k->unary_runs(conv->activation, conv->alpha, conv->beta, width, (size_t)out.columns, conv->y_pixel,
                       out.y + i * conv->y_row);
  }
}

/// Finds what a block's products, in `panels` panels, prefetch: the inputs at the next points; or the memory of the block's
/// results and the pixels of the block that this thread will probably transform next.
static void find_fetches(const winograd_run *r, const active_points *active, size_t panels, const float *v, size_t index,
                         int worker, size_t block, vn_fetching *f) {
  const vn_winograd_plan *plan = r->plan;
  const size_t tile0 = block_start(plan, block), tile1 = block_start(plan, block + 1);
  f->count = f->at = f->lines = f->fetched = f->past = 0;
  f->steps = 0;
  for (size_t i = 0; i < active->count; i++) {
    const size_t groups = vn_divide_up(active->at[i].last - active->at[i].first, (size_t)r->k->max_rows);
    f->steps += vn_winograd_point_depth(plan, active->at[i].point) * groups;
  }
  f->steps *= panels;
  if (plan->shared) {
    for (size_t i = 1; i < active->count; i++)
      vn_fetch_piece(f, v + active->at[i].point * plan->step + active->at[i].first * plan->pitch,
                     (active->at[i].last - active->at[i].first) * plan->pitch);
    return;
  }
  fetch_tiles(f, r, tile0, tile1, true);
  if (index + 1 < vn_pool_range_start(r->pool, plan->blocks * plan->panel_chunks, worker + 1))
    fetch_tiles(f, r, tile1, block_start(plan, block + 2), false);
}

/// A block of tiles and some panels of outputs: transforms the inputs, multiplies at each point, and transforms the products.
static void product_item(void *context, size_t index, int worker) {
  const winograd_run *r = context;
  const vn_winograd_plan *plan = r->plan;
  const size_t block = index % plan->blocks, chunk = index / plan->blocks;
  const size_t tile0 = block_start(plan, block), tile1 = block_start(plan, block + 1);
  const size_t first = chunk * plan->panels_per_item, last = vn_smaller(first + plan->panels_per_item, plan->panels);
  float *products = r->workers + (size_t)worker * plan->worker_floats;
  float *v = plan->shared ? r->transformed + tile0 * plan->pitch : products + plan->points * plan->product_step;
  if (!plan->shared) transform_tiles(r, tile0, tile1, v);
  active_points active;
  find_points(plan, tile0, tile1, &active);
  const bool cold = index == vn_pool_range_start(r->pool, plan->blocks * plan->panel_chunks, worker);
  vn_fetching f;
  find_fetches(r, &active, last - first, v, index, worker, block, &f);
  for (size_t panel = first; panel < last; panel += plan->panels_at_once) {
    const size_t end = vn_smaller(panel + plan->panels_at_once, last);
    multiply(r, v, &active, panel, end, cold && panel == first, products, &f);
    for (size_t i = panel; i < end; i++)
      finish(r, products + (i - panel) * plan->points * plan->product_step, tile0, tile1, i);
  }
}

void vn_winograd_run_of(const vn_kernels *k, const vn_conv *conv, const vn_conv *results, size_t side, bool training,
                        const float *x, const float *packed, const float *bias, const float *residual, float *y,
                        float *scratch, vn_pool *pool) {
  const vn_conv flat = vn_winograd_flat(conv);
  const vn_winograd_plan plan = vn_winograd_plan_of(k, &flat, side, training, vn_pool_threads(pool));
  float *zeros = vn_align(scratch);
  memset(zeros, 0, plan.zero_floats * sizeof(float));
  winograd_run r = {.k = k, .conv = conv, .results = results, .plan = &plan, .x = x, .packed = packed, .bias = bias,
                    .residual = residual, .zeros = zeros, .y = y, .transformed = zeros + plan.zero_floats,
                    .workers = vn_align(zeros + plan.zero_floats + plan.shared_floats)};
  r.clamped = vn_clamp_of(conv->activation, conv->alpha, conv->beta, &r.low, &r.high);
  r.pool = pool;
  if (plan.shared) vn_pool_run(pool, plan.tiles, input_item, &r);
  vn_pool_run(pool, plan.blocks * plan.panel_chunks, product_item, &r);
}

void vn_winograd_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed, const float *bias,
                     const float *residual, float *y, float *scratch, vn_pool *pool) {
  vn_winograd_run_of(k, conv, conv, (size_t)vn_winograd_side_of(conv), false, x, packed, bias, residual, y, scratch, pool);
}
