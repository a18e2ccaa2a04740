// Functions on bytes, once per instruction set. The including file defines VQ_LANES (32-bit lanes), VQ_ROWS, VQ_OUTPUTS,
// VQ_DOT_PRODUCTS (whether vq_dot is one instruction), VQ(name), and the inline functions
//   qi vq_dot(qi sums, qi x, qi w)   adds in each lane the products of four bytes of x and four int8 of w
//   qi vq_dot_words(qi sums, qi x, qi w)   adds in each lane, modulo 2³², the products of two int16 of x and two of w
//   qi vq_round(qf x)                to the nearest integer, halves to even
//   qf vq_whole(qf x)                the same as a float, for magnitudes below 2³¹
//   qi vq_low8, vq_high8, vq_low16, vq_high16 (qi a, qi b)   interleave bytes or 16 bits of each 128 bits
//   qi vq_bytes(qi a, qi b, qi c, qi d, int16_t zero, uint8_t low, uint8_t high)   adds zero and makes bytes of whole
//     numbers, cut off at low and high; of each 128 bits of a, b, c and d 32, which is the reverse of interleaving
//   qi vq_in_order(qi bytes)   those bytes in the order of a, b, c, d
#pragma clang fp contract(off)

typedef float qf_memory __attribute__((ext_vector_type(VQ_LANES), aligned(4), may_alias));
typedef int32_t qi_memory __attribute__((ext_vector_type(VQ_LANES), aligned(1), may_alias));
typedef uint8_t qw __attribute__((ext_vector_type(4 * VQ_LANES)));
typedef uint8_t qw_memory __attribute__((ext_vector_type(4 * VQ_LANES), aligned(1), may_alias));
typedef uint8_t qb __attribute__((ext_vector_type(VQ_LANES)));
typedef uint8_t qb_memory __attribute__((ext_vector_type(VQ_LANES), aligned(1), may_alias));

VQ_INLINE qf VQ(load_floats)(const float *p, size_t n) {
  if (n >= VQ_LANES) return *(const qf_memory *)p;
  float buffer[VQ_LANES] = {0};
  memcpy(buffer, p, n * sizeof(float));
  return *(const qf_memory *)buffer;
}
VQ_INLINE qi VQ(load_wide)(const uint8_t *p, size_t n) {
  if (n >= VQ_LANES) return __builtin_convertvector(*(const qb_memory *)p, qi);
  uint8_t buffer[VQ_LANES] = {0};
  memcpy(buffer, p, n);
  return __builtin_convertvector(*(const qb_memory *)buffer, qi);
}
VQ_INLINE qi VQ(load_wide_part)(const uint8_t *p, size_t n) {
  qi bytes = vq_load_part(p, n < VQ_LANES ? n : VQ_LANES);
  return __builtin_convertvector(*(const qb_memory *)&bytes, qi);
}
VQ_INLINE qf VQ(load_bytes)(const uint8_t *p, size_t n) { return __builtin_convertvector(VQ(load_wide)(p, n), qf); }
/// Stores whole numbers 0...255.
VQ_INLINE void VQ(store_bytes)(uint8_t *p, qi x, size_t n) {
  qb bytes = __builtin_convertvector(x, qb);
  if (n >= VQ_LANES) {
    *(qb_memory *)p = bytes;
  } else {
    uint8_t buffer[VQ_LANES];
    *(qb_memory *)buffer = bytes;
    memcpy(p, buffer, n);
  }
}

/// The larger, or the bound for NaN.
VQ_INLINE qf VQ(clamp)(qf x, float low, float high) {
  qf l = (qf)low, h = (qf)high;
  x = x > l ? x : l;
  return x < h ? x : h;
}

/// round(sum · multiplier). Below −2³¹ the conversion gives −2³¹ by itself; what is that large is cut off later.
VQ_INLINE qi VQ(rounded)(qi sum, qf multiplier) {
  const qf most = (qf)1e9f;
  qf t = __builtin_convertvector(sum, qf) * multiplier;
  return vq_round(t < most ? t : most);
}

/// The same where nothing is that large.
VQ_INLINE qi VQ(rounded_bounded)(qi sum, qf multiplier) {
  return vq_round(__builtin_convertvector(sum, qf) * multiplier);
}

/// Whether no sum of two roundings is so large that its conversion would have to be bounded.
VQ_INLINE bool VQ(sums_are_bounded)(const vn_requantization *r) {
  return r->bounded && r->sum_scale < 1e6f && r->residual_scale < 1e6f;
}

