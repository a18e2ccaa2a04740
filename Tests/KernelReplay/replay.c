// replay FILE [neon|portable [FUNCTION]]: runs the cases of a file, or those of one function, on one, two and three threads, whose
// results must have equal bits, and compares them with the expected results. Prints how many cases of each function passed; the exit status is 1 if any failed.
#include "replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__aarch64__)
// Of quantized/neon_features.c; what the kernels choose by.
extern bool vn_has_neon_dot_products(void);
extern bool vn_has_neon_i8mm(void);
#endif

static void stop(const char *message, const char *name) {
  fprintf(stderr, "replay: %s%s%s\n", message, *name ? ": " : "", name);
  exit(2);
}

const void *given(const test_case *t, int index, size_t bytes) {
  if (index >= t->count || !t->operands[index].data || (size_t)t->operands[index].bytes < bytes)
    stop("an operand is too short", t->name);
  return t->operands[index].data;
}

const void *given_or_null(const test_case *t, int index) {
  if (index >= t->count) stop("an operand is not there", t->name);
  return t->operands[index].data;
}

int64_t number(const test_case *t, int index, size_t at) {
  return ((const int64_t *)given(t, index, (at + 1) * sizeof(int64_t)))[at];
}

size_t given_bytes(const test_case *t, int index) {
  given(t, index, 0);
  return (size_t)t->operands[index].bytes;
}

size_t expected_count(const test_case *t) {
  return t->rule == bits_rule ? (size_t)t->expected.bytes / sizeof(float) : (size_t)t->expected.bytes / sizeof(double);
}

float *new_floats(size_t count, float value) {
  float *memory = malloc((count + 1) * sizeof(float));
  if (!memory) stop("no memory", "");
  for (size_t i = 0; i < count; i++) memory[i] = value;
  return memory;
}

float *new_scratch(size_t count) { return new_floats(count, NAN); }

/// The spacing of floats at x, as Swift's `ulp`.
static double spacing(float x) {
  x = fabsf(x);
  return x < 0x1p-126f ? 0x1p-149 : (double)nextafterf(x, INFINITY) - (double)x;
}

/// Units in the last place of the correctly rounded result, as `ulps` of the Swift tests.
static double units(float x, double exact) {
  const float rounded = (float)exact;
  if ((isnan(x) && isnan(exact)) || x == rounded) return 0;
  if (!isfinite(x) || !isfinite(rounded)) {
    const float other = isfinite(x) ? x : rounded;
    return fabsf(other) >= 0x1.fffffap127f ? 1 : INFINITY;
  }
  return fabs((double)x - exact) / spacing(rounded);
}

/// Whether one number is as expected.
static bool agrees(const test_case *t, float x, double exact) {
  if ((isnan(x) && isnan(exact)) || (double)x == exact) return true;
  const double difference = fabs((double)x - exact);
  switch (t->rule) {
    case distance_rule: return isfinite(difference) && difference / (1 + fabs(exact)) < t->tolerance;
    case absolute_rule: return exact != 77 && difference < t->tolerance;
    case ulps_rule: return difference <= t->absolute || units(x, exact) <= t->tolerance;
    default: return false;
  }
}

/// The first wrong element, or −1; −2 if the result has another size.
static int64_t first_wrong(const test_case *t, result r) {
  if (t->rule == bits_rule) {
    if ((int64_t)r.bytes != t->expected.bytes) return -2;
    const uint8_t *a = r.data, *b = t->expected.data;
    for (size_t i = 0; i < r.bytes; i++)
      if (a[i] != b[i]) return (int64_t)i;
    return -1;
  }
  if (r.bytes != expected_count(t) * sizeof(float)) return -2;
  const float *x = r.data;
  const double *exact = t->expected.data;
  for (size_t i = 0; i < expected_count(t); i++)
    if (!agrees(t, x[i], exact[i])) return (int64_t)i;
  return -1;
}

enum { most_threads = 3 };

typedef struct tally {
  const replayed_function *function;
  long passed, failed, absent;
} tally;

/// Runs a case with each number of threads; false if a result is wrong.
static bool passes(const test_case *t, const replayed_function *function, const vn_kernels *k,
                   vn_pool *const pools[most_threads], bool *absent, long record) {
  result first = {NULL, 0};
  bool ok = true;
  *absent = false;
  for (int i = 0; i < most_threads && ok; i++) {
    const machine m = {.k = k, .pool = pools[i], .threads = vn_pool_threads(pools[i])};
    result r = function->run(t, &m);
    if (!r.data) {
      *absent = true;
      break;
    }
    if (i == 0) {
      first = r;
      const int64_t wrong = first_wrong(t, r);
      if (wrong == -1) continue;
      ok = false;
      if (wrong == -2) {
        printf("  record %ld, %s: %zu bytes\n", record, t->name, r.bytes);
      } else if (t->rule == bits_rule) {
        printf("  record %ld, %s: byte %lld is %d, not %d\n", record, t->name, (long long)wrong,
               ((uint8_t *)r.data)[wrong], ((const uint8_t *)t->expected.data)[wrong]);
      } else {
        printf("  record %ld, %s: element %lld is %.9g, not %.9g\n", record, t->name, (long long)wrong,
               (double)((float *)r.data)[wrong], ((const double *)t->expected.data)[wrong]);
      }
    } else {
      ok = r.bytes == first.bytes && memcmp(r.data, first.data, r.bytes) == 0;
      if (!ok) printf("  record %ld, %s: other bits with %d threads\n", record, t->name, m.threads);
      free(r.data);
    }
  }
  free(first.data);
  return ok;
}

