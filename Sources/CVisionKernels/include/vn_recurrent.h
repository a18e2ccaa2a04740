#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_elementwise.h"
#include "vn_isa.h"
#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The cells of recurrent layers. The gates are those of ONNX in its order: RNN has one, GRU z, r and n, LSTM i, o, f and c.
typedef enum vn_cell { VN_RNN = 0, VN_GRU, VN_LSTM } vn_cell;

/// outer · op(inner · x), with the parameters a and b of `vn_unary_op`.
typedef struct vn_gate_function {
  vn_unary_op op;
  float a, b, inner, outer;
} vn_gate_function;

/// One direction of a recurrent layer. All extents are at least 1.
typedef struct vn_recurrent {
  vn_cell cell;
  size_t steps, batch, inputs, hidden;
  vn_gate_function functions[3];  ///< f, g and h of ONNX; h is not clipped
  float clip;                     ///< INFINITY for none
  bool is_reverse;                ///< whether sequences are read from their end
  bool forgets_by_input;          ///< of LSTM: whether the forget gate is 1 − i
  bool resets_last;               ///< of GRU: whether r multiplies the product with R, not its operand
  int64_t row_step, row_sequence;      ///< rows of x from step to step, and from sequence to sequence
  int64_t y_step, y_sequence;          ///< the same for y, in floats
  int64_t state_sequence;              ///< floats from sequence to sequence of the first and last states
} vn_recurrent;

/// The memory of a run; what is absent is NULL.
typedef struct vn_recurrent_data {
  const float *_Nonnull x;       ///< dense rows
  const float *_Nullable packed; ///< `vn_recurrent_pack`; NULL if the run is to pack w and r
  const float *_Nullable w, *_Nullable r;
  const float *_Nullable bias;   ///< of w, then of r
  const int32_t *_Nullable lengths;  ///< of the sequences, 0...steps
  const float *_Nullable first_h, *_Nullable first_c, *_Nullable peepholes;
  float *_Nonnull y, *_Nonnull last_h;
  float *_Nullable last_c;
} vn_recurrent_data;

/// Floats of the packed weights, and the packing of w [gates · hidden][inputs] and r [gates · hidden][hidden].
size_t vn_recurrent_packed_floats(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layer);
void vn_recurrent_pack(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layer, const float *_Nonnull w,
                       const float *_Nonnull r, float *_Nonnull packed);
/// Floats of scratch that a run needs with a pool of `threads`.
size_t vn_recurrent_scratch_floats(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layer, bool packs, int threads);
/// The products of all steps with w as one, then step by step that with r and the gates.
void vn_recurrent_run(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layer,
                      const vn_recurrent_data *_Nonnull data, float *_Nonnull scratch, vn_pool *_Nullable pool);
/// Both directions of a layer, with twice the scratch. They run side by side where the products of a step are too small for all
/// threads; the bits are those of one after the other.
void vn_recurrent_run_both(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layers,
                           const vn_recurrent_data *_Nonnull data, float *_Nonnull scratch, vn_pool *_Nullable pool);

/// The memory of the gradients of one direction; what is absent is NULL. Gradients with respect to y and the last states come in, all
/// others are written: gw [gates · hidden][inputs], gr [gates · hidden][hidden], gbias as bias.
typedef struct vn_recurrent_gradient_data {
  const float *_Nonnull x, *_Nonnull w, *_Nonnull r;
  const float *_Nullable bias;
  const int32_t *_Nullable lengths;
  const float *_Nullable first_h, *_Nullable first_c;
  const float *_Nullable gy, *_Nullable g_last_h, *_Nullable g_last_c;
  bool adds_gx;  ///< whether gx is added to what is there, as for the second direction
  float *_Nonnull gx, *_Nonnull gw, *_Nonnull gr;
  float *_Nullable gbias, *_Nullable g_first_h, *_Nullable g_first_c;
} vn_recurrent_gradient_data;

/// The gradients of an LSTM with the functions of ONNX by default, without peepholes, whose forget gate is its own.
size_t vn_lstm_gradient_scratch_floats(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layer, int threads);
void vn_lstm_gradient(const vn_kernels *_Nonnull k, const vn_recurrent *_Nonnull layer,
                      const vn_recurrent_gradient_data *_Nonnull data, float *_Nonnull scratch, vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
