// Both gradients of a 1×1 convolution in one walk over its pixels.
//
//   for each part of the pixels                                              (threads share them)
//     for each block of them, which stays in the second-level cache
//       normalize the block of the gradient g, and that of the input x
//       gx = g · turned weights
//       sums += xᵀ · g
//   add the sums of all parts: the gradient of the weights
#include "convolution_gradients.h"
#include "../shared/fetching.h"

/// Floats of gradient and input in a block.
static const size_t block_floats = 64 * 1024;
/// The most floats that all partial sums may take.
static const size_t partial_floats = 1 << 20;
/// With more weights than this, blocks do not fit into the second-level cache together with the weights and their sums.
static const size_t most_weights = 48 * 1024;
/// Fewer floats of gradient and input than this stay in the caches anyway.
static const size_t least_floats = 1 << 21;
enum { least_chunk_pixels = 512, wanted_chunks = 16, most_chunks = 64, chunk_pixels = 4096, most_block_pixels = 168 };

typedef struct pointwise_plan {
  size_t pixels, inputs, outputs, weights;
  size_t block, blocks, chunks;
  /// Vectors run over the gradient's channels or, if `exchanged`, the input's. `wide` is their number; the others are broadcast.
  bool exchanged;
  size_t wide, narrow, row_tiles;
  size_t sums;       ///< floats of partial sums of a chunk
  size_t run_block;  ///< of the products with turned weights
  size_t turned_floats, pointer_floats, worker_floats;
} pointwise_plan;

static pointwise_plan plan_of(const vn_kernels *k, const vn_conv *conv) {
  const size_t mr = (size_t)k->max_rows, lanes = (size_t)k->lanes;
  pointwise_plan p = {.pixels = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow, .inputs = (size_t)conv->c,
                      .outputs = (size_t)conv->o};
  p.weights = p.inputs * p.outputs;
  const vn_conv turned = vn_phase_conv(conv, vn_rows_of_phase(conv, 0), vn_columns_of_phase(conv, 0));
  p.run_block = vn_conv_plan_make(k, &turned).run_block;
  p.exchanged = p.inputs > p.outputs;
  p.wide = vn_larger(p.inputs, p.outputs);
  p.narrow = vn_smaller(p.inputs, p.outputs);
  p.row_tiles = vn_divide_up(p.narrow, mr);
  const size_t fits = block_floats / (p.inputs + p.outputs);
  p.block = vn_larger(1, vn_smaller(fits, most_block_pixels) / mr) * mr;
  p.blocks = vn_divide_up(p.pixels, p.block);
  p.sums = vn_divide_up(p.wide, lanes) * lanes * p.narrow;
  p.chunks = vn_smaller(most_chunks, vn_larger(p.pixels / chunk_pixels, wanted_chunks));
  p.chunks = vn_smaller(p.chunks, vn_larger(1, p.pixels / least_chunk_pixels));
  p.chunks = vn_smaller(p.chunks, vn_larger(1, partial_floats / vn_larger(1, p.sums)));
  p.turned_floats = (vn_divide_up(p.inputs, lanes) * lanes * p.outputs + 15) / 16 * 16;
  const size_t pointer = sizeof(float *) / sizeof(float);
  p.pointer_floats = (3 * p.block * pointer + 15) / 16 * 16;
  p.worker_floats = p.pointer_floats + 3 * ((p.block * p.inputs + 31) / 16 * 16) + (p.block * p.outputs + 31) / 16 * 16;
  return p;
}

static bool is_dense(int64_t pixel, int64_t row, int64_t image, int64_t height, int64_t width, int64_t channels) {
  return pixel == channels && row == width * pixel && image == height * row;
}

static bool merges(const vn_kernels *k, const vn_conv *conv) {
  if (conv->groups != 1 || conv->kh != 1 || conv->kw != 1 || conv->stride_h != 1 || conv->stride_w != 1 ||
      conv->pad_top != 0 || conv->pad_left != 0 || conv->oh != conv->h || conv->ow != conv->w || conv->c == 0 ||
      conv->o == 0)
    return false;
  if (!is_dense(conv->x_pixel, conv->x_row, conv->x_image, conv->h, conv->w, conv->c) ||
      !is_dense(conv->y_pixel, conv->y_row, conv->y_image, conv->oh, conv->ow, conv->o))
    return false;
  return vn_larger((size_t)conv->c, (size_t)conv->o) % (size_t)k->lanes == 0;
}

typedef struct pointwise_run {
  const vn_gradients_run *all;
  const pointwise_plan *plan;
  const float *turned;
  float *sums, *workers;
  bool streams;  ///< whether the gradient of the input is written with non-temporal stores
} pointwise_run;

/// The lines that a product of `steps` steps prefetches; `near`, which is cached already, if no lines are left.
static vn_ahead look_ahead(vn_fetching *f, const void *near, size_t steps) {
  vn_ahead ahead = {.weights = near, .pixels = near};
  const size_t share = vn_share(f, steps), half = (share + 1) / 2;
  const char *first = vn_next_lines(f, half, steps, &ahead.weights_step);
  const char *second = vn_next_lines(f, share - half, steps, &ahead.pixels_step);
  if (first) ahead.weights = first;
  if (second) ahead.pixels = second;
  return ahead;
}

