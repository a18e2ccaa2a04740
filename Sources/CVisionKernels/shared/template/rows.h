// Reductions and normalizations of one row.

VN_INLINE vf VN_ISA(combine)(vn_reduction op, vf sum, vf x) {
  switch (op) {
    case VN_SUM:
    case VN_MEAN: return sum + x;
    case VN_SUM_SQUARE:
    case VN_ROOT_SUM_SQUARE: return vfma(x, x, sum);
    case VN_SUM_ABS: return sum + vabs(x);
    case VN_PRODUCT: return sum * x;
    case VN_REDUCE_MAX: return vmax_nan(sum, x);
    case VN_REDUCE_MIN: return vmin_nan(sum, x);
  }
  return sum;
}

VN_INLINE vf VN_ISA(identity_of)(vn_reduction op) {
  if (op == VN_PRODUCT) return (vf)1.0f;
  if (op == VN_REDUCE_MAX) return (vf)-INFINITY;
  if (op == VN_REDUCE_MIN) return (vf)INFINITY;
  return (vf)0.0f;
}

VN_INLINE void VN_ISA(accumulate_body)(const vn_reduction op, bool first, size_t count, const float *x,
                                       float *y) {
  for (size_t i = 0; i < count; i += VN_LANES) {
    size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    vf before = first ? VN_ISA(identity_of)(op) : vload_some(y + i, lanes);
    vstore_some(y + i, VN_ISA(combine)(op, before, vload_some(x + i, lanes)), lanes);
  }
}

VN_INLINE void VN_ISA(accumulate_taps_some)(const vn_reduction op, const int n, bool first, size_t taps,
                                            const float *const *x, size_t at, size_t lanes, float *y) {
  vf acc[4];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) acc[j] = first ? VN_ISA(identity_of)(op) : vload_some(y + at + j * VN_LANES, lanes);
  for (size_t t = 0; t < taps; t++)
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) acc[j] = VN_ISA(combine)(op, acc[j], vload_some(x[t] + at + j * VN_LANES, lanes));
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) vstore_some(y + at + j * VN_LANES, acc[j], lanes);
}

VN_INLINE void VN_ISA(accumulate_taps_body)(const vn_reduction op, bool first, size_t taps, const float *const *x,
                                            size_t count, float *y) {
  size_t at = 0;
  for (; at + 4 * VN_LANES <= count; at += 4 * VN_LANES)
    VN_ISA(accumulate_taps_some)(op, 4, first, taps, x, at, VN_LANES, y);
  for (; at < count; at += VN_LANES)
    VN_ISA(accumulate_taps_some)(op, 1, first, taps, x, at, count - at < VN_LANES ? count - at : VN_LANES, y);
}

/// All lanes as one: those half a vector apart, then a quarter, and so on.
VN_INLINE float VN_ISA(joined)(const vn_reduction op, vf x) {
#if VN_LANES == 16
  x = VN_ISA(combine)(op, x, VN_TURNED_8(x));
#endif
#if VN_LANES >= 8
  x = VN_ISA(combine)(op, x, VN_TURNED_4(x));
#endif
  x = VN_ISA(combine)(op, x, VN_TURNED_2(x));
  return VN_ISA(combine)(op, x, VN_TURNED_1(x))[0];
}

VN_INLINE float VN_ISA(reduce_body)(const vn_reduction op, size_t count, const float *x) {
  // Four independent sums, and blocks so that long sums stay accurate.
  const vn_reduction joint = op == VN_SUM_SQUARE || op == VN_SUM_ABS ? VN_SUM : op;
  vf start = VN_ISA(identity_of)(op), total = start;
  size_t i = 0;
  while (i + 4 * VN_LANES <= count) {
    vf acc[4] = {start, start, start, start};
    size_t end = count - i < 4096 ? count : i + 4096;
    for (; i + 4 * VN_LANES <= end; i += 4 * VN_LANES)
#pragma clang loop unroll(full)
      for (int j = 0; j < 4; j++) acc[j] = VN_ISA(combine)(op, acc[j], vload(x + i + (size_t)j * VN_LANES));
    acc[0] = VN_ISA(combine)(joint, acc[0], acc[1]);
    acc[2] = VN_ISA(combine)(joint, acc[2], acc[3]);
    total = VN_ISA(combine)(joint, total, VN_ISA(combine)(joint, acc[0], acc[2]));
  }
  for (; i + VN_LANES <= count; i += VN_LANES) total = VN_ISA(combine)(op, total, vload(x + i));
  if (i < count) total = VN_ISA(combine)(op, total, vload_or(x + i, count - i, start));
  return VN_ISA(joined)(joint, total);
}

