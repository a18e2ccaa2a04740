// The micro-kernel of weight gradients: MR input channels times NR output channels, summed over pixels.
//
//   for each pixel
//     g = NR gradients
//     for i in 0..<MR: sums[i] += x[pixel][i] · g

VN_INLINE void VN_ISA(outer_body)(const int mr, const int nv, const vn_outer *outer) {
  vf acc[VN_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) acc[i][j] = (vf)0.0f;
  const float *const *rows = outer->rows;
  const float *g = outer->g;
  const size_t step = outer->g_step, offset = outer->offset;
  vn_ahead ahead = outer->ahead;
  for (size_t p = 0; p < outer->count; p++, g += step) {
    const float *x = rows[p] + offset;
    vf b[2];
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) b[j] = vload(g + j * VN_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      vf a = (vf)x[i];
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) acc[i][j] = vfma(a, b[j], acc[i][j]);
    }
    __builtin_prefetch(ahead.weights, 0, 2);
    ahead.weights += ahead.weights_step;
    __builtin_prefetch(ahead.pixels, 0, 2);
    ahead.pixels += ahead.pixels_step;
  }
  float *sums = outer->sums;
  if (outer->first) {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) vstore(sums + (i * nv + j) * VN_LANES, acc[i][j]);
  } else {
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) {
        float *sum = sums + (i * nv + j) * VN_LANES;
        vstore(sum, vload(sum) + acc[i][j]);
      }
  }
}

