// Normalizations, gradients, recurrent layers and chains.
#include "replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static result group_norm(const test_case *t, const machine *m) {
  const size_t bytes = given_bytes(t, 1);
  float *y = new_scratch(bytes / sizeof(float));
  vn_group_norm(m->k, (size_t)number(t, 0, 0), (size_t)number(t, 0, 1), (size_t)number(t, 0, 2), (size_t)number(t, 0, 3),
                1e-5f, given(t, 1, bytes), given(t, 2, 0), given(t, 3, 0), y, m->pool);
  return (result){y, bytes};
}

static result rms_norm(const test_case *t, const machine *m) {
  const size_t bytes = given_bytes(t, 1);
  float *y = new_scratch(bytes / sizeof(float));
  vn_rms_norm(m->k, (size_t)number(t, 0, 0), (size_t)number(t, 0, 1), 1e-5f, given(t, 1, bytes), given(t, 2, 0), y, m->pool);
  return (result){y, bytes};
}

static result column_sums(const test_case *t, const machine *m) {
  const size_t rows = (size_t)number(t, 0, 0), channels = (size_t)number(t, 0, 1);
  float *y = new_scratch(channels), *scratch = new_scratch(vn_column_sums_scratch_floats(rows, channels));
  vn_column_sums(m->k, rows, channels, given(t, 1, rows * channels * sizeof(float)), y, scratch, m->pool);
  free(scratch);
  return floats_result(y, channels);
}

/// Mean, variance and result, one after the other.
static result batch_norm_forward(const test_case *t, const machine *m) {
  const vn_batch_norm *norm = given(t, 0, sizeof *norm);
  const vn_batch_norm_sharing sharing = {0};
  float *y = new_scratch(expected_count(t)), *scratch = new_scratch(vn_batch_norm_scratch_floats(norm));
  vn_batch_norm_forward(m->k, norm, given(t, 1, 0), given(t, 2, 0), given(t, 3, 0), NULL, y, y + norm->channels,
                        y + 2 * norm->channels, &sharing, scratch, m->pool);
  free(scratch);
  return floats_result(y, expected_count(t));
}

/// The gradients of the input, of scale and of bias, one after the other.
static result batch_norm_backward(const test_case *t, const machine *m) {
  const vn_batch_norm *norm = given(t, 0, sizeof *norm);
  const vn_batch_norm_sharing sharing = {0};
  float *gx = new_scratch(expected_count(t)), *gscale = gx + norm->rows * norm->channels;
  float *scratch = new_scratch(vn_batch_norm_scratch_floats(norm));
  vn_batch_norm_backward(m->k, norm, given(t, 4, 0), given(t, 1, 0), given(t, 5, 0), given(t, 2, 0), given(t, 3, 0),
                         given(t, 6, 0), given(t, 7, 0), gx, gscale, gscale + norm->channels, NULL, &sharing, scratch,
                         m->pool);
  free(scratch);
  return floats_result(gx, expected_count(t));
}

static result unary_gradient(const test_case *t, const machine *m) {
  const vn_unary_op *op = given(t, 0, sizeof *op);
  const float *parameters = given(t, 1, 2 * sizeof(float));
  const size_t bytes = given_bytes(t, 2);
  float *y = new_scratch(bytes / sizeof(float));
  vn_unary_gradient(m->k, *op, parameters[0], parameters[1], bytes / sizeof(float), given(t, 2, bytes), given(t, 3, bytes),
                    y, m->pool);
  return (result){y, bytes};
}

static result pool_gradient(const test_case *t, const machine *m, bool is_maximum) {
  const vn_window *w = given(t, 0, sizeof *w);
  float *gx = new_scratch(expected_count(t)), *scratch = new_scratch(vn_pool_backward_scratch_floats(w, m->threads));
  if (is_maximum) vn_max_pool_backward(m->k, w, given(t, 1, 0), given(t, 2, 0), gx, scratch, m->pool);
  else vn_average_pool_backward(m->k, w, given(t, 1, 0), gx, scratch, m->pool);
  free(scratch);
  return floats_result(gx, expected_count(t));
}

static result maximum_gradient(const test_case *t, const machine *m) { return pool_gradient(t, m, true); }
static result average_gradient(const test_case *t, const machine *m) { return pool_gradient(t, m, false); }

