// RNN, GRU and LSTM: one direction of a layer.
//
//   the input's part of all gates of all steps = x · wᵀ + biases, as one 1×1 convolution over rows
//   for each step
//     gates = that part + h · rᵀ                                         (a 1×1 convolution whose residual is the part)
//     c and h from the gates, sequence by sequence
//
// r is multiplied in two parts for a GRU, since its last gate has another operand, or another use of the product.
#include <math.h>
#include <string.h>

#include "recurrent.h"

typedef struct run {
  const vn_kernels *k;
  const vn_recurrent *layer;
  const vn_recurrent_data *data;
  const float *packed_w, *packed_r, *packed_n;
  float *inputs;         ///< [rows of x][gates · hidden]
  float *gates;          ///< [batch][gates · hidden]
  float *h, *c, *other;  ///< [batch][hidden]
  float *inner_bias;     ///< of the last gate of a GRU that resets last, else NULL
  float *scratch;        ///< of convolutions
  size_t width;          ///< gates · hidden
  size_t step, per_item;
  bool is_usual;         ///< whether the functions are those of ONNX by default
  vn_pool *pool;
} run;

/// The products with w, with the rows of r for all gates or a GRU's first two, and with those for its last.
enum { of_input = 0, of_state, of_last, products_of_layer };
static vn_conv product_of(const vn_recurrent *layer, int which) {
  const size_t width = vn_gates_of(layer->cell) * layer->hidden, rows = layer->steps * layer->batch;
  const int64_t all = (int64_t)width, residual = layer->row_sequence * all;
  if (which == of_input) return vn_row_product(rows, layer->inputs, width, all, all);
  const size_t last = layer->cell == VN_GRU ? layer->hidden : 0;
  return vn_row_product(layer->batch, layer->hidden, which == of_last ? last : width - last, all, residual);
}

static size_t packed_floats(const vn_kernels *k, const vn_recurrent *layer, int which) {
  const vn_conv conv = product_of(layer, which);
  return conv.o == 0 ? 0 : vn_lines(vn_conv_packed_floats(k, &conv));
}

size_t vn_recurrent_packed_floats(const vn_kernels *k, const vn_recurrent *layer) {
  size_t floats = 0;
  for (int which = 0; which < products_of_layer; which++) floats += packed_floats(k, layer, which);
  return floats;
}

void vn_recurrent_pack(const vn_kernels *k, const vn_recurrent *layer, const float *w, const float *r, float *packed) {
  for (int which = 0; which < products_of_layer; which++) {
    const vn_conv conv = product_of(layer, which);
    if (conv.o == 0) continue;
    const float *rows = which == of_input ? w : which == of_state ? r : r + 2 * layer->hidden * layer->hidden;
    vn_conv_pack(k, &conv, rows, packed);
    packed += packed_floats(k, layer, which);
  }
}

size_t vn_recurrent_scratch_floats(const vn_kernels *k, const vn_recurrent *layer, bool packs, int threads) {
  const size_t width = vn_gates_of(layer->cell) * layer->hidden;
  size_t most = 0;
  for (int which = 0; which < products_of_layer; which++) {
    const vn_conv conv = product_of(layer, which);
    if (conv.o > 0) most = vn_larger(most, vn_conv_scratch_floats(k, &conv, threads));
  }
  return 16 + vn_lines(layer->steps * layer->batch * width) + vn_lines(layer->batch * width) +
         3 * vn_lines(layer->batch * layer->hidden) + vn_lines(width) + vn_lines(layer->hidden) +
         (packs ? vn_recurrent_packed_floats(k, layer) : 0) + most;
}

// MARK: Functions of the gates

static void apply(const vn_kernels *k, vn_gate_function f, float clip, size_t count, float *x) {
  if (clip < INFINITY) k->unary(VN_CLIP, -clip, clip, count, x, x);
  if (f.inner != 1) k->unary(VN_AFFINE, f.inner, 0, count, x, x);
  k->unary(f.op, f.a, f.b, count, x, x);
  if (f.outer != 1) k->unary(VN_AFFINE, f.outer, 0, count, x, x);
}

/// y += x · z
static void add_product(const vn_kernels *k, size_t count, const float *x, const float *z, float *product, float *y) {
  k->binary(VN_MUL, count, x, 1, z, 1, product);
  k->binary(VN_ADD, count, y, 1, product, 1, y);
}

