#pragma once

#include <stddef.h>
#include <stdint.h>

// libFuzzer's driver; the library comes with the compiler.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

// Of the address sanitizer: what is allocated between the two is no leak.
void __lsan_disable(void);
void __lsan_enable(void);
