// Winograd's F(4×4, 3×3) on bytes, at the points 0, ±1, ±2 and ∞, in integers.
//
// Transformed inputs Bᵀ d B are at most 68 · 255 = 17340, and filters G g Gᵀ, times the denominators of G, at most
// 49 · 127 = 6223: both fit in 16 bits. Everything after that is arithmetic modulo 2³². Each output results multiplied by 9 · 2ˢ,
// s ≤ 6. Since 9 has an inverse modulo 2³², the lowest 26 bits of the output can be recovered, which are the whole output where
// `vn_qwinograd_is_exact`.

typedef uint32_t qu __attribute__((ext_vector_type(VQ_LANES)));
typedef uint32_t qu_memory __attribute__((ext_vector_type(VQ_LANES), aligned(4), may_alias));
typedef int16_t qh __attribute__((ext_vector_type(2 * VQ_LANES)));
typedef int16_t qh_memory __attribute__((ext_vector_type(2 * VQ_LANES), aligned(2), may_alias));
typedef uint8_t qhb_memory __attribute__((ext_vector_type(2 * VQ_LANES), aligned(1), may_alias));

VQ_INLINE void VQ(products_body)(const int mr, const int nv, const vn_qproducts *p) {
  qi acc[VQ_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) acc[i][j] = (qi)0;
  const int16_t *panel = p->panel;
  const int16_t *const *rows = p->rows;
  vn_ahead ahead = p->ahead;
  for (size_t at = 0; at < 2 * p->words; at += 2) {
    qi w[2];
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) w[j] = *(const qi_memory *)(panel + j * VQ_LANES * 2);
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      int32_t two;
      memcpy(&two, rows[i] + at, 4);
      qi x = (qi)two;
#pragma clang loop unroll(full)
      for (int j = 0; j < nv; j++) acc[i][j] = vq_dot_words(acc[i][j], x, w[j]);
    }
    panel += nv * VQ_LANES * 2;
    __builtin_prefetch(ahead.weights, 0, 2);
    ahead.weights += ahead.weights_step;
    __builtin_prefetch(ahead.pixels, 0, 3);
    ahead.pixels += ahead.pixels_step;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < nv; j++) *(qi_memory *)(p->sums + (size_t)i * p->pitch + j * VQ_LANES) = acc[i][j];
}

#define VQ_PRODUCTS(mr)                                                                                            \
  VN_ALIGNED static void VQ(products_##mr##x1)(const vn_qproducts *p) { VQ(products_body)(mr, 1, p); }             \
  VN_ALIGNED static void VQ(products_##mr##x2)(const vn_qproducts *p) { VQ(products_body)(mr, 2, p); }
#define VQ_PRODUCTS_ENTRY(mr) {VQ(products_##mr##x1), VQ(products_##mr##x2)}
VQ_PRODUCTS(1) VQ_PRODUCTS(2) VQ_PRODUCTS(3) VQ_PRODUCTS(4)
#if VQ_ROWS > 4
VQ_PRODUCTS(5) VQ_PRODUCTS(6)
#endif
#if VQ_ROWS > 6
VQ_PRODUCTS(7) VQ_PRODUCTS(8)
#endif
#if VQ_ROWS > 8
VQ_PRODUCTS(9) VQ_PRODUCTS(10) VQ_PRODUCTS(11) VQ_PRODUCTS(12) VQ_PRODUCTS(13)
VQ_PRODUCTS(14)
#endif

/// Bᵀ d of six vectors.
VQ_INLINE void VQ(winograd_in)(const qh *d, qh *t) {
  const qh near_even = d[4] - (d[2] << 2), near_odd = d[3] - (d[1] << 2);
  const qh far_even = d[4] - d[2], far_odd = (d[3] - d[1]) << 1;
  t[0] = ((d[0] - d[2]) << 2) + far_even;
  t[1] = near_even + near_odd;
  t[2] = near_even - near_odd;
  t[3] = far_even + far_odd;
  t[4] = far_even - far_odd;
  t[5] = (d[5] - d[3]) - (far_odd << 1);
}

VQ_INLINE void VQ(winograd_input_some)(const bool whole, const vn_qwinograd_input *in, size_t at) {
  const size_t step = in->step;
  int16_t *const v = in->v + at;
  qh half[6][6];
#pragma clang loop unroll(full)
  for (int j = 0; j < 6; j++) {
    qh d[6], t[6];
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) {
      const uint8_t *p = in->pixels[i * 6 + j] + at;
      qi part = whole ? (qi)0 : vq_load_part(p, in->channels - at);
      d[i] = __builtin_convertvector(*(const qhb_memory *)(whole ? p : (const uint8_t *)&part), qh);
    }
    VQ(winograd_in)(d, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) half[i][j] = t[i];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 6; i++) {
    qh t[6];
    VQ(winograd_in)(half[i], t);
#pragma clang loop unroll(full)
    for (int j = 0; j < 6; j++) *(qh_memory *)(v + (size_t)(i * 6 + j) * step) = t[j];
  }
}

VN_ALIGNED static void VQ(winograd_input)(const vn_qwinograd_input *in) {
  size_t at = 0;
  for (; at + 2 * VQ_LANES <= in->channels; at += 2 * VQ_LANES) VQ(winograd_input_some)(true, in, at);
  if (at < in->channels) VQ(winograd_input_some)(false, in, at);
}

/// Aᵀ m of six vectors, times 3 · 2ˢ with s = 3, 2, 1, 1.
VQ_INLINE void VQ(winograd_out)(const qu *m, qu *y) {
  const qu even1 = m[1] + m[2], odd1 = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4];
  y[0] = m[0] + (even1 << 2) + even2;
  y[1] = (odd1 << 1) + odd2;
  y[2] = even1 + even2;
  y[3] = odd1 + (odd2 << 1) + m[5];
}

