// Convolution of bytes as an implicit matrix product: tiles of output pixels, whose inputs are found through pointers.
#include <string.h>

#include "../shared/convolution_plan.h"
#include "quantized.h"

/// Work of an item in multiply-adds: long against the cost of claiming it.
static const double item_work = 4e6;
/// Weights up to this size stay in the second-level cache from tile to tile, a panel in the first-level cache.
enum { cached_weights = 256 * 1024, cached_panel = 24 * 1024 };
enum { most_tiles = 64, pointer_table_bytes = 48 * 1024 };
/// Results from this size on are not in the second-level cache.
enum { far_bytes = 1024 * 1024 };

const vn_qkernels *vn_qkernels_for(const vn_kernels *k, bool avoids_dot_products) {
#if defined(__x86_64__)
  if (k->isa == VN_AVX512)
    return !avoids_dot_products && __builtin_cpu_supports("avx512vnni") ? &vn_qkernels_avx512_vnni
                                                                        : &vn_qkernels_avx512;
  if (k->isa == VN_AVX2)
    return !avoids_dot_products && __builtin_cpu_supports("avxvnni") ? &vn_qkernels_avx2_vnni
                                                                     : &vn_qkernels_avx2;
#endif
  (void)k, (void)avoids_dot_products;
  return &vn_qkernels_portable;
}

static vn_cut cut(const vn_qkernels *q, const vn_qconv_plan *plan) {
  const size_t mr = (size_t)q->max_rows, panel = plan->taps * plan->words * 4 * plan->panel_columns;
  const size_t most = vn_larger(1, pointer_table_bytes / (mr * plan->taps * sizeof(void *)));
  const vn_cutting how = {.item_work = item_work, .panel_tile = (double)(vn_smaller(mr, plan->pixels) * panel),
                          .finest = 1.0 / 16, .most_tiles = vn_smaller(most, most_tiles),
                          .cached = plan->group_bytes <= cached_weights, .large_panels = panel > cached_panel};
  return vn_cut_make(plan->pixels, mr, plan->panels, plan->group_outputs, &how);
}

vn_qconv_plan vn_qconv_plan_make(const vn_kernels *k, const vn_qconv *conv) {
  vn_qconv_plan plan = {0};
  plan.depthwise = conv->groups > 1 && conv->groups == conv->c && conv->groups == conv->o && !conv->result.floats;
  if (plan.depthwise) {
    vn_qdepthwise_plan(k, conv, &plan);
    return plan;
  }
  const vn_qkernels *q = vn_qkernels_for(k, false);
  const size_t lanes = (size_t)q->lanes, mr = (size_t)q->max_rows, kernel = (size_t)conv->kh * (size_t)conv->kw;
  plan.group_inputs = (size_t)(conv->c / conv->groups);
  plan.group_outputs = (size_t)(conv->o / conv->groups);
  plan.merged = conv->kw > 1 && conv->groups == 1 && conv->dilation_w == 1 && conv->c % 4 != 0 && conv->c <= 8;
  plan.taps = plan.merged ? (size_t)conv->kh : kernel;
  plan.run = plan.merged ? (size_t)conv->kw * (size_t)conv->c : plan.group_inputs;
  plan.words = vn_divide_up(plan.run, 4);
  plan.copies = plan.merged || plan.run % 4 != 0;
  plan.dense_input = kernel == 1 && conv->stride_h == 1 && conv->stride_w == 1 && conv->pad_top == 0 &&
                     conv->pad_left == 0 && conv->oh == conv->h && conv->ow == conv->w && plan.run % 4 == 0;
  plan.panel_columns = 2 * lanes;
  plan.panels = vn_divide_up(plan.group_outputs, plan.panel_columns);
  plan.columns = vn_round_up(plan.group_outputs, lanes);
  plan.group_bytes = vn_round_up(plan.columns * plan.taps * plan.words * 4, 64);
  plan.pixels = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  if (plan.pixels == 0 || plan.panels == 0 || plan.words == 0) return plan;
  plan.cut = cut(q, &plan);
  const size_t rows = vn_cut_most_tiles(&plan.cut) * mr;
  plan.zero_bytes = vn_round_up(plan.words * 4, 64);
  plan.worker_bytes = rows * (plan.taps + 2) * sizeof(void *);
  if (plan.copies) plan.worker_bytes += rows * plan.taps * plan.words * 4;
  plan.worker_bytes = vn_round_up(plan.worker_bytes, 64);
  return plan;
}

