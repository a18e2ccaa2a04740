// Convolution of bfloat16: that of floats over words of two of them, with another kind of tile.
#include <string.h>

#include "bfloat16.h"
#include "convolution_plan.h"
#include "vn_account.h"

const vn_bkernels *vn_bkernels_for(const vn_kernels *k, bool avoids_dot_products) {
#if defined(__x86_64__)
  if (k->isa == VN_AVX512)
    return !avoids_dot_products && vn_has_bfloat16(k) ? &vn_bkernels_avx512_bf16 : &vn_bkernels_avx512;
  if (k->isa == VN_AVX2) return &vn_bkernels_avx2;
#endif
  (void)k, (void)avoids_dot_products;
  return &vn_bkernels_portable;
}

bool vn_has_bfloat16(const vn_kernels *k) {
#if defined(__x86_64__)
  return k->isa == VN_AVX512 && __builtin_cpu_supports("avx512bf16");
#else
  (void)k;
  return false;
#endif
}

bool vn_bconv_applies(const vn_bconv *b) {
  const vn_conv *conv = &b->conv;
  const int32_t inputs = conv->c / conv->groups, outputs = conv->o / conv->groups;
  // Of two channels to a group there would be one word, as in a depthwise convolution.
  if (conv->groups > 1 && (inputs % 2 != 0 || inputs < 4)) return false;
  float low, high;
  if (b->y_is_bf16 && (outputs % 2 != 0 || !vn_clamp_of(conv->activation, conv->alpha, conv->beta, &low, &high)))
    return false;
  return !b->residual_is_bf16 || outputs % 2 == 0;
}

int64_t vn_bconv_pitch(int32_t c) {
  const int64_t words = (c + 1) / 2;
  // Pixels a multiple of a way of the nearest cache apart would all fall into one set of it.
  return words % 1024 == 0 ? words + 16 : words;
}

/// Whether of a larger image only the pixels that a 1 × 1 reads need be rounded.
static bool samples(const vn_bconv *b) {
  const vn_conv *c = &b->conv;
  return !b->x_is_bf16 && c->kh == 1 && c->kw == 1 && c->pad_top == 0 && c->pad_left == 0 &&
         (c->oh - 1) * c->stride_h < c->h && (c->ow - 1) * c->stride_w < c->w;
}

vn_conv vn_bconv_words(const vn_bconv *b) {
  vn_conv w = b->conv;
  w.c = (w.c + 1) / 2;
  if (b->x_is_bf16) return w;
  if (samples(b)) {
    w.h = w.oh;
    w.w = w.ow;
    w.stride_h = w.stride_w = 1;
  }
  w.x_pixel = vn_bconv_pitch(b->conv.c);
  w.x_row = w.x_pixel * w.w;
  w.x_image = w.x_row * w.h;
  return w;
}

size_t vn_bconv_operand_floats(const vn_bconv *b, const vn_conv *words) {
  return b->x_is_bf16 ? 0 : ((size_t)words->n * (size_t)words->x_image + 15) / 16 * 16;
}

vn_conv_account vn_bconv_explain(const vn_kernels *k, const vn_bconv *b) {
  const vn_conv words = vn_bconv_words(b);
  return vn_conv_explain(k, &words);
}

size_t vn_bconv_packed_floats(const vn_kernels *k, const vn_bconv *b) {
  const vn_conv words = vn_bconv_words(b);
  return vn_conv_packed_floats(k, &words);
}

static uint32_t rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return x != x ? bits >> 16 | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

void vn_bconv_pack(const vn_kernels *k, const vn_bconv *b, const float *oihw, float *words, float *packed) {
  const vn_conv conv = vn_bconv_words(b);
  const size_t inputs = (size_t)(b->conv.c / b->conv.groups), taps = (size_t)conv.kh * (size_t)conv.kw;
  const size_t outputs = (size_t)conv.o, depth = (inputs + 1) / 2 * taps;
  if (taps == 1 && inputs % 2 == 0) {
    vn_bkernels_for(k, false)->round(outputs * inputs, oihw, (uint16_t *)words);
  } else {
    for (size_t o = 0; o < outputs; o++) {
      const float *source = oihw + o * inputs * taps;
      uint32_t *target = (uint32_t *)words + o * depth;
      for (size_t i = 0; i < inputs; i += 2, source += 2 * taps, target += taps)
        for (size_t t = 0; t < taps; t++)
          target[t] = rounded(source[t]) | (i + 1 < inputs ? rounded(source[taps + t]) << 16 : 0);
    }
  }
  vn_conv_pack(k, &conv, words, packed);
}

