// Batch normalization over rows of channels, forward and backward. Sums are formed over chunks of rows that depend on the shape
// alone, and then added in double precision.
#include <math.h>
#include <string.h>

#include "../shared/normalizing.h"

enum { chunk_elements = 32768, most_chunk_rows = 2048, joined_channels = 32 };

typedef struct norm_run {
  const vn_kernels *k;
  const vn_batch_norm *norm;
  size_t chunk_rows, chunks;
  const float *x, *g, *y, *residual;
  float *partials;  ///< see vn_normalization_partial_floats
  float *target, *residual_target;
  float *mean_target, *variance_target;
  const float *scale, *variance;
  float *gscale, *gbias;
  float *factors;
  vn_normalization gradient;
} norm_run;

static size_t rows_of_chunk(size_t rows, size_t channels) {
  size_t count = chunk_elements / vn_larger(1, vn_smaller(chunk_elements, channels));
  return vn_larger(1, vn_smaller(vn_smaller(count, most_chunk_rows), rows));
}

static norm_run run_of(const vn_kernels *k, const vn_batch_norm *norm) {
  norm_run r = {.k = k, .norm = norm};
  r.chunk_rows = rows_of_chunk(norm->rows, norm->channels);
  r.chunks = vn_divide_up(norm->rows, r.chunk_rows);
  return r;
}

size_t vn_batch_norm_scratch_floats(const vn_batch_norm *norm) {
  norm_run r = run_of(NULL, norm);
  return 16 + vn_batch_norm_factor_floats(norm->channels) + vn_normalization_partial_floats(r.chunks, norm->channels);
}

static size_t chunk_count(const norm_run *r, size_t index) {
  return vn_smaller(r->chunk_rows, r->norm->rows - index * r->chunk_rows);
}

static void moments_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const vn_partial_sums sums = {.channels = r->norm->channels, .chunks = r->chunks, .partials = r->partials};
  vn_add_moments(r->k, &sums, index, true, r->x + index * r->chunk_rows * r->norm->channels, chunk_count(r, index),
                 r->norm->channels, 0, r->norm->channels);
}

/// Combines the means and sums of squares of all chunks, for some channels. Chan, Golub and LeVeque, "Updating formulae …",
/// 1979.
static void join_moments_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const size_t channels = r->norm->channels, first = index * joined_channels;
  const size_t width = vn_smaller(joined_channels, channels - first);
  const float *counts = r->partials + 3 * r->chunks * channels;
  double count = 0, middle[joined_channels] = {0}, squares[joined_channels] = {0};
  for (size_t i = 0; i < r->chunks; i++) {
    const float *sums = r->partials + 3 * i * channels + first, *products = sums + channels, *shift = products + channels;
    const double n = (double)counts[i], inverse = 1 / n, share = n / (count + n), weight = count * share;
    for (size_t c = 0; c < width; c++) {
      const double sum = (double)sums[c], own = (double)shift[c] + sum * inverse;
      const double spread = (double)products[c] - sum * sum * inverse, distance = own - middle[c];
      middle[c] += distance * share;
      squares[c] += (spread > 0 ? spread : 0) + distance * distance * weight;
    }
    count += n;
  }
  for (size_t c = 0; c < width; c++) {
    r->mean_target[first + c] = (float)middle[c];
    r->variance_target[first + c] = (float)(squares[c] / count);
  }
}

size_t vn_batch_norm_factor_floats(size_t channels) { return 5 * channels; }

void vn_batch_norm_factors(const vn_batch_norm *norm, const float *scale, const float *bias, const float *mean,
                           const float *variance, float *factors) {
  float *a = factors, *b = a + norm->channels, *middle = b + norm->channels;
  for (size_t c = 0; c < norm->channels; c++) {
    const double factor = (double)scale[c] / sqrt((double)variance[c] + (double)norm->epsilon);
    a[c] = (float)factor;
    b[c] = (float)((double)bias[c] - (double)mean[c] * (double)a[c]);
    middle[c] = mean[c];
  }
}

static void apply_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const size_t channels = r->norm->channels, at = index * r->chunk_rows * channels;
  r->k->affine_clamp(false, chunk_count(r, index), channels, channels, r->x + at, r->factors, r->factors + channels,
                     r->residual ? r->residual + at : NULL, r->norm->low, r->norm->high, r->target + at, NULL);
}

void vn_batch_norm_forward(const vn_kernels *k, const vn_batch_norm *norm, const float *x, const float *scale,
                           const float *bias, const float *residual, float *mean, float *variance, float *y,
                           const vn_batch_norm_sharing *sharing, float *scratch, vn_pool *pool) {
  if (norm->rows == 0 || norm->channels == 0) return;
  norm_run r = run_of(k, norm);
  r.factors = sharing->factors ? sharing->factors : vn_align(scratch);
  r.partials = vn_align(scratch) + vn_batch_norm_factor_floats(norm->channels);
  r.x = x, r.residual = residual, r.target = y;
  if (norm->of_batch) {
    r.mean_target = mean, r.variance_target = variance;
    norm_run joined = r;
    if (sharing->partials) joined.partials = sharing->partials, joined.chunks = sharing->chunks;
    else vn_pool_run(pool, r.chunks, moments_item, &r);
    vn_pool_run(pool, vn_divide_up(norm->channels, joined_channels), join_moments_item, &joined);
  }
  vn_batch_norm_factors(norm, scale, bias, mean, variance, r.factors);
  if (!sharing->factors) vn_pool_run(pool, r.chunks, apply_item, &r);
}