/// What the sum of two roundings needs, read once: what bytes are stored to could be where it is.
typedef struct VQ(addition) {
  qi residual_zero;
  qf low, high, sum_scale, residual_scale;
} VQ(addition);

VQ_INLINE VQ(addition) VQ(addition_of)(const vn_requantization *r) {
  return (VQ(addition)){.low = (qf)r->low, .high = (qf)r->high, .residual_zero = (qi)r->residual_zero,
                        .sum_scale = (qf)r->sum_scale, .residual_scale = (qf)r->residual_scale};
}

/// The sum of two roundings where nothing is that large. `plain`: the residual has no zero point.
VQ_INLINE qi VQ(rounded_with_residual_bounded)(const bool plain, qi sum, qf multiplier, qi residual, VQ(addition) r) {
  // The bounds are whole numbers, so that rounding before or after is the same.
  qf t = __builtin_convertvector(sum, qf) * multiplier;
  t = t > r.low ? t : r.low;
  t = t < r.high ? t : r.high;
  qf a = vq_whole(t) * r.sum_scale;
  qf b = __builtin_convertvector(plain ? residual : residual - r.residual_zero, qf) * r.residual_scale;
  return vq_round(a + b);
}

/// The sum of two roundings, see `vn_requantization`; `residual` are bytes in 32 bits.
VQ_INLINE qi VQ(rounded_with_residual)(qi sum, qf multiplier, qi residual, const vn_requantization *r) {
  const qi low = (qi)(int32_t)r->low, high = (qi)(int32_t)r->high;
  const qf most = (qf)1e9f, least = (qf)-1e9f;
  qi t = VQ(rounded)(sum, multiplier);
  t = t > low ? t : low;
  t = t < high ? t : high;
  qf a = __builtin_convertvector(t, qf) * r->sum_scale;
  qf b = __builtin_convertvector(residual - r->residual_zero, qf) * r->residual_scale;
  qf c = a + b;
  c = c > least ? c : least;
  return vq_round(c < most ? c : most);
}

/// Whole numbers and how they become bytes: the zero point is added, then they are cut off at the bounds.
typedef struct VQ(ending) {
  int16_t zero;
  uint8_t low, high;
} VQ(ending);

VQ_INLINE VQ(ending) VQ(ending_of)(const vn_requantization *r, bool residual) {
  if (r->floats) return (VQ(ending)){0, 0, 255};
  const int32_t zero = residual ? r->sum_zero : r->zero;
  const float low = residual ? r->sum_low : r->low, high = residual ? r->sum_high : r->high;
  return (VQ(ending)){(int16_t)zero, (uint8_t)((int32_t)low + zero), (uint8_t)((int32_t)high + zero)};
}

/// Whether bytes are whole numbers without a zero point, cut off where bytes end.
VQ_INLINE bool VQ(is_plain)(VQ(ending) e) { return e.zero == 0 && e.low == 0 && e.high == 255; }

VQ_INLINE qi VQ(finish)(const bool plain, qi a, qi b, qi c, qi d, VQ(ending) e) {
  return plain ? vq_bytes_plain(a, b, c, d) : vq_bytes(a, b, c, d, e.zero, e.low, e.high);
}

/// The first `width` of `nv` vectors' bytes, at least half of them: two stores that overlap, unless all count.
VQ_INLINE void VQ(store_some)(uint8_t *y, const uint8_t *bytes, const int nv, const bool all, size_t width) {
  const size_t half = (size_t)nv * VQ_LANES / 2;
  if (all) {
    memcpy(y, bytes, 2 * half);
  } else {
    memcpy(y, bytes, half);
    memcpy(y + width - half, bytes + width - half, half);
  }
}

/// Bytes without residual; all of each vector counts, or at least half of the columns.
VQ_INLINE void VQ(store_tile)(const int mr, const int nv, const bool plain, const bool all, qi acc[VQ_ROWS][2], const vn_qtile *tile,
                              VQ(ending) ending) {
  const size_t column = tile->column, width = tile->width;
  void *const *const y = tile->y;
  qf multipliers[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) multipliers[j] = *(const qf_memory *)(tile->multipliers + j * VQ_LANES);
  const int step = 4 / nv;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i += step) {
    qi q[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++)
      q[v] = VQ(rounded_bounded)(acc[i + v / nv < mr ? i + v / nv : mr - 1][v % nv], multipliers[v % nv]);
    qi bytes = vq_in_order(VQ(finish)(plain, q[0], q[1], q[2], q[3], ending));
#pragma clang loop unroll(full)
    for (int k = 0; k < step; k++)
      if (i + k < mr)
        VQ(store_some)((uint8_t *)y[i + k] + column, (uint8_t *)&bytes + k * nv * VQ_LANES, nv, all, width);
  }
}

