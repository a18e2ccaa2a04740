// A report on a convolution's plan.
#include "../shared/convolution_plan.h"

vn_conv_account vn_conv_explain(const vn_kernels *k, const vn_conv *conv) {
  const vn_conv_plan plan = vn_conv_plan_make(k, conv);
  if (plan.depthwise) {
    return (vn_conv_account){
        .algorithm = VN_CONV_DEPTHWISE, .tile_rows = 1,
        .tile_columns = vn_smaller(plan.channels_per_item, (size_t)conv->c),
        .depth = (size_t)conv->kh * (size_t)conv->kw, .partial_sums = 1,
        .items = plan.row_chunks * plan.channel_chunks};
  }
  vn_conv_account account = {
      .algorithm = plan.dense_input ? VN_CONV_POINTWISE : plan.merged ? VN_CONV_MERGED_ROWS : VN_CONV_SHIFTED_ROWS,
      .tile_rows = vn_smaller((size_t)k->max_rows, plan.pixels), .tile_columns = plan.panel_columns,
      .depth = plan.depth, .items = vn_cut_items(&plan.cut) * (size_t)conv->groups};
  // A plan without anything to compute has no blocks.
  if (plan.taps_block > 0 && plan.run_block > 0)
    account.partial_sums = vn_divide_up(plan.taps, plan.taps_block) * vn_divide_up(plan.run, plan.run_block);
  return account;
}
