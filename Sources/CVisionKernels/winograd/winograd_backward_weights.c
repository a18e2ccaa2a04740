// The gradient of a 3 × 3 convolution with respect to its weights by the transpose of Winograd's F(4×4, 3×3): tiles of the input
// and of the gradient are transformed, multiplied and summed at 36 points, and the sums are transformed to 9 taps.
#include <string.h>

#include "../shared/winograd_tiles.h"

enum { points = vn_winograd_points };
/// An item's sums stay in the second-level cache, together with the tiles that it transforms at once.
static const size_t sum_bytes = 1280 * 1024, tile_bytes = 640 * 1024;
/// Sums are cut into parts no smaller than this, since tiles are transformed again for each part of the inputs and outputs.
enum { least_inputs = 64, least_panels = 2, wanted_items = 8, most_chunks = 8, least_chunk_tiles = 96 };
enum { least_tiles = 8, most_tiles = 64 };
/// The input channels for which an item adds the sums of all chunks.
enum { piece_inputs = 16 };
/// The most floats that all partial sums may take.
static const size_t partial_floats = 3 << 20;
/// Measured on the layers of ResNet-18: below these bounds the direct kernel was as fast or faster.
enum { few_channels = 16, few_tiles = 16 };

/// How a gradient is cut into items; a function of shapes and instruction set only.
typedef struct gradient_plan {
  vn_winograd_tiles tiles;
  size_t inputs, outputs, lanes, panel_columns, panels;
  size_t chunks;                  ///< parts of the tiles, whose sums are added at the end
  size_t parts, slices;           ///< parts of the inputs and of the panels
  size_t part_inputs, slice_panels;  ///< the most inputs and panels of a part
  size_t at_once;                 ///< tiles that are transformed at once
  size_t v_pitch, m_pitch, v_step, m_step;
  size_t sum_step;                ///< floats from point to point
  size_t chunk_step, zero_floats, worker_floats;
} gradient_plan;

static gradient_plan plan_of(const vn_kernels *k, const vn_conv *conv) {
  gradient_plan p = {.tiles = vn_winograd_tiles_of(conv, vn_winograd_side, false), .inputs = (size_t)conv->c, .outputs = (size_t)conv->o,
                     .lanes = (size_t)k->lanes};
  p.panel_columns = 2 * p.lanes;
  p.panels = vn_divide_up(p.outputs, p.panel_columns);
  const size_t fitting = sum_bytes / (points * sizeof(float));
  // The outputs are cut first, then the inputs. The parts stay so large that transforming is a small part of the work.
  p.slice_panels = vn_smaller(p.panels, vn_larger(least_panels, fitting / (p.panel_columns * p.inputs)));
  p.part_inputs = vn_smaller(p.inputs, vn_larger(least_inputs, fitting / (p.panel_columns * p.slice_panels)));
  p.slices = vn_divide_up(p.panels, p.slice_panels);
  p.parts = vn_divide_up(p.inputs, p.part_inputs);
  p.slice_panels = vn_divide_up(p.panels, p.slices);
  p.part_inputs = vn_divide_up(p.inputs, p.parts);
  p.sum_step = p.part_inputs * p.slice_panels * p.panel_columns + 16;
  p.chunk_step = points * p.sum_step * p.parts * p.slices;
  p.chunks = vn_divide_up(wanted_items, p.parts * p.slices);
  p.chunks = vn_smaller(vn_smaller(p.chunks, most_chunks), vn_smaller(p.tiles.count / least_chunk_tiles, partial_floats / p.chunk_step));
  p.chunks = vn_larger(1, p.chunks);
  p.v_pitch = vn_divide_up(p.part_inputs, p.lanes) * p.lanes;
  p.m_pitch = p.slice_panels * p.panel_columns;
  const size_t longest = vn_divide_up(p.tiles.count, p.chunks);
  const size_t most = tile_bytes / (points * (p.v_pitch + p.m_pitch) * sizeof(float));
  p.at_once = vn_smaller(longest, vn_smaller(most_tiles, vn_larger(least_tiles, most)));
  // With a step that is a power of two, all points would fall into the same cache sets.
  p.v_step = p.at_once * p.v_pitch + 16;
  p.m_step = p.at_once * p.m_pitch + 16;
  p.zero_floats = vn_divide_up(vn_larger(p.inputs, p.outputs), 16) * 16;
  p.worker_floats = points * (p.v_step + p.m_step + (p.chunks == 1 ? p.sum_step : 0));
  return p;
}

