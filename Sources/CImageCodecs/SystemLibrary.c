#include "SystemLibrary.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "CImageCodecs.h"

void *vn_system_library(const char *names) {
  char name[256];
  for (const char *start = names; start && *start;) {
    const char *end = strchr(start, '\n');
    size_t length = end ? (size_t)(end - start) : strlen(start);
    if (length > 0 && length < sizeof name) {
      memcpy(name, start, length);
      name[length] = 0;
      void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
      if (library) return library;
    }
    start = end ? end + 1 : NULL;
  }
  return NULL;
}

int vn_system_library_exists(const char *libraries) { return vn_system_library(libraries) != NULL; }

const char *vn_system_functions(void *library, const char *const *names, void **functions, size_t count) {
  for (size_t index = 0; index < count; index++) {
    functions[index] = dlsym(library, names[index]);
    if (!functions[index]) return names[index];
  }
  return NULL;
}

int vn_system_codec(const char *libraries, const char *const *names, void **functions, size_t count, char *message) {
  void *library = vn_system_library(libraries);
  message[0] = 0;
  if (!library) return VN_CODEC_NO_LIBRARY;
  const char *missing = vn_system_functions(library, names, functions, count);
  if (!missing) return VN_CODEC_OK;
  snprintf(message, VN_CODEC_MESSAGE_BYTES, "%s", missing);
  return VN_CODEC_NO_LIBRARY;
}
