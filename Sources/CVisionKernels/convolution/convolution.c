// Convolution as an implicit matrix product: tiles of output pixels, whose inputs are found through pointers.
#include <math.h>
#include <string.h>

#include "../shared/normalizing.h"

/// The output columns whose taps t0…t1 of a kernel row lie inside the image.
static vn_span inside_span(const vn_conv *conv, int64_t t0, int64_t t1) {
  const int64_t stride = conv->stride_w, low = conv->pad_left - t0 * conv->dilation_w;
  const int64_t high = (int64_t)conv->w + conv->pad_left - t1 * conv->dilation_w;
  vn_span s = {low > 0 ? (low + stride - 1) / stride : 0, high > 0 ? (high + stride - 1) / stride : 0};
  if (s.last > conv->ow) s.last = conv->ow;
  if (s.first > s.last) s.first = s.last;
  return s;
}

typedef struct conv_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const vn_conv_plan *plan;
  const float *x, *packed, *bias, *residual;
  float *y, *workers;
  float low, high;
  bool clamped;
  const vn_pool *pool;
  size_t items;
  vn_conv_reader reader;
  vn_normalizing normalizing;
  vn_pairs pairs;
  void (*const (*tiles)[2])(const vn_tile *);
  bool keeps;    ///< whether an item keeps its own copy of the operand
  bool streams;  ///< whether an item forms its results in memory of its own, and they go past the caches
  size_t worker_floats;
} conv_run;

/// Room for a `vn_departure`, aligned.
enum { departure_floats = 16 + 16 };

vn_conv_reader vn_conv_reader_make(const vn_conv *conv, bool merged, size_t run, const float *zeros) {
  vn_conv_reader reader = {.conv = conv, .merged = merged, .run = run, .zeros = zeros};
  reader.whole = inside_span(conv, 0, conv->kw - 1);
  for (int32_t t = 0; t < vn_known_spans && t < conv->kw; t++)
    reader.spans[t] = merged ? inside_span(conv, 0, conv->kw - 1) : inside_span(conv, t, t);
  return reader;
}

bool vn_clamp_of(vn_unary_op op, float a, float b, float *low, float *high) {
  *low = op == VN_RELU ? 0 : op == VN_CLIP ? a : -INFINITY;
  *high = op == VN_CLIP ? b : INFINITY;
  return op == VN_IDENTITY || op == VN_RELU || op == VN_CLIP;
}

vn_place vn_place_of(const vn_conv *conv, size_t pixel) {
  const size_t width = (size_t)conv->ow, area = width * (size_t)conv->oh;
  return (vn_place){pixel / area, pixel % area / width, pixel % width};
}

void vn_next_row(const vn_conv *conv, vn_place *p) {
  p->column = 0;
  if (++p->row < (size_t)conv->oh) return;
  p->row = 0;
  p->image++;
}

/// Copies one kernel row of a border pixel, with zeros outside the image.
static void copy_border(const vn_conv *conv, const float *row, int64_t ix, float *run) {
  const size_t channels = (size_t)conv->c;
  const vn_span inside = vn_inside(conv->kw, conv->w, ix);
  const size_t first = (size_t)inside.first * channels, last = (size_t)inside.last * channels;
  memset(run, 0, first * sizeof(float));
  memcpy(run + first, row + (ix + inside.first) * conv->x_pixel, (last - first) * sizeof(float));
  memset(run + last, 0, ((size_t)conv->kw * channels - last) * sizeof(float));
}

/// As `vn_conv_point`, where all taps of all pixels lie inside the image; false, and nothing done, where they do not.
static bool point_inside(const vn_conv_reader *r, vn_place p, size_t count, const float *x, const float **rows, size_t stride) {
  const vn_conv *conv = r->conv;
  const int64_t top = (int64_t)p.row * conv->stride_h - conv->pad_top, column = (int64_t)p.column;
  if (r->ring || top < 0 || top + (int64_t)(conv->kh - 1) * conv->dilation_h >= conv->h) return false;
  if (column < r->whole.first || column + (int64_t)count > r->whole.last) return false;
  const int64_t step = conv->stride_w * conv->x_pixel, down = conv->dilation_h * conv->x_row;
  const int64_t right = conv->dilation_w * conv->x_pixel;
  const float *from = x + (int64_t)p.image * conv->x_image + top * conv->x_row +
                      (column * conv->stride_w - conv->pad_left) * conv->x_pixel;
  const int32_t taps = r->merged ? 1 : conv->kw;
  for (int32_t ky = 0; ky < conv->kh; ky++, from += down) {
    const float *tap = from;
    for (int32_t kx = 0; kx < taps; kx++, tap += right, rows += stride) {
      const float *at = tap;
      for (size_t i = 0; i < count; i++, at += step) rows[i] = at;
    }
  }
  return true;
}

