/* SPDX-License-Identifier: MIT */
#include "lab-preset-private.h"

#include <glib/gi18n.h>

#include "lab-sample.h"

/* The networks read from the picture to the ten classes. */
#define CONV(side, channels) \
  { .kind = NN_CONV2D, .units = channels, .kernel_height = side, .kernel_width = side }
#define CONV_SAME(side, channels) \
  { .kind = NN_CONV2D, .units = channels, .kernel_height = side, .kernel_width = side, .padding = NN_PADDING_SAME }
#define DENSE(outputs) { .kind = NN_DENSE, .units = outputs }
#define NORM { .kind = NN_BATCH_NORM, .epsilon = 1e-3, .momentum = 0.99 } /* as Keras has it */
#define QUICK_NORM { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = 0.9 } /* for runs of a thousand steps */
#define RELU { .kind = NN_RELU }
#define POOL { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 }
#define GLOBAL_POOL { .kind = NN_GLOBAL_AVERAGE_POOL }
#define DROPOUT(probability) { .kind = NN_DROPOUT, .rate = probability }
#define FLATTEN { .kind = NN_FLATTEN }

/* Pooling before batch norm, which then has a quarter of the values to work on. */
static const NnLayerSpec quick_layers[] = {
  CONV (5, 16), POOL, QUICK_NORM, RELU,
  CONV_SAME (3, 32), POOL, QUICK_NORM, RELU,
  CONV_SAME (3, 64), POOL, QUICK_NORM, RELU,
  FLATTEN, DENSE (LAB_N_CLASSES),
};

/* As many weights as a file of 1 MB holds, behind a first layer that pools at
 * once, because half of the time would go into the full image. */
