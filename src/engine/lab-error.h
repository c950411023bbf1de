/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LAB_ERROR (lab_error_quark ())

typedef enum
{
  LAB_ERROR_FAILED,      /* memory, threads and the like */
  LAB_ERROR_FORMAT,      /* a file is not what it should be */
  LAB_ERROR_UNSUPPORTED, /* a file is right but holds what we cannot use */
  LAB_ERROR_TOO_LARGE,   /* a file would need more memory than is allowed */
  LAB_ERROR_NOT_FOUND,   /* a folder has not the files that were looked for */
  LAB_ERROR_DIVERGED,    /* training produced numbers that are not finite */
} LabError;

GQuark lab_error_quark (void);

G_END_DECLS
