// Declarations that bfloat16 convolutions and chains share, private to this target.
#pragma once
#include "kernels.h"
#include "vn_bfloat16.h"

/// The functions for an instruction set; those with bfloat16 instructions where the machine has them and they are faster.
const vn_bkernels *vn_bkernels_for(const vn_kernels *k, bool avoids_dot_products);
/// The convolution that the tiles compute, whose input is the operand in the tiles' form.
vn_conv vn_bconv_formed(const vn_bkernels *k, const vn_bconv *b);
/// Floats that the operand takes; 0 where x is in that form already.
size_t vn_bconv_operand_floats(const vn_bkernels *k, const vn_bconv *b, const vn_conv *formed);
/// Converts x to the operand's form.
void vn_bconv_form(const vn_bkernels *k, const vn_bconv *b, const vn_conv *formed, const void *x, float *operand,
                   vn_pool *pool);
