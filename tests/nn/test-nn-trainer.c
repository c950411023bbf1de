/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-loss.h"
#include "nn-trainer.h"

#define SIDE 8
#define SIZE (SIDE * SIDE)
#define CLASSES 4
#define COUNT 400

static const NnLayerSpec conv_specs[] = {
  { .kind = NN_CONV2D, .units = 4, .kernel_height = 3, .kernel_width = 3, .padding = NN_PADDING_SAME },
  { .kind = NN_RELU },
  { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 },
  { .kind = NN_FLATTEN },
  { .kind = NN_DENSE, .units = CLASSES },
};

/* A bright quarter in a noisy picture: its corner is the class. */
typedef struct
{
  guint8 images[COUNT][SIZE];
  guint8 labels[COUNT];
  NnSamples samples;
} Pictures;

static Pictures *
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

static NnNetwork *
network_new (guint64 seed)
{
  NnRng rng = nn_rng_new (seed);
  NnNetwork *network;

  g_assert_cmpint (nn_network_new ((NnShape){ SIDE, SIDE, 1 }, conv_specs, G_N_ELEMENTS (conv_specs), NULL, &network), ==, NN_OK);
  nn_network_init (network, &rng);
  return network;
}

static const NnTrainOptions adam = {
  .epochs = 6, .batch_size = 30, .optimizer = NN_ADAM, .learning_rate = 0.01, .validation_share = 0.25, .seed = 9,
};

typedef struct
{
  NnEpoch epochs[16];
  guint n_epochs;
  double fraction;
  atomic_bool stop;
  double stop_at; /* raise the flag at this fraction */
} Record;

static void
batch_done (void *data, double fraction)
{
  Record *record = data;

  g_assert_cmpfloat (fraction, >, record->fraction);
  record->fraction = fraction;
  if (record->stop_at > 0 && fraction >= record->stop_at)
    atomic_store (&record->stop, TRUE);
}

static void
epoch_done (void *data, const NnEpoch *epoch, const NnNetwork *network)
{
  Record *record = data;

  g_assert_cmpuint (epoch->epoch, ==, record->n_epochs + 1);
  record->epochs[record->n_epochs++] = *epoch;
}

static NnStatus
train (NnNetwork *network, const NnSamples *samples, const NnTrainOptions *options, guint workers, Record *record)
{
  const NnTrainHooks hooks = { &record->stop, batch_done, epoch_done, record };
  NnPool *pool;
  NnStatus status;

  g_assert_cmpint (nn_pool_new (workers, &pool), ==, NN_OK);
  status = nn_train (network, samples, options, pool, &hooks);
  nn_pool_free (pool);
  return status;
}

static void
check_learns (const NnTrainOptions *options)
{
  g_autofree Pictures *pictures = pictures_new (1), *others = pictures_new (2);
  NnNetwork *network = network_new (3);
  Record record = { 0 };
  g_autofree NnReal *logits = g_new (NnReal, COUNT * CLASSES);
  guint correct = 0;
  const NnEpoch *last;

  g_assert_cmpint (train (network, &pictures->samples, options, 2, &record), ==, NN_OK);
  g_assert_cmpuint (record.n_epochs, ==, options->epochs);
  g_assert_cmpfloat (record.fraction, ==, 1);
  last = &record.epochs[options->epochs - 1];
  g_assert_cmpfloat (last->loss, <, record.epochs[0].loss / 4);
  g_assert_cmpfloat (last->accuracy, >=, 0.98);
  g_assert_cmpfloat (last->val_accuracy, >=, 0.97);
  g_assert_cmpfloat (last->val_loss, <, 0.2);
  g_assert_cmpfloat (last->seconds, >, 0);

  g_assert_cmpint (nn_predict (network, &others->samples, NULL, NULL, logits), ==, NN_OK);
  for (guint i = 0; i < COUNT; i++)
    correct += nn_argmax (logits + i * CLASSES, CLASSES) == others->labels[i];
  g_assert_cmpuint (correct, >=, COUNT * 97 / 100);
  nn_network_free (network);
}

static void
test_adam (void)
{
  check_learns (&adam);
}

static void
test_sgd (void)
{
  NnTrainOptions options = adam;

  options.optimizer = NN_SGD;
  options.momentum = 0.9;
  options.learning_rate = 0.03;
  check_learns (&options);
}

