/* SPDX-License-Identifier: MIT */
#include "nn-loss.h"
#include "nn-predict.h"
#include "training.h"

static void
check_learns (const NnTrainOptions *options)
{
  g_autofree Pictures *pictures = pictures_new (1), *others = pictures_new (2);
  NnNetwork *network = network_new (3);
  g_auto (Record) record = { 0 };
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
  g_assert_cmpfloat (last->train_seconds, >, 0);
  g_assert_cmpfloat (last->seconds, >, last->train_seconds);

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
  options.schedule.learning_rate = 0.03;
  check_learns (&options);
}

/* Returns the network's state after @options with @workers threads. */
static GBytes *
trained (const NnLayerSpec *specs, gsize n_specs, const NnTrainOptions *options, guint workers)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new_from (specs, n_specs, 3);
  g_auto (Record) record = { 0 };
  GBytes *state;

  /* The rim is black, as it is in pictures of digits. */
  for (guint i = 0; i < COUNT; i++)
    for (guint k = 0; k < SIDE; k++)
      pictures->images[i][k] = pictures->images[i][k * SIDE] = 0;
  g_assert_cmpint (train (network, &pictures->samples, options, workers, &record), ==, NN_OK);
  g_assert_true (isfinite (record.epochs[record.n_epochs - 1].loss));
  state = network_dup_state (network);
  nn_network_free (network);
  return state;
}

static void
expect_same (const NnLayerSpec *specs, gsize n_specs, const NnTrainOptions *options, guint workers, GBytes *expected)
{
  g_autoptr (GBytes) state = trained (specs, n_specs, options, workers);

  g_assert_cmpmem (g_bytes_get_data (state, NULL), g_bytes_get_size (state),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

/* For a seed, what was learned is the same to the bit for every number of
 * threads; for another seed it is not. */
static void
check_same_bits (const NnLayerSpec *specs, gsize n_specs, const NnTrainOptions *options)
{
  NnTrainOptions other = *options;
  g_autoptr (GBytes) expected = trained (specs, n_specs, options, 1);
  g_autoptr (GBytes) different = NULL;
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, expected);

  g_test_message ("%s: %.16s", options->kernels->name, hash);
  expect_same (specs, n_specs, options, 2, expected);
  expect_same (specs, n_specs, options, 3, expected);
  expect_same (specs, n_specs, options, 8, expected);

  other.seed++;
  different = trained (specs, n_specs, &other, 2);
  g_assert_false (g_bytes_equal (different, expected));
}

static void
test_same_bits (void)
{
  static const char *const names[] = { "reference", "avx2", "avx512", "avx512-bf16", "neon" };
  NnTrainOptions options = adam;

  options.epochs = 3;
  options.label_smoothing = 0.1;
  options.weight_decay = 0.01;
  options.calibrate = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if ((options.kernels = nn_kernels_find (names[i])) != NULL)
      {
        options.optimizer = NN_ADAM;
        options.augmentation = (NnAugmentation){
          .rotation = 10, .shift = 1, .zoom = 0.1, .shear = 5, .elastic = 0.3, .elastic_radius = 2, .line_width = 0.5
        };
        check_same_bits (full_specs, G_N_ELEMENTS (full_specs), &options);
        options.clip_norm = 0.5;
        check_same_bits (full_specs, G_N_ELEMENTS (full_specs), &options);
        options.clip_norm = 0;
        options.average = 0.9;
        options.restore_best = TRUE;
        check_same_bits (full_specs, G_N_ELEMENTS (full_specs), &options);
        options.average = 0;
        options.restore_best = FALSE;

        /* Where pictures are black, there is nothing to do for plain descent. */
        options.optimizer = NN_SGD;
        options.augmentation = (NnAugmentation){ 0 };
        check_same_bits (mlp_specs, G_N_ELEMENTS (mlp_specs), &options);
        options.weight_decay = 0;
        check_same_bits (mlp_specs, G_N_ELEMENTS (mlp_specs), &options);
        options.weight_decay = 0.01;
      }
}

static void
test_stop (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3), *untrained = network_new (3);
  gsize size = nn_network_n_parameters (network) * sizeof (NnReal);
  g_auto (Record) record = { .stop_at = 0.4 };

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
  g_auto (Record) record = { 0 };

  options.validation_share = 0;
  options.batch_size = 1000; /* more than there are */
  options.epochs = 2;
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  g_assert_true (isnan (record.epochs[0].val_loss));
  g_assert_true (isnan (record.epochs[0].val_accuracy));
  g_assert_true (isfinite (record.epochs[1].loss));
  nn_network_free (network);
}

