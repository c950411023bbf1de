/* SPDX-License-Identifier: MIT */

/* Each option of a training does what it says. */

#include "nn-loss.h"
#include "nn-predict.h"
#include "training.h"

/* Labels that have nothing to do with the pictures: they can be learned by
 * heart, and then the held-out loss rises. */
static Pictures *
nonsense_new (void)
{
  Pictures *pictures = pictures_new (1);
  NnRng rng = nn_rng_new (17);

  for (guint i = 0; i < COUNT; i++)
    pictures->labels[i] = nn_rng_below (&rng, CLASSES);
  return pictures;
}

/* Checks is_best of all epochs and returns the number of the best one. */
static guint
check_best (const Record *record, gboolean held_out)
{
  double smallest = INFINITY;
  guint best = 0;

  for (guint i = 0; i < record->n_epochs; i++)
    {
      double loss = held_out ? record->epochs[i].val_loss : record->epochs[i].loss;

      g_assert_cmpint (record->epochs[i].is_best, ==, loss < smallest);
      if (loss < smallest)
        {
          smallest = loss;
          best = i + 1;
        }
    }
  return best;
}

static void
check_state (const NnNetwork *network, const Record *record, guint epoch)
{
  g_autoptr (GBytes) state = network_dup_state (network);

  g_assert_true (g_bytes_equal (state, record->states[epoch - 1]));
}

static void
test_early_stopping (void)
{
  g_autofree Pictures *pictures = nonsense_new ();
  NnTrainOptions options = adam;

  options.epochs = MAX_EPOCHS;
  for (guint patience = 1; patience <= 3; patience += 2)
    for (guint restore = 0; restore <= 1; restore++)
      {
        NnNetwork *network = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
        g_auto (Record) record = { 0 };
        guint best;

        options.patience = patience;
        options.restore_best = restore;
        g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
        best = check_best (&record, TRUE);
        g_assert_cmpuint (record.n_epochs, <, MAX_EPOCHS);
        g_assert_cmpuint (record.n_epochs, ==, best + patience);
        check_state (network, &record, restore ? best : record.n_epochs);
        nn_network_free (network);
      }
}

/* Also when the run is stopped from outside. */
static void
test_restore_stopped (void)
{
  g_autofree Pictures *pictures = nonsense_new ();
  NnNetwork *network = network_new_from (mlp_specs, G_N_ELEMENTS (mlp_specs), 3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { .stop_at = 0.78 };
  guint best;

  options.epochs = 20;
  options.restore_best = TRUE;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_STOPPED);
  g_assert_cmpuint (record.n_epochs, ==, 15);
  best = check_best (&record, TRUE);
  g_assert_cmpuint (best, <, 15);
  check_state (network, &record, best);
  nn_network_free (network);
}

/* Without held-out samples the training's loss is watched. With a rate that is
 * too high it goes up and down. */
