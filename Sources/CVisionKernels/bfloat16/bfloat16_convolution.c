// bfloat16 convolution: the implicit im2col of floats (convolution/implicit_im2col.c) over an operand in the form that the
// bfloat16 micro-kernel reads.
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "../shared/amx.h"
#include "../shared/bfloat16.h"
#include "../shared/bfloat16_matrix.h"
#include "../shared/convolution_plan.h"
#include "vn_account.h"

#if defined(__x86_64__)
static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// The shortest measured time of a floating-point operation, in seconds.
static double time_of(double (*burn)(size_t rounds, float *sink), float *sink) {
  double best = 1e9;
  for (int i = 0; i < 5; i++) {
    const double start = seconds(), operations = burn(400, sink), time = (seconds() - start) / operations;
    if (time < best) best = time;
  }
  return best;
}

/// Whether the instructions for bfloat16 products are faster than those for floats: they are twice as fast on some processors,
/// and half as fast on others. Measured once, in a few hundred microseconds; results do not depend on it.
static bool pairs_are_fast(const vn_kernels *k) {
  static _Atomic int known;
  int fast = atomic_load_explicit(&known, memory_order_relaxed);
  if (fast == 0) {
    float sink = 0;
    const double floats = time_of(k->burn, &sink), pairs = time_of(vn_bkernels_avx512_bf16.burn, &sink);
    fast = pairs < 0.8 * floats && sink == sink ? 2 : 1;
    int none = 0;
    if (!atomic_compare_exchange_strong(&known, &none, fast)) fast = none;
  }
  return fast == 2;
}
#endif

const vn_bkernels *vn_bkernels_for(const vn_kernels *k, bool avoids_dot_products) {
#if defined(__x86_64__)
  if (k->isa == VN_AVX512)
    return !avoids_dot_products && vn_has_bfloat16(k) ? &vn_bkernels_avx512_bf16 : &vn_bkernels_avx512;
  if (k->isa == VN_AVX2) return &vn_bkernels_avx2;
#elif defined(__aarch64__)
  if (k->isa == VN_NEON) return &vn_bkernels_neon;
#endif
  (void)k, (void)avoids_dot_products;
  return &vn_bkernels_portable;
}

bool vn_has_bfloat16(const vn_kernels *k) {
#if defined(__x86_64__)
  return k->isa == VN_AVX512 && __builtin_cpu_supports("avx512bf16") && (vn_has_amx_bf16() || pairs_are_fast(k));
#else
  (void)k;
  return false;
#endif
}

const vn_bmatrix *vn_bmatrix_for(const vn_kernels *k, bool avoids_dot_products, bool models_tiles) {
#if defined(__x86_64__)
  if (!vn_bkernels_for(k, avoids_dot_products)->has_pairs) return NULL;
  if (models_tiles) return &vn_bmatrix_model;
  if (vn_has_amx_bf16()) return &vn_bmatrix_amx;
#endif
  (void)k, (void)avoids_dot_products, (void)models_tiles;
  return NULL;
}

bool vn_bfloat16_by_tiles(const vn_kernels *k) { return vn_bmatrix_for(k, false, false) != NULL; }

bool vn_bconv_applies(const vn_bconv *b) {
  const vn_conv *conv = &b->conv;
  const int32_t inputs = conv->c / conv->groups, outputs = conv->o / conv->groups;
  // With two channels per group there would be a single word per group, as in a depthwise convolution.
  if (conv->groups > 1 && (inputs % 2 != 0 || inputs < 4)) return false;
  float low, high;
  if (b->y_is_bf16 && (outputs % 2 != 0 || !vn_clamp_of(conv->activation, conv->alpha, conv->beta, &low, &high)))
    return false;
  return !b->residual_is_bf16 || outputs % 2 == 0;
}

/// Adds a cache line between pixels whose distance is a multiple of the size of a cache way, since all would fall into one set.
static int64_t apart(int64_t units) { return units % 1024 == 0 ? units + 16 : units; }

int64_t vn_bconv_pitch(int32_t c) { return apart((c + 1) / 2); }

