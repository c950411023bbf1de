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
