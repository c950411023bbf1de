/* SPDX-License-Identifier: MIT */
#include "nn-status.h"

const char *
nn_status_text (NnStatus status)
{
  switch (status)
    {
    case NN_OK:
      return "success";
    case NN_NO_MEMORY:
      return "not enough memory";
    case NN_NO_THREAD:
      return "the system starts no further thread";
    case NN_TOO_LARGE:
      return "a size is too large for this computer";
    case NN_BAD_SHAPE:
      return "a layer does not fit the layer before it";
    case NN_BAD_ARGUMENT:
      return "a setting is outside its range";
    case NN_STOPPED:
      return "stopped";
    case NN_DIVERGED:
      return "the loss is no longer a finite number";
    }
  return "unknown status";
}
