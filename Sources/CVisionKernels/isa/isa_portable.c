// Four-lane vectors for any machine.
#include <math.h>

#include "../shared/kernels.h"

#define VN_LANES 4
#if defined(__aarch64__)
#define VN_FUSED 1
#define VN_ROUNDS 1
#define VN_ROWS 14
#else
#define VN_FUSED 0
#define VN_ROUNDS 0
#define VN_ROWS 6
#endif
#define VN_OUTPUTS 4
#define VN_ISA(name) name##_portable
#define VN_ISA_VALUE VN_PORTABLE
#include "all.h"
