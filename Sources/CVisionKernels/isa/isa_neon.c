// NEON, the vectors of arm64. A vector of the templates is two registers of 128 bits, and tiles are 6 rows by two such vectors:
// 24 sums, 4 registers of the panel and one factor, of the 32 that there are. A step of a tile's loop loads 8 times (6 factors
// and two pairs of registers) for 24 multiply-adds; 14 rows by two registers, which also fit, load 15 times for 28.
#include "../shared/kernels.h"

#if defined(__aarch64__)
#include <math.h>

#define VN_LANES 8
#define VN_FUSED 1
#define VN_ROUNDS 1
#define VN_ROWS 6
#define VN_OUTPUTS 4
#define VN_ISA(name) name##_neon
#define VN_ISA_VALUE VN_NEON
#include "all.h"
#endif
