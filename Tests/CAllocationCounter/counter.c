#include "CAllocationCounter.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

// One a thread: tests run side by side. Plain thread-local storage of a program needs no allocation itself.
static _Thread_local long count;
static _Thread_local long bytes;

long allocation_counter_value(void) { return count; }
long allocation_counter_bytes(void) { return bytes; }

#if defined(__GLIBC__) && !defined(SANITIZED)
// These replace glibc's symbols in the test program and forward to glibc's own entry points.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void count_one(size_t size) {
  count += 1;
  bytes += (long)size;
}

void *malloc(size_t size) {
  count_one(size);
  return __libc_malloc(size);
}
void *calloc(size_t items, size_t size) {
  count_one(items * size);
  return __libc_calloc(items, size);
}
void *realloc(void *block, size_t size) {
  count_one(size);
  return __libc_realloc(block, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  count_one(size);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **block, size_t alignment, size_t size) {
  count_one(size);
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : 12;
}
bool allocation_counter_works(void) { return true; }
#else
bool allocation_counter_works(void) { return false; }
#endif
