/* SPDX-License-Identifier: MIT */
#pragma once

/* Marks a function whose result must not be thrown away. */
#define NN_MUST_CHECK __attribute__ ((warn_unused_result))

/* What a function of the core can answer. Zero is success. */
typedef enum
{
  NN_OK = 0,
  NN_NO_MEMORY,    /* the system has no memory left */
  NN_NO_THREAD,    /* the system cannot start another thread */
  NN_TOO_LARGE,    /* a size does not fit in size_t */
  NN_BAD_SHAPE,    /* a layer does not fit the layer before it */
  NN_BAD_ARGUMENT, /* a setting is outside its range */
  NN_STOPPED,      /* the caller's stop flag was raised */
  NN_DIVERGED,     /* the loss is no longer a finite number */
} NnStatus;
