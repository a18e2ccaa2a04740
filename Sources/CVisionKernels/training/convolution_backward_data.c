// The gradient of a convolution with respect to its input. For each residue of an input's position modulo the stride it is a
// convolution of stride 1 over the gradient of the output, with turned weights (see convolution_phases.h).
//
//   for each residue (v, h) of rows and columns modulo the stride
//     turn the weights of the taps that read inputs at such positions
//     gx at these positions = conv(g, turned weights)                        (the implicit im2col)
#include <string.h>

#include "convolution_phases.h"
#include "vn_winograd.h"

typedef struct clearing {
  const vn_conv *conv;
  vn_axis_phase v, h;
  int32_t top, left;
  float *gx;
} clearing;

static void clear_item(void *context, size_t index, int worker) {
  (void)worker;
  const clearing *c = context;
  const vn_conv *conv = c->conv;
  const int64_t image = (int64_t)(index / (size_t)c->v.count), row = (int64_t)(index % (size_t)c->v.count);
  float *gx = c->gx + image * conv->x_image + (row * conv->stride_h + c->top) * conv->x_row +
              c->left * conv->x_pixel;
  for (int32_t i = 0; i < c->h.count; i++)
    memset(gx + i * conv->stride_w * conv->x_pixel, 0, (size_t)conv->c * sizeof(float));
}

/// The convolution that computes the gradient for stride 1; for other strides, only its first phase.
static vn_conv first_phase(const vn_conv *conv) {
  return vn_phase_conv(conv, vn_rows_of_phase(conv, 0), vn_columns_of_phase(conv, 0));
}

bool vn_conv_backward_data_winograd_applies(const vn_conv *conv) {
  const vn_conv turned = first_phase(conv);
  return vn_winograd_applies_in_training(conv) && vn_winograd_applies_in_training(&turned);
}

bool vn_conv_backward_data_winograd_pays(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv turned = first_phase(conv);
  return vn_conv_backward_data_winograd_applies(conv) && vn_winograd_pays_in_training(k, &turned);
}

size_t vn_conv_backward_data_scratch_floats(const vn_kernels *k, const vn_conv *conv, bool winograd, int threads) {
  size_t packed = 0, rest = 0;
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      vn_axis_phase v = vn_rows_of_phase(conv, top);
      vn_axis_phase h = vn_columns_of_phase(conv, left);
      if (v.taps == 0 || h.taps == 0 || v.count == 0 || h.count == 0) continue;
      vn_conv phase = vn_phase_conv(conv, v, h);
      packed = vn_larger(packed, vn_conv_packed_floats(k, &phase));
      rest = vn_larger(rest, winograd ? vn_winograd_training_scratch_floats(k, &phase, threads)
                                      : vn_conv_run_normalizing_scratch_floats(k, &phase, threads));
    }
  return 32 + (packed + 15) / 16 * 16 + rest;
}

bool vn_conv_backward_data_normalizes_operand(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv turned = first_phase(conv);
  return turned.kh > 0 && turned.kw > 0 && turned.oh > 0 && turned.ow > 0 && vn_conv_normalizes_operand(k, &turned);
}

bool vn_conv_backward_data_sums_result(const vn_conv *conv) {
  const bool depthwise = conv->groups > 1 && conv->groups == conv->c && conv->groups == conv->o;
  const bool dense = conv->x_pixel == conv->c && conv->x_row == conv->w * conv->x_pixel &&
                     conv->x_image == conv->h * conv->x_row;
  if (!dense || conv->n == 0) return false;
  if (conv->stride_h == 1 && conv->stride_w == 1) return conv->groups == 1 || depthwise;
  // Every pixel of the result must be read by a tap.
  return depthwise && conv->dilation_h == 1 && conv->dilation_w == 1 && conv->kh >= conv->stride_h &&
         conv->kw >= conv->stride_w && conv->h >= conv->stride_h && conv->w >= conv->stride_w;
}