/// Bytes with a residual; all of each vector counts, or at least half of the columns.
VQ_INLINE void VQ(store_sums)(const int mr, const int nv, const bool plain, const bool all, qi acc[VQ_ROWS][2], const vn_qtile *tile, VQ(ending) ending) {
  const VQ(addition) addition = VQ(addition_of)(tile->result);
  const size_t column = tile->column, width = tile->width;
  void *const *const y = tile->y;
  const uint8_t *const *const residuals = tile->residual;
  qf multipliers[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) multipliers[j] = *(const qf_memory *)(tile->multipliers + j * VQ_LANES);
  const int step = 4 / nv;
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i += step) {
    qi q[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++) {
      const int row = i + v / nv < mr ? i + v / nv : mr - 1;
      const uint8_t *residual = residuals[row] + column + v % nv * VQ_LANES;
      qi bytes = all || v % nv < nv - 1 ? VQ(load_wide)(residual, VQ_LANES)
                                        : VQ(load_wide_part)(residual, width - (size_t)(nv - 1) * VQ_LANES);
      q[v] = VQ(rounded_with_residual_bounded)(plain, acc[row][v % nv], multipliers[v % nv], bytes, addition);
    }
    qi bytes = vq_in_order(VQ(finish)(plain, q[0], q[1], q[2], q[3], ending));
#pragma clang loop unroll(full)
    for (int k = 0; k < step; k++)
      if (i + k < mr)
        VQ(store_some)((uint8_t *)y[i + k] + column, (uint8_t *)&bytes + k * nv * VQ_LANES, nv, all, width);
  }
}

/// What becomes of a tile's sums.
VQ_INLINE void VQ(end_tile)(const int mr, const int nv, qi acc[VQ_ROWS][2], const vn_qtile *tile) {
  const vn_requantization *r = tile->result;
  const VQ(ending) ending = VQ(ending_of)(r, tile->residual != NULL);
  const size_t full = (size_t)nv * VQ_LANES;
  if (!r->floats && r->bounded && !tile->residual && tile->width >= full / 2) {
    if (tile->width == full && VQ(is_plain)(ending)) VQ(store_tile)(mr, nv, true, true, acc, tile, ending);
    else if (tile->width == full) VQ(store_tile)(mr, nv, false, true, acc, tile, ending);
    else VQ(store_tile)(mr, nv, false, false, acc, tile, ending);
    return;
  }
  if (!r->floats && tile->residual && tile->width >= full / 2 && VQ(sums_are_bounded)(r)) {
    // What follows a ReLU has no zero point.
    if (tile->width == full && VQ(is_plain)(ending) && r->residual_zero == 0) VQ(store_sums)(mr, nv, true, true, acc, tile, ending);
    else if (tile->width == full) VQ(store_sums)(mr, nv, false, true, acc, tile, ending);
    else VQ(store_sums)(mr, nv, false, false, acc, tile, ending);
    return;
  }
  int32_t sums[VQ_ROWS * 2 * VQ_LANES];
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) *(qi_memory *)(sums + (i * nv + j) * VQ_LANES) = acc[i][j];
  for (int j = 0; j < nv && (size_t)j * VQ_LANES < tile->width; j++) {
    const size_t offset = (size_t)j * VQ_LANES, left = tile->width - offset, column = tile->column + offset;
    const size_t lanes = left < VQ_LANES ? left : VQ_LANES;
    qf multiplier = *(const qf_memory *)(tile->multipliers + offset);
    for (int i = 0; i < mr; i++) {
      qi sum = *(const qi_memory *)(sums + (i * nv + j) * VQ_LANES);
      if (r->floats) {
        qf t = VQ(clamp)(__builtin_convertvector(sum, qf) * multiplier, r->low, r->high);
        float buffer[VQ_LANES];
        *(qf_memory *)buffer = t;
        memcpy((float *)tile->y[i] + column, buffer, lanes * sizeof(float));
      } else {
        qi q = tile->residual
                   ? VQ(rounded_with_residual)(sum, multiplier, VQ(load_wide)(tile->residual[i] + column, lanes), r)
                   : VQ(rounded)(sum, multiplier);
        qi bytes = vq_in_order(vq_bytes(q, q, q, q, ending.zero, ending.low, ending.high));
        memcpy((uint8_t *)tile->y[i] + column, &bytes, lanes);
      }
    }
  }
}

