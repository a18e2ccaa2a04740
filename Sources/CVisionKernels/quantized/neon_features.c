// Which dot products of bytes an arm64 processor has.
#include "quantized.h"

#if defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>

// Bits of the Linux kernel's interface, which older headers lack.
enum { hwcap_dot_products = 1 << 20, hwcap2_i8mm = 1 << 13 };

bool vn_has_neon_dot_products(void) { return (getauxval(AT_HWCAP) & hwcap_dot_products) != 0; }
bool vn_has_neon_i8mm(void) { return vn_has_neon_dot_products() && (getauxval(AT_HWCAP2) & hwcap2_i8mm) != 0; }
#elif defined(__APPLE__)
#include <stdatomic.h>
#include <sys/sysctl.h>

/// Asks the system once; `known` is 0 before, then 1 for no and 2 for yes.
static bool has(const char *feature, _Atomic int *known) {
  int answer = atomic_load_explicit(known, memory_order_relaxed);
  if (answer == 0) {
    int value = 0;
    size_t size = sizeof value;
    answer = sysctlbyname(feature, &value, &size, NULL, 0) == 0 && value != 0 ? 2 : 1;
    atomic_store_explicit(known, answer, memory_order_relaxed);
  }
  return answer == 2;
}

bool vn_has_neon_dot_products(void) {
  static _Atomic int known;
  return has("hw.optional.arm.FEAT_DotProd", &known);
}
bool vn_has_neon_i8mm(void) {
  static _Atomic int known;
  return vn_has_neon_dot_products() && has("hw.optional.arm.FEAT_I8MM", &known);
}
#else
bool vn_has_neon_dot_products(void) { return false; }
bool vn_has_neon_i8mm(void) { return false; }
#endif
#endif
