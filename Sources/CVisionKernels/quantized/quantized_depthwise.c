// Depthwise convolution of bytes: one output row and one block of channels at a time, with pixels found through pointers.
#include <string.h>

#include "quantized.h"

static int stride_of(const vn_qconv *conv) { return conv->dilation_w == 1 ? conv->stride_w : conv->kw; }

void vn_qdepthwise_plan(const vn_kernels *k, const vn_qconv *conv, vn_qconv_plan *plan) {
  const size_t lanes = (size_t)vn_qkernels_for(k, false)->lanes, block = 4 * lanes;
  plan->row_groups = vn_divide_up((size_t)conv->kh, 4);
  plan->blocks = vn_divide_up((size_t)conv->c, block);
  plan->block_bytes = 2 * block * 4 + plan->row_groups * (size_t)conv->kw * block * 4;
  plan->block_bytes = vn_round_up(plan->block_bytes, 64);
  const size_t rows = (size_t)conv->n * (size_t)conv->oh;
  if (rows == 0 || conv->ow == 0) return;
  const double work = (double)conv->ow * conv->c * conv->kh * conv->kw;
  plan->items = vn_divide_up(rows, vn_whole(4e5 / work) + 1);
  plan->table_columns = (size_t)(conv->ow - 1) * (size_t)stride_of(conv) + (size_t)conv->kw;
  plan->zero_bytes = vn_round_up((size_t)conv->c, 64);
  plan->worker_bytes = vn_round_up((size_t)conv->kh * plan->table_columns * sizeof(void *), 64);
}

/// The first channel of a block. The last block is moved back to end with the last channel, so that it is full.
static size_t first_channel(const vn_qconv *conv, size_t block, size_t size) {
  const size_t channels = (size_t)conv->c, first = block * size;
  return first + size > channels && channels >= size ? channels - size : first;
}

void vn_qdepthwise_pack(const vn_kernels *k, const vn_qconv *conv, const vn_qconv_plan *plan, const int8_t *oihw,
                        const int32_t *bias, const float *multipliers, uint8_t *packed) {
  const size_t lanes = (size_t)vn_qkernels_for(k, false)->lanes, size = 4 * lanes;
  const size_t kernel = (size_t)conv->kh * (size_t)conv->kw, kw = (size_t)conv->kw;
  memset(packed, 0, plan->blocks * plan->block_bytes);
  for (size_t b = 0; b < plan->blocks; b++, packed += plan->block_bytes) {
    const size_t first = first_channel(conv, b, size), count = vn_smaller(size, (size_t)conv->c - first);
    int32_t *biases = (int32_t *)packed;
    float *factors = (float *)(packed + size * 4);
    int8_t *weights = (int8_t *)(packed + 2 * size * 4);
    for (size_t i = 0; i < count; i++) {
      // The order of channels after bytes are interleaved within 128 bits.
      const size_t slot = i % 16 / 4 * lanes + i / 16 * 4 + i % 4;
      const int8_t *w = oihw + (first + i) * kernel;
      int32_t sum = 0;
      for (size_t t = 0; t < kernel; t++) sum += w[t];
      biases[slot] = (int32_t)((bias ? bias[first + i] : 0) - (int64_t)conv->x_zero * sum);
      factors[slot] = multipliers[first + i];
      for (size_t t = 0; t < kernel; t++) {
        const size_t ky = t / kw, kx = t % kw;
        weights[((ky / 4 * kw + kx) * size + slot) * 4 + ky % 4] = w[t];
      }
    }
  }
}

typedef struct qdepthwise_run {
  const vn_qkernels *q;
  const vn_qconv *conv;
  const vn_qconv_plan *plan;
  const uint8_t *x, *packed, *residual, *zeros;
  uint8_t *y, *workers;
} qdepthwise_run;

static void point_row(const qdepthwise_run *r, size_t image, int64_t oy, const uint8_t **table) {
  const vn_qconv *conv = r->conv;
  const size_t columns = r->plan->table_columns, channels = (size_t)conv->c;
  const int64_t stride = stride_of(conv);
  for (int32_t ky = 0; ky < conv->kh; ky++, table += columns) {
    const int64_t iy = oy * conv->stride_h - conv->pad_top + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const uint8_t *row = r->x + (image * (size_t)conv->h + (size_t)(inside ? iy : 0)) * (size_t)conv->w * channels;
    for (size_t i = 0; i < columns; i++) {
      int64_t ix = (int64_t)i - conv->pad_left;
      if (conv->dilation_w != 1)
        ix = (int64_t)i / stride * conv->stride_w + (int64_t)i % stride * conv->dilation_w - conv->pad_left;
      table[i] = inside && ix >= 0 && ix < conv->w ? row + ix * (int64_t)channels : r->zeros;
    }
  }
}

static void qdepthwise_item(void *context, size_t index, int worker) {
  const qdepthwise_run *r = context;
  const vn_qconv *conv = r->conv;
  const vn_qconv_plan *plan = r->plan;
  const size_t size = 4 * (size_t)r->q->lanes, rows = (size_t)conv->n * (size_t)conv->oh;
  const uint8_t **table = (const uint8_t **)(r->workers + (size_t)worker * plan->worker_bytes);
  vn_qdepthwise_row row = {.columns = table, .column_stride = plan->table_columns, .kh = conv->kh, .kw = conv->kw,
                           .stride = stride_of(conv), .ow = conv->ow, .pixel = (size_t)conv->c,
                           .result = &conv->result};
  const size_t end = (index + 1) * rows / plan->items;
  for (size_t at = index * rows / plan->items; at < end; at++) {
    point_row(r, at / (size_t)conv->oh, (int64_t)(at % (size_t)conv->oh), table);
    const size_t place = at * (size_t)conv->ow * (size_t)conv->c;
    row.y = r->y + place * (conv->result.floats ? sizeof(float) : 1);
    row.residual = r->residual ? r->residual + place : NULL;
    for (size_t b = 0; b < plan->blocks; b++) {
      const uint8_t *block = r->packed + b * plan->block_bytes;
      row.channel = first_channel(conv, b, size);
      row.count = vn_smaller(size, (size_t)conv->c - row.channel);
      row.bias = (const int32_t *)block;
      row.multipliers = (const float *)(block + size * 4);
      row.weights = (const int8_t *)block + 2 * size * 4;
      r->q->depthwise(&row);
    }
  }
}

void vn_qdepthwise_run(const vn_kernels *k, const vn_qconv *conv, const vn_qconv_plan *plan, const uint8_t *x,
                       const uint8_t *packed, const uint8_t *residual, void *y, uint8_t *scratch, vn_pool *pool) {
  if (plan->items == 0) return;
  memset(scratch, conv->x_zero, plan->zero_bytes);
  qdepthwise_run r = {.q = vn_qkernels_for(k, conv->avoids_dot_products), .conv = conv, .plan = plan, .x = x,
                      .packed = packed, .residual = residual, .zeros = scratch, .y = y,
                      .workers = scratch + plan->zero_bytes};
  vn_pool_run(pool, plan->items, qdepthwise_item, &r);
}