static void lstm(const run *r, size_t sequence) {
  const vn_recurrent *layer = r->layer;
  const vn_kernels *k = r->k;
  const size_t n = layer->hidden;
  float *gates = r->gates + sequence * r->width, *c = r->c + sequence * n, *h = r->h + sequence * n;
  float *i = gates, *o = gates + n, *f = gates + 2 * n, *g = gates + 3 * n, *other = r->other + sequence * n;
  const float *p = r->data->peepholes;
  if (r->is_usual && !p && !layer->forgets_by_input) {
    k->lstm_cell(n, layer->clip, gates, c, h);
    return;
  }
  if (p) add_product(k, n, p, c, other, i), add_product(k, n, p + 2 * n, c, other, f);
  apply(k, layer->functions[0], layer->clip, n, i);
  if (layer->forgets_by_input) k->unary(VN_AFFINE, -1, 1, n, i, f);
  else apply(k, layer->functions[0], layer->clip, n, f);
  apply(k, layer->functions[1], layer->clip, n, g);
  k->binary(VN_MUL, n, c, 1, f, 1, c);
  add_product(k, n, i, g, other, c);
  if (p) add_product(k, n, p + n, c, other, o);
  apply(k, layer->functions[0], layer->clip, n, o);
  memcpy(h, c, n * sizeof(float));
  apply(k, layer->functions[2], INFINITY, n, h);
  k->binary(VN_MUL, n, h, 1, o, 1, h);
}

/// z and r, and the operand of the last gate's product where r multiplies that.
static void gru_gates(const run *r, size_t sequence) {
  const size_t n = r->layer->hidden;
  float *gates = r->gates + sequence * r->width;
  apply(r->k, r->layer->functions[0], r->layer->clip, 2 * n, gates);
  if (!r->layer->resets_last) r->k->binary(VN_MUL, n, gates + n, 1, r->h + sequence * n, 1, r->other + sequence * n);
}

static void gru(const run *r, size_t sequence) {
  const vn_recurrent *layer = r->layer;
  const vn_kernels *k = r->k;
  const size_t n = layer->hidden;
  float *z = r->gates + sequence * r->width, *last = z + 2 * n, *h = r->h + sequence * n, *other = r->other + sequence * n;
  if (layer->resets_last) {
    const int64_t row = (int64_t)r->step * layer->row_step + (int64_t)sequence * layer->row_sequence;
    k->binary(VN_MUL, n, last, 1, z + n, 1, last);
    k->binary(VN_ADD, n, last, 1, r->inputs + row * (int64_t)r->width + 2 * n, 1, last);
  }
  if (r->is_usual) {
    k->gru_cell(n, layer->clip, z, last, h);
    return;
  }
  apply(k, layer->functions[1], layer->clip, n, last);
  k->binary(VN_SUB, n, h, 1, last, 1, other);
  k->binary(VN_MUL, n, other, 1, z, 1, other);
  k->binary(VN_ADD, n, last, 1, other, 1, h);
}

static void rnn(const run *r, size_t sequence) {
  const size_t n = r->layer->hidden;
  float *h = r->h + sequence * n;
  memcpy(h, r->gates + sequence * n, n * sizeof(float));
  apply(r->k, r->layer->functions[0], r->layer->clip, n, h);
}

// MARK: Steps

static bool has_ended(const run *r, size_t sequence) {
  return r->data->lengths && (size_t)r->data->lengths[sequence] <= r->step;
}

static void gates_item(void *context, size_t index, int worker) {
  (void)worker;
  const run *r = context;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->layer->batch);
  for (size_t sequence = index * r->per_item; sequence < end; sequence++) gru_gates(r, sequence);
}

static void state_item(void *context, size_t index, int worker) {
  (void)worker;
  const run *r = context;
  const vn_recurrent *layer = r->layer;
  const size_t n = layer->hidden, end = vn_smaller((index + 1) * r->per_item, layer->batch);
  for (size_t sequence = index * r->per_item; sequence < end; sequence++) {
    float *y = r->data->y + (int64_t)r->step * layer->y_step + (int64_t)sequence * layer->y_sequence;
    if (has_ended(r, sequence)) {
      memset(y, 0, n * sizeof(float));
      continue;
    }
    if (layer->cell == VN_LSTM) lstm(r, sequence);
    else if (layer->cell == VN_GRU) gru(r, sequence);
    else rnn(r, sequence);
    memcpy(y, r->h + sequence * n, n * sizeof(float));
  }
}

static void distribute(run *r, void (*item)(void *, size_t, int)) {
  const size_t items = vn_divide_up(r->layer->batch, r->per_item);
  if (items == 1) item(r, 0, 0);
  else vn_pool_run(r->pool, items, item, r);
}

static void step(run *r) {
  const vn_recurrent *layer = r->layer;
  const float *inputs = r->inputs + (int64_t)r->step * layer->row_step * (int64_t)r->width;
  const vn_conv conv = product_of(layer, of_state);
  vn_conv_run(r->k, &conv, r->h, r->packed_r, NULL, inputs, r->gates, r->scratch, r->pool);
  if (layer->cell == VN_GRU) {
    distribute(r, gates_item);
    const vn_conv last = product_of(layer, of_last);
    const size_t place = 2 * layer->hidden;
    vn_conv_run(r->k, &last, layer->resets_last ? r->h : r->other, r->packed_n, r->inner_bias,
                layer->resets_last ? NULL : inputs + place, r->gates + place, r->scratch, r->pool);
  }
  distribute(r, state_item);
}

