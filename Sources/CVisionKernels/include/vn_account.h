#pragma once
#include <stddef.h>

#include "vn_bfloat16.h"
#include "vn_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How a convolution reads its input.
typedef enum vn_conv_algorithm {
  VN_CONV_POINTWISE = 0,  ///< 1×1 of stride 1: a plain matrix product, pixels times packed weights
  VN_CONV_SHIFTED_ROWS,   ///< a matrix product that finds the pixels of each tap through pointers
  VN_CONV_MERGED_ROWS,    ///< the same; each row of the kernel is read as one run of pixels with few channels
  VN_CONV_DEPTHWISE,      ///< one row of outputs at a time, vectors over channels
} vn_conv_algorithm;

/// How `vn_conv_run` computes a convolution, for reports.
typedef struct vn_conv_account {
  vn_conv_algorithm algorithm;
  size_t tile_rows, tile_columns;  ///< pixels × channels that are summed at once; depthwise: 1 × channels of an item
  size_t depth;                    ///< the length of the sums
  size_t partial_sums;             ///< how many parts each sum is split into
  size_t items;                    ///< the number of items that are distributed over threads
} vn_conv_account;

vn_conv_account vn_conv_explain(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);
/// How `vn_bconv_run` computes a bfloat16 convolution; `depth` counts units of the form in which channel pairs are stored here.
vn_conv_account vn_bconv_explain(const vn_kernels *_Nonnull k, const vn_bconv *_Nonnull conv);

#ifdef __cplusplus
}
#endif
