// Losses that compare a prediction with a target element by element, and their gradients.
#include <math.h>

#include "vn_elementwise_loss.h"
#include "../shared/kernels.h"

/// Elements of an item, whose losses form one partial sum in `lanes` chains.
enum { item_elements = 4096, lanes = 8 };

typedef struct loss_run {
  const vn_elementwise_loss *loss;
  const float *p, *t, *weights;
  double factor;
  double *sums;  ///< one for each item
  float *gp;
} loss_run;

static double weight_at(const loss_run *r, size_t i) {
  return r->weights ? (double)r->weights[i % r->loss->weights] : 1;
}

static double smoothed(const loss_run *r, size_t i) {
  return (double)r->t[i] * (1 - r->loss->parameter) + r->loss->parameter / 2;
}

static double softplus(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }
static double sigmoid(double x) {
  const double e = exp(-fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/// Adds the losses of a range, element i to chain i mod `lanes`.
#define SUM_LOSSES(expression)                                        \
  for (size_t i = first; i < last; i++) {                             \
    const double d = (double)r->p[i] - (double)r->t[i];               \
    (void)d;                                                          \
    chains[i % lanes] += expression;                                  \
  }                                                                   \
  break

static void value_item(void *context, size_t index, int worker) {
  (void)worker;
  const loss_run *r = context;
  const size_t first = index * item_elements, last = vn_smaller(first + item_elements, r->loss->count);
  const double limit = r->loss->parameter;
  double chains[lanes] = {0};
  switch (r->loss->kind) {
    case VN_LOSS_SQUARE: SUM_LOSSES(weight_at(r, i) * d * d);
    case VN_LOSS_ABSOLUTE: SUM_LOSSES(weight_at(r, i) * fabs(d));
    case VN_LOSS_HUBER: SUM_LOSSES(weight_at(r, i) * (fabs(d) > limit ? limit * (fabs(d) - 0.5 * limit) : 0.5 * d * d));
    case VN_LOSS_BINARY:
      SUM_LOSSES(weight_at(r, i) * smoothed(r, i) * softplus(-(double)r->p[i]) +
                 (1 - smoothed(r, i)) * softplus((double)r->p[i]));
  }
  double sum = 0;
  for (size_t lane = 0; lane < lanes; lane++) sum += chains[lane];
  r->sums[index] = sum;
}

static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

#define DERIVE(expression)                                            \
  for (size_t i = first; i < last; i++) {                             \
    const double p = (double)r->p[i], d = p - (double)r->t[i];        \
    (void)d;                                                          \
    r->gp[i] = (float)(r->factor * (expression));                     \
  }                                                                   \
  return

static void gradient_item(void *context, size_t index, int worker) {
  (void)worker;
  const loss_run *r = context;
  const size_t first = index * item_elements, last = vn_smaller(first + item_elements, r->loss->count);
  const double limit = r->loss->parameter;
  switch (r->loss->kind) {
    case VN_LOSS_SQUARE: DERIVE(2 * weight_at(r, i) * d);
    case VN_LOSS_ABSOLUTE: DERIVE(weight_at(r, i) * sign(d));
    case VN_LOSS_HUBER: DERIVE(weight_at(r, i) * (fabs(d) > limit ? limit * sign(d) : d));
    case VN_LOSS_BINARY:
      DERIVE((1 - smoothed(r, i)) * sigmoid(p) - weight_at(r, i) * smoothed(r, i) * sigmoid(-p));
  }
}

static size_t items_of(const vn_elementwise_loss *loss) { return vn_divide_up(loss->count, item_elements); }

size_t vn_elementwise_loss_scratch_floats(const vn_elementwise_loss *loss) { return 16 + 2 * items_of(loss); }

float vn_elementwise_loss_value(const vn_elementwise_loss *loss, const float *p, const float *t, const float *weights,
                                float *scratch, vn_pool *pool) {
  loss_run r = {.loss = loss, .p = p, .t = t, .weights = weights, .sums = (double *)vn_align(scratch)};
  vn_pool_run(pool, items_of(loss), value_item, &r);
  double sum = 0;
  for (size_t i = 0; i < items_of(loss); i++) sum += r.sums[i];
  return (float)(loss->mean ? sum / (double)loss->count : sum);
}

void vn_elementwise_loss_gradient(const vn_elementwise_loss *loss, float factor, const float *p, const float *t,
                                  const float *weights, float *gp, vn_pool *pool) {
  loss_run r = {.loss = loss, .p = p, .t = t, .weights = weights, .gp = gp,
                .factor = loss->mean ? (double)factor / (double)loss->count : (double)factor};
  vn_pool_run(pool, items_of(loss), gradient_item, &r);
}
