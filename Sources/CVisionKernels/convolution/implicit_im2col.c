// Convolution by an implicit im2col and GEMM: the general algorithm, for images with contiguous channels.
//
// It is the product of im2col.c, but the matrix, here transposed, is never formed. Its row p holds what output pixel p reads:
// tap after tap, each a run of channels somewhere in the image. The micro-kernel gets a pointer to every run
// (column_pointers.c) and multiplies it in place. In the terms of BLIS, for y = A · B:
//
//   A    the implicit matrix [pixels][taps · channels]; it is not packed
//   B    the weights, packed beforehand to panels of NR outputs (convolution_pack.c)
//   MR   `max_rows`: the pixels of a tile; NR is `panel_columns`, two vectors: the outputs of a panel
//   MC   the tiles of an item, NC the panels of an item: what a thread computes at a time (gemm/cut.c)
//   KC   `taps_block` · `run_block`: longer sums are formed from partial sums (convolution_plan.c)
//
//   for each item of MC pixels and NC outputs                                (threads share them)
//     point to the runs of its pixels
//     for each panel of NR outputs
//       for each tile of MR pixels
//         y tile = activation(rows · panel + bias + residual)                (the micro-kernel, gemm/template/tile.h)
//
// A panel that would not stay in the second-level cache goes through all tiles in blocks of KC, with a tile's sums in memory from
// block to block (`by_blocks`). Where the kernel is dilated, a tile leaves out the taps that read only zeros (`skips`).
//
// While a tile is multiplied, the memory needed next is prefetched. In training, an item may also normalize its pixels before it
// reads them, sum its results for the normalization that follows, and write them with non-temporal stores (vn_normalizing.h).
#include <string.h>

#include "conv_item.h"
#include "item_normalizing.h"
#include "item_prefetching.h"

// MARK: Pointers