static result recurrent(const test_case *t, const machine *m) {
  const vn_recurrent *layer = given(t, 0, sizeof *layer);
  float *packed = new_scratch(vn_recurrent_packed_floats(m->k, layer));
  vn_recurrent_pack(m->k, layer, given(t, 2, 0), given(t, 3, 0), packed);
  float *scratch = new_scratch(vn_recurrent_scratch_floats(m->k, layer, false, m->threads));
  float *y = new_scratch(expected_count(t)), *last = y + layer->steps * layer->batch * layer->hidden;
  const vn_recurrent_data data = {
      .x = given(t, 1, 0), .packed = packed, .bias = given_or_null(t, 4), .first_h = given_or_null(t, 5),
      .first_c = given_or_null(t, 6), .y = y, .last_h = last,
      .last_c = layer->cell == VN_LSTM ? last + layer->batch * layer->hidden : NULL};
  vn_recurrent_run(m->k, layer, &data, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(y, expected_count(t));
}

static result resize(const test_case *t, const machine *m) {
  const vn_resize *r = given(t, 0, sizeof *r);
  float *y = new_scratch(expected_count(t)), *scratch = new_scratch(vn_resize_scratch_floats(r, m->threads));
  vn_resize_images(r, given(t, 1, 0), given(t, 2, 0), given(t, 3, 0), y, scratch, m->pool);
  free(scratch);
  return floats_result(y, expected_count(t));
}

/// The convolutions of a chain one after the other.
static float *apart(const test_case *t, const machine *m, const vn_chain *chain, float *const *packed) {
  const float *x = given(t, 2, 0);
  float *own = NULL;
  for (int i = 0; i < chain->count; i++) {
    const vn_conv *conv = chain->conv + i;
    float *y = new_floats((size_t)conv->y_image * (size_t)conv->n, 77);
    float *scratch = new_scratch(vn_conv_scratch_floats(m->k, conv, m->threads));
    vn_conv_run(m->k, conv, x, packed[i], given_or_null(t, 4 + 3 * i), given_or_null(t, 5 + 3 * i), y, scratch, m->pool);
    free(scratch), free(own);
    x = own = y;
  }
  return own;
}

/// A chain has the bits of its convolutions one after the other: where it has not, all is NaN.
static result chain(const test_case *t, const machine *m) {
  const vn_chain *chain = given(t, 0, sizeof *chain);
  const vn_chain_order *order = given(t, 1, sizeof *order);
  float *packed[VN_CHAIN_LONGEST] = {NULL};
  const float *biases[VN_CHAIN_LONGEST] = {NULL}, *residual = NULL;
  for (int i = 0; i < chain->count; i++) {
    packed[i] = new_floats(vn_conv_packed_floats(m->k, chain->conv + i), 0);
    vn_conv_pack(m->k, chain->conv + i, given(t, 3 + 3 * i, 0), packed[i]);
    biases[i] = given_or_null(t, 4 + 3 * i);
    residual = given_or_null(t, 5 + 3 * i);
  }
  const vn_conv *last = chain->conv + chain->count - 1;
  const size_t count = (size_t)last->y_image * (size_t)last->n;
  float *y = new_floats(count, 77), *scratch = new_scratch(vn_chain_scratch_floats(m->k, chain, *order, m->threads));
  vn_chain_run(m->k, chain, *order, given(t, 2, 0), (const float *const *)packed, biases, residual, y, scratch, m->pool);
  float *other = apart(t, m, chain, packed);
  if (memcmp(y, other, count * sizeof(float)) != 0)
    for (size_t i = 0; i < count; i++) y[i] = NAN;
  free(other), free(scratch);
  for (int i = 0; i < chain->count; i++) free(packed[i]);
  return floats_result(y, count);
}

const replayed_function replayed_training[] = {
    {"groupNorm", group_norm},
    {"rmsNorm", rms_norm},
    {"columnSums", column_sums},
    {"batchNorm.forward", batch_norm_forward},
    {"batchNorm.backward", batch_norm_backward},
    {"unaryGradient", unary_gradient},
    {"pool.maximumGradient", maximum_gradient},
    {"pool.averageGradient", average_gradient},
    {"recurrent", recurrent},
    {"resize", resize},
    {"chain", chain},
    {NULL, NULL},
};
