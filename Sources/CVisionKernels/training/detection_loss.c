// The loss of a detector: the same decisions as in the reference, in double precision, since they are discrete.
#include <math.h>
#include <string.h>

#include "../shared/kernels.h"
#include "vn_detection.h"

typedef struct sides {
  double left, top, right, bottom;
} sides;

/// A candidate for an object.
typedef struct candidate {
  size_t place;
  double overlap, alignment;
} candidate;

/// What is found out about an image before its loss is computed.
typedef struct image_state {
  double *quality, *overlap, *alignment;  ///< one for each place
  sides *box;                             ///< one for each place, valid where `has_box`
  double *largest;                        ///< the largest alignment and IoU for each object
  candidate *best;                        ///< `top` of them
  int32_t *object;                        ///< for each place: an object, −1 for none, −2 for ignored
  uint8_t *has_box;
} image_state;

typedef struct detection_run {
  const vn_detection_loss *loss;
  const float *raw, *target;
  float *grad;    ///< or NULL
  bool has_value;
  double scale;
  double *weights, *losses;  ///< one for each image
  char *states;
  size_t places, width, state_bytes;
} detection_run;

static size_t place_count(const vn_detection_loss *loss) {
  size_t count = 0;
  for (size_t l = 0; l < loss->levels; l++) count += loss->level[l].rows * loss->level[l].columns;
  return count;
}

/// Bytes of the state of an image; a multiple of 64.
static size_t state_bytes(const vn_detection_loss *loss) {
  const size_t places = place_count(loss);
  return vn_round_up(places * (3 * sizeof(double) + sizeof(sides) + sizeof(int32_t) + 1) +
                         2 * loss->objects * sizeof(double) + loss->top * sizeof(candidate),
                     64);
}

static image_state state_of(const detection_run *r, size_t image) {
  char *at = r->states + image * r->state_bytes;
  image_state s;
  s.quality = (double *)at;
  s.overlap = s.quality + r->places;
  s.alignment = s.overlap + r->places;
  s.box = (sides *)(s.alignment + r->places);
  s.largest = (double *)(s.box + r->places);
  s.best = (candidate *)(s.largest + 2 * r->loss->objects);
  s.object = (int32_t *)(s.best + r->loss->top);
  s.has_box = (uint8_t *)(s.object + r->places);
  return s;
}

size_t vn_detection_loss_scratch_floats(const vn_detection_loss *loss) {
  return 32 + loss->images * (4 + state_bytes(loss) / sizeof(float));
}

// MARK: Boxes

static double area_of(sides s) { return (s.right - s.left) * (s.bottom - s.top); }

static bool is_box(sides s) { return s.right - s.left > 0 && s.bottom - s.top > 0 && area_of(s) < (double)INFINITY; }

static bool holds(sides s, double x, double y) { return x > s.left && x < s.right && y > s.top && y < s.bottom; }

static double overlap_of(sides a, sides b) {
  const double width = fmin(a.right, b.right) - fmax(a.left, b.left);
  const double height = fmin(a.bottom, b.bottom) - fmax(a.top, b.top);
  const double shared = (width > 0 ? width : 0) * (height > 0 ? height : 0);
  return shared / (area_of(a) + area_of(b) - shared);
}

/// The object in a row of the target.
static sides object_of(const detection_run *r, size_t image, size_t object, int *label) {
  const float *row = r->target + (image * r->loss->objects + object) * 5;
  *label = (int)row[0];
  return (sides){(double)row[1], (double)row[2], (double)row[3], (double)row[4]};
}

/// The mean of the bins of a side. `powers` are the exponentials of their logits less the largest, `sum` is theirs.
static double distance_of(const float *logits, size_t bins, double *powers, double *sum) {
  double largest = (double)logits[0], total = 0, mean = 0;
  for (size_t b = 1; b < bins; b++) largest = (double)logits[b] > largest ? (double)logits[b] : largest;
  for (size_t b = 0; b < bins; b++) {
    const double power = exp((double)logits[b] - largest);
    if (powers) powers[b] = power;
    total += power;
    mean += (double)b * power;
  }
  *sum = total;
  return mean / total;
}