/// Where biases, multipliers and weights stand in the packed memory.
typedef struct packed_parts {
  size_t multipliers, weights, end;
} packed_parts;

static packed_parts parts_of(const vn_qconv *conv, const vn_qconv_plan *plan) {
  const size_t numbers = vn_round_up(plan->columns * (size_t)conv->groups * 4, 64);
  return (packed_parts){numbers, 2 * numbers, 2 * numbers + plan->group_bytes * (size_t)conv->groups};
}

size_t vn_qconv_packed_bytes(const vn_kernels *k, const vn_qconv *conv) {
  if (conv->winograd) return vn_qwinograd_packed_bytes(k, conv);
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  if (plan.depthwise) return plan.blocks * plan.block_bytes;
  return parts_of(conv, &plan).end;
}

void vn_qconv_pack(const vn_kernels *k, const vn_qconv *conv, const int8_t *oihw, const int32_t *bias,
                   const float *multipliers, void *packed) {
  if (conv->winograd) {
    vn_qwinograd_pack(k, conv, oihw, bias, multipliers, packed);
    return;
  }
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  const size_t inputs = plan.group_inputs, kernel = (size_t)conv->kh * (size_t)conv->kw;
  if (plan.depthwise) {
    vn_qdepthwise_pack(k, conv, &plan, oihw, bias, multipliers, packed);
    return;
  }
  const packed_parts parts = parts_of(conv, &plan);
  memset(packed, 0, parts.end);
  const size_t lanes = plan.panel_columns / 2;
  for (size_t g = 0; g < (size_t)conv->groups; g++) {
    for (size_t column = 0; column < plan.group_outputs; column++) {
      const size_t o = g * plan.group_outputs + column, slot = g * plan.columns + column;
      const int8_t *w = oihw + o * inputs * kernel;
      int64_t sum = 0;
      for (size_t i = 0; i < inputs * kernel; i++) sum += w[i];
      ((int32_t *)packed)[slot] = (int32_t)((bias ? bias[o] : 0) - conv->x_zero * sum);
      ((float *)((uint8_t *)packed + parts.multipliers))[slot] = multipliers[o];
      const size_t panel = column / plan.panel_columns, first = panel * plan.panel_columns;
      const size_t width = plan.columns - first > lanes ? 2 * lanes : lanes;
      int8_t *target = (int8_t *)packed + parts.weights + g * plan.group_bytes +
                       first * plan.taps * plan.words * 4 + (column - first) * 4;
      for (size_t ci = 0; ci < inputs; ci++)
        for (size_t t = 0; t < kernel; t++) {
          const size_t tap = plan.merged ? t / (size_t)conv->kw : t;
          const size_t at = plan.merged ? t % (size_t)conv->kw * inputs + ci : ci;
          target[(tap * plan.words + at / 4) * width * 4 + at % 4] = w[ci * kernel + t];
        }
    }
  }
}

size_t vn_qconv_scratch_bytes(const vn_kernels *k, const vn_qconv *conv, int threads) {
  if (conv->winograd) return 64 + vn_qwinograd_scratch_bytes(k, conv, threads);
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  return 64 + plan.zero_bytes + plan.worker_bytes * (size_t)(threads < 1 ? 1 : threads);
}

enum { known_spans = 16 };

typedef struct qconv_run {
  const vn_qkernels *q;
  const vn_qconv *conv;
  const vn_qconv_plan *plan;
  const uint8_t *x, *end, *packed, *residual, *zeros;
  uint8_t *y, *workers;
  packed_parts parts;
  const vn_pool *pool;
  size_t items;
  vn_span spans[known_spans];  ///< per tap of a kernel row; of the whole row when merged
  vn_span whole;               ///< of the whole row
} qconv_run;

