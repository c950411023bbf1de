/* SPDX-License-Identifier: MIT */
#pragma once

/* Short words for those who plan paths: each function has a LabPenPath *p. Every
 * question has a letter, its own within the function, see lab_pen_path_vary(). */

#include "lab-pen-path.h"

#define vary(question, mean, deviation) lab_pen_path_vary (p, question, mean, deviation)
#define between(question, least, most) lab_pen_path_between (p, question, least, most)
#define count(question, least, most) lab_pen_path_count (p, question, least, most)
#define chance(question, probability) lab_pen_path_chance (p, question, probability)
#define lift() lab_pen_path_lift (p)
#define to(x, y) lab_pen_path_to (p, x, y)
#define corner(x, y) lab_pen_path_corner (p, x, y)
#define line(x, y, bend) lab_pen_path_line (p, x, y, bend)
#define arc(x, y, rx, ry, from, until, growth) lab_pen_path_arc (p, x, y, rx, ry, from, until, growth)
#define tilt(first, x, rise) lab_pen_path_tilt (p, first, x, rise)
