// Elementwise functions, cut into items.
#include <math.h>
#include <string.h>

#include "kernels.h"

/// Elements of an item.
enum { item_elements = 16384 };
/// Where the same few numbers belong to every row, they are repeated so often, and as many rows are taken as one.
enum { repeated_elements = 512 };

/// How many rows of `columns` to take as one: 1 where a row is long enough.
static size_t rows_at_once(size_t rows, size_t columns) {
  const size_t fit = columns <= repeated_elements / 4 ? repeated_elements / columns : 1;
  return vn_smaller(fit, rows);
}

static void repeat(const float *x, size_t columns, size_t rows, float *y) {
  for (size_t i = 0; i < rows; i++) memcpy(y + i * columns, x, columns * sizeof(float));
}

typedef struct unary_run {
  const vn_kernels *k;
  vn_unary_op op;
  float a, b;
  size_t rows, columns, rows_per_item, columns_per_item, column_chunks;
  const float *x, *scale, *shift;
  int64_t x_row, y_row;
  float *y;
  bool affine;
} unary_run;

/// Whether scale and shift belong to short rows that follow one another.
static bool repeats_affine(const unary_run *r) {
  const int64_t columns = (int64_t)r->columns;
  return r->affine && r->rows > 1 && columns <= repeated_elements / 4 && r->x_row == columns && r->y_row == columns;
}

static void affine_rows(const unary_run *r, size_t row0, size_t row1) {
  float scale[repeated_elements], shift[repeated_elements];
  const size_t some = rows_at_once(row1 - row0, r->columns);
  if (r->scale) repeat(r->scale, r->columns, some, scale);
  if (r->shift) repeat(r->shift, r->columns, some, shift);
  for (size_t i = row0; i < row1; i += some) {
    const size_t elements = vn_smaller(some, row1 - i) * r->columns;
    const float *x = r->x + i * r->columns;
    float *y = r->y + i * r->columns;
    r->k->affine(elements, x, r->scale ? scale : NULL, r->shift ? shift : NULL, y);
    if (r->op != VN_IDENTITY) r->k->unary(r->op, r->a, r->b, elements, y, y);
  }
}

static void unary_item(void *context, size_t index, int worker) {
  (void)worker;
  const unary_run *r = context;
  const size_t column = index % r->column_chunks * r->columns_per_item;
  const size_t count = vn_smaller(r->columns_per_item, r->columns - column);
  const size_t row0 = index / r->column_chunks * r->rows_per_item;
  const size_t row1 = vn_smaller(row0 + r->rows_per_item, r->rows);
  if (repeats_affine(r)) {
    affine_rows(r, row0, row1);
    return;
  }
  for (size_t i = row0; i < row1; i++) {
    const float *x = r->x + (int64_t)i * r->x_row + column;
    float *y = r->y + (int64_t)i * r->y_row + column;
    if (r->affine) {
      r->k->affine(count, x, r->scale ? r->scale + column : NULL, r->shift ? r->shift + column : NULL, y);
      if (r->op == VN_IDENTITY) continue;
      x = y;
    }
    r->k->unary(r->op, r->a, r->b, count, x, y);
  }
}

/// Cuts rows × columns into items: parts of a row when rows are long, else several rows.
static size_t cut(size_t rows, size_t columns, size_t *rows_per_item, size_t *columns_per_item,
                  size_t *column_chunks) {
  *column_chunks = vn_divide_up(columns, item_elements);
  *columns_per_item = vn_divide_up(vn_divide_up(columns, *column_chunks), 16) * 16;
  *column_chunks = vn_divide_up(columns, *columns_per_item);
  *rows_per_item = vn_larger(1, item_elements / vn_smaller(columns, *columns_per_item));
  return *column_chunks * vn_divide_up(rows, *rows_per_item);
}

static void run_unary(unary_run *r, vn_pool *pool) {
  if (r->rows == 0 || r->columns == 0) return;
  size_t items = cut(r->rows, r->columns, &r->rows_per_item, &r->columns_per_item, &r->column_chunks);
  vn_pool_run(pool, items, unary_item, r);
}

