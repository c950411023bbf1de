/* SPDX-License-Identifier: MIT */
#include "nn-cpu.h"

/* GCC's and Clang's __builtin_cpu_supports() asks cpuid for the instructions
 * and xgetbv whether the operating system saves the registers they use. */
bool
nn_cpu_supports (NnCpu cpu)
{
  switch (cpu)
    {
    case NN_CPU_REFERENCE:
      return true;
    case NN_CPU_AVX2:
#if defined(__x86_64__)
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
      return false;
#endif
    case NN_CPU_AVX512:
#if defined(__x86_64__)
      return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma");
#else
      return false;
#endif
    case NN_CPU_AVX512_BF16:
#if defined(__x86_64__)
      return __builtin_cpu_supports ("avx512bf16") && __builtin_cpu_supports ("avx512bw") && nn_cpu_supports (NN_CPU_AVX512);
#else
      return false;
#endif
    case NN_CPU_NEON:
#if defined(__aarch64__)
      return true; /* part of the architecture */
#else
      return false;
#endif
    }
  return false;
}

#if defined(__x86_64__)
#define FLUSH_TO_ZERO 0x8000u
#define DENORMALS_ARE_ZERO 0x0040u

uint64_t
nn_cpu_flush_denormals (void)
{
  unsigned before = __builtin_ia32_stmxcsr ();

  __builtin_ia32_ldmxcsr (before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
  return before;
}

void
nn_cpu_restore (uint64_t before)
{
  __builtin_ia32_ldmxcsr ((unsigned) before);
}
#elif defined(__aarch64__)
#define FLUSH_TO_ZERO (UINT64_C (1) << 24)

uint64_t
nn_cpu_flush_denormals (void)
{
  uint64_t before;

  __asm__ volatile ("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile ("msr fpcr, %0" : : "r"(before | FLUSH_TO_ZERO));
  return before;
}

void
nn_cpu_restore (uint64_t before)
{
  __asm__ volatile ("msr fpcr, %0" : : "r"(before));
}
#else
uint64_t
nn_cpu_flush_denormals (void)
{
  return 0;
}

void
nn_cpu_restore (uint64_t before)
{
}
#endif
