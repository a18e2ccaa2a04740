// The parts of batch normalization that convolutions compute, see vn_normalizing.h.
#include "../shared/normalizing.h"

enum { shift_rows = 16 };

size_t vn_normalization_partial_floats(size_t chunks, size_t channels) { return chunks * (3 * channels + 1); }

static void count_rows(const vn_partial_sums *sums, size_t chunk, bool first, size_t rows, size_t first_channel) {
  if (first_channel > 0) return;
  float *count = sums->partials + 3 * sums->chunks * sums->channels + chunk;
  *count = (first ? 0 : *count) + (float)rows;
}

/// Sums differences from the mean of the chunk's first rows, so that the squares stay small.
void vn_add_moments(const vn_kernels *k, const vn_partial_sums *sums, size_t chunk, bool first, const float *x,
                    size_t rows, size_t pitch, size_t first_channel, size_t width) {
  const size_t channels = sums->channels;
  float *own = sums->partials + 3 * chunk * channels + first_channel, *shift = own + 2 * channels;
  count_rows(sums, chunk, first, rows, first_channel);
  if (first) {
    const size_t count = vn_smaller(shift_rows, rows);
    for (size_t i = 0; i < count; i++) k->accumulate(VN_SUM, i == 0, width, x + i * pitch, shift);
    k->unary(VN_AFFINE, 1 / (float)count, 0, width, shift, shift);
  }
  k->moments(first, rows, width, x, (int64_t)pitch, shift, own, own + channels);
}

void vn_add_gradients(const vn_kernels *k, const vn_partial_sums *sums, size_t chunk, bool first,
                      const vn_normalization *gradient, const float *g, const float *x, const float *y, size_t rows,
                      size_t first_channel) {
  float *own = sums->partials + 3 * chunk * sums->channels + first_channel;
  count_rows(sums, chunk, first, rows, first_channel);
  k->normalization_sums(gradient, first, rows, g, x, y, own, own + sums->channels);
}

bool vn_operand_is_kept(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *n) {
  return n && n->source && !n->source_x &&
         (n->operand == NULL || vn_streams(k, n->operand, (size_t)conv->c, (size_t)conv->n * (size_t)conv->h * (size_t)conv->w));
}

bool vn_streams_far(const vn_kernels *k, const float *y, size_t channels, size_t pixels) {
  // A smaller tensor is often still in the last-level cache when the next step reads it.
  const size_t least_floats = (size_t)(16 << 20) / sizeof(float);
  return channels * pixels >= least_floats && vn_streams(k, y, channels, pixels);
}

bool vn_streams_result(const vn_kernels *k, const vn_conv *conv, const float *y) {
  return conv->activation == VN_IDENTITY && conv->y_pixel == conv->o && conv->y_row == conv->ow * conv->y_pixel &&
         conv->y_image == conv->oh * conv->y_row &&
         vn_streams_far(k, y, (size_t)conv->o, (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow);
}

void vn_normalize_operand(const vn_kernels *k, const vn_conv_normalization *n, bool fetches, size_t channels, size_t pixel,
                          size_t count, size_t first_channel, size_t width, float *copy) {
  const size_t at = pixel * channels + first_channel;
  if (n->source_x == NULL) {
    const float *scale = n->source_factors + first_channel;
    float *operand = n->operand ? n->operand + at : NULL;
    if (copy == NULL && operand == NULL) return;
    k->affine_clamp(fetches, count, width, channels, n->source + at, scale, scale + channels, NULL, n->source_low,
                    n->source_high, copy ? copy : operand, copy ? operand : NULL);
    if (copy && operand) vn_end_stream();
    return;
  }
  const vn_normalization r = vn_normalization_of(n->source_factors, channels, first_channel, width, channels,
                                                 n->source_clamped, n->source_low, n->source_high);
  k->normalization_gradient(&r, fetches, count, n->source + at, n->source_x + at, NULL, n->operand + at, NULL);
}

void vn_sum_result(const vn_kernels *k, const vn_conv_normalization *n, size_t channels, size_t chunks, size_t chunk,
                   bool first, const float *y, size_t offset, size_t count, size_t pitch, size_t first_channel,
                   size_t width) {
  const vn_partial_sums sums = {.channels = channels, .chunks = chunks, .partials = n->partials};
  if (n->result_x == NULL) {
    vn_add_moments(k, &sums, chunk, first, y, count, pitch, first_channel, width);
    return;
  }
  const vn_normalization r = vn_normalization_of(n->result_factors, channels, first_channel, width, pitch,
                                                 n->result_clamped, n->result_low, n->result_high);
  vn_add_gradients(k, &sums, chunk, first, &r, y, n->result_x + offset, NULL, count, first_channel);
}

void vn_stream_pixels(const vn_kernels *k, size_t channels, size_t count, size_t width, const float *from, float *to) {
  if (width == channels) k->stream(count * channels, from, to);
  else for (size_t i = 0; i < count; i++) k->stream(width, from + i * channels, to + i * channels);
}

void vn_send(const vn_kernels *k, vn_departure *departure, size_t pixel) {
  if (pixel <= departure->sent) return;
  const size_t at = departure->sent * departure->channels;
  vn_stream_pixels(k, departure->channels, pixel - departure->sent, departure->width, departure->from + at,
                   departure->to + at);
  departure->sent = pixel;
}
