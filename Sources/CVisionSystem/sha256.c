#include "vn_sha256.h"

#include <string.h>

static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static void compress(uint32_t state[8], const uint8_t *blocks, size_t count) {
  if (count == 0) return;
  if (vn_sha256_has_instructions()) {
    vn_sha256_compress_instructions(state, blocks, count);
  } else {
    vn_sha256_compress_portable(state, blocks, count);
  }
}

void vn_sha256_begin(vn_sha256 *hash) {
  memcpy(hash->state, initial_state, sizeof initial_state);
  hash->length = 0;
}

void vn_sha256_append(vn_sha256 *hash, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  size_t filled = hash->length % 64;
  hash->length += count;
  if (filled > 0) {
    size_t taken = 64 - filled < count ? 64 - filled : count;
    memcpy(hash->block + filled, next, taken);
    if (filled + taken < 64) return;
    compress(hash->state, hash->block, 1);
    next += taken;
    count -= taken;
  }
  compress(hash->state, next, count / 64);
  // There may be no bytes at all, and then no address to copy them from.
  if (count % 64 > 0) memcpy(hash->block, next + count / 64 * 64, count % 64);
}

void vn_sha256_end(vn_sha256 *hash, uint8_t digest[32]) {
  // One bit, zeros, and the length in bits as a number of 64 bits, so that whole blocks come out (section 5.1.1).
  uint64_t bits = hash->length * 8;
  uint8_t padding[72] = {0x80};
  size_t filled = hash->length % 64;
  size_t zeros = (filled < 56 ? 56 : 120) - filled;
  for (int i = 0; i < 8; i++) padding[zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
  vn_sha256_append(hash, padding, zeros + 8);
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}