static void
test_watch_training (void)
{
  g_autofree Pictures *pictures = nonsense_new ();
  NnNetwork *network = network_new_from (mlp_specs, G_N_ELEMENTS (mlp_specs), 3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  guint best;

  options.epochs = MAX_EPOCHS;
  options.validation_share = 0;
  options.schedule.learning_rate = 0.2;
  options.patience = 2;
  options.restore_best = TRUE;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
  best = check_best (&record, FALSE);
  g_assert_cmpuint (record.n_epochs, ==, best + 2);
  check_state (network, &record, best);
  nn_network_free (network);
}

static void
test_plateau (void)
{
  g_autofree Pictures *pictures = nonsense_new ();
  NnNetwork *network = network_new_from (mlp_specs, G_N_ELEMENTS (mlp_specs), 3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  double rate = 0.01;
  guint waited = 0;

  options.epochs = 20;
  options.schedule = (NnSchedule){ .kind = NN_PLATEAU, .learning_rate = rate, .factor = 0.5, .epochs = 2 };
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
  for (guint i = 0; i < record.n_epochs; i++)
    {
      g_assert_cmpfloat (record.epochs[i].learning_rate, ==, rate);
      waited = record.epochs[i].is_best ? 0 : waited + 1;
      if (waited == 2)
        {
          waited = 0;
          rate /= 2;
        }
    }
  g_assert_cmpfloat (rate, <, 0.003);
  nn_network_free (network);
}

/* A layer without hidden ones, which with so small a rate follows the same
 * gradient all the time: how far it goes is the sum of the rates. */
static NnReal
moved_with (NnSchedule schedule)
{
  static const NnLayerSpec specs[] = { { .kind = NN_FLATTEN }, { .kind = NN_DENSE, .units = CLASSES } };
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network;
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  NnReal moved;

  options.optimizer = NN_SGD;
  options.schedule = schedule;
  options.schedule.learning_rate = 1e-6;
  options.validation_share = 0;
  options.batch_size = COUNT / 2;
  options.epochs = 8;
  g_assert_cmpint (nn_network_new ((NnShape){ SIDE, SIDE, 1 }, specs, 2, NULL, &network), ==, NN_OK);
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
  moved = nn_network_parameters (network)[0];
  /* Of the last of 16 steps. */
  if (schedule.kind == NN_COSINE)
    g_assert_cmpfloat_with_epsilon (record.epochs[7].learning_rate, 1e-6 * (1 + cos (G_PI * 15 / 16)) / 2, 1e-18);
  nn_network_free (network);
  return moved;
}

static void
test_schedule (void)
{
  double constant = moved_with ((NnSchedule){ .kind = NN_CONSTANT });

  /* Σ (1 + cos (π t / 16)) / 2 for t = 0 … 15 is 8.5. */
  g_assert_cmpfloat_with_epsilon (moved_with ((NnSchedule){ .kind = NN_COSINE }) / constant, 8.5 / 16, 2e-2);
  /* 3 epochs of 1, 3 of 1/2, 2 of 1/4. */
  g_assert_cmpfloat_with_epsilon (moved_with ((NnSchedule){ .kind = NN_STEP, .factor = 0.5, .epochs = 3 }) / constant,
                                  5.0 / 8, 2e-2);
}

/* Returns a network after one step of SGD with rate 1, and how far it went. */
static NnNetwork *
first_step (double clip_norm, const NnNetwork *start, double *norm)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network;
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  double squares = 0;

  options.epochs = 1;
  options.batch_size = COUNT;
  options.validation_share = 0;
  options.optimizer = NN_SGD;
  options.schedule.learning_rate = 1;
  options.clip_norm = clip_norm;
  g_assert_cmpint (nn_network_copy (start, &network), ==, NN_OK);
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  for (gsize i = 0; i < nn_network_n_parameters (network); i++)
    {
      double difference = nn_network_parameters (network)[i] - nn_network_parameters_const (start)[i];

      squares += difference * difference;
    }
  *norm = sqrt (squares);
  return network;
}

/* A step that is too large keeps its direction; another stays as it is. */
static void
test_clip (void)
{
  NnNetwork *start = network_new (3), *network, *clipped;
  double norm, clipped_norm;

  network = first_step (0, start, &norm);
  g_assert_cmpfloat (norm, >, 0.1);
  for (double share = 0.25; share < 2; share += 1)
    {
      double scale = MIN (share, 1);

      clipped = first_step (share * norm, start, &clipped_norm);
      g_assert_cmpfloat_with_epsilon (clipped_norm, scale * norm, 1e-5 * norm);
      for (gsize i = 0; i < nn_network_n_parameters (start); i++)
        {
          double from = nn_network_parameters (start)[i];

          g_assert_cmpfloat_with_epsilon (nn_network_parameters (clipped)[i] - from,
                                          scale * (nn_network_parameters (network)[i] - from), 1e-6);
        }
      nn_network_free (clipped);
    }
  nn_network_free (network);
  nn_network_free (start);
}

/* Weight decay takes its share of the weights, and of nothing else. */
static void
test_weight_decay (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *start = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
  NnNetwork *networks[2];
  NnTrainOptions options = adam;

  options.epochs = 1;
  options.batch_size = COUNT;
  options.schedule.learning_rate = 0.01;
  for (guint i = 0; i < 2; i++)
    {
      g_auto (Record) record = { 0 };

      options.weight_decay = i * 0.5;
      networks[i] = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
      g_assert_cmpint (train (networks[i], &pictures->samples, &options, 1, &record), ==, NN_OK);
    }
  for (gsize l = 0; l < nn_network_n_layers (start); l++)
    {
      const NnLayer *layer = nn_network_layer (start, l);
      gboolean decays = layer->spec.kind == NN_DENSE || layer->spec.kind == NN_CONV2D;

      for (gsize i = layer->weights; i < layer->weights + layer->n_weights + layer->n_biases; i++)
        {
          double taken = nn_network_parameters (networks[0])[i] - nn_network_parameters (networks[1])[i];
          gboolean is_weight = decays && i < layer->biases;

          g_assert_cmpfloat_with_epsilon (taken, is_weight ? 0.005 * nn_network_parameters (start)[i] : 0, 1e-6);
        }
    }
  for (guint i = 0; i < 2; i++)
    nn_network_free (networks[i]);
  nn_network_free (start);
}

/* With smoothed labels, too, the losses fall to 0 and not below. */
static void
test_label_smoothing (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };

  options.label_smoothing = 0.2;
  options.epochs = 20;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
  g_assert_cmpfloat (record.epochs[0].loss, >, 0.1);
  g_assert_cmpfloat (record.epochs[19].loss, >, 0);
  g_assert_cmpfloat (record.epochs[19].loss, <, 0.05);
  g_assert_cmpfloat (record.epochs[19].val_loss, >, 0);
  g_assert_cmpfloat (record.epochs[19].val_loss, <, 0.05);
  nn_network_free (network);
}

