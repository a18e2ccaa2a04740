// Runs the kernels on cases that the Swift tests have written to a file, on processors where those tests do not run.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CVisionKernels.h"

/// An argument of a function; `data` is NULL where it is missing.
typedef struct operand {
  const void *data;
  int64_t bytes;
} operand;

/// How a result is compared with the expected one, see `KernelCases.Rule`.
typedef enum rule { distance_rule, absolute_rule, ulps_rule, bits_rule } rule;

enum { most_operands = 12 };

/// One record of the file.
typedef struct test_case {
  char name[64];
  rule rule;
  double tolerance, absolute;
  int count;  ///< of operands, without the expected result
  operand operands[most_operands], expected;
} test_case;

/// What a case runs on.
typedef struct machine {
  const vn_kernels *k;
  vn_pool *pool;
  int threads;
} machine;

/// A result: memory that the caller frees. NULL where the kernels do not have the operation for this case.
typedef struct result {
  void *data;
  size_t bytes;
} result;

typedef struct replayed_function {
  const char *name;
  result (*run)(const test_case *t, const machine *m);
} replayed_function;

extern const replayed_function replayed_products[], replayed_convolutions[], replayed_elements[];

/// Operand `index` as a structure or array of at least `bytes`; ends the program when there is less.
const void *given(const test_case *t, int index, size_t bytes);
/// An operand that may be missing.
const void *given_or_null(const test_case *t, int index);
/// Number `at` of an operand of 64-bit integers.
int64_t number(const test_case *t, int index, size_t at);
/// Bytes of an operand.
size_t given_bytes(const test_case *t, int index);
/// Elements of the expected result.
size_t expected_count(const test_case *t);
/// Memory for floats, filled with a value; ends the program when there is none.
float *new_floats(size_t count, float value);
/// Memory that is to be overwritten, filled with NaN.
float *new_scratch(size_t count);

static inline result floats_result(float *y, size_t count) { return (result){y, count * sizeof(float)}; }
