// Chains row by row: each row of outputs is computed as soon as the rows that it reads are available. The depthwise convolution
// (or the maxima) is the middle, the convolution before it the front, and the 1 × 1 after it the back.
//
//   for each range of rows of an image                                       (threads share them)
//     for each block of rows of the middle
//       for each row of it
//         compute the rows of the front that it reads and that are still missing, into a ring buffer
//         compute the row of the middle from the ring
//       compute the rows of the back from the block
#include <math.h>

#include "chain_rows.h"

static void activate(const vn_chain_work *r, const vn_conv *conv, size_t width, float *y, int64_t pixels) {
  r->k->unary_runs(conv->activation, conv->alpha, conv->beta, width, (size_t)pixels, conv->y_pixel, y);
}

static vn_tile tile_of(const vn_stage *s, size_t mr) {
  return (vn_tile){.row_stride = mr, .taps = s->plan.taps, .run = s->plan.run, .taps_block = s->plan.taps_block,
                   .run_block = s->plan.run_block, .low = s->low, .high = s->high, .bias = s->bias};
}

static void set_panel(vn_tile *tile, const vn_stage *s, size_t panel) {
  tile->column = panel * s->plan.panel_columns;
  tile->width = vn_smaller(s->plan.panel_columns, s->plan.group_outputs - tile->column);
  tile->panel = s->packed + tile->column * s->plan.depth;
  tile->ahead = (vn_ahead){.weights = (const char *)tile->panel, .pixels = (const char *)tile->panel};
}

/// Points to the row of inputs that an output row of the front reads, tile by tile.
static void point_front(const vn_rows_worker *w, int64_t oy) {
  const vn_chain_work *r = w->run;
  const vn_stage *s = &r->stages[r->front];
  const size_t mr = (size_t)r->k->max_rows, width = (size_t)s->conv.ow;
  float *border = w->border;
  for (size_t t = 0; t < r->front_tiles; t++) {
    const size_t first = t * width / r->front_tiles, end = (t + 1) * width / r->front_tiles;
    const vn_place place = {(size_t)w->image, (size_t)oy, first};
    vn_point_columns(&s->reader, place, end - first, r->x, w->front_rows + t * mr * s->plan.taps, mr, &border);
  }
}

/// Row `oy` of some panels of the front, into its slot of the ring. The pointers were set for row `pointed`.
static void front_row(const vn_rows_worker *w, int64_t oy, int64_t pointed, size_t panel0, size_t panel1) {
  const vn_chain_work *r = w->run;
  const vn_stage *s = &r->stages[r->front];
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes, width = (size_t)s->conv.ow;
  const int64_t slot = (int64_t)((size_t)oy % r->slots * r->slot_floats);
  vn_tile tile = tile_of(s, mr);
  tile.x_shift = (oy - pointed) * s->conv.stride_h * s->conv.x_row;
  tile.y_shift = slot;
  vn_bmatrix_work work;
  vn_stage_begin(r, s, &work);
  for (size_t panel = panel0; panel < panel1; panel++) {
    set_panel(&tile, s, panel);
    const int vectors = tile.width > lanes ? 2 : 1;
    for (size_t t = 0; t < r->front_tiles; t++) {
      tile.rows = w->front_rows + t * mr * s->plan.taps;
      tile.y = w->front_targets + t * mr;
      vn_stage_multiply(r, s, &work, &tile, (t + 1) * width / r->front_tiles - t * width / r->front_tiles, vectors);
    }
    if (s->clamped) continue;
    // While a panel's results are in the nearest cache; the processor's tiles may still have some of them.
    vn_stage_end(r, s, &work);
    activate(r, &s->conv, tile.width, w->ring + slot + tile.column, s->conv.ow);
    vn_stage_begin(r, s, &work);
  }
  vn_stage_end(r, s, &work);
}

/// Channels first..<last of row `oy` of the maxima, computed from the ring.
static void pool_row(const vn_rows_worker *w, int64_t oy, size_t first, size_t last, float *y) {
  const vn_chain_work *r = w->run;
  const vn_conv *conv = &r->stages[r->middle].conv;
  const int64_t top = oy * conv->stride_h - conv->pad_top;
  const vn_span rows = vn_inside(conv->kh, conv->h, top);
  int64_t left = -conv->pad_left;
  y += first;
  for (int32_t ox = 0; ox < conv->ow; ox++, left += conv->stride_w, y += conv->y_pixel) {
    const vn_span columns = vn_inside(conv->kw, conv->w, left);
    const float *taps[VN_CHAIN_MOST_TAPS];
    size_t count = 0;
    for (int64_t ky = rows.first; ky < rows.last; ky++) {
      const float *row = w->ring + (size_t)(top + ky) % r->slots * r->slot_floats + first;
      for (int64_t kx = columns.first; kx < columns.last; kx++) taps[count++] = row + (left + kx) * conv->x_pixel;
    }
    if (count > 0) {
      r->k->accumulate_taps(VN_REDUCE_MAX, true, count, taps, last - first, y);
    } else {
      for (size_t c = 0; c < last - first; c++) y[c] = -INFINITY;
    }
  }
}

