// Packs weights for the micro-kernel: into panels of NR outputs, [taps · channels][NR].
#include <string.h>

#include "../shared/convolution_plan.h"

/// Packs `width` outputs' weights [ci][tap] to rows [tap][ci] of `columns` floats.
static void pack_panel(const vn_kernels *k, const float *weights, size_t inputs, size_t taps, size_t width,
                       size_t columns, float *panel) {
  const size_t depth = inputs * taps;
  if (taps == 1 && width == columns) {
    k->transpose(width, depth, weights, (int64_t)depth, panel, (int64_t)columns);
    return;
  }
  float rows[64 * 32];
  memset(rows, 0, sizeof rows);
  const size_t step = sizeof rows / sizeof *rows / columns;
  size_t ci = 0, tap = 0;
  for (size_t start = 0; start < depth; start += step) {
    size_t count = vn_smaller(step, depth - start);
    k->transpose(width, count, weights + start, (int64_t)depth, rows, (int64_t)columns);
    for (size_t i = 0; i < count; i++) {
      memcpy(panel + (tap * inputs + ci) * columns, rows + i * columns, columns * sizeof(float));
      if (++tap == taps) tap = 0, ci++;
    }
  }
}

void vn_conv_pack(const vn_kernels *k, const vn_conv *conv, const float *oihw, float *packed) {
  vn_conv_plan plan = vn_conv_plan_make(k, conv);
  const size_t taps = (size_t)conv->kh * (size_t)conv->kw;
  if (plan.depthwise) {
    k->transpose((size_t)conv->c, taps, oihw, (int64_t)taps, packed, conv->c);
    return;
  }
  const size_t lanes = (size_t)k->lanes;
  for (int32_t g = 0; g < conv->groups; g++) {
    const float *weights = oihw + (size_t)g * plan.group_outputs * plan.depth;
    float *panel = packed + (size_t)g * plan.group_packed;
    for (size_t column = 0; column < plan.group_outputs; column += plan.panel_columns) {
      size_t width = vn_smaller(plan.panel_columns, plan.group_outputs - column);
      size_t columns = width > lanes ? 2 * lanes : lanes;
      pack_panel(k, weights + column * plan.depth, plan.group_inputs, taps, width, columns, panel);
      panel += columns * plan.depth;
    }
  }
}

typedef struct scaling {
  const vn_kernels *k;
  const vn_conv_plan *plan;
  const float *packed, *factors;
  float *y;
} scaling;

/// One panel: rows of it belong to input channels in turn.
static void scale_panel(void *context, size_t panel, int worker) {
  (void)worker;
  const scaling *s = context;
  const vn_conv_plan *plan = s->plan;
  const size_t column = panel * plan->panel_columns, lanes = (size_t)s->k->lanes;
  const size_t columns = plan->group_outputs - column > lanes ? 2 * lanes : lanes, inputs = plan->group_inputs;
  const float *x = s->packed + column * plan->depth;
  float *y = s->y + column * plan->depth;
  for (size_t row = 0; row < plan->depth; row++, x += columns, y += columns)
    s->k->binary(VN_MUL, columns, x, 1, s->factors + row % inputs, 0, y);
}

void vn_conv_scale_inputs(const vn_kernels *k, const vn_conv *conv, const float *packed, const float *factors, float *y,
                          vn_pool *pool) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  scaling s = {.k = k, .plan = &plan, .packed = packed, .factors = factors, .y = y};
  vn_pool_run(pool, plan.panels, scale_panel, &s);
}

void vn_conv_unpack(const vn_kernels *k, const vn_conv *conv, const float *packed, float *oihw) {
  vn_conv_plan plan = vn_conv_plan_make(k, conv);
  const size_t taps = (size_t)conv->kh * (size_t)conv->kw;
  if (plan.depthwise) {
    k->transpose(taps, (size_t)conv->c, packed, conv->c, oihw, (int64_t)taps);
    return;
  }
  const size_t lanes = (size_t)k->lanes;
  for (int32_t g = 0; g < conv->groups; g++) {
    float *weights = oihw + (size_t)g * plan.group_outputs * plan.depth;
    const float *panel = packed + (size_t)g * plan.group_packed;
    for (size_t column = 0; column < plan.group_outputs; column += plan.panel_columns) {
      const size_t width = vn_smaller(plan.panel_columns, plan.group_outputs - column);
      const size_t columns = width > lanes ? 2 * lanes : lanes;
      for (size_t j = 0; j < width; j++)
        for (size_t ci = 0; ci < plan.group_inputs; ci++)
          for (size_t tap = 0; tap < taps; tap++)
            weights[(column + j) * plan.depth + ci * taps + tap] =
                panel[(tap * plan.group_inputs + ci) * columns + j];
      panel += columns * plan.depth;
    }
  }
}
