#pragma once

#include <stddef.h>
#include <stdint.h>

// libFuzzer's driver; the library comes with the compiler.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
