// The function table; the last file of the template.

const vn_kernels VN_ISA(vn_kernels) = {
    .isa = VN_ISA_VALUE,
    .fused = VN_FUSED,
    .lanes = VN_LANES,
    .max_rows = VN_ROWS,
    .micro_kernels =
        {
            VN_TILE_ENTRY(1), VN_TILE_ENTRY(2), VN_TILE_ENTRY(3), VN_TILE_ENTRY(4), VN_TILE_ENTRY(5),
            VN_TILE_ENTRY(6),
#if VN_ROWS > 6
            VN_TILE_ENTRY(7), VN_TILE_ENTRY(8), VN_TILE_ENTRY(9), VN_TILE_ENTRY(10), VN_TILE_ENTRY(11),
            VN_TILE_ENTRY(12), VN_TILE_ENTRY(13), VN_TILE_ENTRY(14),
#endif
        },
    .outer =
        {
            VN_OUTER_ENTRY(1), VN_OUTER_ENTRY(2), VN_OUTER_ENTRY(3), VN_OUTER_ENTRY(4), VN_OUTER_ENTRY(5),
            VN_OUTER_ENTRY(6),
#if VN_ROWS > 6
            VN_OUTER_ENTRY(7), VN_OUTER_ENTRY(8), VN_OUTER_ENTRY(9), VN_OUTER_ENTRY(10), VN_OUTER_ENTRY(11),
            VN_OUTER_ENTRY(12), VN_OUTER_ENTRY(13), VN_OUTER_ENTRY(14),
#endif
        },
    .products =
        {
            VN_PRODUCTS_ENTRY(1), VN_PRODUCTS_ENTRY(2), VN_PRODUCTS_ENTRY(3), VN_PRODUCTS_ENTRY(4),
            VN_PRODUCTS_ENTRY(5), VN_PRODUCTS_ENTRY(6),
#if VN_ROWS > 6
            VN_PRODUCTS_ENTRY(7), VN_PRODUCTS_ENTRY(8), VN_PRODUCTS_ENTRY(9), VN_PRODUCTS_ENTRY(10),
            VN_PRODUCTS_ENTRY(11), VN_PRODUCTS_ENTRY(12), VN_PRODUCTS_ENTRY(13), VN_PRODUCTS_ENTRY(14),
#endif
        },
    .row = VN_ISA(row),
    .dense_rows = VN_ISA(dense_rows),
    .depthwise = VN_ISA(depthwise),
    .grouped = VN_ISA(grouped),
    .depthwise_outer = VN_ISA(depthwise_outer),
    .winograd_filters =
        {
            [VN_WINOGRAD_FILTERS_F2_3] = VN_ISA(winograd_filters_2),
            [VN_WINOGRAD_FILTERS_F4_3] = VN_ISA(winograd_filters_4),
            [VN_WINOGRAD_FILTERS_F6_3] = VN_ISA(winograd_filters_6),
        },
    .winograd_strided_filters =
        {
            [VN_WINOGRAD_FILTERS_F2_2] = VN_ISA(winograd_strided_filters_2),
            [VN_WINOGRAD_FILTERS_F4_2] = VN_ISA(winograd_strided_filters_4),
            [VN_WINOGRAD_FILTERS_F4_4] = VN_ISA(winograd_image_filters),
        },
    .winograd_input =
        {
            [VN_WINOGRAD_F2_3] = VN_ISA(winograd_input_2),
            [VN_WINOGRAD_F4_3] = VN_ISA(winograd_input_4),
            [VN_WINOGRAD_F2_2] = VN_ISA(winograd_strided_input_2),
            [VN_WINOGRAD_F4_2] = VN_ISA(winograd_strided_input_4),
            [VN_WINOGRAD_F4_4] = VN_ISA(winograd_image_input),
            [VN_WINOGRAD_F6_3] = VN_ISA(winograd_mixed_input_666),
            [VN_WINOGRAD_F6_3_6X4] = VN_ISA(winograd_mixed_input_664),
            [VN_WINOGRAD_F6_3_4X6] = VN_ISA(winograd_mixed_input_646),
            [VN_WINOGRAD_F6_3_4X4] = VN_ISA(winograd_mixed_input_644),
            [VN_WINOGRAD_F4_3_4X2] = VN_ISA(winograd_mixed_input_442),
            [VN_WINOGRAD_F4_3_2X4] = VN_ISA(winograd_mixed_input_424),
            [VN_WINOGRAD_F4_3_2X2] = VN_ISA(winograd_mixed_input_422),
        },
    .winograd_output =
        {
            [VN_WINOGRAD_F2_3] = VN_ISA(winograd_output_2),
            [VN_WINOGRAD_F4_3] = VN_ISA(winograd_output_4),
            [VN_WINOGRAD_F2_2] = VN_ISA(winograd_strided_output_2),
            [VN_WINOGRAD_F4_2] = VN_ISA(winograd_strided_output_4),
            [VN_WINOGRAD_F4_4] = VN_ISA(winograd_image_output),
            [VN_WINOGRAD_F6_3] = VN_ISA(winograd_mixed_output_666),
            [VN_WINOGRAD_F6_3_6X4] = VN_ISA(winograd_mixed_output_664),
            [VN_WINOGRAD_F6_3_4X6] = VN_ISA(winograd_mixed_output_646),
            [VN_WINOGRAD_F6_3_4X4] = VN_ISA(winograd_mixed_output_644),
            [VN_WINOGRAD_F4_3_4X2] = VN_ISA(winograd_mixed_output_442),
            [VN_WINOGRAD_F4_3_2X4] = VN_ISA(winograd_mixed_output_424),
            [VN_WINOGRAD_F4_3_2X2] = VN_ISA(winograd_mixed_output_422),
        },
    .winograd_pooled =
        {
            [VN_WINOGRAD_F4_3] = VN_ISA(winograd_pooled_444),
            [VN_WINOGRAD_F6_3] = VN_ISA(winograd_pooled_666),
            [VN_WINOGRAD_F6_3_6X4] = VN_ISA(winograd_pooled_664),
            [VN_WINOGRAD_F6_3_4X6] = VN_ISA(winograd_pooled_646),
            [VN_WINOGRAD_F6_3_4X4] = VN_ISA(winograd_pooled_644),
            [VN_WINOGRAD_F4_3_4X2] = VN_ISA(winograd_pooled_442),
            [VN_WINOGRAD_F4_3_2X4] = VN_ISA(winograd_pooled_424),
            [VN_WINOGRAD_F4_3_2X2] = VN_ISA(winograd_pooled_422),
        },
    .winograd_weights = VN_ISA(winograd_weights),
    .winograd_weight_gradient = VN_ISA(winograd_weight_gradient),
    .winograd_gradient = VN_ISA(winograd_gradient),
    .moments = VN_ISA(moments),
    .affine_clamp = VN_ISA(affine_clamp),
    .stream = VN_ISA(stream),
    .normalization_sums = VN_ISA(normalization_sums),
    .normalization_gradient = VN_ISA(normalization_gradient),
    .unary_gradient = VN_ISA(unary_gradient),
    .softmax_gradient = VN_ISA(softmax_gradient),
    .normalize_gradient = VN_ISA(normalize_gradient),
    .route_maximum = VN_ISA(route_maximum),
    .unary = VN_ISA(unary),
    .unary_runs = VN_ISA(unary_runs),
    .binary = VN_ISA(binary),
    .affine = VN_ISA(affine),
    .accumulate = VN_ISA(accumulate),
    .accumulate_taps = VN_ISA(accumulate_taps),
    .accumulate_windows = VN_ISA(accumulate_windows),
    .reduce = VN_ISA(reduce),
    .exp_sum = VN_ISA(exp_sum),
    .weigh = VN_ISA(weigh),
    .pack_rows = VN_ISA(pack_rows),
    .normalize = VN_ISA(normalize),
    .lrn = VN_ISA(lrn),
    .lstm_cell = VN_ISA(lstm_cell),
    .lstm_cell_gradient = VN_ISA(lstm_cell_gradient),
    .gru_cell = VN_ISA(gru_cell),
    .transpose = VN_ISA(transpose),
    .burn = VN_ISA(burn),
};
