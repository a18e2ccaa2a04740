// Copies and choices whose places are known before the run.
#include <string.h>

#include "vn_indexing.h"
#include "../shared/arithmetic.h"

typedef struct table_run {
  const vn_tables *t;
  const int32_t *tables[8];
  const char *x;
  char *y;
  size_t rows, per_item;
} table_run;

#define GATHER_ROW(type)                                                                                     \
  do {                                                                                                       \
    const type *s = (const type *)from;                                                                      \
    type *d = (type *)to;                                                                                    \
    if (t->fills) for (size_t i = 0; i < count; i++) d[i] = table[i] < 0 ? (type)t->fill : s[table[i]];      \
    else for (size_t i = 0; i < count; i++) d[i] = s[table[i]];                                              \
  } while (0)

static void gather_row(const vn_tables *t, const int32_t *table, size_t count, const char *from, char *to) {
  switch (t->bytes) {
    case 1: GATHER_ROW(uint8_t); return;
    case 2: GATHER_ROW(uint16_t); return;
    case 4: GATHER_ROW(uint32_t); return;
    case 8: GATHER_ROW(uint64_t); return;
    default:
      for (size_t i = 0; i < count; i++) memcpy(to + i * t->bytes, from + (size_t)table[i] * t->bytes, t->bytes);
  }
}

static void fill_row(const vn_tables *t, size_t count, char *to) {
  switch (t->bytes) {
    case 1: memset(to, (int)t->fill, count); return;
    case 2: for (size_t i = 0; i < count; i++) ((uint16_t *)to)[i] = (uint16_t)t->fill; return;
    case 4: for (size_t i = 0; i < count; i++) ((uint32_t *)to)[i] = (uint32_t)t->fill; return;
    default: for (size_t i = 0; i < count; i++) ((uint64_t *)to)[i] = t->fill;
  }
}

static void table_item(void *context, size_t index, int worker) {
  (void)worker;
  const table_run *r = context;
  const vn_tables *t = r->t;
  const int last = t->rank - 1;
  const size_t count = (size_t)t->dims[last], end = vn_smaller((index + 1) * r->per_item, r->rows);
  for (size_t row = index * r->per_item; row < end; row++) {
    int64_t from = 0;
    size_t rest = row;
    bool outside = false;
    for (int d = last - 1; d >= 0; d--) {
      const int32_t at = r->tables[d][rest % (size_t)t->dims[d]];
      rest /= (size_t)t->dims[d];
      outside |= at < 0;
      from += at;
    }
    char *to = r->y + row * count * t->bytes;
    if (outside) fill_row(t, count, to);
    else gather_row(t, r->tables[last], count, r->x + from * (int64_t)t->bytes, to);
  }
}

void vn_copy_by_tables(const vn_tables *t, const int32_t *tables, const void *x, void *y, vn_pool *pool) {
  table_run r = {.t = t, .x = x, .y = y, .rows = 1};
  for (int d = 0; d < t->rank; d++) {
    r.tables[d] = tables;
    tables += t->dims[d];
    if (d < t->rank - 1) r.rows *= (size_t)t->dims[d];
  }
  const size_t bytes = (size_t)t->dims[t->rank - 1] * t->bytes;
  if (bytes == 0) return;
  r.per_item = 65536 / vn_smaller(65536, bytes);
  vn_pool_run(pool, vn_divide_up(r.rows, r.per_item), table_item, &r);
}

typedef struct select_run {
  const vn_select *s;
  const uint8_t *condition;
  const char *a, *b;
  char *y;
  size_t rows, per_item;
} select_run;

#define SELECT_ROW(type)                                                                       \
  do {                                                                                         \
    const type *p = (const type *)a, *q = (const type *)b;                                     \
    type *d = (type *)y;                                                                       \
    for (int64_t i = 0; i < count; i++) d[i] = c[i * cs] ? p[i * as] : q[i * bs];              \
  } while (0)

static void select_row(int64_t count, size_t bytes, const uint8_t *c, int64_t cs, const char *a, int64_t as,
                       const char *b, int64_t bs, char *y) {
  switch (bytes) {
    case 1: SELECT_ROW(uint8_t); return;
    case 2: SELECT_ROW(uint16_t); return;
    case 4: SELECT_ROW(uint32_t); return;
    default: SELECT_ROW(uint64_t);
  }
}

static void select_item(void *context, size_t index, int worker) {
  (void)worker;
  const select_run *r = context;
  const vn_select *s = r->s;
  const int last = s->rank - 1;
  const size_t count = (size_t)s->dims[last], end = vn_smaller((index + 1) * r->per_item, r->rows);
  for (size_t row = index * r->per_item; row < end; row++) {
    int64_t c = 0, a = 0, b = 0;
    size_t rest = row;
    for (int d = last - 1; d >= 0; d--) {
      const int64_t at = (int64_t)(rest % (size_t)s->dims[d]);
      rest /= (size_t)s->dims[d];
      c += at * s->condition[d];
      a += at * s->a[d];
      b += at * s->b[d];
    }
    select_row((int64_t)count, s->bytes, r->condition + c, s->condition[last], r->a + a * (int64_t)s->bytes,
               s->a[last], r->b + b * (int64_t)s->bytes, s->b[last], r->y + row * count * s->bytes);
  }
}

void vn_select_elements(const vn_select *s, const uint8_t *condition, const void *a, const void *b, void *y,
                        vn_pool *pool) {
  select_run r = {.s = s, .condition = condition, .a = a, .b = b, .y = y, .rows = 1};
  for (int d = 0; d < s->rank - 1; d++) r.rows *= (size_t)s->dims[d];
  const size_t columns = (size_t)s->dims[s->rank - 1];
  if (columns == 0) return;
  r.per_item = 16384 / vn_smaller(16384, columns);
  vn_pool_run(pool, vn_divide_up(r.rows, r.per_item), select_item, &r);
}
