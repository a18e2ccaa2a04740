#pragma once
#include <stdbool.h>

#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One row times a constant matrix whose weights are stored input by input. The weights of inputs that are zero, as many are
/// after a ReLU, are not read: where weights come from memory, reading them takes nearly all of the time.
///
/// Products are summed in the order of the inputs, in parts that do not depend on which inputs are zero. Zero times a weight
/// that is not finite is NaN, as it is elsewhere: where there is such a weight, no input is left out.

/// Whether the weights are so large that they come from memory.
bool vn_dense_pays(size_t inputs, size_t outputs);
/// Floats that the packed weights take.
size_t vn_dense_packed_floats(size_t inputs, size_t outputs);
/// Packs the weights [count, inputs] of outputs first..<first + count; `first` is a multiple of 64, and so is `count` except
/// for the last outputs.
void vn_dense_pack(const vn_kernels *_Nonnull k, size_t inputs, size_t outputs, size_t first, size_t count,
                   const float *_Nonnull rows, float *_Nonnull packed);
/// Floats of scratch that `vn_dense_run` needs with a pool of `threads`.
size_t vn_dense_scratch_floats(size_t inputs, size_t outputs, int threads);
/// y[outputs] = x[inputs] · weights + bias.
void vn_dense_run(const vn_kernels *_Nonnull k, size_t inputs, size_t outputs, const float *_Nonnull x,
                  const float *_Nonnull packed, const float *_Nullable bias, float *_Nonnull y,
                  float *_Nonnull scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