VQ_INLINE void VQ(tile_body)(const int mr, const int nv, const vn_qtile *tile) {
  qi acc[VQ_ROWS][2];
#pragma clang loop unroll(full)
  for (int j = 0; j < nv; j++) {
    qi start = *(const qi_memory *)(tile->bias + j * VQ_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) acc[i][j] = start;
  }
  const int8_t *panel = tile->panel;
  vn_ahead ahead = tile->ahead;
  if (tile->next_y) {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      __builtin_prefetch(tile->next_residual[i] + tile->column, 0, 2);
      __builtin_prefetch((const uint8_t *)tile->next_y[i] + tile->column, 1, 3);
    }
  }
  for (size_t tap = 0; tap < tile->taps; tap++) {
    const uint8_t *const *rows = tile->rows + tap * tile->row_stride;
    for (size_t at = 0; at < 4 * tile->words; at += 4) {
      qi w[2];
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) w[j] = *(const qi_memory *)(panel + j * VQ_LANES * 4);
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++) {
        int32_t four;
        memcpy(&four, rows[i] + at, 4);
        qi x = (qi)four;
#pragma clang loop unroll(full)
        for (int j = 0; j < nv; j++) acc[i][j] = vq_dot(acc[i][j], x, w[j]);
      }
      panel += nv * VQ_LANES * 4;
      __builtin_prefetch(ahead.weights, 0, 2);
      ahead.weights += ahead.weights_step;
      __builtin_prefetch(ahead.pixels, 0, 2);
      ahead.pixels += ahead.pixels_step;
    }
  }
  VQ(end_tile)(mr, nv, acc, tile);
}