/// Whether only the pixels that a 1 × 1 convolution reads, not the whole image, need to be converted to the operand's form.
static bool samples(const vn_bconv *b) {
  const vn_conv *c = &b->conv;
  return c->kh == 1 && c->kw == 1 && c->pad_top == 0 && c->pad_left == 0 && (c->oh - 1) * c->stride_h < c->h &&
         (c->ow - 1) * c->stride_w < c->w;
}

static bool is_formed(const vn_bkernels *k, const vn_bconv *b) { return b->x_is_bf16 && k->has_pairs; }

vn_conv vn_bconv_formed(const vn_bkernels *k, const vn_bconv *b) {
  vn_conv f = b->conv;
  f.pair_units = k->has_pairs ? 1 : 2;
  f.c = (f.c + 1) / 2 * f.pair_units;
  if (is_formed(k, b)) return f;
  if (samples(b)) {
    f.h = f.oh;
    f.w = f.ow;
    f.stride_h = f.stride_w = 1;
  }
  f.x_pixel = apart(f.c);
  f.x_row = f.x_pixel * f.w;
  f.x_image = f.x_row * f.h;
  return f;
}

size_t vn_bconv_operand_floats(const vn_bkernels *k, const vn_bconv *b, const vn_conv *formed) {
  return is_formed(k, b) ? 0 : ((size_t)formed->n * (size_t)formed->x_image + 15) / 16 * 16;
}

vn_conv_account vn_bconv_explain(const vn_kernels *k, const vn_bconv *b) {
  const vn_conv formed = vn_bconv_formed(vn_bkernels_for(k, b->avoids_dot_products), b);
  return vn_conv_explain(k, &formed);
}

size_t vn_bconv_packed_floats(const vn_kernels *k, const vn_bconv *b) {
  const vn_conv formed = vn_bconv_formed(vn_bkernels_for(k, b->avoids_dot_products), b);
  return vn_conv_packed_floats(k, &formed);
}

/// Units of the weights of one output.
static size_t row_units(const vn_bkernels *k, const vn_bconv *b) {
  const size_t pairs = (size_t)(b->conv.c / b->conv.groups + 1) / 2;
  return pairs * (size_t)b->conv.kh * (size_t)b->conv.kw * (k->has_pairs ? 1 : 2);
}

size_t vn_bconv_row_floats(const vn_kernels *k, const vn_bconv *b) {
  return row_units(vn_bkernels_for(k, b->avoids_dot_products), b);
}

static uint32_t rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return x != x ? bits >> 16 | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

/// Converts one output's weights [inputs][taps] to pairs of inputs in the operand's form.
static void form_weights(const vn_bkernels *k, size_t inputs, size_t taps, const float *weights, uint32_t *formed) {
  for (size_t i = 0; i < inputs; i += 2, weights += 2 * taps) {
    const bool whole = i + 1 < inputs;
    if (k->has_pairs) {
      for (size_t t = 0; t < taps; t++) formed[t] = rounded(weights[t]) | (whole ? rounded(weights[taps + t]) << 16 : 0);
      formed += taps;
    } else {
      for (size_t t = 0; t < taps; t++) formed[t] = whole ? rounded(weights[taps + t]) << 16 : 0;
      for (size_t t = 0; t < taps; t++) formed[taps + t] = rounded(weights[t]) << 16;
      formed += 2 * taps;
    }
  }
}

void vn_bconv_pack(const vn_kernels *k, const vn_bconv *b, const float *oihw, float *rows, float *packed) {
  const vn_bkernels *bk = vn_bkernels_for(k, b->avoids_dot_products);
  const vn_conv conv = vn_bconv_formed(bk, b);
  const size_t inputs = (size_t)(b->conv.c / b->conv.groups), taps = (size_t)conv.kh * (size_t)conv.kw;
  const size_t outputs = (size_t)conv.o, units = row_units(bk, b);
  if (taps == 1 && inputs % 2 == 0) {
    bk->operand_of_floats(outputs * inputs, oihw, rows);
  } else {
    for (size_t o = 0; o < outputs; o++)
      form_weights(bk, inputs, taps, oihw + o * inputs * taps, (uint32_t *)rows + o * units);
  }
  vn_conv_pack(k, &conv, rows, packed);
}

