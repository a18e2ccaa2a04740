// How a convolution by the implicit im2col is cut: MR, NR, KC, MC and NC from its shape.
#include "../shared/convolution_plan.h"

/// Floating-point operations of an item: they take much longer than claiming it.
static const double item_work = 4e6;
/// Loading a weight takes as long as this many floating-point operations.
static const double weight_work = 24;
/// The most weights that stay in the second-level cache from tile to tile, and the most of a panel in the first-level cache.
static const size_t cached_weights = 96 * 1024, cached_panel = 6 * 1024;
/// Sums longer than this are formed from partial sums.
static const size_t longest_sum = 1280;
enum { pointer_table_bytes = 48 * 1024 };
/// The largest panel, in floats, that tiles multiply as a whole, one after the other. It stays in the second-level cache.
static const size_t whole_panel = 96 * 1024;

static bool is_dense(int64_t pixel, int64_t row, int64_t image, int64_t height, int64_t width, int64_t n) {
  return (height == 1 || row == width * pixel) && (n == 1 || image == height * width * pixel);
}

static vn_cut cut(const vn_kernels *k, const vn_conv_plan *plan) {
  const size_t mr = (size_t)k->max_rows;
  const double rows = (double)vn_smaller(mr, plan->pixels), panel = (double)(plan->depth * plan->panel_columns);
  vn_cutting how = {.item_work = item_work, .panel_tile = 2 * rows * panel, .panel_load = weight_work * panel,
                    .finest = 0.125, .cached = plan->group_packed <= cached_weights,
                    .large_panels = plan->depth * plan->panel_columns > cached_panel};
  how.most_tiles = vn_larger(1, pointer_table_bytes / (mr * plan->taps * sizeof(float *)));
  how.most_tiles = vn_smaller(how.most_tiles, vn_larger(1, 128 * 1024 / (mr * plan->run)));
  how.most_tiles = vn_smaller(how.most_tiles, vn_most_tiles);
  return vn_cut_make(plan->pixels, mr, plan->panels, plan->group_outputs, &how);
}

/// Decides how many products a partial sum has (KC).
///
/// - Parameter unit: floats that stay together, so that sums of bfloat16 pairs are split alike in both of their forms.
static void block(vn_conv_plan *plan, size_t unit) {
  plan->taps_block = plan->taps;
  plan->run_block = plan->run;
  const size_t depth = plan->depth / unit, run = plan->run / unit;
  if (depth <= longest_sum) return;
  if (run >= longest_sum * 3 / 4) {
    plan->taps_block = 1;
    plan->run_block = vn_divide_up(run, vn_divide_up(run, longest_sum)) * unit;
  } else {
    plan->taps_block = vn_divide_up(plan->taps, vn_divide_up(depth, longest_sum));
  }
}

vn_conv_plan vn_conv_plan_make(const vn_kernels *k, const vn_conv *conv) {
  vn_conv_plan plan = {0};
  plan.depthwise = conv->groups > 1 && conv->groups == conv->c && conv->groups == conv->o;
  if (plan.depthwise) {
    vn_depthwise_plan(conv, &plan);
    return plan;
  }
  const size_t lanes = (size_t)k->lanes, mr = (size_t)k->max_rows;
  const size_t kernel = (size_t)conv->kh * (size_t)conv->kw;
  plan.group_inputs = (size_t)(conv->c / conv->groups);
  plan.group_outputs = (size_t)(conv->o / conv->groups);
  plan.merged = conv->kw > 1 && conv->groups == 1 && conv->dilation_w == 1 && conv->x_pixel == conv->c &&
                conv->c <= (conv->pair_units > 1 ? 16 : 8);
  plan.taps = plan.merged ? (size_t)conv->kh : kernel;
  plan.run = plan.merged ? (size_t)conv->kw * (size_t)conv->c : plan.group_inputs;
  plan.depth = plan.taps * plan.run;
  plan.dense_input = kernel == 1 && conv->stride_h == 1 && conv->stride_w == 1 && conv->pad_top == 0 &&
                     conv->pad_left == 0 && conv->oh == conv->h && conv->ow == conv->w &&
                     is_dense(conv->x_pixel, conv->x_row, conv->x_image, conv->h, conv->w, conv->n);
  plan.dense_output = is_dense(conv->y_pixel, conv->y_row, conv->y_image, conv->oh, conv->ow, conv->n);
  plan.dense_residual = is_dense(conv->r_pixel, conv->r_row, conv->r_image, conv->oh, conv->ow, conv->n);
  plan.panel_columns = 2 * lanes;
  plan.panels = vn_divide_up(plan.group_outputs, plan.panel_columns);
  plan.group_packed = vn_divide_up(plan.group_outputs, lanes) * lanes * plan.depth;
  plan.pixels = (size_t)conv->n * (size_t)conv->oh * (size_t)conv->ow;
  block(&plan, conv->pair_units > 0 ? (size_t)conv->pair_units : 1);
  if (plan.pixels == 0 || plan.panels == 0 || plan.depth == 0) return plan;
  plan.cut = cut(k, &plan);
  plan.skips = plan.taps > 1 && !plan.merged && (conv->dilation_h > 1 || conv->dilation_w > 1);
  plan.by_blocks = plan.depth * plan.panel_columns > whole_panel &&
                   (plan.taps_block < plan.taps || plan.run_block < plan.run);
  const size_t tiles = vn_cut_most_tiles(&plan.cut), rows = tiles * mr, pointer = sizeof(float *) / sizeof(float);
  plan.zero_floats = (plan.run + 15) / 16 * 16;
  plan.worker_floats = rows * (plan.taps + 2) * pointer + 32;
  if (plan.skips) plan.worker_floats += tiles * plan.taps / sizeof(float) + 1;
  if (plan.by_blocks) plan.worker_floats += rows * plan.panel_columns + 16;
  if (plan.merged) plan.worker_floats += rows * plan.depth;
  plan.worker_floats = (plan.worker_floats + 15) / 16 * 16;
  return plan;
}

size_t vn_conv_packed_floats(const vn_kernels *k, const vn_conv *conv) {
  vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) return (size_t)conv->c * (size_t)conv->kh * (size_t)conv->kw;
  return plan.group_packed * (size_t)conv->groups;
}

size_t vn_conv_scratch_floats(const vn_kernels *k, const vn_conv *conv, int threads) {
  vn_conv_plan plan = vn_conv_plan_make(k, conv);
  return 16 + plan.zero_floats + plan.worker_floats * (size_t)(threads < 1 ? 1 : threads);
}
