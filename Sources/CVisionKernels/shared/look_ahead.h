// A micro-kernel prefetches while it multiplies: the next panel of weights, and the pixels of the next tile.
#pragma once
#include "kernels.h"

/// The prefetching of all tiles that multiply one panel, computed once for them since divisions are slow.
typedef struct vn_panel_ahead {
  const char *panel, *next;
  size_t bytes, step, part, first;
  bool follows;  ///< whether the first tile fetches the following rows of its own panel
} vn_panel_ahead;

/// For a panel that `count` tiles multiply, see `vn_look_ahead`.
static inline vn_panel_ahead vn_panel_ahead_of(const void *panel, size_t bytes, size_t steps, size_t count, bool cold,
                                               const void *next) {
  vn_panel_ahead a = {.panel = panel, .next = next, .bytes = bytes, .first = cold && count > 1 ? 1 : 0};
  a.follows = count == 1 ? !next || (const char *)next == (const char *)panel + steps * bytes : cold;
  a.step = (bytes + count - a.first - 1) / (count - a.first);
  a.part = a.step * steps;
  return a;
}

/// The prefetching of tile `at` of these tiles.
static inline vn_ahead vn_ahead_of(const vn_panel_ahead *a, size_t at, const void *pixels, size_t pixel_bytes) {
  vn_ahead ahead = {.weights = a->panel, .pixels = pixels ? pixels : a->panel, .pixels_step = pixels ? pixel_bytes : 0};
  if (a->follows && at == 0) {
    // About as many bytes as arrive from memory while the same number is read from the cache.
    ahead.weights += 8192;
    ahead.weights_step = a->bytes;
  } else if (a->next) {
    ahead.weights_step = a->step;
    ahead.weights = a->next + (at - a->first) * a->part;
  }
  return ahead;
}

/// The prefetching of tile `at` of the `count` tiles that multiply one panel, so that none waits for weights from beyond the
/// second-level cache: a share of the `next` panel, or, if this panel is read for the first time (`cold`), its following rows. A
/// panel has `steps` rows of `bytes` bytes. `pixels` are the pixels of the next tile, which reads `pixel_bytes` of them at each
/// step, if they are contiguous; else NULL.
static inline vn_ahead vn_look_ahead(const void *panel, size_t bytes, size_t steps, size_t at, size_t count, bool cold,
                                     const void *next, const void *pixels, size_t pixel_bytes) {
  const vn_panel_ahead ahead = vn_panel_ahead_of(panel, bytes, steps, count, cold, next);
  return vn_ahead_of(&ahead, at, pixels, pixel_bytes);
}
