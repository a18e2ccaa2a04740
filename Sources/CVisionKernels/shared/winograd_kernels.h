// The arguments of the kernels of Winograd's algorithm.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The forms of Winograd's tiles: each has its own functions. F(m × m, r × r) gives m × m outputs of a filter of r × r taps.
typedef enum vn_winograd_form {
  VN_WINOGRAD_F2_3,     ///< F(2×2, 3×3)
  VN_WINOGRAD_F4_3,     ///< F(4×4, 3×3)
  VN_WINOGRAD_F2_2,     ///< F(2×2, 2×2), of 3 × 3 and stride 2
  VN_WINOGRAD_F4_2,     ///< F(4×4, 2×2), of 3 × 3 and stride 2
  VN_WINOGRAD_F4_4,     ///< F(4×4, 4×4), of 7 × 7 and stride 2
  VN_WINOGRAD_F6_3,     ///< F(6×6, 3×3), and at its points shorter tiles of height × width outputs:
  VN_WINOGRAD_F6_3_6X4,
  VN_WINOGRAD_F6_3_4X6,
  VN_WINOGRAD_F6_3_4X4,
  VN_WINOGRAD_F4_3_4X2,  ///< the same at the points of F(4×4, 3×3)
  VN_WINOGRAD_F4_3_2X4,
  VN_WINOGRAD_F4_3_2X2,
  VN_WINOGRAD_FORMS,
} vn_winograd_form;

/// The points that filters are transformed to: those of stride 1, then those of stride 2.
typedef enum vn_winograd_filter_form {
  VN_WINOGRAD_FILTERS_F2_3, VN_WINOGRAD_FILTERS_F4_3, VN_WINOGRAD_FILTERS_F6_3, VN_WINOGRAD_FILTER_FORMS,
} vn_winograd_filter_form;
typedef enum vn_winograd_strided_form {
  VN_WINOGRAD_FILTERS_F2_2, VN_WINOGRAD_FILTERS_F4_2, VN_WINOGRAD_FILTERS_F4_4, VN_WINOGRAD_STRIDED_FORMS,
} vn_winograd_strided_form;

/// The most pixels of a tile's window: 13 × 13 for 4 × 4 outputs of 7 × 7 and stride 2.
enum { VN_WINOGRAD_MOST_PIXELS = 13 * 13 };

/// 3 × 3 filters of neighboring outputs and one input channel, to transform.
typedef struct vn_winograd_filters {
  const float *g;
  int64_t g_step;  ///< floats from filter to filter
  size_t count;    ///< at most a vector's lanes; the other lanes become zeros
  float *u;        ///< one vector for point 0
  size_t step;     ///< floats from point to point
} vn_winograd_filters;

/// Filters of 3 × 3 or 7 × 7 with stride 2. In one dimension the results are numbered: 0 for even pixels at the first point, 1
/// for odd pixels there, 2 for even pixels at the second point, …, the last for even pixels at ∞. In two dimensions there are
/// 9 × 9, 5 × 5 or, for 7 × 7, 13 × 13.
typedef struct vn_winograd_strided_filters {
  const float *g;
  int64_t g_step;
  size_t count;
  float *u[VN_WINOGRAD_MOST_PIXELS];
} vn_winograd_strided_filters;

/// 3 × 3 weights to transform to 36 points, or gradients of the points to transform to those of the weights. The transform is
/// elementwise over vectors, whatever they hold.
typedef struct vn_winograd_weights {
  const float *in;
  float *out;
  size_t in_step, out_step;    ///< floats from tap to tap and from point to point
  size_t count;                ///< floats: whole vectors
  size_t chunks, chunk_step;   ///< partial sums of the points' gradients, which are added
} vn_winograd_weights;

/// One tile of at most 4 × 4 pixels of a gradient to transform.
typedef struct vn_winograd_gradient {
  const float *pixels[16];  ///< zeros beyond the edge
  size_t channels;
  float *m;     ///< of point 0, room for whole vectors
  size_t step;  ///< floats from point to point
} vn_winograd_gradient;

/// One tile of 8 × 8, 6 × 6 or 4 × 4 input pixels to transform, or of 9 × 9, 5 × 5 or 13 × 13 for stride 2.
typedef struct vn_winograd_input {
  const float *pixels[VN_WINOGRAD_MOST_PIXELS];  ///< row after row; zeros where there is padding
  size_t channels;
  float *v;     ///< of point 0, room for whole vectors; for stride 2, the channels of each pixel that the point has
  size_t step;  ///< floats from point to point
} vn_winograd_input;

/// One tile of at most 6 × 6, 4 × 4 or 2 × 2 output pixels to form from the products at all points.
typedef struct vn_winograd_output {
  const float *m;
  size_t step, width;
  const float *bias;      ///< or NULL
  const float *residual;  ///< or NULL
  int64_t r_row, r_pixel;
  float *y;
  int64_t y_row, y_pixel;
  int rows, columns;
  float low, high;
} vn_winograd_output;
