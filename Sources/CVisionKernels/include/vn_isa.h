#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The instruction sets that have kernels.
typedef enum vn_isa {
  VN_PORTABLE = 0,  ///< Four-lane vectors for any machine; SSE2 on x86-64.
  VN_NEON = 1,      ///< NEON of arm64, with dot products of bytes where the processor has them.
  VN_AVX2 = 2,      ///< AVX2 and FMA.
  VN_AVX512 = 3,    ///< AVX-512 F, BW, DQ, VL.
} vn_isa;

/// The kernels of one instruction set; packed weights belong to the table they were packed with.
typedef struct vn_kernels vn_kernels;

/// Whether this machine and this build can run the instruction set.
bool vn_isa_supported(vn_isa isa);
/// The fastest instruction set this machine supports.
vn_isa vn_best_isa(void);
/// The kernels for an instruction set, NULL if it is not supported here.
const vn_kernels *_Nullable vn_kernels_for(vn_isa isa);
/// The kernels that any machine can run.
const vn_kernels *_Nonnull vn_portable_kernels(void);
/// The path of the executable or shared library that contains the kernels, as it was loaded; NULL when unknown.
const char *_Nullable vn_kernels_file(void);
/// The instruction set of a kernel table.
vn_isa vn_kernels_isa(const vn_kernels *_Nonnull k);
/// Lanes of one vector.
int vn_kernels_lanes(const vn_kernels *_Nonnull k);
/// Measures the multiply-add rate of all threads of the pool together for about `seconds`, in FLOP/s.
double vn_peak_flops(const vn_kernels *_Nonnull k, double seconds, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
