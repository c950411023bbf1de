/* SPDX-License-Identifier: MIT */
#include "nn-predict.h"

#include <stdbool.h>
#include <string.h>

/* As many samples at a time as have this many values at the network's widest
 * place, and no more than the second number. */
#define VALUES ((size_t) 1 << 23)
#define LARGEST_BATCH 256

size_t
nn_predict_batch (const NnNetwork *network, size_t count)
{
  size_t largest = nn_shape_size (nn_network_input (network));
  size_t batch;

  for (size_t i = 0; i < nn_network_n_layers (network); i++)
    {
      size_t size = nn_shape_size (nn_network_layer (network, i)->output);

      largest = size > largest ? size : largest;
    }
  batch = VALUES / largest < LARGEST_BATCH ? VALUES / largest : LARGEST_BATCH;
  batch = batch < count ? batch : count;
  return batch > 0 ? batch : 1;
}

NnStatus
nn_predict (const NnNetwork   *network,
            const NnSamples   *samples,
            NnPool            *pool,
            const atomic_bool *stop,
            NnReal            *logits)
{
  const NnLoading loading = { 0 };
  size_t classes = nn_shape_size (nn_network_output (network));
  size_t max_batch = nn_predict_batch (network, samples->count);
  NnWorkspace *workspace = NULL;
  NnStatus status = nn_samples_check (samples, nn_network_input (network));

  if (status == NN_OK)
    status = nn_workspace_new (network, max_batch, NN_INFERENCE, pool, NULL, &workspace);
  for (size_t first = 0, batch; status == NN_OK && first < samples->count; first += batch)
    {
      if (stop != NULL && atomic_load_explicit (stop, memory_order_relaxed))
        {
          status = NN_STOPPED;
          break;
        }
      batch = samples->count - first < max_batch ? samples->count - first : max_batch;
      nn_samples_load (samples, &loading, first, batch, pool, nn_workspace_input (workspace));
      memcpy (logits + first * classes, nn_forward (network, workspace, batch), batch * classes * sizeof (NnReal));
    }
  nn_workspace_free (workspace);
  return status;
}
