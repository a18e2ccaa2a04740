// A spin-then-park pool. Each thread has a range of a loop's items, published as a 64-bit ticket (generation and next index)
// that threads advance by compare-and-swap. A thread takes its own range first, so that successive loops over the same rows or
// channels find their data in the same core's cache, then items that others have left. The caller waits until all items are
// finished, never for a worker to wake. At most one thread per core runs, however many were asked for: more would only wait for
// each other, and a loop ends no sooner than the thread that the system has put aside. Their ranges are taken by the others, so
// that the division of a loop, and with it its result, is the one that was asked for.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "CVisionKernels.h"

typedef void (*body_fn)(void *, size_t, int);

struct vn_pool {
  /// The generation of the loop that runs; `closed` while the next one is set up.
  _Alignas(64) _Atomic uint64_t ticket;
  _Alignas(64) _Atomic size_t finished;
  _Alignas(64) _Atomic(body_fn) body;
  _Atomic(void *) context;
  _Atomic size_t count;
  _Alignas(64) _Atomic int sleepers;
  _Atomic bool stop, busy;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  int threads;  ///< the ranges of a loop
  int started;  ///< the threads beside the caller
  struct worker {
    /// The rest of the range: generation and next index.
    _Alignas(64) _Atomic uint64_t range;
    vn_pool *pool;
    pthread_t thread;
    int number;
  } workers[];  ///< `threads` of them; the first is the loop's caller
};

// An index beyond that of any loop: marks the ticket of a loop that is being set up.
static const uint32_t closed = UINT32_MAX;
static const int spins = 4000;
static _Thread_local bool inside;