void vn_conv_point(const vn_conv_reader *r, vn_place p, size_t count, const float *x, const float **rows,
                   size_t stride, float **border) {
  if (point_inside(r, p, count, x, rows, stride)) return;
  const vn_conv *conv = r->conv;
  const float *image = x + (int64_t)p.image * conv->x_image;
  const int64_t iy0 = (int64_t)p.row * conv->stride_h - conv->pad_top;
  const int64_t column = (int64_t)p.column, end = column + (int64_t)count;
  const int64_t step = conv->stride_w * conv->x_pixel;
  const int32_t taps = r->merged ? 1 : conv->kw;
  for (int32_t ky = 0; ky < conv->kh; ky++) {
    const int64_t iy = iy0 + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const float *row = image + (!inside ? 0 : r->ring ? iy % r->ring : iy) * conv->x_row;
    for (int32_t kx = 0; kx < taps; kx++, rows += stride) {
      vn_span s = kx < vn_known_spans ? r->spans[kx] : inside_span(conv, kx, kx);
      if (!inside || s.first >= end || s.last <= column) s.first = s.last = end;
      if (s.first < column) s.first = column;
      if (s.last > end) s.last = end;
      const int64_t ix = (int64_t)kx * conv->dilation_w - conv->pad_left;
      const float *from = row + ix * conv->x_pixel;
      int64_t ox = column;
      for (; ox < s.first; ox++) rows[ox - column] = r->zeros;
      // Pointers that grow: products of 64 bits are slow.
      for (const float *at = from + ox * step; ox < s.last; ox++, at += step) rows[ox - column] = at;
      for (; ox < end; ox++) rows[ox - column] = r->zeros;
      if (!r->merged || !inside) continue;
      for (ox = column; ox < end; ox++) {
        if (ox == s.first && s.last > ox) ox = s.last;
        if (ox >= end) break;
        copy_border(conv, row, ox * conv->stride_w - conv->pad_left, *border);
        rows[ox - column] = *border;
        *border += r->run;
      }
    }
  }
}

/// Fills the pointers of one tile of pixels.
static void point_tile(const conv_run *r, const float *x, float *results, size_t first, size_t count, size_t group, const float **rows,
                       float **y, const float **residual, float **border) {
  const vn_conv *conv = r->conv;
  const vn_conv_plan *plan = r->plan;
  x += group * plan->group_inputs;
  const size_t channel = group * plan->group_outputs;
  float *target = results + (r->pairs.y ? channel / 2 : channel);
  const float *addend = residual ? r->residual + (r->pairs.residual ? channel / 2 : channel) : NULL;
  if (plan->dense_input)
    for (size_t i = 0; i < count; i++) rows[i] = x + (int64_t)(first + i) * conv->x_pixel;
  if (plan->dense_output)
    for (size_t i = 0; i < count; i++) y[i] = target + (int64_t)(first + i) * conv->y_pixel;
  if (residual && plan->dense_residual)
    for (size_t i = 0; i < count; i++) residual[i] = addend + (int64_t)(first + i) * conv->r_pixel;
  if (plan->dense_input && plan->dense_output && (!residual || plan->dense_residual)) return;
  vn_place p = vn_place_of(conv, first);
  for (size_t i = 0; i < count;) {
    const size_t length = vn_smaller(count - i, (size_t)conv->ow - p.column);
    if (!plan->dense_input) vn_conv_point(&r->reader, p, length, x, rows + i, (size_t)r->k->max_rows, border);
    const int64_t image = (int64_t)p.image, row = (int64_t)p.row;
    for (size_t j = 0; j < length; j++) {
      const int64_t column = (int64_t)(p.column + j);
      y[i + j] = target + image * conv->y_image + row * conv->y_row + column * conv->y_pixel;
      if (residual)
        residual[i + j] = addend + image * conv->r_image + row * conv->r_row + column * conv->r_pixel;
    }
    i += length;
    vn_next_row(conv, &p);
  }
}

/// Memory that is to be fetched while tiles are computed.
typedef struct stream {
  const float *start;
  size_t lines;
} stream;

