// Gradients of elementwise functions, pooling and the cross-entropy.
#include <math.h>
#include <string.h>

#include "../shared/kernels.h"

/// `entropy_elements` is smaller, since an exponential takes as long as about twenty simple operations.
enum { item_elements = 16384, entropy_elements = 1024 };

typedef struct unary_gradient_run {
  const vn_kernels *k;
  vn_unary_op op;
  float a, b;
  size_t count;
  const float *g, *v;
  float *y;
} unary_gradient_run;

static void unary_gradient_item(void *context, size_t index, int worker) {
  (void)worker;
  const unary_gradient_run *r = context;
  const size_t first = index * item_elements, count = vn_smaller(item_elements, r->count - first);
  r->k->unary_gradient(r->op, r->a, r->b, count, r->g + first, r->v + first, r->y + first);
}

bool vn_has_unary_gradient(vn_unary_op op) {
  float none = 0;
  return vn_portable_kernels()->unary_gradient(op, 0, 0, 0, &none, &none, &none);
}

void vn_unary_gradient(const vn_kernels *k, vn_unary_op op, float a, float b, size_t count, const float *g,
                       const float *v, float *y, vn_pool *pool) {
  unary_gradient_run r = {.k = k, .op = op, .a = a, .b = b, .count = count, .g = g, .v = v, .y = y};
  vn_pool_run(pool, vn_divide_up(count, item_elements), unary_gradient_item, &r);
}

// MARK: Pooling

typedef struct pool_gradient_run {
  const vn_kernels *k;
  const vn_window *window;
  const float *g, *x;
  float *gx, *workers;
  size_t channels_per_item, channel_chunks, worker_floats;
} pool_gradient_run;

/// The taps t in 0..<taps with 0 ≤ start + t·dilation < size.
static void taps_inside(int64_t start, int64_t dilation, int64_t taps, int64_t size, int64_t *first,
                        int64_t *last) {
  *first = start < 0 ? (-start + dilation - 1) / dilation : 0;
  *last = start >= size ? 0 : (size - start + dilation - 1) / dilation;
  if (*last > taps) *last = taps;
  if (*first > *last) *first = *last;
}

static void route(const pool_gradient_run *r, int64_t image, int64_t oy, int64_t ox, size_t channel, size_t count,
                  float *maximum, float *open) {
  const vn_window *w = r->window;
  const int64_t iy = oy * w->stride_h - w->pad_top, ix = ox * w->stride_w - w->pad_left;
  int64_t y0, y1, x0, x1;
  taps_inside(iy, w->dilation_h, w->kh, w->h, &y0, &y1);
  taps_inside(ix, w->dilation_w, w->kw, w->w, &x0, &x1);
  if (y0 == y1 || x0 == x1) return;
  const float *g = r->g + image * w->y_image + oy * w->y_row + ox * w->y_pixel + (int64_t)channel;
  const int64_t base = image * w->x_image + (int64_t)channel;
  if (r->x) {
    bool first = true;
    for (int64_t ky = y0; ky < y1; ky++)
      for (int64_t kx = x0; kx < x1; kx++, first = false)
        r->k->accumulate(VN_REDUCE_MAX, first, count,
                         r->x + base + (iy + ky * w->dilation_h) * w->x_row +
                             (ix + kx * w->dilation_w) * w->x_pixel,
                         maximum);
    for (size_t c = 0; c < count; c++) open[c] = 1;
    for (int64_t ky = y0; ky < y1; ky++)
      for (int64_t kx = x0; kx < x1; kx++) {
        const int64_t at = base + (iy + ky * w->dilation_h) * w->x_row + (ix + kx * w->dilation_w) * w->x_pixel;
        r->k->route_maximum(count, r->x + at, maximum, g, open, r->gx + at);
      }
    return;
  }
  int64_t area = (y1 - y0) * (x1 - x0);
  if (w->count_include_pad) {
    int64_t py0, py1, px0, px1;
    taps_inside(iy + w->pad_top, w->dilation_h, w->kh, (int64_t)w->h + w->pad_top + w->pad_bottom, &py0, &py1);
    taps_inside(ix + w->pad_left, w->dilation_w, w->kw, (int64_t)w->w + w->pad_left + w->pad_right, &px0, &px1);
    area = (py1 - py0) * (px1 - px0);
  }
  r->k->unary(VN_AFFINE, 1 / (float)area, 0, count, g, maximum);
  for (int64_t ky = y0; ky < y1; ky++)
    for (int64_t kx = x0; kx < x1; kx++)
      r->k->accumulate(VN_SUM, false, count, maximum,
                       r->gx + base + (iy + ky * w->dilation_h) * w->x_row +
                           (ix + kx * w->dilation_w) * w->x_pixel);
}

