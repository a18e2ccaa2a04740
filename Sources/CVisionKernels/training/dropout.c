// Dropout: counter-based random numbers decide which elements remain, so that threads can share the samples.
#include "../shared/kernels.h"

/// Blocks of four numbers that are computed together, so that the compiler forms vectors.
enum { together = 16, item_elements = 4096 };

typedef struct dropout_run {
  const vn_dropout *d;
  uint32_t threshold;
  double scale;
  const int64_t *keys;
  const float *x;
  float *y;
  size_t samples_per_item;
} dropout_run;

/// The random bits of `together` blocks beginning with `first`, four words for each block. Philox-4×32 with 10 rounds:
/// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
static void random_bits(const int64_t *key, uint32_t site, uint32_t first, uint32_t bits[4 * together]) {
  uint32_t c0[together], c1[together], c2[together], c3[together];
  for (uint32_t i = 0; i < together; i++) {
    c0[i] = first + i;
    c1[i] = site;
    c2[i] = (uint32_t)key[2];
    c3[i] = (uint32_t)key[1];
  }
  uint32_t k0 = (uint32_t)key[0], k1 = (uint32_t)((uint64_t)key[0] >> 32);
  for (int round = 0; round < 10; round++) {
    for (uint32_t i = 0; i < together; i++) {
      const uint64_t a = (uint64_t)c0[i] * 0xD2511F53u, b = (uint64_t)c2[i] * 0xCD9E8D57u;
      c0[i] = (uint32_t)(b >> 32) ^ c1[i] ^ k0;
      c1[i] = (uint32_t)b;
      c2[i] = (uint32_t)(a >> 32) ^ c3[i] ^ k1;
      c3[i] = (uint32_t)a;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (uint32_t i = 0; i < together; i++) {
    bits[4 * i] = c0[i];
    bits[4 * i + 1] = c1[i];
    bits[4 * i + 2] = c2[i];
    bits[4 * i + 3] = c3[i];
  }
}

static void drop(const dropout_run *r, size_t sample) {
  const size_t length = r->d->length;
  const float *x = r->x + sample * length;
  float *y = r->y + sample * length;
  for (size_t first = 0; first < length; first += 4 * together) {
    uint32_t bits[4 * together];
    random_bits(r->keys + 3 * sample, r->d->site, (uint32_t)(first / 4), bits);
    const size_t count = vn_smaller(4 * together, length - first);
    for (size_t i = 0; i < count; i++)
      y[first + i] = bits[i] >> 8 < r->threshold ? 0 : (float)((double)x[first + i] * r->scale);
  }
}

static void dropout_item(void *context, size_t index, int worker) {
  (void)worker;
  const dropout_run *r = context;
  const size_t first = index * r->samples_per_item, last = vn_smaller(first + r->samples_per_item, r->d->samples);
  for (size_t sample = first; sample < last; sample++) drop(r, sample);
}

void vn_dropout_run(const vn_dropout *dropout, const int64_t *keys, const float *x, float *y, vn_pool *pool) {
  if (dropout->samples == 0 || dropout->length == 0) return;
  dropout_run r = {.d = dropout, .keys = keys, .x = x, .y = y};
  // Random numbers have 24 bits, so comparing them with the ratio is exact if the threshold is rounded up.
  const double numbers = dropout->ratio * 0x1p24;
  r.threshold = (uint32_t)numbers;
  if ((double)r.threshold < numbers) r.threshold++;
  r.scale = dropout->ratio < 1 ? 1 / (1 - dropout->ratio) : 0;
  r.samples_per_item = vn_divide_up(item_elements, dropout->length);
  vn_pool_run(pool, vn_divide_up(dropout->samples, r.samples_per_item), dropout_item, &r);
}
