// Vectors of 128 bits of arm64. The including file then defines vq_dot, and includes template/quantized.h.
//
// Tiles are 8 rows by two vectors: 16 sums, 16 bytes of each row, two registers of the panel, and what differs between the ways
// to form dot products. Four steps load 8 times from the rows and 4 pairs of registers of the panel for 64 dot products.
#define VQ_LANES 4
#define VQ_ROWS 8
#define VQ_OUTPUTS 4
#define VQ_UNROLL 16
#define VQ_INLINE static inline __attribute__((always_inline))

typedef float qf __attribute__((ext_vector_type(VQ_LANES)));
typedef int32_t qi __attribute__((ext_vector_type(VQ_LANES)));

/// Values above the range become 2³¹ − 1 and not −2³¹ as on x86; callers bound them before.
VQ_INLINE qi vq_round(qf x) { return (qi)vcvtnq_s32_f32((float32x4_t)x); }
VQ_INLINE qf vq_whole(qf x) { return (qf)vrndnq_f32((float32x4_t)x); }
VQ_INLINE qi vq_low8(qi a, qi b) { return (qi)vzip1q_u8((uint8x16_t)a, (uint8x16_t)b); }
VQ_INLINE qi vq_high8(qi a, qi b) { return (qi)vzip2q_u8((uint8x16_t)a, (uint8x16_t)b); }
VQ_INLINE qi vq_low16(qi a, qi b) { return (qi)vzip1q_u16((uint16x8_t)a, (uint16x8_t)b); }
VQ_INLINE qi vq_high16(qi a, qi b) { return (qi)vzip2q_u16((uint16x8_t)a, (uint16x8_t)b); }

VQ_INLINE int16x8_t vq_shorts(qi a, qi b) { return vqmovn_high_s32(vqmovn_s32((int32x4_t)a), (int32x4_t)b); }
VQ_INLINE qi vq_bytes(qi a, qi b, qi c, qi d, int16_t zero, uint8_t low, uint8_t high) {
  const int16x8_t z = vdupq_n_s16(zero);
  const int16x8_t ab = vqaddq_s16(vq_shorts(a, b), z), cd = vqaddq_s16(vq_shorts(c, d), z);
  const uint8x16_t bytes = vmaxq_u8(vqmovun_high_s16(vqmovun_s16(ab), cd), vdupq_n_u8(low));
  return (qi)vminq_u8(bytes, vdupq_n_u8(high));
}
VQ_INLINE qi vq_bytes_plain(qi a, qi b, qi c, qi d) {
  return (qi)vqmovun_high_s16(vqmovun_s16(vq_shorts(a, b)), vq_shorts(c, d));
}
VQ_INLINE qi vq_in_order(qi bytes) { return bytes; }
VQ_INLINE qi vq_load_part(const uint8_t *p, size_t n) {
  qi x = (qi)0;
  memcpy(&x, p, n);
  return x;
}
VQ_INLINE void vq_store_part(uint8_t *p, qi x, size_t n) { memcpy(p, &x, n); }

VQ_INLINE qi vq_dot_words(qi sums, qi x, qi w) {
  const int16x8_t xs = (int16x8_t)x, ws = (int16x8_t)w;
  const int32x4_t low = vmull_s16(vget_low_s16(xs), vget_low_s16(ws)), high = vmull_high_s16(xs, ws);
  return (qi)vaddq_s32((int32x4_t)sums, vpaddq_s32(low, high));
}
