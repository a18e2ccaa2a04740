// Convolutions computed together, so that intermediate results stay in the cache of the core that computed them.
#include "chain.h"
#include "vn_winograd.h"

#include <string.h>

/// Up to these sizes in bytes, the weights of all stages, and the rings, stay in the second-level cache from row to row.
static const size_t cached_weights = 160 * 1024, cached_rings = 768 * 1024;
/// Intermediate results with fewer bytes than this stay in the cache anyway.
static const size_t small_maps = 512 * 1024;
/// Up to about this many, a panel's pixels stay in the first-level cache.
enum { panel_pixels = 256 };

/// Entry `i` as a bfloat16 convolution: all but the first read an input that is stored as bfloat16.
static vn_bconv rounded(const vn_chain *chain, int i) {
  const bool last = i + 1 == chain->count;
  return (vn_bconv){.conv = chain->conv[i], .x_is_bf16 = i > 0 || chain->x_is_bf16,
                    .residual_is_bf16 = last && chain->residual_is_bf16, .y_is_bf16 = last && chain->y_is_bf16,
                    .avoids_dot_products = chain->avoids_dot_products};
}

static bool pairs_apply(const vn_chain *chain, int i) {
  const vn_bconv b = rounded(chain, i);
  // An odd last channel would not be paired with 0.
  return !vn_is_depthwise(&b.conv) && vn_bconv_applies(&b) && (i == 0 || b.conv.c % 2 == 0);
}

/// Whether the order supports the chain's maxima, if there are any.
static bool pools_apply(const vn_chain *chain, vn_chain_order order) {
  for (int i = 0; i < chain->count; i++) {
    if (!chain->pools[i]) continue;
    const vn_conv *c = &chain->conv[i];
    if (i != 1 || order != VN_CHAIN_BY_ROWS || !vn_is_depthwise(c) || c->dilation_h != 1 || c->dilation_w != 1) return false;
    if (c->kh * c->kw > VN_CHAIN_MOST_TAPS || c->activation != VN_IDENTITY) return false;
    if (chain->x_is_bf16 || chain->residual_is_bf16 || chain->y_is_bf16) return false;
    for (int j = 0; j < chain->count; j++)
      if (chain->pairs[j]) return false;
  }
  return true;
}

static bool applies_by_tiles(const vn_chain *chain) {
  return chain->count == 2 && !chain->pools[0] && chain->pools[1] && !chain->pairs[0] && !chain->pairs[1] &&
         !chain->x_is_bf16 && !chain->residual_is_bf16 && !chain->y_is_bf16 &&
         vn_winograd_pooled_applies(&chain->conv[0], &chain->conv[1]);
}

bool vn_chain_applies(const vn_chain *chain, vn_chain_order order) {
  if (order == VN_CHAIN_BY_TILES) return applies_by_tiles(chain);
  if (order == VN_CHAIN_APART || chain->count < 2 || chain->count > VN_CHAIN_LONGEST) return false;
  if (!pools_apply(chain, order)) return false;
  for (int i = 0; i < chain->count; i++) {
    const vn_conv *c = &chain->conv[i];
    if (c->groups != 1 && !vn_is_depthwise(c)) return false;
    if (chain->pairs[i] && !pairs_apply(chain, i)) return false;
    if (c->n < 1 || c->oh < 1 || c->ow < 1 || c->o < 1 || c->c < 1 || c->h < 1 || c->w < 1) return false;
    if (i == 0) continue;
    const vn_conv *b = &chain->conv[i - 1];
    if (c->n != b->n || c->h != b->oh || c->w != b->ow || c->c != b->o) return false;
  }
  const vn_conv *last = &chain->conv[chain->count - 1];
  if (chain->y_is_bf16 && (last->o % 2 != 0 || (!chain->pairs[chain->count - 1] && !vn_is_depthwise(last)))) return false;
  if (chain->x_is_bf16 && !chain->pairs[0]) return false;
  if (chain->residual_is_bf16 && !chain->pairs[chain->count - 1]) return false;
  const int middle = vn_is_depthwise(&chain->conv[0]) ? 0 : 1;
  if (!vn_is_depthwise(&chain->conv[middle])) return false;
  if (order == VN_CHAIN_BY_ROWS) {
    if (middle == 1 && chain->conv[0].groups != 1) return false;
    return chain->count <= middle + 2 && (chain->count == middle + 1 || vn_is_pointwise(&chain->conv[middle + 1]));
  }
  return chain->count == 2 && vn_is_pointwise(&chain->conv[0]) && vn_is_depthwise(&chain->conv[1]);
}

