// Batch normalization in parts: what convolutions do of it for their pixels.
#pragma once
#include "convolution_plan.h"

/// [chunks][3][channels] sums, sums of products and, for moments, what was subtracted before; then [chunks] counts of rows.
typedef struct vn_partial_sums {
  size_t channels, chunks;
  float *partials;
} vn_partial_sums;

/// Adds rows to a chunk's moments, for channels first_channel..<first_channel + width, at which x points; `first` for the
/// first rows of the chunk, from which what is subtracted follows.
void vn_add_moments(const vn_kernels *k, const vn_partial_sums *sums, size_t chunk, bool first, const float *x,
                    size_t rows, size_t pitch, size_t first_channel, size_t width);
/// Adds rows to a chunk's sums of gradients, for the channels of `gradient`.
void vn_add_gradients(const vn_kernels *k, const vn_partial_sums *sums, size_t chunk, bool first,
                      const vn_normalization *gradient, const float *g, const float *x, const float *y, size_t rows,
                      size_t first_channel);

/// `channels` from `factors` of all `of` channels.
static inline vn_normalization vn_normalization_of(const float *factors, size_t of, size_t first_channel,
                                                   size_t channels, size_t pitch, bool clamped, float low, float high) {
  const float *f = factors + first_channel;
  return (vn_normalization){.channels = channels, .pitch = pitch, .scale = f, .shift = f + of, .mean = f + 2 * of,
                            .slope = f + 3 * of, .offset = f + 4 * of, .clamped = clamped, .low = low, .high = high};
}

/// As `vn_conv_backward_weights`, of an operand that is computed from n->source where n is given.
size_t vn_depthwise_backward_weights_scratch_floats(const vn_conv *conv, bool normalizes, int threads);
void vn_depthwise_backward_weights(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n,
                                   const float *x, const float *g, float *packed, float *scratch, vn_pool *pool);
/// target = Σ of `parts` vectors of `count` floats, one after the other.
void vn_sum_parts(const vn_kernels *k, size_t count, size_t parts, const float *sums, float *target, vn_pool *pool);

/// The rows of the operand that a piece of work keeps, and the row of results.
size_t vn_depthwise_operand_floats(const vn_conv *conv);
size_t vn_depthwise_result_floats(const vn_conv *conv);
bool vn_depthwise_normalizes_operand(const vn_conv *conv, const vn_conv_plan *plan);

/// Whether a piece of work keeps its own copy of the operand for as long as it reads it: the operand goes past the caches, or
/// nowhere.
bool vn_operand_is_kept(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n);
/// Whether results, dense and not activated, are formed in memory of a piece of work's and go past the caches.
bool vn_streams_result(const vn_kernels *k, const vn_conv *conv, const float *y);
/// Whether so much had better go past the caches although the next step reads it.
bool vn_streams_far(const vn_kernels *k, const float *y, size_t channels, size_t pixels);
/// Computes some channels of some pixels of the operand, which has so many channels; `copy`, where it is given, gets the
/// same, and the operand goes past the caches, or nowhere. `fetches` as of `affine_clamp`.
void vn_normalize_operand(const vn_kernels *k, const vn_conv_normalization *n, bool fetches, size_t channels, size_t pixel,
                          size_t count, size_t first_channel, size_t width, float *copy);
/// Adds some channels of results y to a chunk's sums: `count` pixels, `pitch` floats apart, the first of them `offset` floats
/// behind the first of all.
void vn_sum_result(const vn_kernels *k, const vn_conv_normalization *n, size_t channels, size_t chunks, size_t chunk,
                   bool first, const float *y, size_t offset, size_t count, size_t pitch, size_t first_channel,
                   size_t width);
/// Results on their way past the caches: they are sent while the next ones are computed, so that neither waits for the other.
typedef struct vn_departure {
  const float *from;
  float *to;
  size_t channels, width;  ///< of all of a pixel's channels, those from the first on that are sent
  size_t pixels, sent;
  bool second;             ///< which of two places they lie in
} vn_departure;

/// Sends pixels up to one.
void vn_send(const vn_kernels *k, vn_departure *departure, size_t pixel);
/// Writes some channels of `count` dense pixels past the caches, see `vn_streams`; channels are a multiple of 16.
void vn_stream_pixels(const vn_kernels *k, size_t channels, size_t count, size_t width, const float *from, float *to);
