// The gradient of a convolution with respect to its input: for each residue of the output position modulo the stride, a
// convolution of stride 1 over the gradient with the taps that meet there, turned around.
#include <string.h>

#include "normalizing.h"
#include "vn_winograd.h"

/// Where one axis of the input meets the taps: positions s·q + residue read the taps first + j·step of the kernel.
typedef struct axis_phase {
  int32_t count;     ///< of positions q
  int32_t taps;      ///< how many taps meet there, 0 for none
  int32_t first, step;
  int32_t dilation;  ///< in positions of the gradient
  int32_t pad;
} axis_phase;

static int32_t common_divisor(int32_t a, int32_t b) {
  while (b) {
    int32_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

static axis_phase phase_of(int32_t residue, int32_t size, int32_t kernel, int32_t stride, int32_t dilation,
                           int32_t pad) {
  axis_phase p = {.count = residue < size ? (size - residue + stride - 1) / stride : 0};
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

/// The convolution of one phase: o and c exchanged.
static vn_conv phase_conv(const vn_conv *conv, axis_phase v, axis_phase h) {
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
  axis_phase v, h;
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

typedef struct clearing {
  const vn_conv *conv;
  axis_phase v, h;
  int32_t top, left;
  float *gx;
} clearing;

static void clear_item(void *context, size_t index, int worker) {
  (void)worker;
  const clearing *c = context;
  const vn_conv *conv = c->conv;
  const int64_t image = (int64_t)(index / (size_t)c->v.count), row = (int64_t)(index % (size_t)c->v.count);
  float *gx = c->gx + image * conv->x_image + (row * conv->stride_h + c->top) * conv->x_row +
              c->left * conv->x_pixel;
  for (int32_t i = 0; i < c->h.count; i++)
    memset(gx + i * conv->stride_w * conv->x_pixel, 0, (size_t)conv->c * sizeof(float));
}

/// What the gradient of a convolution of stride 1 is; of another stride only the first of its parts.
static vn_conv first_phase(const vn_conv *conv) {
  return phase_conv(conv, phase_of(0, conv->h, conv->kh, conv->stride_h, conv->dilation_h, conv->pad_top),
                    phase_of(0, conv->w, conv->kw, conv->stride_w, conv->dilation_w, conv->pad_left));
}

bool vn_conv_backward_data_winograd_applies(const vn_conv *conv) {
  const vn_conv turned = first_phase(conv);
  return vn_winograd_applies(conv) && vn_winograd_applies(&turned);
}

bool vn_conv_backward_data_winograd_pays(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv turned = first_phase(conv);
  return vn_conv_backward_data_winograd_applies(conv) && vn_winograd_pays_in_training(k, &turned);
}

size_t vn_conv_backward_data_scratch_floats(const vn_kernels *k, const vn_conv *conv, bool winograd, int threads) {
  size_t packed = 0, rest = 0;
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      axis_phase v = phase_of(top, conv->h, conv->kh, conv->stride_h, conv->dilation_h, conv->pad_top);
      axis_phase h = phase_of(left, conv->w, conv->kw, conv->stride_w, conv->dilation_w, conv->pad_left);
      if (v.taps == 0 || h.taps == 0 || v.count == 0 || h.count == 0) continue;
      vn_conv phase = phase_conv(conv, v, h);
      packed = vn_larger(packed, vn_conv_packed_floats(k, &phase));
      rest = vn_larger(rest, winograd ? vn_winograd_training_scratch_floats(k, &phase, threads)
                                      : vn_conv_scratch_floats(k, &phase, threads));
    }
  return 32 + (packed + 15) / 16 * 16 + rest;
}

bool vn_conv_backward_data_normalizes_operand(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv turned = first_phase(conv);
  return turned.kh > 0 && turned.kw > 0 && turned.oh > 0 && turned.ow > 0 && vn_conv_normalizes_operand(k, &turned);
}

bool vn_conv_backward_data_sums_result(const vn_conv *conv) {
  const bool depthwise = conv->groups > 1 && conv->groups == conv->c && conv->groups == conv->o;
  const bool dense = conv->x_pixel == conv->c && conv->x_row == conv->w * conv->x_pixel &&
                     conv->x_image == conv->h * conv->x_row;
  if (!dense || conv->n == 0) return false;
  if (conv->stride_h == 1 && conv->stride_w == 1) return conv->groups == 1 || depthwise;
  // Every pixel of the result must be met by a tap.
  return depthwise && conv->dilation_h == 1 && conv->dilation_w == 1 && conv->kh >= conv->stride_h &&
         conv->kw >= conv->stride_w && conv->h >= conv->stride_h && conv->w >= conv->stride_w;
}

/// The chunks of the phases before one, in the order in which they are computed.
static size_t chunks_before(const vn_kernels *k, const vn_conv *conv, bool normalizes, int32_t end_top,
                            int32_t end_left) {
  size_t chunks = 0;
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      if (top == end_top && left == end_left) return chunks;
      const axis_phase v = phase_of(top, conv->h, conv->kh, conv->stride_h, conv->dilation_h, conv->pad_top);
      const axis_phase h = phase_of(left, conv->w, conv->kw, conv->stride_w, conv->dilation_w, conv->pad_left);
      const vn_conv phase = phase_conv(conv, v, h);
      chunks += vn_conv_normalization_chunks(k, &phase, normalizes && top == 0 && left == 0);
    }
  return chunks;
}

size_t vn_conv_backward_data_normalization_chunks(const vn_kernels *k, const vn_conv *conv, bool normalizes) {
  return chunks_before(k, conv, normalizes, conv->stride_h, 0);
}

static void backward_data(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                          const float *g, const float *packed, const float *addend, float *gx, bool winograd,
                          float *scratch, vn_pool *pool);

void vn_conv_backward_data(const vn_kernels *k, const vn_conv *conv, const float *g, const float *packed,
                           const float *addend, float *gx, bool winograd, float *scratch, vn_pool *pool) {
  backward_data(k, conv, NULL, g, packed, addend, gx, winograd, scratch, pool);
}

void vn_conv_backward_data_normalizing(const vn_kernels *k, const vn_conv *conv,
                                       const vn_conv_normalization *normalization, const float *g,
                                       const float *packed, float *gx, float *scratch, vn_pool *pool) {
  backward_data(k, conv, normalization, g, packed, NULL, gx, false, scratch, pool);
}

/// One phase with its part in the normalisations: the first computes the operand, which the others read.
static void run_phase(const vn_kernels *k, const vn_conv *conv, const vn_conv *phase, int32_t top, int32_t left,
                      const vn_conv_normalization *normalization, const float *g, const float *turned,
                      const float *addend, float *gx, float *scratch, vn_pool *pool) {
  if (normalization == NULL) {
    vn_conv_run(k, phase, g, turned, NULL, addend, gx, scratch, pool);
    return;
  }
  const bool normalizes = normalization->source != NULL;
  vn_conv_normalization own = *normalization;
  if (top > 0 || left > 0) own.source = NULL;
  if (own.result_x) own.result_x += top * conv->x_row + left * conv->x_pixel;
  const vn_normalizing part = {.n = &own,
                               .first_chunk = chunks_before(k, conv, normalizes, top, left),
                               .chunks = vn_conv_backward_data_normalization_chunks(k, conv, normalizes)};
  vn_conv_run_with(k, phase, part, (vn_pairs){0}, g, turned, NULL, addend, gx, scratch, pool);
}

static void backward_data(const vn_kernels *k, const vn_conv *conv, const vn_conv_normalization *normalization,
                          const float *g, const float *packed, const float *addend, float *gx, bool winograd,
                          float *scratch, vn_pool *pool) {
  if (conv->n == 0) return;
  vn_conv_plan forward = vn_conv_plan_make(k, conv);
  float *turned = vn_align(scratch);
  for (int32_t top = 0; top < conv->stride_h; top++)
    for (int32_t left = 0; left < conv->stride_w; left++) {
      axis_phase v = phase_of(top, conv->h, conv->kh, conv->stride_h, conv->dilation_h, conv->pad_top);
      axis_phase h = phase_of(left, conv->w, conv->kw, conv->stride_w, conv->dilation_w, conv->pad_left);
      if (v.count == 0 || h.count == 0) continue;
      if (v.taps == 0 || h.taps == 0) {
        if (addend == gx) continue;
        clearing c = {.conv = conv, .v = v, .h = h, .top = top, .left = left, .gx = gx};
        vn_pool_run(pool, (size_t)conv->n * (size_t)v.count, clear_item, &c);
        continue;
      }
      vn_conv phase = phase_conv(conv, v, h);
      const size_t floats = vn_conv_packed_floats(k, &phase);
      turning t = {.k = k, .conv = conv, .v = v, .h = h, .depthwise = forward.depthwise, .source = packed,
                   .target = turned};
      if (forward.depthwise) {
        turn_item(&t, 0, 0);
      } else {
        t.inputs = forward.group_inputs;
        t.outputs = forward.group_outputs;
        t.source_group = forward.group_packed;
        t.target_group = floats / (size_t)conv->groups;
        t.panels = vn_divide_up(t.inputs, 2 * (size_t)k->lanes);
        vn_pool_run(pool, t.panels * (size_t)conv->groups, turn_item, &t);
      }
      const int64_t offset = top * conv->x_row + left * conv->x_pixel;
      const float *sum = addend ? addend + offset : NULL;
      float *rest = turned + (floats + 15) / 16 * 16;
      if (winograd)
        vn_winograd_training_run(k, &phase, g, turned, NULL, sum, gx + offset, rest, pool);
      else
        run_phase(k, conv, &phase, top, left, normalization, g, turned, sum, gx + offset, rest, pool);
    }
}