#define VQ_TILE(mr)                                                                           \
  VN_ALIGNED static void VQ(tile_##mr##x1)(const vn_qtile *tile) { VQ(tile_body)(mr, 1, tile); }          \
  VN_ALIGNED static void VQ(tile_##mr##x2)(const vn_qtile *tile) { VQ(tile_body)(mr, 2, tile); }
#define VQ_TILE_ENTRY(mr) {VQ(tile_##mr##x1), VQ(tile_##mr##x2)}
VQ_TILE(1) VQ_TILE(2) VQ_TILE(3) VQ_TILE(4)
#if VQ_ROWS > 4
VQ_TILE(5) VQ_TILE(6)
#endif
#if VQ_ROWS > 6
VQ_TILE(7) VQ_TILE(8) VQ_TILE(9) VQ_TILE(10) VQ_TILE(11) VQ_TILE(12) VQ_TILE(13) VQ_TILE(14)
#endif

#include "quantized_winograd.h"

typedef struct VQ(four) {
  qi v[4];
} VQ(four);

/// A block of `size` channels where the compiler knows it, and of `n` where `size` is 0.
VQ_INLINE qi VQ(load_some)(const uint8_t *p, const size_t size, size_t n) {
  if (size == 0) return vq_load_part(p, n);
  qi x = (qi)0;
  memcpy(&x, p, size);
  return x;
}

/// `count` kernel rows of one column of pixels, interleaved so that each lane holds those of one channel.
VQ_INLINE VQ(four) VQ(column)(const uint8_t *const *p, size_t stride, const int count, size_t channel,
                              const size_t size, size_t n) {
  qi zero = (qi)0;
  qi a = VQ(load_some)(p[0] + channel, size, n);
  qi b = count > 1 ? VQ(load_some)(p[stride] + channel, size, n) : zero;
  qi c = count > 2 ? VQ(load_some)(p[2 * stride] + channel, size, n) : zero;
  qi d = count > 3 ? VQ(load_some)(p[3 * stride] + channel, size, n) : zero;
  qi ab0 = vq_low8(a, b), ab1 = vq_high8(a, b), cd0 = vq_low8(c, d), cd1 = vq_high8(c, d);
  return (VQ(four)){{vq_low16(ab0, cd0), vq_high16(ab0, cd0), vq_low16(ab1, cd1), vq_high16(ab1, cd1)}};
}

VQ_INLINE void VQ(depthwise_body)(const int outputs, const int kh, const int kw, const int stride, const size_t size,
                                  const bool adds, const bool plain, const vn_qdepthwise_row *row, int x0) {
  const vn_requantization *r = row->result;
  const size_t n = row->count, channel = row->channel;
  qi acc[VQ_OUTPUTS][4];
#pragma clang loop unroll(full)
  for (int v = 0; v < 4; v++) {
    qi start = *(const qi_memory *)(row->bias + v * VQ_LANES);
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) acc[j][v] = start;
  }
  const int8_t *weights = row->weights;
  const uint8_t *const *columns = row->columns + (ptrdiff_t)x0 * stride;
  const int reach = (outputs - 1) * stride + kw;
  for (int i = 0; i < kh; i += 4, columns += 4 * row->column_stride, weights += kw * 16 * VQ_LANES) {
    const int count = kh - i < 4 ? kh - i : 4;
#pragma clang loop unroll_count(VQ_UNROLL)
    for (int t = 0; t < reach; t++) {
      VQ(four) x;
      switch (count) {
        case 1: x = VQ(column)(columns + t, row->column_stride, 1, channel, size, n); break;
        case 2: x = VQ(column)(columns + t, row->column_stride, 2, channel, size, n); break;
        case 3: x = VQ(column)(columns + t, row->column_stride, 3, channel, size, n); break;
        default: x = VQ(column)(columns + t, row->column_stride, 4, channel, size, n); break;
      }
#pragma clang loop unroll(full)
      for (int j = 0; j < outputs; j++) {
        const int tap = t - j * stride;
        if (tap < 0 || tap >= kw) continue;
        const int8_t *w = weights + tap * 16 * VQ_LANES;
#pragma clang loop unroll(full)
        for (int v = 0; v < 4; v++)
          acc[j][v] = vq_dot(acc[j][v], x.v[v], *(const qi_memory *)(w + v * 4 * VQ_LANES));
      }
    }
  }
  const VQ(ending) ending = VQ(ending_of)(r, adds);
#pragma clang loop unroll(full)
  for (int j = 0; j < outputs; j++) {
    uint8_t *y = row->y + (size_t)(x0 + j) * row->pixel + channel;
    qi q[4];
    if (adds) {
      const uint8_t *residual = row->residual + (size_t)(x0 + j) * row->pixel + channel;
      qi zero = (qi)0, bytes = VQ(load_some)(residual, size, n);
      qi low = vq_low8(bytes, zero), high = vq_high8(bytes, zero);
      qi parts[4] = {vq_low16(low, zero), vq_high16(low, zero), vq_low16(high, zero), vq_high16(high, zero)};
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++)
        q[v] = VQ(rounded_with_residual)(acc[j][v], *(const qf_memory *)(row->multipliers + v * VQ_LANES),
                                         parts[v], r);
    } else {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++)
        q[v] = plain ? VQ(rounded_bounded)(acc[j][v], *(const qf_memory *)(row->multipliers + v * VQ_LANES))
                     : VQ(rounded)(acc[j][v], *(const qf_memory *)(row->multipliers + v * VQ_LANES));
    }
    qi bytes = VQ(finish)(plain, q[0], q[1], q[2], q[3], ending);
    if (size == 0) vq_store_part(y, bytes, n);
    else memcpy(y, &bytes, size);
  }
}

/// A row, several outputs at a time; the last ones begin so that they end with the row.
VQ_INLINE void VQ(depthwise_row)(const int kh, const int kw, const int stride, const size_t size, const bool plain,
                                 const vn_qdepthwise_row *row) {
  int x = 0;
  if (row->ow >= VQ_OUTPUTS)
    for (; x < row->ow; x += VQ_OUTPUTS)
      VQ(depthwise_body)(VQ_OUTPUTS, kh, kw, stride, size, false, plain, row,
                         x + VQ_OUTPUTS > row->ow ? row->ow - VQ_OUTPUTS : x);
  for (; x < row->ow; x++) VQ(depthwise_body)(1, kh, kw, stride, size, false, plain, row, x);
}

#define VQ_DEPTHWISE(kernel, stride)                                                      \
  VN_ALIGNED static void VQ(depthwise_##kernel##_##stride)(const vn_qdepthwise_row *row) {            \
    VQ(depthwise_row)(kernel, kernel, stride, 4 * VQ_LANES, true, row);                            \
  }