/// The bytes of a file, read whole.
static uint8_t *contents(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) stop("cannot read", path);
  const long length = ftell(file);
  uint8_t *bytes = length > 0 ? malloc((size_t)length) : NULL;
  rewind(file);
  if (!bytes || fread(bytes, 1, (size_t)length, file) != (size_t)length) stop("cannot read", path);
  fclose(file);
  *size = (size_t)length;
  return bytes;
}

/// Takes `bytes`, rounded up to 8, from the file; ends the program when it is shorter.
static const void *take(const uint8_t **at, const uint8_t *end, size_t bytes) {
  const size_t whole = (bytes + 7) / 8 * 8;
  if (whole < bytes || (size_t)(end - *at) < whole) stop("the file ends within a case", "");
  const void *start = *at;
  *at += whole;
  return start;
}

static test_case next_case(const uint8_t **at, const uint8_t *end) {
  typedef struct header {
    char magic[4];
    uint32_t rule;
    double tolerance, absolute;
    uint32_t name_length, count;
  } header;
  test_case t = {0};
  const header *h = take(at, end, sizeof(header));
  if (memcmp(h->magic, "VNKC", 4) != 0 || h->rule > bits_rule || h->name_length >= sizeof t.name || h->count == 0 ||
      h->count > most_operands + 1)
    stop("this is no file of cases", "");
  t.rule = (rule)h->rule, t.tolerance = h->tolerance, t.absolute = h->absolute, t.count = (int)h->count - 1;
  memcpy(t.name, take(at, end, h->name_length), h->name_length);
  for (uint32_t i = 0; i < h->count; i++) {
    const int64_t bytes = *(const int64_t *)take(at, end, sizeof(int64_t));
    operand o = {NULL, 0};
    if (bytes >= 0) o = (operand){take(at, end, (size_t)bytes), bytes};
    if (i + 1 == h->count) t.expected = o;
    else t.operands[i] = o;
  }
  return t;
}

static tally *tally_of(tally *tallies, size_t *count, const char *name) {
  for (size_t i = 0; i < *count; i++)
    if (strcmp(tallies[i].function->name, name) == 0) return tallies + i;
  const replayed_function *tables[] = {replayed_products, replayed_convolutions, replayed_elements};
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    for (const replayed_function *f = tables[i]; f->name; f++)
      if (strcmp(f->name, name) == 0) {
        tallies[*count] = (tally){.function = f};
        return tallies + (*count)++;
      }
  stop("no function of this name is replayed", name);
  return NULL;
}

int main(int count, char **arguments) {
  if (count < 2 || count > 4) stop("usage: replay FILE [neon|portable [FUNCTION]]", "");
  const char *wanted = count > 2 ? arguments[2] : "", *only = count > 3 ? arguments[3] : NULL;
  const vn_isa isa = strcmp(wanted, "portable") == 0 ? VN_PORTABLE : strcmp(wanted, "neon") == 0 ? VN_NEON : vn_best_isa();
  const vn_kernels *k = vn_kernels_for(isa);
  if (!k) stop("this processor does not have", wanted);
#if defined(__aarch64__)
  printf("dot products of int8: %s, of bytes and int8: %s\n", vn_has_neon_dot_products() ? "yes" : "no",
         vn_has_neon_i8mm() ? "yes" : "no");
#endif
  vn_pool *pools[most_threads] = {NULL, vn_pool_create(2), vn_pool_create(3)};
  size_t size = 0, functions = 0;
  uint8_t *bytes = contents(arguments[1], &size);
  const uint8_t *at = bytes, *end = bytes + size;
  tally tallies[64];
  long record = 0, passed = 0, failed = 0, absent = 0;
  for (; at < end; record++) {
    const test_case t = next_case(&at, end);
    if (only && strcmp(t.name, only) != 0) continue;
    tally *of = tally_of(tallies, &functions, t.name);
    bool is_absent = false;
    const bool ok = passes(&t, of->function, k, pools, &is_absent, record);
    if (is_absent) of->absent++;
    else if (ok) of->passed++;
    else of->failed++;
  }
  for (size_t i = 0; i < functions; i++) {
    const tally *t = tallies + i;
    printf("%-20s %6ld passed", t->function->name, t->passed);
    if (t->failed) printf(", %ld failed", t->failed);
    if (t->absent) printf(", %ld that these kernels do not have", t->absent);
    printf("\n");
    passed += t->passed, failed += t->failed, absent += t->absent;
  }
  printf("%ld cases of %zu functions passed, %ld failed, %ld left out; vectors of %d floats\n", passed, functions, failed,
         absent, vn_kernels_lanes(k));
  vn_pool_destroy(pools[1]);
  vn_pool_destroy(pools[2]);
  free(bytes);
  return failed > 0 || passed == 0;
}