size_t vn_bconv_scratch_floats(const vn_kernels *k, const vn_bconv *b, int threads) {
  const vn_conv words = vn_bconv_words(b);
  return 16 + vn_bconv_operand_floats(b, &words) + vn_conv_scratch_floats(k, &words, threads);
}

/// Rounds pixels of three floats in one piece, each to four bfloat16, the last of them 0.
static void round_triples(size_t pixels, const float *x, float *words) {
  typedef float v4 __attribute__((ext_vector_type(4), aligned(4), may_alias));
  typedef uint32_t u4 __attribute__((ext_vector_type(4)));
  typedef uint16_t h4 __attribute__((ext_vector_type(4)));
  uint16_t *y = (uint16_t *)words;
  for (size_t i = 0; i < pixels; i++, x += 3, y += 4) {
    v4 four;
    // The last one has no neighbour to read.
    if (i + 1 < pixels) four = *(const v4 *)x;
    else four = (v4){x[0], x[1], x[2], 0};
    const u4 bits = (u4)four, nearest = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16, quiet = bits >> 16 | 0x40;
    u4 halves = four != four ? quiet : nearest;
    halves[3] = 0;
    const h4 narrow = __builtin_convertvector(halves, h4);
    memcpy(y, &narrow, sizeof narrow);
  }
}

typedef struct rounding {
  const vn_bkernels *k;
  const vn_conv *from, *to;  ///< the convolution of floats and that of words
  const float *x;
  float *words;
  size_t rows_per_item;
  int64_t step_h, step_w;
} rounding;

/// Rounds some rows of pixels.
static void rounding_item(void *context, size_t index, int worker) {
  (void)worker;
  const rounding *r = context;
  const vn_conv *from = r->from, *to = r->to;
  const size_t channels = (size_t)from->c, width = (size_t)to->w, height = (size_t)to->h;
  const size_t first = index * r->rows_per_item;
  const size_t last = vn_smaller(first + r->rows_per_item, height * (size_t)to->n);
  const int64_t step = r->step_w * from->x_pixel;
  for (size_t row = first; row < last; row++) {
    const float *x = r->x + (int64_t)(row / height) * from->x_image + (int64_t)(row % height) * r->step_h * from->x_row;
    float *words = r->words + (int64_t)row * to->x_row;
    if (step == (int64_t)channels && 2 * to->x_pixel == from->c) {
      r->k->round(width * channels, x, (uint16_t *)words);
      continue;
    }
    if (step == 3 && channels == 3) {
      round_triples(width, x, words);
      continue;
    }
    for (size_t i = 0; i < width; i++, x += step, words += to->x_pixel) {
      uint16_t *target = (uint16_t *)words;
      if (channels >= 16) r->k->round(channels, x, target);
      else
        for (size_t c = 0; c < channels; c++) target[c] = (uint16_t)rounded(x[c]);
      if (channels % 2 != 0) target[channels] = 0;
    }
  }
}

/// Floats that are rounded at once: long against the cost of claiming them.
enum { item_floats = 32 * 1024 };

void vn_bconv_round(const vn_bkernels *k, const vn_bconv *b, const vn_conv *words, const float *x, float *operand,
                    vn_pool *pool) {
  const size_t rows = (size_t)words->n * (size_t)words->h;
  const size_t row_floats = vn_larger(1, (size_t)words->w * (size_t)b->conv.c);
  rounding r = {.k = k, .from = &b->conv, .to = words, .x = x, .words = operand,
                .rows_per_item = vn_larger(1, item_floats / row_floats),
                .step_h = samples(b) ? b->conv.stride_h : 1, .step_w = samples(b) ? b->conv.stride_w : 1};
  vn_pool_run(pool, vn_divide_up(rows, r.rows_per_item), rounding_item, &r);
}

void vn_bconv_run(const vn_kernels *k, const vn_bconv *b, const void *x, const float *packed, const float *bias,
                  const void *residual, void *y, float *scratch, vn_pool *pool) {
  const vn_conv words = vn_bconv_words(b);
  const vn_bkernels *tiles = vn_bkernels_for(k, b->avoids_dot_products);
  const float *operand = x;
  if (!b->x_is_bf16) {
    float *own = vn_align(scratch);
    vn_bconv_round(tiles, b, &words, x, own, pool);
    operand = own;
    scratch = own + vn_bconv_operand_floats(b, &words);
  }
  const vn_pairs pairs = {.k = tiles, .y = b->y_is_bf16, .residual = b->residual_is_bf16};
  vn_conv_run_with(k, &words, (vn_normalizing){0}, pairs, operand, packed, bias, residual, y, scratch, pool);
}