/// Channels first..<last of row `oy` of the depthwise convolution.
static void middle_row(const vn_rows_worker *w, int64_t oy, size_t first, size_t last, float *y) {
  const vn_chain_work *r = w->run;
  const vn_stage *s = &r->stages[r->middle];
  const vn_conv *conv = &s->conv;
  if (r->chain->pools[r->middle]) {
    pool_row(w, oy, first, last, y);
    return;
  }
  const int64_t top = oy * conv->stride_h - conv->pad_top;
  const size_t columns = vn_depthwise_columns(conv);
  vn_depthwise_row row = {
      .column_stride = columns, .kh = conv->kh, .kw = conv->kw, .stride = vn_depthwise_stride(conv), .ow = conv->ow,
      .weights = s->packed, .weight_pitch = (size_t)conv->c, .bias = s->bias, .residual_pixel = conv->r_pixel, .y = y,
      .y_pixel = conv->y_pixel, .first = first, .last = last, .low = s->low, .high = s->high};
  const bool inside = top >= 0 && top + (int64_t)r->slots <= conv->h && conv->dilation_h == 1;
  if (r->front >= 0 && inside) {
    row.columns = w->windows + (size_t)top % r->slots * columns;
  } else {
    const float *x = r->front < 0 ? r->x : w->ring;
    vn_depthwise_point(conv, x, r->zeros, r->front < 0 ? w->image : 0, oy, s->reader.ring, w->edge);
    row.columns = w->edge;
  }
  if (r->residual && r->back < 0) row.residual = r->residual + w->image * conv->r_image + oy * conv->r_row;
  vn_depthwise_row_run(r->k, &row);
  if (!s->clamped) activate(r, conv, last - first, y + first, conv->ow);
}

/// Rounds a block of rows: into the input of the last convolution, or into the result.
static void round_rows(const vn_rows_worker *w, int64_t oy, size_t count) {
  const vn_chain_work *r = w->run;
  if (r->back >= 0) {
    // The gaps between pixels are rounded too, but never read.
    r->bk->operand_of_floats(count * r->block_row_floats, w->block, w->read);
    return;
  }
  const vn_conv *given = &r->chain->conv[r->middle];
  const size_t channels = (size_t)given->o, width = (size_t)given->ow;
  for (size_t i = 0; i < count; i++) {
    const float *from = w->block + i * r->block_row_floats;
    float *y = r->y + w->image * given->y_image + (oy + (int64_t)i) * given->y_row;
    for (size_t column = 0; column < width; column++, from += channels, y += given->y_pixel)
      r->bk->round(channels, from, (uint16_t *)y);
  }
}

/// Rows oy..<oy + count of the last convolution, from a block of rows.
static void back_rows(vn_rows_worker *w, int64_t oy, size_t count) {
  const vn_chain_work *r = w->run;
  const vn_stage *s = &r->stages[r->back];
  const vn_conv *conv = &s->conv;
  const size_t mr = (size_t)r->k->max_rows, lanes = (size_t)r->k->lanes;
  const size_t pixels = count * (size_t)conv->ow, tiles = vn_divide_up(pixels, mr);
  float *y = r->y + w->image * conv->y_image;
  const float *residual = r->residual ? r->residual + w->image * conv->r_image : NULL;
  if (w->back_pixels != pixels) {
    w->back_pixels = pixels;
    for (size_t t = 0; t < tiles; t++)
      for (size_t i = t * pixels / tiles, at = t * mr; i < (t + 1) * pixels / tiles; i++, at++) {
        const int64_t row = (int64_t)(i / (size_t)conv->ow), column = (int64_t)(i % (size_t)conv->ow);
        w->back_rows[at] = w->read + i * (size_t)conv->x_pixel;
        w->back_targets[at] = y + row * conv->y_row + column * conv->y_pixel;
        if (residual) w->back_residuals[at] = residual + row * conv->r_row + column * conv->r_pixel;
      }
  }
  vn_tile tile = tile_of(s, mr);
  tile.y_shift = oy * conv->y_row;
  tile.residual_shift = oy * conv->r_row;
  tile.y_is_bf16 = r->chain->y_is_bf16;
  tile.residual_is_bf16 = r->chain->residual_is_bf16;
  vn_bmatrix_work work;
  vn_stage_begin(r, s, &work);
  for (size_t panel = 0; panel < s->plan.panels; panel++) {
    set_panel(&tile, s, panel);
    const int vectors = tile.width > lanes ? 2 : 1;
    for (size_t t = 0; t < tiles; t++) {
      tile.rows = w->back_rows + t * mr;
      tile.y = w->back_targets + t * mr;
      tile.residual = residual ? w->back_residuals + t * mr : NULL;
      vn_stage_multiply(r, s, &work, &tile, (t + 1) * pixels / tiles - t * pixels / tiles, vectors);
    }
  }
  vn_stage_end(r, s, &work);
  if (s->clamped) return;
  for (size_t i = 0; i < count; i++)
    activate(r, conv, (size_t)conv->o, y + (oy + (int64_t)i) * conv->y_row, conv->ow);
}