static sides box_at(double x, double y, double stride, const double *distances) {
  return (sides){x - distances[0] * stride, y - distances[1] * stride, x + distances[2] * stride,
                 y + distances[3] * stride};
}

// MARK: Assignment

/// Keeps a candidate if it is among the best; of equals, the earlier ones are.
static size_t keep(candidate *best, size_t count, size_t top, candidate c) {
  if (count == top && !(c.alignment > best[count - 1].alignment)) return count;
  size_t at = count < top ? count++ : count - 1;
  for (; at > 0 && c.alignment > best[at - 1].alignment; at--) best[at] = best[at - 1];
  best[at] = c;
  return count;
}

static double power_of(double x, double exponent) { return exponent == 1 ? x : pow(x, exponent); }

static candidate candidate_at(const detection_run *r, const image_state *s, const float *raw, size_t place, double x,
                              double y, double stride, sides truth, int label) {
  const float *numbers = raw + place * r->width;
  if (!s->has_box[place]) {
    double distances[4], sum;
    for (size_t side = 0; side < 4; side++)
      distances[side] = distance_of(numbers + r->loss->classes + side * r->loss->bins, r->loss->bins, NULL, &sum);
    s->box[place] = box_at(x, y, stride, distances);
    s->has_box[place] = 1;
  }
  const double overlap = overlap_of(s->box[place], truth), score = 1 / (1 + exp(-(double)numbers[label]));
  return (candidate){place, overlap, power_of(score, r->loss->alpha) * power_of(overlap, r->loss->beta)};
}

/// Calls for each place in `reach`: looks for candidates, or, without an object, marks places as ignored.
static size_t visit(const detection_run *r, const image_state *s, const float *raw, sides reach, sides truth, int label) {
  size_t place = 0, count = 0;
  for (size_t l = 0; l < r->loss->levels; l++) {
    const vn_detection_level level = r->loss->level[l];
    for (size_t row = 0; row < level.rows; row++, place += level.columns) {
      const double y = ((double)row + 0.5) * level.stride;
      if (!(y > reach.top && y < reach.bottom)) continue;
      for (size_t column = 0; column < level.columns; column++) {
        const double x = ((double)column + 0.5) * level.stride;
        if (!holds(reach, x, y)) continue;
        if (label < 0) {
          if (s->object[place + column] == -1) s->object[place + column] = -2;
          continue;
        }
        const candidate c = candidate_at(r, s, raw, place + column, x, y, level.stride, truth, label);
        if (c.alignment >= 0) count = keep(s->best, count, r->loss->top, c);
      }
    }
  }
  return count;
}

static sides at_least(sides s, double side) {
  const double x = fmax(0, side - (s.right - s.left)) / 2, y = fmax(0, side - (s.bottom - s.top)) / 2;
  return (sides){s.left - x, s.top - y, s.right + x, s.bottom + y};
}

static void assign(void *context, size_t image, int worker) {
  (void)worker;
  const detection_run *r = context;
  const image_state s = state_of(r, image);
  const float *raw = r->raw + image * r->places * r->width;
  double least = r->loss->level[0].stride;
  for (size_t l = 1; l < r->loss->levels; l++) least = fmin(least, r->loss->level[l].stride);
  memset(s.has_box, 0, r->places);
  memset(s.largest, 0, 2 * r->loss->objects * sizeof(double));
  for (size_t i = 0; i < r->places; i++) {
    s.object[i] = -1;
    s.overlap[i] = -1;
    s.quality[i] = s.alignment[i] = 0;
  }
  for (size_t m = 0; m < r->loss->objects; m++) {
    int label;
    const sides truth = object_of(r, image, m, &label);
    if (label < 0 || !is_box(truth)) continue;
    const size_t count = visit(r, &s, raw, at_least(truth, least), truth, label);
    for (size_t i = 0; i < count; i++) {
      const candidate c = s.best[i];
      if (!(c.overlap > s.overlap[c.place])) continue;
      s.object[c.place] = (int32_t)m;
      s.overlap[c.place] = c.overlap;
      s.alignment[c.place] = c.alignment;
    }
  }
  for (size_t i = 0; i < r->places; i++) {
    if (s.object[i] < 0) continue;
    double *largest = s.largest + 2 * s.object[i];
    largest[0] = fmax(largest[0], s.alignment[i]);
    largest[1] = fmax(largest[1], s.overlap[i]);
  }
  double weight = 0;
  for (size_t i = 0; i < r->places; i++) {
    if (s.object[i] < 0) continue;
    const double *largest = s.largest + 2 * s.object[i];
    if (largest[0] > 0) s.quality[i] = s.alignment[i] / largest[0] * largest[1];
    weight += s.quality[i];
  }
  r->weights[image] = weight;
  for (size_t m = 0; m < r->loss->objects; m++) {
    int label;
    const sides truth = object_of(r, image, m, &label);
    if (label == -2 && is_box(truth)) visit(r, &s, raw, truth, truth, label);
  }
}

