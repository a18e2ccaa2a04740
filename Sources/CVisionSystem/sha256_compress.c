#include "sha256_constants.h"
#include "vn_sha256.h"

static uint32_t rotated(uint32_t x, int bits) { return x >> bits | x << (32 - bits); }

/// The message schedule of a block (section 6.2.2, step 1).
static void schedule(uint32_t words[64], const uint8_t *block) {
  for (int t = 0; t < 16; t++) {
    const uint8_t *bytes = block + 4 * t;
    words[t] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
  }
  for (int t = 16; t < 64; t++) {
    uint32_t x = words[t - 15], y = words[t - 2];
    uint32_t sigma0 = rotated(x, 7) ^ rotated(x, 18) ^ x >> 3;
    uint32_t sigma1 = rotated(y, 17) ^ rotated(y, 19) ^ y >> 10;
    words[t] = sigma1 + words[t - 7] + sigma0 + words[t - 16];
  }
}

void vn_sha256_compress_portable(uint32_t state[8], const uint8_t *blocks, size_t count) {
  for (; count > 0; count--, blocks += 64) {
    uint32_t words[64];
    schedule(words, blocks);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
      uint32_t sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      uint32_t choice = (e & f) ^ (~e & g);
      uint32_t t1 = h + sum1 + choice + vn_sha256_constants[t] + words[t];
      uint32_t sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + sum0 + majority;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}
