// A list of memory to prefetch while products are computed: each product prefetches its share of it, in order.
#pragma once
#include "kernels.h"

enum { vn_most_pieces = 48 };

typedef struct vn_fetching {
  struct {
    const char *start;
    size_t lines, pitch;   ///< bytes from line to line
  } pieces[vn_most_pieces];
  size_t count, at;        ///< the number of pieces, and the piece that is being fetched
  size_t lines, fetched;   ///< the lines of all pieces, and those already fetched
  size_t steps, past;      ///< the steps of all products, and of those that were given their share
} vn_fetching;

/// Adds lines `pitch` bytes apart; lines that continue the last piece lengthen it. When the list is full they are not prefetched.
static inline void vn_fetch_lines(vn_fetching *f, const float *start, size_t lines, size_t pitch) {
  if (lines == 0) return;
  const size_t last = f->count - 1;
  if (f->count > 0 && pitch == 64 && f->pieces[last].pitch == 64 &&
      f->pieces[last].start + f->pieces[last].lines * 64 == (const char *)start) {
    f->pieces[last].lines += lines;
  } else {
    if (f->count == vn_most_pieces) return;
    f->pieces[f->count].start = (const char *)start;
    f->pieces[f->count].pitch = pitch;
    f->pieces[f->count++].lines = lines;
  }
  f->lines += lines;
}

/// Adds a piece without gaps.
static inline void vn_fetch_piece(vn_fetching *f, const float *start, size_t floats) {
  vn_fetch_lines(f, start, floats / 16, 64);
}

/// The next lines, about `lines` of one piece: returns where they begin, or NULL when there are none. `step` becomes the number
/// of bytes from step to step such that `steps` steps fetch all of them.
static inline const char *vn_next_lines(vn_fetching *f, size_t lines, size_t steps, size_t *step) {
  *step = 0;
  if (f->at < f->count && f->pieces[f->at].lines == 0) f->at++;
  if (f->at == f->count || lines == 0) return NULL;
  const size_t pitch = f->pieces[f->at].pitch;
  // With gaps between lines, each step prefetches one line.
  const size_t count = vn_smaller(pitch == 64 ? lines : steps, f->pieces[f->at].lines);
  const char *start = f->pieces[f->at].start;
  f->pieces[f->at].start += count * pitch, f->pieces[f->at].lines -= count;
  f->fetched += count;
  *step = pitch == 64 ? vn_divide_up(count * 64, steps) : pitch;
  return start;
}

/// The number of lines that a product of `steps` steps should prefetch.
static inline size_t vn_share(vn_fetching *f, size_t steps) {
  f->past += steps;
  const size_t due = f->past * f->lines / f->steps;
  return due > f->fetched ? due - f->fetched : 0;
}