typedef struct gradient_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const gradient_plan *plan;
  const float *x, *g, *zeros;
  float *packed, *sums, *workers;
} gradient_run;

/// The inputs and panels of part `index` of the sums.
typedef struct range {
  size_t input0, input1, panel0, panel1;
} range;

static range range_of(const gradient_plan *p, size_t index) {
  const size_t part = index % p->parts, slice = index / p->parts;
  return (range){part * p->inputs / p->parts, (part + 1) * p->inputs / p->parts, slice * p->panels / p->slices,
                 (slice + 1) * p->panels / p->slices};
}

/// Where a panel's sums begin: they follow those of the panels before, and are ordered by input.
static size_t panel_place(const gradient_plan *p, const range *r, size_t panel) {
  return (panel - r->panel0) * p->panel_columns * (r->input1 - r->input0);
}

static size_t columns_of(const gradient_plan *p, size_t panel) {
  return p->outputs - panel * p->panel_columns > p->lanes ? p->panel_columns : p->lanes;
}

/// Transforms the gradients of tiles first..<last in the columns of a range.
static void transform_gradients(const gradient_run *r, const range *part, size_t first, size_t last, float *m) {
  const vn_conv *conv = r->conv;
  const gradient_plan *p = r->plan;
  const size_t column = part->panel0 * p->panel_columns;
  vn_winograd_gradient in = {.step = p->m_step};
  in.channels = vn_smaller(part->panel1 * p->panel_columns, p->outputs) - column;
  for (size_t tile = first; tile < last; tile++, m += p->m_pitch) {
    const vn_winograd_tile place = vn_winograd_tile_at(&p->tiles, tile);
    const float *g = r->g + (int64_t)place.image * conv->y_image + (int64_t)place.row * conv->y_row +
                     (int64_t)place.column * conv->y_pixel + (int64_t)column;
    for (size_t i = 0; i < vn_winograd_side; i++)
      for (size_t j = 0; j < vn_winograd_side; j++) {
        const bool inside = place.row + i < (size_t)conv->oh && place.column + j < (size_t)conv->ow;
        in.pixels[i * vn_winograd_side + j] =
            inside ? g + (int64_t)i * conv->y_row + (int64_t)j * conv->y_pixel : r->zeros;
      }
    in.m = m;
    r->k->winograd_gradient(&in);
  }
}

/// Adds the sums of all chunks for inputs first..<last of a range, and transforms them to gradients of weights.
static void finish(const gradient_run *r, const range *part, size_t first, size_t last, const float *sums) {
  const gradient_plan *p = r->plan;
  for (size_t panel = part->panel0; panel < part->panel1; panel++) {
    const size_t columns = columns_of(p, panel);
    const vn_winograd_weights weights = {
        .in = sums + panel_place(p, part, panel) + (first - part->input0) * columns,
        .in_step = p->sum_step,
        .chunks = p->chunks,
        .chunk_step = p->chunk_step,
        .out = r->packed + panel * p->panel_columns * 9 * p->inputs + first * columns,
        .out_step = p->inputs * columns,
        .count = (last - first) * columns};
    r->k->winograd_weight_gradient(&weights);
  }
}

