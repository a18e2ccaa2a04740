// How a chain row by row is cut into items, and the memory of its workers.
#include "chain_rows.h"

/// Parts of an image for each thread. A thread that continues with the next part finds the rows it needs in its ring; only if
/// another thread takes that part are rows at the edge computed twice.
enum { parts_per_thread = 4, fewest_rows = 2 };
/// The largest block, in bytes and rows, of depthwise rows that are computed before the next convolution reads them.
enum { block_bytes = 128 * 1024, most_block_rows = 8 };

/// A pitch that is an odd number of cache lines, so that successive pixels fall into different cache sets.
static size_t odd_lines(size_t floats) { return (floats + 15) / 16 * 16 + ((floats + 15) / 16 % 2 == 0 ? 16 : 0); }

/// Sets the strides of intermediate results: the ring and the blocks of rows, whose pixels are odd numbers of cache lines apart.
static void set_strides(vn_chain_work *r) {
  const vn_chain *chain = r->chain;
  r->front = vn_is_depthwise(&chain->conv[0]) ? -1 : 0;
  r->middle = r->front + 1;
  r->back = r->middle + 1 < chain->count ? r->middle + 1 : -1;
  vn_conv *middle = &r->stages[r->middle].conv;
  r->slots = (size_t)((middle->kh - 1) * middle->dilation_h) + 1;
  if (r->front >= 0) {
    vn_conv *front = &r->stages[r->front].conv;
    front->y_pixel = middle->x_pixel = (int64_t)odd_lines((size_t)front->o);
    front->y_row = middle->x_row = front->y_pixel * front->ow;
    middle->x_image = 0;
    r->slot_floats = (size_t)front->y_row;
  }
  const bool rounds = vn_rounds_rows(r);
  if (r->back >= 0) {
    vn_conv *back = &r->stages[r->back].conv;
    middle->y_pixel = (int64_t)odd_lines((size_t)middle->o);
    middle->y_row = middle->y_pixel * middle->ow;
    back->x_pixel = rounds && r->bk->has_pairs ? middle->y_pixel / 2 : middle->y_pixel;
    back->x_row = back->x_pixel * middle->ow;
    back->x_image = 0;
    r->block_row_floats = (size_t)middle->y_row;
  } else if (rounds) {
    middle->y_pixel = middle->o;
    middle->y_row = middle->y_pixel * middle->ow;
    r->block_row_floats = (size_t)middle->y_row;
  }
}

/// Decides how much memory a worker takes.
static void set_memory(vn_chain_work *r) {
  const size_t pointer = sizeof(float *) / sizeof(float), mr = (size_t)r->k->max_rows;
  const vn_conv *middle = &r->stages[r->middle].conv;
  const bool rounds = vn_rounds_rows(r);
  r->zero_floats = r->stages[r->middle].plan.zero_floats;
  const size_t row_bytes = (size_t)middle->ow * odd_lines((size_t)middle->o) * sizeof(float);
  r->block_rows = vn_larger(1, vn_smaller(most_block_rows, block_bytes / row_bytes));
  if (r->front >= 0) {
    const vn_stage *front = &r->stages[r->front];
    r->front_tiles = vn_divide_up((size_t)front->conv.ow, mr);
    r->front_pointers = vn_whole_lines(r->front_tiles * mr * (front->plan.taps + 1) * pointer);
    // Runs at the border of the image are copied: at most one for each pixel and kernel row.
    if (front->plan.merged) r->border_floats = vn_whole_lines((size_t)front->conv.ow * front->plan.depth);
    r->zero_floats = vn_larger(r->zero_floats, vn_whole_lines(front->plan.run));
  }
  // Windows over the ring that begin at each of its slots, and one for windows that cross the edge of the image.
  r->window_pointers =
      vn_whole_lines((2 * r->slots - 1 + (size_t)middle->kh) * vn_depthwise_columns(middle) * pointer);
  if (r->back >= 0) {
    r->back_tiles = vn_divide_up(r->block_rows * (size_t)middle->ow, mr);
    r->back_pointers = vn_whole_lines(r->back_tiles * mr * 3 * pointer);
  }
  r->worker_floats = vn_rows_worker_floats() + vn_whole_lines(r->slots * r->slot_floats) + vn_whole_lines(r->block_rows * r->block_row_floats) +
                     (r->back >= 0 && rounds ? vn_whole_lines(r->block_rows * r->block_row_floats) : 0) +
                     r->front_pointers + r->window_pointers + r->back_pointers + r->border_floats;
}

void vn_chain_prepare_rows(vn_chain_work *r, int threads) {
  const vn_chain *chain = r->chain;
  set_strides(r);
  for (int i = 0; i < chain->count; i++) r->stages[i].plan = vn_conv_plan_make(r->k, &r->stages[i].conv);
  set_memory(r);
  const vn_conv *last = &chain->conv[chain->count - 1];
  const size_t wanted = threads > 1 ? (size_t)threads * parts_per_thread : 1;
  r->chunks = vn_divide_up(wanted, (size_t)last->n);
  r->chunks = vn_smaller(r->chunks, vn_larger(1, (size_t)last->oh / fewest_rows));
  // The same number of parts for each thread.
  if (r->chunks > (size_t)threads && last->n == 1) r->chunks -= r->chunks % (size_t)threads;
  r->items = r->chunks * (size_t)last->n;
}
