// Whether AMX may be used.
#include <stdatomic.h>

#include "amx.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { features = 7, bf16_bit = 1 << 22, tile_bit = 1 << 24, int8_bit = 1 << 25 };
/// XCR0's bits for the sizes of tiles and for what is in them.
enum { tile_states = 3 << 17 };
/// Linux gives the memory for tiles to processes that ask for it.
enum { request_permission = 0x1023, tile_data = 18 };

static bool has_tile_states(void) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_OSXSAVE) == 0) return false;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & tile_states) == tile_states;
}

/// Features of AMX as in CPUID, 0 where they cannot be used.
static int find_features(void) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(features, 0, &a, &b, &c, &d) || (d & tile_bit) == 0 || !has_tile_states()) return 0;
  if (syscall(SYS_arch_prctl, request_permission, tile_data) != 0) return 0;
  return (int)(d & (bf16_bit | int8_bit));
}

static bool has(int feature) {
  static _Atomic int known = -1;
  int found = atomic_load_explicit(&known, memory_order_relaxed);
  if (found < 0) {
    found = find_features();
    atomic_store_explicit(&known, found, memory_order_relaxed);
  }
  return (found & feature) != 0;
}

bool vn_has_amx_int8(void) { return has(int8_bit); }
bool vn_has_amx_bf16(void) { return has(bf16_bit); }
#else
bool vn_has_amx_int8(void) { return false; }
bool vn_has_amx_bf16(void) { return false; }
#endif
