// Convolution by Winograd's F(4×4, 3×3) or F(2×2, 3×3): tiles of the input are transformed, 36 or 16 matrix products follow,
// and their results are transformed to tiles of the output.
#include "vn_winograd.h"

#include <math.h>
#include <string.h>

#include "fetching.h"
#include "winograd_tiles.h"

/// How one such convolution is cut into items. Which tiles are computed together changes no bit of any, so the number of
/// threads may count.
typedef struct winograd_plan {
  vn_winograd_tiles places;
  size_t points;                             ///< 36 or 16
  size_t tiles;
  size_t pitch, panels, panel_columns;
  size_t blocks, tiles_per_block;            ///< of tiles, whose products are formed together
  size_t panel_chunks, panels_per_item;
  size_t panels_at_once;                     ///< whose products are formed for a point before the next point
  bool shared;                               ///< whether all tiles are transformed before any product
  size_t step;                               ///< floats from point to point of transformed inputs
  size_t product_step;                       ///< floats from point to point of products
  size_t point_packed;                       ///< floats of the weights of one point
  size_t zero_floats, shared_floats, worker_floats;
} winograd_plan;

typedef struct winograd_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const winograd_plan *plan;
  const float *x, *packed, *bias, *residual, *zeros;
  float *y, *transformed, *workers;
  float low, high;
  bool clamped;
  const vn_pool *pool;
} winograd_run;

/// Transformed inputs of a block up to this size stay in the second-level cache, and so do weights for all blocks.
static const size_t block_bytes = 512 * 1024, cached_weights = 3 * 1024 * 1024;
/// Larger weights up to this size come from the third-level cache for each block; that pays for blocks of at least
/// `far_tiles`, which are larger than others.
static const size_t far_weights = 20 * 1024 * 1024, far_block_bytes = 1600 * 1024;
enum { far_tiles = 28, most_far_tiles = 56 };
/// Longer sums than this are formed from partial sums.
static const size_t longest_sum = 1280;
enum { shared_tiles = 64, shared_panels = 2 };
/// Measured on the layers of ResNet-18, VGG-16, SqueezeNet and ResNet-20, see docs/performance.md: beyond these bounds the
/// direct kernel was as fast or faster.
enum { few_channels = 16, few_tiles = 8, small_weights = 1024 * 1024 };
/// Fewer of the small tiles do not pay even for weights that only double.
enum { few_small_tiles = 12 };
/// Fewer tiles do not pay for transforming the weights.
enum { few_training_tiles = 16 };

/// Outputs along a tile's side: with few tiles a product of large matrices waits for its weights, of which F(2×2, 3×3) has less
/// than half.
static size_t side_of(const vn_conv *conv) {
  const size_t floats = (size_t)vn_winograd_points * (size_t)conv->c * (size_t)conv->o;
  const bool few = vn_winograd_tiles_of(conv, vn_winograd_side).count < few_tiles;
  return few && floats * sizeof(float) > small_weights ? 2 : vn_winograd_side;
}

/// The place of a side's functions in the table.
static size_t form_of(size_t side) { return side / 2 - 1; }

