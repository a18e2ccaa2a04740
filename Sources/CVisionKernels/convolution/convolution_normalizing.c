// Convolutions that compute parts of the neighboring batch normalizations, see vn_normalizing.h: which ones can, and the calls.
#include "../shared/normalizing.h"

bool vn_conv_normalizes_operand(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) return vn_depthwise_normalizes_operand(conv, &plan);
  return plan.dense_input && conv->groups == 1 && conv->x_pixel == conv->c && plan.cut.panel_chunks == 1 &&
         plan.cut.pixel_chunks > 0;
}

bool vn_conv_sums_result(const vn_conv *conv) {
  return (conv->groups == 1 || conv->groups == conv->c) && conv->activation == VN_IDENTITY && conv->y_pixel == conv->o &&
         conv->y_row == conv->ow * conv->y_pixel && conv->y_image == conv->oh * conv->y_row &&
         (conv->groups == 1 || conv->c == conv->o) && conv->n > 0 && conv->oh > 0 && conv->ow > 0;
}

size_t vn_conv_normalization_chunks(const vn_kernels *k, const vn_conv *conv, bool normalizes) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  return plan.depthwise ? normalizes ? (size_t)conv->n : plan.row_chunks : plan.cut.pixel_chunks;
}

void vn_conv_run_normalizing(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                             const float *x, const float *packed, float *y, float *scratch, vn_pool *pool) {
  const vn_normalizing all = {.n = normalization,
                              .chunks = vn_conv_normalization_chunks(k, conv, normalization->source != NULL)};
  vn_conv_run_with(k, conv, all, (vn_pairs){0}, x, packed, NULL, NULL, y, scratch, pool);
}
