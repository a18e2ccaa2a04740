#ifndef VN_SHA256_H
#define VN_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// SHA-256 of bytes that come in pieces: begin, append any number of times, end.
///
/// FIPS PUB 180-4, "Secure Hash Standard", sections 5 and 6.2.
typedef struct {
  uint32_t state[8];
  /// Bytes so far.
  uint64_t length;
  /// The bytes that do not fill a block yet: length modulo 64.
  uint8_t block[64];
} vn_sha256;

void vn_sha256_begin(vn_sha256 *hash);
void vn_sha256_append(vn_sha256 *hash, const void *bytes, size_t count);
/// Writes the 32 bytes of the digest; the hash must then begin anew.
void vn_sha256_end(vn_sha256 *hash, uint8_t digest[32]);

/// The compression of whole blocks of 64 bytes, in plain C.
void vn_sha256_compress_portable(uint32_t state[8], const uint8_t *blocks, size_t count);
/// The same by the processor's own instructions; only where `vn_sha256_has_instructions`.
void vn_sha256_compress_instructions(uint32_t state[8], const uint8_t *blocks, size_t count);
/// Whether the processor has instructions for SHA-256.
bool vn_sha256_has_instructions(void);

#endif