#undef VN_FOR_REDUCTIONS
#define VN_FOR_REDUCTIONS(f, ...)                                      \
  switch (op) {                                                        \
    case VN_SUM:                                                       \
    case VN_MEAN: return VN_ISA(f)(VN_SUM, __VA_ARGS__);               \
    case VN_SUM_SQUARE:                                                \
    case VN_ROOT_SUM_SQUARE: return VN_ISA(f)(VN_SUM_SQUARE, __VA_ARGS__); \
    case VN_SUM_ABS: return VN_ISA(f)(VN_SUM_ABS, __VA_ARGS__);        \
    case VN_PRODUCT: return VN_ISA(f)(VN_PRODUCT, __VA_ARGS__);        \
    case VN_REDUCE_MAX: return VN_ISA(f)(VN_REDUCE_MAX, __VA_ARGS__);  \
    case VN_REDUCE_MIN: return VN_ISA(f)(VN_REDUCE_MIN, __VA_ARGS__);  \
  }

static void VN_ISA(accumulate)(vn_reduction op, bool first, size_t count, const float *x, float *y) {
  VN_FOR_REDUCTIONS(accumulate_body, first, count, x, y)
}

/// The same for several x in turn: the maximum or the sum.
static void VN_ISA(accumulate_taps)(vn_reduction op, bool first, size_t taps, const float *const *x, size_t count,
                                    float *y) {
  if (op == VN_REDUCE_MAX) VN_ISA(accumulate_taps_body)(VN_REDUCE_MAX, first, taps, x, count, y);
  else VN_ISA(accumulate_taps_body)(VN_SUM, first, taps, x, count, y);
}

VN_INLINE void VN_ISA(accumulate_window_some)(const vn_reduction op, const int n, size_t taps, const float *const *x,
                                              int64_t at, size_t lanes, float *y) {
  vf acc[4];
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) acc[j] = VN_ISA(identity_of)(op);
  for (size_t t = 0; t < taps; t++)
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) acc[j] = VN_ISA(combine)(op, acc[j], vload_some(x[t] + at + j * VN_LANES, lanes));
#pragma clang loop unroll(full)
  for (int j = 0; j < n; j++) vstore_some(y + j * VN_LANES, acc[j], lanes);
}

VN_INLINE void VN_ISA(accumulate_windows_body)(const vn_reduction op, size_t outputs, int64_t x_step, int64_t y_step,
                                               size_t taps, const float *const *x, size_t count, float *y) {
  for (size_t o = 0; o < outputs; o++, y += y_step) {
    const int64_t at = (int64_t)o * x_step;
    size_t c = 0;
    for (; c + 4 * VN_LANES <= count; c += 4 * VN_LANES)
      VN_ISA(accumulate_window_some)(op, 4, taps, x, at + (int64_t)c, VN_LANES, y + c);
    for (; c + VN_LANES <= count; c += VN_LANES)
      VN_ISA(accumulate_window_some)(op, 1, taps, x, at + (int64_t)c, VN_LANES, y + c);
    if (c < count) VN_ISA(accumulate_window_some)(op, 1, taps, x, at + (int64_t)c, count - c, y + c);
  }
}

static void VN_ISA(accumulate_windows)(vn_reduction op, size_t outputs, int64_t x_step, int64_t y_step, size_t taps,
                                       const float *const *x, size_t count, float *y) {
  if (op == VN_REDUCE_MAX) VN_ISA(accumulate_windows_body)(VN_REDUCE_MAX, outputs, x_step, y_step, taps, x, count, y);
  else VN_ISA(accumulate_windows_body)(VN_SUM, outputs, x_step, y_step, taps, x, count, y);
}

static float VN_ISA(reduce)(vn_reduction op, size_t count, const float *x) {
  VN_FOR_REDUCTIONS(reduce_body, count, x)
  return 0;
}

static float VN_ISA(exp_sum)(size_t count, const float *x, float maximum, float *y) {
  vf total = (vf)0.0f, m = (vf)maximum;
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES) {
    vf e = vexp(vload(x + i) - m);
    if (y) vstore(y + i, e);
    total += e;
  }
  if (i < count) {
    vf e = vexp(vload_part(x + i, count - i) - m);
    if (y) vstore_part(y + i, e, count - i);
    total += vkeep(e, count - i);
  }
  return vsum(total);
}

static void VN_ISA(normalize)(size_t count, float epsilon, const float *x, const float *scale,
                              const float *bias, float *y) {
  float mean = VN_ISA(reduce_body)(VN_SUM, count, x) / (float)count;
  vf m = (vf)mean, squares = (vf)0.0f;
  size_t i = 0;
  for (; i + VN_LANES <= count; i += VN_LANES) {
    vf d = vload(x + i) - m;
    squares = vfma(d, d, squares);
  }
  if (i < count) {
    vf d = vload_or(x + i, count - i, m) - m;
    squares = vfma(d, d, squares);
  }
  vf factor = (vf)1.0f / vsqrt((vf)(vsum(squares) / (float)count + epsilon));
  for (i = 0; i < count; i += VN_LANES) {
    size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    vf value = (vload_some(x + i, lanes) - m) * factor;
    if (scale) value = value * vload_some(scale + i, lanes);
    if (bias) value = value + vload_some(bias + i, lanes);
    vstore_some(y + i, value, lanes);
  }
}

