/* SPDX-License-Identifier: MIT */
#pragma once

/* The number type of the whole core. The programs use float. The tests build
 * the same sources a second time with NN_DOUBLE, because central differences
 * in single precision are too coarse to check a gradient with. */
#ifdef NN_DOUBLE
typedef double NnReal;
#else
typedef float NnReal;
#endif