void vn_unary_rows(const vn_kernels *k, vn_unary_op op, float a, float b, size_t rows, size_t columns,
                   const float *x, int64_t x_row, float *y, int64_t y_row, vn_pool *pool) {
  if (x_row == (int64_t)columns && y_row == x_row) columns *= rows, rows = columns ? 1 : 0;
  unary_run r = {.k = k, .op = op, .a = a, .b = b, .rows = rows, .columns = columns, .x = x,
                 .x_row = x_row, .y = y, .y_row = y_row};
  run_unary(&r, pool);
}

void vn_unary(const vn_kernels *k, vn_unary_op op, float a, float b, size_t count, const float *x, float *y,
              vn_pool *pool) {
  vn_unary_rows(k, op, a, b, 1, count, x, (int64_t)count, y, (int64_t)count, pool);
}

void vn_channel_affine(const vn_kernels *k, size_t rows, size_t columns, const float *x, int64_t x_row,
                       const float *scale, const float *shift, vn_unary_op op, float a, float b, float *y,
                       int64_t y_row, vn_pool *pool) {
  unary_run r = {.k = k, .op = op, .a = a, .b = b, .rows = rows, .columns = columns, .x = x,
                 .scale = scale, .shift = shift, .x_row = x_row, .y = y, .y_row = y_row, .affine = true};
  run_unary(&r, pool);
}

typedef struct binary_run {
  const vn_kernels *k;
  vn_binary_op op;
  size_t rows, columns, rows_per_item, columns_per_item, column_chunks;
  vn_operand x, z;
  float *y;
  int64_t y_row;
} binary_run;

/// Whether every short row takes the same numbers of an operand, and those of the other follow one another.
static bool repeats(const binary_run *r, vn_operand same, vn_operand other) {
  const int64_t columns = (int64_t)r->columns;
  return r->rows > 1 && columns <= repeated_elements / 4 && same.row == 0 && same.column == 1 && other.row == columns &&
         other.column == 1 && r->y_row == columns;
}

static void binary_item(void *context, size_t index, int worker) {
  (void)worker;
  const binary_run *r = context;
  const size_t column = index % r->column_chunks * r->columns_per_item;
  const size_t count = vn_smaller(r->columns_per_item, r->columns - column);
  const size_t row0 = index / r->column_chunks * r->rows_per_item;
  const size_t row1 = vn_smaller(row0 + r->rows_per_item, r->rows);
  const bool repeats_x = repeats(r, r->x, r->z), repeats_z = repeats(r, r->z, r->x);
  if (repeats_x || repeats_z) {
    float repeated[repeated_elements];
    const size_t some = rows_at_once(row1 - row0, r->columns);
    repeat(repeats_x ? r->x.data : r->z.data, r->columns, some, repeated);
    for (size_t i = row0; i < row1; i += some) {
      const size_t elements = vn_smaller(some, row1 - i) * r->columns;
      const float *other = (repeats_x ? r->z.data : r->x.data) + i * r->columns;
      r->k->binary(r->op, elements, repeats_x ? repeated : other, 1, repeats_x ? other : repeated, 1,
                   r->y + i * r->columns);
    }
    return;
  }
  for (size_t i = row0; i < row1; i++)
    r->k->binary(r->op, count, r->x.data + (int64_t)i * r->x.row + (int64_t)column * r->x.column,
                 (int)r->x.column, r->z.data + (int64_t)i * r->z.row + (int64_t)column * r->z.column,
                 (int)r->z.column, r->y + (int64_t)i * r->y_row + column);
}

static bool joins(vn_operand x, size_t columns) {
  return x.row == (int64_t)columns * x.column;
}

void vn_binary(const vn_kernels *k, vn_binary_op op, size_t rows, size_t columns, vn_operand x, vn_operand z,
               float *y, int64_t y_row, vn_pool *pool) {
  if (rows == 0 || columns == 0) return;
  // Rows that follow one another in memory are one row.
  if (joins(x, columns) && joins(z, columns) && y_row == (int64_t)columns) columns *= rows, rows = 1;
  binary_run r = {.k = k, .op = op, .rows = rows, .columns = columns, .x = x, .z = z, .y = y, .y_row = y_row};
  size_t items = cut(rows, columns, &r.rows_per_item, &r.columns_per_item, &r.column_chunks);
  vn_pool_run(pool, items, binary_item, &r);
}

