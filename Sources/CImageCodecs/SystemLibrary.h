#pragma once

#include <stddef.h>

// Opens a system library by the first of the names (one per line) that can be opened; NULL if there is none. The library
// is never closed, since it may have started threads or set handlers.
void *vn_system_library(const char *names);

// Fills `functions` with the addresses of `count` functions. Returns the name of the first that is missing, or NULL.
const char *vn_system_functions(void *library, const char *const *names, void **functions, size_t count);

// Does both. Returns VN_CODEC_OK, or an error code with a message.
int vn_system_codec(const char *libraries, const char *const *names, void **functions, size_t count, char *message);