/// The output columns whose taps t0…t1 of a kernel row lie inside the image.
static vn_span inside_span(const vn_qconv *conv, int64_t t0, int64_t t1) {
  const int64_t stride = conv->stride_w, low = conv->pad_left - t0 * conv->dilation_w;
  const int64_t high = (int64_t)conv->w + conv->pad_left - t1 * conv->dilation_w;
  vn_span s = {low > 0 ? (low + stride - 1) / stride : 0, high > 0 ? (high + stride - 1) / stride : 0};
  if (s.last > conv->ow) s.last = conv->ow;
  if (s.first > s.last) s.first = s.last;
  return s;
}

/// Copies what a run holds of the image, and what padding means elsewhere.
static const uint8_t *copy_run(const qconv_run *r, const uint8_t *row, int64_t ix, uint8_t **copies) {
  const vn_qconv *conv = r->conv;
  const size_t channels = (size_t)conv->c, length = r->plan->words * 4;
  uint8_t *copy = *copies;
  if (r->plan->merged) {
    const vn_span inside = vn_inside(conv->kw, conv->w, ix);
    const size_t first = (size_t)inside.first * channels, last = (size_t)inside.last * channels;
    memset(copy, conv->x_zero, first);
    memcpy(copy + first, row + (ix + inside.first) * (int64_t)channels, last - first);
    memset(copy + last, conv->x_zero, r->plan->run - last);
  } else {
    memcpy(copy, row + ix * (int64_t)channels, r->plan->run);
  }
  memset(copy + r->plan->run, 0, length - r->plan->run);
  *copies += length;
  return copy;
}

/// Where an output pixel is.
typedef struct qplace {
  size_t image;
  int64_t row, column;
} qplace;

/// As `point_pixels`, where all taps of all pixels lie inside the image; false, and nothing done, where they do not.
static bool point_inside(const qconv_run *r, qplace p, int64_t count, size_t group, const uint8_t **rows, size_t stride) {
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const int64_t top = p.row * conv->stride_h - conv->pad_top;
  if (top < 0 || top + (int64_t)(conv->kh - 1) * conv->dilation_h >= conv->h) return false;
  if (p.column < r->whole.first || p.column + count > r->whole.last) return false;
  const int64_t channels = conv->c, step = conv->stride_w * channels, width = conv->w * channels;
  const uint8_t *from = r->x + (int64_t)p.image * conv->h * width + top * width +
                        (p.column * conv->stride_w - conv->pad_left) * channels + (int64_t)(group * plan->group_inputs);
  const int64_t down = conv->dilation_h * width, right = conv->dilation_w * channels;
  const int32_t taps = plan->merged ? 1 : conv->kw;
  // Only the last runs of the tensor reach beyond its end.
  const uint8_t *last = from + (conv->kh - 1) * down + (taps - 1) * right + (count - 1) * step;
  if (plan->copies && (size_t)(r->end - last) < plan->words * 4) return false;
  for (int32_t ky = 0; ky < conv->kh; ky++, from += down) {
    const uint8_t *tap = from;
    for (int32_t kx = 0; kx < taps; kx++, tap += right, rows += stride) {
      const uint8_t *at = tap;
      for (int64_t i = 0; i < count; i++, at += step) rows[i] = at;
    }
  }
  return true;
}