VQ_DEPTHWISE(3, 1) VQ_DEPTHWISE(3, 2) VQ_DEPTHWISE(5, 1) VQ_DEPTHWISE(5, 2)

/// As above, for fewer channels than a block has.
VN_ALIGNED static void VQ(depthwise_part)(const vn_qdepthwise_row *row) { VQ(depthwise_row)(3, 3, 1, 0, true, row); }
VN_ALIGNED static void VQ(depthwise_half)(const vn_qdepthwise_row *row) { VQ(depthwise_row)(3, 3, 1, 2 * VQ_LANES, true, row); }

static void VQ(depthwise_any)(const vn_qdepthwise_row *row) {
  for (int x = 0; x < row->ow; x++) {
    if (row->residual) VQ(depthwise_body)(1, row->kh, row->kw, row->stride, 0, true, false, row, x);
    else if (row->count == 4 * VQ_LANES) VQ(depthwise_body)(1, row->kh, row->kw, row->stride, 4 * VQ_LANES, false, false, row, x);
    else VQ(depthwise_body)(1, row->kh, row->kw, row->stride, 0, false, false, row, x);
  }
}

static void VQ(depthwise)(const vn_qdepthwise_row *row) {
  const bool plain = row->result->bounded && !row->residual && VQ(is_plain)(VQ(ending_of)(row->result, false));
  const bool square = row->kh == row->kw && (row->stride == 1 || row->stride == 2);
  if (!plain || !square) VQ(depthwise_any)(row);
  else if (row->count == 4 * VQ_LANES && row->kh == 3) (row->stride == 1 ? VQ(depthwise_3_1) : VQ(depthwise_3_2))(row);
  else if (row->count == 4 * VQ_LANES && row->kh == 5) (row->stride == 1 ? VQ(depthwise_5_1) : VQ(depthwise_5_2))(row);
  else if (row->kh == 3 && row->stride == 1) (row->count == 2 * VQ_LANES ? VQ(depthwise_half) : VQ(depthwise_part))(row);
  else VQ(depthwise_any)(row);
}

static void VQ(quantize)(size_t count, const float *x, float scale, int32_t zero, uint8_t *y) {
  const qf divisor = (qf)scale;
  const float low = (float)-zero, high = (float)(255 - zero);
  for (size_t i = 0; i < count; i += VQ_LANES) {
    const size_t n = count - i;
    qf t = VQ(load_floats)(x + i, n) / divisor;
    VQ(store_bytes)(y + i, vq_round(VQ(clamp)(t, low, high)) + zero, n);
  }
}

/// y = x[0][0], x[1][0], x[2][0], x[0][1], …: bytes of three planes pixel by pixel.
static void VQ(interleave)(size_t count, const uint8_t *const x[3], uint8_t *y) {
  typedef uint8_t bytes __attribute__((ext_vector_type(16)));
  typedef uint8_t bytes_memory __attribute__((ext_vector_type(16), aligned(1), may_alias));
  typedef uint8_t pair __attribute__((ext_vector_type(32)));
  const uint8_t *a = x[0], *b = x[1], *c = x[2];
  size_t i = 0;
  for (; i + 16 <= count; i += 16, y += 48) {
    const bytes u = *(const bytes_memory *)(a + i), v = *(const bytes_memory *)(b + i), w = *(const bytes_memory *)(c + i);
    const pair uv = __builtin_shufflevector(u, v, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                                            21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    const pair ww = __builtin_shufflevector(w, w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0,
                                            0, 0, 0, 0, 0, 0, 0, 0, 0);
    *(bytes_memory *)y =
        __builtin_shufflevector(uv, ww, 0, 16, 32, 1, 17, 33, 2, 18, 34, 3, 19, 35, 4, 20, 36, 5);
    *(bytes_memory *)(y + 16) =
        __builtin_shufflevector(uv, ww, 21, 37, 6, 22, 38, 7, 23, 39, 8, 24, 40, 9, 25, 41, 10, 26);
    *(bytes_memory *)(y + 32) =
        __builtin_shufflevector(uv, ww, 42, 11, 27, 43, 12, 28, 44, 13, 29, 45, 14, 30, 46, 15, 31, 47);
  }
  for (; i < count; i++, y += 3) y[0] = a[i], y[1] = b[i], y[2] = c[i];
}

static void VQ(dequantize)(size_t count, const uint8_t *x, float scale, int32_t zero, float *y) {
  const qf factor = (qf)scale;
  for (size_t i = 0; i < count; i += VQ_LANES) {
    const size_t n = count - i < VQ_LANES ? count - i : VQ_LANES;
    qf t = (VQ(load_bytes)(x + i, n) - (float)zero) * factor;
    if (n == VQ_LANES) {
      *(qf_memory *)(y + i) = t;
    } else {
      float buffer[VQ_LANES];
      *(qf_memory *)buffer = t;
      memcpy(y + i, buffer, n * sizeof(float));
    }
  }
}

static void VQ(add)(const vn_qadd *add, size_t count, const uint8_t *a, const uint8_t *b, uint8_t *y) {
  for (size_t i = 0; i < count; i += VQ_LANES) {
    const size_t n = count - i;
    qf s = (VQ(load_bytes)(a + i, n) - (float)add->a_zero) * add->a_scale;
    qf t = (VQ(load_bytes)(b + i, n) - (float)add->b_zero) * add->b_scale;
    VQ(store_bytes)(y + i, vq_round(VQ(clamp)(s + t, add->low, add->high)) + add->zero, n);
  }
}

static void VQ(maximum)(size_t count, const uint8_t *x, uint8_t *y) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] > y[i] ? x[i] : y[i];
}

