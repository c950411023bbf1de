/* SPDX-License-Identifier: MIT */

/* What the tests of the kernels share: each runs with every table of this
 * processor, on numbers with others around them that must stay as they are. */
#pragma once

#include <glib.h>
#include <string.h>

#include "nn-kernels.h"
#include "nn-rng.h"

#define GUARD 40

static const char *const kernel_names[] = {
  "reference",
#if defined(__x86_64__)
  "avx2",
  "avx512",
  "avx512-bf16",
#elif defined(__aarch64__)
  "neon",
#endif
};

/* Adds the test @function for each table as /kernels/@name/… */
static inline void
add_kernel_tests (const char *name, GTestDataFunc function)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kernel_names); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kernels/%s/%s", kernel_names[i], name);

      g_test_add_data_func (path, kernel_names[i], function);
    }
}

static inline const NnKernels *
find_kernels (gconstpointer name)
{
  const NnKernels *kernels = nn_kernels_find (name);

  if (kernels == NULL)
    g_test_skip ("this processor cannot run them");
  return kernels;
}

static inline void
fill (NnRng *rng, gsize n, float *numbers)
{
  for (gsize i = 0; i < n; i++)
    numbers[i] = (float) nn_rng_normal (rng);
}

/* @n random numbers for a kernel to read; the address sanitizer finds what lies
 * behind them. */
static inline float *
random_numbers (NnRng *rng, gsize n)
{
  float *numbers = g_new (float, MAX (n, 1));

  fill (rng, n, numbers);
  return numbers;
}

/* Places for @n numbers that a kernel writes; they start as random ones. */
static inline float *
guarded_new (NnRng *rng, gsize n)
{
  float *numbers = random_numbers (rng, n + 2 * GUARD);

  for (gsize i = 0; i < GUARD; i++)
    numbers[i] = numbers[GUARD + n + i] = (float) i;
  return numbers + GUARD;
}

static inline float *
guarded_copy (const float *numbers, gsize n)
{
  return (float *) g_memdup2 (numbers - GUARD, (n + 2 * GUARD) * sizeof (float)) + GUARD;
}

/* Frees them and checks that nothing around them was written. */
static inline void
guarded_free (float *numbers, gsize n)
{
  for (gsize i = 0; i < GUARD; i++)
    {
      g_assert_cmpfloat (numbers[(gssize) i - GUARD], ==, i);
      g_assert_cmpfloat (numbers[n + i], ==, i);
    }
  g_free (numbers - GUARD);
}

static inline gboolean
same_bits (float a, float b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

/* Rounds to the nearest number whose lower half is zero, of two the even one. */
static inline double
round_to_bf16 (double number)
{
  float rounded = (float) number;
  guint32 bits;

  memcpy (&bits, &rounded, sizeof bits);
  bits += 0x7fff + (bits >> 16 & 1);
  bits &= 0xffff0000;
  memcpy (&rounded, &bits, sizeof bits);
  return rounded;
}
