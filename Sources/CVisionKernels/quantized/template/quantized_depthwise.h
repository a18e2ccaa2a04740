// Depthwise convolution of bytes: several outputs of a row and a block of channels at a time.

typedef struct VQ(four) {
  qi v[4];
} VQ(four);

/// Loads `size` channels, a compile-time constant; or `n` channels if `size` is 0.
VQ_INLINE qi VQ(load_some)(const uint8_t *p, const size_t size, size_t n) {
  if (size == 0) return vq_load_part(p, n);
  qi x = (qi)0;
  memcpy(&x, p, size);
  return x;
}

/// The pixels of `count` kernel rows in one column, interleaved so that each lane holds those of one channel.
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

/// How results are written: as bytes, as those whose zero point and bounds are a byte's own, or as floats.
typedef enum VQ(depthwise_ending) { VQ(any_bytes), VQ(plain_bytes), VQ(floats) } VQ(depthwise_ending);

/// Stores `n` channels of one output, or `size` if that is not 0, which are in the order of interleaved bytes.
VQ_INLINE void VQ(store_block)(float *y, const qf t[4], const size_t size, size_t n) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 4; v++)
#pragma clang loop unroll(full)
    for (size_t i = 0; i < VQ_LANES; i += 4) {
      const size_t channel = 4 * i + 4 * (size_t)v;
      float four[VQ_LANES];
      *(qf_memory *)four = t[v];
      if (size != 0 || channel + 4 <= n) memcpy(y + channel, four + i, 4 * sizeof(float));
      else if (channel < n) memcpy(y + channel, four + i, (n - channel) * sizeof(float));
    }
}

/// One unrolled tile: `outputs` neighbors in a row times a block of channels.
VQ_INLINE void VQ(depthwise_body)(const int outputs, const int kh, const int kw, const int stride, const size_t size,
                                  const bool adds, const VQ(depthwise_ending) kind, const vn_qdepthwise_row *row, int x0) {
  const bool plain = kind == VQ(plain_bytes);
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
  if (kind == VQ(floats)) {
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) {
      qf t[4];
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++)
        t[v] = VQ(clamp)(__builtin_convertvector(acc[j][v], qf) * *(const qf_memory *)(row->multipliers + v * VQ_LANES),
                         r->low, r->high);
      VQ(store_block)((float *)row->y + (size_t)(x0 + j) * row->pixel + channel, t, size, n);
    }
    return;
  }
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

/// A row, several outputs at a time. The last group is moved back to end with the row.
VQ_INLINE void VQ(depthwise_row)(const int kh, const int kw, const int stride, const size_t size,
                                 const VQ(depthwise_ending) kind, const vn_qdepthwise_row *row) {
  int x = 0;
  if (row->ow >= VQ_OUTPUTS)
    for (; x < row->ow; x += VQ_OUTPUTS)
      VQ(depthwise_body)(VQ_OUTPUTS, kh, kw, stride, size, false, kind, row,
                         x + VQ_OUTPUTS > row->ow ? row->ow - VQ_OUTPUTS : x);
  for (; x < row->ow; x++) VQ(depthwise_body)(1, kh, kw, stride, size, false, kind, row, x);
}

#define VQ_DEPTHWISE(kernel, stride)                                                      \
  VN_ALIGNED static void VQ(depthwise_##kernel##_##stride)(const vn_qdepthwise_row *row) {            \
    VQ(depthwise_row)(kernel, kernel, stride, 4 * VQ_LANES, VQ(plain_bytes), row);                    \
  }                                                                                                   \
  VN_ALIGNED static void VQ(depthwise_floats_##kernel##_##stride)(const vn_qdepthwise_row *row) {     \
    VQ(depthwise_row)(kernel, kernel, stride, 4 * VQ_LANES, VQ(floats), row);                         \
  }
VQ_DEPTHWISE(3, 1) VQ_DEPTHWISE(3, 2) VQ_DEPTHWISE(5, 1) VQ_DEPTHWISE(5, 2)

/// As above, for fewer channels than a full block has.
VN_ALIGNED static void VQ(depthwise_part)(const vn_qdepthwise_row *row) { VQ(depthwise_row)(3, 3, 1, 0, VQ(plain_bytes), row); }
VN_ALIGNED static void VQ(depthwise_half)(const vn_qdepthwise_row *row) {
  VQ(depthwise_row)(3, 3, 1, 2 * VQ_LANES, VQ(plain_bytes), row);
}

VN_ALIGNED static void VQ(depthwise_floats_any)(const vn_qdepthwise_row *row) {
  VQ(depthwise_row)(row->kh, row->kw, row->stride, 0, VQ(floats), row);
}

static void VQ(depthwise_any)(const vn_qdepthwise_row *row) {
  const size_t full = 4 * VQ_LANES;
  for (int x = 0; x < row->ow; x++) {
    if (row->residual) VQ(depthwise_body)(1, row->kh, row->kw, row->stride, 0, true, VQ(any_bytes), row, x);
    else if (row->count == full) VQ(depthwise_body)(1, row->kh, row->kw, row->stride, full, false, VQ(any_bytes), row, x);
    else VQ(depthwise_body)(1, row->kh, row->kw, row->stride, 0, false, VQ(any_bytes), row, x);
  }
}

static void VQ(depthwise)(const vn_qdepthwise_row *row) {
  const bool square = row->kh == row->kw && (row->stride == 1 || row->stride == 2), full = row->count == 4 * VQ_LANES;
  if (row->result->floats) {
    if (!full || !square || (row->kh != 3 && row->kh != 5)) VQ(depthwise_floats_any)(row);
    else if (row->kh == 3) (row->stride == 1 ? VQ(depthwise_floats_3_1) : VQ(depthwise_floats_3_2))(row);
    else (row->stride == 1 ? VQ(depthwise_floats_5_1) : VQ(depthwise_floats_5_2))(row);
    return;
  }
  const bool plain = row->result->bounded && !row->residual && VQ(is_plain)(VQ(ending_of)(row->result, false));
  if (!plain || !square) VQ(depthwise_any)(row);
  else if (full && row->kh == 3) (row->stride == 1 ? VQ(depthwise_3_1) : VQ(depthwise_3_2))(row);
  else if (full && row->kh == 5) (row->stride == 1 ? VQ(depthwise_5_1) : VQ(depthwise_5_2))(row);
  else if (row->kh == 3 && row->stride == 1) (row->count == 2 * VQ_LANES ? VQ(depthwise_half) : VQ(depthwise_part))(row);
  else VQ(depthwise_any)(row);
}
