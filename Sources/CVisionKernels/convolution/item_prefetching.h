// The prefetching of an item of the implicit im2col while it multiplies.
#pragma once
#include "conv_item.h"

/// Memory that is prefetched while tiles are computed.
typedef struct stream {
  const float *start;
  size_t lines;
} stream;

/// The memory that an item prefetches: weights and the pixels of the next tile; or, with a normalization, the source of the
/// operand of this thread's next item, and the tensor that this item needs to sum its results. The lines are distributed over its
/// tiles.
typedef struct prefetching {
  const float *later;        ///< the weights of the next item of this thread, or NULL
  bool is_first;             ///< whether this is the thread's first item, whose weights are not in its caches
  bool in_one_piece;         ///< whether the pixels of tiles are contiguous in memory
  vn_panel_ahead panel;      ///< for the panel that is multiplied
  stream streams[3];         ///< the tensors that normalizations read
  bool streamed;             ///< whether there are any
  size_t share, half, step;  ///< lines of a tile, half of them, and bytes from step to step of either half
} prefetching;

/// The address of line `line`, counted over all streams.
static inline const char *line_of(const stream streams[3], size_t line) {
  for (int i = 0; i < 3; i++) {
    if (line < streams[i].lines) return (const char *)streams[i].start + line * 64;
    line -= streams[i].lines;
  }
  return (const char *)streams[0].start;
}

/// Finds what normalizations read, and distributes it over `products` tiles of `steps` steps each.
static inline void prefetch_normalizations(prefetching *p, const conv_item *it, size_t products, size_t steps) {
  const conv_run *r = it->r;
  const vn_conv_plan *plan = r->plan;
  const vn_conv_normalization *n = r->normalizing.n;
  if (!n) return;
  if (n->source && p->later) {
    const size_t next = vn_cut_tile_start(&plan->cut, vn_cut_tile(&plan->cut, it->at.pixel_chunk + 2)) - it->pixel1;
    p->streams[0] = (stream){n->source + it->pixel1 * plan->run, next * plan->run / 16};
    if (n->source_x) p->streams[1] = (stream){n->source_x + it->pixel1 * plan->run, next * plan->run / 16};
  }
  if (n->partials && n->result_x && plan->cut.panel_chunks == 1)
    p->streams[2] = (stream){n->result_x + it->pixel0 * plan->group_outputs,
                             (it->pixel1 - it->pixel0) * plan->group_outputs / 16};
  p->streamed = p->streams[0].lines + p->streams[2].lines > 0;
  if (!p->streamed) return;
  p->share = vn_divide_up(p->streams[0].lines + p->streams[1].lines + p->streams[2].lines, products);
  p->half = (p->share + 1) / 2;
  p->step = p->half * 64 / steps + 1;
}

static inline prefetching prefetching_of(const conv_item *it, size_t products) {
  const conv_run *r = it->r;
  const vn_conv_plan *plan = r->plan;
  prefetching p = {.is_first = it->index == vn_pool_range_start(r->pool, r->items, it->worker)};
  // A thread probably continues with the next item.
  if (it->index + 1 < vn_pool_range_start(r->pool, r->items, it->worker + 1)) {
    const vn_cut_item next = vn_cut_item_at(&plan->cut, it->index + 1);
    p.later = r->packed + next.group * plan->group_packed + next.panel0 * plan->panel_columns * plan->depth;
  }
  // A gap of one cache line between pixels does not matter.
  p.in_one_piece = plan->dense_input && !plan->by_blocks && r->conv->groups == 1 && r->conv->x_pixel <= (int64_t)plan->run + 16;
  prefetch_normalizations(&p, it, products, vn_larger(plan->depth / vn_conv_blocks(plan), 1));
  return p;
}

/// Prepares for a panel, or the block of it that a tile begins with, while the next one is prefetched. Returns whether there are more
/// blocks of the panel.
static inline bool prefetch_panel(prefetching *p, const conv_item *it, size_t panel, const vn_tile *tile, size_t columns) {
  const vn_conv_plan *plan = it->r->plan;
  const float *start = tile->panel, *next = panel + 1 < it->at.panel1 ? start + plan->panel_columns * plan->depth : p->later;
  size_t depth = plan->depth;
  bool more = false;
  if (plan->by_blocks) {
    const size_t taps = vn_smaller(plan->taps_block, plan->taps - tile->tap);
    depth = taps * vn_smaller(plan->run_block, plan->run - tile->k);
    const size_t from = tile->tap * plan->run + tile->k;
    start += from * columns;
    more = from + depth < plan->depth;
    if (more) next = start + depth * columns;
  }
  p->panel = vn_panel_ahead_of(start, columns * sizeof(float), depth, it->tiles,
                               p->is_first && panel == it->at.panel0 && start == tile->panel, next);
  return more;
}

/// The prefetching of tile `t` of a panel; `product` counts the tiles of all panels.
static inline vn_ahead prefetch_tile(const prefetching *p, const conv_item *it, size_t panel, size_t t, size_t product) {
  if (p->streamed) {
    const size_t first = product * p->share;
    return (vn_ahead){.pixels = line_of(p->streams, first), .pixels_step = p->step,
                      .weights = line_of(p->streams, first + p->half), .weights_step = p->step};
  }
  const size_t mr = (size_t)it->r->k->max_rows;
  const bool follows = p->in_one_piece && panel == it->at.panel0 && t + 1 < it->tiles;
  return vn_ahead_of(&p->panel, t, follows ? it->rows[(t + 1) * mr] : NULL, mr * sizeof(float));
}
