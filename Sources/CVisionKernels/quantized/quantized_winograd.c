// Convolution of bytes by Winograd's F(4×4, 3×3) in integers: tiles of the input are transformed, 36 matrix products of int16
// follow, and their sums modulo 2³² are transformed to tiles of the output. template/quantized_winograd.h explains why it is
// exact.
#include <string.h>

#include "quantized_matrix.h"
#include "../shared/winograd_tiles.h"

/// How one convolution is cut into items. This may depend on the number of threads, since nothing is rounded.
typedef struct qwinograd_plan {
  vn_winograd_tiles places;
  size_t tiles, channels, words, pitch;      ///< pairs of a transformed pixel, and int16 from tile to tile
  size_t panels, panel_columns, columns;     ///< columns: outputs rounded up to whole vectors
  size_t blocks, tiles_per_block;            ///< a block of tiles is multiplied together
  size_t panel_chunks, panels_per_item;
  size_t panels_at_once;                     ///< panels that are multiplied at one point before the next point
  bool shared;                               ///< whether all tiles are transformed before any product
  size_t step;                               ///< int16 from point to point of transformed inputs
  size_t product_step;                       ///< int32 from point to point of products
  size_t point_packed;                       ///< int16 of the weights of one point
  size_t number_bytes;                       ///< of all biases, and of all multipliers
  size_t zero_bytes, shared_bytes, worker_bytes;
} qwinograd_plan;

typedef struct qwinograd_run {
  const vn_qkernels *q;
  const vn_qconv *conv;
  const qwinograd_plan *plan;
  const uint8_t *x, *packed, *residual, *zeros;
  uint8_t *y, *workers;
  int16_t *transformed;
  const vn_pool *pool;
} qwinograd_run;

/// Up to these sizes in bytes, a block's transformed inputs, and the weights for all blocks, stay in the second-level cache.
static const size_t block_bytes = 256 * 1024, cached_weights = 1536 * 1024;
/// Larger weights, up to this size, come from the third-level cache for each block; blocks are larger then.
static const size_t far_weights = 8 * 1024 * 1024, far_block_bytes = 512 * 1024;
enum { most_groups = 4, shared_tiles = 64, shared_panels = 2 };
/// Measured on the layers of ResNets, VGG-16 and SqueezeNet, see docs/performance.md: below these bounds the direct kernel was as
/// fast or faster. Tiles that cross the edge are computed whole; at least this percentage of their outputs must be used.
enum { few_channels = 16, few_tiles = 8, few_far_tiles = 16, used_percent = 70, used_percent_without_dots = 35 };
/// Sums in −sum_end..<sum_end fit in 26 bits.
static const int64_t sum_end = (int64_t)1 << 25;

/// The places of the tiles, which depend on extents only.
static vn_winograd_tiles tiles_of(const vn_qconv *conv) {
  const vn_conv extents = {.n = conv->n, .oh = conv->oh, .ow = conv->ow, .stride_h = 1, .kh = 3};
  return vn_winograd_tiles_of(&extents, vn_winograd_side, false);
}

static qwinograd_plan plan_of(const vn_kernels *k, const vn_qconv *conv, int threads) {
  const vn_qkernels *q = vn_qkernels_for(k, conv->avoids_dot_products);
  const size_t lanes = (size_t)q->lanes, mr = (size_t)q->max_rows, wanted = threads > 1 ? (size_t)threads : 1;
  qwinograd_plan p = {.places = tiles_of(conv), .channels = (size_t)conv->c};
  p.tiles = p.places.count;
  p.words = vn_divide_up(p.channels, 2);
  p.pitch = vn_round_up(p.channels, 2 * lanes);
  p.panel_columns = 2 * lanes;
  p.panels = vn_divide_up((size_t)conv->o, p.panel_columns);
  p.columns = vn_round_up((size_t)conv->o, lanes);
  // With a step that is a power of two, all points would fall into the same cache sets.
  p.point_packed = p.columns * p.words * 2 + 32;
  p.number_bytes = vn_round_up(p.columns * 4, 64);
  const size_t weights = vn_winograd_points * p.point_packed * sizeof(int16_t);
  const size_t most_bytes = weights > cached_weights ? far_block_bytes : block_bytes;
  const size_t fits = most_bytes / (vn_winograd_points * mr * p.pitch * sizeof(int16_t));
  p.blocks = vn_divide_up(p.tiles, vn_larger(1, vn_smaller(most_groups, fits)) * mr);
  // Each thread gets the same number of blocks.
  p.blocks = vn_smaller(vn_round_up(p.blocks, wanted), vn_divide_up(p.tiles, mr));
  p.panels_per_item = p.panels;
  // If weights come from memory, or blocks would have fewer tiles than a micro-kernel has rows, weights are read for many tiles
  // at once, so all tiles are transformed beforehand.
  p.shared = p.panels > 1 && (p.tiles < wanted * mr || weights > far_weights);
  if (p.shared) {
    p.blocks = vn_divide_up(p.tiles, shared_tiles);
    p.panels_per_item = p.blocks * p.panels >= 2 * shared_panels * wanted ? shared_panels : 1;
  }
  p.tiles_per_block = vn_divide_up(p.tiles, p.blocks);
  p.panel_chunks = vn_divide_up(p.panels, p.panels_per_item);
  p.step = (p.shared ? p.tiles : p.tiles_per_block) * p.pitch + 32;
  p.panels_at_once = p.shared ? p.panels_per_item : 1;
  p.product_step = p.tiles_per_block * p.panel_columns + 16;
  p.zero_bytes = vn_round_up(p.channels, 64);
  const size_t transformed = vn_round_up(vn_winograd_points * p.step * sizeof(int16_t), 64);
  p.shared_bytes = p.shared ? transformed : 0;
  p.worker_bytes = vn_round_up(p.panels_at_once * vn_winograd_points * p.product_step * sizeof(int32_t), 64) +
                   (p.shared ? 0 : transformed);
  return p;
}

