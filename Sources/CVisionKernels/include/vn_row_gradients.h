#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The gradient of softmax along `count` of outer × count × inner, y · (g − Σ g·y), or of its logarithm, g − e^y · Σ g; y is the
/// result of the function. gx may be g or y.
void vn_softmax_gradient(const vn_kernels *_Nonnull k, bool logarithm, size_t outer, size_t count, size_t inner,
                         const float *_Nonnull g, const float *_Nonnull y, float *_Nonnull gx, vn_pool *_Nullable pool);

/// The gradients of the normalization of rows in vn_rows.h with respect to x and scale; gx may be g or x. Sums over rows are cut by shape.
size_t vn_row_normalization_gradient_scratch_floats(size_t rows, size_t columns);
void vn_row_normalization_gradient(const vn_kernels *_Nonnull k, size_t rows, size_t columns, float epsilon,
                            const float *_Nonnull g, const float *_Nonnull x, const float *_Nonnull scale,
                            float *_Nonnull gx, float *_Nonnull gscale, float *_Nonnull scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
