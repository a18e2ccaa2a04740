// Convolutions of floats and bfloat16 in the layout of pixels, and their gradients.
#include "replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// The convolution, x, weights, bias and residual of a case.
typedef struct operands {
  const vn_conv *conv;
  const float *x, *weights, *bias, *residual;
} operands;

static operands operands_of(const test_case *t) {
  return (operands){given(t, 0, sizeof(vn_conv)), given(t, 1, 0), given(t, 2, 0), given_or_null(t, 3), given_or_null(t, 4)};
}

static size_t outputs_of(const vn_conv *conv) { return (size_t)conv->y_image * (size_t)conv->n; }

static float *packed_weights(const machine *m, operands o) {
  float *packed = new_scratch(vn_conv_packed_floats(m->k, o.conv));
  vn_conv_pack(m->k, o.conv, o.weights, packed);
  return packed;
}

static result convolution(const test_case *t, const machine *m) {
  const operands o = operands_of(t);
  float *packed = packed_weights(m, o), *scratch = new_scratch(vn_conv_scratch_floats(m->k, o.conv, m->threads));
  float *y = new_floats(outputs_of(o.conv), 77);
  vn_conv_run(m->k, o.conv, o.x, packed, o.bias, o.residual, y, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(y, outputs_of(o.conv));
}

static result grouped(const test_case *t, const machine *m) {
  const operands o = operands_of(t);
  if (!vn_grouped_applies(m->k, o.conv)) return (result){NULL, 0};
  float *packed = new_scratch(vn_grouped_packed_floats(m->k, o.conv));
  vn_grouped_pack(m->k, o.conv, o.weights, packed);
  float *scratch = new_scratch(vn_grouped_scratch_floats(m->k, o.conv, m->threads));
  float *y = new_floats(outputs_of(o.conv), 77);
  vn_grouped_run(m->k, o.conv, o.x, packed, o.bias, o.residual, y, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(y, outputs_of(o.conv));
}

static result winograd(const test_case *t, const machine *m) {
  const operands o = operands_of(t);
  float *packed = new_scratch(vn_winograd_packed_floats(m->k, o.conv));
  const size_t row = (size_t)o.conv->c * (size_t)o.conv->kh * (size_t)o.conv->kw, outputs = (size_t)o.conv->o;
  for (size_t first = 0; first < outputs; first += 64)
    vn_winograd_pack(m->k, o.conv, first, outputs - first < 64 ? outputs - first : 64, o.weights + first * row, packed);
  float *scratch = new_scratch(vn_winograd_scratch_floats(m->k, o.conv, m->threads));
  float *y = new_floats(outputs_of(o.conv), 77);
  vn_winograd_run(m->k, o.conv, o.x, packed, o.bias, o.residual, y, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(y, outputs_of(o.conv));
}

static result bfloat16_of(const operands o, const machine *m, bool avoids) {
  vn_bconv b = {.conv = *o.conv, .avoids_dot_products = avoids};
  float *packed = new_floats(vn_bconv_packed_floats(m->k, &b), 0);
  float *rows = new_scratch((size_t)o.conv->o * vn_bconv_row_floats(m->k, &b));
  vn_bconv_pack(m->k, &b, o.weights, rows, packed);
  float *scratch = new_scratch(vn_bconv_scratch_floats(m->k, &b, m->threads));
  float *y = new_floats(outputs_of(o.conv), 77);
  vn_bconv_run(m->k, &b, o.x, packed, o.bias, o.residual, y, scratch, m->pool);
  free(packed), free(rows), free(scratch);
  return floats_result(y, outputs_of(o.conv));
}

/// Instructions for products of bfloat16 change no bit: where they do, all is NaN.
static result bfloat16(const test_case *t, const machine *m) {
  const operands o = operands_of(t);
  result with = bfloat16_of(o, m, false), without = bfloat16_of(o, m, true);
  if (memcmp(with.data, without.data, with.bytes) != 0)
    for (size_t i = 0; i < outputs_of(o.conv); i++) ((float *)with.data)[i] = NAN;
  free(without.data);
  return with;
}

static result bfloat16_maximum(const test_case *t, const machine *m) {
  const vn_window *w = given(t, 0, sizeof *w);
  const size_t words = (size_t)t->expected.bytes / sizeof(uint32_t);
  uint32_t *y = (uint32_t *)new_floats(words, 0);
  for (size_t i = 0; i < words; i++) y[i] = 0x12341234;
  vn_bmax_pool(m->k, w, given(t, 1, 0), y, m->pool);
  return (result){y, words * sizeof(uint32_t)};
}

static result training_forward(const test_case *t, const machine *m) {
  const operands o = operands_of(t);
  float *packed = packed_weights(m, o);
  float *scratch = new_scratch(vn_winograd_training_scratch_floats(m->k, o.conv, m->threads));
  float *y = new_floats(outputs_of(o.conv), 77);
  vn_winograd_training_run(m->k, o.conv, o.x, packed, o.bias, o.residual, y, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(y, outputs_of(o.conv));
}

static result weights_gradient(const test_case *t, const machine *m, bool is_winograd) {
  const operands o = operands_of(t);
  const float *g = given(t, 5, 0);
  float *packed = new_scratch(vn_conv_packed_floats(m->k, o.conv));
  float *scratch = new_scratch(is_winograd ? vn_winograd_backward_weights_scratch_floats(m->k, o.conv, m->threads)
                                           : vn_conv_backward_weights_scratch_floats(m->k, o.conv, m->threads));
  if (is_winograd) vn_winograd_backward_weights(m->k, o.conv, o.x, g, packed, scratch, m->pool);
  else vn_conv_backward_weights(m->k, o.conv, o.x, g, packed, scratch, m->pool);
  float *y = new_scratch(expected_count(t));
  vn_conv_unpack(m->k, o.conv, packed, y);
  free(packed), free(scratch);
  return floats_result(y, expected_count(t));
}

static result winograd_weights(const test_case *t, const machine *m) { return weights_gradient(t, m, true); }
static result direct_weights(const test_case *t, const machine *m) { return weights_gradient(t, m, false); }

static result input_gradient(const test_case *t, const machine *m, bool is_winograd) {
  const operands o = operands_of(t);
  float *packed = packed_weights(m, o);
  float *scratch = new_scratch(vn_conv_backward_data_scratch_floats(m->k, o.conv, is_winograd, m->threads));
  float *gx = new_floats(expected_count(t), 77);
  vn_conv_backward_data(m->k, o.conv, given(t, 5, 0), packed, NULL, gx, is_winograd, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(gx, expected_count(t));
}

static result winograd_input(const test_case *t, const machine *m) { return input_gradient(t, m, true); }
static result direct_input(const test_case *t, const machine *m) { return input_gradient(t, m, false); }

const replayed_function replayed_convolutions[] = {
    {"convolution", convolution},
    {"grouped", grouped},
    {"winograd", winograd},
    {"bfloat16", bfloat16},
    {"bfloat16.maximum", bfloat16_maximum},
    {"training.forward", training_forward},
    {"training.weights", winograd_weights},
    {"training.input", winograd_input},
    {"direct.weights", direct_weights},
    {"direct.input", direct_input},
    {NULL, NULL},
};
