// Functions of one byte as tables, and products of bytes.
#include "quantized.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { run_length = 32 * 1024 };

typedef struct table_run {
  const uint8_t *table, *x;
  uint8_t *y;
  size_t count;
  bool permutes;  ///< whether the machine looks up 64 bytes at once
} table_run;

#if defined(__x86_64__)
/// Two tables of 128 bytes; the highest bit of a byte says which.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) static size_t permute(const uint8_t *table, size_t count,
                                                                            const uint8_t *x, uint8_t *y) {
  const __m512i a = _mm512_loadu_si512(table), b = _mm512_loadu_si512(table + 64);
  const __m512i c = _mm512_loadu_si512(table + 128), d = _mm512_loadu_si512(table + 192);
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    const __m512i at = _mm512_loadu_si512(x + i);
    const __m512i low = _mm512_permutex2var_epi8(a, at, b), high = _mm512_permutex2var_epi8(c, at, d);
    _mm512_storeu_si512(y + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(at), low, high));
  }
  return i;
}
#endif

static void table_item(void *context, size_t index, int worker) {
  (void)worker;
  const table_run *r = context;
  const size_t first = index * run_length, count = vn_smaller(run_length, r->count - first);
  const uint8_t *x = r->x + first;
  uint8_t *y = r->y + first;
  size_t i = 0;
#if defined(__x86_64__)
  if (r->permutes) i = permute(r->table, count, x, y);
#endif
  // Eight bytes are read before any is written, since a store could otherwise delay the next load.
  for (; i + 8 <= count; i += 8) {
    uint64_t in, out = 0;
    memcpy(&in, x + i, 8);
    for (int j = 0; j < 64; j += 8) out |= (uint64_t)r->table[(uint8_t)(in >> j)] << j;
    memcpy(y + i, &out, 8);
  }
  for (; i < count; i++) y[i] = r->table[x[i]];
}

void vn_byte_table(const vn_kernels *k, size_t count, const uint8_t *table, const uint8_t *x, uint8_t *y, vn_pool *pool) {
  table_run r = {.table = table, .x = x, .y = y, .count = count};
#if defined(__x86_64__)
  r.permutes = k->isa == VN_AVX512 && __builtin_cpu_supports("avx512vbmi");
#else
  (void)k;
#endif
  vn_pool_run(pool, vn_divide_up(count, run_length), table_item, &r);
}

typedef struct product_run {
  const vn_qkernels *q;
  const vn_qmul *mul;
  const uint8_t *a, *b;
  uint8_t *y;
  size_t rows, columns, rows_per_factor, rows_per_item;
} product_run;

static void product_item(void *context, size_t index, int worker) {
  (void)worker;
  const product_run *r = context;
  const size_t columns = r->columns, end = vn_smaller((index + 1) * r->rows_per_item, r->rows);
  for (size_t row = index * r->rows_per_item; row < end; row++)
    r->q->multiply(r->mul, columns, r->a + row * columns, r->b + row / r->rows_per_factor * columns, r->y + row * columns);
}

void vn_qmul_run(const vn_kernels *k, const vn_qmul *mul, size_t rows, size_t columns, size_t rows_per_factor,
                 const uint8_t *a, const uint8_t *b, uint8_t *y, vn_pool *pool) {
  if (rows == 0 || columns == 0) return;
  // Long rows are cut.
  if (rows_per_factor == 1) {
    const size_t all = rows * columns, whole = all / run_length * run_length;
    product_run r = {.q = vn_qkernels_for(k, false), .mul = mul, .a = a, .b = b, .y = y, .rows = all / run_length,
                     .columns = run_length, .rows_per_factor = 1, .rows_per_item = 1};
    if (r.rows > 0) vn_pool_run(pool, r.rows, product_item, &r);
    if (whole < all) r.q->multiply(mul, all - whole, a + whole, b + whole, y + whole);
    return;
  }
  product_run r = {.q = vn_qkernels_for(k, false), .mul = mul, .a = a, .b = b, .y = y, .rows = rows, .columns = columns,
                   .rows_per_factor = rows_per_factor, .rows_per_item = vn_larger(1, run_length / columns)};
  vn_pool_run(pool, vn_divide_up(rows, r.rows_per_item), product_item, &r);
}
