// Matrix products, attention and convolutions without winding: the functions of KernelCases by name.
#include "replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static result gemm(const test_case *t, const machine *m) {
  const size_t rows = (size_t)number(t, 0, 0), columns = (size_t)number(t, 0, 1), depth = (size_t)number(t, 0, 2);
  const int64_t lda = number(t, 0, 3), ldb = number(t, 0, 4), ldc = number(t, 0, 5);
  const float *scales = given(t, 1, 2 * sizeof(float));
  const size_t bytes = given_bytes(t, 4);
  float *c = new_floats(bytes / sizeof(float), 0);
  memcpy(c, given(t, 4, bytes), bytes);
  float *scratch = new_scratch(vn_gemm_scratch_floats(m->k, rows, columns, depth, m->threads));
  vn_gemm(m->k, rows, columns, depth, scales[0], given(t, 2, 0), lda, number(t, 0, 6) != 0, given(t, 3, 0), ldb,
          number(t, 0, 7) != 0, scales[1], c, ldc, scratch, m->pool);
  free(scratch);
  return (result){c, bytes};
}

static result dense(const test_case *t, const machine *m) {
  const size_t inputs = (size_t)number(t, 0, 0), outputs = (size_t)number(t, 0, 1), part = (size_t)number(t, 0, 2);
  const float *weights = given(t, 2, inputs * outputs * sizeof(float));
  float *packed = new_scratch(vn_dense_packed_floats(inputs, outputs));
  for (size_t first = 0; first < outputs; first += part)
    vn_dense_pack(m->k, inputs, outputs, first, part < outputs - first ? part : outputs - first, weights + first * inputs,
                  packed);
  float *scratch = new_scratch(vn_dense_scratch_floats(inputs, outputs, m->threads)), *y = new_floats(outputs, 77);
  vn_dense_run(m->k, inputs, outputs, given(t, 1, inputs * sizeof(float)), packed, given_or_null(t, 3), y, scratch, m->pool);
  free(packed), free(scratch);
  return floats_result(y, outputs);
}

static result attention(const test_case *t, const machine *m) {
  const vn_attention *a = given(t, 0, sizeof *a);
  float *scratch = new_scratch(vn_attention_scratch_floats(m->k, a, m->threads));
  float *y = new_floats(expected_count(t), 7);
  vn_attention_run(m->k, a, given(t, 1, a->heads * sizeof(vn_attention_head)), given(t, 2, 0), given(t, 3, 0),
                   given(t, 4, 0), given_or_null(t, 5), given_or_null(t, 6), y, scratch, m->pool);
  free(scratch);
  return floats_result(y, expected_count(t));
}

static result im2col(const test_case *t, const machine *m) {
  const vn_im2col *conv = given(t, 0, sizeof *conv);
  float *scratch = new_scratch(vn_im2col_scratch_floats(m->k, conv, m->threads)), *y = new_scratch(expected_count(t));
  vn_im2col_run(m->k, conv, given(t, 1, 0), given(t, 2, 0), given_or_null(t, 3), given_or_null(t, 4), y, scratch, m->pool);
  free(scratch);
  return floats_result(y, expected_count(t));
}

static result quantized(const test_case *t, const machine *m) {
  const vn_qconv *conv = given(t, 0, sizeof *conv);
  void *packed = aligned_alloc(64, (vn_qconv_packed_bytes(m->k, conv) + 63) / 64 * 64);
  void *scratch = aligned_alloc(64, (vn_qconv_scratch_bytes(m->k, conv, m->threads) + 127) / 64 * 64);
  const size_t bytes = (size_t)t->expected.bytes, inputs = given_bytes(t, 1);
  // Memory that ends with the last byte.
  uint8_t *x = malloc(inputs), *y = malloc(bytes + 1);
  if (!packed || !scratch || !x || !y) abort();
  memcpy(x, given(t, 1, inputs), inputs);
  memset(y, 77, bytes);
  vn_qconv_pack(m->k, conv, given(t, 2, 0), given_or_null(t, 3), given(t, 4, 0), packed);
  vn_qconv_run(m->k, conv, x, packed, given_or_null(t, 5), y, scratch, m->pool);
  free(packed), free(scratch), free(x);
  return (result){y, bytes};
}

const replayed_function replayed_products[] = {{"gemm", gemm},           {"dense", dense}, {"attention", attention},
                                               {"im2col", im2col},       {"quantized", quantized},
                                               {NULL, NULL}};