static winograd_plan plan_of(const vn_kernels *k, const vn_conv *conv, size_t side, int threads) {
  winograd_plan p = {.points = (side + 2) * (side + 2)};
  const size_t wanted = threads > 1 ? (size_t)threads : 1;
  const size_t lanes = (size_t)k->lanes, mr = (size_t)k->max_rows;
  p.places = vn_winograd_tiles_of(conv, side);
  p.tiles = p.places.count;
  p.pitch = vn_divide_up((size_t)conv->c, lanes) * lanes;
  p.panel_columns = 2 * lanes;
  p.panels = vn_divide_up((size_t)conv->o, p.panel_columns);
  // A step that is a power of two would meet the same cache lines again and again.
  p.point_packed = vn_divide_up((size_t)conv->o, lanes) * lanes * (size_t)conv->c + 16;
  const size_t weights = p.points * p.point_packed * sizeof(float);
  const bool far = weights > cached_weights;
  const size_t most = far ? most_far_tiles / mr : 4;
  const size_t fits = (far ? far_block_bytes : block_bytes) / (p.points * mr * p.pitch * sizeof(float));
  p.blocks = vn_divide_up(p.tiles, vn_larger(1, vn_smaller(most, fits)) * mr);
  // Blocks are shared evenly.
  p.blocks = vn_smaller(vn_divide_up(p.blocks, wanted) * wanted, vn_divide_up(p.tiles, mr));
  p.panels_per_item = p.panels;
  // Where weights come from far, they are read for many tiles at once, and all tiles are transformed before.
  p.shared = p.panels > 1 && (p.blocks < wanted || (far && (weights > far_weights || p.tiles < p.blocks * far_tiles)));
  if (p.shared) {
    p.blocks = vn_divide_up(p.tiles, shared_tiles);
    p.panels_per_item = p.blocks * p.panels >= 2 * shared_panels * wanted ? shared_panels : 1;
  }
  p.tiles_per_block = vn_divide_up(p.tiles, p.blocks);
  p.panel_chunks = vn_divide_up(p.panels, p.panels_per_item);
  p.step = (p.shared ? p.tiles : p.tiles_per_block) * p.pitch + 16;
  p.panels_at_once = p.shared ? p.panels_per_item : 1;
  p.product_step = p.tiles_per_block * p.panel_columns + 16;
  p.zero_floats = p.pitch;
  p.shared_floats = p.shared ? p.points * p.step : 0;
  p.worker_floats = p.panels_at_once * p.points * p.product_step + (p.shared ? 0 : p.points * p.step);
  return p;
}

bool vn_winograd_applies(const vn_conv *conv) {
  return conv->kh == 3 && conv->kw == 3 && conv->stride_h == 1 && conv->stride_w == 1 && conv->dilation_h == 1 &&
         conv->dilation_w == 1 && conv->groups == 1 && conv->oh > 0 && conv->ow > 0 && conv->n > 0 && conv->c > 0 &&
         conv->o > 0;
}

bool vn_winograd_pays(const vn_kernels *k, const vn_conv *conv) {
  if (!vn_winograd_applies(conv) || conv->c < few_channels || conv->o < few_channels) return false;
  (void)k;
  const size_t side = side_of(conv);
  const vn_winograd_tiles tiles = vn_winograd_tiles_of(conv, side);
  // Tiles that reach over the edge are computed whole.
  const size_t used = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  if (2 * used < tiles.count * side * side) return false;
  // Weights grow fourfold, or nearly twofold; too few tiles do not pay for reading them.
  return side == vn_winograd_side || tiles.count >= few_small_tiles;
}

int vn_winograd_side_of(const vn_conv *conv) { return (int)side_of(conv); }

size_t vn_winograd_packed_floats(const vn_kernels *k, const vn_conv *conv) {
  const winograd_plan plan = plan_of(k, conv, side_of(conv), 1);
  return plan.points * plan.point_packed;
}

void vn_winograd_pack(const vn_kernels *k, const vn_conv *conv, size_t first, size_t count, const float *oihw, float *packed) {
  const winograd_plan plan = plan_of(k, conv, side_of(conv), 1);
  const size_t outputs = (size_t)conv->o, inputs = (size_t)conv->c, lanes = (size_t)k->lanes;
  vn_winograd_filters filters = {.g_step = (int64_t)inputs * 9, .step = plan.point_packed};
  for (size_t o = first; o < first + count; o += lanes) {
    const size_t column = o / plan.panel_columns * plan.panel_columns;
    const size_t columns = outputs - column > lanes ? 2 * lanes : lanes;
    filters.count = vn_smaller(lanes, first + count - o);
    for (size_t c = 0; c < inputs; c++) {
      filters.g = oihw + ((o - first) * inputs + c) * 9;
      filters.u = packed + column * inputs + c * columns + (o - column);
      k->winograd_filters[form_of(plan.places.side)](&filters);
    }
  }
}

static size_t scratch_floats(const vn_kernels *k, const vn_conv *conv, size_t side, int threads) {
  const winograd_plan plan = plan_of(k, conv, side, threads);
  return 32 + plan.zero_floats + plan.shared_floats + plan.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

size_t vn_winograd_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  return scratch_floats(k, conv, side_of(conv), threads);
}

static size_t block_start(const winograd_plan *plan, size_t block) { return block * plan->tiles / plan->blocks; }