vn_chain_order vn_chain_order_of(const vn_kernels *k, const vn_chain *chain) {
  for (int i = 0; i < chain->count; i++)
    if (!chain->pairs[i] && !chain->pools[i] && vn_winograd_pays(k, &chain->conv[i]))
      return applies_by_tiles(chain) ? VN_CHAIN_BY_TILES : VN_CHAIN_APART;
  if (!vn_chain_applies(chain, VN_CHAIN_BY_ROWS)) return VN_CHAIN_APART;
  size_t weights = 0, rings = 0, largest = 0;
  for (int i = 0; i < chain->count; i++) {
    const vn_conv *c = &chain->conv[i];
    const vn_bconv b = rounded(chain, i);
    const size_t floats = chain->pairs[i] ? vn_bconv_packed_floats(k, &b) : vn_conv_packed_floats(k, c);
    if (!chain->pools[i]) weights += floats * sizeof(float);
    if (i + 1 == chain->count) break;
    const vn_conv *reader = &chain->conv[i + 1];
    const size_t row = (size_t)c->ow * vn_whole_lines((size_t)c->o) * sizeof(float);
    rings += row * ((size_t)((reader->kh - 1) * reader->dilation_h) + 1);
    largest = vn_larger(largest, row * (size_t)c->oh);
  }
  if (weights <= cached_weights && rings <= cached_rings && largest >= small_maps) return VN_CHAIN_BY_ROWS;
  if (!vn_chain_applies(chain, VN_CHAIN_BY_CHANNELS)) return VN_CHAIN_APART;
  const vn_conv *expand = &chain->conv[0];
  const size_t pixels = (size_t)expand->oh * (size_t)expand->ow;
  return pixels <= panel_pixels && expand->o >= 8 * k->lanes ? VN_CHAIN_BY_CHANNELS : VN_CHAIN_APART;
}

static void prepare(vn_chain_work *r, const vn_kernels *k, const vn_chain *chain, vn_chain_order order, int threads) {
  r->k = k;
  r->bk = vn_bkernels_for(k, chain->avoids_dot_products);
  r->matrix = vn_bmatrix_for(k, chain->avoids_dot_products, false);
  r->chain = chain;
  for (int i = 0; i < chain->count; i++) {
    vn_stage *s = &r->stages[i];
    s->conv = chain->conv[i];
    s->pairs = chain->pairs[i];
    s->micro_kernels = s->pairs ? r->bk->micro_kernels : k->micro_kernels;
    if (!s->pairs) continue;
    const vn_bconv b = rounded(chain, i);
    s->conv = vn_bconv_formed(r->bk, &b);
    if (i == 0) r->operand_floats = vn_bconv_operand_floats(r->bk, &b, &s->conv);
  }
  if (order == VN_CHAIN_BY_CHANNELS) vn_chain_prepare_channels(r, threads);
  else vn_chain_prepare_rows(r, threads);
}

size_t vn_chain_scratch_floats(const vn_kernels *k, const vn_chain *chain, vn_chain_order order, int threads) {
  if (order == VN_CHAIN_BY_TILES) return vn_winograd_scratch_floats(k, &chain->conv[0], threads);
  vn_chain_work r = {0};
  prepare(&r, k, chain, order, threads);
  return 16 + r.operand_floats + r.zero_floats + r.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}

void vn_chain_run(const vn_kernels *k, const vn_chain *chain, vn_chain_order order, const void *x,
                  const float *const *packed, const float *const *bias, const void *residual, void *y,
                  float *scratch, vn_pool *pool) {
  if (order == VN_CHAIN_BY_TILES) {
    vn_winograd_run_pooled(k, &chain->conv[0], &chain->conv[1], x, packed[0], bias[0], y, scratch, pool);
    return;
  }
  vn_chain_work r = {0};
  prepare(&r, k, chain, order, vn_pool_threads(pool));
  float *operand = vn_align(scratch), *zeros = operand + r.operand_floats;
  memset(zeros, 0, r.zero_floats * sizeof(float));
  r.x = x;
  if (r.operand_floats > 0) {
    const vn_bconv b = rounded(chain, 0);
    vn_bconv_form(r.bk, &b, &r.stages[0].conv, x, operand, pool);
    r.x = operand;
  }
  r.residual = residual;
  r.zeros = zeros;
  r.y = y;
  r.workers = zeros + r.zero_floats;
  r.pool = pool;
  for (int i = 0; i < chain->count; i++) {
    vn_stage *s = &r.stages[i];
    s->packed = packed[i];
    s->bias = bias[i];
    s->clamped = vn_clamp_of(s->conv.activation, s->conv.alpha, s->conv.beta, &s->low, &s->high);
    s->reader = vn_conv_reader_make(&s->conv, s->plan.merged, s->plan.run, zeros);
    s->reader.ring = order == VN_CHAIN_BY_ROWS && i > 0 && i == r.middle ? (int64_t)r.slots : 0;
  }
  const bool by_channels = order == VN_CHAIN_BY_CHANNELS;
  (by_channels ? vn_chain_start_channels : vn_chain_start_rows)(&r, vn_pool_threads(pool));
  vn_pool_run(pool, r.items, by_channels ? vn_chain_channels_item : vn_chain_rows_item, &r);
}
