// Functions on bytes, once per instruction set. The including file defines VQ_LANES (32-bit lanes), VQ_ROWS, VQ_OUTPUTS,
// VQ(name), and the inline functions
//   qi vq_dot(qi sums, qi x, qi w)   adds in each lane the products of four bytes of x and four int8 of w
//   qi vq_round(qf x)                to the nearest integer, halves to even
//   qi vq_low8, vq_high8, vq_low16, vq_high16 (qi a, qi b)   interleave bytes or 16 bits of each 128 bits
//   qi vq_pack(qi a, qi b, qi c, qi d)   the reverse: 0...255 in 32 bits to bytes
#pragma clang fp contract(off)

typedef float qf_memory __attribute__((ext_vector_type(VQ_LANES), aligned(4), may_alias));
typedef int32_t qi_memory __attribute__((ext_vector_type(VQ_LANES), aligned(1), may_alias));
typedef uint8_t qb __attribute__((ext_vector_type(VQ_LANES)));
typedef uint8_t qb_memory __attribute__((ext_vector_type(VQ_LANES), aligned(1), may_alias));

VQ_INLINE qf VQ(load_floats)(const float *p, size_t n) {
  if (n >= VQ_LANES) return *(const qf_memory *)p;
  float buffer[VQ_LANES] = {0};
  memcpy(buffer, p, n * sizeof(float));
  return *(const qf_memory *)buffer;
}
VQ_INLINE qf VQ(load_bytes)(const uint8_t *p, size_t n) {
  if (n >= VQ_LANES) return __builtin_convertvector(__builtin_convertvector(*(const qb_memory *)p, qi), qf);
  uint8_t buffer[VQ_LANES] = {0};
  memcpy(buffer, p, n);
  return __builtin_convertvector(__builtin_convertvector(*(const qb_memory *)buffer, qi), qf);
}
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

VQ_INLINE qi VQ(bytes_of)(qi sum, qf multiplier, const vn_requantization *r) {
  qf t = __builtin_convertvector(sum, qf) * multiplier;
  return vq_round(VQ(clamp)(t, r->low, r->high)) + r->zero;
}

VQ_INLINE qi VQ(bytes_with_residual)(qi sum, qf multiplier, qf residual, const vn_requantization *r) {
  qf t = __builtin_convertvector(sum, qf) * multiplier;
  qf whole = __builtin_convertvector(vq_round(VQ(clamp)(t, r->low, r->high)), qf);
  qf a = whole * r->sum_scale;
  qf b = (residual - (float)r->residual_zero) * r->residual_scale;
  return vq_round(VQ(clamp)(a + b, r->sum_low, r->sum_high)) + r->sum_zero;
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
    }
  }
  const vn_requantization *r = tile->result;
  if (!r->floats && !tile->residual && tile->width == (size_t)nv * VQ_LANES) {
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) {
      qf multiplier = *(const qf_memory *)(tile->multipliers + j * VQ_LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < mr; i++)
        *(qb_memory *)((uint8_t *)tile->y[i] + tile->column + j * VQ_LANES) =
            __builtin_convertvector(VQ(bytes_of)(acc[i][j], multiplier, r), qb);
    }
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
                   ? VQ(bytes_with_residual)(sum, multiplier, VQ(load_bytes)(tile->residual[i] + column, lanes), r)
                   : VQ(bytes_of)(sum, multiplier, r);
        VQ(store_bytes)((uint8_t *)tile->y[i] + column, q, lanes);
      }
    }
  }
}

