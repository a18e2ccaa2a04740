// The gradient of a convolution by its packed weights: an implicit im2col, transposed, times the gradient of the output.
//
//   for each part of the pixels, group and range of panels                   (threads share them)
//     for each block of pixels, which stays in the first-level cache: point to what the taps read at them
//       for each panel of NR outputs: take its gradients g[pixel][NR], packed where that is faster
//         for each tap and tile of MR input channels
//           sums[tap][MR][NR] += Σ over pixels of x[pixel][MR] · g[pixel][NR]   (template/outer.h)
//   add the sums of all parts
#include <string.h>

#include "convolution_gradients.h"

enum { block_pixels = 192, wanted_items = 16, most_chunks = 16, least_chunk_pixels = 512 };
/// The most floats that all partial sums may take.
static const size_t partial_floats = 1 << 20;
/// Gradients that are read at least this often are packed.
static const size_t worth_packing = 4;

typedef struct weights_plan {
  vn_conv_plan forward;
  size_t pixels, chunks;        ///< chunks: parts of the pixels, whose sums are added at the end
  size_t panels_per_item, panel_chunks;
  size_t row_tiles;             ///< of one tap
  bool packs, dense_g;
  size_t packed, zero_floats, worker_floats;
} weights_plan;

static weights_plan plan_of(const vn_kernels *k, const vn_conv *conv) {
  weights_plan p = {.forward = vn_conv_plan_make(k, conv)};
  const vn_conv_plan *f = &p.forward;
  p.pixels = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  p.packed = vn_conv_packed_floats(k, conv);
  p.dense_g = (conv->oh == 1 || conv->y_row == conv->ow * conv->y_pixel) &&
              (conv->n == 1 || conv->y_image == conv->oh * conv->ow * conv->y_pixel);
  p.chunks = vn_larger(1, vn_smaller(most_chunks, p.pixels / least_chunk_pixels));
  p.chunks = vn_larger(1, vn_smaller(p.chunks, partial_floats / vn_larger(1, p.packed)));
  p.row_tiles = vn_divide_up(f->run, (size_t)k->max_rows);
  p.packs = !p.dense_g || p.row_tiles * f->taps >= worth_packing || f->group_outputs % (size_t)k->lanes != 0;
  p.panel_chunks = vn_smaller(f->panels, vn_divide_up(wanted_items, p.chunks * (size_t)conv->groups));
  p.panels_per_item = vn_divide_up(f->panels, p.panel_chunks);
  p.panel_chunks = vn_divide_up(f->panels, p.panels_per_item);
  const size_t pointer = sizeof(float *) / sizeof(float);
  p.zero_floats = (f->run + 31) / 16 * 16;
  p.worker_floats = block_pixels * f->taps * pointer + block_pixels * f->panel_columns + 32;
  if (f->merged) p.worker_floats += block_pixels * f->depth;
  p.worker_floats = (p.worker_floats + 15) / 16 * 16;
  return p;
}

/// Floats of a block's operand, which an item keeps.
static size_t block_floats(const weights_plan *p) { return (block_pixels * p->forward.run + 31) / 16 * 16; }

typedef struct weights_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const weights_plan *plan;
  const float *x, *g;
  float *sums, *workers;
  vn_conv_reader reader;
  /// The normalization that turns x, or g if `of_g`, into the convolution's operand; NULL where it already is the operand.
  const vn_conv_normalization *n;
  bool of_g;
  size_t worker_floats;
} weights_run;

/// Copies one panel of the gradients of a block, padded with zeros.
static void pack_gradients(const weights_run *r, size_t first, size_t count, size_t channel, size_t width,
                           size_t columns, float *target) {
  const vn_conv *conv = r->conv;
  vn_place p = vn_place_of(conv, first);
  for (size_t i = 0; i < count;) {
    const size_t length = vn_smaller(count - i, (size_t)conv->ow - p.column);
    const float *g = r->g + (int64_t)p.image * conv->y_image + (int64_t)p.row * conv->y_row +
                     (int64_t)p.column * conv->y_pixel + (int64_t)channel;
    for (size_t j = 0; j < length; j++, target += columns, g += conv->y_pixel) {
      memcpy(target, g, width * sizeof(float));
      for (size_t c = width; c < columns; c++) target[c] = 0;
    }
    i += length;
    vn_next_row(conv, &p);
  }
}

