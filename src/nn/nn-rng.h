/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014). Its whole state is a counter, so it can be saved,
 * copied and compared. Not for secrets. */
typedef struct
{
  uint64_t state;
} NnRng;

/* Returns a generator for @seed; equal seeds give equal sequences. */
NnRng nn_rng_new (uint64_t seed);

/* Returns a generator for the number @index of the stream @stream of @seed. It
 * depends on these three alone: whoever asks, in whatever order, is given the
 * same numbers. */
NnRng nn_rng_for (uint64_t seed, uint64_t stream, uint64_t index);

/* Returns the next 64 random bits. */
uint64_t nn_rng_next (NnRng *rng);

/* Returns a number in [0, 1), from 53 random bits. */
double nn_rng_uniform (NnRng *rng);

/* Returns a number from the normal distribution with mean 0 and variance 1
 * (Box and Muller 1958). */
double nn_rng_normal (NnRng *rng);

/* Returns a number in [0, @bound), each equally likely; @bound is not zero. */
uint64_t nn_rng_below (NnRng *rng, uint64_t bound);

/* Puts the @n numbers of @items in random order (Fisher and Yates). */
void nn_rng_shuffle (NnRng *rng, uint32_t *items, size_t n);
