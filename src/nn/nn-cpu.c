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
#if defined(__x86_64__)
    case NN_CPU_AVX2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    case NN_CPU_AVX512:
      return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma");
    case NN_CPU_NEON:
      return false;
#elif defined(__aarch64__)
    case NN_CPU_NEON:
      return true; /* part of the architecture */
    case NN_CPU_AVX2:
    case NN_CPU_AVX512:
      return false;
#else
    case NN_CPU_AVX2:
    case NN_CPU_AVX512:
    case NN_CPU_NEON:
      return false;
#endif
    }
  return false;
}