/// The number of chunks of all phases before one, in the order in which they are computed.
static size_t chunks_before(const vn_kernels *k, const vn_conv *conv, bool normalizes, int32_t end_top,
                            int32_t end_left) {
  size_t chunks = 0;
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      if (top == end_top && left == end_left) return chunks;
      const vn_axis_phase v = vn_rows_of_phase(conv, top);
      const vn_axis_phase h = vn_columns_of_phase(conv, left);
      const vn_conv phase = vn_phase_conv(conv, v, h);
      chunks += vn_conv_normalization_chunks(k, &phase, normalizes && top == 0 && left == 0);
    }
  return chunks;
}

size_t vn_conv_backward_data_normalization_chunks(const vn_kernels *k, const vn_conv *conv, bool normalizes) {
  return chunks_before(k, conv, normalizes, conv->stride_h, 0);
}

static void backward_data(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                          const float *g, const float *packed, const float *addend, float *gx, bool winograd,
                          float *scratch, vn_pool *pool);

void vn_conv_backward_data(const vn_kernels *k, const vn_conv *conv, const float *g, const float *packed,
                           const float *addend, float *gx, bool winograd, float *scratch, vn_pool *pool) {
  backward_data(k, conv, NULL, g, packed, addend, gx, winograd, scratch, pool);
}

void vn_conv_backward_data_normalizing(const vn_kernels *k, const vn_conv *conv,
                                       const vn_conv_normalization *normalization, const float *g,
                                       const float *packed, float *gx, float *scratch, vn_pool *pool) {
  backward_data(k, conv, normalization, g, packed, NULL, gx, false, scratch, pool);
}

/// One phase with its share of the normalizations: the first phase computes the operand, which the others read.
static void run_phase(const vn_kernels *k, const vn_conv *conv, const vn_conv *phase, int32_t top, int32_t left,
                      const vn_conv_normalization *normalization, const float *g, const float *turned,
                      const float *addend, float *gx, float *scratch, vn_pool *pool) {
  if (normalization == NULL) {
    vn_conv_run(k, phase, g, turned, NULL, addend, gx, scratch, pool);
    return;
  }
  const bool normalizes = normalization->source != NULL;
  vn_conv_normalization own = *normalization;
  if (top > 0 || left > 0) own.source = NULL;
  if (own.result_x) own.result_x += top * conv->x_row + left * conv->x_pixel;
  const vn_normalizing part = {.n = &own,
                               .first_chunk = chunks_before(k, conv, normalizes, top, left),
                               .chunks = vn_conv_backward_data_normalization_chunks(k, conv, normalizes)};
  vn_conv_run_with(k, phase, part, (vn_pairs){0}, g, turned, NULL, addend, gx, scratch, pool);
}

static void backward_data(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                          const float *g, const float *packed, const float *addend, float *gx, bool winograd,
                          float *scratch, vn_pool *pool) {
  if (conv->n == 0) return;
  float *turned = vn_align(scratch);
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      vn_axis_phase v = vn_rows_of_phase(conv, top);
      vn_axis_phase h = vn_columns_of_phase(conv, left);
      if (v.count == 0 || h.count == 0) continue;
      if (v.taps == 0 || h.taps == 0) {
        if (addend == gx) continue;
        clearing c = {.conv = conv, .v = v, .h = h, .top = top, .left = left, .gx = gx};
        vn_pool_run(pool, (size_t)conv->n * (size_t)v.count, clear_item, &c);
        continue;
      }
      vn_conv phase = vn_phase_conv(conv, v, h);
      const size_t floats = vn_conv_packed_floats(k, &phase);
      vn_turn_weights(k, conv, v, h, packed, turned, pool);
      const int64_t offset = top * conv->x_row + left * conv->x_pixel;
      const float *sum = addend ? addend + offset : NULL;
      float *rest = turned + (floats + 15) / 16 * 16;
      if (winograd)
        vn_winograd_training_run(k, &phase, g, turned, NULL, sum, gx + offset, rest, pool);
      else
        run_phase(k, conv, &phase, top, left, normalization, g, turned, sum, gx + offset, rest, pool);
    }
}
