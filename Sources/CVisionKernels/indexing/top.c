// The best elements of lines.
#include <string.h>

#include "vn_indexing.h"
#include "../shared/arithmetic.h"

/// An element's rank among others, smaller for better, and where it stands.
typedef struct entry {
  int64_t key, position;
} entry;

static const uint8_t sizes[10] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 1};

/// A number that has the order of an element; both zeros have the same, and NaN the largest.
static inline int64_t order_of(vn_number type, const char *x) {
  switch (type) {
    case VN_FLOAT32: {
      float value;
      int32_t bits;
      memcpy(&value, x, 4);
      memcpy(&bits, x, 4);
      return value != value ? INT64_MAX : value == 0 ? 0 : bits < 0 ? -(int64_t)(bits & INT32_MAX) : bits;
    }
    case VN_FLOAT64: {
      double value;
      int64_t bits;
      memcpy(&value, x, 8);
      memcpy(&bits, x, 8);
      return value != value ? INT64_MAX : value == 0 ? 0 : bits < 0 ? -(bits & INT64_MAX) : bits;
    }
    case VN_INT8: return *(const int8_t *)x;
    case VN_INT16: return *(const int16_t *)x;
    case VN_INT32: return *(const int32_t *)x;
    case VN_INT64: return *(const int64_t *)x;
    case VN_UINT16: return *(const uint16_t *)x;
    case VN_UINT32: return *(const uint32_t *)x;
    default: return *(const uint8_t *)x;
  }
}

static inline bool is_before(entry a, entry b) { return a.key < b.key || (a.key == b.key && a.position < b.position); }

/// Lets the entry at `at` sink in a heap whose root is the worst.
static void sink(entry *heap, size_t count, size_t at) {
  const entry moved = heap[at];
  for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && is_before(heap[child], heap[child + 1])) child++;
    if (!is_before(moved, heap[child])) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

static void sort(entry *heap, size_t count) {
  for (size_t last = count; last-- > 1;) {
    const entry worst = heap[0];
    heap[0] = heap[last];
    heap[last] = worst;
    sink(heap, last, 0);
  }
}

typedef struct top_run {
  const vn_top *t;
  const char *x;
  char *values;
  int64_t *positions;
  entry *heaps;
  bool last;
  size_t per_item;
} top_run;

static void top_line(const top_run *r, size_t line, entry *heap) {
  const vn_top *t = r->t;
  const size_t bytes = sizes[t->type], k = t->k, outer = line / t->inner, inner = line % t->inner;
  const char *x = r->x + (outer * t->count * t->inner + inner) * bytes;
  size_t held = 0;
  for (size_t i = 0; i < t->count; i++) {
    const int64_t order = order_of(t->type, x + i * t->inner * bytes);
    const entry new = {.key = t->largest ? ~order : order, .position = (int64_t)i};
    if (held < k) {
      heap[held++] = new;
      if (held == k) for (size_t at = k / 2; at-- > 0;) sink(heap, k, at);
    } else if (is_before(new, heap[0])) {
      heap[0] = new;
      sink(heap, k, 0);
    }
  }
  sort(heap, k);
  for (size_t i = 0; i < k; i++) {
    const size_t to = (outer * k + i) * t->inner + inner;
    r->positions[to] = heap[i].position;
    memcpy(r->values + to * bytes, x + (size_t)heap[i].position * t->inner * bytes, bytes);
  }
}

static void top_item(void *context, size_t index, int worker) {
  const top_run *r = context;
  top_line(r, index, r->heaps + (size_t)worker * r->t->k);
}

size_t vn_top_scratch_floats(const vn_top *t, int threads) {
  return (size_t)threads * t->k * (sizeof(entry) / sizeof(float));
}

void vn_top_k(const vn_top *t, const void *x, void *values, int64_t *positions, float *scratch, vn_pool *pool) {
  if (t->k == 0) return;
  top_run r = {.t = t, .x = x, .values = values, .positions = positions, .heaps = (entry *)(void *)scratch};
  vn_pool_run(pool, t->outer * t->inner, top_item, &r);
}