void vn_winograd_transform(const vn_kernels *k, const vn_conv *conv, const vn_winograd_tiles *tiles, const float *x,
                           size_t channels, const float *zeros, size_t first, size_t last, float *v, size_t pitch,
                           size_t step) {
  const int64_t window = (int64_t)tiles->side + 2;
  vn_winograd_input in = {.channels = channels, .step = step};
  for (size_t tile = first; tile < last; tile++) {
    const vn_place p = vn_winograd_place(tiles, tile);
    const float *image = x + (int64_t)p.image * conv->x_image;
    for (int64_t i = 0; i < window; i++) {
      const int64_t row = (int64_t)p.row + i - conv->pad_top;
      for (int64_t j = 0; j < window; j++) {
        const int64_t column = (int64_t)p.column + j - conv->pad_left;
        const bool inside = row >= 0 && row < conv->h && column >= 0 && column < conv->w;
        in.pixels[i * window + j] = inside ? image + row * conv->x_row + column * conv->x_pixel : zeros;
      }
    }
    in.v = v + (tile - first) * pitch;
    k->winograd_input[form_of(tiles->side)](&in);
  }
}

static void transform_tiles(const winograd_run *r, size_t first, size_t last, float *v) {
  const winograd_plan *plan = r->plan;
  vn_winograd_transform(r->k, r->conv, &plan->places, r->x, (size_t)r->conv->c, r->zeros, first, last, v,
                        plan->pitch, plan->step);
}

static void input_item(void *context, size_t index, int worker) {
  (void)worker;
  const winograd_run *r = context;
  transform_tiles(r, index, index + 1, r->transformed + index * r->plan->pitch);
}

/// Adds `channels` of the pixels of rows row0…row1 and columns column0…column1 of an image, as far as they lie in it.
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

/// Adds what tiles tile0…tile1 read, but for rows that those above them have read, or (`results`) what they write.
static void fetch_tiles(vn_fetching *f, const winograd_run *r, size_t tile0, size_t tile1, bool results) {
  const vn_conv *conv = r->conv;
  const vn_winograd_tiles *places = &r->plan->places;
  const int64_t side = (int64_t)places->side;
  for (size_t tile = tile0; tile < tile1;) {
    const vn_place p = vn_winograd_place(places, tile);
    const int64_t row = (int64_t)p.row, column = (int64_t)p.column, image = (int64_t)p.image;
    const size_t count = vn_smaller(tile1 - tile, places->columns - p.column / places->side);
    const int64_t end = column + (int64_t)count * side;
    if (results)
      fetch_rows(f, r->y + image * conv->y_image, conv->o, conv->y_pixel, conv->y_row, conv->oh, conv->ow, row, row + side, column,
                 end);
    else
      fetch_rows(f, r->x + image * conv->x_image, conv->c, conv->x_pixel, conv->x_row, conv->h, conv->w,
                 row - conv->pad_top + (row > 0 ? 2 : 0), row - conv->pad_top + side + 2, column - conv->pad_left,
                 end - conv->pad_left + 2);
    tile += count;
  }
}

/// The products of `count` tiles and the panels panel0…panel1 at all points; `cold` where a thread begins. A share of `f`
/// is fetched meanwhile.
static void multiply(const winograd_run *r, const float *v, size_t count, size_t panel0, size_t panel1,
                     bool cold, float *products, vn_fetching *f) {
  const winograd_plan *plan = r->plan;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes, depth = (size_t)r->conv->c;
  const float *rows[VN_MAX_ROWS];
  float *targets[VN_MAX_ROWS];
  vn_tile t = {.rows = rows, .row_stride = mr, .taps = 1, .run = depth, .taps_block = 1,
               .run_block = vn_divide_up(depth, vn_divide_up(depth, longest_sum)), .y = targets, .column = 0,
               .low = -INFINITY, .high = INFINITY};
  const size_t groups = vn_divide_up(count, mr);
  for (size_t e = 0; e < plan->points; e++)
    for (size_t panel = panel0; panel < panel1; panel++) {
      const size_t first = panel * plan->panel_columns;
      const int vectors = (size_t)r->conv->o - first > lanes ? 1 : 0;
      t.width = vectors ? plan->panel_columns : lanes;
      t.panel = r->packed + e * plan->point_packed + first * depth;
      // While this panel is multiplied the next one comes nearer: that of the next columns or of the next point.
      const size_t panel_floats = plan->panel_columns * depth;
      const float *next = panel + 1 < panel1 ? t.panel + panel_floats
                          : e + 1 < plan->points ? r->packed + (e + 1) * plan->point_packed + panel0 * panel_floats
                                             : NULL;
      float *target = products + ((panel - panel0) * plan->points + e) * plan->product_step;
      for (size_t g = 0; g < groups; g++) {
        const size_t start = g * count / groups, end = (g + 1) * count / groups;
        for (size_t i = start; i < end; i++) {
          rows[i - start] = v + e * plan->step + i * plan->pitch;
          targets[i - start] = target + i * plan->panel_columns;
        }
        t.ahead = vn_look_ahead(t.panel, t.width * sizeof(float), depth, g, groups,
                                cold && e == 0 && panel == panel0, next, NULL, 0);
        size_t step;
        const char *lines = vn_next_lines(f, vn_share(f, depth), depth, &step);
        if (lines) t.ahead.pixels = lines, t.ahead.pixels_step = step;
        r->k->tile[end - start - 1][vectors](&t);
      }
    }
}