/// Points to the runs, results and residual of one tile of pixels.
static void point_tile(const conv_item *it, size_t first, size_t count, const float **rows, float **y, const float **residual,
                       float **border) {
  const conv_run *r = it->r;
  const vn_conv *conv = r->conv;
  const vn_conv_plan *plan = r->plan;
  const float *x = it->x + it->at.group * plan->group_inputs;
  const size_t channel = it->at.group * plan->group_outputs;
  float *target = it->results + (r->pairs.y ? channel / 2 : channel);
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
    if (!plan->dense_input) vn_point_columns(&r->reader, p, length, x, rows + i, (size_t)r->k->max_rows, border);
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

/// Finds the taps of a tile's pixels that do not all read zeros.
static void find_live(const conv_item *it, size_t count, const float *const *rows, uint8_t *live) {
  const size_t mr = (size_t)it->r->k->max_rows, taps = it->r->plan->taps;
  for (size_t tap = 0; tap < taps; tap++, rows += mr) {
    size_t i = 0;
    while (i < count && rows[i] == it->r->reader.zeros) i++;
    live[tap] = i < count;
  }
}

/// Points to all tiles of an item, which are about equally long.
static void point_item(conv_item *it, float *memory) {
  const conv_run *r = it->r;
  const size_t mr = (size_t)r->k->max_rows, taps = r->plan->taps, most = vn_cut_most_tiles(&r->plan->cut);
  const size_t all = most * mr;
  it->rows = (const float **)memory;
  it->y = (float **)(it->rows + all * taps);
  it->residual = (const float **)(it->y + all);
  float *border = (float *)(it->residual + all);
  if (r->plan->by_blocks) {
    it->sums = vn_align(border);
    border = it->sums + all * r->plan->panel_columns;
  }
  if (r->plan->skips) it->live = (uint8_t *)border;
  for (size_t t = 0, first = it->pixel0; t < it->tiles; t++) {
    // Divisions are slow, so the counts are kept.
    const size_t next = vn_cut_tile_start(&r->plan->cut, it->at.tile0 + t + 1), count = next - first;
    it->counts[t] = (uint8_t)count;
    point_tile(it, first, count, it->rows + t * mr * taps, it->y + t * mr, r->residual ? it->residual + t * mr : NULL, &border);
    if (it->live) find_live(it, count, it->rows + t * mr * taps, it->live + t * taps);
    first = next;
  }
}

// MARK: The loop nest

/// The fields that all tiles of an item share.
static vn_tile tile_of(const conv_item *it) {
  const conv_run *r = it->r;
  const vn_conv_plan *plan = r->plan;
  // While sums of few products are computed, the results' memory would not arrive in time.
  const bool fetches = plan->depth >= 24 && !it->own;
  return (vn_tile){
      .row_stride = (size_t)r->k->max_rows, .taps = plan->taps, .run = plan->run,
      .operand = {r->x, r->x + (int64_t)r->conv->n * r->conv->x_image}, .taps_block = plan->taps_block,
      .run_block = plan->run_block, .low = r->low, .high = r->high,
      .bias = r->bias ? r->bias + it->at.group * plan->group_outputs : NULL, .y_is_bf16 = r->pairs.y,
      .residual_is_bf16 = r->pairs.residual, .fetches = fetches};
}

/// Goes on to the next partial sum of a panel.
static void next_block(const vn_conv_plan *plan, vn_tile *tile) {
  tile->k += plan->run_block;
  if (tile->k < plan->run) return;
  tile->k = 0;
  tile->tap += plan->taps_block;
}

/// Where the rows and results of tile `t` are, and its partial sums; `more` says whether others of them follow.
static void tile_at(const conv_item *it, size_t t, bool more, vn_tile *tile) {
  const size_t mr = (size_t)it->r->k->max_rows, taps = it->r->plan->taps;
  tile->rows = it->rows + t * mr * taps;
  tile->y = it->y + t * mr;
  tile->residual = it->r->residual ? it->residual + t * mr : NULL;
  tile->live = it->live ? it->live + t * taps : NULL;
  if (!it->sums) return;
  tile->sums = it->sums + t * mr * it->r->plan->panel_columns;
  tile->is_first = tile->tap == 0 && tile->k == 0, tile->is_last = !more;
}

/// Multiplies all tiles with a panel, or a part of it, by the processor's tiles, two at a time.
static void multiply_by_matrix(const conv_item *it, const prefetching *ahead, vn_bmatrix_work *work, const vn_tile *tile,
                               int vectors, bool more) {
  const size_t panel = tile->column / it->r->plan->panel_columns;
  vn_tile tiles[2] = {*tile, *tile};
  for (size_t t = 0; t < it->tiles; t += 2) {
    const size_t pair = vn_smaller(2, it->tiles - t);
    size_t counts[2] = {0, 0};
    for (size_t i = 0; i < pair; i++) {
      tile_at(it, t + i, more, &tiles[i]);
      tiles[i].ahead = prefetch_tile(ahead, it, panel, t + i, 0);
      counts[i] = it->counts[t + i];
    }
    it->r->pairs.matrix->multiply(work, tiles, counts, vectors);
  }
}

/// Multiplies the item's panels at once where it is a single row of one sum; returns the first panel that is left, which is not whole.
static size_t row_of_panels(const conv_item *it, const float *weights) {
  const conv_run *r = it->r;
  const vn_conv_plan *plan = r->plan;
  const bool is_one_sum = plan->taps == 1 && !plan->merged && !it->live && !it->sums && plan->run_block == plan->run;
  if (!is_one_sum || it->tiles != 1 || it->counts[0] != 1 || it->own || r->pairs.k) return it->at.panel0;
  const size_t nr = plan->panel_columns, whole = plan->group_outputs / nr, column = it->at.panel0 * nr;
  if (whole <= it->at.panel0) return it->at.panel0;
  const size_t end = vn_smaller(whole, it->at.panel1), group = it->at.group * plan->group_outputs;
  const vn_row row = {.x = it->rows[0], .depth = plan->depth, .panels = weights + column * plan->depth,
                      .count = end - it->at.panel0, .bias = r->bias ? r->bias + group + column : NULL,
                      .residual = r->residual ? it->residual[0] + column : NULL, .y = it->y[0] + column, .low = r->low,
                      .high = r->high};
  r->k->row(&row);
  return end;
}

static void conv_item_run(void *context, size_t index, int worker) {
  const conv_run *r = context;
  const vn_conv_plan *plan = r->plan;
  const size_t lanes = (size_t)r->k->lanes, nr = plan->panel_columns;
  conv_item it = {.r = r, .at = vn_cut_item_at(&plan->cut, index), .index = index, .worker = worker, .x = r->x};
  it.tiles = it.at.tile1 - it.at.tile0;
  it.pixel0 = vn_cut_tile_start(&plan->cut, it.at.tile0), it.pixel1 = vn_cut_tile_start(&plan->cut, it.at.tile1);
  float *memory = r->workers + (size_t)worker * r->worker_floats;
  normalize_operand(&it, memory);
  place_results(&it);
  point_item(&it, memory);

  const float *weights = r->packed + it.at.group * plan->group_packed;
  const size_t products = (it.at.panel1 - it.at.panel0) * it.tiles * vn_conv_blocks(plan);
  const size_t sent_pixels = it.own ? vn_divide_up(it.leaving->pixels, products) : 0;
  prefetching ahead = prefetching_of(&it, products);
  vn_tile tile = tile_of(&it);
  vn_bmatrix_work work;
  if (r->pairs.matrix) r->pairs.matrix->begin(&work, plan->run);
  size_t product = 0;
  for (size_t panel = row_of_panels(&it, weights); panel < it.at.panel1; panel++) {
    tile.column = panel * nr;
    tile.width = vn_smaller(nr, plan->group_outputs - tile.column);
    tile.panel = weights + tile.column * plan->depth;
    const int vectors = tile.width > lanes ? 1 : 0;
    tile.tap = tile.k = 0;
    for (bool more = true; more;) {
      more = prefetch_panel(&ahead, &it, panel, &tile, vectors ? nr : lanes);
      if (r->pairs.matrix) {
        multiply_by_matrix(&it, &ahead, &work, &tile, vectors + 1, more);
        product += it.tiles;
      }
      for (size_t t = 0; t < it.tiles && !r->pairs.matrix; t++, product++) {
        tile_at(&it, t, more, &tile);
        tile.ahead = prefetch_tile(&ahead, &it, panel, t, product);
        r->micro_kernels[it.counts[t] - 1][vectors](&tile);
        if (it.own) vn_send(r->k, it.leaving, vn_smaller(it.leaving->pixels, (product + 1) * sent_pixels));
      }
      if (more) next_block(plan, &tile);
    }
  }
  if (r->pairs.matrix) r->pairs.matrix->end(&work);
  const size_t column = it.at.panel0 * nr, width = vn_smaller(it.at.panel1 * nr, plan->group_outputs) - column;
  sum_results(&it, column, width);
  leave_results(&it, column, width);
  if (!r->clamped) activate(&it, column, width);
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
  r.micro_kernels = pairs.k ? pairs.k->micro_kernels : k->micro_kernels;
  r.keeps = vn_operand_is_kept(k, conv, normalizing.n);
  r.streams = normalizing.n && !residual && plan.cut.pixel_chunks > 0 && conv->groups == 1 && vn_streams_result(k, conv, y);
  r.worker_floats = plan.worker_floats + (r.keeps ? operand_floats(k, &plan) : 0) +
                    (r.streams ? 2 * result_floats(k, &plan) + departure_floats : 0);
  r.items = vn_cut_items(&plan.cut) * (size_t)conv->groups;
  const int workers = r.streams ? vn_pool_threads(pool) : 0;
  for (int worker = 0; worker < workers; worker++) *departure_of(&r, worker) = (vn_departure){0};
  vn_pool_run(pool, r.items, conv_item_run, &r);
  for (int worker = 0; worker < workers; worker++) {
    vn_departure *last = departure_of(&r, worker);
    vn_send(k, last, last->pixels);
  }
  if (r.streams) vn_end_stream();
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
