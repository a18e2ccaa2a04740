// How a matrix product is cut into items (MC × NC), so that they are distributed evenly and their operands stay in the caches.
#include "vn_cut.h"

#include "../shared/kernels.h"

/// The fewest tiles for which a panel of weights is loaded into the first-level cache.
enum { tiles_per_load = 4 };
/// With fewer items than `wanted_items`, work is cut further; from `many_items` on, differences in size do not matter.
enum { wanted_items = 16, many_items = 64 };
/// How much more than half the work the busier of two threads may have, and the weight of four threads' unevenness relative to
/// that of two.
static const double even_enough = 0.01, weight_of_four = 0.25;

/// The work, tiles times panels, of the items before `index`.
static size_t work_before(const vn_cut *cut, size_t index) {
  const vn_cut_item item = vn_cut_item_at(cut, index);
  if (item.group > 0) return cut->tiles * cut->panels;
  return cut->by_pixels ? item.tile0 * cut->panels + (item.tile1 - item.tile0) * item.panel0
                        : item.panel0 * cut->tiles + (item.panel1 - item.panel0) * item.tile0;
}

/// The fraction by which the busiest of `threads` threads exceeds an equal share.
static double unevenness(const vn_cut *cut, size_t threads) {
  size_t most = 0;
  for (size_t i = 0; i < threads; i++) {
    // The ranges of `vn_pool_range_start`.
    const size_t items = vn_cut_items(cut), first = i * items / threads, last = (i + 1) * items / threads;
    most = vn_larger(most, work_before(cut, last) - work_before(cut, first));
  }
  return (double)(most * threads) / (double)(cut->tiles * cut->panels) - 1;
}

/// Cuts pixels into somewhat more chunks where that distributes items more evenly.
static void even_out(vn_cut *cut, size_t fewest_tiles) {
  vn_cut best = *cut;
  double least = 0;
  const size_t most = vn_larger(cut->pixel_chunks, cut->tiles / fewest_tiles);
  for (vn_cut c = *cut; c.pixel_chunks <= most && c.pixel_chunks <= 2 * cut->pixel_chunks; c.pixel_chunks++) {
    if (vn_cut_items(&c) >= many_items) break;
    const double two = unevenness(&c, 2), both = two + weight_of_four * unevenness(&c, 4);
    if (c.pixel_chunks == cut->pixel_chunks || both < least) best = c, least = both;
    if (two < even_enough) break;
  }
  *cut = best;
}

vn_cut vn_cut_make(size_t pixels, size_t rows, size_t panels, size_t outputs, const vn_cutting *how) {
  vn_cut cut = {.pixels = pixels, .tiles = vn_divide_up(pixels, rows), .panels = panels};
  const size_t most = vn_smaller(how->most_tiles, cut.tiles);
  size_t tiles = vn_smaller(most, 16);
  if (how->cached) {
    tiles = vn_smaller(most, vn_whole(how->item_work / (how->panel_tile * (double)panels)) + 1);
  } else {
    const double panel = how->panel_tile * (double)tiles + how->panel_load;
    panels = vn_smaller(panels, vn_whole(how->item_work / panel) + 1);
  }
  cut.pixel_chunks = vn_divide_up(cut.tiles, tiles);
  cut.panel_chunks = vn_divide_up(cut.panels, panels);
  const double finest = how->item_work * how->finest;
  while (vn_cut_items(&cut) < wanted_items && cut.panel_chunks < cut.panels &&
         how->panel_tile * (double)(tiles * panels) > finest)
    panels = vn_divide_up(cut.panels, ++cut.panel_chunks);
  // With few panels there are few items of unequal size, so pixels are cut as well.
  while (vn_cut_items(&cut) < wanted_items / 2 && tiles >= 2 * tiles_per_load &&
         how->panel_tile * (double)(tiles * panels) > 2 * finest)
    tiles = vn_divide_up(cut.tiles, ++cut.pixel_chunks);
  // Neighboring items, which one thread computes, share the larger operand: pixels or weights.
  cut.by_pixels = pixels > outputs;
  if (vn_cut_items(&cut) > 1) even_out(&cut, how->large_panels || how->cached ? 1 : tiles_per_load);
  return cut;
}

vn_cut_item vn_cut_item_at(const vn_cut *cut, size_t index) {
  const size_t rest = index % vn_cut_items(cut);
  vn_cut_item item = {.group = index / vn_cut_items(cut)};
  item.pixel_chunk = cut->by_pixels ? rest / cut->panel_chunks : rest % cut->pixel_chunks;
  item.panel_chunk = cut->by_pixels ? rest % cut->panel_chunks : rest / cut->pixel_chunks;
  item.tile0 = vn_cut_tile(cut, item.pixel_chunk);
  item.tile1 = vn_cut_tile(cut, item.pixel_chunk + 1);
  item.panel0 = vn_cut_panel(cut, item.panel_chunk);
  item.panel1 = vn_cut_panel(cut, item.panel_chunk + 1);
  return item;
}