static void VN_ISA(lrn)(size_t count, int before, int after, float factor, float beta, float bias,
                        const float *x, float *y) {
  for (size_t i = 0; i < count; i += VN_LANES) {
    size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    vf squares = (vf)0.0f;
    for (int d = -before; d <= after; d++) {
      ptrdiff_t start = (ptrdiff_t)i + d;
      vf value;
      if (start >= 0 && (size_t)start + VN_LANES <= count) {
        value = vload(x + start);
      } else {
        float near[VN_LANES];
        for (ptrdiff_t j = 0; j < VN_LANES; j++)
          near[j] = start + j >= 0 && start + j < (ptrdiff_t)count ? x[start + j] : 0.0f;
        value = vload(near);
      }
      squares = vfma(value, value, squares);
    }
    vf power = vexp((vf)-beta * vlog(vfma((vf)factor, squares, (vf)bias)));
    vstore_some(y + i, vload_some(x + i, lanes) * power, lanes);
  }
}

typedef float VN_ISA(vq) __attribute__((ext_vector_type(4)));
typedef float VN_ISA(vq_memory) __attribute__((ext_vector_type(4), aligned(4), may_alias));

/// Interleaves three rows, as the planes of an image become pixels.
static void VN_ISA(interleave)(size_t columns, const float *x, int64_t x_row, float *y) {
  size_t j = 0;
  for (; j + 4 <= columns; j += 4, y += 12) {
    VN_ISA(vq) a = *(const VN_ISA(vq_memory) *)(x + j), b = *(const VN_ISA(vq_memory) *)(x + x_row + j);
    VN_ISA(vq) c = *(const VN_ISA(vq_memory) *)(x + 2 * x_row + j);
    VN_ISA(vq) ab = __builtin_shufflevector(a, b, 0, 4, 2, 6), ca = __builtin_shufflevector(c, a, 0, 5, 2, 7);
    VN_ISA(vq) bc = __builtin_shufflevector(b, c, 1, 5, 3, 7);
    *(VN_ISA(vq_memory) *)y = __builtin_shufflevector(ab, ca, 0, 1, 4, 5);
    *(VN_ISA(vq_memory) *)(y + 4) = __builtin_shufflevector(bc, ab, 0, 1, 6, 7);
    *(VN_ISA(vq_memory) *)(y + 8) = __builtin_shufflevector(ca, bc, 2, 3, 6, 7);
  }
  for (; j < columns; j++)
    for (size_t i = 0; i < 3; i++) *y++ = x[(int64_t)i * x_row + (int64_t)j];
}

/// Four rows and four columns.
VN_INLINE void VN_ISA(transpose_four)(const float *p, int64_t x_row, float *q, int64_t y_row) {
  VN_ISA(vq) a = *(const VN_ISA(vq_memory) *)p, b = *(const VN_ISA(vq_memory) *)(p + x_row);
  VN_ISA(vq) c = *(const VN_ISA(vq_memory) *)(p + 2 * x_row), d = *(const VN_ISA(vq_memory) *)(p + 3 * x_row);
  VN_ISA(vq) ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  VN_ISA(vq) cd0 = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd1 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(VN_ISA(vq_memory) *)q = __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5);
  *(VN_ISA(vq_memory) *)(q + y_row) = __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7);
  *(VN_ISA(vq_memory) *)(q + 2 * y_row) = __builtin_shufflevector(ab1, cd1, 0, 1, 4, 5);
  *(VN_ISA(vq_memory) *)(q + 3 * y_row) = __builtin_shufflevector(ab1, cd1, 2, 3, 6, 7);
}

static void VN_ISA(transpose)(size_t rows, size_t columns, const float *x, int64_t x_row, float *y,
                              int64_t y_row) {
  if (rows == 3 && y_row == 3) {
    VN_ISA(interleave)(columns, x, x_row, y);
    return;
  }
  // The inner loop goes along the longer rows. Otherwise each step would be in another page, and, where these are as far apart as
  // many sizes of images put them, in the same set of the cache.
  const size_t fours = rows / 4 * 4, across = columns / 4 * 4;
  if (x_row < y_row) {
    for (size_t j = 0; j < across; j += 4)
      for (size_t i = 0; i < fours; i += 4)
        VN_ISA(transpose_four)(x + (int64_t)i * x_row + j, x_row, y + (int64_t)j * y_row + i, y_row);
  } else {
    for (size_t i = 0; i < fours; i += 4)
      for (size_t j = 0; j < across; j += 4)
        VN_ISA(transpose_four)(x + (int64_t)i * x_row + j, x_row, y + (int64_t)j * y_row + i, y_row);
  }
  for (size_t j = across; j < columns; j++)
    for (size_t i = 0; i < fours; i++) y[(int64_t)j * y_row + (int64_t)i] = x[(int64_t)i * x_row + (int64_t)j];
  for (size_t i = fours; i < rows; i++)
    for (size_t j = 0; j < columns; j++) y[(int64_t)j * y_row + (int64_t)i] = x[(int64_t)i * x_row + (int64_t)j];
}
