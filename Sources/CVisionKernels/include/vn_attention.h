#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Attention: y = softmax(scale · q · kᵀ + bias + mask) · v for a number of heads of equal extents. Strides are in floats.
typedef struct vn_attention {
  size_t heads, queries, keys, depth, width;  ///< all at least 1
  int64_t q_row;             ///< from query to query; the numbers of a query are contiguous
  int64_t k_row, k_column;   ///< from key to key, and from number to number of a key; one of them is 1
  int64_t v_row, y_row;      ///< from value to value, and from result to result; their numbers are contiguous
  /// From query to query, and from key to key, which is 0 or 1; without meaning where there is no bias or mask.
  int64_t bias_row, bias_column, mask_row, mask_column;
  float scale;
  bool zeros_for_nan;        ///< whether a query without a softmax, all of whose scores are −∞, gives zeros
} vn_attention;

/// Where the operands and the result of one head begin, in floats.
typedef struct vn_attention_head {
  int64_t q, k, v, y, bias, mask;
} vn_attention_head;

/// Floats of scratch that `vn_attention_run` needs with a pool of `threads`.
size_t vn_attention_scratch_floats(const vn_kernels *_Nonnull k, const vn_attention *_Nonnull attention, int threads);
/// Computes all heads; y must not overlap the operands.
void vn_attention_run(const vn_kernels *_Nonnull k, const vn_attention *_Nonnull attention,
                      const vn_attention_head *_Nonnull heads, const float *_Nonnull query, const float *_Nonnull key,
                      const float *_Nonnull value, const float *_Nullable bias, const float *_Nullable mask,
                      float *_Nonnull y, float *_Nonnull scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
