// Counts heap allocations of the process, so that benchmarks can show that a run makes none.
#pragma once
#include <stdbool.h>

/// Whether allocations are counted here: with glibc only.
bool vb_counts_allocations(void);
/// Allocations of all threads so far.
long vb_allocations(void);