/* Returns a network in the state @state. */
static NnNetwork *
network_in_state (GBytes *state)
{
  NnNetwork *network = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
  const NnReal *values = g_bytes_get_data (state, NULL);
  gsize n = nn_network_n_parameters (network);

  memcpy (nn_network_parameters (network), values, n * sizeof (NnReal));
  memcpy (nn_network_statistics (network), values + n, nn_network_n_statistics (network) * sizeof (NnReal));
  return network;
}

static double
held_out_loss (const NnNetwork *network, const NnSamples *samples)
{
  NnReal logits[COUNT * CLASSES];
  gsize correct = 0;

  g_assert_cmpint (nn_predict (network, samples, NULL, NULL, logits), ==, NN_OK);
  return nn_softmax_cross_entropy (logits, samples->labels, samples->count, CLASSES, 0, NULL, &correct) / samples->count;
}

/* What is validated, recorded and left is the average of what the same training
 * without it has after each step: one epoch is one step here. */
static void
test_average (void)
{
  g_autofree Pictures *pictures = pictures_new (1), *others = pictures_new (2);
  NnNetwork *start = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
  NnNetwork *plain = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
  NnNetwork *network = network_new_from (full_specs, G_N_ELEMENTS (full_specs), 3);
  g_autoptr (GBytes) state = network_dup_state (start);
  g_autofree NnReal *expected = g_memdup2 (g_bytes_get_data (state, NULL), g_bytes_get_size (state));
  NnTrainOptions options = adam;
  g_auto (Record) steps = { 0 }, averages = { 0 };

  options.epochs = 30;
  options.batch_size = COUNT;
  options.validation_share = 0;
  options.validation = &others->samples;
  g_assert_cmpint (train (plain, &pictures->samples, &options, 1, &steps), ==, NN_OK);
  options.average = 0.7;
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &averages), ==, NN_OK);

  for (guint step = 0; step < options.epochs; step++)
    {
      const NnReal *values = g_bytes_get_data (steps.states[step], NULL);
      const NnReal *averaged = g_bytes_get_data (averages.states[step], NULL);
      double left = MIN (0.7, (step + 1) / (step + 10.0));
      NnNetwork *then = network_in_state (averages.states[step]);

      for (gsize i = 0; i < g_bytes_get_size (state) / sizeof (NnReal); i++)
        {
          expected[i] = left * expected[i] + (1 - left) * values[i];
          g_assert_cmpfloat_with_epsilon (averaged[i], expected[i], 1e-5);
        }
      g_assert_cmpfloat_with_epsilon (averages.epochs[step].val_loss, held_out_loss (then, &others->samples), 1e-5);
      g_assert_cmpfloat (averages.epochs[step].loss, ==, steps.epochs[step].loss);
      nn_network_free (then);
    }
  check_state (network, &averages, options.epochs);
  nn_network_free (start);
  nn_network_free (plain);
  nn_network_free (network);
}

