// Choosing an instruction set, and measuring it.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdatomic.h>
#include <time.h>

#include "kernels.h"

bool vn_isa_supported(vn_isa isa) {
  switch (isa) {
    case VN_PORTABLE: return true;
#if defined(__x86_64__)
    case VN_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case VN_AVX512:
      return vn_isa_supported(VN_AVX2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
#elif defined(__aarch64__)
    case VN_NEON: return true;
#endif
    default: return false;
  }
}

vn_isa vn_best_isa(void) {
  if (vn_isa_supported(VN_AVX512)) return VN_AVX512;
  if (vn_isa_supported(VN_AVX2)) return VN_AVX2;
  return vn_isa_supported(VN_NEON) ? VN_NEON : VN_PORTABLE;
}

const vn_kernels *vn_kernels_for(vn_isa isa) {
  if (!vn_isa_supported(isa)) return NULL;
#if defined(__x86_64__)
  if (isa == VN_AVX512) return &vn_kernels_avx512;
  if (isa == VN_AVX2) return &vn_kernels_avx2;
#elif defined(__aarch64__)
  if (isa == VN_NEON) return &vn_kernels_neon;
#endif
  return &vn_kernels_portable;
}

const vn_kernels *vn_portable_kernels(void) { return &vn_kernels_portable; }

const char *vn_kernels_file(void) {
  Dl_info info;
  return dladdr(&vn_kernels_portable, &info) ? info.dli_fname : NULL;
}

vn_isa vn_kernels_isa(const vn_kernels *k) { return k->isa; }
int vn_kernels_lanes(const vn_kernels *k) { return k->lanes; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

typedef struct burn {
  const vn_kernels *k;
  size_t rounds;
  _Atomic int sink;
} burn;

static void burn_item(void *context, size_t index, int worker) {
  (void)index, (void)worker;
  burn *b = context;
  float sink = 0;
  b->k->burn(b->rounds, &sink);
  atomic_store_explicit(&b->sink, sink != 0, memory_order_relaxed);
}

double vn_peak_flops(const vn_kernels *k, double seconds, vn_pool *pool) {
  float sink = 0;
  burn b = {.k = k, .rounds = 20000};
  double per_item = k->burn(b.rounds, &sink), best = 0, start = now();
  size_t items = (size_t)vn_pool_threads(pool) * 8;
  do {
    double before = now();
    vn_pool_run(pool, items, burn_item, &b);
    double rate = per_item * (double)items / (now() - before);
    if (rate > best) best = rate;
  } while (now() - start < seconds);
  return best;
}
