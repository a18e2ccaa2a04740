// GEMM without operands packed beforehand: c = alpha · a · b + beta · c.
//
//   for each panel of NR columns of b: pack it to [k][NR]
//   c = a · packed b, as a 1×1 convolution whose pixels are the rows of a (convolution/implicit_im2col.c)
//
// Where a has few rows, each panel is multiplied as soon as it is packed, while it is in the nearest caches:
//
//   for each panel of NR columns of b                                        (threads share them)
//     pack it to [k][NR]
//     for each tile of MR rows of a: c tile += a tile · panel                (the micro-kernel)
#include <math.h>
#include <string.h>

#include "../shared/convolution_plan.h"

static vn_conv dense(size_t m, size_t n, size_t kk, int64_t lda, int64_t ldc) {
  return (vn_conv){.n = (int32_t)m, .h = 1, .w = 1, .c = (int32_t)kk, .oh = 1, .ow = 1, .o = (int32_t)n,
                   .kh = 1, .kw = 1, .stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1,
                   .groups = 1, .x_pixel = lda, .x_row = lda, .x_image = lda, .y_pixel = ldc, .y_row = ldc,
                   .y_image = ldc, .r_pixel = ldc, .r_row = ldc, .r_image = ldc};
}

/// With few rows, writing all of b's panels to memory and reading them again would take longer than the product. Fewer than
/// `least_panels` cannot be distributed over threads.
enum { most_floats_of_few_rows = 64 * 1024, least_panels = 8 };

static bool are_few_rows(const vn_kernels *k, size_t m, size_t n, size_t kk) {
  return m * kk <= most_floats_of_few_rows && vn_divide_up(n, 2 * (size_t)k->lanes) >= least_panels;
}

/// Floats for a panel and for pointers to the rows of a and c.
static size_t few_rows_worker_floats(const vn_kernels *k, size_t m, size_t kk) {
  const size_t pointers = 2 * m * (sizeof(float *) / sizeof(float));
  return 2 * (size_t)k->lanes * kk + (pointers + 15) / 16 * 16;
}

size_t vn_gemm_scratch_floats(const vn_kernels *k, size_t m, size_t n, size_t kk, int threads) {
  if (are_few_rows(k, m, n, kk))
    return 16 + m * kk + 16 + few_rows_worker_floats(k, m, kk) * (size_t)(threads < 1 ? 1 : threads);
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

/// Packs the panel that begins at `column`; returns its number of columns, a multiple of the lanes.
static size_t pack(const packing *p, size_t column, float *panel) {
  const size_t lanes = (size_t)p->k->lanes;
  const size_t width = vn_smaller(2 * lanes, p->n - column), columns = width > lanes ? 2 * lanes : lanes;
  if (width < columns) memset(panel, 0, columns * p->kk * sizeof(float));
  if (p->trans_b) {
    p->k->transpose(width, p->kk, p->b + (int64_t)column * p->ldb, p->ldb, panel, (int64_t)columns);
  } else {
    const float *row = p->b + column;
    for (size_t i = 0; i < p->kk; i++, row += p->ldb) memcpy(panel + i * columns, row, width * sizeof(float));
  }
  if (p->alpha != 1) p->k->unary(VN_AFFINE, p->alpha, 0, columns * p->kk, panel, panel);
  return columns;
}

static void pack_item(void *context, size_t index, int worker) {
  (void)worker;
  const packing *p = context;
  const size_t column = index * 2 * (size_t)p->k->lanes;
  pack(p, column, p->packed + column * p->kk);
}

typedef struct few_rows_run {
  packing packing;
  size_t m;
  const float *a;
  int64_t lda, ldc;
  float *c, *workers;
  bool adds;  ///< whether to add to c instead of overwriting it
  size_t run_block;
} few_rows_run;

/// Prefetches the source of the next panel while tile `at` of `tiles` multiplies this one.
static vn_ahead look_ahead(const packing *p, size_t column, const float *panel, size_t at, size_t tiles) {
  vn_ahead ahead = {.weights = (const char *)panel, .pixels = (const char *)panel};
  if (column >= p->n) return ahead;
  const size_t width = vn_smaller(2 * (size_t)p->k->lanes, p->n - column), row = (size_t)p->ldb * sizeof(float);
  if (p->trans_b) {
    const size_t share = vn_divide_up(width * row, tiles), half = vn_divide_up(share, 2);
    ahead.weights = (const char *)(p->b + (int64_t)column * p->ldb) + at * share;
    ahead.pixels = ahead.weights + half;
    ahead.weights_step = ahead.pixels_step = vn_divide_up(half, p->kk);
  } else if (at == 0) {
    ahead.weights = (const char *)(p->b + column);
    ahead.pixels = ahead.weights + (width - 1) * sizeof(float);
    ahead.weights_step = ahead.pixels_step = row;
  }
  return ahead;
}

static void few_rows_item(void *context, size_t index, int worker) {
  const few_rows_run *r = context;
  const packing *p = &r->packing;
  const size_t mr = (size_t)p->k->max_rows, lanes = (size_t)p->k->lanes, tiles = vn_divide_up(r->m, mr);
  float *panel = r->workers + (size_t)worker * few_rows_worker_floats(p->k, r->m, p->kk);
  const float **rows = (const float **)(panel + 2 * lanes * p->kk);
  float **targets = (float **)(rows + r->m);
  for (size_t i = 0; i < r->m; i++) {
    rows[i] = r->a + (int64_t)i * r->lda;
    targets[i] = r->c + (int64_t)i * r->ldc;
  }
  vn_tile tile = {.row_stride = mr, .taps = 1, .run = p->kk, .taps_block = 1, .run_block = r->run_block, .panel = panel,
                  .column = index * 2 * lanes, .low = -INFINITY, .high = INFINITY, .fetches = true};
  tile.width = vn_smaller(2 * lanes, p->n - tile.column);
  const size_t vectors = pack(p, tile.column, panel) / lanes;
  for (size_t t = 0; t < tiles; t++) {
    const size_t start = t * r->m / tiles, end = (t + 1) * r->m / tiles;
    tile.rows = rows + start;
    tile.y = targets + start;
    tile.ahead = look_ahead(p, tile.column + 2 * lanes, panel, t, tiles);
    tile.residual = r->adds ? (const float *const *)tile.y : NULL;
    p->k->micro_kernels[end - start - 1][vectors - 1](&tile);
  }
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
  if (are_few_rows(k, m, n, kk)) {
    few_rows_run r = {.packing = p, .m = m, .a = a, .lda = lda, .c = c, .ldc = ldc, .adds = beta != 0,
                      .run_block = vn_conv_plan_make(k, &conv).run_block};
    r.workers = packed;
    if (trans_a) {
      k->transpose(kk, m, a, lda, packed, (int64_t)kk);
      r.a = packed, r.lda = (int64_t)kk;
      r.workers = vn_align(packed + m * kk);
    }
    vn_pool_run(pool, vn_divide_up(n, 2 * (size_t)k->lanes), few_rows_item, &r);
    return;
  }
  vn_pool_run(pool, vn_divide_up(n, 2 * (size_t)k->lanes), pack_item, &p);
  float *rest = packed + vn_conv_packed_floats(k, &conv);
  if (trans_a) {
    k->transpose(kk, m, a, lda, rest, (int64_t)kk);
    a = rest;
    rest += m * kk;
  }
  vn_conv_run(k, &conv, a, packed, NULL, beta != 0 ? c : NULL, c, rest, pool);
}
