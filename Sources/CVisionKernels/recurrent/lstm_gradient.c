// The gradients of one direction of an LSTM with its usual functions: backpropagation through time.
//
//   the forward pass once more, which keeps what the gates' functions are applied to, and the states
//   for each step, the last one first
//     gradients of the gates from those of state and cell, sequence by sequence    (in place of the gates)
//     gradient of the state before = those of the gates · r
//   gradients of x, w, r and the biases as products and sums over all steps
#include "recurrent.h"

typedef struct gradient_run {
  const vn_kernels *k;
  const vn_recurrent *layer;
  const vn_recurrent_gradient_data *data;
  size_t width, step, time, per_item;
  float *rows;            ///< [rows of x][4 · hidden]: the inputs' part of the gates, then the gradients of the gates
  float *gates;           ///< [steps][batch][4 · hidden], in the order of the walk
  float *h, *c;           ///< [steps + 1][batch][hidden]: before each step, and at the end
  float *gh, *gc, *next;  ///< [batch][hidden]
  float *scratch;
  vn_pool *pool;
} gradient_run;

/// The products with w, r, and r turned.
static vn_conv product_of(const vn_recurrent *layer, int which) {
  const size_t width = 4 * layer->hidden;
  if (which == 0) return vn_row_product(layer->steps * layer->batch, layer->inputs, width, (int64_t)width, (int64_t)width);
  if (which == 1)
    return vn_row_product(layer->batch, layer->hidden, width, (int64_t)width, layer->row_sequence * (int64_t)width);
  return vn_row_product(layer->batch, width, layer->hidden, (int64_t)layer->hidden, (int64_t)layer->hidden);
}

static size_t packed_floats(const vn_kernels *k, const vn_recurrent *layer, int which) {
  const vn_conv conv = product_of(layer, which);
  return vn_lines(vn_conv_packed_floats(k, &conv));
}

size_t vn_lstm_gradient_scratch_floats(const vn_kernels *k, const vn_recurrent *layer, int threads) {
  const size_t width = 4 * layer->hidden, rows = layer->steps * layer->batch, state = vn_lines(layer->batch * layer->hidden);
  size_t packed = 0, most = vn_column_sums_scratch_floats(rows, width);
  for (int which = 0; which < 3; which++) {
    const vn_conv conv = product_of(layer, which);
    packed += packed_floats(k, layer, which);
    most = vn_larger(most, vn_conv_scratch_floats(k, &conv, threads));
  }
  most = vn_larger(most, vn_gemm_scratch_floats(k, rows, layer->inputs, width, threads));
  most = vn_larger(most, vn_gemm_scratch_floats(k, width, layer->inputs, rows, threads));
  most = vn_larger(most, vn_gemm_scratch_floats(k, width, layer->hidden, rows, threads));
  return 32 + 2 * vn_lines(rows * width) + 2 * (vn_lines(rows * layer->hidden) + state) + 3 * state + vn_lines(width) +
         vn_lines(width * layer->hidden) + packed + most;
}

static bool has_ended(const gradient_run *r, size_t sequence) {
  return r->data->lengths && (size_t)r->data->lengths[sequence] <= r->time;
}

static void forward_item(void *context, size_t index, int worker) {
  (void)worker;
  const gradient_run *r = context;
  const size_t n = r->layer->hidden, states = r->layer->batch * n;
  const size_t end = vn_smaller((index + 1) * r->per_item, r->layer->batch);
  for (size_t b = index * r->per_item; b < end; b++) {
    float *h = r->h + r->step * states + b * n, *c = r->c + r->step * states + b * n;
    memcpy(h + states, h, n * sizeof(float));
    memcpy(c + states, c, n * sizeof(float));
    if (has_ended(r, b)) continue;
    const float *gates = r->gates + (r->step * r->layer->batch + b) * r->width;
    r->k->lstm_cell(n, r->layer->clip, gates, c + states, h + states);
  }
}

static void backward_item(void *context, size_t index, int worker) {
  (void)worker;
  const gradient_run *r = context;
  const vn_recurrent *layer = r->layer;
  const size_t n = layer->hidden, states = layer->batch * n;
  const size_t end = vn_smaller((index + 1) * r->per_item, layer->batch);
  for (size_t b = index * r->per_item; b < end; b++) {
    float *gates = r->gates + (r->step * layer->batch + b) * r->width;
    if (has_ended(r, b)) {
      memset(gates, 0, r->width * sizeof(float));
      continue;
    }
    float *gh = r->gh + b * n;
    const float *c = r->c + r->step * states + b * n;
    if (r->data->gy) {
      const float *g = r->data->gy + (int64_t)r->time * layer->y_step + (int64_t)b * layer->y_sequence;
      r->k->binary(VN_ADD, n, gh, 1, g, 1, gh);
    }
    r->k->lstm_cell_gradient(n, layer->clip, c, c + states, gh, gates, r->gc + b * n);
  }
}

static void distribute(gradient_run *r, void (*item)(void *, size_t, int)) {
  const size_t items = vn_divide_up(r->layer->batch, r->per_item);
  if (items == 1) item(r, 0, 0);
  else vn_pool_run(r->pool, items, item, r);
}

static void go_to(gradient_run *r, size_t step) {
  r->step = step;
  r->time = r->layer->is_reverse ? r->layer->steps - 1 - step : step;
}

