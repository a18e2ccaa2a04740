// Elementwise operations on bytes: conversions from and to floats, sums and maxima.

static void VQ(quantize)(size_t count, const float *x, float scale, int32_t zero, uint8_t *y) {
  const qf divisor = (qf)scale;
  const float low = (float)-zero, high = (float)(255 - zero);
  for (size_t i = 0; i < count; i += VQ_LANES) {
    const size_t n = count - i;
    qf t = VQ(load_floats)(x + i, n) / divisor;
    VQ(store_bytes)(y + i, vq_round(VQ(clamp)(t, low, high)) + zero, n);
  }
}

/// y = x[0][0], x[1][0], x[2][0], x[0][1], …: three planes become pixels.
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

static void VQ(multiply)(const vn_qmul *mul, size_t count, const uint8_t *a, const uint8_t *b, uint8_t *y) {
  const float low = (float)-mul->zero, high = (float)(255 - mul->zero);
  const qf divisor = (qf)mul->scale;
  for (size_t i = 0; i < count; i += VQ_LANES) {
    const size_t n = count - i;
    const qf s = (VQ(load_bytes)(a + i, n) - (float)mul->a_zero) * mul->a_scale;
    const qf t = (VQ(load_bytes)(b + i, n) - (float)mul->b_zero) * mul->b_scale;
    VQ(store_bytes)(y + i, vq_round(VQ(clamp)(s * t / divisor, low, high)) + mul->zero, n);
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
