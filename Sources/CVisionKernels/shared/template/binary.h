// Functions of two elements, over contiguous runs or one scalar.

#undef VN_BINARY_LOOP
#define VN_BINARY_LOOP(expression)                                      \
  do {                                                                  \
    if (x_step && z_step) {                                             \
      size_t i = 0;                                                     \
      for (; i + VN_LANES <= count; i += VN_LANES) {                    \
        vf x = vload(xs + i), z = vload(zs + i);                        \
        vstore(ys + i, expression);                                     \
      }                                                                 \
      if (i < count) {                                                  \
        vf x = vload_part(xs + i, count - i), z = vload_part(zs + i, count - i); \
        vstore_part(ys + i, expression, count - i);                     \
      }                                                                 \
    } else if (x_step) {                                                \
      const vf z = (vf)*zs;                                             \
      size_t i = 0;                                                     \
      for (; i + VN_LANES <= count; i += VN_LANES) {                    \
        vf x = vload(xs + i);                                           \
        vstore(ys + i, expression);                                     \
      }                                                                 \
      if (i < count) {                                                  \
        vf x = vload_part(xs + i, count - i);                           \
        vstore_part(ys + i, expression, count - i);                     \
      }                                                                 \
    } else {                                                            \
      const vf x = (vf)*xs;                                             \
      for (size_t i = 0; i < count; i += VN_LANES) {                    \
        size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;     \
        vf z = z_step ? vload_some(zs + i, lanes) : (vf)*zs;            \
        vstore_some(ys + i, expression, lanes);                         \
      }                                                                 \
    }                                                                   \
    return;                                                             \
  } while (0)

static void VN_ISA(binary)(vn_binary_op op, size_t count, const float *xs, int x_step, const float *zs,
                           int z_step, float *ys) {
  switch (op) {
    case VN_ADD: VN_BINARY_LOOP(x + z);
    case VN_SUB: VN_BINARY_LOOP(x - z);
    case VN_MUL: VN_BINARY_LOOP(x * z);
    case VN_DIV: VN_BINARY_LOOP(x / z);
    case VN_MIN: VN_BINARY_LOOP(vmin_nan(x, z));
    case VN_MAX: VN_BINARY_LOOP(vmax_nan(x, z));
    case VN_PRELU: VN_BINARY_LOOP(x < (vf)0.0f ? x * z : x);
    case VN_POW:
      if (!z_step && *zs == 2) VN_BINARY_LOOP(((void)z, x * x));
      if (!z_step && *zs == 1) VN_BINARY_LOOP(((void)z, x));
      for (size_t i = 0; i < count; i++) ys[i] = powf(xs[x_step ? i : 0], zs[z_step ? i : 0]);
      return;
    case VN_BINARY_COUNT: return;
  }
}

static void VN_ISA(affine)(size_t count, const float *x, const float *scale, const float *shift, float *y) {
  for (size_t i = 0; i < count; i += VN_LANES) {
    size_t lanes = count - i < VN_LANES ? count - i : VN_LANES;
    vf s = scale ? vload_some(scale + i, lanes) : (vf)1.0f;
    vf b = shift ? vload_some(shift + i, lanes) : (vf)0.0f;
    vstore_some(y + i, vfma(vload_some(x + i, lanes), s, b), lanes);
  }
}
