// Convolution of narrow groups: a vector holds the channels of several groups.
//
//   for each row of outputs and range of channels                            (threads share them)
//     point to the pixels that its taps read
//     for some outputs of the row at once                                    (template/grouped.h)
//       for each vector of channels
//         sums = 0
//         for each tap, and each input i of a group
//           sums += (input i of each group, for all outputs of the group) · w[tap][i][channels]
//         y = activation(sums + bias + residual)
//
// Products are summed in the order of the implicit im2col.
#include "vn_grouped.h"

#include <string.h>

#include "../shared/convolution_plan.h"

/// Multiply-adds of an item.
static const double item_work = 4e5;
/// Channels of an item are multiples of this.
enum { channel_unit = 64 };

typedef struct grouped_plan {
  size_t inputs, outputs, pitch;  ///< channels of a group, and of a row of packed weights
  size_t row_chunks, channel_chunks, channels_per_item, table_columns;
  size_t zero_floats, worker_floats;
} grouped_plan;

typedef struct grouped_run {
  const vn_kernels *k;
  const vn_conv *conv;
  grouped_plan plan;
  const float *x, *packed, *bias, *residual, *zeros;
  float *y, *workers;
  float low, high;
  bool clamped;
} grouped_run;

static size_t pitch_of(const vn_kernels *k, const vn_conv *conv) {
  const size_t lanes = (size_t)k->lanes;
  return vn_divide_up((size_t)conv->o, lanes) * lanes;
}

static grouped_plan plan_of(const vn_kernels *k, const vn_conv *conv) {
  grouped_plan plan = {.inputs = (size_t)(conv->c / conv->groups), .outputs = (size_t)(conv->o / conv->groups),
                       .pitch = pitch_of(k, conv)};
  const size_t rows = (size_t)conv->n * (size_t)conv->oh, channels = (size_t)conv->o;
  if (rows == 0 || conv->ow == 0) return plan;
  const double row_work = (double)conv->ow * (double)(channels * plan.inputs) * conv->kh * conv->kw;
  const size_t units = vn_divide_up(channels, channel_unit);
  plan.row_chunks = vn_divide_up(rows, vn_whole(item_work / row_work) + 1);
  // Few rows of many channels: threads share the channels.
  const size_t wanted = row_work * (double)rows < item_work ? 1 : vn_divide_up(16, plan.row_chunks);
  plan.channels_per_item = vn_divide_up(units, vn_smaller(wanted, units)) * channel_unit;
  plan.channel_chunks = vn_divide_up(channels, plan.channels_per_item);
  plan.table_columns = vn_depthwise_columns(conv);
  plan.zero_floats = (size_t)(conv->c + 15) / 16 * 16;
  plan.worker_floats = ((size_t)conv->kh * plan.table_columns * (sizeof(float *) / sizeof(float)) + 31) / 16 * 16;
  return plan;
}

bool vn_grouped_applies(const vn_kernels *k, const vn_conv *conv) {
  if (conv->groups < 2 || conv->pair_units > 0) return false;
  const int32_t inputs = conv->c / conv->groups, outputs = conv->o / conv->groups;
  const bool divides = outputs == 2 || outputs == 4 || outputs == 8 || outputs == 16;
  return divides && outputs <= k->lanes && inputs <= outputs;
}

size_t vn_grouped_packed_floats(const vn_kernels *k, const vn_conv *conv) {
  return (size_t)conv->kh * (size_t)conv->kw * (size_t)(conv->c / conv->groups) * pitch_of(k, conv);
}

void vn_grouped_pack(const vn_kernels *k, const vn_conv *conv, const float *oihw, float *packed) {
  const size_t taps = (size_t)conv->kh * (size_t)conv->kw, inputs = (size_t)(conv->c / conv->groups);
  const size_t pitch = pitch_of(k, conv);
  memset(packed, 0, vn_grouped_packed_floats(k, conv) * sizeof(float));
  for (size_t o = 0; o < (size_t)conv->o; o++)
    for (size_t i = 0; i < inputs; i++)
      for (size_t tap = 0; tap < taps; tap++) packed[(tap * inputs + i) * pitch + o] = oihw[(o * inputs + i) * taps + tap];
}

size_t vn_grouped_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  const grouped_plan plan = plan_of(k, conv);
  return 16 + plan.zero_floats + plan.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

static void grouped_item(void *context, size_t index, int worker) {
  const grouped_run *r = context;
  const vn_conv *conv = r->conv;
  const grouped_plan *plan = &r->plan;
  const size_t rows = (size_t)conv->n * (size_t)conv->oh;
  const size_t chunk = index / plan->channel_chunks, channel_chunk = index % plan->channel_chunks;
  const float **table = (const float **)(r->workers + (size_t)worker * plan->worker_floats);
  vn_depthwise_row row = {
      .columns = table, .column_stride = plan->table_columns, .kh = conv->kh, .kw = conv->kw,
      .stride = vn_depthwise_stride(conv), .ow = conv->ow, .group_inputs = plan->inputs, .group_outputs = plan->outputs,
      .weights = r->packed, .weight_pitch = plan->pitch,
      .bias = r->bias, .residual_pixel = conv->r_pixel, .y_pixel = conv->y_pixel,
      .first = channel_chunk * plan->channels_per_item, .low = r->low, .high = r->high};
  row.last = vn_smaller(row.first + plan->channels_per_item, (size_t)conv->o);
  const size_t begin = chunk * rows / plan->row_chunks, end = (chunk + 1) * rows / plan->row_chunks;
  for (size_t at = begin; at < end; at++) {
    const int64_t image = (int64_t)(at / (size_t)conv->oh), oy = (int64_t)(at % (size_t)conv->oh);
    vn_depthwise_point(conv, r->x, r->zeros, image, oy, 0, table);
    row.y = r->y + image * conv->y_image + oy * conv->y_row;
    row.residual = r->residual ? r->residual + image * conv->r_image + oy * conv->r_row : NULL;
    r->k->grouped(&row);
    if (r->clamped) continue;
    r->k->unary_runs(conv->activation, conv->alpha, conv->beta, row.last - row.first, (size_t)conv->ow, conv->y_pixel,
                     row.y + row.first);
  }
}

void vn_grouped_run(const vn_kernels *k, const vn_conv *conv, const float *x, const float *packed, const float *bias,
                    const float *residual, float *y, float *scratch, vn_pool *pool) {
  grouped_run r = {.k = k, .conv = conv, .plan = plan_of(k, conv), .x = x, .packed = packed, .bias = bias,
                   .residual = residual, .y = y};
  if (r.plan.row_chunks == 0) return;
  float *zeros = vn_align(scratch);
  memset(zeros, 0, r.plan.zero_floats * sizeof(float));
  r.zeros = zeros;
  r.workers = zeros + r.plan.zero_floats;
  r.clamped = vn_clamp_of(conv->activation, conv->alpha, conv->beta, &r.low, &r.high);
  vn_pool_run(pool, r.plan.row_chunks * r.plan.channel_chunks, grouped_item, &r);
}