// MARK: The loss of an image

/// The loss of a score with the logit `p` that should be `q`, and its derivative.
static float compare(const vn_detection_loss *loss, float p, float q, bool has_value, float *derivative) {
  const float e = expf(p > 0 ? -p : p), larger = 1 / (1 + e), score = p > 0 ? larger : e * larger;
  const float cost = has_value || loss->varifocal ? (p > 0 ? p : 0) + log1pf(e) : 0;
  if (!loss->varifocal) {
    *derivative = score - q;
    return cost - q * p;
  }
  if (q > 0) {
    *derivative = q * (score - q);
    return q * (cost - q * p);
  }
  const float other = p > 0 ? e * larger : larger;
  const float share = loss->negative_weight * powf(score, loss->gamma);
  *derivative = share * (loss->gamma * other * cost + score);
  return share * cost;
}

/// 1 − GIoU of two boxes, and its derivatives with respect to the sides of the first.
static double separation(sides a, sides b, double *derivatives) {
  const double width = fmax(0, fmin(a.right, b.right) - fmax(a.left, b.left));
  const double height = fmax(0, fmin(a.bottom, b.bottom) - fmax(a.top, b.top));
  const double outer_width = fmax(a.right, b.right) - fmin(a.left, b.left);
  const double outer_height = fmax(a.bottom, b.bottom) - fmin(a.top, b.top);
  const double shared = width * height, hull = outer_width * outer_height, all = area_of(a) + area_of(b) - shared;
  const bool overlaps = width > 0 && height > 0;
  const bool bounds[4] = {a.left > b.left, a.top > b.top, a.right < b.right, a.bottom < b.bottom};
  const bool encloses[4] = {a.left < b.left, a.top < b.top, a.right > b.right, a.bottom > b.bottom};
  for (int side = 0; side < 4; side++) {
    const bool horizontal = side % 2 == 0;
    const double growth = side < 2 ? -1 : 1;
    const double of_shared = bounds[side] && overlaps ? growth * (horizontal ? height : width) : 0;
    const double of_hull = encloses[side] ? growth * (horizontal ? outer_height : outer_width) : 0;
    const double of_all = growth * (horizontal ? a.bottom - a.top : a.right - a.left) - of_shared;
    derivatives[side] = -(of_shared / all - shared / all * of_all / all + of_all / hull - all / hull * of_hull / hull);
  }
  return 1 - (shared / all - 1 + all / hull);
}

