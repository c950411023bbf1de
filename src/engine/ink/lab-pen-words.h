/* SPDX-License-Identifier: MIT */
#pragma once

/* Short words for those who plan paths: each function has a LabPenPath *p. The
 * place in the source is the site of a question, see lab_pen_path_vary(). */

#include "lab-pen-path.h"

#define vary(mean, deviation) lab_pen_path_vary (p, __COUNTER__, mean, deviation)
#define between(least, most) lab_pen_path_between (p, __COUNTER__, least, most)
#define count(least, most) lab_pen_path_count (p, __COUNTER__, least, most)
#define chance(probability) lab_pen_path_chance (p, __COUNTER__, probability)
#define lift() lab_pen_path_lift (p)
#define to(x, y) lab_pen_path_to (p, x, y)
#define corner(x, y) lab_pen_path_corner (p, x, y)
#define line(x, y, bend) lab_pen_path_line (p, x, y, bend)
#define arc(x, y, rx, ry, from, until, growth) lab_pen_path_arc (p, x, y, rx, ry, from, until, growth)
#define tilt(first, x, rise) lab_pen_path_tilt (p, first, x, rise)