/// Forms the outputs of tiles tile0…tile1 in one panel's columns.
static void finish(const winograd_run *r, const float *products, size_t tile0, size_t tile1, size_t panel) {
  const vn_conv *conv = r->conv;
  const winograd_plan *plan = r->plan;
  const size_t side = plan->places.side;
  const size_t first = panel * plan->panel_columns, width = vn_smaller(plan->panel_columns, (size_t)conv->o - first);
  vn_winograd_output out = {.step = plan->product_step, .width = width, .low = r->low, .high = r->high,
                            .bias = r->bias ? r->bias + first : NULL, .y_row = conv->y_row, .y_pixel = conv->y_pixel,
                            .r_row = conv->r_row, .r_pixel = conv->r_pixel};
  for (size_t tile = tile0; tile < tile1; tile++) {
    const vn_place p = vn_winograd_place(&plan->places, tile);
    const int64_t image = (int64_t)p.image, row = (int64_t)p.row, column = (int64_t)p.column;
    out.m = products + (tile - tile0) * plan->panel_columns;
    out.rows = (int)vn_smaller(side, (size_t)conv->oh - p.row);
    out.columns = (int)vn_smaller(side, (size_t)conv->ow - p.column);
    out.y = r->y + image * conv->y_image + row * conv->y_row + column * conv->y_pixel + first;
    if (r->residual)
      out.residual = r->residual + image * conv->r_image + row * conv->r_row + column * conv->r_pixel + first;
    r->k->winograd_output[form_of(side)](&out);
    if (r->clamped) continue;
    for (int64_t i = 0; i < out.rows; i++)
      for (int64_t j = 0; j < out.columns; j++) {
        float *y = out.y + i * conv->y_row + j * conv->y_pixel;
        r->k->unary(conv->activation, conv->alpha, conv->beta, width, y, y);
      }
  }
}

static void product_item(void *context, size_t index, int worker) {
  const winograd_run *r = context;
  const winograd_plan *plan = r->plan;
  const size_t block = index % plan->blocks, chunk = index / plan->blocks;
  const size_t tile0 = block_start(plan, block), tile1 = block_start(plan, block + 1);
  float *products = r->workers + (size_t)worker * plan->worker_floats;
  float *v = plan->shared ? r->transformed + tile0 * plan->pitch : products + plan->points * plan->product_step;
  if (!plan->shared) transform_tiles(r, tile0, tile1, v);
  const size_t last = vn_smaller((chunk + 1) * plan->panels_per_item, plan->panels);
  const size_t items = plan->blocks * plan->panel_chunks;
  const bool cold = index == vn_pool_range_start(r->pool, items, worker);
  vn_fetching f;
  f.count = f.at = f.lines = f.fetched = f.past = 0;
  f.steps = plan->points * (last - chunk * plan->panels_per_item) * vn_divide_up(tile1 - tile0, (size_t)r->k->max_rows) *
            (size_t)r->conv->c;
  if (plan->shared) {
    for (size_t e = 1; e < plan->points; e++) vn_fetch_piece(&f, v + e * plan->step, (tile1 - tile0) * plan->pitch);
  } else {
    fetch_tiles(&f, r, tile0, tile1, true);
    // What this thread will probably transform next.
    if (index + 1 < vn_pool_range_start(r->pool, items, worker + 1))
      fetch_tiles(&f, r, tile1, block_start(plan, block + 2), false);
  }
  for (size_t panel = chunk * plan->panels_per_item; panel < last; panel += plan->panels_at_once) {
    const size_t end = vn_smaller(panel + plan->panels_at_once, last);
    multiply(r, v, tile1 - tile0, panel, end, cold && panel == chunk * plan->panels_per_item, products,
             &f);
    for (size_t i = panel; i < end; i++)
      finish(r, products + (i - panel) * plan->points * plan->product_step, tile0, tile1, i);
  }
}

