// When Winograd's algorithm computes a convolution, how it is cut into items, and its weights.
#include "winograd_plan.h"

/// Up to these sizes in bytes, a block's transformed inputs, and the weights for all blocks, stay in the second-level cache.
static const size_t block_bytes = 512 * 1024, cached_weights = 3 * 1024 * 1024;
/// With stride 2 there is more to transform, and larger blocks were faster.
static const size_t strided_block_bytes = 800 * 1024;
/// Larger weights, up to this size, come from the third-level cache for each block; that pays for blocks of at least `far_tiles`
/// tiles, which are larger than others.
static const size_t far_weights = 20 * 1024 * 1024, far_block_bytes = 1600 * 1024;
enum { far_tiles = 28, most_far_tiles = 56 };
/// Sums longer than this are formed from partial sums, which costs next to nothing; most of the error comes from rounding sums.
/// With few channels F(6×6, 3×3) needs shorter partial sums to be as accurate as other forms, most of all where products are
/// rounded before they are added.
static const size_t longest_sum = 32, longest_large_sum = 16, longest_unfused_sum = 8;
enum { few_large_channels = 32, some_large_channels = 64 };
enum { shared_tiles = 128, shared_panels = 2 };
/// Measured on the layers of ResNet-18, VGG-16, SqueezeNet and ResNet-20, see docs/performance.md: below these bounds the direct
/// kernel was as fast or faster.
enum { few_channels = 16, few_tiles = 8, small_weights = 1024 * 1024 };
/// Of fewer channels there is less to save than to transform; of some more, only over several tiles. Outputs may be few: the direct
/// kernel then leaves as much of its vectors empty. Measured on 1 to 64 outputs of 3 to 128 channels, AVX2 and AVX-512.
enum { few_inputs = 6, some_inputs = 10, few_input_tiles = 16 };
/// Fewer tiles of 6 × 6 than this would wait for their weights, which are 16/9 of those of 4 × 4. Tiles of 6 × 6 must also take
/// at most this percentage of the products of 4 × 4.
enum { few_large_tiles = 16, large_percent = 92 };
/// Fewer tiles of 2 × 2 than this are not worth reading weights that take nearly twice the memory.
enum { few_small_tiles = 12 };
/// For 3 × 3 and stride 2, channels must be a multiple of this unit; for 7 × 7 they must be the three of an image. Products must
/// be at most this percentage of the direct kernel's.
enum { strided_unit = 16, image_channels = 3, few_strided_tiles = 16, strided_percent = 75, image_percent = 45 };

/// With gaps: the most parts of images, the largest weights in bytes, and the percentage of the direct kernel's products.
enum { most_parts = 1 << 20, dilated_percent = 60 };
static const size_t dilated_weights = 40 * 1024 * 1024;

/// Cuts one dimension into tiles. If `mixed`, uses the full and shorter tiles that together take the fewest points: `side` + 2
/// for a tile of `side` outputs. Replacing more than two full tiles would never take fewer.
static void cut(size_t extent, size_t side, bool mixed, size_t *whole, size_t *all) {
  const size_t most = vn_divide_up(extent, side);
  *whole = *all = most;
  for (size_t some = most; mixed && some > 0 && some + 2 > most;) {
    some--;
    const size_t count = some + vn_divide_up(extent - some * side, side - 2);
    if (count * side + 2 * some >= *all * side + 2 * *whole) continue;
    *whole = some, *all = count;
  }
}

vn_winograd_tiles vn_winograd_tiles_of(const vn_conv *conv, size_t side, bool mixed) {
  const size_t stride = (size_t)conv->stride_h, kernel = (size_t)conv->kh;
  vn_winograd_tiles t = {.side = side, .stride = stride, .kernel = kernel, .window = stride * (side - 1) + kernel,
                         .taps = stride == 2 ? (kernel + 1) / 2 : kernel, .mixed = mixed, .images = (size_t)conv->n};
  cut((size_t)conv->oh, side, mixed, &t.whole_rows, &t.rows);
  cut((size_t)conv->ow, side, mixed, &t.whole_columns, &t.columns);
  t.count = t.images * t.rows * t.columns;
  return t;
}

/// The tiles for inference.
static vn_winograd_tiles tiles_of(const vn_conv *conv, size_t side) {
  return vn_winograd_tiles_of(conv, side, side > 2 && !vn_winograd_is_strided(conv));
}

/// Products of all tiles for one input and one output channel, for stride 1.
static size_t products_of(const vn_winograd_tiles *t) {
  const size_t rows = t->rows * t->side + 2 * t->whole_rows, columns = t->columns * t->side + 2 * t->whole_columns;
  return t->images * rows * columns;
}