/// The sum of both biases, but for the last gate of a GRU that resets last, to whose product that of r belongs.
static const float *join_biases(run *r, float *memory) {
  const float *bias = r->data->bias;
  if (!bias) return NULL;
  const bool is_apart = r->layer->cell == VN_GRU && r->layer->resets_last;
  const size_t joint = r->width - (is_apart ? r->layer->hidden : 0);
  for (size_t j = 0; j < r->width; j++) memory[j] = bias[j] + (j < joint ? bias[r->width + j] : 0);
  if (is_apart) memcpy(r->inner_bias, bias + r->width + joint, r->layer->hidden * sizeof(float));
  return memory;
}

/// Copies states between the caller's places, or zeros where there are none, and dense ones.
static void load(const run *r, const float *from, float *to) {
  const size_t n = r->layer->hidden;
  for (size_t b = 0; b < r->layer->batch; b++) {
    if (from) memcpy(to + b * n, from + (int64_t)b * r->layer->state_sequence, n * sizeof(float));
    else memset(to + b * n, 0, n * sizeof(float));
  }
}

static void store(const run *r, const float *from, float *to) {
  const size_t n = r->layer->hidden;
  for (size_t b = 0; b < r->layer->batch; b++)
    memcpy(to + (int64_t)b * r->layer->state_sequence, from + b * n, n * sizeof(float));
}

static bool are_usual(const vn_recurrent *layer) {
  const int count = layer->cell == VN_LSTM ? 3 : 2;
  if (layer->cell == VN_RNN) return false;
  for (int i = 0; i < count; i++) {
    const vn_gate_function f = layer->functions[i];
    if (f.op != (i == 0 ? VN_SIGMOID : VN_TANH) || f.inner != 1 || f.outer != 1) return false;
  }
  return true;
}

void vn_recurrent_run(const vn_kernels *k, const vn_recurrent *layer, const vn_recurrent_data *data, float *scratch,
                      vn_pool *pool) {
  const size_t n = layer->hidden, batch = layer->batch;
  run r = {.k = k, .layer = layer, .data = data, .width = vn_gates_of(layer->cell) * n, .is_usual = are_usual(layer),
           .per_item = vn_larger(1, vn_recurrent_item_elements / n), .pool = pool};
  r.inputs = vn_align(scratch);
  r.gates = r.inputs + vn_lines(layer->steps * batch * r.width);
  r.h = r.gates + vn_lines(batch * r.width);
  r.c = r.h + vn_lines(batch * n);
  r.other = r.c + vn_lines(batch * n);
  float *bias = r.other + vn_lines(batch * n), *rest = bias + vn_lines(r.width) + vn_lines(n);
  r.inner_bias = data->bias && layer->cell == VN_GRU && layer->resets_last ? bias + vn_lines(r.width) : NULL;
  r.packed_w = data->packed;
  if (!r.packed_w) {
    vn_recurrent_pack(k, layer, data->w, data->r, rest);
    r.packed_w = rest;
    rest += vn_recurrent_packed_floats(k, layer);
  }
  r.packed_r = r.packed_w + packed_floats(k, layer, of_input);
  r.packed_n = r.packed_r + packed_floats(k, layer, of_state);
  r.scratch = rest;

  const vn_conv conv = product_of(layer, of_input);
  vn_conv_run(k, &conv, data->x, r.packed_w, join_biases(&r, bias), NULL, r.inputs, r.scratch, pool);
  load(&r, data->first_h, r.h);
  load(&r, data->first_c, r.c);
  for (size_t s = 0; s < layer->steps; s++) {
    r.step = layer->is_reverse ? layer->steps - 1 - s : s;
    step(&r);
  }
  store(&r, r.h, data->last_h);
  if (data->last_c) store(&r, r.c, data->last_c);
}

// MARK: Directions

/// With more than two threads, steps of more operations than this are better distributed than directions.
static const double most_step_flops = 4e6;

typedef struct both_run {
  const vn_kernels *k;
  const vn_recurrent *layers;
  const vn_recurrent_data *data;
  float *scratch;
  size_t scratch_floats;
  vn_pool *pool;
} both_run;

static void direction_item(void *context, size_t index, int worker) {
  (void)worker;
  const both_run *b = context;
  vn_recurrent_run(b->k, b->layers + index, b->data + index, b->scratch + index * b->scratch_floats, b->pool);
}

void vn_recurrent_run_both(const vn_kernels *k, const vn_recurrent *layers, const vn_recurrent_data *data, float *scratch,
                           vn_pool *pool) {
  const int threads = vn_pool_threads(pool);
  const double rows = (double)layers->batch * (double)layers->hidden;
  both_run b = {.k = k, .layers = layers, .data = data, .scratch = scratch, .pool = pool};
  b.scratch_floats = vn_recurrent_scratch_floats(k, layers, data->packed == NULL, threads);
  if (threads == 2 || 2 * rows * (double)(vn_gates_of(layers->cell) * layers->hidden) <= most_step_flops)
    vn_pool_run(pool, 2, direction_item, &b);
  else
    for (size_t i = 0; i < 2; i++) direction_item(&b, i, 0);
}
