// Convolution by im2col and GEMM, over any number of spatial axes: the plain algorithm, to be read first.
//
// The inputs are laid out as a matrix. Its column p holds the inputs of output position p; its row (channel, tap) holds the
// inputs that this tap reads from this channel at every position. Then a convolution is a matrix product:
//
//   y[o][p] = Σ over rows r of w[o][r] · columns[r][p]
//
// The whole matrix would take as many times the memory of the input as the kernel has taps. So it is formed in blocks of KC
// rows and NC columns that stay in the second-level cache, and each block is multiplied as soon as it is formed:
//
//   for each image, group and block of NC columns                 (items, which threads share)
//     for each block of KC rows
//       columns = im2col(x)                                        (KC × NC)
//       y block += w block · columns                               (GEMM)
//     y block = activation(y block + bias + residual)
#include <string.h>

#include "../shared/kernels.h"
#include "vn_convolution.h"
#include "vn_im2col.h"

/// A block takes 256 KiB, a quarter of a common second-level cache; GEMM packs a copy of it.
enum { most_rows = 512, most_columns = 128, fewest_columns = 32 };
/// Fewer items would not be distributed evenly over threads.
enum { wanted_items = 16 };

vn_im2col_blocks vn_im2col_explain(const vn_im2col *conv) {
  size_t taps = 1, positions = 1;
  for (int32_t a = 0; a < conv->axes; a++) taps *= (size_t)conv->kernel[a], positions *= (size_t)conv->out[a];
  vn_im2col_blocks b = {.depth = conv->c / conv->groups * taps, .columns = positions};
  b.kc = vn_smaller(b.depth, most_rows);
  const size_t matrices = conv->n * conv->groups, wanted = vn_divide_up(wanted_items, matrices);
  b.nc = vn_round_up(vn_divide_up(positions, wanted), fewest_columns);
  b.nc = vn_smaller(vn_smaller(b.nc, most_columns), positions);
  b.items = matrices * vn_divide_up(positions, b.nc);
  return b;
}

typedef struct im2col_run {
  const vn_kernels *k;
  const vn_im2col *conv;
  vn_im2col_blocks blocks;
  size_t plane, taps;  ///< elements of one channel of the input and of the kernel
  const float *x, *w, *bias, *residual;
  float *y, *workers;
  size_t worker_floats;
} im2col_run;

/// Splits an index into coordinates of a box, the last axis running fastest.
static void coordinates(size_t index, int32_t axes, const int64_t *extents, int64_t *at) {
  for (int32_t a = axes - 1; a >= 0; a--) {
    at[a] = (int64_t)(index % (size_t)extents[a]);
    index /= (size_t)extents[a];
  }
}

/// Advances by `steps` along the last axis; at most to its end, where the next line begins.
static void advance(int64_t steps, int32_t axes, const int64_t *extents, int64_t *at) {
  int32_t a = axes - 1;
  at[a] += steps;
  for (; a > 0 && at[a] == extents[a]; a--) at[a] = 0, at[a - 1]++;
}

/// The line of a channel along its last axis that a tap reads at a position; NULL where that is padding.
static const float *line_of(const vn_im2col *conv, const float *channel, const int64_t *position, const int64_t *tap) {
  int64_t line = 0;
  for (int32_t a = 0; a < conv->axes - 1; a++) {
    const int64_t at = position[a] * conv->stride[a] + tap[a] * conv->dilation[a] - conv->pad[a];
    if (at < 0 || at >= conv->in[a]) return NULL;
    line = line * conv->in[a] + at;
  }
  return channel + line * conv->in[conv->axes - 1];
}

/// Copies what a tap reads at `count` positions along the last axis, the first one at `at`; zeros outside the line.
static void copy_line(const vn_im2col *conv, const float *line, int64_t at, int64_t count, float *row) {
  const int64_t stride = conv->stride[conv->axes - 1], length = conv->in[conv->axes - 1];
  int64_t first = at < 0 ? (-at + stride - 1) / stride : 0;
  int64_t last = at < length ? (length - at + stride - 1) / stride : 0;
  if (!line || last > count) last = line ? count : 0;
  if (first > last) first = last;
  memset(row, 0, (size_t)first * sizeof(float));
  if (stride == 1) {
    if (first < last) memcpy(row + first, line + at + first, (size_t)(last - first) * sizeof(float));
  } else {
    for (int64_t j = first; j < last; j++) row[j] = line[at + j * stride];
  }
  memset(row + last, 0, (size_t)(count - last) * sizeof(float));
}