enum { block = 64 };

/// Whether a float is better than the best so far: NaN is best in either direction, and the first of several.
static inline bool is_better(float value, float best, bool largest, bool last) {
  const bool exceeds = largest ? value > best : value < best;
  return (best == best) & (exceeds | (value != value) | (last & (value == best)));
}

/// The same as `best_lines` for floats, in steps that vectors can take.
static inline void best_floats(const vn_top *t, const float *x, size_t count, bool largest, bool last, int64_t *positions) {
  float best[block];
  int32_t at[block] = {0};
  memcpy(best, x, count * sizeof(float));
  for (size_t i = 1; i < t->count; i++) {
    const float *row = x + i * t->inner;
    for (size_t j = 0; j < count; j++) {
      const bool takes = is_better(row[j], best[j], largest, last);
      best[j] = takes ? row[j] : best[j];
      at[j] = takes ? (int32_t)i : at[j];
    }
  }
  for (size_t j = 0; j < count; j++) positions[j] = at[j];
}

/// A line of floats that follow each other.
static inline int64_t best_of_line(const float *x, size_t count, bool largest, bool last) {
  float best = x[0];
  size_t at = 0;
  for (size_t i = 1; i < count; i++)
    if (is_better(x[i], best, largest, last)) {
      best = x[i];
      at = i;
    }
  return (int64_t)at;
}

/// Floats with what is constant known to the compiler.
static void best_of_floats(const vn_top *t, const float *x, size_t count, bool last, int64_t *positions) {
  if (t->inner == 1) {
    positions[0] = t->largest ? (last ? best_of_line(x, t->count, true, true) : best_of_line(x, t->count, true, false))
                              : best_of_line(x, t->count, false, last);
  } else if (t->largest && !last) {
    best_floats(t, x, count, true, false, positions);
  } else {
    best_floats(t, x, count, t->largest, last, positions);
  }
}

/// The best of some neighboring lines, element by element.
static void best_lines(const top_run *r, size_t outer, size_t start, size_t count) {
  const vn_top *t = r->t;
  const size_t bytes = sizes[t->type];
  const char *x = r->x + (outer * t->count * t->inner + start) * bytes;
  int64_t *positions = r->positions + outer * t->inner + start, best[block];
  if (t->type == VN_FLOAT32 && t->count > 0 && t->count <= INT32_MAX) {
    best_of_floats(t, (const float *)x, count, r->last, positions);
    return;
  }
  for (size_t i = 0; i < t->count; i++)
    for (size_t j = 0; j < count; j++) {
      const int64_t order = order_of(t->type, x + (i * t->inner + j) * bytes);
      // NaN is best in either direction; no other float has that key.
      const bool is_nan = order == INT64_MAX && t->type <= VN_FLOAT64;
      const int64_t key = is_nan ? INT64_MIN : t->largest ? ~order : order;
      if (i == 0 || key < best[j] || (r->last && key == best[j] && !is_nan)) {
        best[j] = key;
        positions[j] = (int64_t)i;
      }
    }
}

static void best_item(void *context, size_t index, int worker) {
  (void)worker;
  const top_run *r = context;
  const size_t chunks = vn_divide_up(r->t->inner, block), lines = r->t->outer * chunks;
  const size_t end = vn_smaller((index + 1) * r->per_item, lines);
  for (size_t i = index * r->per_item; i < end; i++) {
    const size_t start = i % chunks * block;
    best_lines(r, i / chunks, start, vn_smaller(block, r->t->inner - start));
  }
}

void vn_arg_best(const vn_top *t, bool last, const void *x, int64_t *positions, vn_pool *pool) {
  if (t->inner == 0) return;
  top_run r = {.t = t, .x = x, .positions = positions, .last = last};
  const size_t elements = t->count * vn_smaller(block, t->inner);
  r.per_item = 16384 / vn_smaller(16384, vn_larger(1, elements));
  vn_pool_run(pool, vn_divide_up(t->outer * vn_divide_up(t->inner, block), r.per_item), best_item, &r);
}
