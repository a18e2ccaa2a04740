// Winograd's algorithm in training: all tiles are full ones of F(4×4, 3×3), and weights are transformed on each call, in single
// precision.
#include "winograd_plan.h"

/// With fewer tiles, transforming the weights takes too long.
enum { few_training_tiles = 16, few_training_channels = 16 };

typedef struct weights_run {
  const vn_kernels *k;
  const float *packed;
  float *target;
  size_t inputs, outputs, lanes, parts, point_packed;
} weights_run;

/// Transforms one panel's weights for a part of the inputs.
static void weights_item(void *context, size_t index, int worker) {
  (void)worker;
  const weights_run *r = context;
  const size_t first = index / r->parts * 2 * r->lanes, part = index % r->parts;
  const size_t columns = r->outputs - first > r->lanes ? 2 * r->lanes : r->lanes;
  const size_t begin = part * r->inputs / r->parts, end = (part + 1) * r->inputs / r->parts;
  const vn_winograd_weights weights = {.in = r->packed + first * 9 * r->inputs + begin * columns,
                                       .in_step = r->inputs * columns,
                                       .out = r->target + first * r->inputs + begin * columns,
                                       .out_step = r->point_packed,
                                       .count = (end - begin) * columns};
  r->k->winograd_weights(&weights);
}

bool vn_winograd_applies_in_training(const vn_conv *conv) {
  return !vn_winograd_is_strided(conv) && !vn_winograd_is_dilated(conv) && vn_winograd_applies(conv);
}

bool vn_winograd_pays_in_training(const vn_kernels *k, const vn_conv *conv) {
  if (!vn_winograd_applies_in_training(conv) || !vn_winograd_pays(k, conv)) return false;
  // Weights are transformed on each call, which few channels do not pay for.
  if (conv->c < few_training_channels || conv->o < few_training_channels) return false;
  // In training every tile is computed whole, even beyond the edge.
  const vn_winograd_tiles tiles = vn_winograd_tiles_of(conv, vn_winograd_side, false);
  const size_t used = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  return tiles.count >= few_training_tiles && 2 * used >= tiles.count * vn_winograd_side * vn_winograd_side;
}

size_t vn_winograd_training_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  const vn_winograd_plan plan = vn_winograd_plan_of(k, conv, vn_winograd_side, true, 1);
  return 32 + vn_winograd_point_start(&plan, plan.points) + vn_winograd_scratch_floats_of(k, conv, vn_winograd_side, true, threads);
}

void vn_winograd_training_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed,
                              const float *bias, const float *residual, float *y, float *scratch, vn_pool *pool) {
  const vn_winograd_plan plan = vn_winograd_plan_of(k, conv, vn_winograd_side, true, 1);
  weights_run r = {.k = k, .packed = packed, .target = vn_align(scratch), .inputs = (size_t)conv->c,
                   .outputs = (size_t)conv->o, .lanes = (size_t)k->lanes, .point_packed = vn_winograd_point_start(&plan, 1)};
  r.parts = vn_divide_up(r.inputs, 64);
  vn_pool_run(pool, plan.panels * r.parts, weights_item, &r);
  float *rest = r.target + vn_winograd_point_start(&plan, plan.points);
  vn_winograd_run_of(k, conv, conv, vn_winograd_side, true, x, r.target, bias, residual, y, rest, pool);
}
