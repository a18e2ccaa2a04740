// The loss of a detector without anchor boxes.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The most levels of a detector.
enum { vn_detection_levels = 8 };

/// The cells of a feature map.
typedef struct vn_detection_level {
  size_t rows, columns;
  double stride;  ///< in pixels of the input
} vn_detection_level;

/// What the fields mean stands at `DetectionLoss`.
typedef struct vn_detection_loss {
  size_t images, classes, bins, objects, top;
  double alpha, beta;
  bool varifocal;
  float negative_weight, gamma;
  float box, distribution;
  bool mean;
  size_t levels;
  vn_detection_level level[vn_detection_levels];
} vn_detection_loss;

/// Writes the loss where `value` is given, and its gradient times `factor` where `grad` is given. `raw` is N×A×(K + 4B),
/// `target` N×M×5. Returns the row of the first class that there is not, or −1.
int64_t vn_detection_loss_run(const vn_detection_loss *_Nonnull loss, const float *_Nonnull raw,
                              const float *_Nonnull target, float factor, float *_Nullable value,
                              float *_Nullable grad, float *_Nonnull scratch, vn_pool *_Nullable pool);
size_t vn_detection_loss_scratch_floats(const vn_detection_loss *_Nonnull loss);

#ifdef __cplusplus
}
#endif
