#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Losses that compare each element of a prediction p with that of a target t.
typedef enum vn_loss_kind {
  VN_LOSS_SQUARE,    ///< (p − t)²
  VN_LOSS_ABSOLUTE,  ///< |p − t|
  VN_LOSS_HUBER,     ///< ½(p − t)² up to a distance of `parameter`, linear beyond
  VN_LOSS_BINARY,    ///< binary cross-entropy of logits, with `parameter` of label smoothing; weights are those of t only
} vn_loss_kind;

typedef struct vn_elementwise_loss {
  vn_loss_kind kind;
  double parameter;
  size_t count;
  size_t weights;  ///< how many weights there are, repeated from element to element; 0 for none
  bool mean;
} vn_elementwise_loss;

size_t vn_elementwise_loss_scratch_floats(const vn_elementwise_loss *_Nonnull loss);
/// The sum, or the mean, of the losses; sums are cut by shape. In double precision.
float vn_elementwise_loss_value(const vn_elementwise_loss *_Nonnull loss, const float *_Nonnull p, const float *_Nonnull t,
                                const float *_Nullable weights, float *_Nonnull scratch, vn_pool *_Nullable pool);
/// Its gradient with respect to p, times `factor`; gp may be p or t.
void vn_elementwise_loss_gradient(const vn_elementwise_loss *_Nonnull loss, float factor, const float *_Nonnull p,
                                  const float *_Nonnull t, const float *_Nullable weights, float *_Nonnull gp,
                                  vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