static void multiply(const pointwise_run *r, size_t count, const float *g, float *gx, float *memory, vn_fetching *f,
                     vn_departure *leaving) {
  const pointwise_plan *p = r->plan;
  const vn_kernels *k = r->all->k;
  const size_t mr = (size_t)k->max_rows, lanes = (size_t)k->lanes, tiles = vn_divide_up(count, mr);
  const float **rows = (const float **)memory;
  float **targets = (float **)(rows + p->block);
  for (size_t i = 0; i < count; i++) {
    rows[i] = g + i * p->outputs;
    targets[i] = gx + i * p->inputs;
  }
  vn_tile tile = {.row_stride = mr, .taps = 1, .run = p->outputs, .taps_block = 1, .run_block = p->run_block,
                  .low = -__builtin_inff(), .high = __builtin_inff(), .fetches = p->outputs >= 24 && !r->streams};
  const size_t all_products = vn_divide_up(p->inputs, 2 * lanes) * tiles;
  size_t products = 0;
  for (tile.column = 0; tile.column < p->inputs; tile.column += 2 * lanes) {
    tile.width = vn_smaller(2 * lanes, p->inputs - tile.column);
    tile.panel = r->turned + tile.column * p->outputs;
    for (size_t t = 0; t < tiles; t++) {
      const size_t start = t * count / tiles, end = (t + 1) * count / tiles;
      tile.rows = rows + start;
      tile.y = targets + start;
      tile.ahead = look_ahead(f, tile.panel, p->outputs);
      k->micro_kernels[end - start - 1][tile.width > lanes ? 1 : 0](&tile);
      vn_send(k, leaving, leaving->pixels * ++products / all_products);
    }
  }
}

static void add_products(const pointwise_run *r, size_t count, bool is_first, const float *x, const float *g,
                         float *memory, float *sums, vn_fetching *f) {
  const pointwise_plan *p = r->plan;
  const vn_kernels *k = r->all->k;
  const size_t lanes = (size_t)k->lanes;
  const float *narrow = p->exchanged ? g : x, *wide = p->exchanged ? x : g;
  const float **rows = (const float **)memory;
  for (size_t i = 0; i < count; i++) rows[i] = narrow + i * p->narrow;
  vn_outer outer = {.rows = rows, .count = count, .g_step = p->wide, .first = is_first};
  for (size_t column = 0; column < p->wide; column += 2 * lanes) {
    const size_t columns = vn_smaller(2 * lanes, p->wide - column);
    outer.g = wide + column;
    for (size_t tile = 0; tile < p->row_tiles; tile++) {
      const size_t row = tile * p->narrow / p->row_tiles, end = (tile + 1) * p->narrow / p->row_tiles;
      outer.offset = row;
      outer.sums = sums + column * p->narrow + row * columns;
      outer.ahead = look_ahead(f, outer.sums, count);
      k->outer[end - row - 1][columns > lanes ? 1 : 0](&outer);
    }
  }
}

/// The prefetching of the next block's operands: the gradients, or the tensors they are computed from, and the input.
static vn_fetching fetching_of(const pointwise_run *r, size_t next, size_t next_count, size_t count) {
  const vn_gradients_run *all = r->all;
  const pointwise_plan *p = r->plan;
  const size_t lanes = (size_t)all->k->lanes;
  vn_fetching f;
  f.count = f.at = f.lines = f.fetched = f.past = 0;
  f.steps = vn_divide_up(p->inputs, 2 * lanes) * vn_divide_up(count, (size_t)all->k->max_rows) * p->outputs +
            vn_divide_up(p->wide, 2 * lanes) * p->row_tiles * count;
  vn_fetch_piece(&f, (vn_computes_gradient(all) ? all->n->source : all->g) + next * p->outputs, next_count * p->outputs);
  if (vn_computes_gradient(all)) vn_fetch_piece(&f, all->n->source_x + next * p->outputs, next_count * p->outputs);
  vn_fetch_piece(&f, (all->input ? all->input->source : all->x) + next * p->inputs, next_count * p->inputs);
  return f;
}