static void gradient_item(void *context, size_t index, int worker) {
  const gradient_run *r = context;
  const gradient_plan *p = r->plan;
  const size_t ranges = p->parts * p->slices, chunk = index / ranges;
  const range part = range_of(p, index % ranges);
  const size_t inputs = part.input1 - part.input0, mr = (size_t)r->k->max_rows;
  const size_t row_tiles = vn_divide_up(inputs, mr);
  float *v = r->workers + (size_t)worker * p->worker_floats, *m = v + points * p->v_step;
  float *sums = p->chunks == 1 ? m + points * p->m_step
                               : r->sums + chunk * p->chunk_step + index % ranges * points * p->sum_step;
  const float *rows[most_tiles];
  for (size_t i = 0; i < p->at_once; i++) rows[i] = v + i * p->v_pitch;
  const size_t begin = chunk * p->tiles.count / p->chunks, end = (chunk + 1) * p->tiles.count / p->chunks;
  vn_outer outer = {.rows = rows, .g_step = p->m_pitch, .first = true};
  const size_t blocks = vn_divide_up(end - begin, p->at_once);
  for (size_t block = 0; block < blocks; block++) {
    const size_t first = begin + block * (end - begin) / blocks, last = begin + (block + 1) * (end - begin) / blocks;
    vn_winograd_transform(r->k, r->conv, &p->tiles, r->x + part.input0, inputs, r->zeros, first, last, v, p->v_pitch,
                          p->v_step);
    transform_gradients(r, &part, first, last, m);
    outer.count = last - first;
    for (size_t e = 0; e < points; e++)
      for (size_t panel = part.panel0; panel < part.panel1; panel++) {
        const size_t columns = columns_of(p, panel);
        outer.g = m + e * p->m_step + (panel - part.panel0) * p->panel_columns;
        for (size_t tile = 0; tile < row_tiles; tile++) {
          const size_t row = tile * inputs / row_tiles, next = (tile + 1) * inputs / row_tiles;
          outer.offset = e * p->v_step + row;
          outer.sums = sums + e * p->sum_step + panel_place(p, &part, panel) + row * columns;
          r->k->outer[next - row - 1][columns > p->lanes ? 1 : 0](&outer);
        }
      }
    outer.first = false;
  }
  if (p->chunks == 1) finish(r, &part, part.input0, part.input1, sums);
}

static void finish_item(void *context, size_t index, int worker) {
  (void)worker;
  const gradient_run *r = context;
  const size_t ranges = r->plan->parts * r->plan->slices, piece = index / ranges;
  const range part = range_of(r->plan, index % ranges);
  const size_t first = vn_smaller(part.input0 + piece * piece_inputs, part.input1);
  finish(r, &part, first, vn_smaller(first + piece_inputs, part.input1),
         r->sums + index % ranges * points * r->plan->sum_step);
}

bool vn_winograd_backward_weights_pays(const vn_kernels *k, const vn_conv *conv) {
  (void)k;
  if (!vn_winograd_applies_in_training(conv) || conv->c < few_channels || conv->o < few_channels) return false;
  const vn_winograd_tiles tiles = vn_winograd_tiles_of(conv, vn_winograd_side, false);
  // Tiles that cross the edge are computed whole.
  const size_t used = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  return tiles.count >= few_tiles && 2 * used >= tiles.count * vn_winograd_side * vn_winograd_side;
}

size_t vn_winograd_backward_weights_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  const gradient_plan p = plan_of(k, conv);
  return 32 + p.zero_floats + (p.chunks > 1 ? p.chunks * p.chunk_step : 0) +
         p.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

void vn_winograd_backward_weights(const vn_kernels *k, const vn_conv *conv, const float *x, const float *g,
                                  float *packed, float *scratch, vn_pool *pool) {
  const gradient_plan p = plan_of(k, conv);
  float *zeros = vn_align(scratch);
  memset(zeros, 0, p.zero_floats * sizeof(float));
  gradient_run r = {.k = k, .conv = conv, .plan = &p, .x = x, .g = g, .zeros = zeros, .packed = packed,
                    .sums = zeros + p.zero_floats};
  r.workers = r.sums + (p.chunks > 1 ? p.chunks * p.chunk_step : 0);
  vn_pool_run(pool, p.chunks * p.parts * p.slices, gradient_item, &r);
  if (p.chunks > 1)
    vn_pool_run(pool, p.parts * p.slices * vn_divide_up(p.part_inputs, piece_inputs), finish_item, &r);
}
