// Which taps read each position of the input, and the turned weights for the gradient.
#include "convolution_phases.h"

#include <string.h>

static int32_t common_divisor(int32_t a, int32_t b) {
  while (b) {
    int32_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

vn_axis_phase vn_phase_of(int32_t residue, int32_t size, int32_t kernel, int32_t stride, int32_t dilation,
                          int32_t pad) {
  vn_axis_phase p = {.count = residue < size ? (size - residue + stride - 1) / stride : 0};
  const int32_t divisor = common_divisor(stride, dilation);
  p.step = stride / divisor;
  p.dilation = dilation / divisor;
  int32_t first = 0;
  while (first < kernel && (residue + pad - first * dilation) % stride != 0) first++;
  if (first >= kernel) return p;
  p.first = first;
  p.taps = (kernel - first - 1) / p.step + 1;
  p.pad = p.dilation * (p.taps - 1) - (residue + pad - first * dilation) / stride;
  return p;
}

vn_conv vn_phase_conv(const vn_conv *conv, vn_axis_phase v, vn_axis_phase h) {
  return (vn_conv){.n = conv->n, .h = conv->oh, .w = conv->ow, .c = conv->o, .oh = v.count, .ow = h.count,
                   .o = conv->c, .kh = v.taps, .kw = h.taps, .stride_h = 1, .stride_w = 1,
                   .dilation_h = v.dilation, .dilation_w = h.dilation, .pad_top = v.pad, .pad_left = h.pad,
                   .groups = conv->groups, .x_pixel = conv->y_pixel, .x_row = conv->y_row,
                   .x_image = conv->y_image, .y_pixel = conv->stride_w * conv->x_pixel,
                   .y_row = conv->stride_h * conv->x_row, .y_image = conv->x_image,
                   .r_pixel = conv->stride_w * conv->x_pixel, .r_row = conv->stride_h * conv->x_row,
                   .r_image = conv->x_image};
}

typedef struct turning {
  const vn_kernels *k;
  const vn_conv *conv;
  vn_axis_phase v, h;
  size_t inputs, outputs;              ///< of one group of the forward convolution
  size_t source_group, target_group;   ///< packed floats of a group
  size_t panels;                       ///< of a group of the target
  bool depthwise;
  const float *source;
  float *target;
} turning;

/// Fills one panel of the turned weights.
static void turn_item(void *context, size_t index, int worker) {
  (void)worker;
  const turning *t = context;
  const vn_conv *conv = t->conv;
  if (t->depthwise) {
    const size_t channels = (size_t)conv->c;
    for (int32_t i = 0; i < t->v.taps; i++)
      for (int32_t j = 0; j < t->h.taps; j++) {
        const int32_t ky = t->v.first + (t->v.taps - 1 - i) * t->v.step;
        const int32_t kx = t->h.first + (t->h.taps - 1 - j) * t->h.step;
        memcpy(t->target + (size_t)(i * t->h.taps + j) * channels,
               t->source + (size_t)(ky * conv->kw + kx) * channels, channels * sizeof(float));
      }
    return;
  }
  const size_t lanes = (size_t)t->k->lanes, nr = 2 * lanes;
  const size_t group = index / t->panels, panel = index % t->panels, column = panel * nr;
  const size_t width = vn_smaller(nr, t->inputs - column), columns = width > lanes ? nr : lanes;
  const size_t taps = (size_t)t->v.taps * (size_t)t->h.taps;
  float *target = t->target + group * t->target_group + column * taps * t->outputs;
  if (width < columns) memset(target, 0, columns * taps * t->outputs * sizeof(float));
  const size_t kernel = (size_t)conv->kh * (size_t)conv->kw;
  for (size_t tap = 0; tap < taps; tap++) {
    const int32_t i = (int32_t)(tap / (size_t)t->h.taps), j = (int32_t)(tap % (size_t)t->h.taps);
    const size_t ky = (size_t)(t->v.first + (t->v.taps - 1 - i) * t->v.step);
    const size_t kx = (size_t)(t->h.first + (t->h.taps - 1 - j) * t->h.step);
    for (size_t o = 0; o < t->outputs; o += nr) {
      const size_t count = vn_smaller(nr, t->outputs - o), pitch = count > lanes ? nr : lanes;
      const float *source = t->source + group * t->source_group + o * kernel * t->inputs +
                            ((ky * (size_t)conv->kw + kx) * t->inputs + column) * pitch;
      t->k->transpose(width, count, source, (int64_t)pitch, target + (tap * t->outputs + o) * columns,
                      (int64_t)columns);
    }
  }
}
void vn_turn_weights(const vn_kernels *k, const vn_conv *conv, vn_axis_phase v, vn_axis_phase h, const float *packed,
                     float *turned, vn_pool *pool) {
  const vn_conv_plan forward = vn_conv_plan_make(k, conv);
  turning t = {.k = k, .conv = conv, .v = v, .h = h, .depthwise = forward.depthwise, .source = packed,
               .target = turned};
  if (forward.depthwise) {
    turn_item(&t, 0, 0);
    return;
  }
  const vn_conv phase = vn_phase_conv(conv, v, h);
  t.inputs = forward.group_inputs;
  t.outputs = forward.group_outputs;
  t.source_group = forward.group_packed;
  t.target_group = vn_conv_packed_floats(k, &phase) / (size_t)conv->groups;
  t.panels = vn_divide_up(t.inputs, 2 * (size_t)k->lanes);
  vn_pool_run(pool, t.panels * (size_t)conv->groups, turn_item, &t);
}
