#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vn_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The element types that kernels on tensors of any type tell apart.
typedef enum vn_number {
  VN_FLOAT32, VN_FLOAT64, VN_INT8, VN_INT16, VN_INT32, VN_INT64, VN_UINT8, VN_UINT16, VN_UINT32, VN_BOOL,
} vn_number;

/// Indices of 4 or 8 bytes; negative ones count from the end of the axis.
typedef struct vn_indices {
  const void *_Nonnull data;
  size_t bytes;
} vn_indices;

/// The position of the first of `count` indices, `step` apart from the one at `first`, that is not in −extent..<extent; `count`
/// if there is none.
size_t vn_first_outside(vn_indices indices, size_t first, size_t step, size_t count, int64_t extent);

/// Slices of x that coordinates name: slice r begins at batch · ⌊r / rows⌋ + Σ over the axes a of coordinate a · strides[a].
typedef struct vn_slices {
  int axes;                        ///< coordinates of a slice
  int64_t extents[8], strides[8];  ///< of x along these axes, in elements
  size_t count, rows;              ///< slices in all, and of each batch
  bool shares;                     ///< whether all batches have the coordinates of the first
  int64_t batch;                   ///< elements from batch to batch
  size_t elements, bytes;          ///< of a slice, and of an element
} vn_slices;

/// y[r] = slice r of x.
void vn_gather_slices(const vn_slices *_Nonnull s, vn_indices indices, const void *_Nonnull x, void *_Nonnull y,
                      vn_pool *_Nullable pool);

/// Elements of x, one for each index, at the index's own place but along one axis, where the index says which.
typedef struct vn_along {
  int rank;
  int64_t dims[8];          ///< of the indices
  int64_t strides[8];       ///< of x, in elements; 0 along the axis
  int64_t extent, stride;   ///< of x along the axis
  size_t bytes;             ///< of an element
} vn_along;

/// y[i] = the element of x that index i names.
void vn_gather_elements(const vn_along *_Nonnull a, vn_indices indices, const void *_Nonnull x,
                        void *_Nonnull y, vn_pool *_Nullable pool);

/// How an update is combined with the element at its place. NaN is both the smallest and the largest number.
typedef enum vn_scatter { VN_SCATTER_NONE, VN_SCATTER_ADD, VN_SCATTER_MUL, VN_SCATTER_MIN, VN_SCATTER_MAX } vn_scatter;

/// Slice r of y is combined with slice r of the updates, for one r after the other; all types if the op is NONE, else float32,
/// int32 and int64.
void vn_scatter_slices(const vn_slices *_Nonnull s, vn_scatter op, vn_number type, vn_indices indices,
                       const void *_Nonnull updates, void *_Nonnull y);
/// The same for single elements.
void vn_scatter_elements(const vn_along *_Nonnull a, vn_scatter op, vn_number type, vn_indices indices,
                         const void *_Nonnull updates, void *_Nonnull y);

/// y[c…] = x[Σ tables[a][c[a]]], or the fill where one of these is negative: what repeats, leaves out or mirrors elements.
typedef struct vn_tables {
  int rank;
  int64_t dims[8];
  size_t bytes;   ///< of an element; any number without a fill, else 1, 2, 4 or 8
  bool fills;     ///< whether a table has a negative entry
  uint64_t fill;  ///< an element
} vn_tables;

/// The tables, one behind the other, give the element of x for each position along an axis.
void vn_copy_by_tables(const vn_tables *_Nonnull t, const int32_t *_Nonnull tables, const void *_Nonnull x,
                       void *_Nonnull y, vn_pool *_Nullable pool);

/// y = condition ? a : b, element by element; strides in elements, 0 where an operand is repeated.
typedef struct vn_select {
  int rank;
  int64_t dims[8], condition[8], a[8], b[8];
  size_t bytes;
} vn_select;

void vn_select_elements(const vn_select *_Nonnull s, const uint8_t *_Nonnull condition, const void *_Nonnull a,
                        const void *_Nonnull b, void *_Nonnull y, vn_pool *_Nullable pool);

/// The elements in another type: floats are truncated and saturated, with 0 for NaN; integers keep their low bits; bool is
/// whether an element differs from 0.
void vn_cast(vn_number from, vn_number to, size_t count, const void *_Nonnull x, void *_Nonnull y,
             vn_pool *_Nullable pool);

/// The k best elements of each line of outer × count × inner along `count`, best first, and their positions; of equal elements
/// the first is better, and NaN is the largest.
typedef struct vn_top {
  vn_number type;  ///< not VN_BOOL
  size_t outer, count, inner, k;
  bool largest;
} vn_top;

size_t vn_top_scratch_floats(const vn_top *_Nonnull t, int threads);
void vn_top_k(const vn_top *_Nonnull t, const void *_Nonnull x, void *_Nonnull values, int64_t *_Nonnull positions,
              float *_Nonnull scratch, vn_pool *_Nullable pool);
/// The position of the best element of each line; k is not read. NaN is better than all, `last` says which of equals is taken,
/// and of several NaN the first is.
void vn_arg_best(const vn_top *_Nonnull t, bool last, const void *_Nonnull x, int64_t *_Nonnull positions,
                 vn_pool *_Nullable pool);

#ifdef __cplusplus
}
#endif