static void sums_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const size_t channels = r->norm->channels, at = index * r->chunk_rows * channels;
  const vn_partial_sums sums = {.channels = channels, .chunks = r->chunks, .partials = r->partials};
  vn_add_gradients(r->k, &sums, index, true, &r->gradient, r->g + at, r->x + at, r->y ? r->y + at : NULL,
                   chunk_count(r, index), 0);
}

/// Adds the sums of all chunks, for some channels, and computes the factors for the gradient of x.
static void join_sums_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const size_t channels = r->norm->channels, first = index * joined_channels;
  const size_t width = vn_smaller(joined_channels, channels - first);
  float *slope = r->factors + 3 * channels, *offset = slope + channels;
  double sum[joined_channels] = {0}, product[joined_channels] = {0};
  for (size_t i = 0; i < r->chunks; i++) {
    const float *sums = r->partials + 3 * i * channels + first, *products = sums + channels;
    for (size_t c = 0; c < width; c++) sum[c] += (double)sums[c], product[c] += (double)products[c];
  }
  for (size_t j = 0; j < width; j++) {
    const size_t c = first + j;
    const double inverse = 1 / sqrt((double)r->variance[c] + (double)r->norm->epsilon);
    r->gscale[c] = (float)(product[j] * inverse);
    r->gbias[c] = (float)sum[j];
    const double factor = r->norm->of_batch ? (double)r->scale[c] * inverse / (double)r->norm->rows : 0;
    slope[c] = (float)(-factor * product[j] * inverse * inverse);
    offset[c] = (float)(-factor * sum[j]);
  }
}

static void gradient_item(void *context, size_t index, int worker) {
  (void)worker;
  const norm_run *r = context;
  const size_t at = index * r->chunk_rows * r->norm->channels;
  r->k->normalization_gradient(&r->gradient, false, chunk_count(r, index), r->g + at, r->x + at, r->y ? r->y + at : NULL,
                               r->target + at, r->residual_target ? r->residual_target + at : NULL);
}

void vn_batch_norm_backward(const vn_kernels *k, const vn_batch_norm *norm, const float *g, const float *x,
                            const float *y, const float *scale, const float *bias, const float *mean,
                            const float *variance, float *gx, float *gscale, float *gbias, float *gresidual,
                            const vn_batch_norm_sharing *sharing, float *scratch, vn_pool *pool) {
  const size_t channels = norm->channels;
  if (channels == 0) return;
  if (norm->rows == 0) {
    memset(gscale, 0, channels * sizeof(float));
    memset(gbias, 0, channels * sizeof(float));
    return;
  }
  norm_run r = run_of(k, norm);
  r.factors = sharing->factors ? sharing->factors : vn_align(scratch);
  r.partials = vn_align(scratch) + vn_batch_norm_factor_floats(channels);
  r.x = x, r.g = g, r.target = gx, r.residual_target = gresidual;
  vn_batch_norm_factors(norm, scale, bias, mean, variance, r.factors);
  const bool clamped = norm->low > -INFINITY || norm->high < INFINITY;
  r.y = clamped ? y : NULL;
  r.gradient = vn_normalization_of(r.factors, channels, 0, channels, channels, clamped, norm->low, norm->high);
  r.scale = scale, r.variance = variance, r.gscale = gscale, r.gbias = gbias;
  norm_run joined = r;
  if (sharing->partials) joined.partials = sharing->partials, joined.chunks = sharing->chunks;
  else vn_pool_run(pool, r.chunks, sums_item, &r);
  vn_pool_run(pool, vn_divide_up(channels, joined_channels), join_sums_item, &joined);
  if (!sharing->factors) vn_pool_run(pool, r.chunks, gradient_item, &r);
}

typedef struct column_run {
  const vn_kernels *k;
  size_t rows, channels, chunk_rows;
  const float *x;
  float *partial;
} column_run;

static void column_item(void *context, size_t index, int worker) {
  (void)worker;
  const column_run *r = context;
  const size_t first = index * r->chunk_rows, count = vn_smaller(r->chunk_rows, r->rows - first);
  float *sums = r->partial + index * r->channels;
  for (size_t i = 0; i < count; i++)
    r->k->accumulate(VN_SUM, i == 0, r->channels, r->x + (first + i) * r->channels, sums);
}

size_t vn_column_sums_scratch_floats(size_t rows, size_t channels) {
  return 16 + vn_divide_up(rows, vn_smaller(256, rows_of_chunk(rows, channels))) * channels;
}

void vn_column_sums(const vn_kernels *k, size_t rows, size_t channels, const float *x, float *y, float *scratch,
                    vn_pool *pool) {
  if (channels == 0) return;
  if (rows == 0) {
    memset(y, 0, channels * sizeof(float));
    return;
  }
  column_run r = {.k = k, .rows = rows, .channels = channels, .x = x, .partial = vn_align(scratch),
                  .chunk_rows = vn_smaller(256, rows_of_chunk(rows, channels))};
  const size_t chunks = vn_divide_up(rows, r.chunk_rows);
  vn_pool_run(pool, chunks, column_item, &r);
  for (size_t c = 0; c < channels; c++) {
    double sum = 0;
    for (size_t i = 0; i < chunks; i++) sum += (double)r.partial[i * channels + c];
    y[c] = (float)sum;
  }
}
