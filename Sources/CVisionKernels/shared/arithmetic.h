// Arithmetic of sizes and addresses.
#pragma once
#include <stddef.h>
#include <stdint.h>

static inline size_t vn_divide_up(size_t a, size_t b) { return (a + b - 1) / b; }
static inline size_t vn_smaller(size_t a, size_t b) { return a < b ? a : b; }
/// x truncated to an integer in 0...2⁵³; 2⁵³ for NaN. In C, casting a value that is out of range is undefined.
static inline size_t vn_whole(double x) { return x < 0x1p53 ? (x > 0 ? (size_t)x : 0) : (size_t)1 << 53; }
static inline size_t vn_larger(size_t a, size_t b) { return a > b ? a : b; }
static inline float *vn_align(float *p) { return (float *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }
static inline size_t vn_round_up(size_t a, size_t unit) { return (a + unit - 1) / unit * unit; }