/* The last mini-batch is one sample, which has no variance. */
static void
test_one_left (void)
{
  static const NnLayerSpec specs[] = {
    { .kind = NN_FLATTEN },
    { .kind = NN_DENSE, .units = 9 },
    { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = 0.9 },
    { .kind = NN_RELU },
    { .kind = NN_DENSE, .units = CLASSES },
  };
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new_from (specs, G_N_ELEMENTS (specs), 3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };

  options.batch_size = 23; /* 300 is 13 × 23 + 1 */
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  g_assert_cmpfloat (record.epochs[5].loss, <, 0.3);
  g_assert_cmpfloat (record.epochs[5].val_loss, <, 0.3);
  for (gsize c = 0; c < 9; c++) /* running means, then variances */
    {
      g_assert_cmpfloat (fabs (nn_network_statistics (network)[c]), >, 0.01);
      g_assert_cmpfloat (fabs (nn_network_statistics (network)[9 + c] - 1), >, 0.01);
    }
  nn_network_free (network);
}

static void
test_diverges (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };

  options.optimizer = NN_SGD;
  options.schedule.learning_rate = 1e30;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_DIVERGED);
  nn_network_free (network);

  /* In the last step of all, which no further training batch sees. */
  network = network_new (3);
  options.epochs = 1;
  options.batch_size = COUNT;
  options.schedule.learning_rate = 1e39; /* infinite in single precision */
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_DIVERGED);
  g_assert_cmpuint (record.n_epochs, ==, 0);
  nn_network_free (network);
}

static void
expect_status (NnStatus status, const NnSamples *samples, NnTrainOptions options)
{
  NnNetwork *network = network_new (3);
  g_auto (Record) record = { 0 };

  g_assert_cmpint (train (network, samples, &options, 1, &record), ==, status);
  g_assert_cmpuint (record.n_epochs, ==, 0);
  nn_network_free (network);
}

static void
test_bad_arguments (void)
{
  g_autofree Pictures *pictures = pictures_new (1), *others = pictures_new (2);
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
  EXPECT_BAD (schedule.learning_rate, 0);
  EXPECT_BAD (schedule.kind, NN_PLATEAU + 1);
  EXPECT_BAD (label_smoothing, 1);
  EXPECT_BAD (label_smoothing, -0.1);
  EXPECT_BAD (clip_norm, -1);
  EXPECT_BAD (clip_norm, NAN);
  EXPECT_BAD (average, 1);
  EXPECT_BAD (average, -0.1);
  EXPECT_BAD (average, NAN);
  EXPECT_BAD (augmentation.zoom, 1);
  EXPECT_BAD (augmentation.elastic, 1); /* of radius 0 */
  EXPECT_BAD (validation, &samples); /* and a share */
  EXPECT_BAD (validation_share, 1);
  EXPECT_BAD (validation_share, -0.1);
  EXPECT_BAD (momentum, 1);
  EXPECT_BAD (weight_decay, -1);
  EXPECT_BAD (optimizer, NN_ADAM + 1);

  samples.count = 0;
  expect_status (NN_BAD_ARGUMENT, &samples, adam);
  samples = pictures->samples;
  samples.shape.width = SIDE / 2;
  expect_status (NN_BAD_SHAPE, &samples, adam);
  samples = pictures->samples;
  pictures->labels[COUNT - 1] = CLASSES;
  expect_status (NN_BAD_ARGUMENT, &samples, adam);

  /* The same of samples held out. */
  options = adam;
  options.validation_share = 0;
  options.validation = &samples;
  expect_status (NN_BAD_ARGUMENT, &others->samples, options);
  pictures->labels[COUNT - 1] = 0;
  samples.count = 0;
  expect_status (NN_BAD_ARGUMENT, &others->samples, options);
  samples.count = COUNT;
  samples.shape.width = SIDE / 2;
  expect_status (NN_BAD_SHAPE, &others->samples, options);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainer/adam", test_adam);
  g_test_add_func ("/trainer/sgd", test_sgd);
  g_test_add_func ("/trainer/same-bits", test_same_bits);
  g_test_add_func ("/trainer/stop", test_stop);
  g_test_add_func ("/trainer/no-validation", test_no_validation);
  g_test_add_func ("/trainer/one-left", test_one_left);
  g_test_add_func ("/trainer/diverges", test_diverges);
  g_test_add_func ("/trainer/bad-arguments", test_bad_arguments);
  return g_test_run ();
}
