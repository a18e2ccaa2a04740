// How a convolution of bytes is cut into items, and its packed weights.
#include <string.h>

#include "../shared/amx.h"
#include "quantized_matrix.h"

/// Multiply-adds of an item: they take much longer than claiming it.
static const double item_work = 4e6;
/// Up to these sizes in bytes, weights stay in the second-level cache from tile to tile, and a panel in the first-level cache.
enum { cached_weights = 256 * 1024, cached_panel = 24 * 1024 };
enum { pointer_table_bytes = 48 * 1024 };
/// Below these, the instructions for dot products are faster than a processor's tiles.
enum { fewest_matrix_rows = 8, fewest_matrix_words = 2, fewest_matrix_depth = 10 };

const vn_qkernels *vn_qkernels_for(const vn_kernels *k, bool avoids_dot_products) {
#if defined(__x86_64__)
  if (k->isa == VN_AVX512)
    return !avoids_dot_products && __builtin_cpu_supports("avx512vnni") ? &vn_qkernels_avx512_vnni
                                                                        : &vn_qkernels_avx512;
  if (k->isa == VN_AVX2)
    return !avoids_dot_products && __builtin_cpu_supports("avxvnni") ? &vn_qkernels_avx2_vnni
                                                                     : &vn_qkernels_avx2;
#elif defined(__aarch64__)
  if (k->isa == VN_NEON) {
    if (avoids_dot_products || !vn_has_neon_dot_products()) return &vn_qkernels_neon;
    return vn_has_neon_i8mm() ? &vn_qkernels_neon_i8mm : &vn_qkernels_neon_dot;
  }
#endif
  (void)k, (void)avoids_dot_products;
  return &vn_qkernels_portable;
}

const vn_qmatrix *vn_qmatrix_for(const vn_kernels *k, const vn_qconv *conv) {
#if defined(__x86_64__)
  if (vn_kernels_isa(k) != VN_AVX512 || conv->avoids_dot_products) return NULL;
  if (conv->models_tiles) return &vn_qmatrix_model;
  if (vn_has_amx_int8()) return &vn_qmatrix_amx;
#endif
  (void)k, (void)conv;
  return NULL;
}

static vn_cut cut(const vn_qconv_plan *plan) {
  const size_t mr = plan->tile_rows, panel = plan->taps * plan->words * 4 * plan->panel_columns;
  const size_t most = vn_larger(1, pointer_table_bytes / (mr * plan->taps * sizeof(void *)));
  const vn_cutting how = {.item_work = item_work, .panel_tile = (double)(vn_smaller(mr, plan->pixels) * panel),
                          .finest = 1.0 / 16, .most_tiles = vn_smaller(most, vn_qconv_most_tiles),
                          .cached = plan->group_bytes <= cached_weights, .large_panels = panel > cached_panel};
  return vn_cut_make(plan->pixels, mr, plan->panels, plan->group_outputs, &how);
}

vn_qconv_plan vn_qconv_plan_make(const vn_kernels *k, const vn_qconv *conv) {
  vn_qconv_plan plan = {0};
  plan.depthwise = conv->groups > 1 && conv->groups == conv->c && conv->groups == conv->o;
  if (plan.depthwise) {
    vn_qdepthwise_plan(k, conv, &plan);
    return plan;
  }
  const vn_qkernels *q = vn_qkernels_for(k, false);
  const size_t lanes = (size_t)q->lanes, kernel = (size_t)conv->kh * (size_t)conv->kw;
  plan.group_inputs = (size_t)(conv->c / conv->groups);
  plan.group_outputs = (size_t)(conv->o / conv->groups);
  plan.merged = conv->kw > 1 && conv->groups == 1 && conv->dilation_w == 1 && conv->c % 4 != 0 && conv->c <= 8;
  plan.taps = plan.merged ? (size_t)conv->kh : kernel;
  plan.run = plan.merged ? (size_t)conv->kw * (size_t)conv->c : plan.group_inputs;
  plan.words = vn_divide_up(plan.run, 4);
  plan.pixels = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  // The order of packed weights must not depend on the number of images, nor on what the instructions are avoided for.
  vn_qconv usual = *conv;
  usual.avoids_dot_products = false;
  if (vn_qmatrix_for(k, &usual)) plan.words = vn_round_up(plan.words, vn_larger(1, vn_matrix_step(plan.words)));
  plan.by_matrix = vn_qmatrix_for(k, conv) && plan.pixels >= fewest_matrix_rows && plan.words >= fewest_matrix_words &&
                   plan.taps * plan.words >= fewest_matrix_depth;
  plan.tile_rows = plan.by_matrix ? 2 * vn_matrix_rows : (size_t)q->max_rows;
  plan.copies = plan.merged || plan.run != 4 * plan.words;
  plan.dense_input = kernel == 1 && conv->stride_h == 1 && conv->stride_w == 1 && conv->pad_top == 0 &&
                     conv->pad_left == 0 && conv->oh == conv->h && conv->ow == conv->w && plan.run == 4 * plan.words;
  plan.panel_columns = 2 * lanes;
  plan.panels = vn_divide_up(plan.group_outputs, plan.panel_columns);
  plan.columns = vn_round_up(plan.group_outputs, lanes);
  plan.group_bytes = vn_round_up(plan.columns * plan.taps * plan.words * 4, 64);
  if (plan.pixels == 0 || plan.panels == 0 || plan.words == 0) return plan;
  plan.cut = cut(&plan);
  const size_t rows = vn_cut_most_tiles(&plan.cut) * plan.tile_rows;
  plan.zero_bytes = vn_round_up(plan.words * 4, 64);
  plan.worker_bytes = rows * (plan.taps + 2) * sizeof(void *);
  if (plan.copies) plan.worker_bytes += rows * plan.taps * plan.words * 4;
  plan.worker_bytes = vn_round_up(plan.worker_bytes, 64);
  return plan;
}

