// Convolution of narrow groups over one row of outputs: several outputs at once, vectorized over the channels of several groups.

/// Element `i` of each group of `width` lanes, for all lanes of the group.
VN_INLINE vf VN_ISA(spread)(vf x, const int width, const int i) {
  vi at;
#pragma clang loop unroll(full)
  for (int lane = 0; lane < VN_LANES; lane++) at[lane] = lane / width * width + i;
#if VN_MASK_AVX512
  // Within four lanes a constant says which; beyond them it takes a vector of positions.
  if (width == 2) return (vf)(i ? _mm512_movehdup_ps((__m512)x) : _mm512_moveldup_ps((__m512)x));
  if (width == 4)
    return (vf)(i == 0   ? _mm512_permute_ps((__m512)x, 0x00)
                : i == 1 ? _mm512_permute_ps((__m512)x, 0x55)
                : i == 2 ? _mm512_permute_ps((__m512)x, 0xaa)
                         : _mm512_permute_ps((__m512)x, 0xff));
  return (vf)_mm512_permutexvar_ps((__m512i)at, (__m512)x);
#elif VN_MASK_AVX2
  if (width == 2) return (vf)(i ? _mm256_movehdup_ps((__m256)x) : _mm256_moveldup_ps((__m256)x));
  if (width == 4)
    return (vf)(i == 0   ? _mm256_permute_ps((__m256)x, 0x00)
                : i == 1 ? _mm256_permute_ps((__m256)x, 0x55)
                : i == 2 ? _mm256_permute_ps((__m256)x, 0xaa)
                         : _mm256_permute_ps((__m256)x, 0xff));
  return (vf)_mm256_permutevar8x32_ps((__m256)x, (__m256i)at);
#else
  vf y;
#pragma clang loop unroll(full)
  for (int lane = 0; lane < VN_LANES; lane++) y[lane] = x[at[lane]];
  return y;
#endif
}

/// Lane `at[lane]` of x for each lane.
VN_INLINE vf VN_ISA(permuted)(vf x, vi at) {
#if VN_MASK_AVX512
  return (vf)_mm512_permutexvar_ps((__m512i)at, (__m512)x);
#elif VN_MASK_AVX2
  return (vf)_mm256_permutevar8x32_ps((__m256)x, (__m256i)at);
#else
  float from[VN_LANES], to[VN_LANES];
  vstore(from, x);
  for (int lane = 0; lane < VN_LANES; lane++) to[lane] = from[at[lane]];
  return vload(to);
#endif
}

/// Adds what one tap contributes to `outputs` outputs.
VN_INLINE void VN_ISA(grouped_tap)(const int outputs, const int width, const float *const *p, int stride, size_t c,
                                   size_t lanes, const float *w, size_t pitch, vf *acc) {
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++) {
    const vf weight = vload(w + (size_t)i * pitch);
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) {
      const float *x = p[j * stride] + c;
      const vf input = width == VN_LANES ? (vf)x[i] : VN_ISA(spread)(vload_some(x, lanes), width, i);
      acc[j] = vfma(input, weight, acc[j]);
    }
  }
}

/// Adds what one tap contributes where a group has fewer inputs than outputs: `count` inputs for a vector of outputs.
VN_INLINE void VN_ISA(grouped_tap_of_few)(const int outputs, const vn_depthwise_row *row, const float *const *p, size_t c,
                                          size_t count, vi at, const float *w, vf *acc) {
  for (size_t i = 0; i < row->group_inputs; i++, at += 1) {
    const vf weight = vload(w + i * row->weight_pitch);
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++)
      acc[j] = vfma(VN_ISA(permuted)(vload_some(p[j * row->stride] + c, count), at), weight, acc[j]);
  }
}

