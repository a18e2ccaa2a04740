// The machine layer of VisionNet: kernels for each instruction set, and the threads they run on.
//
// Conventions: tensors are float32 unless a declaration says otherwise (bfloat16, bytes); activations are NHWC with
// channels contiguous and explicit strides in floats; `k` is the kernel table of one instruction set; `pool` may be
// NULL, which means the calling thread only. Arguments are trusted: callers check shapes, ranges and buffer sizes.
// Kernels do not allocate memory. Results do not depend on the number of threads, bit for bit.
#pragma once
#include "vn_account.h"
#include "vn_attention.h"
#include "vn_bfloat16.h"
#include "vn_chain.h"
#include "vn_convolution.h"
#include "vn_copy.h"
#include "vn_cut.h"
#include "vn_dense.h"
#include "vn_detection.h"
#include "vn_elementwise.h"
#include "vn_elementwise_loss.h"
#include "vn_grouped.h"
#include "vn_im2col.h"
#include "vn_indexing.h"
#include "vn_isa.h"
#include "vn_normalizing.h"
#include "vn_pairs.h"
#include "vn_pool.h"
#include "vn_pooling.h"
#include "vn_quantized.h"
#include "vn_recurrent.h"
#include "vn_row_gradients.h"
#include "vn_rows.h"
#include "vn_sampling.h"
#include "vn_training.h"
#include "vn_winograd.h"