/* The weights are the same to the bit for every number of threads. */
static void
test_threads (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  g_autofree NnReal *expected = NULL;

  for (guint workers = 1; workers <= 8; workers++)
    {
      NnNetwork *network = network_new (3);
      gsize size = nn_network_n_parameters (network) * sizeof (NnReal);
      Record record = { 0 };

      g_assert_cmpint (train (network, &pictures->samples, &adam, workers, &record), ==, NN_OK);
      if (workers == 1)
        expected = g_memdup2 (nn_network_parameters (network), size);
      g_assert_cmpmem (nn_network_parameters (network), size, expected, size);
      nn_network_free (network);
    }
}

/* Parameters that follow a constant gradient with SGD tell what the learning
 * rate was: over a run, half a cosine sums to half of the constant rate. */
static void
test_schedule (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  const NnLayerSpec specs[] = { { .kind = NN_FLATTEN }, { .kind = NN_DENSE, .units = CLASSES } };
  NnReal moved[2];

  for (guint schedule = NN_CONSTANT; schedule <= NN_COSINE; schedule++)
    {
      NnTrainOptions options = adam;
      Record record = { 0 };
      NnNetwork *network;

      /* So small a rate leaves the gradient as it is. */
      options.optimizer = NN_SGD;
      options.schedule = schedule;
      options.learning_rate = 1e-6;
      options.validation_share = 0;
      options.batch_size = COUNT;
      options.epochs = 16;
      g_assert_cmpint (nn_network_new ((NnShape){ SIDE, SIDE, 1 }, specs, 2, NULL, &network), ==, NN_OK);
      g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
      moved[schedule] = nn_network_parameters (network)[0];
      nn_network_free (network);
    }
  /* Σ (1 + cos (π t / 16)) / 2 for t = 0 … 15 is 8.5. */
  g_assert_cmpfloat_with_epsilon (moved[NN_COSINE] / moved[NN_CONSTANT], 8.5 / 16, 1e-3);
}

static void
test_seed (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *one = network_new (3), *other = network_new (3);
  gsize size = nn_network_n_parameters (one) * sizeof (NnReal);
  NnTrainOptions options = adam;
  Record first = { 0 }, second = { 0 };

  options.seed = 10;
  g_assert_cmpint (train (one, &pictures->samples, &adam, 1, &first), ==, NN_OK);
  g_assert_cmpint (train (other, &pictures->samples, &options, 1, &second), ==, NN_OK);
  g_assert_cmpint (memcmp (nn_network_parameters (one), nn_network_parameters (other), size), !=, 0);
  nn_network_free (one);
  nn_network_free (other);
}

static void
test_stop (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3), *untrained = network_new (3);
  gsize size = nn_network_n_parameters (network) * sizeof (NnReal);
  Record record = { .stop_at = 0.4 };

  g_assert_cmpint (train (network, &pictures->samples, &adam, 2, &record), ==, NN_STOPPED);
  /* 300 samples in mini-batches of 30, six epochs: 60 mini-batches. */
  g_assert_cmpfloat_with_epsilon (record.fraction, 0.4, 1.0 / 60);
  g_assert_cmpuint (record.n_epochs, ==, 2);
  g_assert_cmpint (memcmp (nn_network_parameters (network), nn_network_parameters (untrained), size), !=, 0);

  /* A flag that is up already lets nothing happen. */
  record.fraction = 0;
  g_assert_cmpint (train (untrained, &pictures->samples, &adam, 2, &record), ==, NN_STOPPED);
  g_assert_cmpfloat (record.fraction, ==, 0);
  nn_network_free (network);
  nn_network_free (untrained);
}

static void
test_no_validation (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  Record record = { 0 };

  options.validation_share = 0;
  options.batch_size = 1000; /* more than there are */
  options.epochs = 2;
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  g_assert_true (isnan (record.epochs[0].val_loss));
  g_assert_true (isnan (record.epochs[0].val_accuracy));
  g_assert_true (isfinite (record.epochs[1].loss));
  nn_network_free (network);
}