vn_qconv_parts vn_qconv_parts_of(const vn_qconv *conv, const vn_qconv_plan *plan) {
  const size_t numbers = vn_round_up(plan->columns * (size_t)conv->groups * 4, 64);
  return (vn_qconv_parts){numbers, 2 * numbers, 2 * numbers + plan->group_bytes * (size_t)conv->groups};
}

size_t vn_qconv_packed_bytes(const vn_kernels *k, const vn_qconv *conv) {
  if (conv->winograd) return vn_qwinograd_packed_bytes(k, conv);
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  if (plan.depthwise) return plan.blocks * plan.block_bytes;
  return vn_qconv_parts_of(conv, &plan).end;
}

void vn_qconv_pack(const vn_kernels *k, const vn_qconv *conv, const int8_t *oihw, const int32_t *bias,
                   const float *multipliers, void *packed) {
  if (conv->winograd) {
    vn_qwinograd_pack(k, conv, oihw, bias, multipliers, packed);
    return;
  }
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  const size_t inputs = plan.group_inputs, kernel = (size_t)conv->kh * (size_t)conv->kw;
  if (plan.depthwise) {
    vn_qdepthwise_pack(k, conv, &plan, oihw, bias, multipliers, packed);
    return;
  }
  const vn_qconv_parts parts = vn_qconv_parts_of(conv, &plan);
  memset(packed, 0, parts.end);
  const size_t lanes = plan.panel_columns / 2;
  for (size_t g = 0; g < (size_t)conv->groups; g++) {
    for (size_t column = 0; column < plan.group_outputs; column++) {
      const size_t o = g * plan.group_outputs + column, slot = g * plan.columns + column;
      const int8_t *w = oihw + o * inputs * kernel;
      int64_t sum = 0;
      for (size_t i = 0; i < inputs * kernel; i++) sum += w[i];
      ((int32_t *)packed)[slot] = (int32_t)((bias ? bias[o] : 0) - conv->x_zero * sum);
      ((float *)((uint8_t *)packed + parts.multipliers))[slot] = multipliers[o];
      const size_t panel = column / plan.panel_columns, first = panel * plan.panel_columns;
      const size_t width = plan.columns - first > lanes ? 2 * lanes : lanes;
      int8_t *target = (int8_t *)packed + parts.weights + g * plan.group_bytes +
                       first * plan.taps * plan.words * 4 + (column - first) * 4;
      for (size_t ci = 0; ci < inputs; ci++)
        for (size_t t = 0; t < kernel; t++) {
          const size_t tap = plan.merged ? t / (size_t)conv->kw : t;
          const size_t at = plan.merged ? t % (size_t)conv->kw * inputs + ci : ci;
          target[(tap * plan.words + at / 4) * width * 4 + at % 4] = w[ci * kernel + t];
        }
    }
  }
}

size_t vn_qconv_scratch_bytes(const vn_kernels *k, const vn_qconv *conv, int threads) {
  if (conv->winograd) return 64 + vn_qwinograd_scratch_bytes(k, conv, threads);
  const vn_qconv_plan plan = vn_qconv_plan_make(k, conv);
  return 64 + plan.zero_bytes + plan.worker_bytes * (size_t)(threads < 1 ? 1 : threads);
}