/// Normalizes packed channels of x, which has the role of g, to the operand.
static void normalize_packed(const weights_run *r, size_t rows, size_t columns, size_t first_channel, size_t width,
                             float *x) {
  const vn_conv_normalization *n = r->n;
  const float *scale = n->source_factors + first_channel;
  r->k->affine_clamp(false, rows, width, columns, x, scale, scale + r->conv->o, NULL, n->source_low, n->source_high, x, NULL);
}

/// The prefetching of tile `tile` of a panel: a line of each gradient that is multiplied next and, if they are contiguous, the
/// tile's share of the next block's pixels.
static vn_ahead look_ahead(const weights_run *r, size_t block, size_t count, size_t next_count, size_t tile, size_t tiles,
                           size_t panel, size_t panel0, size_t panel1, size_t group) {
  const vn_conv *conv = r->conv;
  const vn_conv_plan *f = &r->plan->forward;
  vn_ahead ahead = {.weights = (const char *)r->x, .pixels = (const char *)r->x};
  const bool last = panel + 1 == panel1;
  const size_t lines = f->panel_columns / 16;
  if (r->plan->dense_g && tile < lines && (!last || next_count > 0)) {
    const size_t pixel = last ? block + count : block;
    const size_t column = group * f->group_outputs + (last ? panel0 : panel + 1) * f->panel_columns + tile * 16;
    ahead.weights = (const char *)(r->g + (int64_t)pixel * conv->y_pixel + (int64_t)column);
    ahead.weights_step = (size_t)conv->y_pixel * sizeof(float);
  }
  if (f->dense_input && conv->x_pixel == (int64_t)f->run && next_count > 0) {
    const size_t all = (panel1 - panel0) * tiles, at = (panel - panel0) * tiles + tile;
    ahead.pixels_step = next_count * f->run * sizeof(float) / (all * count) + 1;
    ahead.pixels = (const char *)(r->x + (int64_t)(block + count) * conv->x_pixel) + at * count * ahead.pixels_step;
  }
  return ahead;
}

/// A range of panels of a group, and the part of the pixels that is summed for it.
typedef struct weights_part {
  size_t chunk, group, panel0, panel1, begin, end;
} weights_part;

static weights_part part_of(const weights_plan *plan, size_t index) {
  const size_t rest = index / plan->chunks;
  weights_part p = {.chunk = index % plan->chunks, .group = rest / plan->panel_chunks,
                    .panel0 = rest % plan->panel_chunks * plan->panels_per_item};
  p.panel1 = vn_smaller(p.panel0 + plan->panels_per_item, plan->forward.panels);
  p.begin = p.chunk * plan->pixels / plan->chunks, p.end = (p.chunk + 1) * plan->pixels / plan->chunks;
  return p;
}

/// Points to what each tap reads at the pixels of a block: the implicit im2col. `own` receives a normalized operand.
static void point_block(const weights_run *r, size_t group, size_t first, size_t count, const float **rows, float *own,
                        float *border) {
  const vn_conv *conv = r->conv;
  const vn_conv_plan *f = &r->plan->forward;
  const float *x = r->x + group * f->group_inputs;
  if (f->dense_input && r->n && !r->of_g) {
    vn_normalize_operand(r->k, r->n, false, f->run, first, count, 0, f->run, own);
    for (size_t i = 0; i < count; i++) rows[i] = own + i * f->run;
    return;
  }
  if (f->dense_input) {
    for (size_t i = 0; i < count; i++) rows[i] = x + (int64_t)(first + i) * conv->x_pixel;
    return;
  }
  vn_place p = vn_place_of(conv, first);
  for (size_t i = 0; i < count;) {
    const size_t length = vn_smaller(count - i, (size_t)conv->ow - p.column);
    vn_point_columns(&r->reader, p, length, x, rows + i, block_pixels, &border);
    i += length;
    vn_next_row(conv, &p);
  }
}