typedef struct strided_run {
  const vn_kernels *k;
  vn_binary_op op;
  int rank;
  int64_t dims[8], x[8], z[8];
  const float *xs, *zs;
  float *y;
  size_t outer, per_item;
} strided_run;

static void strided_item(void *context, size_t index, int worker) {
  (void)worker;
  const strided_run *r = context;
  const int last = r->rank - 1;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->outer), columns = (size_t)r->dims[last];
  for (size_t i = index * r->per_item; i < end; i++) {
    const float *x = r->xs, *z = r->zs;
    size_t rest = i;
    for (int d = last - 1; d >= 0; d--) {
      int64_t at = (int64_t)(rest % (size_t)r->dims[d]);
      rest /= (size_t)r->dims[d];
      x += at * r->x[d];
      z += at * r->z[d];
    }
    float *y = r->y + i * columns;
    if ((r->x[last] == 0 || r->x[last] == 1) && (r->z[last] == 0 || r->z[last] == 1)) {
      r->k->binary(r->op, columns, x, (int)r->x[last], z, (int)r->z[last], y);
      continue;
    }
    // Gathers elements that are not contiguous, 256 at a time.
    float xs[256], zs[256];
    for (size_t j = 0; j < columns; j += 256) {
      size_t count = vn_smaller(256, columns - j);
      for (size_t t = 0; t < count; t++) {
        xs[t] = x[(int64_t)(j + t) * r->x[last]];
        zs[t] = z[(int64_t)(j + t) * r->z[last]];
      }
      r->k->binary(r->op, count, xs, 1, zs, 1, y + j);
    }
  }
}

void vn_binary_strided(const vn_kernels *k, vn_binary_op op, int rank, const int64_t *dims, const float *x,
                       const int64_t *x_strides, const float *z, const int64_t *z_strides, float *y,
                       vn_pool *pool) {
  strided_run r = {.k = k, .op = op, .xs = x, .zs = z, .y = y};
  for (int d = 0; d < rank; d++) {
    if (dims[d] == 0) return;
    if (dims[d] == 1) continue;
    const int at = r.rank;
    // Joins a dimension to the one before it where both operands allow it.
    if (at > 0 && r.x[at - 1] == dims[d] * x_strides[d] && r.z[at - 1] == dims[d] * z_strides[d]) {
      r.dims[at - 1] *= dims[d];
      r.x[at - 1] = x_strides[d];
      r.z[at - 1] = z_strides[d];
      continue;
    }
    r.dims[at] = dims[d];
    r.x[at] = x_strides[d];
    r.z[at] = z_strides[d];
    r.rank++;
  }
  if (r.rank == 0) r.rank = 1, r.dims[0] = 1;
  const int last = r.rank - 1;
  if (r.rank <= 2 && r.x[last] >= 0 && r.x[last] <= 1 && r.z[last] >= 0 && r.z[last] <= 1) {
    const bool two = r.rank == 2;
    vn_binary(k, op, two ? (size_t)r.dims[0] : 1, (size_t)r.dims[last],
              (vn_operand){x, two ? r.x[0] : 0, r.x[last]}, (vn_operand){z, two ? r.z[0] : 0, r.z[last]}, y,
              r.dims[last], pool);
    return;
  }
  r.outer = 1;
  for (int d = 0; d < last; d++) r.outer *= (size_t)r.dims[d];
  r.per_item = (size_t)item_elements / vn_smaller(item_elements, (size_t)r.dims[last]);
  vn_pool_run(pool, vn_divide_up(r.outer, r.per_item), strided_item, &r);
}

bool vn_clamp_of(vn_unary_op op, float a, float b, float *low, float *high) {
  *low = op == VN_RELU ? 0 : op == VN_CLIP ? a : -INFINITY;
  *high = op == VN_CLIP ? b : INFINITY;
  return op == VN_IDENTITY || op == VN_RELU || op == VN_CLIP;
}