static void pause_a_little(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static uint64_t make_ticket(uint32_t generation, uint32_t index) {
  return (uint64_t)generation << 32 | index;
}

size_t vn_pool_range_start(const vn_pool *pool, size_t count, int worker) {
  const int threads = vn_pool_threads(pool);
  return worker >= threads ? count : (size_t)worker * count / (size_t)threads;
}

// Runs items of one range until none is left to claim.
static void take_range(vn_pool *pool, int owner, int worker) {
  _Atomic uint64_t *range = &pool->workers[owner].range;
  uint64_t ticket = atomic_load_explicit(range, memory_order_acquire);
  for (;;) {
    uint32_t index = (uint32_t)ticket;
    // A later loop's fields can only be seen together with its closed ranges, which fail the exchange.
    size_t count = atomic_load_explicit(&pool->count, memory_order_acquire);
    body_fn body = atomic_load_explicit(&pool->body, memory_order_acquire);
    void *context = atomic_load_explicit(&pool->context, memory_order_acquire);
    if (index >= vn_pool_range_start(pool, count, owner + 1)) return;
    if (!atomic_compare_exchange_weak_explicit(range, &ticket, ticket + 1, memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    body(context, index, worker);
    atomic_fetch_add_explicit(&pool->finished, 1, memory_order_acq_rel);
    ticket = atomic_load_explicit(range, memory_order_acquire);
  }
}

static void take_items(vn_pool *pool, int worker) {
  for (int i = 0; i < pool->threads; i++) {
    int owner = worker + i;
    if (owner >= pool->threads) owner -= pool->threads;
    take_range(pool, owner, worker);
  }
}

static bool has_work(vn_pool *pool, uint32_t seen) {
  uint64_t ticket = atomic_load(&pool->ticket);
  return (uint32_t)ticket != closed && (uint32_t)(ticket >> 32) != seen;
}

static void *work(void *argument) {
  struct worker *self = argument;
  vn_pool *pool = self->pool;
  uint32_t seen = 0;
  inside = true;
  while (!atomic_load_explicit(&pool->stop, memory_order_acquire)) {
    for (int i = 0; i < spins && !has_work(pool, seen); i++) {
      if (atomic_load_explicit(&pool->stop, memory_order_relaxed)) break;
      pause_a_little();
    }
    if (!has_work(pool, seen)) {
      pthread_mutex_lock(&pool->mutex);
      atomic_fetch_add(&pool->sleepers, 1);
      while (!has_work(pool, seen) && !atomic_load(&pool->stop))
        pthread_cond_wait(&pool->wake, &pool->mutex);
      atomic_fetch_sub(&pool->sleepers, 1);
      pthread_mutex_unlock(&pool->mutex);
    }
    uint64_t ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
    if ((uint32_t)ticket == closed) continue;
    seen = (uint32_t)(ticket >> 32);
    take_items(pool, self->number);
  }
  return NULL;
}

vn_pool *vn_pool_create(int threads) {
  if (threads < 1) threads = 1;
  const int cores = vn_available_cores(), running = threads < cores ? threads : cores;
  size_t bytes = sizeof(vn_pool) + (size_t)threads * sizeof(struct worker);
  void *memory = NULL;
  if (posix_memalign(&memory, 64, bytes) != 0) return NULL;
  vn_pool *pool = memory;
  atomic_init(&pool->ticket, make_ticket(0, closed));
  atomic_init(&pool->finished, 0);
  atomic_init(&pool->body, NULL);
  atomic_init(&pool->context, NULL);
  atomic_init(&pool->count, 0);
  atomic_init(&pool->sleepers, 0);
  atomic_init(&pool->stop, false);
  atomic_init(&pool->busy, false);
  pool->threads = threads;
  pool->started = 0;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  // Workers block all signals, so that the program's own threads receive them.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int i = 0; i < threads; i++) {
    pool->workers[i].pool = pool;
    pool->workers[i].number = i < running ? i * threads / running : i;
    atomic_init(&pool->workers[i].range, make_ticket(0, closed));
  }
  for (int i = 1; i < running; i++) {
    if (pthread_create(&pool->workers[i].thread, NULL, work, &pool->workers[i]) != 0) break;
    pool->started++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (pool->started != running - 1) {
    vn_pool_destroy(pool);
    return NULL;
  }
  return pool;
}

void vn_pool_destroy(vn_pool *pool) {
  if (!pool) return;
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stop, true);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 1; i <= pool->started; i++) pthread_join(pool->workers[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

int vn_pool_threads(const vn_pool *pool) { return pool ? pool->threads : 1; }

void vn_pool_run(vn_pool *pool, size_t count, body_fn body, void *context) {
  bool alone = !pool || pool->threads == 1 || count < 2 || count >= closed || inside;
  if (alone || atomic_exchange_explicit(&pool->busy, true, memory_order_acquire)) {
    for (size_t i = 0; i < count; i++) body(context, i, 0);
    return;
  }
  uint32_t generation = (uint32_t)(atomic_load_explicit(&pool->ticket, memory_order_relaxed) >> 32) + 1;
  atomic_store_explicit(&pool->ticket, make_ticket(generation, closed), memory_order_release);
  for (int i = 0; i < pool->threads; i++)
    atomic_store_explicit(&pool->workers[i].range, make_ticket(generation, closed), memory_order_release);
  atomic_store_explicit(&pool->count, count, memory_order_release);
  atomic_store_explicit(&pool->body, body, memory_order_release);
  atomic_store_explicit(&pool->context, context, memory_order_release);
  atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
  for (int i = 0; i < pool->threads; i++)
    atomic_store_explicit(&pool->workers[i].range, make_ticket(generation, (uint32_t)vn_pool_range_start(pool, count, i)),
                          memory_order_release);
  atomic_store(&pool->ticket, make_ticket(generation, 0));
  if (atomic_load(&pool->sleepers) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
  }
  inside = true;
  take_items(pool, 0);
  inside = false;
  for (int i = 0; atomic_load_explicit(&pool->finished, memory_order_acquire) != count; i++) {
    if (i < spins) pause_a_little();
    else sched_yield();
  }
  atomic_store_explicit(&pool->busy, false, memory_order_release);
}