/// - Parameter width: outputs of a group; 0 where its inputs are fewer.
VN_INLINE void VN_ISA(grouped_body)(const int outputs, const int width, const vn_depthwise_row *row, int x0) {
  const vf low = (vf)row->low, high = (vf)row->high;
  const float *const *columns = row->columns + (ptrdiff_t)x0 * row->stride;
  float *y = row->y + x0 * row->y_pixel;
  const float *residual = row->residual ? row->residual + x0 * row->residual_pixel : NULL;
  vi at = (vi)0;
  if (width == 0) {
    int32_t first[VN_LANES];
    for (size_t lane = 0; lane < VN_LANES; lane++)
      first[lane] = (int32_t)(lane / row->group_outputs * row->group_inputs);
    memcpy(&at, first, sizeof at);
  }
  for (size_t c = row->first; c < row->last; c += VN_LANES) {
    const size_t lanes = row->last - c < VN_LANES ? row->last - c : VN_LANES;
    vf acc[14];
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) acc[j] = (vf)0.0f;
    const float *w = row->weights + c;
    for (int ky = 0; ky < row->kh; ky++) {
      const float *const *p = columns + (size_t)ky * row->column_stride;
      for (int t = 0; t < row->kw; t++, p++, w += row->group_inputs * row->weight_pitch) {
        if (width == 0)
          VN_ISA(grouped_tap_of_few)(outputs, row, p, c / row->group_outputs * row->group_inputs,
                                     lanes / row->group_outputs * row->group_inputs, at, w, acc);
        else if (width == VN_LANES || lanes == VN_LANES)
          VN_ISA(grouped_tap)(outputs, width, p, row->stride, c, VN_LANES, w, row->weight_pitch, acc);
        else
          VN_ISA(grouped_tap)(outputs, width, p, row->stride, c, lanes, w, row->weight_pitch, acc);
      }
    }
    const vf start = row->bias ? vload_some(row->bias + c, lanes) : (vf)0.0f;
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) {
      vf sum = acc[j] + start;
      if (residual) sum += vload_some(residual + j * row->residual_pixel + c, lanes);
      vstore_some(y + j * row->y_pixel + c, vmin(high, vmax(low, sum)), lanes);
    }
  }
}

// A row is cut into about equal parts.
#undef VN_GROUPED_PART
#define VN_GROUPED_PART(outputs, width) \
  case outputs: VN_ISA(grouped_body)(outputs, width, row, x); break;
// Nine to fourteen, where an input fills one of many vectors.
#undef VN_GROUPED_MORE
#define VN_GROUPED_MORE(width)                                                    \
  VN_GROUPED_PART(9, width) VN_GROUPED_PART(10, width) VN_GROUPED_PART(11, width) \
  VN_GROUPED_PART(12, width) VN_GROUPED_PART(13, width) VN_GROUPED_PART(14, width)
#undef VN_GROUPED
#define VN_GROUPED(width, most, more)                                                             \
  VN_ALIGNED static void VN_ISA(grouped_##width)(const vn_depthwise_row *row) {             \
    const int parts = (row->ow + most - 1) / most;                                          \
    for (int part = 0, x = 0; part < parts; part++) {                                       \
      const int next = (int)((int64_t)(part + 1) * row->ow / parts);                        \
      switch (next - x) {                                                                   \
        VN_GROUPED_PART(1, width) VN_GROUPED_PART(2, width) VN_GROUPED_PART(3, width)       \
        VN_GROUPED_PART(4, width) VN_GROUPED_PART(5, width) VN_GROUPED_PART(6, width)       \
        VN_GROUPED_PART(7, width) VN_GROUPED_PART(8, width) more                            \
      }                                                                                     \
      x = next;                                                                             \
    }                                                                                       \
  }

VN_GROUPED(0, 8, ) VN_GROUPED(2, 8, ) VN_GROUPED(4, 8, )
#if VN_LANES >= 8
VN_GROUPED(8, 8, )
#endif
#if VN_LANES >= 16
VN_GROUPED(16, 14, VN_GROUPED_MORE(16))
#endif

static void VN_ISA(grouped)(const vn_depthwise_row *row) {
  const size_t width = row->group_outputs;
  if (row->group_inputs < width) VN_ISA(grouped_0)(row);
  else if (width == 2) VN_ISA(grouped_2)(row);
  else if (width == 4) VN_ISA(grouped_4)(row);
#if VN_LANES >= 8
  else if (width == 8) VN_ISA(grouped_8)(row);
#endif
#if VN_LANES >= 16
  else if (width == 16) VN_ISA(grouped_16)(row);
#endif
}
