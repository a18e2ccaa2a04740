// Counts heap allocations of the calling thread, so that tests can show that a run makes none.
#pragma once
#include <stdbool.h>

/// Whether allocations are counted here: with glibc and without sanitizers, which bring their own allocator.
bool allocation_counter_works(void);
/// Allocations of the calling thread so far.
long allocation_counter_value(void);
/// Bytes that the calling thread has asked for so far, given back or not.
long allocation_counter_bytes(void);