size_t vn_bconv_scratch_floats(const vn_kernels *k, const vn_bconv *b, int threads) {
  const vn_bkernels *bk = vn_bkernels_for(k, b->avoids_dot_products);
  const vn_conv formed = vn_bconv_formed(bk, b);
  return 16 + vn_bconv_operand_floats(bk, b, &formed) + vn_conv_scratch_floats(k, &formed, threads);
}

typedef struct forming {
  const vn_bkernels *k;
  const vn_bconv *from;
  const vn_conv *to;
  const float *x;  ///< floats, or words of two bfloat16
  float *operand;
  size_t rows_per_item;
  int64_t step_h, step_w;
} forming;

/// Converts some rows of pixels to the operand's form.
static void forming_item(void *context, size_t index, int worker) {
  (void)worker;
  const forming *r = context;
  const vn_conv *from = &r->from->conv, *to = r->to;
  const bool halves = r->from->x_is_bf16;
  const size_t channels = (size_t)from->c, width = (size_t)to->w, height = (size_t)to->h;
  const size_t first = index * r->rows_per_item;
  const size_t last = vn_smaller(first + r->rows_per_item, height * (size_t)to->n);
  const int64_t step = r->step_w * from->x_pixel, pairs = (from->c + 1) / 2;
  // Whether rows are contiguous in both x and the operand. An odd last channel of bfloat16 already has its 0.
  const bool whole = to->x_pixel == to->c && (halves ? step == pairs : step == from->c && from->c % 2 == 0);
  for (size_t row = first; row < last; row++) {
    const float *x = r->x + (int64_t)(row / height) * from->x_image + (int64_t)(row % height) * r->step_h * from->x_row;
    float *y = r->operand + (int64_t)row * to->x_row;
    if (whole && halves) {
      r->k->operand_of_bf16(width * 2 * (size_t)pairs, (const uint16_t *)x, y);
    } else if (whole) {
      r->k->operand_of_floats(width * channels, x, y);
    } else if (!halves && channels == 3 && step == 3 && to->x_pixel == 2 && r->k->operand_of_triples) {
      r->k->operand_of_triples(width, x, y);
    } else {
      for (size_t i = 0; i < width; i++, x += step, y += to->x_pixel) {
        if (halves) r->k->operand_of_bf16(2 * (size_t)pairs, (const uint16_t *)x, y);
        else r->k->operand_of_floats(channels, x, y);
      }
    }
  }
}

/// Floats that an item converts to the operand's form: this takes much longer than claiming the item.
enum { item_floats = 32 * 1024 };

void vn_bconv_form(const vn_bkernels *k, const vn_bconv *b, const vn_conv *formed, const void *x, float *operand,
                   vn_pool *pool) {
  const size_t rows = (size_t)formed->n * (size_t)formed->h;
  const size_t row_floats = vn_larger(1, (size_t)formed->w * (size_t)b->conv.c);
  forming r = {.k = k, .from = b, .to = formed, .x = x, .operand = operand,
               .rows_per_item = vn_larger(1, item_floats / row_floats),
               .step_h = samples(b) ? b->conv.stride_h : 1, .step_w = samples(b) ? b->conv.stride_w : 1};
  vn_pool_run(pool, vn_divide_up(rows, r.rows_per_item), forming_item, &r);
}

void vn_bconv_run(const vn_kernels *k, const vn_bconv *b, const void *x, const float *packed, const float *bias,
                  const void *residual, void *y, float *scratch, vn_pool *pool) {
  const vn_bkernels *bk = vn_bkernels_for(k, b->avoids_dot_products);
  const vn_conv formed = vn_bconv_formed(bk, b);
  const size_t floats = vn_bconv_operand_floats(bk, b, &formed);
  const float *operand = x;
  if (floats > 0) {
    float *own = vn_align(scratch);
    vn_bconv_form(bk, b, &formed, x, own, pool);
    operand = own;
    scratch = own + floats;
  }
  const vn_pairs pairs = {.k = bk, .matrix = vn_bmatrix_for(k, b->avoids_dot_products, b->models_tiles), .y = b->y_is_bf16, .residual = b->residual_is_bf16};
  vn_conv_run_with(k, &formed, (vn_normalizing){0}, pairs, operand, packed, bias, residual, y, scratch, pool);
}