#define VQ_TILE(mr)                                                                           \
  static void VQ(tile_##mr##x1)(const vn_qtile *tile) { VQ(tile_body)(mr, 1, tile); }          \
  static void VQ(tile_##mr##x2)(const vn_qtile *tile) { VQ(tile_body)(mr, 2, tile); }
#define VQ_TILE_ENTRY(mr) {VQ(tile_##mr##x1), VQ(tile_##mr##x2)}
VQ_TILE(1) VQ_TILE(2) VQ_TILE(3) VQ_TILE(4)
#if VQ_ROWS > 4
VQ_TILE(5) VQ_TILE(6)
#endif
#if VQ_ROWS > 6
VQ_TILE(7) VQ_TILE(8) VQ_TILE(9) VQ_TILE(10) VQ_TILE(11) VQ_TILE(12) VQ_TILE(13) VQ_TILE(14)
#endif

typedef struct VQ(four) {
  qi v[4];
} VQ(four);

VQ_INLINE qi VQ(load_some)(const uint8_t *p, const bool whole, size_t n) {
  if (whole) return *(const qi_memory *)p;
  return vq_load_part(p, n);
}

/// `count` kernel rows of one column of pixels, interleaved so that each lane holds those of one channel.
VQ_INLINE VQ(four) VQ(column)(const uint8_t *const *p, size_t stride, const int count, size_t channel,
                              const bool whole, size_t n) {
  qi zero = (qi)0;
  qi a = VQ(load_some)(p[0] + channel, whole, n);
  qi b = count > 1 ? VQ(load_some)(p[stride] + channel, whole, n) : zero;
  qi c = count > 2 ? VQ(load_some)(p[2 * stride] + channel, whole, n) : zero;
  qi d = count > 3 ? VQ(load_some)(p[3 * stride] + channel, whole, n) : zero;
  qi ab0 = vq_low8(a, b), ab1 = vq_high8(a, b), cd0 = vq_low8(c, d), cd1 = vq_high8(c, d);
  return (VQ(four)){{vq_low16(ab0, cd0), vq_high16(ab0, cd0), vq_low16(ab1, cd1), vq_high16(ab1, cd1)}};
}

VQ_INLINE void VQ(depthwise_body)(const int outputs, const int kh, const int kw, const int stride, const bool whole,
                                  const vn_qdepthwise_row *row, int x0) {
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
    for (int t = 0; t < reach; t++) {
      VQ(four) x;
      switch (count) {
        case 1: x = VQ(column)(columns + t, row->column_stride, 1, channel, whole, n); break;
        case 2: x = VQ(column)(columns + t, row->column_stride, 2, channel, whole, n); break;
        case 3: x = VQ(column)(columns + t, row->column_stride, 3, channel, whole, n); break;
        default: x = VQ(column)(columns + t, row->column_stride, 4, channel, whole, n); break;
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
#pragma clang loop unroll(full)
  for (int j = 0; j < outputs; j++) {
    uint8_t *y = row->y + (size_t)(x0 + j) * row->pixel + channel;
    qi q[4];
    if (row->residual) {
      const uint8_t *residual = row->residual + (size_t)(x0 + j) * row->pixel + channel;
      qi zero = (qi)0, bytes = VQ(load_some)(residual, whole, n);
      qi low = vq_low8(bytes, zero), high = vq_high8(bytes, zero);
      qi parts[4] = {vq_low16(low, zero), vq_high16(low, zero), vq_low16(high, zero), vq_high16(high, zero)};
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++)
        q[v] = VQ(bytes_with_residual)(acc[j][v], *(const qf_memory *)(row->multipliers + v * VQ_LANES),
                                       __builtin_convertvector(parts[v], qf), r);
    } else {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++)
        q[v] = VQ(bytes_of)(acc[j][v], *(const qf_memory *)(row->multipliers + v * VQ_LANES), r);
    }
    qi bytes = vq_pack(q[0], q[1], q[2], q[3]);
    if (whole) *(qi_memory *)y = bytes;
    else vq_store_part(y, bytes, n);
  }
}

#define VQ_DEPTHWISE(kernel, stride)                                                                     \
  static void VQ(depthwise_##kernel##_##stride)(const vn_qdepthwise_row *row) {                           \
    int x = 0;                                                                                            \
    for (; x + VQ_OUTPUTS <= row->ow; x += VQ_OUTPUTS)                                                    \
      VQ(depthwise_body)(VQ_OUTPUTS, kernel, kernel, stride, true, row, x);                               \
    for (; x < row->ow; x++) VQ(depthwise_body)(1, kernel, kernel, stride, true, row, x);                 \
  }
VQ_DEPTHWISE(3, 1) VQ_DEPTHWISE(3, 2) VQ_DEPTHWISE(5, 1) VQ_DEPTHWISE(5, 2)

static void VQ(depthwise_any)(const vn_qdepthwise_row *row) {
  for (int x = 0; x < row->ow; x++) VQ(depthwise_body)(1, row->kh, row->kw, row->stride, true, row, x);
}
/// Fewer channels than a block has.
static void VQ(depthwise_part)(const vn_qdepthwise_row *row) {
  int x = 0;
  if (row->kh == 3 && row->kw == 3 && row->stride == 1)
    for (; x + VQ_OUTPUTS <= row->ow; x += VQ_OUTPUTS) VQ(depthwise_body)(VQ_OUTPUTS, 3, 3, 1, false, row, x);
  for (; x < row->ow; x++) VQ(depthwise_body)(1, row->kh, row->kw, row->stride, false, row, x);
}

static void VQ(depthwise)(const vn_qdepthwise_row *row) {
  const bool square = row->kh == row->kw && (row->stride == 1 || row->stride == 2);
  if (row->count < 4 * VQ_LANES) VQ(depthwise_part)(row);
  else if (square && row->kh == 3) (row->stride == 1 ? VQ(depthwise_3_1) : VQ(depthwise_3_2))(row);
  else if (square && row->kh == 5) (row->stride == 1 ? VQ(depthwise_5_1) : VQ(depthwise_5_2))(row);
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

static void VQ(accumulate)(size_t count, const uint8_t *x, int32_t *sums) {
  for (size_t i = 0; i < count; i++) sums[i] += x[i];
}

const vn_qkernels VQ(vn_qkernels) = {
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
    .depthwise = VQ(depthwise),
    .quantize = VQ(quantize),
    .dequantize = VQ(dequantize),
    .add = VQ(add),
    .maximum = VQ(maximum),
    .accumulate = VQ(accumulate),
};
