// What convolutions of bfloat16 and chains of them have in common, private to this target.
#pragma once
#include "kernels.h"
#include "vn_bfloat16.h"

/// The functions for an instruction set; those with instructions for bfloat16 where the machine has them.
const vn_bkernels *vn_bkernels_for(const vn_kernels *k, bool avoids_dot_products);
/// The same convolution with words of two channels for channels, of an operand that is stored so or has been rounded.
vn_conv vn_bconv_words(const vn_bconv *b);
/// Floats that the rounded operand takes; 0 where it is stored so.
size_t vn_bconv_operand_floats(const vn_bconv *b, const vn_conv *words);
/// Rounds the operand.
void vn_bconv_round(const vn_bkernels *k, const vn_bconv *b, const vn_conv *words, const float *x, float *operand,
                    vn_pool *pool);
