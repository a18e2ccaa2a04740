// Matrix products of two dynamic operands: b is packed first, then the product is a dense layer.
#include <string.h>

#include "convolution_plan.h"

static vn_conv dense(size_t m, size_t n, size_t kk, int64_t lda, int64_t ldc) {
  return (vn_conv){.n = (int32_t)m, .h = 1, .w = 1, .c = (int32_t)kk, .oh = 1, .ow = 1, .o = (int32_t)n,
                   .kh = 1, .kw = 1, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1,
                   .groups = 1, .x_pixel = lda, .x_row = lda, .x_image = lda, .y_pixel = ldc, .y_row = ldc,
                   .y_image = ldc, .r_pixel = ldc, .r_row = ldc, .r_image = ldc};
}

size_t vn_gemm_scratch_floats(const vn_kernels *k, size_t m, size_t n, size_t kk, int threads) {
  vn_conv conv = dense(m, n, kk, (int64_t)kk, (int64_t)n);
  return 16 + vn_conv_packed_floats(k, &conv) + m * kk + vn_conv_scratch_floats(k, &conv, threads);
}

typedef struct packing {
  const vn_kernels *k;
  const float *b;
  float *packed;
  size_t n, kk;
  int64_t ldb;
  bool trans_b;
  float alpha;
} packing;

static void pack_item(void *context, size_t index, int worker) {
  (void)worker;
  const packing *p = context;
  const size_t lanes = (size_t)p->k->lanes, column = index * 2 * lanes;
  const size_t width = vn_smaller(2 * lanes, p->n - column), columns = width > lanes ? 2 * lanes : lanes;
  float *panel = p->packed + column * p->kk;
  if (width < columns) memset(panel, 0, columns * p->kk * sizeof(float));
  if (p->trans_b) {
    p->k->transpose(width, p->kk, p->b + (int64_t)column * p->ldb, p->ldb, panel, (int64_t)columns);
  } else {
    const float *row = p->b + column;
    for (size_t i = 0; i < p->kk; i++, row += p->ldb) memcpy(panel + i * columns, row, width * sizeof(float));
  }
  if (p->alpha != 1) p->k->unary(VN_AFFINE, p->alpha, 0, columns * p->kk, panel, panel);
}

void vn_gemm(const vn_kernels *k, size_t m, size_t n, size_t kk, float alpha, const float *a, int64_t lda,
             bool trans_a, const float *b, int64_t ldb, bool trans_b, float beta, float *c, int64_t ldc,
             float *scratch, vn_pool *pool) {
  if (m == 0 || n == 0) return;
  if (beta != 1 || kk == 0) {
    for (size_t i = 0; i < m && beta == 0 && kk == 0; i++) memset(c + (int64_t)i * ldc, 0, n * sizeof(float));
    if (beta != 0) vn_unary_rows(k, VN_AFFINE, beta, 0, m, n, c, ldc, c, ldc, pool);
  }
  if (kk == 0) return;
  vn_conv conv = dense(m, n, kk, trans_a ? (int64_t)kk : lda, ldc);
  float *packed = vn_align(scratch);
  packing p = {.k = k, .b = b, .packed = packed, .n = n, .kk = kk, .ldb = ldb, .trans_b = trans_b,
               .alpha = alpha};
  vn_pool_run(pool, vn_divide_up(n, 2 * (size_t)k->lanes), pack_item, &p);
  float *rest = packed + vn_conv_packed_floats(k, &conv);
  if (trans_a) {
    k->transpose(kk, m, a, lda, rest, (int64_t)kk);
    a = rest;
    rest += m * kk;
  }
  vn_conv_run(k, &conv, a, packed, NULL, beta != 0 ? c : NULL, c, rest, pool);
}
