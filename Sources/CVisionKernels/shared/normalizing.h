// The parts of batch normalization that convolutions compute for their pixels.
#pragma once
#include "convolution_plan.h"

/// [chunks][3][channels]: sums, sums of products and, for moments, the shift subtracted beforehand; then [chunks] row counts.
typedef struct vn_partial_sums {
  size_t channels, chunks;
  float *partials;
} vn_partial_sums;

/// Adds rows to a chunk's moments, for channels first_channel..<first_channel + width; x points to the first of these.
/// `first` marks the first rows of the chunk, which determine the shift.
void vn_add_moments(const vn_kernels *k, const vn_partial_sums *sums, size_t chunk, bool first, const float *x,
                    size_t rows, size_t pitch, size_t first_channel, size_t width);
/// Adds rows to a chunk's sums of gradients, for the channels of `gradient`.
void vn_add_gradients(const vn_kernels *k, const vn_partial_sums *sums, size_t chunk, bool first,
                      const vn_normalization *gradient, const float *g, const float *x, const float *y, size_t rows,
                      size_t first_channel);

/// The normalization of `channels` channels, from the `factors` of all `of` channels.
static inline vn_normalization vn_normalization_of(const float *factors, size_t of, size_t first_channel,
                                                   size_t channels, size_t pitch, bool clamped, float low, float high) {
  const float *f = factors + first_channel;
  return (vn_normalization){.channels = channels, .pitch = pitch, .scale = f, .shift = f + of, .mean = f + 2 * of,
                            .slope = f + 3 * of, .offset = f + 4 * of, .clamped = clamped, .low = low, .high = high};
}

/// Like `vn_conv_backward_weights`; where n is given, the operand is computed from n->source.
size_t vn_depthwise_backward_weights_scratch_floats(const vn_conv *conv, bool normalizes, int threads);
void vn_depthwise_backward_weights(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n,
                                   const float *x, const float *g, float *packed, float *scratch, vn_pool *pool);
/// target = Σ of `parts` vectors of `count` floats, one after the other.
void vn_sum_parts(const vn_kernels *k, size_t count, size_t parts, const float *sums, float *target, vn_pool *pool);

/// Floats of the operand rows, and of the row of results, that an item keeps.
size_t vn_depthwise_operand_floats(const vn_conv *conv);
size_t vn_depthwise_result_floats(const vn_conv *conv);
bool vn_depthwise_normalizes_operand(const vn_conv *conv, const vn_conv_plan *plan);

/// Whether an item keeps its own copy of the operand while it reads it, because the operand is written with non-temporal
/// stores or not at all.
bool vn_operand_is_kept(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n);
/// Whether results, dense and not activated, are formed in an item's own memory and then written with non-temporal stores.
bool vn_streams_result(const vn_kernels *k, const vn_conv *conv, const float *y);
/// Whether a tensor is so large that non-temporal stores are better although the next step reads it.
bool vn_streams_far(const vn_kernels *k, const float *y, size_t channels, size_t pixels);
/// Computes `width` channels of `count` pixels of the operand, which has `channels` channels. If `copy` is given it receives
/// them, and the operand is written with non-temporal stores or not at all. `fetches` is that of `affine_clamp`.
void vn_normalize_operand(const vn_kernels *k, const vn_conv_normalization *n, bool fetches, size_t channels, size_t pixel,
                          size_t count, size_t first_channel, size_t width, float *copy);
/// Adds some channels of the results y to a chunk's sums: `count` pixels, `pitch` floats apart, beginning `offset` floats after
/// the tensor's first.
void vn_sum_result(const vn_kernels *k, const vn_conv_normalization *n, size_t channels, size_t chunks, size_t chunk,
                   bool first, const float *y, size_t offset, size_t count, size_t pitch, size_t first_channel,
                   size_t width);
/// Results to be written with non-temporal stores while the next ones are computed, so that neither waits for the other.
typedef struct vn_departure {
  const float *from;
  float *to;
  size_t channels, width;  ///< all channels of a pixel, and how many of them are written
  size_t pixels, sent;
  bool second;             ///< whether they are in the second of two buffers
} vn_departure;

/// Writes all pixels before `pixel` that are not written yet.
void vn_send(const vn_kernels *k, vn_departure *departure, size_t pixel);
/// Writes some channels of `count` dense pixels with non-temporal stores, see `vn_streams`; channels are a multiple of 16.
void vn_stream_pixels(const vn_kernels *k, size_t channels, size_t count, size_t width, const float *from, float *to);