static void VQ(maximum_of)(size_t count, size_t rows, const uint8_t *x, uint8_t *y) {
  size_t c = 0;
  for (; c + 4 * VQ_LANES <= count; c += 4 * VQ_LANES) {
    qw largest = *(const qw_memory *)(x + c);
    for (size_t i = 1; i < rows; i++) {
      const qw other = *(const qw_memory *)(x + i * count + c);
      largest = largest > other ? largest : other;
    }
    *(qw_memory *)(y + c) = largest;
  }
  for (; c < count; c++) {
    uint8_t largest = x[c];
    for (size_t i = 1; i < rows; i++) largest = x[i * count + c] > largest ? x[i * count + c] : largest;
    y[c] = largest;
  }
}

static void VQ(accumulate)(size_t count, const uint8_t *x, int32_t *sums) {
  for (size_t i = 0; i < count; i++) sums[i] += x[i];
}

const vn_qkernels VQ(vn_qkernels) = {
    .dot_products = VQ_DOT_PRODUCTS,
    .lanes = VQ_LANES,
    .max_rows = VQ_ROWS,
    .tile =
        {
            VQ_TILE_ENTRY(1), VQ_TILE_ENTRY(2), VQ_TILE_ENTRY(3), VQ_TILE_ENTRY(4),
#if VQ_ROWS > 4
            VQ_TILE_ENTRY(5), VQ_TILE_ENTRY(6),
#endif
#if VQ_ROWS > 6
            VQ_TILE_ENTRY(7), VQ_TILE_ENTRY(8), VQ_TILE_ENTRY(9), VQ_TILE_ENTRY(10), VQ_TILE_ENTRY(11),
            VQ_TILE_ENTRY(12), VQ_TILE_ENTRY(13), VQ_TILE_ENTRY(14),
#endif
        },
    .products =
        {
            VQ_PRODUCTS_ENTRY(1), VQ_PRODUCTS_ENTRY(2), VQ_PRODUCTS_ENTRY(3), VQ_PRODUCTS_ENTRY(4),
#if VQ_ROWS > 4
            VQ_PRODUCTS_ENTRY(5), VQ_PRODUCTS_ENTRY(6),
#endif
#if VQ_ROWS > 6
            VQ_PRODUCTS_ENTRY(7), VQ_PRODUCTS_ENTRY(8), VQ_PRODUCTS_ENTRY(9), VQ_PRODUCTS_ENTRY(10),
            VQ_PRODUCTS_ENTRY(11), VQ_PRODUCTS_ENTRY(12), VQ_PRODUCTS_ENTRY(13), VQ_PRODUCTS_ENTRY(14),
#endif
        },
    .winograd_input = VQ(winograd_input),
    .winograd_output = VQ(winograd_output),
    .winograd_filters = VQ(winograd_filters),
    .depthwise = VQ(depthwise),
    .quantize = VQ(quantize),
    .interleave = VQ(interleave),
    .dequantize = VQ(dequantize),
    .add = VQ(add),
    .maximum = VQ(maximum),
    .maximum_of = VQ(maximum_of),
    .accumulate = VQ(accumulate),
};