bool vn_qwinograd_applies(const vn_qconv *conv) {
  return conv->kh == 3 && conv->kw == 3 && conv->stride_h == 1 && conv->stride_w == 1 && conv->dilation_h == 1 &&
         conv->dilation_w == 1 && conv->groups == 1 && conv->oh > 0 && conv->ow > 0 && conv->n > 0 && conv->c > 0 &&
         conv->o > 0;
}

bool vn_qwinograd_is_exact(const vn_qconv *conv, const int8_t *oihw) {
  const size_t depth = (size_t)conv->c * 9;
  for (size_t o = 0; o < (size_t)conv->o; o++) {
    int64_t highest = 0, lowest = 0;
    for (size_t i = 0; i < depth; i++) {
      const int64_t w = oihw[o * depth + i];
      if (w > 0) highest += 255 * w;
      else lowest += 255 * w;
    }
    if (highest >= sum_end || lowest < -sum_end) return false;
  }
  return true;
}

bool vn_qwinograd_pays(const vn_kernels *k, const vn_qconv *conv) {
  if (!vn_qwinograd_applies(conv) || conv->c < few_channels || conv->o < few_channels) return false;
  // A processor's tiles multiply four times as many bytes as it does int16 otherwise, and more.
  if (vn_qmatrix_for(k, conv)) return false;
  const size_t tiles = tiles_of(conv).count, side = vn_winograd_side;
  const size_t used = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  // Without instructions for dot products of bytes, the direct kernel widens bytes for each product.
  const bool dots = vn_qkernels_for(k, conv->avoids_dot_products)->dot_products;
  if (100 * used < (dots ? used_percent : used_percent_without_dots) * tiles * side * side) return false;
  // Weights take eight times the memory of the direct kernel's; with too few tiles, reading them takes too long.
  const size_t weights = vn_winograd_points * sizeof(int16_t) * (size_t)conv->c * (size_t)conv->o;
  return tiles >= (weights > far_weights ? few_far_tiles : few_tiles);
}

size_t vn_qwinograd_packed_bytes(const vn_kernels *k, const vn_qconv *conv) {
  const qwinograd_plan plan = plan_of(k, conv, 1);
  return 2 * plan.number_bytes + vn_winograd_points * plan.point_packed * sizeof(int16_t);
}

void vn_qwinograd_pack(const vn_kernels *k, const vn_qconv *conv, const int8_t *oihw, const int32_t *bias,
                       const float *multipliers, uint8_t *packed) {
  const qwinograd_plan plan = plan_of(k, conv, 1);
  const vn_qkernels *q = vn_qkernels_for(k, false);
  const size_t depth = plan.channels * 9, outputs = (size_t)conv->o, lanes = (size_t)q->lanes;
  int32_t *biases = (int32_t *)packed;
  float *factors = (float *)(packed + plan.number_bytes);
  int16_t *weights = (int16_t *)(packed + 2 * plan.number_bytes);
  memset(packed, 0, 2 * plan.number_bytes);
  for (size_t o = 0; o < outputs; o++) {
    int64_t sum = 0;
    for (size_t i = 0; i < depth; i++) sum += oihw[o * depth + i];
    biases[o] = (int32_t)((bias ? bias[o] : 0) - conv->x_zero * sum);
    factors[o] = multipliers[o];
  }
  vn_qwinograd_filters filters = {.g_step = depth, .step = plan.point_packed};
  for (size_t o = 0; o < outputs; o += lanes) {
    const size_t column = o / plan.panel_columns * plan.panel_columns;
    const size_t columns = plan.columns - column > lanes ? 2 * lanes : lanes;
    filters.count = vn_smaller(lanes, outputs - o);
    for (size_t word = 0; word < plan.words; word++) {
      filters.inputs = vn_smaller(2, plan.channels - 2 * word);
      filters.g = oihw + o * depth + word * 2 * 9;
      filters.u = weights + (column * plan.words + word * columns + (o - column)) * 2;
      q->winograd_filters(&filters);
    }
  }
}