/// The line at a place in all of them.
static const char *line_of(const stream streams[3], size_t line) {
  for (int i = 0; i < 3; i++) {
    if (line < streams[i].lines) return (const char *)streams[i].start + line * 64;
    line -= streams[i].lines;
  }
  return (const char *)streams[0].start;
}

/// What normalisations need, shared out among the tiles of an item: what the next item of this thread computes its operand
/// from, and what this one sums its result up with.
typedef struct sharing {
  stream streams[3];
  size_t share, half, step;  ///< lines of a tile, half of them, and bytes from step to step of either half
} sharing;

static void share_out(sharing *s, size_t tiles, size_t steps) {
  s->share = vn_divide_up(s->streams[0].lines + s->streams[1].lines + s->streams[2].lines, tiles);
  s->half = (s->share + 1) / 2;
  s->step = s->half * 64 / steps + 1;
}

static vn_ahead ahead_of(const sharing *s, size_t tile) {
  const size_t first = tile * s->share;
  return (vn_ahead){.pixels = line_of(s->streams, first), .pixels_step = s->step,
                    .weights = line_of(s->streams, first + s->half), .weights_step = s->step};
}

/// The pixels of an item, as it keeps them.
static size_t operand_floats(const vn_kernels *k, const vn_conv_plan *plan) {
  return (vn_cut_most_tiles(&plan->cut) * (size_t)k->max_rows * plan->run + 31) / 16 * 16;
}

/// Its results.
static size_t result_floats(const vn_kernels *k, const vn_conv_plan *plan) {
  return (vn_cut_most_tiles(&plan->cut) * (size_t)k->max_rows * plan->group_outputs + 31) / 16 * 16;
}

/// What a worker has to send, and its two blocks of results behind that.
static vn_departure *departure_of(const conv_run *r, int worker) {
  const size_t results = 2 * result_floats(r->k, r->plan) + departure_floats;
  return (vn_departure *)vn_align(r->workers + (size_t)(worker + 1) * r->worker_floats - results);
}

static float *own_results(const conv_run *r, int worker, bool second) {
  float *first = (float *)departure_of(r, worker) + departure_floats - 16;
  return second ? first + result_floats(r->k, r->plan) : first;
}

