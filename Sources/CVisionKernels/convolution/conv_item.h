// An item of the implicit im2col: some tiles of pixels times some panels of outputs.
#pragma once
#include "../shared/normalizing.h"

typedef struct conv_run {
  const vn_kernels *k;
  const vn_conv *conv;
  const vn_conv_plan *plan;
  const float *x, *packed, *bias, *residual;
  float *y, *workers;
  float low, high;
  bool clamped;  ///< whether the activation is a clamp, which the micro-kernel applies
  const vn_pool *pool;
  size_t items;
  vn_conv_reader reader;
  vn_normalizing normalizing;
  vn_pairs pairs;
  void (*const (*micro_kernels)[2])(const vn_tile *);
  bool keeps;    ///< whether an item keeps its own copy of the operand
  bool streams;  ///< whether an item forms its results in its own memory, from which non-temporal stores write them
  size_t worker_floats;
} conv_run;

/// The state of an item that is being computed.
typedef struct conv_item {
  const conv_run *r;
  vn_cut_item at;
  size_t index;
  int worker;
  size_t pixel0, pixel1, tiles;
  const float *x;          ///< the operand: that of the run, or a normalized copy
  float *results;          ///< the result, or where it would begin if it contained the item's own results
  float *own;              ///< the item's own results, or NULL
  vn_departure *leaving;   ///< the results of this worker's previous item, which are written meanwhile, or NULL
  const float **rows;      ///< [tiles][taps][MR]
  float **y;               ///< [tiles][MR]
  const float **residual;  ///< [tiles][MR]
  uint8_t *live;           ///< [tiles][taps] whether a tap reads anything but zeros, or NULL
  float *sums;             ///< [tiles][MR][NR] partial sums, or NULL
  uint8_t counts[vn_most_tiles];  ///< pixels of each tile
} conv_item;
