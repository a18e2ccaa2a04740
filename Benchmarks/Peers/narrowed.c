// Preloaded into an engine whose libraries narrowed.py has changed: answers their questions for the processor's abilities as a
// processor with AVX2 would, so that such a machine can be compared on any.
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

// What stands behind the breakpoint, in the place of the instruction.
enum { asks_cpuid = 0x91, asks_xgetbv = 0x92 };

static uint32_t without(uint32_t bits, const int *names, int count) {
  for (int i = 0; i < count; i++) bits &= ~(UINT32_C(1) << names[i]);
  return bits;
}
#define WITHOUT(bits, ...) \
  without(bits, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static void answer(int number, siginfo_t *info, void *context) {
  (void)info;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const uint8_t question = *(const uint8_t *)registers[REG_RIP];
  if (question == asks_cpuid) {
    const uint32_t leaf = (uint32_t)registers[REG_RAX], part = (uint32_t)registers[REG_RCX];
    uint32_t a, b, c, d;
    __cpuid_count(leaf, part, a, b, c, d);
    if (leaf == 7 && part == 0) {
      // AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL; VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ; 4VNNIW, 4FMAPS, VP2INTERSECT, FP16 and
      // AMX BF16, TILE, INT8.
      b = WITHOUT(b, 16, 17, 21, 26, 27, 28, 30, 31);
      c = WITHOUT(c, 1, 6, 11, 12, 14);
      d = WITHOUT(d, 2, 3, 8, 22, 23, 24, 25);
    } else if (leaf == 7 && part == 1) {
      // AVX-VNNI, AVX-512 BF16, AMX FP16; AVX10. Processors with AVX2 alone mostly lack AVX-VNNI, too.
      a = WITHOUT(a, 4, 5, 21);
      d = WITHOUT(d, 4, 5, 10, 19);
    }
    registers[REG_RAX] = a;
    registers[REG_RBX] = b;
    registers[REG_RCX] = c;
    registers[REG_RDX] = d;
    registers[REG_RIP] += 1;
  } else if (question == asks_xgetbv) {
    uint32_t a, d;
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"((uint32_t)registers[REG_RCX]));
    // The registers of AVX-512 and of AMX are not kept.
    registers[REG_RAX] = WITHOUT(a, 5, 6, 7, 17, 18);
    registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
  } else {
    signal(number, SIG_DFL);
    raise(number);
  }
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGTRAP, &action, 0);
}