static void run(const vn_kernels *k, const vn_conv *conv, size_t side, const float *x, const float *packed,
                const float *bias, const float *residual, float *y, float *scratch, vn_pool *pool) {
  const winograd_plan plan = plan_of(k, conv, side, vn_pool_threads(pool));
  float *zeros = vn_align(scratch);
  memset(zeros, 0, plan.zero_floats * sizeof(float));
  winograd_run r = {.k = k, .conv = conv, .plan = &plan, .x = x, .packed = packed, .bias = bias,
                    .residual = residual, .zeros = zeros, .y = y, .transformed = zeros + plan.zero_floats,
                    .workers = vn_align(zeros + plan.zero_floats + plan.shared_floats)};
  r.clamped = vn_clamp_of(conv->activation, conv->alpha, conv->beta, &r.low, &r.high);
  r.pool = pool;
  if (plan.shared) vn_pool_run(pool, plan.tiles, input_item, &r);
  vn_pool_run(pool, plan.blocks * plan.panel_chunks, product_item, &r);
}

void vn_winograd_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed, const float *bias,
                     const float *residual, float *y, float *scratch, vn_pool *pool) {
  run(k, conv, side_of(conv), x, packed, bias, residual, y, scratch, pool);
}

// MARK: Training

typedef struct weights_run {
  const vn_kernels *k;
  const float *packed;
  float *target;
  size_t inputs, outputs, lanes, parts, point_packed;
} weights_run;

/// Transforms a part of the inputs of one panel.
static void weights_item(void *context, size_t index, int worker) {
  (void)worker;
  const weights_run *r = context;
  const size_t first = index / r->parts * 2 * r->lanes, part = index % r->parts;
  const size_t columns = r->outputs - first > r->lanes ? 2 * r->lanes : r->lanes;
  const size_t begin = part * r->inputs / r->parts, end = (part + 1) * r->inputs / r->parts;
  const vn_winograd_weights weights = {.in = r->packed + first * 9 * r->inputs + begin * columns,
                                       .in_step = r->inputs * columns,
                                       .out = r->target + first * r->inputs + begin * columns,
                                       .out_step = r->point_packed,
                                       .count = (end - begin) * columns};
  r->k->winograd_weights(&weights);
}

bool vn_winograd_pays_in_training(const vn_kernels *k, const vn_conv *conv) {
  return vn_winograd_pays(k, conv) && vn_winograd_tiles_of(conv, vn_winograd_side).count >= few_training_tiles;
}

size_t vn_winograd_training_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  const winograd_plan plan = plan_of(k, conv, vn_winograd_side, 1);
  return 32 + plan.points * plan.point_packed + scratch_floats(k, conv, vn_winograd_side, threads);
}

void vn_winograd_training_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed,
                              const float *bias, const float *residual, float *y, float *scratch, vn_pool *pool) {
  const winograd_plan plan = plan_of(k, conv, vn_winograd_side, 1);
  weights_run r = {.k = k, .packed = packed, .target = vn_align(scratch), .inputs = (size_t)conv->c,
                   .outputs = (size_t)conv->o, .lanes = (size_t)k->lanes, .point_packed = plan.point_packed};
  r.parts = vn_divide_up(r.inputs, 64);
  vn_pool_run(pool, plan.panels * r.parts, weights_item, &r);
  run(k, conv, vn_winograd_side, x, r.target, bias, residual, y, r.target + plan.points * plan.point_packed, pool);
}