/* A stopped run leaves the average, too, and so does one that goes back. */
static void
test_average_left (void)
{
  g_autofree Pictures *pictures = nonsense_new ();
  NnNetwork *network = network_new (3), *plain = network_new (3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 }, stopped = { .stop_at = 0.4 }, without = { .stop_at = 0.4 };

  options.average = 0.9;
  options.epochs = 20;
  options.restore_best = TRUE;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
  check_state (network, &record, check_best (&record, TRUE));
  nn_network_free (network);

  options.restore_best = FALSE;
  network = network_new (3);
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &stopped), ==, NN_STOPPED);
  options.average = 0;
  g_assert_cmpint (train (plain, &pictures->samples, &options, 1, &without), ==, NN_STOPPED);
  g_assert_cmpfloat (nn_network_parameters (network)[0], !=, nn_network_parameters (plain)[0]);
  nn_network_free (network);
  nn_network_free (plain);
}

/* Returns how many of the weights of a layer's first output move in @epochs of
 * one step each: those of the inputs that were ever bright. */
static guint
n_moved (const NnLayerSpec *specs, gsize n_specs, const guint8 *picture, NnAugmentation augmentation, gsize epochs)
{
  const guint8 label = 0;
  const NnSamples samples = { 1, { SIDE, SIDE, 1 }, picture, &label };
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  NnNetwork *network;
  guint n = 0;

  options.optimizer = NN_SGD;
  options.validation_share = 0;
  options.epochs = epochs;
  options.augmentation = augmentation;
  g_assert_cmpint (nn_network_new (samples.shape, specs, n_specs, NULL, &network), ==, NN_OK);
  g_assert_cmpint (train (network, &samples, &options, 1, &record), ==, NN_OK);
  for (gsize i = 0; i < SIZE; i++)
    n += nn_network_parameters (network)[i * CLASSES] != 0;
  nn_network_free (network);
  return n;
}

static const NnLayerSpec dropout_specs[] = {
  { .kind = NN_FLATTEN },
  { .kind = NN_DROPOUT, .rate = 0.5 },
  { .kind = NN_DENSE, .units = CLASSES },
};

/* Each step drops others: of 64 inputs, half pass in one, all in twelve. */
static void
test_dropout (void)
{
  guint8 white[SIZE];
  guint n;

  memset (white, 255, sizeof white);
  n = n_moved (dropout_specs, 3, white, (NnAugmentation){ 0 }, 1);
  g_assert_true (n > 32 - 20 && n < 32 + 20);
  g_assert_cmpuint (n_moved (dropout_specs, 3, white, (NnAugmentation){ 0 }, 12), >, 60);
}

/* Each epoch moves a picture to another place. */
static void
test_augmentation (void)
{
  static const NnLayerSpec specs[] = { { .kind = NN_FLATTEN }, { .kind = NN_DENSE, .units = CLASSES } };
  guint8 dot[SIZE] = { [4 * SIDE + 4] = 255 };
  guint n;

  g_assert_cmpuint (n_moved (specs, 2, dot, (NnAugmentation){ 0 }, 30), ==, 1);
  n = n_moved (specs, 2, dot, (NnAugmentation){ .shift = 2 }, 1);
  g_assert_true (n >= 1 && n <= 4);
  n = n_moved (specs, 2, dot, (NnAugmentation){ .shift = 2 }, 30);
  g_assert_true (n > 18 && n <= 36);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training-options/early-stopping", test_early_stopping);
  g_test_add_func ("/training-options/restore-stopped", test_restore_stopped);
  g_test_add_func ("/training-options/watch-training", test_watch_training);
  g_test_add_func ("/training-options/plateau", test_plateau);
  g_test_add_func ("/training-options/schedule", test_schedule);
  g_test_add_func ("/training-options/clip", test_clip);
  g_test_add_func ("/training-options/weight-decay", test_weight_decay);
  g_test_add_func ("/training-options/average", test_average);
  g_test_add_func ("/training-options/average-left", test_average_left);
  g_test_add_func ("/training-options/label-smoothing", test_label_smoothing);
  g_test_add_func ("/training-options/dropout", test_dropout);
  g_test_add_func ("/training-options/augmentation", test_augmentation);
  return g_test_run ();
}