/// States of all sequences, between the caller's places and dense ones; zeros where there are none.
static void load(const vn_recurrent *layer, const float *from, float *to) {
  for (size_t b = 0; b < layer->batch; b++) {
    if (from) memcpy(to + b * layer->hidden, from + (int64_t)b * layer->state_sequence, layer->hidden * sizeof(float));
    else memset(to + b * layer->hidden, 0, layer->hidden * sizeof(float));
  }
}

static void store(const vn_recurrent *layer, const float *from, float *to) {
  if (!to) return;
  for (size_t b = 0; b < layer->batch; b++)
    memcpy(to + (int64_t)b * layer->state_sequence, from + b * layer->hidden, layer->hidden * sizeof(float));
}

static void walk(gradient_run *r, const float *packed_r, const float *packed_turned) {
  const vn_recurrent *layer = r->layer;
  const size_t states = layer->batch * layer->hidden, n = layer->hidden;
  const vn_conv state = product_of(layer, 1), turned = product_of(layer, 2);
  load(layer, r->data->first_h, r->h);
  load(layer, r->data->first_c, r->c);
  for (size_t s = 0; s < layer->steps; s++) {
    go_to(r, s);
    vn_conv_run(r->k, &state, r->h + s * states, packed_r, NULL,
                r->rows + (int64_t)r->time * layer->row_step * (int64_t)r->width, r->gates + s * layer->batch * r->width,
                r->scratch, r->pool);
    distribute(r, forward_item);
  }
  load(layer, r->data->g_last_h, r->gh);
  load(layer, r->data->g_last_c, r->gc);
  for (size_t s = layer->steps; s-- > 0;) {
    go_to(r, s);
    distribute(r, backward_item);
    vn_conv_run(r->k, &turned, r->gates + s * layer->batch * r->width, packed_turned, NULL, NULL, r->next, r->scratch,
                r->pool);
    for (size_t b = 0; b < layer->batch; b++)
      if (!has_ended(r, b)) memcpy(r->gh + b * n, r->next + b * n, n * sizeof(float));
  }
  store(layer, r->gh, r->data->g_first_h);
  store(layer, r->gc, r->data->g_first_c);
}

/// The gradients of what all steps share.
static void sum_up(gradient_run *r) {
  const vn_recurrent *layer = r->layer;
  const vn_recurrent_gradient_data *data = r->data;
  const size_t width = r->width, rows = layer->steps * layer->batch, inputs = layer->inputs, n = layer->hidden;
  for (size_t s = 0; s < layer->steps; s++) {
    go_to(r, s);
    for (size_t b = 0; b < layer->batch; b++)
      memcpy(r->rows + ((int64_t)r->time * layer->row_step + (int64_t)b * layer->row_sequence) * (int64_t)width,
             r->gates + (s * layer->batch + b) * width, width * sizeof(float));
  }
  vn_gemm(r->k, rows, inputs, width, 1, r->rows, (int64_t)width, false, data->w, (int64_t)inputs, false,
          data->adds_gx ? 1 : 0, data->gx, (int64_t)inputs, r->scratch, r->pool);
  vn_gemm(r->k, width, inputs, rows, 1, r->rows, (int64_t)width, true, data->x, (int64_t)inputs, false, 0, data->gw,
          (int64_t)inputs, r->scratch, r->pool);
  vn_gemm(r->k, width, n, rows, 1, r->gates, (int64_t)width, true, r->h, (int64_t)n, false, 0, data->gr, (int64_t)n,
          r->scratch, r->pool);
  if (!data->gbias) return;
  vn_column_sums(r->k, rows, width, r->rows, data->gbias, r->scratch, r->pool);
  memcpy(data->gbias + width, data->gbias, width * sizeof(float));
}

void vn_lstm_gradient(const vn_kernels *k, const vn_recurrent *layer, const vn_recurrent_gradient_data *data,
                      float *scratch, vn_pool *pool) {
  const size_t n = layer->hidden, width = 4 * n, rows = layer->steps * layer->batch, state = vn_lines(layer->batch * n);
  gradient_run r = {.k = k, .layer = layer, .data = data, .width = width,
                    .per_item = vn_larger(1, vn_recurrent_item_elements / n), .pool = pool};
  r.rows = vn_align(scratch);
  r.gates = r.rows + vn_lines(rows * width);
  r.h = r.gates + vn_lines(rows * width);
  r.c = r.h + vn_lines(rows * n) + state;
  r.gh = r.c + vn_lines(rows * n) + state;
  r.gc = r.gh + state;
  r.next = r.gc + state;
  float *bias = r.next + state, *turned = bias + vn_lines(width), *packed = turned + vn_lines(width * n);
  float *packed_r = packed + packed_floats(k, layer, 0), *packed_turned = packed_r + packed_floats(k, layer, 1);
  r.scratch = packed_turned + packed_floats(k, layer, 2);
  const vn_conv input = product_of(layer, 0), forward = product_of(layer, 1), back = product_of(layer, 2);
  vn_conv_pack(k, &input, data->w, packed);
  vn_conv_pack(k, &forward, data->r, packed_r);
  k->transpose(width, n, data->r, (int64_t)n, turned, (int64_t)width);
  vn_conv_pack(k, &back, turned, packed_turned);
  for (size_t j = 0; data->bias && j < width; j++) bias[j] = data->bias[j] + data->bias[width + j];
  vn_conv_run(k, &input, data->x, packed, data->bias ? bias : NULL, NULL, r.rows, r.scratch, pool);
  walk(&r, packed_r, packed_turned);
  sum_up(&r);
}