/// Forms rows `row`..<`row_end` of the matrix of one group, for positions p..<p_end: `columns` is [row_end − row][p_end − p].
static void im2col(const im2col_run *r, const float *x, size_t row, size_t row_end, size_t p, size_t p_end, float *columns) {
  const vn_im2col *conv = r->conv;
  const int32_t axes = conv->axes, inner = axes - 1;
  int64_t start[VN_SPATIAL_AXES], position[VN_SPATIAL_AXES], tap[VN_SPATIAL_AXES];
  coordinates(p, axes, conv->out, start);
  for (; row < row_end; row++) {
    const float *channel = x + row / r->taps * r->plane;
    coordinates(row % r->taps, axes, conv->kernel, tap);
    memcpy(position, start, sizeof position);
    for (size_t done = p; done < p_end;) {
      const size_t count = vn_smaller(p_end - done, (size_t)(conv->out[inner] - position[inner]));
      const int64_t at = position[inner] * conv->stride[inner] + tap[inner] * conv->dilation[inner] - conv->pad[inner];
      copy_line(conv, line_of(conv, channel, position, tap), at, (int64_t)count, columns);
      columns += count;
      done += count;
      advance((int64_t)count, axes, conv->out, position);
    }
  }
}

/// Adds bias and residual to `count` sums of each of a group's output channels, and applies the activation.
static void finish(const im2col_run *r, size_t outputs, const float *bias, const float *residual, size_t count, float *y) {
  const vn_im2col *conv = r->conv;
  for (size_t o = 0; o < outputs; o++, y += r->blocks.columns) {
    if (bias) r->k->unary(VN_AFFINE, 1, bias[o], count, y, y);
    if (residual) r->k->binary(VN_ADD, count, y, 1, residual + o * r->blocks.columns, 1, y);
    if (conv->activation != VN_IDENTITY) r->k->unary(conv->activation, conv->alpha, conv->beta, count, y, y);
  }
}

/// One block of columns of one group of one image.
static void im2col_item(void *context, size_t index, int worker) {
  const im2col_run *r = context;
  const vn_im2col *conv = r->conv;
  const vn_im2col_blocks *b = &r->blocks;
  const size_t blocks = vn_divide_up(b->columns, b->nc), outputs = conv->o / conv->groups;
  const size_t image = index / blocks / conv->groups, group = index / blocks % conv->groups;
  const size_t p = index % blocks * b->nc, width = vn_smaller(b->nc, b->columns - p);
  const float *x = r->x + (image * conv->c + group * (conv->c / conv->groups)) * r->plane;
  const float *w = r->w + group * outputs * b->depth;
  const size_t offset = (image * conv->o + group * outputs) * b->columns + p;
  float *columns = r->workers + (size_t)worker * r->worker_floats, *scratch = columns + b->kc * b->nc;
  for (size_t row = 0; row < b->depth; row += b->kc) {
    const size_t rows = vn_smaller(b->kc, b->depth - row);
    im2col(r, x, row, row + rows, p, p + width, columns);
    vn_gemm(r->k, outputs, width, rows, 1, w + row, (int64_t)b->depth, false, columns, (int64_t)width, false,
            row > 0 ? 1 : 0, r->y + offset, (int64_t)b->columns, scratch, NULL);
  }
  finish(r, outputs, r->bias ? r->bias + group * outputs : NULL, r->residual ? r->residual + offset : NULL, width,
         r->y + offset);
}

/// The scratch of GEMM for whole blocks and for the last, smaller ones.
static size_t gemm_floats(const vn_kernels *k, const vn_im2col *conv, const vn_im2col_blocks *b) {
  const size_t depths[] = {b->kc, b->depth % b->kc}, widths[] = {b->nc, b->columns % b->nc};
  size_t most = 0;
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      if (depths[i] > 0 && widths[j] > 0)
        most = vn_larger(most, vn_gemm_scratch_floats(k, conv->o / conv->groups, widths[j], depths[i], 1));
  return most;
}

static size_t worker_floats(const vn_kernels *k, const vn_im2col *conv, const vn_im2col_blocks *b) {
  return vn_round_up(b->kc * b->nc + gemm_floats(k, conv, b), 16);
}

size_t vn_im2col_scratch_floats(const vn_kernels *k, const vn_im2col *conv, int threads) {
  const vn_im2col_blocks blocks = vn_im2col_explain(conv);
  return 16 + worker_floats(k, conv, &blocks) * (size_t)(threads < 1 ? 1 : threads);
}

void vn_im2col_run(const vn_kernels *k, const vn_im2col *conv, const float *x, const float *w, const float *bias,
                   const float *residual, float *y, float *scratch, vn_pool *pool) {
  im2col_run r = {.k = k, .conv = conv, .blocks = vn_im2col_explain(conv), .plane = 1, .taps = 1, .x = x, .w = w,
                  .bias = bias, .residual = residual, .y = y, .workers = vn_align(scratch)};
  for (int32_t a = 0; a < conv->axes; a++) r.plane *= (size_t)conv->in[a], r.taps *= (size_t)conv->kernel[a];
  r.worker_floats = worker_floats(k, conv, &r.blocks);
  vn_pool_run(pool, r.blocks.items, im2col_item, &r);
}
