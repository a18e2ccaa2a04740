#pragma once

#include <stddef.h>

// A library of the system, opened by the first of the names (one per line) that leads to one; NULL where none does. It
// stays open: it may have started threads or set handlers.
void *vn_system_library(const char *names);

// Fills `functions` with `count` addresses by name; the name of the first that is missing, or NULL.
const char *vn_system_functions(void *library, const char *const *names, void **functions, size_t count);

// Both, with the code and the message of what went wrong; 0 where nothing did.
int vn_system_codec(const char *libraries, const char *const *names, void **functions, size_t count, char *message);