static vn_rows_worker *memory_of(const vn_chain_work *r, size_t number) {
  return (vn_rows_worker *)(r->workers + number * r->worker_floats);
}

void vn_chain_start_rows(const vn_chain_work *r, int threads) {
  for (int i = 0; i < threads; i++) memory_of(r, (size_t)i)->after = 0;
}

static void set_worker(const vn_chain_work *r, vn_rows_worker *place, int64_t image) {
  vn_rows_worker w = {.run = r, .image = image};
  const size_t mr = (size_t)r->k->max_rows;
  const vn_conv *middle = &r->stages[r->middle].conv;
  float *memory = (float *)place + vn_rows_worker_floats();
  w.ring = memory;
  memory += vn_whole_lines(r->slots * r->slot_floats);
  w.block = w.read = memory;
  memory += vn_whole_lines(r->block_rows * r->block_row_floats);
  if (r->back >= 0 && vn_rounds_rows(r)) {
    w.read = memory;
    memory += vn_whole_lines(r->block_rows * r->block_row_floats);
  }
  w.front_rows = (const float **)memory;
  memory += r->front_pointers;
  w.windows = (const float **)memory;
  w.edge = w.windows + (2 * r->slots - 1) * vn_depthwise_columns(middle);
  memory += r->window_pointers;
  w.back_rows = (const float **)memory;
  w.back_targets = (float **)(w.back_rows + r->back_tiles * mr);
  w.back_residuals = (const float **)(w.back_targets + r->back_tiles * mr);
  memory += r->back_pointers;
  w.border = memory;
  *place = w;
  if (r->front < 0) return;

  const vn_stage *front = &r->stages[r->front];
  const size_t width = (size_t)front->conv.ow;
  place->front_targets = (float **)(w.front_rows + r->front_tiles * mr * front->plan.taps);
  for (size_t t = 0; t < r->front_tiles; t++)
    for (size_t i = t * width / r->front_tiles, at = t * mr; i < (t + 1) * width / r->front_tiles; i++, at++)
      place->front_targets[at] = w.ring + i * (size_t)front->conv.y_pixel;
  if (middle->dilation_h > 1) return;
  // Pointers for windows that begin at any slot of the ring: those of an image of 2 · slots − 1 rows.
  vn_conv window = *middle;
  window.kh = (int32_t)(2 * r->slots - 1);
  window.h = window.kh;
  window.pad_top = 0;
  vn_depthwise_point(&window, w.ring, r->zeros, 0, 0, (int64_t)r->slots, w.windows);
}

void vn_chain_rows_item(void *context, size_t index, int worker) {
  const vn_chain_work *r = context;
  vn_rows_worker *w = memory_of(r, (size_t)worker);
  const vn_conv *middle = &r->stages[r->middle].conv;
  const size_t rows = (size_t)middle->oh, channels = (size_t)middle->c, chunk = index % r->chunks;
  const int64_t first = (int64_t)(chunk * rows / r->chunks), last = (int64_t)((chunk + 1) * rows / r->chunks);
  const size_t panels = r->front < 0 ? 1 : r->stages[r->front].plan.panels;
  // A 1 × 1 reads the same pixels in each row except for an offset, so all rows can be computed panel by panel.
  const bool by_panels = r->front >= 0 && vn_is_pointwise(&r->stages[r->front].conv);
  const size_t group = by_panels ? 1 : panels;
  const size_t group_channels = by_panels ? r->stages[r->front].plan.panel_columns : channels;
  const bool rounds = vn_rounds_rows(r);
  if (chunk == 0 || w->after != index) {
    set_worker(r, w, (int64_t)(index / r->chunks));
    w->next = first * middle->stride_h - middle->pad_top;
    if (w->next < 0) w->next = 0;
    w->pointed = w->next;
    if (by_panels) point_front(w, w->pointed);
  }
  for (int64_t block = first; block < last; block += (int64_t)r->block_rows) {
    const int64_t end = block + (int64_t)r->block_rows < last ? block + (int64_t)r->block_rows : last;
    int64_t reached = w->next;
    for (size_t panel = 0; panel < panels; panel += group) {
      reached = w->next;
      const size_t channel = panel * group_channels;
      for (int64_t oy = block; oy < end; oy++) {
        const int64_t top = oy * middle->stride_h - middle->pad_top;
        const int64_t bottom = top + (int64_t)r->slots - 1;
        if (r->front >= 0) {
          if (reached < top) reached = top;
          for (; reached <= bottom && reached < middle->h; reached++) {
            if (!by_panels) point_front(w, reached);
            front_row(w, reached, by_panels ? w->pointed : reached, panel, panel + group);
          }
        }
        float *y = r->back >= 0 || rounds ? w->block + (size_t)(oy - block) * r->block_row_floats
                                          : r->y + w->image * middle->y_image + oy * middle->y_row;
        middle_row(w, oy, channel, vn_smaller(channel + group_channels, channels), y);
      }
    }
    w->next = reached;
    if (rounds) round_rows(w, block, (size_t)(end - block));
    if (r->back >= 0) back_rows(w, block, (size_t)(end - block));
  }
  w->after = index + 1;
}