/// Outputs along a tile's side. With few tiles a product with large weights waits for them; F(2×2, 3×3) has less than half as
/// many.
static size_t side_of(const vn_conv *dilated) {
  const vn_conv flat = vn_winograd_flat(dilated), *conv = &flat;
  if (vn_winograd_is_strided(conv) && conv->kh != 3) return 4;
  if (vn_winograd_is_strided(conv)) {
    const size_t small = tiles_of(conv, 2).count * 25, large = tiles_of(conv, 4).count * 81;
    return small < large ? 2 : 4;
  }
  const vn_winograd_tiles tiles = tiles_of(conv, 4), large = tiles_of(conv, 6);
  const size_t floats = (size_t)vn_winograd_points * (size_t)conv->c * (size_t)conv->o;
  if (tiles.count < few_tiles && floats * sizeof(float) > small_weights) return 2;
  if (conv->c < few_large_channels) return 4;
  if (vn_winograd_is_dilated(dilated) && 64 * (size_t)conv->c * (size_t)conv->o * sizeof(float) > dilated_weights) return 4;
  return large.count >= few_large_tiles && 100 * products_of(&large) <= large_percent * products_of(&tiles) ? 6 : 4;
}

vn_winograd_plan vn_winograd_plan_of(const vn_kernels *k, const vn_conv *conv, size_t side, bool training, int threads) {
  vn_winograd_plan p = {.places = training ? vn_winograd_tiles_of(conv, side, false) : tiles_of(conv, side),
                        .channels = (size_t)conv->c, .longest_sum = longest_sum};
  p.points_1d = side + p.places.taps - 1;
  p.points = p.points_1d * p.points_1d;
  if (side == 6 && p.channels < some_large_channels)
    p.longest_sum = k->fused ? longest_large_sum : longest_unfused_sum;
  const size_t wanted = threads > 1 ? (size_t)threads : 1;
  const size_t lanes = (size_t)k->lanes, mr = (size_t)k->max_rows;
  p.tiles = p.places.count;
  p.pitch = vn_divide_up((size_t)conv->c, lanes) * lanes;
  if (vn_winograd_is_strided(conv)) p.pitch = 4 * (size_t)conv->c + 16;
  p.panel_columns = 2 * lanes;
  p.panels = vn_divide_up((size_t)conv->o, p.panel_columns);
  p.columns = vn_divide_up((size_t)conv->o, lanes) * lanes;
  const size_t weights = vn_winograd_point_start(&p, p.points) * sizeof(float);
  const bool far = weights > cached_weights;
  const size_t most = far ? most_far_tiles / mr : 4;
  const size_t near_bytes = vn_winograd_is_strided(conv) ? strided_block_bytes : block_bytes;
  const size_t fits = (far ? far_block_bytes : near_bytes) / (p.points * mr * p.pitch * sizeof(float));
  p.blocks = vn_divide_up(p.tiles, vn_larger(1, vn_smaller(most, fits)) * mr);
  // Each thread gets the same number of blocks.
  p.blocks = vn_smaller(vn_divide_up(p.blocks, wanted) * wanted, vn_divide_up(p.tiles, mr));
  p.panels_per_item = p.panels;
  // Weights that come from memory are read for many tiles at once, so all tiles are transformed beforehand.
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
  const bool small = conv->kh == 3 && (conv->stride_h == 1 || (conv->stride_h == 2 && conv->c % strided_unit == 0));
  const bool large = conv->kh == 7 && conv->stride_h == 2 && conv->c == image_channels;
  return (small || large) && conv->kw == conv->kh && conv->stride_h == conv->stride_w &&
         (conv->stride_h == 1 || !vn_winograd_is_dilated(conv)) && conv->dilation_h > 0 && conv->dilation_w > 0 &&
         conv->pad_top >= 0 && conv->pad_left >= 0 && (int64_t)conv->n * conv->dilation_h * conv->dilation_w <= most_parts &&
         conv->groups == 1 && conv->oh > 0 && conv->ow > 0 && conv->n > 0 && conv->c > 0 &&
         conv->o > 0;
}

