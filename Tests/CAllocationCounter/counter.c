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

long allocation_counter_value(void) { return count; }

#if defined(__GLIBC__) && !defined(SANITIZED)
// These replace glibc's symbols in the test program and forward to glibc's own entry points.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void count_one(void) { count += 1; }

void *malloc(size_t size) {
  count_one();
  return __libc_malloc(size);
}
void *calloc(size_t items, size_t size) {
  count_one();
  return __libc_calloc(items, size);
}
void *realloc(void *block, size_t size) {
  count_one();
  return __libc_realloc(block, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  count_one();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **block, size_t alignment, size_t size) {
  count_one();
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : 12;
}
bool allocation_counter_works(void) { return true; }
#else
bool allocation_counter_works(void) { return false; }
#endif
