// How a matrix product is cut into items. In the terms of BLIS: a tile has MR rows and a panel NR columns; an item has MC rows,
// a number of tiles, and NC columns, a number of panels.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vn_cut {
  size_t pixels, tiles, panels;       ///< of one group
  size_t pixel_chunks, panel_chunks;  ///< an item is one of each
  bool by_pixels;                     ///< neighboring items share pixels, not weights
} vn_cut;

/// The desired sizes of items.
typedef struct vn_cutting {
  double item_work;   ///< the work of an item: much more than the cost of claiming it
  double panel_tile;  ///< the work of one tile and one panel
  double panel_load;  ///< the cost of loading a panel
  double finest;      ///< the least fraction of `item_work` that an item may have, so that there are enough items
  size_t most_tiles;
  bool cached;        ///< whether all weights stay in the second-level cache from tile to tile
  bool large_panels;  ///< whether one panel is larger than the first-level cache, so that each tile loads it anew
} vn_cutting;

/// Cuts `pixels` into tiles of `rows`, and tiles and panels into items. Nothing depends on the number of threads.
vn_cut vn_cut_make(size_t pixels, size_t rows, size_t panels, size_t outputs, const vn_cutting *_Nonnull how);

/// Which part of the work an item is.
typedef struct vn_cut_item {
  size_t group, pixel_chunk, panel_chunk;
  size_t tile0, tile1, panel0, panel1;
} vn_cut_item;

vn_cut_item vn_cut_item_at(const vn_cut *_Nonnull cut, size_t index);

/// The first pixel of a tile: tiles are about equally long.
static inline size_t vn_cut_tile_start(const vn_cut *_Nonnull cut, size_t tile) { return tile * cut->pixels / cut->tiles; }
/// The first tile, and the first panel, of a chunk.
static inline size_t vn_cut_tile(const vn_cut *_Nonnull cut, size_t chunk) { return chunk * cut->tiles / cut->pixel_chunks; }
static inline size_t vn_cut_panel(const vn_cut *_Nonnull cut, size_t chunk) { return chunk * cut->panels / cut->panel_chunks; }
/// The most tiles that an item has.
static inline size_t vn_cut_most_tiles(const vn_cut *_Nonnull cut) {
  return (cut->tiles + cut->pixel_chunks - 1) / cut->pixel_chunks;
}
/// The items of one group.
static inline size_t vn_cut_items(const vn_cut *_Nonnull cut) { return cut->pixel_chunks * cut->panel_chunks; }

#ifdef __cplusplus
}
#endif
