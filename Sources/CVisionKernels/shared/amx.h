// Tiles of the processor (AMX), private to this target.
#pragma once
#include <stdbool.h>

/// Whether the processor has tiles for bytes, and for bfloat16, and the operating system lets this process use them, for which it is
/// asked once.
bool vn_has_amx_int8(void);
bool vn_has_amx_bf16(void);