size_t vn_qwinograd_scratch_bytes(const vn_kernels *k, const vn_qconv *conv, int threads) {
  const qwinograd_plan plan = plan_of(k, conv, threads);
  return plan.zero_bytes + plan.shared_bytes + plan.worker_bytes * (size_t)(threads < 1 ? 1 : threads);
}

static size_t block_start(const qwinograd_plan *plan, size_t block) { return block * plan->tiles / plan->blocks; }

/// Transforms the input of tiles first..<last; `v` is the result for tile `first`.
static void transform(const qwinograd_run *r, size_t first, size_t last, int16_t *v) {
  const vn_qconv *conv = r->conv;
  const qwinograd_plan *plan = r->plan;
  const int64_t channels = conv->c, row_bytes = (int64_t)conv->w * channels;
  vn_qwinograd_input in = {.channels = plan->channels, .step = plan->step};
  for (size_t tile = first; tile < last; tile++, v += plan->pitch) {
    const vn_winograd_tile p = vn_winograd_tile_at(&plan->places, tile);
    const int64_t top = (int64_t)p.row - conv->pad_top, left = (int64_t)p.column - conv->pad_left;
    const uint8_t *image = r->x + (int64_t)p.image * conv->h * row_bytes;
    in.v = v;
    const int64_t bottom = top + vn_winograd_window, right = left + vn_winograd_window;
    if (top >= 0 && left >= 0 && bottom <= conv->h && right <= conv->w) {
      const uint8_t *pixel = image + top * row_bytes + left * channels;
      for (size_t i = 0; i < vn_winograd_points; i += vn_winograd_window, pixel += row_bytes) {
        const uint8_t *from = pixel;
        for (size_t j = 0; j < vn_winograd_window; j++, from += channels) in.pixels[i + j] = from;
      }
      r->q->winograd_input(&in);
      continue;
    }
    for (int64_t i = 0; i < vn_winograd_window; i++) {
      const int64_t row = top + i;
      for (int64_t j = 0; j < vn_winograd_window; j++) {
        const int64_t column = left + j;
        const bool inside = row >= 0 && row < conv->h && column >= 0 && column < conv->w;
        in.pixels[i * vn_winograd_window + j] = inside ? image + row * row_bytes + column * channels : r->zeros;
      }
    }
    r->q->winograd_input(&in);
  }
}

static void input_item(void *context, size_t index, int worker) {
  (void)worker;
  const qwinograd_run *r = context;
  transform(r, index, index + 1, r->transformed + index * r->plan->pitch);
}

/// The products of `count` tiles and panels panel0..<panel1 at all points. `cold`: the first panel is not in the caches yet.
static void multiply(const qwinograd_run *r, const int16_t *v, size_t count, size_t panel0, size_t panel1, bool cold,
                     int32_t *products) {
  const qwinograd_plan *plan = r->plan;
  const size_t mr = (size_t)r->q->max_rows, lanes = plan->panel_columns / 2, groups = vn_divide_up(count, mr);
  const size_t panel_length = plan->panel_columns * plan->words * 2;
  const int16_t *weights = (const int16_t *)(r->packed + 2 * plan->number_bytes);
  const int16_t *rows[VN_QMAX_ROWS];
  vn_qproducts p = {.rows = rows, .words = plan->words, .pitch = plan->panel_columns};
  for (size_t e = 0; e < vn_winograd_points; e++)
    for (size_t panel = panel0; panel < panel1; panel++) {
      const int vectors = plan->columns - panel * plan->panel_columns > lanes ? 1 : 0;
      const size_t bytes = (vectors ? plan->panel_columns : lanes) * 2 * sizeof(int16_t);
      p.panel = weights + e * plan->point_packed + panel * panel_length;
      // While this panel is multiplied, the panel of the next columns or of the next point is prefetched.
      const int16_t *next = panel + 1 < panel1 ? p.panel + panel_length
                            : e + 1 < vn_winograd_points ? weights + (e + 1) * plan->point_packed + panel0 * panel_length
                                                         : NULL;
      const vn_panel_ahead ahead = vn_panel_ahead_of(p.panel, bytes, plan->words, groups,
                                                     cold && e == 0 && panel == panel0, next);
      int32_t *target = products + ((panel - panel0) * vn_winograd_points + e) * plan->product_step;
      for (size_t g = 0; g < groups; g++) {
        const size_t start = g * count / groups, end = (g + 1) * count / groups;
        const int16_t *row = v + e * plan->step + start * plan->pitch;
        for (size_t i = 0; i < end - start; i++, row += plan->pitch) rows[i] = row;
        p.sums = target + start * plan->panel_columns;
        const bool ends = g + 1 == groups && panel + 1 == panel1;
        const int16_t *later = g + 1 < groups ? row : v + (ends && e + 1 < vn_winograd_points ? e + 1 : e) * plan->step;
        p.ahead = vn_ahead_of(&ahead, g, later, 64);
        r->q->products[end - start - 1][vectors](&p);
      }
    }
}