static void
test_diverges (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  Record record = { 0 };

  options.optimizer = NN_SGD;
  options.learning_rate = 1e30;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_DIVERGED);
  nn_network_free (network);

  /* In the last step of all, which no further training batch sees. */
  network = network_new (3);
  options.epochs = 1;
  options.batch_size = COUNT;
  options.learning_rate = 1e39; /* infinite in single precision */
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_DIVERGED);
  g_assert_cmpuint (record.n_epochs, ==, 0);
  nn_network_free (network);
}

static void
expect_status (NnStatus status, const NnSamples *samples, NnTrainOptions options)
{
  NnNetwork *network = network_new (3);
  Record record = { 0 };

  g_assert_cmpint (train (network, samples, &options, 1, &record), ==, status);
  g_assert_cmpuint (record.n_epochs, ==, 0);
  nn_network_free (network);
}

static void
test_bad_arguments (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnSamples samples = pictures->samples;
  NnTrainOptions options;

#define EXPECT_BAD(field, value)                             \
  do                                                         \
    {                                                        \
      options = adam;                                        \
      options.field = value;                                 \
      expect_status (NN_BAD_ARGUMENT, &samples, options);    \
    }                                                        \
  while (0)

  EXPECT_BAD (epochs, 0);
  EXPECT_BAD (batch_size, 0);
  EXPECT_BAD (learning_rate, 0);
  EXPECT_BAD (learning_rate, NAN);
  EXPECT_BAD (learning_rate, INFINITY);
  EXPECT_BAD (validation_share, 1);
  EXPECT_BAD (validation_share, -0.1);
  EXPECT_BAD (momentum, 1);
  EXPECT_BAD (schedule, (NnSchedule) 5);
  EXPECT_BAD (optimizer, (NnOptimizerKind) 5);

  samples.count = 0;
  expect_status (NN_BAD_ARGUMENT, &samples, adam);
  samples = pictures->samples;
  samples.shape.width = SIDE / 2;
  expect_status (NN_BAD_SHAPE, &samples, adam);
  samples = pictures->samples;
  pictures->labels[COUNT - 1] = CLASSES;
  expect_status (NN_BAD_ARGUMENT, &samples, adam);
}

/* Two steps of each optimizer by hand. */
static void
test_optimizers (void)
{
  NnReal parameters[1] = { 1 };
  const NnReal gradients[1] = { 0.5f };
  NnOptimizer *optimizer;

  g_assert_cmpint (nn_optimizer_new (NN_SGD, 0.9, 1, &optimizer), ==, NN_OK);
  nn_optimizer_step (optimizer, 0.1, NULL, parameters, gradients);
  g_assert_cmpfloat_with_epsilon (parameters[0], 0.95, 1e-6);
  nn_optimizer_step (optimizer, 0.1, NULL, parameters, gradients);
  g_assert_cmpfloat_with_epsilon (parameters[0], 0.95 - 0.1 * (0.9 * 0.5 + 0.5), 1e-6);
  nn_optimizer_free (optimizer);

  /* For a constant gradient g, Adam's step is the rate × g / (|g| + ε). */
  parameters[0] = 1;
  g_assert_cmpint (nn_optimizer_new (NN_ADAM, 0, 1, &optimizer), ==, NN_OK);
  nn_optimizer_step (optimizer, 0.1, NULL, parameters, gradients);
  g_assert_cmpfloat_with_epsilon (parameters[0], 0.9, 1e-5);
  nn_optimizer_step (optimizer, 0.1, NULL, parameters, gradients);
  g_assert_cmpfloat_with_epsilon (parameters[0], 0.8, 1e-5);
  nn_optimizer_free (optimizer);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainer/optimizers", test_optimizers);
  g_test_add_func ("/trainer/adam", test_adam);
  g_test_add_func ("/trainer/sgd", test_sgd);
  g_test_add_func ("/trainer/threads", test_threads);
  g_test_add_func ("/trainer/schedule", test_schedule);
  g_test_add_func ("/trainer/seed", test_seed);
  g_test_add_func ("/trainer/stop", test_stop);
  g_test_add_func ("/trainer/no-validation", test_no_validation);
  g_test_add_func ("/trainer/diverges", test_diverges);
  g_test_add_func ("/trainer/bad-arguments", test_bad_arguments);
  return g_test_run ();
}
