// Vectors in memory, and parts of vectors.
typedef float qf_memory __attribute__((ext_vector_type(VQ_LANES), aligned(4), may_alias));
typedef int32_t qi_memory __attribute__((ext_vector_type(VQ_LANES), aligned(1), may_alias));
typedef uint8_t qw __attribute__((ext_vector_type(4 * VQ_LANES)));
typedef uint8_t qw_memory __attribute__((ext_vector_type(4 * VQ_LANES), aligned(1), may_alias));
typedef uint8_t qb __attribute__((ext_vector_type(VQ_LANES)));
typedef uint8_t qb_memory __attribute__((ext_vector_type(VQ_LANES), aligned(1), may_alias));
