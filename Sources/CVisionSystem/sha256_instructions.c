#include "sha256_constants.h"
#include "vn_sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

static bool ask_processor(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
  bool has_shuffles = c & bit_SSSE3 && c & bit_SSE4_1;
  if (!has_shuffles || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  return b >> 29 & 1;
}

bool vn_sha256_has_instructions(void) {
  // Asking takes microseconds in a virtual machine. Threads that ask at once store the same answer.
  static atomic_int answer = 0;
  int known = atomic_load_explicit(&answer, memory_order_relaxed);
  if (known == 0) {
    known = ask_processor() ? 1 : 2;
    atomic_store_explicit(&answer, known, memory_order_relaxed);
  }
  return known == 1;
}

/// The instructions keep the state as (a, b, e, f) and (c, d, g, h), the first in the highest lane, and do two rounds each.
///
/// Intel, "Intel SHA Extensions", 2013.
__attribute__((target("sha,sse4.1,ssse3"))) void vn_sha256_compress_instructions(
    uint32_t state[8], const uint8_t *blocks, size_t count) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i dcba = _mm_loadu_si128((const __m128i *)state);
  __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
  __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
  __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  for (; count > 0; count--, blocks += 64) {
    __m128i abef_before = abef, cdgh_before = cdgh;
    // The last 16 words of the message schedule, four each.
    __m128i words[4];
    for (int i = 0; i < 4; i++) {
      words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)blocks + i), big_endian);
    }
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      __m128i now = words[group % 4];
      __m128i sums = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(vn_sha256_constants + 4 * group)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sums);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sums, 0x0e));
      if (group < 12) {
        __m128i next = words[(group + 1) % 4], third = words[(group + 2) % 4], last = words[(group + 3) % 4];
        __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(now, next), _mm_alignr_epi8(last, third, 4));
        words[group % 4] = _mm_sha256msg2_epu32(partial, last);
      }
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool vn_sha256_has_instructions(void) { return false; }

void vn_sha256_compress_instructions(uint32_t state[8], const uint8_t *blocks, size_t count) {
  vn_sha256_compress_portable(state, blocks, count);
}

#endif
