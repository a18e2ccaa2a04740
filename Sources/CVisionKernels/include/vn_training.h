#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_convolution.h"
#include "vn_elementwise.h"
#include "vn_pooling.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The gradient gx of a convolution with respect to its input. `conv` describes the forward convolution: x's extents and
/// strides are those of gx, y's those of g; `packed` are its weights. A group's channels are contiguous.
/// gx is overwritten; with `addend`, which has the strides of gx and may be gx itself, the sum of both is written. `winograd`
/// selects Winograd's algorithm, see vn_winograd.h, where it applies.
size_t vn_conv_backward_data_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, bool winograd,
                                            int threads);
void vn_conv_backward_data(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull g,
                           const float *_Nonnull packed, const float *_Nullable addend, float *_Nonnull gx,
                           bool winograd, float *_Nullable scratch, vn_pool *_Nullable pool);
bool vn_conv_backward_data_winograd_applies(const vn_conv *_Nonnull conv);
bool vn_conv_backward_data_winograd_pays(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv);

/// The gradient of a convolution with respect to its weights, in the order of the packed weights, with zeros where these
/// are padded.
size_t vn_conv_backward_weights_scratch_floats(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv,
                                               int threads);
void vn_conv_backward_weights(const vn_kernels *_Nonnull k, const vn_conv *_Nonnull conv, const float *_Nonnull x,
                              const float *_Nonnull g, float *_Nonnull packed, float *_Nullable scratch,
                              vn_pool *_Nullable pool);

/// One batch normalization over dense rows of channels: y = clamp(scale · (x − mean) / √(variance + epsilon) + bias +
/// residual). Without bounds low is −∞ and high ∞.
typedef struct vn_batch_norm {
  size_t rows, channels;
  float epsilon, low, high;
  bool of_batch;  ///< whether mean and variance are computed from the rows
} vn_batch_norm;

/// Memory that a normalization shares with the convolutions before and after it, see vn_normalizing.h; NULL for none.
typedef struct vn_batch_norm_sharing {
  float *_Nullable partials;  ///< sums over `chunks` parts, from the convolution before
  size_t chunks;
  /// Room for `vn_batch_norm_factor_floats`, written for the convolution that computes the result instead of this.
  float *_Nullable factors;
} vn_batch_norm_sharing;

size_t vn_batch_norm_factor_floats(size_t channels);
/// Writes scale and shift of y = x · scale + shift, and the mean: [3][channels], the first of the factors.
void vn_batch_norm_factors(const vn_batch_norm *_Nonnull norm, const float *_Nonnull scale, const float *_Nonnull bias,
                           const float *_Nonnull mean, const float *_Nonnull variance, float *_Nonnull factors);
size_t vn_batch_norm_scratch_floats(const vn_batch_norm *_Nonnull norm);
/// Writes y. Mean and (biased) variance are written where `of_batch`, otherwise read. y may be x or the residual.
void vn_batch_norm_forward(const vn_kernels *_Nonnull k, const vn_batch_norm *_Nonnull norm,
                           const float *_Nonnull x, const float *_Nonnull scale, const float *_Nonnull bias,
                           const float *_Nullable residual, float *_Nonnull mean, float *_Nonnull variance,
                           float *_Nonnull y, const vn_batch_norm_sharing *_Nonnull sharing,
                           float *_Nullable scratch, vn_pool *_Nullable pool);
/// The gradients gx, gscale, gbias and, if not NULL, gresidual. `y` is the result of the forward pass, read where there are
/// bounds; if it is NULL it is recomputed, which is possible only without a residual. gx or gresidual may be g.
void vn_batch_norm_backward(const vn_kernels *_Nonnull k, const vn_batch_norm *_Nonnull norm,
                            const float *_Nonnull g, const float *_Nonnull x, const float *_Nullable y,
                            const float *_Nonnull scale, const float *_Nonnull bias, const float *_Nonnull mean,
                            const float *_Nonnull variance, float *_Nonnull gx, float *_Nonnull gscale,
                            float *_Nonnull gbias, float *_Nullable gresidual,
                            const vn_batch_norm_sharing *_Nonnull sharing, float *_Nullable scratch,
                            vn_pool *_Nullable pool);

/// y[c] = Σ of x over dense rows of channels.
size_t vn_column_sums_scratch_floats(size_t rows, size_t channels);
void vn_column_sums(const vn_kernels *_Nonnull k, size_t rows, size_t channels, const float *_Nonnull x,
                    float *_Nonnull y, float *_Nullable scratch, vn_pool *_Nullable pool);

/// Whether `vn_unary_gradient` supports a function.
bool vn_has_unary_gradient(vn_unary_op op);
/// y[i] = g[i] · f′(v[i]), where v holds the results of f for ReLU, sigmoid, tanh and exp, else its arguments; y may be g or v.
void vn_unary_gradient(const vn_kernels *_Nonnull k, vn_unary_op op, float a, float b, size_t count,
                       const float *_Nonnull g, const float *_Nonnull v, float *_Nonnull y,
                       vn_pool *_Nullable pool);

/// The gradient of `vn_max_pool`: each g is added to the first of the window's largest elements. `window` describes the
/// pooling; gx has the strides of x, and g those of y.
void vn_max_pool_backward(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window, const float *_Nonnull g,
                          const float *_Nonnull x, float *_Nonnull gx, float *_Nonnull scratch,
                          vn_pool *_Nullable pool);
/// The gradient of `vn_average_pool`.
void vn_average_pool_backward(const vn_kernels *_Nonnull k, const vn_window *_Nonnull window,
                              const float *_Nonnull g, float *_Nonnull gx, float *_Nonnull scratch,
                              vn_pool *_Nullable pool);
size_t vn_pool_backward_scratch_floats(const vn_window *_Nonnull window, int threads);

/// Dropout of samples of `length` elements: see `DropoutTraining`.
typedef struct vn_dropout {
  size_t samples, length;
  uint32_t site;
  double ratio;  ///< 0...1, the fraction of elements that become 0
} vn_dropout;

/// `keys`: seed, epoch and number of each sample; y may be x.
void vn_dropout_run(const vn_dropout *_Nonnull dropout, const int64_t *_Nonnull keys, const float *_Nonnull x,
                    float *_Nonnull y, vn_pool *_Nullable pool);

/// The cross-entropy of rows of logits against classes (labels) or probabilities. Rows whose label is `ignored` do not count.
typedef struct vn_cross_entropy {
  size_t rows, classes;
  float smoothing;
  bool has_ignored;
  int64_t ignored;
  bool mean;
} vn_cross_entropy;

/// Writes the loss, and its gradient times `factor` where `grad` is given. Returns the row of the first label that is not a
/// class, or −1. Exactly one of labels and targets is given; weights may be NULL. The scratch has
/// `vn_cross_entropy_scratch_floats` floats.
int64_t vn_softmax_cross_entropy(const vn_kernels *_Nonnull k, const vn_cross_entropy *_Nonnull loss,
                                 const float *_Nonnull logits, const int64_t *_Nullable labels,
                                 const float *_Nullable targets, const float *_Nullable weights,
                                 float factor, float *_Nullable value, float *_Nullable grad,
                                 float *_Nonnull scratch, vn_pool *_Nullable pool);
size_t vn_cross_entropy_scratch_floats(const vn_cross_entropy *_Nonnull loss, int threads);

#ifdef __cplusplus
}
#endif
