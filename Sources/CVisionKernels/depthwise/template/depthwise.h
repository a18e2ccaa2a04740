// Depthwise convolution over one row of outputs: several outputs at once, vectorized over channels.

VN_INLINE void VN_ISA(depthwise_body)(const int outputs, const int kw, const int stride,
                                      const vn_depthwise_row *row, int x0) {
  const vf low = (vf)row->low, high = (vf)row->high;
  const float *const *columns = row->columns + (ptrdiff_t)x0 * stride;
  float *y = row->y + x0 * row->y_pixel;
  const float *residual = row->residual ? row->residual + x0 * row->residual_pixel : NULL;
  for (size_t c = row->first; c < row->last; c += VN_LANES) {
    const size_t lanes = row->last - c < VN_LANES ? row->last - c : VN_LANES;
    vf acc[VN_MAX_COLUMNS_OUT];
    vf start = row->bias ? vload_some(row->bias + c, lanes) : (vf)0.0f;
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) acc[j] = start;
    if (lanes == VN_LANES) {
      for (int i = 0; i < row->kh; i++) {
        const float *const *p = columns + (size_t)i * row->column_stride;
        const float *w = row->weights + (size_t)(i * kw) * row->weight_pitch + c;
        for (int t = 0; t < kw; t++) {
          vf weight = vload(w + (size_t)t * row->weight_pitch);
#pragma clang loop unroll(full)
          for (int j = 0; j < outputs; j++) acc[j] = vfma(vload(p[j * stride + t] + c), weight, acc[j]);
        }
      }
    } else {
      for (int i = 0; i < row->kh; i++) {
        const float *const *p = columns + (size_t)i * row->column_stride;
        const float *w = row->weights + (size_t)(i * kw) * row->weight_pitch + c;
        for (int t = 0; t < kw; t++) {
          vf weight = vload_part(w + (size_t)t * row->weight_pitch, lanes);
#pragma clang loop unroll(full)
          for (int j = 0; j < outputs; j++)
            acc[j] = vfma(vload_part(p[j * stride + t] + c, lanes), weight, acc[j]);
        }
      }
    }
    for (int s = 0; s < row->streams; s++) {
      const char *p = row->ahead[s].pixels + (size_t)x0 * row->ahead[s].step + c * sizeof(float);
#pragma clang loop unroll(full)
      for (int j = 0; j < outputs; j++) __builtin_prefetch(p + (size_t)j * row->ahead[s].step, 0, 2);
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < outputs; j++) {
      if (residual) acc[j] += vload_some(residual + j * row->residual_pixel + c, lanes);
      vstore_some(y + j * row->y_pixel + c, vmin(high, vmax(low, acc[j])), lanes);
    }
  }
}

// Seven at a time, a width of eight would leave a single output, which takes three times as long as one of eight at once. So
// widths that are multiples of eight, but not of seven, are computed eight at a time.
#undef VN_DEPTHWISE_EIGHTS
#if VN_OUTPUTS == 7
#define VN_DEPTHWISE_EIGHTS(kw, stride)                                                    \
  if (row->ow % 8 == 0 && row->ow % 7 != 0)                                                \
    for (; x < row->ow; x += 8) VN_ISA(depthwise_body)(8, kw, stride, row, x);
#else
#define VN_DEPTHWISE_EIGHTS(kw, stride)
#endif

#undef VN_DEPTHWISE
#define VN_DEPTHWISE(name, kw, stride)                                                     \
  VN_ALIGNED static void VN_ISA(name)(const vn_depthwise_row *row) {                       \
    int x = 0;                                                                             \
    VN_DEPTHWISE_EIGHTS(kw, stride)                                                        \
    for (; x + VN_OUTPUTS <= row->ow; x += VN_OUTPUTS)                                     \
      VN_ISA(depthwise_body)(VN_OUTPUTS, kw, stride, row, x);                              \
    for (; x + 4 <= row->ow; x += 4) VN_ISA(depthwise_body)(4, kw, stride, row, x);        \
    for (; x + 2 <= row->ow; x += 2) VN_ISA(depthwise_body)(2, kw, stride, row, x);        \
    for (; x < row->ow; x++) VN_ISA(depthwise_body)(1, kw, stride, row, x);                \
  }
// Kernels of one and two taps occur in gradients of stride 2.
VN_DEPTHWISE(depthwise_1_1, 1, 1) VN_DEPTHWISE(depthwise_2_1, 2, 1) VN_DEPTHWISE(depthwise_3_1, 3, 1)
VN_DEPTHWISE(depthwise_3_2, 3, 2) VN_DEPTHWISE(depthwise_5_1, 5, 1) VN_DEPTHWISE(depthwise_5_2, 5, 2)
VN_DEPTHWISE(depthwise_7_1, 7, 1)
VN_DEPTHWISE(depthwise_any, row->kw, row->stride)

static void VN_ISA(depthwise)(const vn_depthwise_row *row) {
  if (row->kw == 3 && row->stride == 1) VN_ISA(depthwise_3_1)(row);
  else if (row->kw == 3 && row->stride == 2) VN_ISA(depthwise_3_2)(row);
  else if (row->kw == 5 && row->stride == 1) VN_ISA(depthwise_5_1)(row);
  else if (row->kw == 5 && row->stride == 2) VN_ISA(depthwise_5_2)(row);
  else if (row->kw == 1 && row->stride == 1) VN_ISA(depthwise_1_1)(row);
  else if (row->kw == 2 && row->stride == 1) VN_ISA(depthwise_2_1)(row);
  else if (row->kw == 7 && row->stride == 1) VN_ISA(depthwise_7_1)(row);
  else VN_ISA(depthwise_any)(row);
}
