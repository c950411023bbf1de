/* SPDX-License-Identifier: MIT */
#include "lab-preset-private.h"

#include <glib/gi18n.h>

#include "lab-sample.h"

/* A picture goes through several rounds of convolution, ReLU and pooling, then
 * through dense layers with ReLU between them. The entries read like that. */
#define CONV(side, channels) \
  { .kind = NN_CONV2D, .units = channels, .kernel_height = side, .kernel_width = side }
#define POOL { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 }
#define DENSE(outputs) { .kind = NN_DENSE, .units = outputs }
#define RELU { .kind = NN_RELU }
#define FLATTEN { .kind = NN_FLATTEN }

static const NnLayerSpec quick_layers[] = {
  CONV (5, 8), RELU, POOL,
  CONV (5, 16), RELU, POOL,
  FLATTEN, DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec accurate_layers[] = {
  CONV (5, 32), RELU, POOL,
  CONV (5, 64), RELU, POOL,
  FLATTEN, DENSE (128), RELU, DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec mlp_128_128_layers[] = {
  FLATTEN, DENSE (128), RELU, DENSE (128), RELU, DENSE (LAB_N_CLASSES),
};

typedef struct
{
  LabPreset preset; /* first, so that a LabPreset is found in its entry */
  const NnLayerSpec *layers;
  gsize n_layers;
} Entry;

static const Entry entries[] = {
  { { "quick", N_("Quick"),
      N_("A small convolutional network, trained within seconds"),
      3, 64, 0.008 },
    quick_layers, G_N_ELEMENTS (quick_layers) },
  { { "accurate", N_("Accurate"),
      N_("A larger convolutional network that makes fewer mistakes"),
      10, 64, 0.001 },
    accurate_layers, G_N_ELEMENTS (accurate_layers) },
  { { "mlp-128-128", N_("Two hidden layers"),
      N_("A plain network that does not know which pixels are neighbours"),
      4, 32, 0.001 },
    mlp_128_128_layers, G_N_ELEMENTS (mlp_128_128_layers) },
};

guint
lab_preset_count (void)
{
  return G_N_ELEMENTS (entries);
}

const LabPreset *
lab_preset_get (guint i)
{
  g_return_val_if_fail (i < G_N_ELEMENTS (entries), NULL);

  return &entries[i].preset;
}

const LabPreset *
lab_preset_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (g_strcmp0 (entries[i].preset.name, name) == 0)
      return &entries[i].preset;
  return NULL;
}

NnStatus
lab_preset_build (const LabPreset *preset, guint64 seed, NnNetwork **network)
{
  const Entry *entry = (const Entry *) preset;
  NnShape input = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 1 };
  NnRng rng = nn_rng_new (seed);
  NnStatus status;

  status = nn_network_new (input, entry->layers, entry->n_layers, NULL, network);
  if (status == NN_OK)
    nn_network_init (*network, &rng);
  return status;
}