/// Whether Winograd's algorithm is faster for a convolution of stride 2.
static bool strided_pays(const vn_conv *conv) {
  const vn_winograd_tiles tiles = tiles_of(conv, side_of(conv));
  const size_t points = 2 * (tiles.side + tiles.taps - 1) - 1, weights = points * points * (size_t)conv->c * (size_t)conv->o;
  if (conv->o < few_channels || tiles.count < few_strided_tiles || weights * sizeof(float) > far_weights) return false;
  // Compared to the products of the direct kernel.
  const size_t direct = tiles.kernel * tiles.kernel * (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  return 100 * tiles.count * points * points <= (tiles.kernel == 3 ? strided_percent : image_percent) * direct;
}

/// How often taps that are `gap` apart read one of `extent` elements.
static double live_taps(int32_t outputs, int32_t taps, int32_t gap, int32_t pad, int32_t extent) {
  double live = 0;
  for (int64_t t = 0; t < taps; t++) {
    const int64_t first = t * gap - pad, last = first + outputs;
    const int64_t inside = (last < extent ? last : extent) - (first > 0 ? first : 0);
    if (inside > 0) live += (double)inside;
  }
  return live;
}

/// Whether a convolution with gaps is faster so: the direct kernel leaves out what reads only padding, and its weights are smaller.
static bool dilated_pays(const vn_conv *conv) {
  const vn_conv flat = vn_winograd_flat(conv);
  const size_t side = side_of(conv), points = (side + 2) * (side + 2) * (size_t)conv->c * (size_t)conv->o;
  if (points * sizeof(float) > dilated_weights) return false;
  const vn_winograd_tiles tiles = tiles_of(&flat, side);
  const double direct = (double)conv->n * live_taps(conv->oh, conv->kh, conv->dilation_h, conv->pad_top, conv->h) *
                        live_taps(conv->ow, conv->kw, conv->dilation_w, conv->pad_left, conv->w);
  return 100 * (double)products_of(&tiles) <= dilated_percent * direct;
}

bool vn_winograd_pays(const vn_kernels *k, const vn_conv *dilated) {
  (void)k;
  if (!vn_winograd_applies(dilated)) return false;
  if (vn_winograd_is_dilated(dilated) && !dilated_pays(dilated)) return false;
  const vn_conv flat = vn_winograd_flat(dilated), *conv = &flat;
  if (vn_winograd_is_strided(conv)) return strided_pays(conv);
  if (conv->c < some_inputs && (conv->c < few_inputs || tiles_of(conv, 4).count < few_input_tiles)) return false;
  const size_t side = side_of(dilated);
  if (side == 6) return true;
  // Tiles that cross the edge are computed whole.
  const vn_winograd_tiles tiles = vn_winograd_tiles_of(conv, side, false);
  const size_t used = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  if (2 * used < tiles.count * side * side) return false;
  // Weights grow fourfold for 4 × 4, nearly twofold for 2 × 2; with too few tiles, reading them takes too long.
  return side == 4 || tiles.count >= few_small_tiles;
}

int vn_winograd_side_of(const vn_conv *conv) { return (int)side_of(conv); }

vn_winograd_account vn_winograd_explain(const vn_conv *dilated, bool training) {
  const vn_conv flat = vn_winograd_flat(dilated), *conv = &flat;
  const size_t side = training ? vn_winograd_side : side_of(dilated);
  const vn_winograd_tiles t = training ? vn_winograd_tiles_of(conv, side, false) : tiles_of(conv, side);
  vn_winograd_account a = {.side = (int32_t)side, .tiles = (int64_t)t.count, .products = (int64_t)products_of(&t)};
  a.mixed = t.whole_rows < t.rows || t.whole_columns < t.columns;
  const size_t points = 2 * (side + t.taps - 1) - 1;
  if (t.stride == 2) a.products = (int64_t)(t.count * points * points);
  return a;
}

size_t vn_winograd_packed_floats(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv flat = vn_winograd_flat(conv);
  const vn_winograd_plan plan = vn_winograd_plan_of(k, &flat, side_of(conv), false, 1);
  return vn_winograd_point_start(&plan, plan.points);
}

/// Transforms filters for stride 2 into the panel that begins at `column`, at `offset` in it.
static void pack_strided(const vn_kernels *k, const vn_winograd_plan *plan, const vn_winograd_filters *filters, float *packed,
                         size_t column, size_t input, size_t columns, size_t offset) {
  const size_t n = plan->points_1d, window = 2 * n - 1;
  vn_winograd_strided_filters strided = {.g = filters->g, .g_step = filters->g_step, .count = filters->count};
  for (size_t i = 0; i < window; i++)
    for (size_t j = 0; j < window; j++) {
      const size_t e = i / 2 * n + j / 2, phase = i % 2 * vn_winograd_phases(plan, j / 2) + j % 2;
      strided.u[i * window + j] = packed + vn_winograd_point_start(plan, e) + column * vn_winograd_point_depth(plan, e) +
                                  (phase * plan->channels + input) * columns + offset;
    }
  k->winograd_strided_filters[vn_winograd_strided_form_of(&plan->places)](&strided);
}

void vn_winograd_pack(const vn_kernels *k, const vn_conv *conv, size_t first, size_t count, const float *oihw, float *packed) {
  const vn_conv flat = vn_winograd_flat(conv);
  const vn_winograd_plan plan = vn_winograd_plan_of(k, &flat, side_of(conv), false, 1);
  const size_t outputs = (size_t)conv->o, inputs = (size_t)conv->c, lanes = (size_t)k->lanes;
  const size_t taps = plan.places.kernel * plan.places.kernel;
  vn_winograd_filters filters = {.g_step = (int64_t)(inputs * taps), .step = vn_winograd_point_start(&plan, 1)};
  for (size_t o = first; o < first + count; o += lanes) {
    const size_t column = o / plan.panel_columns * plan.panel_columns;
    const size_t columns = outputs - column > lanes ? 2 * lanes : lanes;
    filters.count = vn_smaller(lanes, first + count - o);
    for (size_t c = 0; c < inputs; c++) {
      filters.g = oihw + ((o - first) * inputs + c) * taps;
      filters.u = packed + column * inputs + c * columns + (o - column);
      if (vn_winograd_is_strided(conv)) pack_strided(k, &plan, &filters, packed, column, c, columns, o - column);
      else k->winograd_filters[vn_winograd_filter_form_of(&plan.places)](&filters);
    }
  }
}