/// Requantizes and stores the `sums` of one vector of columns.
static void VQ(winograd_store)(const vn_qwinograd_output *out, size_t at, qi sums[4][4]) {
  void *y[4];
  const uint8_t *residual[4];
  const vn_qtile tile = {.multipliers = out->multipliers + at, .y = y, .residual = out->residual ? residual : NULL,
                         .column = out->column + at, .width = out->width - at < VQ_LANES ? out->width - at : VQ_LANES,
                         .result = out->result};
  for (int i = 0; i < out->rows; i++) {
    qi acc[VQ_ROWS][2];
    // Outputs beyond the edge repeat the last one inside.
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      const int column = j < out->columns ? j : out->columns - 1;
      acc[j][0] = sums[i][column];
      y[j] = (uint8_t *)out->y + (size_t)i * out->y_row + (size_t)column * out->y_pixel;
      residual[j] = out->residual ? out->residual + (size_t)i * out->r_row + (size_t)column * out->r_pixel : NULL;
    }
    VQ(end_tile)(4, 1, acc, &tile);
  }
}

VN_ALIGNED static void VQ(winograd_output)(const vn_qwinograd_output *out) {
  static const int shifts[4] = {3, 2, 1, 1};
  const qu ninth = (qu)0x38e38e39u;
  const vn_requantization *r = out->result;
  const bool plain = !r->floats && r->bounded && !out->residual && out->columns == 4 && VQ(is_plain)(VQ(ending_of)(r, false));
  for (size_t at = 0; at < out->width; at += VQ_LANES) {
    qu half[4][6];
#pragma clang loop unroll(full)
    for (int j = 0; j < 6; j++) {
      qu m[6], t[4];
#pragma clang loop unroll(full)
      for (int i = 0; i < 6; i++) m[i] = *(const qu_memory *)(out->m + (size_t)(i * 6 + j) * out->step + at);
      VQ(winograd_out)(m, t);
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++) half[i][j] = t[i];
    }
    const qi bias = *(const qi_memory *)(out->bias + at);
    qi sums[4][4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      qu t[4];
      VQ(winograd_out)(half[i], t);
#pragma clang loop unroll(full)
      for (int j = 0; j < 4; j++) sums[i][j] = ((qi)(t[j] * ninth) >> (shifts[i] + shifts[j])) + bias;
    }
    if (plain && out->width - at >= VQ_LANES) {
      const qf multiplier = *(const qf_memory *)(out->multipliers + at);
      uint8_t *row = (uint8_t *)out->y + out->column + at;
      for (int i = 0; i < out->rows; i++, row += out->y_row) {
        qi q[4];
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) q[j] = VQ(rounded_bounded)(sums[i][j], multiplier);
        const qi bytes = vq_in_order(vq_bytes_plain(q[0], q[1], q[2], q[3]));
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) memcpy(row + (size_t)j * out->y_pixel, (const uint8_t *)&bytes + j * VQ_LANES, VQ_LANES);
      }
      continue;
    }
    VQ(winograd_store)(out, at, sums);
  }
}

/// G g of three numbers, times 24 at 0 and ±2, and times 6 at ±1 and ∞.
#define VQ_WINOGRAD_FILTER(g0, g1, g2, u)                                                                       \
  {                                                                                                              \
    (u)[0] = 6 * (g0);                                                                                           \
    (u)[1] = -((g0) + (g1) + (g2));                                                                              \
    (u)[2] = -((g0) - (g1) + (g2));                                                                              \
    (u)[3] = (g0) + 2 * (g1) + 4 * (g2);                                                                         \
    (u)[4] = (g0) - 2 * (g1) + 4 * (g2);                                                                         \
    (u)[5] = 6 * (g2);                                                                                           \
  }

static void VQ(winograd_filters)(const vn_qwinograd_filters *in) {
  qh g[9], half[3][6];
  int16_t numbers[9][2 * VQ_LANES] = {{0}};
  for (size_t o = 0; o < in->count; o++)
    for (size_t c = 0; c < in->inputs; c++)
      for (int t = 0; t < 9; t++) numbers[t][2 * o + c] = in->g[o * in->g_step + c * 9 + (size_t)t];
  for (int t = 0; t < 9; t++) g[t] = *(const qh_memory *)numbers[t];
  for (int j = 0; j < 3; j++) VQ_WINOGRAD_FILTER(g[j], g[3 + j], g[6 + j], half[j])
  for (int i = 0; i < 6; i++) {
    qh u[6];
    VQ_WINOGRAD_FILTER(half[0][i], half[1][i], half[2][i], u)
    for (int j = 0; j < 6; j++) *(qh_memory *)(in->u + (size_t)(i * 6 + j) * in->step) = u[j];
  }
}