static void pointwise_item(void *context, size_t index, int worker) {
  const pointwise_run *r = context;
  const pointwise_plan *p = r->plan;
  const vn_gradients_run *all = r->all;
  const vn_conv_normalization *n = all->n, *input = all->input;
  float *memory = r->workers + (size_t)worker * p->worker_floats;
  float *own_g = vn_align(memory + p->pointer_floats), *own_x = vn_align(own_g + p->block * p->outputs);
  float *own_gx[2] = {vn_align(own_x + p->block * p->inputs)};
  own_gx[1] = vn_align(own_gx[0] + p->block * p->inputs);
  vn_departure leaving = {0};
  const size_t begin = vn_smaller(p->pixels, index * p->blocks / p->chunks * p->block);
  const size_t end = vn_smaller(p->pixels, (index + 1) * p->blocks / p->chunks * p->block);
  float *sums = r->sums + index * p->sums;
  for (size_t first = begin; first < end; first += p->block) {
    const size_t count = vn_smaller(p->block, end - first), next = first + count;
    const float *g = own_g, *x = own_x;
    if (!vn_computes_gradient(all)) {
      g = all->g + first * p->outputs;
    } else {
      const vn_normalization norm = vn_normalization_of(n->source_factors, p->outputs, 0, p->outputs, p->outputs,
                                                        n->source_clamped, n->source_low, n->source_high);
      all->k->normalization_gradient(&norm, false, count, n->source + first * p->outputs, n->source_x + first * p->outputs,
                                     NULL, own_g, NULL);
    }
    if (!input) {
      x = all->x + first * p->inputs;
    } else {
      const float *scale = input->source_factors;
      all->k->affine_clamp(false, count, p->inputs, p->inputs, input->source + first * p->inputs, scale, scale + p->inputs,
                           NULL, input->source_low, input->source_high, own_x, NULL);
    }
    vn_fetching f = fetching_of(r, next, vn_smaller(p->block, end - next), count);
    float *gx = r->streams ? own_gx[!leaving.second] : all->gx + first * p->inputs;
    multiply(r, count, g, gx, memory, &f, &leaving);
    if (n && n->partials)
      vn_sum_result(all->k, n, p->inputs, p->chunks, index, first == begin, gx, first * p->inputs, count, p->inputs, 0,
                    p->inputs);
    if (r->streams)
      leaving = (vn_departure){.from = gx, .to = all->gx + first * p->inputs, .channels = p->inputs, .width = p->inputs,
                               .pixels = count, .second = !leaving.second};
    add_products(r, count, first == begin, x, g, memory, sums, &f);
  }
  vn_send(all->k, &leaving, leaving.pixels);
  if (r->streams) vn_end_stream();
}

static void pointwise_gradients(const vn_gradients_run *all) {
  const vn_conv *conv = all->conv;
  const pointwise_plan p = plan_of(all->k, conv);
  float *turned = vn_align(all->scratch);
  vn_turn_weights(all->k, conv, vn_rows_of_phase(conv, 0), vn_columns_of_phase(conv, 0), all->packed, turned, all->pool);
  float *total = turned + p.turned_floats, *sums = vn_align(total + (p.exchanged ? p.sums : 0));
  pointwise_run r = {.all = all, .plan = &p, .turned = turned, .sums = sums,
                     .workers = vn_align(sums + p.chunks * p.sums),
                     .streams = vn_streams_far(all->k, all->gx, p.inputs, p.pixels)};
  vn_pool_run(all->pool, p.chunks, pointwise_item, &r);
  vn_sum_parts(all->k, p.sums, p.chunks, sums, p.exchanged ? total : all->packed_gradient, all->pool);
  if (p.exchanged)
    vn_turn_pointwise_sums(all->k, p.inputs, p.outputs, total, all->packed_gradient, all->pool);
}

// MARK: Entry points

static bool is_depthwise(const vn_conv *conv) {
  return conv->groups > 1 && conv->groups == conv->c && conv->groups == conv->o;
}

bool vn_conv_gradients_merge(const vn_kernels *k, const vn_conv *conv) {
  if (conv->n == 0 || conv->oh == 0 || conv->ow == 0) return false;
  return is_depthwise(conv) ? vn_depthwise_gradients_merge(conv) : merges(k, conv);
}

bool vn_conv_gradients_merging_pays(const vn_kernels *k, const vn_conv *conv) {
  if (is_depthwise(conv)) return vn_depthwise_gradients_merging_pays(conv);
  const pointwise_plan p = plan_of(k, conv);
  return p.weights <= most_weights && p.chunks >= wanted_chunks && p.pixels * (p.inputs + p.outputs) >= least_floats;
}

size_t vn_conv_gradients_chunks(const vn_kernels *k, const vn_conv *conv) {
  return is_depthwise(conv) ? vn_depthwise_gradients_chunks(conv) : plan_of(k, conv).chunks;
}

size_t vn_conv_gradients_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  if (is_depthwise(conv)) return vn_depthwise_gradients_scratch_floats(k, conv, threads);
  const pointwise_plan p = plan_of(k, conv);
  return 64 + p.turned_floats + (p.chunks + 1) * p.sums + (size_t)(threads < 1 ? 1 : threads) * p.worker_floats;
}

void vn_conv_gradients(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                       const vn_conv_normalization *input, const float *x, const float *g, const float *packed,
                       float *gx, float *packed_gradient, float *scratch, vn_pool *pool) {
  const vn_gradients_run run = {.k = k, .conv = conv, .n = normalization, .input = input, .x = x, .g = g,
                                .packed = packed, .gx = gx, .packed_gradient = packed_gradient, .scratch = scratch,
                                .pool = pool};
  if (is_depthwise(conv)) vn_depthwise_gradients(&run);
  else pointwise_gradients(&run);
}