/// The pointers of `count` pixels of one output row, `stride` apart from tap to tap.
static void point_pixels(const qconv_run *r, qplace p, int64_t count, size_t group, const uint8_t **rows,
                         size_t stride, uint8_t **copies) {
  if (point_inside(r, p, count, group, rows, stride)) return;
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const int64_t channels = conv->c, step = conv->stride_w * channels, column = p.column, end = column + count;
  const size_t length = plan->words * 4;
  const uint8_t *image = r->x + p.image * (size_t)(conv->h * (int64_t)conv->w * channels) + group * plan->group_inputs;
  const int32_t taps = plan->merged ? 1 : conv->kw;
  for (int32_t ky = 0; ky < conv->kh; ky++) {
    const int64_t iy = p.row * conv->stride_h - conv->pad_top + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const uint8_t *row = image + (inside ? iy : 0) * conv->w * channels;
    for (int32_t kx = 0; kx < taps; kx++, rows += stride) {
      vn_span s = kx < known_spans ? r->spans[kx] : inside_span(conv, kx, kx);
      if (!inside || s.first >= end || s.last <= column) s.first = s.last = end;
      if (s.first < column) s.first = column;
      if (s.last > end) s.last = end;
      const int64_t ix = (int64_t)kx * conv->dilation_w - conv->pad_left;
      const uint8_t *from = row + ix * channels;
      int64_t ox = column;
      for (; ox < s.first; ox++) rows[ox - column] = r->zeros;
      // Pointers that grow: products of 64 bits are slow.
      for (const uint8_t *at = from + ox * step; ox < s.last; ox++, at += step) rows[ox - column] = at;
      for (; ox < end; ox++) rows[ox - column] = r->zeros;
      if (!plan->copies || !inside) continue;
      // Only the last runs of the tensor reach beyond its end.
      if (s.last > s.first && (size_t)(r->end - (from + (s.last - 1) * step)) < length)
        for (ox = s.first; ox < s.last; ox++)
          if ((size_t)(r->end - (from + ox * step)) < length)
            rows[ox - column] = copy_run(r, row, ox * conv->stride_w + ix, copies);
      if (!plan->merged) continue;
      for (ox = column; ox < end; ox++) {
        if (ox == s.first && s.last > ox) ox = s.last;
        if (ox < end) rows[ox - column] = copy_run(r, row, ox * conv->stride_w + ix, copies);
      }
    }
  }
}

static const int8_t *panel_of(const qconv_run *r, size_t group, size_t panel) {
  return (const int8_t *)r->packed + r->parts.weights + group * r->plan->group_bytes +
         panel * r->plan->panel_columns * r->plan->taps * r->plan->words * 4;
}

