/* SPDX-License-Identifier: MIT */

/* What the tests of training share: pictures to learn, networks, and a record of
 * a run. */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-trainer.h"

#define SIDE 8
#define SIZE (SIDE * SIDE)
#define CLASSES 4
#define COUNT 400

/* A bright quarter in a noisy picture: its corner is the class. */
typedef struct
{
  guint8 images[COUNT][SIZE];
  guint8 labels[COUNT];
  NnSamples samples;
} Pictures;

static inline Pictures *
pictures_new (guint64 seed)
{
  Pictures *pictures = g_new (Pictures, 1);
  NnRng rng = nn_rng_new (seed);

  for (guint i = 0; i < COUNT; i++)
    {
      guint label = pictures->labels[i] = nn_rng_below (&rng, CLASSES);

      for (guint p = 0; p < SIZE; p++)
        {
          gboolean bright = (p / SIDE >= SIDE / 2) == label / 2 && (p % SIDE >= SIDE / 2) == label % 2;

          pictures->images[i][p] = nn_rng_below (&rng, 128) + (bright ? 100 : 0);
        }
    }
  pictures->samples = (NnSamples){ COUNT, { SIDE, SIDE, 1 }, pictures->images[0], pictures->labels };
  return pictures;
}

static const NnLayerSpec conv_specs[] = {
  { .kind = NN_CONV2D, .units = 4, .kernel_height = 3, .kernel_width = 3, .padding = NN_PADDING_SAME },
  { .kind = NN_RELU },
  { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 },
  { .kind = NN_FLATTEN },
  { .kind = NN_DENSE, .units = CLASSES },
};

/* All that a training step has to do with. */
static const NnLayerSpec full_specs[] = {
  { .kind = NN_CONV2D, .units = 5, .kernel_height = 3, .kernel_width = 3, .padding = NN_PADDING_SAME },
  { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = 0.9 },
  { .kind = NN_RELU },
  { .kind = NN_CONV2D, .units = 6, .kernel_height = 5, .kernel_width = 5 },
  { .kind = NN_LEAKY_RELU, .slope = 0.1 },
  { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 },
  { .kind = NN_DROPOUT, .rate = 0.25 },
  { .kind = NN_FLATTEN },
  { .kind = NN_DENSE, .units = 9 },
  { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = 0.9 },
  { .kind = NN_TANH },
  { .kind = NN_DROPOUT, .rate = 0.5 },
  { .kind = NN_DENSE, .units = CLASSES },
};

static const NnLayerSpec mlp_specs[] = {
  { .kind = NN_FLATTEN },
  { .kind = NN_DENSE, .units = 33 },
  { .kind = NN_RELU },
  { .kind = NN_DENSE, .units = 17 },
  { .kind = NN_RELU },
  { .kind = NN_DENSE, .units = CLASSES },
};

static inline NnNetwork *
network_new_from (const NnLayerSpec *specs, gsize n_specs, guint64 seed)
{
  NnRng rng = nn_rng_new (seed);
  NnNetwork *network;

  g_assert_cmpint (nn_network_new ((NnShape){ SIDE, SIDE, 1 }, specs, n_specs, NULL, &network), ==, NN_OK);
  nn_network_init (network, &rng);
  return network;
}

static inline NnNetwork *
network_new (guint64 seed)
{
  return network_new_from (conv_specs, G_N_ELEMENTS (conv_specs), seed);
}

/* Returns all that training changes, parameters and statistics. */
static inline GBytes *
network_dup_state (const NnNetwork *network)
{
  GByteArray *state = g_byte_array_new ();

  g_byte_array_append (state, (const guint8 *) nn_network_parameters_const (network),
                       nn_network_n_parameters (network) * sizeof (NnReal));
  if (nn_network_n_statistics (network) > 0)
    g_byte_array_append (state, (const guint8 *) nn_network_statistics_const (network),
                         nn_network_n_statistics (network) * sizeof (NnReal));
  return g_byte_array_free_to_bytes (state);
}

static const NnTrainOptions adam = {
  .epochs = 6,
  .batch_size = 30,
  .optimizer = NN_ADAM,
  .schedule = { .kind = NN_CONSTANT, .learning_rate = 0.01 },
  .validation_share = 0.25,
  .seed = 9,
};

#define MAX_EPOCHS 40

typedef struct
{
  NnEpoch epochs[MAX_EPOCHS];
  GBytes *states[MAX_EPOCHS]; /* of the network, after each epoch */
  guint n_epochs;
  NnCalibration calibration;
  guint n_calibrations;
  double fraction;
  atomic_bool stop;
  double stop_at; /* raise the flag at this fraction */
} Record;

static inline void
record_clear (Record *record)
{
  for (guint i = 0; i < record->n_epochs; i++)
    g_bytes_unref (record->states[i]);
  *record = (Record){ 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Record, record_clear)

static inline void
record_batch (void *data, double fraction)
{
  Record *record = data;

  g_assert_cmpfloat (fraction, >, record->fraction);
  record->fraction = fraction;
  if (record->stop_at > 0 && fraction >= record->stop_at)
    atomic_store (&record->stop, TRUE);
}

static inline void
record_epoch (void *data, const NnEpoch *epoch, const NnNetwork *network)
{
  Record *record = data;

  g_assert_cmpuint (record->n_epochs, <, MAX_EPOCHS);
  g_assert_cmpuint (epoch->epoch, ==, record->n_epochs + 1);
  record->epochs[record->n_epochs] = *epoch;
  record->states[record->n_epochs++] = network_dup_state (network);
}

static inline void
record_calibration (void *data, const NnCalibration *calibration)
{
  Record *record = data;

  record->calibration = *calibration;
  record->n_calibrations++;
}

static inline NnStatus
train (NnNetwork *network, const NnSamples *samples, const NnTrainOptions *options, guint workers, Record *record)
{
  const NnTrainHooks hooks = {
    .stop = &record->stop,
    .batch_done = record_batch,
    .epoch_done = record_epoch,
    .calibrated = record_calibration,
    .data = record,
  };
  NnPool *pool;
  NnStatus status;

  g_assert_cmpint (nn_pool_new (workers, &pool), ==, NN_OK);
  status = nn_train (network, samples, options, pool, &hooks);
  nn_pool_free (pool);
  return status;
}
