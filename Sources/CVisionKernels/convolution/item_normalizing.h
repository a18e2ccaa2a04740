// The parts of the neighboring batch normalizations that an item of the implicit im2col computes, and non-temporal stores of its
// results.
#pragma once
#include "conv_item.h"

/// Room for a `vn_departure`, aligned.
enum { departure_floats = 16 + 16 };

/// Floats of an item's own copy of its pixels.
static inline size_t operand_floats(const vn_kernels *k, const vn_conv_plan *plan) {
  return (vn_cut_most_tiles(&plan->cut) * (size_t)k->max_rows * plan->run + 31) / 16 * 16;
}

/// Floats of an item's results.
static inline size_t result_floats(const vn_kernels *k, const vn_conv_plan *plan) {
  return (vn_cut_most_tiles(&plan->cut) * (size_t)k->max_rows * plan->group_outputs + 31) / 16 * 16;
}

/// The results that a worker has yet to write; two blocks of results follow in memory, which items use in turn.
static inline vn_departure *departure_of(const conv_run *r, int worker) {
  const size_t results = 2 * result_floats(r->k, r->plan) + departure_floats;
  return (vn_departure *)vn_align(r->workers + (size_t)(worker + 1) * r->worker_floats - results);
}

static inline float *own_results(const conv_run *r, int worker, bool second) {
  float *first = (float *)departure_of(r, worker) + departure_floats - 16;
  return second ? first + result_floats(r->k, r->plan) : first;
}

/// Computes the operand of an item from the input of the normalization before the convolution.
static inline void normalize_operand(conv_item *it, float *memory) {
  const conv_run *r = it->r;
  const vn_conv_plan *plan = r->plan;
  const vn_conv_normalization *n = r->normalizing.n;
  if (!n || !n->source) return;
  float *copy = r->keeps ? vn_align(memory + plan->worker_floats) : NULL;
  vn_normalize_operand(r->k, n, false, plan->run, it->pixel0, it->pixel1 - it->pixel0, 0, plan->run, copy);
  if (copy) it->x = copy - it->pixel0 * plan->run;
}

/// Decides where an item forms its results. Those of the worker's previous item are written while this one multiplies.
static inline void place_results(conv_item *it) {
  const conv_run *r = it->r;
  it->results = r->y;
  if (!r->streams) return;
  it->leaving = departure_of(r, it->worker);
  it->own = own_results(r, it->worker, !it->leaving->second);
  it->results = it->own - it->pixel0 * r->plan->group_outputs;
}

/// Sums an item's results for the normalization after the convolution.
static inline void sum_results(const conv_item *it, size_t column, size_t width) {
  const conv_run *r = it->r;
  const vn_normalizing *normalizing = &r->normalizing;
  if (!normalizing->n || !normalizing->n->partials) return;
  const size_t outputs = r->plan->group_outputs, offset = it->pixel0 * outputs + column;
  vn_sum_result(r->k, normalizing->n, outputs, normalizing->chunks, normalizing->first_chunk + it->at.pixel_chunk, true,
                it->results + offset, offset, it->pixel1 - it->pixel0, outputs, column, width);
}

/// Leaves an item's own results to be written during the worker's next item. All earlier ones have been written.
static inline void leave_results(const conv_item *it, size_t column, size_t width) {
  if (!it->own) return;
  const size_t outputs = it->r->plan->group_outputs;
  *it->leaving = (vn_departure){.from = it->own + column, .to = it->r->y + it->pixel0 * outputs + column,
                                .channels = outputs, .pixels = it->pixel1 - it->pixel0, .width = width,
                                .second = !it->leaving->second};
  vn_end_stream();
}

/// Applies an activation that is not a clamp to an item's results.
static inline void activate(const conv_item *it, size_t column, size_t width) {
  const conv_run *r = it->r;
  const size_t mr = (size_t)r->k->max_rows;
  if (r->plan->dense_output) {
    r->k->unary_runs(r->conv->activation, r->conv->alpha, r->conv->beta, width, it->pixel1 - it->pixel0, r->conv->y_pixel,
                     it->y[0] + column);
    return;
  }
  for (size_t t = 0; t < it->tiles; t++) {
    for (size_t j = 0; j < it->counts[t]; j++) {
      float *out = it->y[t * mr + j] + column;
      r->k->unary(r->conv->activation, r->conv->alpha, r->conv->beta, width, out, out);
    }
  }
}