/// The losses of where the box of a place with an object lies.
static double place_loss(const detection_run *r, const float *logits, float *grad, double x, double y, double stride,
                         sides truth, double quality) {
  const size_t bins = r->loss->bins;
  double distances[4], sums[4], slopes[4];
  for (size_t side = 0; side < 4; side++) distances[side] = distance_of(logits + side * bins, bins, NULL, &sums[side]);
  const double box = quality * (double)r->loss->box, share = quality * (double)r->loss->distribution / 4;
  const double wanted[4] = {(x - truth.left) / stride, (y - truth.top) / stride, (truth.right - x) / stride,
                            (truth.bottom - y) / stride};
  double total = box * separation(box_at(x, y, stride, distances), truth, slopes);
  for (size_t side = 0; side < 4; side++) {
    const float *z = logits + side * bins;
    const double slope = box * slopes[side] * (side < 2 ? -stride : stride);
    const double at = fmax(0, fmin(wanted[side], (double)(bins - 1)));
    double largest = (double)z[0];
    for (size_t b = 1; b < bins; b++) largest = (double)z[b] > largest ? (double)z[b] : largest;
    const double logarithm = log(sums[side]);
    for (size_t b = 0; b < bins; b++) {
      const double part = fmax(0, 1 - fabs((double)b - at)), power = (double)z[b] - largest;
      if (part > 0) total -= share * part * (power - logarithm);
      if (!grad) continue;
      const double probability = exp(power) / sums[side];
      grad[side * bins + b] =
          (float)(r->scale * (slope * probability * ((double)b - distances[side]) + share * (probability - part)));
    }
  }
  return total;
}

static void image_loss(void *context, size_t image, int worker) {
  (void)worker;
  const detection_run *r = context;
  const image_state s = state_of(r, image);
  const size_t classes = r->loss->classes, start = image * r->places;
  double total = 0;
  size_t place = 0;
  for (size_t l = 0; l < r->loss->levels; l++) {
    const vn_detection_level level = r->loss->level[l];
    for (size_t cell = 0; cell < level.rows * level.columns; cell++, place++) {
      const float *numbers = r->raw + (start + place) * r->width;
      float *grad = r->grad ? r->grad + (start + place) * r->width : NULL;
      if (grad) memset(grad, 0, r->width * sizeof(float));
      const int32_t object = s.object[place];
      if (object == -2) continue;
      int label = -1;
      sides truth = {0, 0, 0, 0};
      if (object >= 0) truth = object_of(r, image, (size_t)object, &label);
      const double quality = s.quality[place];
      for (size_t c = 0; c < classes; c++) {
        float derivative;
        const float q = (int64_t)c == label ? (float)quality : 0;
        total += (double)compare(r->loss, numbers[c], q, r->has_value, &derivative);
        if (grad) grad[c] = (float)(r->scale * (double)derivative);
      }
      if (object < 0 || !(quality > 0)) continue;
      const double x = ((double)(cell % level.columns) + 0.5) * level.stride;
      const double y = ((double)(cell / level.columns) + 0.5) * level.stride;
      total += place_loss(r, numbers + classes, grad ? grad + classes : NULL, x, y, level.stride, truth, quality);
    }
  }
  r->losses[image] = total;
}

int64_t vn_detection_loss_run(const vn_detection_loss *loss, const float *raw, const float *target, float factor,
                              float *value, float *grad, float *scratch, vn_pool *pool) {
  for (size_t row = 0; row < loss->images * loss->objects; row++) {
    const float label = target[row * 5];
    if (!(label >= -2 && label < (float)loss->classes) || label != floorf(label)) return (int64_t)row;
  }
  detection_run r = {.loss = loss, .raw = raw, .target = target, .grad = grad, .has_value = value != NULL,
                     .weights = (double *)vn_align(scratch), .places = place_count(loss),
                     .width = loss->classes + 4 * loss->bins, .state_bytes = state_bytes(loss)};
  r.losses = r.weights + loss->images;
  r.states = (char *)(r.losses + loss->images);
  vn_pool_run(pool, loss->images, assign, &r);
  double divisor = 0, total = 0;
  for (size_t i = 0; i < loss->images; i++) divisor += r.weights[i];
  // Not the larger of the two, which would hide what is no number.
  if (divisor < 1) divisor = 1;
  r.scale = loss->mean ? (double)factor / divisor : (double)factor;
  vn_pool_run(pool, loss->images, image_loss, &r);
  for (size_t i = 0; i < loss->images; i++) total += r.losses[i];
  if (value) *value = (float)(loss->mean ? total / divisor : total);
  return -1;
}