#undef VN_OUTER
#define VN_OUTER(mr)                                                                                    \
  VN_ALIGNED static void VN_ISA(outer_##mr##x1)(const vn_outer *outer) { VN_ISA(outer_body)(mr, 1, outer); }        \
  VN_ALIGNED static void VN_ISA(outer_##mr##x2)(const vn_outer *outer) { VN_ISA(outer_body)(mr, 2, outer); }
#undef VN_OUTER_ENTRY
#define VN_OUTER_ENTRY(mr) {VN_ISA(outer_##mr##x1), VN_ISA(outer_##mr##x2)}

VN_OUTER(1) VN_OUTER(2) VN_OUTER(3) VN_OUTER(4) VN_OUTER(5) VN_OUTER(6)
#if VN_ROWS > 6
VN_OUTER(7) VN_OUTER(8) VN_OUTER(9) VN_OUTER(10) VN_OUTER(11) VN_OUTER(12) VN_OUTER(13) VN_OUTER(14)
#endif

/// The prefetching between products: a line of each of the next row's pixels, a few at a time. Many at once would stall.
typedef struct VN_ISA(rows_ahead) {
  const char *g, *x;
  ptrdiff_t g_step, x_step;
} VN_ISA(rows_ahead);

VN_INLINE VN_ISA(rows_ahead) VN_ISA(ahead_of)(const vn_depthwise_outer *r, size_t c) {
  return (VN_ISA(rows_ahead)){.g = (const char *)(r->g_ahead + c), .x = (const char *)(r->x_ahead + c),
                              .g_step = r->g_pixel * (ptrdiff_t)sizeof(float),
                              .x_step = r->x_ahead_pixel * (ptrdiff_t)sizeof(float)};
}

VN_INLINE void VN_ISA(fetch_ahead)(VN_ISA(rows_ahead) *ahead, int count) {
  __builtin_prefetch(ahead->g, 0, 2);
  ahead->g += ahead->g_step;
  for (; count > 0; count--, ahead->x += ahead->x_step) __builtin_prefetch(ahead->x, 0, 2);
}

VN_INLINE void VN_ISA(depthwise_outer_body)(const int kh, const int kw, const vn_depthwise_outer *r,
                                            const int ky0, const int kx0) {
  for (size_t c = r->first; c < r->last; c += VN_LANES) {
    const size_t lanes = r->last - c < VN_LANES ? r->last - c : VN_LANES;
    vf acc[5][5];
#pragma clang loop unroll(full)
    for (int i = 0; i < kh; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < kw; j++) acc[i][j] = (vf)0.0f;
    const float *g = r->g + c;
    VN_ISA(rows_ahead) ahead = VN_ISA(ahead_of)(r, c);
    for (int x = 0; x < r->ow; x++, g += r->g_pixel) {
      const float *const *columns = r->columns + (ptrdiff_t)x * r->stride + kx0;
      vf gradient = lanes == VN_LANES ? vload(g) : vload_part(g, lanes);
#pragma clang loop unroll(full)
      for (int i = 0; i < kh; i++) {
        const float *const *row = columns + (size_t)(ky0 + i) * r->column_stride;
#pragma clang loop unroll(full)
        for (int j = 0; j < kw; j++) {
          vf value = lanes == VN_LANES ? vload(row[j] + c) : vload_part(row[j] + c, lanes);
          acc[i][j] = vfma(value, gradient, acc[i][j]);
        }
      }
      VN_ISA(fetch_ahead)(&ahead, r->x_ahead_count);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < kh; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < kw; j++) {
        float *sum = r->sums + (size_t)((ky0 + i) * r->kw + kx0 + j) * r->pitch + c;
        vstore_some(sum, vload_some(sum, lanes) + acc[i][j], lanes);
      }
  }
}

/// One output of a 3 × 3 kernel with stride 1, which shares two of its three columns with the output before. Column x + t is in
/// v[..][(first + t) % 3]; only the last column is loaded.
VN_INLINE void VN_ISA(depthwise_outer_step)(const int first, const float *const *const rows[3], const float *g, int x,
                                            size_t c, VN_ISA(rows_ahead) *ahead, vf acc[3][3], vf v[3][3]) {
  vf gradient = vload(g);
  VN_ISA(fetch_ahead)(ahead, 1);
#pragma clang loop unroll(full)
  for (int i = 0; i < 3; i++) {
    v[i][(first + 2) % 3] = vload(rows[i][x + 2] + c);
#pragma clang loop unroll(full)
    for (int t = 0; t < 3; t++) acc[i][t] = vfma(v[i][(first + t) % 3], gradient, acc[i][t]);
  }
}

VN_ALIGNED static void VN_ISA(depthwise_outer_3x3)(const vn_depthwise_outer *r) {
  if (r->stride != 1) {
    VN_ISA(depthwise_outer_body)(3, 3, r, 0, 0);
    return;
  }
  const float *const *const rows[3] = {r->columns, r->columns + r->column_stride, r->columns + 2 * r->column_stride};
  const int64_t g_pixel = r->g_pixel;
  const int ow = r->ow;
  size_t c = r->first;
  for (; c + VN_LANES <= r->last; c += VN_LANES) {
    vf acc[3][3], v[3][3];
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++)
#pragma clang loop unroll(full)
      for (int t = 0; t < 3; t++) {
        acc[i][t] = (vf)0.0f;
        v[i][t] = t < 2 ? vload(rows[i][t] + c) : (vf)0.0f;
      }
    const float *g = r->g + c;
    VN_ISA(rows_ahead) ahead = VN_ISA(ahead_of)(r, c);
    int x = 0;
    for (; x + 3 <= ow; x += 3, g += 3 * g_pixel) {
      VN_ISA(depthwise_outer_step)(0, rows, g, x, c, &ahead, acc, v);
      VN_ISA(depthwise_outer_step)(1, rows, g + g_pixel, x + 1, c, &ahead, acc, v);
      VN_ISA(depthwise_outer_step)(2, rows, g + 2 * g_pixel, x + 2, c, &ahead, acc, v);
    }
    if (x < ow) VN_ISA(depthwise_outer_step)(0, rows, g, x, c, &ahead, acc, v);
    if (x + 1 < ow) VN_ISA(depthwise_outer_step)(1, rows, g + g_pixel, x + 1, c, &ahead, acc, v);
    float *sum = r->sums + c;
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++)
#pragma clang loop unroll(full)
      for (int t = 0; t < 3; t++, sum += r->pitch) vstore(sum, vload(sum) + acc[i][t]);
  }
  if (c == r->last) return;
  vn_depthwise_outer rest = *r;
  rest.first = c;
  VN_ISA(depthwise_outer_body)(3, 3, &rest, 0, 0);
}

VN_ALIGNED static void VN_ISA(depthwise_outer_5x5)(const vn_depthwise_outer *r) {
  for (int ky = 0; ky < 5; ky++) VN_ISA(depthwise_outer_body)(1, 5, r, ky, 0);
}

static void VN_ISA(depthwise_outer)(const vn_depthwise_outer *r) {
  if (r->kh == 3 && r->kw == 3) {
    VN_ISA(depthwise_outer_3x3)(r);
  } else if (r->kh == 5 && r->kw == 5) {
    VN_ISA(depthwise_outer_5x5)(r);
  } else {
    for (int ky = 0; ky < r->kh; ky++)
      for (int kx = 0; kx < r->kw; kx++) VN_ISA(depthwise_outer_body)(1, 1, r, ky, kx);
  }
}
