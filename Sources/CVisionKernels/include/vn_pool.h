#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Threads that share the items of a loop; safe to use from several threads at once.
typedef struct vn_pool vn_pool;

/// The number of cores that this process may run on, at least 1: those of its affinity mask where there is one.
int vn_available_cores(void);

/// Returns freed memory to the system, where the C library keeps much of it for later.
void vn_release_free_memory(void);
/// Divides loops among `threads` and starts that many or one per core, whichever is less (the caller of a loop is one of them);
/// NULL if threads cannot be started.
vn_pool *_Nullable vn_pool_create(int threads);
/// Stops and joins the workers; no loop may be running.
void vn_pool_destroy(vn_pool *_Nullable pool);
/// The number of threads, the caller included; 1 for NULL.
int vn_pool_threads(const vn_pool *_Nullable pool);
/// The first of `count` items in the range of `worker`, which ends where the next worker's begins. After its own range a
/// worker takes items that others have left.
size_t vn_pool_range_start(const vn_pool *_Nullable pool, size_t count, int worker);
/// Calls `body(context, index, worker)` for each index in 0..<count, with worker in 0..<threads unique among
/// the calls running at one time; returns when all are done. The caller is one of the workers. A nested loop, and a loop
/// of a second thread while the pool is busy, runs on its calling thread alone (worker 0 of its own loop).
void vn_pool_run(vn_pool *_Nullable pool, size_t count,
                 void (*_Nonnull body)(void *_Nullable context, size_t index, int worker),
                 void *_Nullable context);

#ifdef __cplusplus
}
#endif