static void conv_item(void *context, size_t index, int worker) {
  const conv_run *r = context;
  const vn_conv *conv = r->conv;
  const vn_conv_plan *plan = r->plan;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  const vn_cut_item item = vn_cut_item_at(&plan->cut, index);
  const size_t tile0 = item.tile0, tile1 = item.tile1, panel0 = item.panel0, panel1 = item.panel1, group = item.group;

  const vn_conv_normalization *n = r->normalizing.n;
  const size_t pixel0 = vn_cut_tile_start(&plan->cut, tile0), pixel1 = vn_cut_tile_start(&plan->cut, tile1);
  float *memory = r->workers + (size_t)worker * r->worker_floats;
  const float *x = r->x;
  if (n && n->source) {
    float *copy = r->keeps ? vn_align(memory + plan->worker_floats) : NULL;
    vn_normalize_operand(r->k, n, false, plan->run, pixel0, pixel1 - pixel0, 0, plan->run, copy);
    if (copy) x = copy - pixel0 * plan->run;
  }

  // What this worker's last item left is sent while this one multiplies.
  vn_departure *leaving = r->streams ? departure_of(r, worker) : NULL;
  float *own = leaving ? own_results(r, worker, !leaving->second) : NULL;
  float *results = own ? own - pixel0 * plan->group_outputs : r->y;

  const size_t all = vn_cut_most_tiles(&plan->cut) * mr;
  const float **rows = (const float **)memory;
  float **y = (float **)(rows + all * plan->taps);
  const float **residual = (const float **)(y + all);
  float *border = (float *)(residual + all);
  // Divisions are slow, and some tiles short.
  uint8_t counts[vn_most_tiles];
  for (size_t t = tile0, first = pixel0; t < tile1; t++) {
    const size_t i = (t - tile0) * mr, next = vn_cut_tile_start(&plan->cut, t + 1), count = next - first;
    counts[t - tile0] = (uint8_t)count;
    point_tile(r, x, results, first, count, group, rows + i * plan->taps, y + i, r->residual ? residual + i : NULL, &border);
    first = next;
  }

  vn_tile tile = {
      .row_stride = mr, .taps = plan->taps, .run = plan->run, .taps_block = plan->taps_block,
      .run_block = plan->run_block, .low = r->low, .high = r->high,
      .bias = r->bias ? r->bias + group * plan->group_outputs : NULL,
      .y_is_bf16 = r->pairs.y, .residual_is_bf16 = r->pairs.residual,
      // Sums of a few products would not last long enough.
      .fetches = plan->depth >= 24 && !own};
  const float *weights = r->packed + group * plan->group_packed;
  // What this thread will probably do next, so that its weights come nearer meanwhile.
  const vn_cut_item after = vn_cut_item_at(&plan->cut, index + 1);
  const float *later = index + 1 >= vn_pool_range_start(r->pool, r->items, worker + 1)
                           ? NULL
                           : r->packed + after.group * plan->group_packed +
                                 after.panel0 * plan->panel_columns * plan->depth;
  const size_t all_products = (panel1 - panel0) * (tile1 - tile0);
  sharing shared = {.streams = {{0}}};
  if (n && n->source && later) {
    const size_t next = vn_cut_tile_start(&plan->cut, vn_cut_tile(&plan->cut, item.pixel_chunk + 2)) - pixel1;
    shared.streams[0] = (stream){n->source + pixel1 * plan->run, next * plan->run / 16};
    if (n->source_x) shared.streams[1] = (stream){n->source_x + pixel1 * plan->run, next * plan->run / 16};
  }
  if (n && n->partials && n->result_x && plan->cut.panel_chunks == 1)
    shared.streams[2] = (stream){n->result_x + pixel0 * plan->group_outputs,
                                 (pixel1 - pixel0) * plan->group_outputs / 16};
  const bool streamed = shared.streams[0].lines + shared.streams[2].lines > 0;
  if (streamed) share_out(&shared, all_products, plan->depth);
  const size_t sent_pixels = own ? vn_divide_up(leaving->pixels, all_products) : 0;
  size_t products = 0;
  // A line between pixels does not matter.
  const bool in_one_piece = plan->dense_input && conv->groups == 1 && conv->x_pixel <= (int64_t)plan->run + 16;
  for (size_t panel = panel0; panel < panel1; panel++) {
    tile.column = panel * plan->panel_columns;
    tile.width = vn_smaller(plan->panel_columns, plan->group_outputs - tile.column);
    tile.panel = weights + tile.column * plan->depth;
    const int vectors = tile.width > lanes ? 1 : 0;
    const float *next = panel + 1 < panel1 ? tile.panel + plan->panel_columns * plan->depth : later;
    const bool cold = panel == panel0 && index == vn_pool_range_start(r->pool, r->items, worker);
    const size_t bytes = (vectors ? plan->panel_columns : lanes) * sizeof(float);
    const vn_panel_ahead ahead = vn_panel_ahead_of(tile.panel, bytes, plan->depth, tile1 - tile0, cold, next);
    for (size_t t = 0; t < tile1 - tile0; t++, products++) {
      const size_t i = t * mr;
      const bool follows = in_one_piece && panel == panel0 && tile0 + t + 1 < tile1;
      tile.ahead = streamed ? ahead_of(&shared, products)
                            : vn_ahead_of(&ahead, t, follows ? rows[i + mr] : NULL, mr * sizeof(float));
      tile.rows = rows + i * plan->taps;
      tile.y = y + i;
      tile.residual = r->residual ? residual + i : NULL;
      r->tiles[counts[t] - 1][vectors](&tile);
      if (own) vn_send(r->k, leaving, vn_smaller(leaving->pixels, (products + 1) * sent_pixels));
    }
  }
  const size_t column = panel0 * plan->panel_columns;
  const size_t width = vn_smaller(panel1 * plan->panel_columns, plan->group_outputs) - column;
  if (n && n->partials)
    vn_sum_result(r->k, n, plan->group_outputs, r->normalizing.chunks, r->normalizing.first_chunk + item.pixel_chunk, true,
                  results + pixel0 * plan->group_outputs + column, pixel0 * plan->group_outputs + column, pixel1 - pixel0, plan->group_outputs, column, width);
  if (own)
    *leaving = (vn_departure){.from = own + column, .to = r->y + pixel0 * plan->group_outputs + column,
                              .channels = plan->group_outputs, .pixels = pixel1 - pixel0, .width = width,
                              .second = !leaving->second};
  // Those of the item before are sent by now, and others are told so next.
  if (own) vn_end_stream();
  if (r->clamped) return;
  for (size_t t = 0; t < tile1 - tile0; t++) {
    for (size_t j = 0; j < counts[t]; j++) {
      float *out = y[t * mr + j] + column;
      r->k->unary(conv->activation, conv->alpha, conv->beta, width, out, out);
    }
  }
}

