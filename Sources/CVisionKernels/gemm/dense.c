// A row times a matrix, without reading the weights of inputs that are zero.
//
//   for each range of outputs                                                (threads share them)
//     for each part of the inputs, a fixed range
//       sums[outputs] = Σ over inputs i of it with x[i] ≠ 0 of x[i] · w[i][outputs]
//       total += sums
//     y = total + bias
#include "vn_dense.h"

#include <string.h>

#include "../shared/kernels.h"

/// Weights below this size stay in the caches from run to run.
static const size_t far_weights = 8 * 1024 * 1024;
/// Sums are formed from partial sums over this many inputs, zero or not.
enum { part_inputs = 1024 };
/// Outputs that share a mark, which tells that one of their weights is not finite.
enum { group_outputs = 64, packed_inputs = 64 };
/// The most outputs that a thread computes at a time, so that their sums stay in the nearest cache. Longer pieces of rows arrive
/// faster: compared to 16 KiB at a time, 8 KiB take 1.02 of the time, 4 KiB 1.05 and 2 KiB 1.4.
enum { chunk_outputs = 4096, line_floats = 16 };

static size_t padded(size_t floats) { return vn_divide_up(floats, line_floats) * line_floats; }
/// Floats from input to input. No line is added against cache conflicts, so that pieces of rows begin where pages do.
static size_t pitch_of(size_t outputs) { return padded(outputs); }
static size_t mark_floats(size_t outputs) { return padded(vn_divide_up(outputs, group_outputs)); }
static size_t parts_of(size_t inputs) { return vn_divide_up(inputs, part_inputs); }

bool vn_dense_pays(size_t inputs, size_t outputs) { return inputs * outputs * sizeof(float) >= far_weights; }

size_t vn_dense_packed_floats(size_t inputs, size_t outputs) { return mark_floats(outputs) + inputs * pitch_of(outputs); }

static bool are_finite(const float *x, size_t count) {
  uint32_t largest = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    bits &= 0x7fffffff;
    largest = bits > largest ? bits : largest;
  }
  return largest < 0x7f800000;
}

void vn_dense_pack(const vn_kernels *k, size_t inputs, size_t outputs, size_t first, size_t count, const float *rows,
                   float *packed) {
  const size_t pitch = pitch_of(outputs);
  float *weights = packed + mark_floats(outputs);
  for (size_t at = 0; at < count; at += group_outputs) {
    const size_t group = vn_smaller(group_outputs, count - at);
    packed[(first + at) / group_outputs] = are_finite(rows + at * inputs, group * inputs) ? 0 : 1;
    // A few inputs at a time, so that neighboring addresses are written soon after one another.
    for (size_t i = 0; i < inputs; i += packed_inputs)
      k->transpose(group, vn_smaller(packed_inputs, inputs - i), rows + at * inputs + i, (int64_t)inputs,
                   weights + i * pitch + first + at, (int64_t)pitch);
  }
  if (first + count < outputs) return;
  for (size_t i = 0; i < inputs; i++) memset(weights + i * pitch + outputs, 0, (pitch - outputs) * sizeof(float));
}

typedef struct dense_run {
  const vn_kernels *k;
  size_t outputs, pitch, parts, chunk;
  const float *x, *weights, *bias;
  float *y, *workers;
  const uint32_t *inputs;  ///< the inputs whose weights are read
  const uint32_t *starts;  ///< where each part begins in `inputs`, and the end of the last one
} dense_run;

static size_t list_floats(size_t inputs) { return padded(inputs) + padded(parts_of(inputs) + 1); }
/// Partial sums and their total.
static size_t worker_floats(size_t outputs) { return 2 * padded(vn_smaller(outputs, chunk_outputs)); }

size_t vn_dense_scratch_floats(size_t inputs, size_t outputs, int threads) {
  return line_floats + list_floats(inputs) + worker_floats(outputs) * (size_t)(threads < 1 ? 1 : threads);
}

static void dense_item(void *context, size_t index, int worker) {
  const dense_run *r = context;
  const size_t first = index * r->chunk, count = vn_smaller(r->chunk, r->outputs - first), columns = padded(count);
  const size_t bytes = r->pitch * sizeof(float);
  float *sums = r->workers + (size_t)worker * worker_floats(r->outputs), *total = sums + worker_floats(r->outputs) / 2;
  const float *weights = r->weights + first;
  memset(total, 0, columns * sizeof(float));
  const uint32_t all = r->starts[r->parts];
  vn_dense_rows rows = {.y = sums, .columns = columns};
  for (size_t part = 0; part < r->parts; part++) {
    const uint32_t begin = r->starts[part], end = r->starts[part + 1];
    if (begin == end) continue;
    for (uint32_t at = begin; at < end; at += VN_DENSE_ROWS) {
      rows.first = at == begin;
      rows.count = vn_smaller(VN_DENSE_ROWS, end - at);
      for (size_t i = 0; i < rows.count; i++) {
        const uint32_t input = r->inputs[at + i];
        rows.w[i] = weights + input * r->pitch;
        rows.x[i] = r->x[input];
        // Prefetches the row that this thread multiplies next.
        const uint32_t next = at + rows.count + i < all ? r->inputs[at + rows.count + i] : input;
        rows.ahead[i] = (const char *)weights + next * bytes;
      }
      r->k->dense_rows(&rows);
    }
    for (size_t i = 0; i < columns; i++) total[i] += sums[i];
  }
  for (size_t i = 0; i < count; i++) r->y[first + i] = total[i] + (r->bias ? r->bias[first + i] : 0);
}

void vn_dense_run(const vn_kernels *k, size_t inputs, size_t outputs, const float *x, const float *packed,
                  const float *bias, float *y, float *scratch, vn_pool *pool) {
  float *list = vn_align(scratch);
  uint32_t *chosen = (uint32_t *)list, *starts = chosen + padded(inputs);
  dense_run r = {.k = k, .outputs = outputs, .pitch = pitch_of(outputs), .parts = parts_of(inputs), .x = x,
                 .weights = packed + mark_floats(outputs), .bias = bias, .y = y, .inputs = chosen, .starts = starts,
                 .workers = list + list_floats(inputs)};
  bool all = false;
  for (size_t group = 0; group < vn_divide_up(outputs, group_outputs); group++) all = all || packed[group] != 0;
  uint32_t count = 0;
  for (size_t i = 0; i < inputs; i++) {
    if (i % part_inputs == 0) starts[i / part_inputs] = count;
    chosen[count] = (uint32_t)i;
    count += all || x[i] != 0;
  }
  starts[r.parts] = count;
  r.chunk = vn_smaller(chunk_outputs, padded(vn_divide_up(outputs, (size_t)vn_pool_threads(pool))));
  vn_pool_run(pool, vn_divide_up(outputs, r.chunk), dense_item, &r);
}