/// Forms the outputs of tiles tile0..<tile1 in one panel's columns.
static void finish(const qwinograd_run *r, const int32_t *products, size_t tile0, size_t tile1, size_t panel) {
  const vn_qconv *conv = r->conv;
  const qwinograd_plan *plan = r->plan;
  const size_t outputs = (size_t)conv->o, size = conv->result.floats ? sizeof(float) : 1;
  const size_t side = vn_winograd_side, first = panel * plan->panel_columns;
  vn_qwinograd_output out = {.step = plan->product_step, .column = first,
                             .width = vn_smaller(plan->panel_columns, outputs - first),
                             .bias = (const int32_t *)r->packed + first,
                             .multipliers = (const float *)(r->packed + plan->number_bytes) + first,
                             .y_pixel = outputs * size, .y_row = (size_t)conv->ow * outputs * size,
                             .r_pixel = outputs, .r_row = (size_t)conv->ow * outputs, .result = &conv->result};
  for (size_t tile = tile0; tile < tile1; tile++) {
    const vn_winograd_tile p = vn_winograd_tile_at(&plan->places, tile);
    const size_t place = ((p.image * (size_t)conv->oh + p.row) * (size_t)conv->ow + p.column) * outputs;
    out.m = products + (tile - tile0) * plan->panel_columns;
    out.rows = (int)vn_smaller(side, (size_t)conv->oh - p.row);
    out.columns = (int)vn_smaller(side, (size_t)conv->ow - p.column);
    out.y = r->y + place * size;
    out.residual = r->residual ? r->residual + place : NULL;
    r->q->winograd_output(&out);
  }
}

static void product_item(void *context, size_t index, int worker) {
  const qwinograd_run *r = context;
  const qwinograd_plan *plan = r->plan;
  const size_t block = index % plan->blocks, chunk = index / plan->blocks;
  const size_t tile0 = block_start(plan, block), tile1 = block_start(plan, block + 1);
  int32_t *products = (int32_t *)(r->workers + (size_t)worker * plan->worker_bytes);
  const size_t products_size = plan->panels_at_once * vn_winograd_points * plan->product_step * sizeof(int32_t);
  int16_t *v = plan->shared ? r->transformed + tile0 * plan->pitch
                            : (int16_t *)((uint8_t *)products + vn_round_up(products_size, 64));
  if (!plan->shared) transform(r, tile0, tile1, v);
  const size_t begin = chunk * plan->panels_per_item, last = vn_smaller(begin + plan->panels_per_item, plan->panels);
  const bool cold = index == vn_pool_range_start(r->pool, plan->blocks * plan->panel_chunks, worker);
  for (size_t panel = begin; panel < last; panel += plan->panels_at_once) {
    const size_t end = vn_smaller(panel + plan->panels_at_once, last);
    multiply(r, v, tile1 - tile0, panel, end, cold && panel == begin, products);
    for (size_t i = panel; i < end; i++)
      finish(r, products + (i - panel) * vn_winograd_points * plan->product_step, tile0, tile1, i);
  }
}

void vn_qwinograd_run(const vn_kernels *k, const vn_qconv *conv, const uint8_t *x, const uint8_t *packed,
                      const uint8_t *residual, void *y, uint8_t *scratch, vn_pool *pool) {
  const qwinograd_plan plan = plan_of(k, conv, vn_pool_threads(pool));
  memset(scratch, conv->x_zero, plan.zero_bytes);
  qwinograd_run r = {.q = vn_qkernels_for(k, conv->avoids_dot_products), .conv = conv, .plan = &plan, .x = x,
                     .packed = packed, .residual = residual, .zeros = scratch, .y = y, .pool = pool,
                     .transformed = (int16_t *)(scratch + plan.zero_bytes),
                     .workers = scratch + plan.zero_bytes + plan.shared_bytes};
  if (plan.shared) vn_pool_run(pool, plan.tiles, input_item, &r);
  vn_pool_run(pool, plan.blocks * plan.panel_chunks, product_item, &r);
}