/// Gives a panel of the gradients of a block to the micro-kernel: packed into `packed`, or in place.
static void take_gradients(const weights_run *r, size_t first, size_t count, size_t channel, size_t width, size_t columns,
                           float *packed, vn_outer *outer) {
  if (!r->plan->packs) {
    outer->g = r->g + (int64_t)first * r->conv->y_pixel + (int64_t)channel;
    outer->g_step = (size_t)r->conv->y_pixel;
    return;
  }
  pack_gradients(r, first, count, channel, width, columns, packed);
  if (r->of_g) normalize_packed(r, count, columns, channel, width, packed);
  outer->g = packed;
  outer->g_step = columns;
}

static void weights_item(void *context, size_t index, int worker) {
  const weights_run *r = context;
  const weights_plan *plan = r->plan;
  const vn_conv_plan *f = &plan->forward;
  const size_t lanes = (size_t)r->k->lanes;
  const weights_part part = part_of(plan, index);
  float *memory = r->workers + (size_t)worker * r->worker_floats;
  const float **rows = (const float **)memory;
  float *own = vn_align(memory + plan->worker_floats);
  float *gradients = vn_align((float *)(rows + block_pixels * f->taps));
  float *border = gradients + block_pixels * f->panel_columns;
  float *sums = r->sums + part.chunk * plan->packed + part.group * f->group_packed;
  vn_outer outer = {0};
  for (size_t first = part.begin; first < part.end; first += block_pixels) {
    const size_t count = vn_smaller(block_pixels, part.end - first), next = vn_smaller(block_pixels, part.end - first - count);
    point_block(r, part.group, first, count, rows, own, border);
    outer.count = count;
    outer.first = first == part.begin;
    for (size_t panel = part.panel0; panel < part.panel1; panel++) {
      const size_t column = panel * f->panel_columns, width = vn_smaller(f->panel_columns, f->group_outputs - column);
      const size_t columns = width > lanes ? 2 * lanes : lanes;
      take_gradients(r, first, count, part.group * f->group_outputs + column, width, columns, gradients, &outer);
      for (size_t tap = 0; tap < f->taps; tap++) {
        outer.rows = rows + tap * block_pixels;
        for (size_t tile = 0; tile < plan->row_tiles; tile++) {
          const size_t row = tile * f->run / plan->row_tiles, last = (tile + 1) * f->run / plan->row_tiles;
          outer.offset = row;
          outer.ahead = look_ahead(r, first, count, next, tap * plan->row_tiles + tile, f->taps * plan->row_tiles, panel,
                                   part.panel0, part.panel1, part.group);
          outer.sums = sums + column * f->depth + (tap * f->run + row) * columns;
          r->k->outer[last - row - 1][columns > lanes ? 1 : 0](&outer);
        }
      }
    }
  }
}

// MARK: Exchanged roles

/// Whether the transposed product is computed instead: the micro-kernel broadcasts one side and reads vectors of the other, which
/// should be the longer one because it fills the panels better.
static bool exchanges(const vn_conv *conv, const weights_plan *plan) {
  return plan->forward.dense_input && plan->dense_g && conv->groups == 1 && conv->c > conv->o &&
         !plan->forward.depthwise;
}

/// The 1×1 convolution whose input is the gradient, and whose gradient is the input.
static vn_conv exchanged(const vn_conv *conv) {
  vn_conv other = *conv;
  other.c = conv->o, other.o = conv->c;
  other.x_pixel = conv->y_pixel, other.x_row = conv->y_row, other.x_image = conv->y_image;
  other.y_pixel = conv->x_pixel, other.y_row = conv->x_row, other.y_image = conv->x_image;
  return other;
}

// MARK: Entry points

