// The kernels for bytes, once per instruction set. The including file defines VQ_LANES (32-bit lanes), VQ_ROWS, VQ_OUTPUTS,
// VQ_DOT_PRODUCTS (whether vq_dot is one instruction), VQ(name), and these inline functions:
//   qi vq_dot(qi sums, qi x, qi w)   adds in each lane the products of four bytes of x and four int8 of w
//   qi vq_dot_words(qi sums, qi x, qi w)   adds in each lane, modulo 2³², the products of two int16 of x and two of w
//   qi vq_round(qf x)                to the nearest integer, halves to even
//   qf vq_whole(qf x)                the same as a float, for magnitudes below 2³¹
//   qi vq_low8, vq_high8, vq_low16, vq_high16 (qi a, qi b)   interleave bytes or 16 bits of each 128 bits
//   qi vq_bytes(qi a, qi b, qi c, qi d, int16_t zero, uint8_t low, uint8_t high)   adds zero, clamps to low and high and narrows
//     to bytes: each 128 bits of the result have the bytes of 128 bits of a, b, c and d, which reverses the interleaving
//   qi vq_in_order(qi bytes)   reorders the result of vq_bytes: all bytes of a, then those of b, c and d
// Where VQ_FOURS is 1, tiles take four steps at once, with
//   qi vq_sixteen(const uint8_t *p)   loads four groups of four bytes, in a form for vq_dot_lane
//   qi vq_dot_lane(qi sums, qi x, const int lane, qi w)   adds the products of one of these groups, in every lane of w
//   qi vq_shift(qi sums, qi w)   adds what vq_dot_lane has too much because of that form
#pragma clang fp contract(off)

#include "quantized_vectors.h"
#include "quantized_rounding.h"
#include "quantized_ending.h"
#include "quantized_tile.h"
#include "quantized_winograd.h"
#include "quantized_depthwise.h"
#include "quantized_elementwise.h"

const vn_qkernels VQ(vn_qkernels) = {
    .dot_products = VQ_DOT_PRODUCTS,
    .lanes = VQ_LANES,
    .max_rows = VQ_ROWS,
    .micro_kernels =
        {
            VQ_TILE_ENTRY(1), VQ_TILE_ENTRY(2), VQ_TILE_ENTRY(3), VQ_TILE_ENTRY(4),
#if VQ_ROWS > 4
            VQ_TILE_ENTRY(5), VQ_TILE_ENTRY(6),
#endif
#if VQ_ROWS > 6
            VQ_TILE_ENTRY(7), VQ_TILE_ENTRY(8),
#endif
#if VQ_ROWS > 8
            VQ_TILE_ENTRY(9), VQ_TILE_ENTRY(10), VQ_TILE_ENTRY(11),
            VQ_TILE_ENTRY(12), VQ_TILE_ENTRY(13), VQ_TILE_ENTRY(14),
#endif
        },
    .products =
        {
            VQ_PRODUCTS_ENTRY(1), VQ_PRODUCTS_ENTRY(2), VQ_PRODUCTS_ENTRY(3), VQ_PRODUCTS_ENTRY(4),
#if VQ_ROWS > 4
            VQ_PRODUCTS_ENTRY(5), VQ_PRODUCTS_ENTRY(6),
#endif
#if VQ_ROWS > 6
            VQ_PRODUCTS_ENTRY(7), VQ_PRODUCTS_ENTRY(8),
#endif
#if VQ_ROWS > 8
            VQ_PRODUCTS_ENTRY(9), VQ_PRODUCTS_ENTRY(10),
            VQ_PRODUCTS_ENTRY(11), VQ_PRODUCTS_ENTRY(12), VQ_PRODUCTS_ENTRY(13), VQ_PRODUCTS_ENTRY(14),
#endif
        },
    .winograd_input = VQ(winograd_input),
    .winograd_output = VQ(winograd_output),
    .winograd_filters = VQ(winograd_filters),
    .depthwise = VQ(depthwise),
    .quantize = VQ(quantize),
    .interleave = VQ(interleave),
    .dequantize = VQ(dequantize),
    .add = VQ(add),
    .multiply = VQ(multiply),
    .maximum = VQ(maximum),
    .maximum_of = VQ(maximum_of),
    .accumulate = VQ(accumulate),
};