/// Some channels of one image. Windows overlap, so an item computes all of them.
static void pool_gradient_item(void *context, size_t index, int worker) {
  const pool_gradient_run *r = context;
  const vn_window *w = r->window;
  const int64_t image = (int64_t)(index / r->channel_chunks);
  const size_t channel = index % r->channel_chunks * r->channels_per_item;
  const size_t count = vn_smaller(r->channels_per_item, (size_t)w->c - channel);
  float *maximum = r->workers + (size_t)worker * r->worker_floats, *open = maximum + r->channels_per_item;
  for (int32_t iy = 0; iy < w->h; iy++)
    for (int32_t ix = 0; ix < w->w; ix++)
      memset(r->gx + image * w->x_image + iy * w->x_row + ix * w->x_pixel + (int64_t)channel, 0,
             count * sizeof(float));
  for (int32_t oy = 0; oy < w->oh; oy++)
    for (int32_t ox = 0; ox < w->ow; ox++) route(r, image, oy, ox, channel, count, maximum, open);
}

static void cut_channels(const vn_window *w, pool_gradient_run *r) {
  const size_t channels = (size_t)w->c, images = vn_larger(1, (size_t)w->n);
  const size_t wanted = vn_smaller(vn_divide_up(16, images), vn_larger(1, channels / 64));
  r->channels_per_item = vn_divide_up(vn_divide_up(channels, wanted), 64) * 64;
  r->channel_chunks = vn_divide_up(channels, r->channels_per_item);
  r->worker_floats = 2 * r->channels_per_item;
}

