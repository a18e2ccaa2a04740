// Elementwise functions, rows, pooling and copies.
#include "replay.h"

#include <stdlib.h>

static result unary(const test_case *t, const machine *m) {
  const vn_unary_op *op = given(t, 0, sizeof *op);
  const float *parameters = given(t, 1, 2 * sizeof(float));
  const size_t count = given_bytes(t, 2) / sizeof(float);
  float *y = new_floats(count, 7);
  vn_unary(m->k, *op, parameters[0], parameters[1], count, given(t, 2, 0), y, m->pool);
  return floats_result(y, count);
}

static result channel_affine(const test_case *t, const machine *m) {
  const size_t rows = (size_t)number(t, 0, 0), columns = (size_t)number(t, 0, 1);
  const vn_unary_op *op = given(t, 1, sizeof *op);
  float *y = new_floats(rows * columns, 0);
  vn_channel_affine(m->k, rows, columns, given(t, 2, 0), number(t, 0, 2), given(t, 3, 0), given(t, 4, 0), *op, 0, 0, y,
                    (int64_t)columns, m->pool);
  return floats_result(y, rows * columns);
}

static result binary(const test_case *t, const machine *m) {
  const vn_binary_op *op = given(t, 0, sizeof *op);
  const size_t rows = (size_t)number(t, 1, 0), columns = (size_t)number(t, 1, 1);
  const vn_operand x = {.data = given(t, 2, 0), .row = number(t, 1, 2), .column = number(t, 1, 3)};
  const vn_operand z = {.data = given(t, 3, 0), .row = number(t, 1, 4), .column = number(t, 1, 5)};
  float *y = new_floats(rows * columns, 0);
  vn_binary(m->k, *op, rows, columns, x, z, y, (int64_t)columns, m->pool);
  return floats_result(y, rows * columns);
}

static result binary_strided(const test_case *t, const machine *m) {
  const vn_binary_op *op = given(t, 0, sizeof *op);
  float *y = new_floats(expected_count(t), 0);
  vn_binary_strided(m->k, *op, (int)(given_bytes(t, 1) / sizeof(int64_t)), given(t, 1, 0), given(t, 2, 0), given(t, 3, 0),
                    given(t, 4, 0), given(t, 5, 0), y, m->pool);
  return floats_result(y, expected_count(t));
}

static result reduce(const test_case *t, const machine *m) {
  const size_t outer = (size_t)number(t, 0, 1), count = (size_t)number(t, 0, 2), inner = (size_t)number(t, 0, 3);
  float *y = new_floats(outer * inner, 0);
  vn_reduce(m->k, (vn_reduction)number(t, 0, 0), outer, count, inner, given(t, 1, 0), y, m->pool);
  return floats_result(y, outer * inner);
}

static result softmax_of(const test_case *t, const machine *m, bool logarithm) {
  const size_t outer = (size_t)number(t, 0, 0), count = (size_t)number(t, 0, 1), inner = (size_t)number(t, 0, 2);
  float *y = new_floats(outer * count * inner, 0);
  if (logarithm) vn_log_softmax(m->k, outer, count, inner, given(t, 1, 0), y, m->pool);
  else vn_softmax(m->k, outer, count, inner, given(t, 1, 0), y, m->pool);
  return floats_result(y, outer * count * inner);
}

static result softmax(const test_case *t, const machine *m) { return softmax_of(t, m, false); }
static result log_softmax(const test_case *t, const machine *m) { return softmax_of(t, m, true); }

static result layer_norm(const test_case *t, const machine *m) {
  const size_t rows = (size_t)number(t, 0, 0), columns = (size_t)number(t, 0, 1);
  float *y = new_floats(rows * columns, 0);
  vn_layer_norm(m->k, rows, columns, 1e-5f, given(t, 1, 0), given_or_null(t, 2), given_or_null(t, 3), y, m->pool);
  return floats_result(y, rows * columns);
}

static result lrn(const test_case *t, const machine *m) {
  const size_t pixels = (size_t)number(t, 0, 0), channels = (size_t)number(t, 0, 1);
  const float *p = given(t, 1, 3 * sizeof(float));
  float *y = new_floats(pixels * channels, 0);
  vn_lrn(m->k, pixels, channels, (int)number(t, 0, 2), p[0], p[1], p[2], given(t, 2, 0), (int64_t)channels, y,
         (int64_t)channels, m->pool);
  return floats_result(y, pixels * channels);
}

/// A pooling of a window.
typedef void (*pooling)(const vn_kernels *k, const vn_window *window, const float *x, float *y, vn_pool *pool);

static result pool(const test_case *t, const machine *m, pooling function) {
  float *y = new_floats(expected_count(t), 77);
  function(m->k, given(t, 0, sizeof(vn_window)), given(t, 1, 0), y, m->pool);
  return floats_result(y, expected_count(t));
}

static result maximum_pool(const test_case *t, const machine *m) { return pool(t, m, vn_max_pool); }
static result average_pool(const test_case *t, const machine *m) { return pool(t, m, vn_average_pool); }
static result global_average(const test_case *t, const machine *m) { return pool(t, m, vn_global_average_pool); }
static result global_maximum(const test_case *t, const machine *m) { return pool(t, m, vn_global_max_pool); }

static result copy(const test_case *t, const machine *m) {
  uint8_t *y = calloc((size_t)t->expected.bytes + 1, 1);
  if (!y) abort();
  vn_copy_strided((int)(given_bytes(t, 1) / sizeof(int64_t)), given(t, 1, 0), given(t, 2, 0), given(t, 3, 0), y,
                  given(t, 4, 0), (size_t)number(t, 0, 0), m->pool);
  return (result){y, (size_t)t->expected.bytes};
}

static result pixels_of_planes(const test_case *t, const machine *m) {
  float *y = new_floats(expected_count(t), 77);
  vn_nchw_to_nhwc(m->k, (size_t)number(t, 0, 0), (size_t)number(t, 0, 1), (size_t)number(t, 0, 2), given(t, 1, 0), y,
                  number(t, 0, 3), number(t, 0, 4), m->pool);
  return floats_result(y, expected_count(t));
}

static result planes_of_pixels(const test_case *t, const machine *m) {
  float *y = new_floats(expected_count(t), 0);
  vn_nhwc_to_nchw(m->k, (size_t)number(t, 0, 0), (size_t)number(t, 0, 1), (size_t)number(t, 0, 2), given(t, 1, 0),
                  number(t, 0, 3), number(t, 0, 4), y, m->pool);
  return floats_result(y, expected_count(t));
}

const replayed_function replayed_elements[] = {
    {"unary", unary},
    {"channelAffine", channel_affine},
    {"binary", binary},
    {"binaryStrided", binary_strided},
    {"reduce", reduce},
    {"softmax", softmax},
    {"logSoftmax", log_softmax},
    {"layerNorm", layer_norm},
    {"lrn", lrn},
    {"pool.maximum", maximum_pool},
    {"pool.average", average_pool},
    {"pool.globalAverage", global_average},
    {"pool.globalMaximum", global_maximum},
    {"copy", copy},
    {"pixelsOfPlanes", pixels_of_planes},
    {"planesOfPixels", planes_of_pixels},
    {NULL, NULL},
};
