/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-error.h"

#include "nn-status.h"

G_BEGIN_DECLS

/* Sets @error to what the core answered; @status is not NN_OK. @what, the file
 * or the task that failed, starts the message. NN_STOPPED becomes
 * G_IO_ERROR_CANCELLED. The one place where a status becomes a GError. */
void lab_error_set_from_status (GError **error, NnStatus status, const char *what);

G_END_DECLS