static void qconv_item(void *context, size_t index, int worker) {
  const qconv_run *r = context;
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const size_t mr = (size_t)r->q->max_rows, lanes = plan->panel_columns / 2, outputs = (size_t)conv->o;
  const vn_cut_item item = vn_cut_item_at(&plan->cut, index);
  const size_t tile0 = item.tile0, tile1 = item.tile1, group = item.group;
  const size_t size = conv->result.floats ? sizeof(float) : 1;

  const size_t all = vn_cut_most_tiles(&plan->cut) * mr;
  const uint8_t **rows = (const uint8_t **)(r->workers + (size_t)worker * plan->worker_bytes);
  void **y = (void **)(rows + all * plan->taps);
  const uint8_t **residual = (const uint8_t **)(y + all);
  uint8_t *copies = (uint8_t *)(residual + all);
  const size_t start = vn_cut_tile_start(&plan->cut, tile0), area = (size_t)conv->oh * (size_t)conv->ow;
  qplace at = {start / area, (int64_t)(start % area / (size_t)conv->ow), (int64_t)(start % (size_t)conv->ow)};
  uint8_t counts[most_tiles];
  for (size_t t = tile0, first = start; t < tile1; t++) {
    const size_t i = (t - tile0) * mr, count = vn_cut_tile_start(&plan->cut, t + 1) - first;
    counts[t - tile0] = (uint8_t)count;
    const size_t place = first * outputs + group * plan->group_outputs;
    uint8_t *target = r->y + place * size;
    for (size_t j = 0; j < count; j++, target += outputs * size) y[i + j] = target;
    const uint8_t *addend = r->residual ? r->residual + place : NULL;
    for (size_t j = 0; addend && j < count; j++, addend += outputs) residual[i + j] = addend;
    const uint8_t **own = rows + i * plan->taps;
    if (plan->dense_input) {
      const uint8_t *x = r->x + first * (size_t)conv->c + group * plan->group_inputs;
      for (size_t j = 0; j < count; j++, x += conv->c) own[j] = x;
      first += count;
      continue;
    }
    first += count;
    for (size_t j = 0; j < count;) {
      const size_t length = vn_smaller(count - j, (size_t)(conv->ow - at.column));
      point_pixels(r, at, (int64_t)length, group, own + j, mr, &copies);
      j += length;
      at.column += (int64_t)length;
      if (at.column < conv->ow) continue;
      at.column = 0;
      if (++at.row < conv->oh) continue;
      at.row = 0;
      at.image++;
    }
  }

  // What this thread will probably do next, so that its weights come nearer meanwhile.
  const vn_cut_item after = vn_cut_item_at(&plan->cut, index + 1);
  const int8_t *later = index + 1 >= vn_pool_range_start(r->pool, r->items, worker + 1)
                            ? NULL
                            : panel_of(r, after.group, after.panel0);
  const bool cold = index == vn_pool_range_start(r->pool, r->items, worker);
  const bool in_one_piece = plan->dense_input && conv->groups == 1;
  const bool far = r->residual && plan->pixels * outputs >= far_bytes;
  const size_t steps = plan->taps * plan->words;
  vn_qtile tile = {.row_stride = mr, .taps = plan->taps, .words = plan->words, .result = &conv->result};
  for (size_t panel = item.panel0; panel < item.panel1; panel++) {
    tile.column = panel * plan->panel_columns;
    tile.width = vn_smaller(plan->panel_columns, plan->group_outputs - tile.column);
    tile.panel = panel_of(r, group, panel);
    const int8_t *next = panel + 1 < item.panel1 ? panel_of(r, group, panel + 1) : later;
    tile.bias = (const int32_t *)r->packed + group * plan->columns + tile.column;
    tile.multipliers = (const float *)(r->packed + r->parts.multipliers) + group * plan->columns + tile.column;
    const int vectors = tile.width > lanes ? 1 : 0;
    const vn_panel_ahead ahead = vn_panel_ahead_of(tile.panel, (vectors ? plan->panel_columns : lanes) * 4, steps,
                                                   tile1 - tile0, cold && panel == item.panel0, next);
    for (size_t t = 0; t < tile1 - tile0; t++) {
      const size_t i = t * mr;
      tile.rows = rows + i * plan->taps;
      tile.y = y + i;
      tile.residual = r->residual ? residual + i : NULL;
      tile.ahead = vn_ahead_of(&ahead, t, in_one_piece && panel == item.panel0 && t + tile0 + 1 < tile1 ? rows[i + mr] : NULL,
                               mr * 4);
      // Each line is read and written by two panels; the first brings it.
      const bool fetches = far && t + tile0 + 1 < tile1 && tile.column % 64 == 0;
      tile.next_y = fetches ? y + i + mr : NULL;
      tile.next_residual = fetches ? residual + i + mr : NULL;
      r->q->tile[counts[t] - 1][vectors](&tile);
    }
  }
}

void vn_qconv_run(const vn_kernels *k, const vn_qconv *conv, const uint8_t *x, const void *packed,
                  const uint8_t *residual, void *y, void *scratch, vn_pool *pool) {
  uint8_t *memory = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  if (conv->winograd) {
    vn_qwinograd_run(k, conv, x, packed, residual, y, memory, pool);
    return;
  }
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  if (plan.depthwise) {
    vn_qdepthwise_run(k, conv, &plan, x, packed, residual, y, memory, pool);
    return;
  }
  if (plan.cut.pixel_chunks == 0) return;
  memset(memory, conv->x_zero, plan.zero_bytes);
  qconv_run r = {.q = vn_qkernels_for(k, conv->avoids_dot_products), .conv = conv, .plan = &plan, .x = x,
                 .end = x + (size_t)conv->n * (size_t)conv->h * (size_t)conv->w * (size_t)conv->c,
                 .packed = packed, .residual = residual, .zeros = memory, .y = y,
                 .workers = memory + plan.zero_bytes, .parts = parts_of(conv, &plan)};
  r.whole = inside_span(conv, 0, conv->kw - 1);
  for (int32_t t = 0; t < known_spans && t < conv->kw; t++)
    r.spans[t] = plan.merged ? inside_span(conv, 0, conv->kw - 1) : inside_span(conv, t, t);
  r.pool = pool;
  r.items = vn_cut_items(&plan.cut) * (size_t)conv->groups;
  vn_pool_run(pool, r.items, qconv_item, &r);
}
