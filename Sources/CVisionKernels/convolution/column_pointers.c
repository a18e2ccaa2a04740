// The implicit im2col: pointers to the pixels that a kernel's taps read, instead of copies of them.
//
// A tap's pixel is a run of channels in the image. Where the tap is outside the image, the pointer points to zeros. With few
// channels a whole kernel row is one run (`merged`); such a run is copied only where it leaves the image.
#include <string.h>

#include "../shared/convolution_plan.h"

/// The output columns whose taps t0…t1 of a kernel row lie inside the image.
static vn_span inside_span(const vn_conv *conv, int64_t t0, int64_t t1) {
  const int64_t stride = conv->stride_w, low = conv->pad_left - t0 * conv->dilation_w;
  const int64_t high = (int64_t)conv->w + conv->pad_left - t1 * conv->dilation_w;
  vn_span s = {low > 0 ? (low + stride - 1) / stride : 0, high > 0 ? (high + stride - 1) / stride : 0};
  if (s.last > conv->ow) s.last = conv->ow;
  if (s.first > s.last) s.first = s.last;
  return s;
}

vn_conv_reader vn_conv_reader_make(const vn_conv *conv, bool merged, size_t run, const float *zeros) {
  vn_conv_reader reader = {.conv = conv, .merged = merged, .run = run, .zeros = zeros};
  reader.whole = inside_span(conv, 0, conv->kw - 1);
  for (int32_t t = 0; t < vn_known_spans && t < conv->kw; t++)
    reader.spans[t] = merged ? inside_span(conv, 0, conv->kw - 1) : inside_span(conv, t, t);
  return reader;
}

/// Copies the pixels that one kernel row reads near the border, with zeros outside the image.
static void copy_border(const vn_conv *conv, const float *row, int64_t ix, float *run) {
  const size_t channels = (size_t)conv->c;
  const vn_span inside = vn_inside(conv->kw, conv->w, ix);
  const size_t first = (size_t)inside.first * channels, last = (size_t)inside.last * channels;
  memset(run, 0, first * sizeof(float));
  memcpy(run + first, row + (ix + inside.first) * conv->x_pixel, (last - first) * sizeof(float));
  memset(run + last, 0, ((size_t)conv->kw * channels - last) * sizeof(float));
}

/// Does the work of `vn_point_columns` if all taps of all pixels lie inside the image. Otherwise returns false and does nothing.
static bool point_inside(const vn_conv_reader *r, vn_place p, size_t count, const float *x, const float **rows, size_t stride) {
  const vn_conv *conv = r->conv;
  const int64_t top = (int64_t)p.row * conv->stride_h - conv->pad_top, column = (int64_t)p.column;
  if (r->ring || top < 0 || top + (int64_t)(conv->kh - 1) * conv->dilation_h >= conv->h) return false;
  if (column < r->whole.first || column + (int64_t)count > r->whole.last) return false;
  const int64_t step = conv->stride_w * conv->x_pixel, down = conv->dilation_h * conv->x_row;
  const int64_t right = conv->dilation_w * conv->x_pixel;
  const float *from = x + (int64_t)p.image * conv->x_image + top * conv->x_row +
                      (column * conv->stride_w - conv->pad_left) * conv->x_pixel;
  const int32_t taps = r->merged ? 1 : conv->kw;
  for (int32_t ky = 0; ky < conv->kh; ky++, from += down) {
    const float *tap = from;
    for (int32_t kx = 0; kx < taps; kx++, tap += right, rows += stride) {
      const float *at = tap;
      for (size_t i = 0; i < count; i++, at += step) rows[i] = at;
    }
  }
  return true;
}

void vn_point_columns(const vn_conv_reader *r, vn_place p, size_t count, const float *x, const float **rows,
                   size_t stride, float **border) {
  if (point_inside(r, p, count, x, rows, stride)) return;
  const vn_conv *conv = r->conv;
  const float *image = x + (int64_t)p.image * conv->x_image;
  const int64_t iy0 = (int64_t)p.row * conv->stride_h - conv->pad_top;
  const int64_t column = (int64_t)p.column, end = column + (int64_t)count;
  const int64_t step = conv->stride_w * conv->x_pixel;
  const int32_t taps = r->merged ? 1 : conv->kw;
  for (int32_t ky = 0; ky < conv->kh; ky++) {
    const int64_t iy = iy0 + (int64_t)ky * conv->dilation_h;
    const bool inside = iy >= 0 && iy < conv->h;
    const float *row = image + (!inside ? 0 : r->ring ? iy % r->ring : iy) * conv->x_row;
    for (int32_t kx = 0; kx < taps; kx++, rows += stride) {
      vn_span s = kx < vn_known_spans ? r->spans[kx] : inside_span(conv, kx, kx);
      if (!inside || s.first >= end || s.last <= column) s.first = s.last = end;
      if (s.first < column) s.first = column;
      if (s.last > end) s.last = end;
      const int64_t ix = (int64_t)kx * conv->dilation_w - conv->pad_left;
      const float *from = row + ix * conv->x_pixel;
      int64_t ox = column;
      for (; ox < s.first; ox++) rows[ox - column] = r->zeros;
      // Increments a pointer, since a 64-bit product for each pixel would be slow.
      for (const float *at = from + ox * step; ox < s.last; ox++, at += step) rows[ox - column] = at;
      for (; ox < end; ox++) rows[ox - column] = r->zeros;
      if (!r->merged || !inside) continue;
      for (ox = column; ox < end; ox++) {
        if (ox == s.first && s.last > ox) ox = s.last;
        if (ox >= end) break;
        copy_border(conv, row, ox * conv->stride_w - conv->pad_left, *border);
        rows[ox - column] = *border;
        *border += r->run;
      }
    }
  }
}