static const NnLayerSpec accurate_layers[] = {
  CONV (5, 32), POOL, QUICK_NORM, RELU,
  CONV_SAME (3, 64), QUICK_NORM, RELU, CONV_SAME (3, 64), POOL, QUICK_NORM, RELU,
  CONV_SAME (3, 112), QUICK_NORM, RELU, CONV_SAME (3, 112), POOL, QUICK_NORM, RELU,
  FLATTEN, DROPOUT (0.2), DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec lenet_layers[] = {
  CONV (5, 32), RELU, POOL,
  CONV (5, 64), RELU, POOL,
  FLATTEN, DENSE (128), RELU, DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec cnn_bn_layers[] = {
  CONV_SAME (3, 32), NORM, RELU, CONV_SAME (3, 32), NORM, RELU, POOL, DROPOUT (0.25),
  CONV_SAME (3, 64), NORM, RELU, CONV_SAME (3, 64), NORM, RELU, POOL, DROPOUT (0.25),
  CONV_SAME (3, 128), NORM, RELU, GLOBAL_POOL,
  FLATTEN, DENSE (512), NORM, RELU, DROPOUT (0.5), DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec mlp_128_128_layers[] = {
  FLATTEN, DENSE (128), RELU, DENSE (128), RELU, DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec mlp_300_100_layers[] = {
  FLATTEN, DENSE (300), RELU, DENSE (100), RELU, DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec mlp_500_500_layers[] = {
  FLATTEN, DENSE (500), RELU, DENSE (500), RELU, DENSE (LAB_N_CLASSES),
};

static const NnLayerSpec mlp_512_512_512_layers[] = {
  FLATTEN, DENSE (512), RELU, DENSE (512), RELU, DENSE (512), RELU, DENSE (LAB_N_CLASSES),
};

typedef struct
{
  LabPreset preset; /* first, so that a LabPreset is found in its entry */
  const NnLayerSpec *layers;
  gsize n_layers;
} Entry;

#define LAYERS(array) .layers = array, .n_layers = G_N_ELEMENTS (array)

/* What settings start from that a preset does not use but its user may choose. */
#define DEFAULTS .schedule_factor = 0.5, .schedule_epochs = 3, .warm_up = 0.15, .elastic_radius = 5

#define ADAM(rate) DEFAULTS, .optimizer = LAB_OPTIMIZER_ADAM, .learning_rate = rate
#define SGD(rate) DEFAULTS, .optimizer = LAB_OPTIMIZER_SGD, .learning_rate = rate

#define ACCURATE \
  { ADAM (0.01), .schedule = LAB_SCHEDULE_ONE_CYCLE, .epochs = 20, .batch_size = 64, .label_smoothing = 0.1, \
    .rotation = 10, .shift = 2, .zoom = 0.1, .shear = 8, .elastic = 0.5, .doodles = 0.05, .validation_share = 0.05 }

/* Three of our own, and the networks of five projects that taught them, with the
 * settings that those were trained with. */
static const Entry entries[] = {
  {
    .preset = {
      "quick", N_("Quick"), N_("A small convolutional network, trained within seconds"),
      { ADAM (0.02), .schedule = LAB_SCHEDULE_ONE_CYCLE, .epochs = 2, .batch_size = 64, .label_smoothing = 0.1,
        .rotation = 8, .shift = 1, .zoom = 0.08, .shear = 5, .doodles = 0.1, .validation_share = 0.05 },
    },
    LAYERS (quick_layers),
  },
  {
    .preset = { "accurate", N_("Accurate"), N_("Five convolutional layers, trained for minutes to make few mistakes"), ACCURATE },
    LAYERS (accurate_layers),
  },
  /* A notebook in Keras: 97.17 % after 4 epochs on all images. */
  {
    .preset = {
      "mlp-128-128", N_("Dense 128–128"), N_("Two hidden layers that do not know which pixels are neighbours"),
      { ADAM (0.001), .epochs = 4, .batch_size = 32 },
    },
    LAYERS (mlp_128_128_layers),
  },

  /* A notebook in Keras that holds out 5,000 of the 60,000 images: 97.69 %. */
  {
    .preset = {
      "mlp-300-100", N_("Dense 300–100"), N_("Two hidden layers, trained for long with small, plain steps"),
      { SGD (0.01), .epochs = 30, .batch_size = 32, .validation_share = 5000 / 60000.0 },
    },
    LAYERS (mlp_300_100_layers),
  },

  /* The two networks of another notebook in Keras: 97.79 % and 97.82 %. */
  {
    .preset = {
      "mlp-500-500", N_("Dense 500–500"), N_("Two wide hidden layers, trained for long with small, plain steps"),
      { SGD (0.01), .epochs = 30, .batch_size = 32, .validation_share = 0.1 },
    },
    LAYERS (mlp_500_500_layers),
  },
  {
    .preset = {
      "mlp-512-512-512", N_("Dense 512–512–512"), N_("Three wide hidden layers, trained for long with small, plain steps"),
      { SGD (0.01), .epochs = 30, .batch_size = 32, .validation_share = 0.1 },
    },
    LAYERS (mlp_512_512_512_layers),
  },

  /* The network of TensorFlow's tutorial, in a project that shows its first
   * kernels. The number of epochs is ours: on images held out, the loss is
   * smallest after 5 or 6. */
  {
    .preset = {
      "lenet", N_("LeNet"), N_("Two convolutional layers and two dense ones, as in TensorFlow’s tutorial"),
      { ADAM (0.001), .epochs = 6, .batch_size = 128 },
    },
    LAYERS (lenet_layers),
  },

  /* A web page's network, made with Keras: 99.67 %. Its shear is not recorded;
   * 5° are ours. */
  {
    .preset = {
      "cnn-bn", N_("Deep"), N_("Five convolutional layers and ever-changing images: the most accurate, and the slowest"),
      { ADAM (0.001), .schedule = LAB_SCHEDULE_PLATEAU, .epochs = 30, .batch_size = 128, .validation_share = 0.1,
        .rotation = 10, .shift = 2.8, .zoom = 0.1, .shear = 5, .patience = 7, .restore_best = TRUE },
    },
    LAYERS (cnn_bn_layers),
  },

  {
    .preset = { "ensemble", N_("Ensemble"), N_("Five accurate networks that vote"), ACCURATE, .members = 5 },
    LAYERS (accurate_layers),
  },
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
