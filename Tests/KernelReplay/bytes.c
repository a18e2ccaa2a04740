// Elementwise operations and poolings of bytes.
#include "replay.h"

#include <stdlib.h>

static uint8_t *new_bytes(size_t count) {
  uint8_t *y = malloc(count + 1);
  if (!y) abort();
  for (size_t i = 0; i < count; i++) y[i] = 77;
  return y;
}

static result bytes_result(uint8_t *y, const test_case *t) { return (result){y, (size_t)t->expected.bytes}; }

static result quantize(const test_case *t, const machine *m) {
  const double *parameters = given(t, 0, 2 * sizeof(double));
  uint8_t *y = new_bytes((size_t)t->expected.bytes);
  vn_quantize(m->k, given_bytes(t, 1) / sizeof(float), given(t, 1, 0), (float)parameters[0], (int32_t)parameters[1], y,
              m->pool);
  return bytes_result(y, t);
}

static result quantize_planes(const test_case *t, const machine *m) {
  uint8_t *y = new_bytes((size_t)t->expected.bytes);
  vn_quantize_nchw(m->k, (size_t)number(t, 0, 0), (size_t)number(t, 0, 1), (size_t)number(t, 0, 2), given(t, 1, 0), 2, 128, y,
                   m->pool);
  return bytes_result(y, t);
}

static result dequantize(const test_case *t, const machine *m) {
  const double *parameters = given(t, 0, 2 * sizeof(double));
  const size_t count = given_bytes(t, 1);
  float *y = new_scratch(count);
  vn_dequantize(m->k, count, given(t, 1, 0), (float)parameters[0], (int32_t)parameters[1], y, m->pool);
  return floats_result(y, count);
}

static result sum(const test_case *t, const machine *m) {
  const vn_qadd *add = given(t, 0, sizeof *add);
  const size_t count = given_bytes(t, 1);
  uint8_t *y = new_bytes(count);
  vn_qadd_run(m->k, add, count, given(t, 1, count), given(t, 2, count), y, m->pool);
  return bytes_result(y, t);
}

static result maximum(const test_case *t, const machine *m) {
  uint8_t *y = new_bytes((size_t)t->expected.bytes);
  vn_qmax_pool(m->k, given(t, 0, sizeof(vn_window)), given(t, 1, 0), y, m->pool);
  return bytes_result(y, t);
}

static result average(const test_case *t, const machine *m) {
  uint8_t *y = new_bytes((size_t)t->expected.bytes);
  vn_qglobal_average(m->k, (size_t)number(t, 0, 0), (size_t)number(t, 0, 1), (size_t)number(t, 0, 2), given(t, 1, 0), 50,
                     0.02f, -40, 215, 40, y, m->pool);
  return bytes_result(y, t);
}

const replayed_function replayed_bytes[] = {
    {"quantize", quantize},   {"quantizePlanes", quantize_planes}, {"dequantize", dequantize},
    {"quantizedSum", sum},    {"quantizedMaximum", maximum},       {"quantizedAverage", average},
    {NULL, NULL},
};
