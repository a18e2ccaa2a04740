// Winograd's algorithm followed by max pooling over 2 × 2, tile by tile.
#include "winograd_plan.h"

bool vn_winograd_pooled_applies(const vn_conv *conv, const vn_conv *pool) {
  float low, high;
  const bool halves = pool->kh == 2 && pool->kw == 2 && pool->stride_h == 2 && pool->stride_w == 2 && pool->dilation_h == 1 &&
                      pool->dilation_w == 1 && pool->pad_top == 0 && pool->pad_left == 0;
  const bool follows = pool->n == conv->n && pool->c == conv->o && pool->h == conv->oh && pool->w == conv->ow &&
                       pool->oh == conv->oh / 2 && pool->ow == conv->ow / 2;
  return halves && follows && pool->groups == pool->c && pool->o == pool->c && vn_winograd_applies(conv) &&
         !vn_winograd_is_strided(conv) && !vn_winograd_is_dilated(conv) && vn_winograd_side_of(conv) != 2 &&
         vn_clamp_of(conv->activation, conv->alpha, conv->beta, &low, &high);
}

void vn_winograd_run_pooled(const vn_kernels *k, const vn_conv *conv, const vn_conv *pool, const float *x,
                            const float *packed, const float *bias, float *y, float *scratch, vn_pool *threads) {
  vn_winograd_run_of(k, conv, pool, (size_t)vn_winograd_side_of(conv), false, x, packed, bias, NULL, y, scratch, threads);
}