void vn_conv_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed,
                 const float *bias, const float *residual, float *y, float *scratch, vn_pool *pool) {
  vn_conv_run_with(k, conv, (vn_normalizing){0}, (vn_pairs){0}, x, packed, bias, residual, y, scratch, pool);
}

size_t vn_conv_run_normalizing_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  const size_t own = plan.depthwise ? vn_depthwise_operand_floats(conv) + vn_depthwise_result_floats(conv)
                                    : operand_floats(k, &plan) + 2 * result_floats(k, &plan) + departure_floats;
  return vn_conv_scratch_floats(k, conv, threads) + own * (size_t)(threads < 1 ? 1 : threads);
}

bool vn_conv_normalizes_operand(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) return vn_depthwise_normalizes_operand(conv, &plan);
  return plan.dense_input && conv->groups == 1 && conv->x_pixel == conv->c && plan.cut.panel_chunks == 1 &&
         plan.cut.pixel_chunks > 0;
}

bool vn_conv_sums_result(const vn_conv *conv) {
  return (conv->groups == 1 || conv->groups == conv->c) && conv->activation == VN_IDENTITY && conv->y_pixel == conv->o &&
         conv->y_row == conv->ow * conv->y_pixel && conv->y_image == conv->oh * conv->y_row &&
         (conv->groups == 1 || conv->c == conv->o) && conv->n > 0 && conv->oh > 0 && conv->ow > 0;
}

size_t vn_conv_normalization_chunks(const vn_kernels *k, const vn_conv *conv, bool normalizes) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  return plan.depthwise ? normalizes ? (size_t)conv->n : plan.row_chunks : plan.cut.pixel_chunks;
}

void vn_conv_run_normalizing(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                             const float *x, const float *packed, float *y, float *scratch, vn_pool *pool) {
  const vn_normalizing all = {.n = normalization,
                              .chunks = vn_conv_normalization_chunks(k, conv, normalization->source != NULL)};
  vn_conv_run_with(k, conv, all, (vn_pairs){0}, x, packed, NULL, NULL, y, scratch, pool);
}

void vn_conv_run_with(const vn_kernels *k, const vn_conv *conv, vn_normalizing normalizing, vn_pairs pairs,
                      const float *x, const float *packed, const float *bias, const float *residual, float *y,
                      float *scratch, vn_pool *pool) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) {
    vn_depthwise_run(k, conv, &plan, normalizing, x, packed, bias, residual, y, scratch, pool);
    return;
  }
  if (plan.cut.pixel_chunks == 0) return;
  float *zeros = vn_align(scratch);
  memset(zeros, 0, plan.zero_floats * sizeof(float));
  conv_run r = {.k = k, .conv = conv, .plan = &plan, .x = x, .packed = packed, .bias = bias,
                .residual = residual, .y = y, .workers = zeros + plan.zero_floats,
                .reader = vn_conv_reader_make(conv, plan.merged, plan.run, zeros)};
  r.clamped = vn_clamp_of(conv->activation, conv->alpha, conv->beta, &r.low, &r.high);
  r.pool = pool;
  r.normalizing = normalizing;
  r.pairs = pairs;
  r.tiles = pairs.k ? pairs.k->tile : k->tile;
  r.keeps = vn_operand_is_kept(k, conv, normalizing.n);
  r.streams = normalizing.n && !residual && plan.cut.pixel_chunks > 0 && conv->groups == 1 && vn_streams_result(k, conv, y);
  r.worker_floats = plan.worker_floats + (r.keeps ? operand_floats(k, &plan) : 0) +
                    (r.streams ? 2 * result_floats(k, &plan) + departure_floats : 0);
  r.items = vn_cut_items(&plan.cut) * (size_t)conv->groups;
  const int workers = r.streams ? vn_pool_threads(pool) : 0;
  for (int worker = 0; worker < workers; worker++) *departure_of(&r, worker) = (vn_departure){0};
  vn_pool_run(pool, r.items, conv_item, &r);
  for (int worker = 0; worker < workers; worker++) {
    vn_departure *last = departure_of(&r, worker);
    vn_send(k, last, last->pixels);
  }
  if (r.streams) vn_end_stream();
}