static bool is_empty(const vn_conv *conv) {
  return conv->n == 0 || conv->oh == 0 || conv->ow == 0 || conv->c == 0 || conv->o == 0;
}

static size_t scratch_floats(const vn_kernels *k, const vn_conv *conv, bool normalizes, bool of_g, int threads) {
  if (is_empty(conv)) return 0;
  const size_t workers = (size_t)(threads < 1 ? 1 : threads);
  if (vn_conv_plan_make(k, conv).depthwise) {
    return vn_depthwise_backward_weights_scratch_floats(conv, normalizes, threads);
  }
  weights_plan p = plan_of(k, conv);
  if (exchanges(conv, &p)) {
    const vn_conv other = exchanged(conv);
    return 16 + vn_conv_packed_floats(k, &other) + scratch_floats(k, &other, normalizes, true, threads);
  }
  const size_t own = normalizes && !of_g ? block_floats(&p) : 0;
  return 32 + p.zero_floats + (p.chunks > 1 ? p.chunks * p.packed + 16 : 0) + workers * (p.worker_floats + own);
}

static void backward_weights(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n, bool of_g,
                             const float *x, const float *g, float *packed, float *scratch, vn_pool *pool) {
  if (is_empty(conv)) {
    memset(packed, 0, vn_conv_packed_floats(k, conv) * sizeof(float));
    return;
  }
  if (vn_conv_plan_make(k, conv).depthwise) {
    vn_depthwise_backward_weights(k, conv, n, x, g, packed, scratch, pool);
    return;
  }
  float *zeros = vn_align(scratch);
  weights_plan p = plan_of(k, conv);
  if (exchanges(conv, &p)) {
    const vn_conv other = exchanged(conv);
    float *turned = zeros;
    backward_weights(k, &other, n, true, g, x, turned, turned + vn_conv_packed_floats(k, &other), pool);
    vn_turn_pointwise_sums(k, (size_t)conv->c, (size_t)conv->o, turned, packed, pool);
    return;
  }
  if (n && of_g) p.packs = true;
  memset(zeros, 0, p.zero_floats * sizeof(float));
  float *workers = zeros + p.zero_floats;
  weights_run r = {.k = k, .conv = conv, .plan = &p, .x = x, .g = g, .workers = workers, .n = n, .of_g = n && of_g,
                   .worker_floats = p.worker_floats + (n && !of_g ? block_floats(&p) : 0),
                   .reader = vn_conv_reader_make(conv, p.forward.merged, p.forward.run, zeros)};
  r.sums = vn_align(workers + (size_t)vn_pool_threads(pool) * r.worker_floats);
  if (p.chunks == 1) r.sums = packed;
  vn_pool_run(pool, p.chunks * p.panel_chunks * (size_t)conv->groups, weights_item, &r);
  if (p.chunks > 1) vn_sum_parts(k, p.packed, p.chunks, r.sums, packed, pool);
}

size_t vn_conv_backward_weights_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  return scratch_floats(k, conv, false, false, threads);
}

void vn_conv_backward_weights(const vn_kernels *k, const vn_conv *conv, const float *x, const float *g,
                              float *packed, float *scratch, vn_pool *pool) {
  backward_weights(k, conv, NULL, false, x, g, packed, scratch, pool);
}

bool vn_conv_backward_weights_normalizes_operand(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) return vn_depthwise_normalizes_operand(conv, &plan);
  return plan.dense_input && conv->groups == 1 && conv->x_pixel == conv->c;
}

size_t vn_conv_backward_weights_normalizing_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  return scratch_floats(k, conv, true, false, threads);
}

void vn_conv_backward_weights_normalizing(const vn_kernels *k, const vn_conv *conv,
                                          const vn_conv_normalization *normalization, const float *g, float *packed,
                                          float *scratch, vn_pool *pool) {
  // The operand is recomputed here and not stored, even if the convolution itself has stored it.
  vn_conv_normalization own = *normalization;
  own.operand = NULL;
  backward_weights(k, conv, &own, false, own.source, g, packed, scratch, pool);
}