size_t vn_pool_backward_scratch_floats(const vn_window *window, int threads) {
  pool_gradient_run r = {0};
  if (window->c <= 0) return 0;
  cut_channels(window, &r);
  return 16 + r.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

static void run_pool_gradient(pool_gradient_run *r, float *scratch, vn_pool *pool) {
  if (r->window->c <= 0) return;
  cut_channels(r->window, r);
  r->workers = vn_align(scratch);
  vn_pool_run(pool, (size_t)r->window->n * r->channel_chunks, pool_gradient_item, r);
}

void vn_max_pool_backward(const vn_kernels *k, const vn_window *window, const float *g, const float *x, float *gx,
                          float *scratch, vn_pool *pool) {
  pool_gradient_run r = {.k = k, .window = window, .g = g, .x = x, .gx = gx};
  run_pool_gradient(&r, scratch, pool);
}

void vn_average_pool_backward(const vn_kernels *k, const vn_window *window, const float *g, float *gx,
                              float *scratch, vn_pool *pool) {
  pool_gradient_run r = {.k = k, .window = window, .g = g, .gx = gx};
  run_pool_gradient(&r, scratch, pool);
}

// MARK: Cross-entropy

typedef struct entropy_run {
  const vn_kernels *k;
  const vn_cross_entropy *loss;
  const float *logits, *targets, *weights;
  const int64_t *labels;
  double scale, all_weights;
  double *losses;         ///< one for each row
  double *exponentials;   ///< `classes` for each worker
  float *grad;            ///< or NULL
  size_t rows_per_item;
} entropy_run;

static bool is_ignored(const vn_cross_entropy *loss, const int64_t *labels, size_t row) {
  return labels && loss->has_ignored && labels[row] == loss->ignored;
}

/// In double precision, since the gradient cancels where probabilities are near their targets.
static void entropy_of(const entropy_run *r, size_t i, double *exponentials) {
  const size_t classes = r->loss->classes;
  const double smoothing = (double)r->loss->smoothing, share = smoothing / (double)classes;
  const float *x = r->logits + i * classes, *weights = r->weights;
  const double maximum = (double)r->k->reduce(VN_REDUCE_MAX, classes, x);
  double sum = 0;
  size_t largest = classes;
  for (size_t c = 0; c < classes; c++) {
    if (largest == classes && (double)x[c] == maximum) {
      largest = c;
      continue;
    }
    exponentials[c] = exp((double)x[c] - maximum);
    sum += exponentials[c];
  }
  // The sum without the largest term, so that nothing is lost where that term is nearly all of it.
  const double rest = largest < classes ? sum : sum - 1;
  const double logarithm = log1p(rest) + maximum;
  // Σ of target · weight over the classes, and of that times the logit.
  double mass = 0, product = 0;
  if (r->targets) {
    const float *targets = r->targets + i * classes;
    for (size_t c = 0; c < classes; c++) {
      const double w = weights ? (double)weights[c] : 1;
      const double t = w * ((double)targets[c] * (1 - smoothing) + share);
      mass += t;
      if (t != 0) product += t * (double)x[c];
    }
  } else {
    const size_t label = (size_t)r->labels[i];
    const double w = weights ? (double)weights[label] : 1;
    mass = w * (1 - smoothing) + share * r->all_weights;
    product = w * (1 - smoothing) * (double)x[label];
    if (share != 0)
      for (size_t c = 0; c < classes; c++) product += share * (weights ? (double)weights[c] : 1) * (double)x[c];
  }
  r->losses[i] = mass * logarithm - product;
  if (!r->grad) return;
  float *y = r->grad + i * classes;
  const double spread = r->scale * mass / (1 + rest);
  for (size_t c = 0; c < classes; c++) {
    double t = r->targets ? (double)r->targets[i * classes + c] : (c == (size_t)r->labels[i] ? 1 : 0);
    t = (weights ? (double)weights[c] : 1) * (t * (1 - smoothing) + share);
    // scale · (mass · part / (1 + rest) − t), without the difference of two numbers near 1.
    y[c] = c == largest ? (float)(r->scale * ((mass - t) - t * rest) / (1 + rest))
                        : (float)(spread * exponentials[c] - r->scale * t);
  }
}

static void entropy_item(void *context, size_t index, int worker) {
  const entropy_run *r = context;
  const size_t classes = r->loss->classes, first = index * r->rows_per_item;
  const size_t last = vn_smaller(first + r->rows_per_item, r->loss->rows);
  for (size_t i = first; i < last; i++) {
    if (is_ignored(r->loss, r->labels, i)) {
      r->losses[i] = 0;
      if (r->grad) memset(r->grad + i * classes, 0, classes * sizeof(float));
    } else {
      entropy_of(r, i, r->exponentials + (size_t)worker * classes);
    }
  }
}

size_t vn_cross_entropy_scratch_floats(const vn_cross_entropy *loss, int threads) {
  return 16 + 2 * (loss->rows + loss->classes * (size_t)(threads < 1 ? 1 : threads));
}

int64_t vn_softmax_cross_entropy(const vn_kernels *k, const vn_cross_entropy *loss, const float *logits,
                                 const int64_t *labels, const float *targets, const float *weights, float factor,
                                 float *value, float *grad, float *scratch, vn_pool *pool) {
  const size_t classes = loss->classes;
  double divisor = 0, total = 0;
  entropy_run r = {.k = k, .loss = loss, .logits = logits, .targets = targets, .weights = weights, .labels = labels,
                   .grad = grad, .losses = (double *)vn_align(scratch),
                   .rows_per_item = vn_divide_up(entropy_elements, vn_larger(1, classes))};
  r.exponentials = r.losses + loss->rows;
  for (size_t c = 0; c < classes; c++) r.all_weights += weights ? (double)weights[c] : 1;
  for (size_t i = 0; i < loss->rows; i++) {
    if (is_ignored(loss, labels, i)) continue;
    if (labels && (labels[i] < 0 || labels[i] >= (int64_t)classes)) return (int64_t)i;
    divisor += labels && weights ? (double)weights[labels[i]] : 1;
  }
  r.scale = loss->mean ? (double)factor / divisor : (double)factor;
  vn_pool_run(pool, vn_divide_up(loss->rows, r.rows_per_item), entropy_item, &r);
  for (size_t i = 0; i < loss->rows; i++) total += r.losses[i];
  if (value) *value = (float)(loss->mean ? total / divisor : total);
  return -1;
}
