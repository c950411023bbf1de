/* SPDX-License-Identifier: MIT */
#include "nn-benchmark.h"

#include <glib.h>

#define SIDE 6
#define COUNT 300
#define CLASSES 3

static uint8_t images[COUNT * SIDE * SIDE];
static uint8_t labels[COUNT];

/* Returns pictures whose brightest rows say their class. */
static NnSamples
make_samples (void)
{
  NnRng rng = nn_rng_new (1);

  for (size_t i = 0; i < COUNT; i++)
    {
      labels[i] = i % CLASSES;
      for (size_t p = 0; p < SIDE * SIDE; p++)
        images[i * SIDE * SIDE + p] = nn_rng_below (&rng, 80) + (p / SIDE / 2 == labels[i] ? 170 : 0);
    }
  return (NnSamples){ COUNT, { SIDE, SIDE, 1 }, images, labels };
}

static NnNetwork *
make_network (void)
{
  static const NnLayerSpec specs[] = {
    { .kind = NN_CONV2D, .units = 4, .kernel_height = 3, .kernel_width = 3 },
    { .kind = NN_RELU },
    { .kind = NN_FLATTEN },
    { .kind = NN_DENSE, .units = CLASSES },
  };
  NnShape input = { SIDE, SIDE, 1 };
  NnRng rng = nn_rng_new (2);
  NnNetwork *network = NULL;

  g_assert_cmpint (nn_network_new (input, specs, G_N_ELEMENTS (specs), NULL, &network), ==, NN_OK);
  nn_network_init (network, &rng);
  return network;
}

/* Forward: 4 × 4 places of 9 products for 4 channels; then 64 numbers and 3 units. */
static void
test_flops (void)
{
  NnNetwork *network = make_network ();

  g_assert_cmpfloat (nn_benchmark_flops (network), ==, 2 * (2 * 16 * 9 * 4) + 3 * (2 * 64 * 3));
  nn_network_free (network);
}

typedef struct
{
  size_t epochs;
  double seconds;
  atomic_bool stop;
  bool stops;
} Watch;

static void
epoch_done_cb (void *data, size_t epoch, double seconds)
{
  Watch *watch = data;

  watch->epochs++;
  g_assert_cmpuint (epoch, ==, watch->epochs);
  watch->seconds += seconds;
  if (watch->stops)
    atomic_store (&watch->stop, true);
}

/* It trains for as long as it says, on what it is given, and truly learns. */
static void
test_speeds (void)
{
  const NnTrainOptions options = { .epochs = 5,
                                   .batch_size = 10,
                                   .optimizer = NN_ADAM,
                                   .schedule = { NN_COSINE, 0.01 },
                                   .augmentation = { 10, 1, 0.1, 5 },
                                   .validation_share = 0.5,
                                   .patience = 1,
                                   .restore_best = true,
                                   .seed = 3 };
  NnSamples samples = make_samples ();
  NnNetwork *network = make_network ();
  Watch watch = { 0 };
  NnBenchmarkHooks hooks = { &watch.stop, epoch_done_cb, &watch };
  double seconds[5], sum = 0;
  NnTrainingSpeed training;
  NnEvaluationSpeed evaluation;
  NnLatency latency;
  NnPool *pool = NULL;

  g_assert_cmpint (nn_pool_new (2, &pool), ==, NN_OK);
  g_assert_cmpint (nn_benchmark_train (network, &samples, &options, pool, &hooks, seconds, &training), ==, NN_OK);
  for (size_t i = 0; i < 5; i++)
    sum += seconds[i];
  g_assert_cmpuint (watch.epochs, ==, 5);
  g_assert_cmpfloat (watch.seconds, ==, sum);
  g_assert_cmpfloat (training.epoch_seconds, >, 0);
  g_assert_cmpfloat (training.epoch_seconds, <, sum);
  g_assert_cmpfloat_with_epsilon (training.samples_per_second * training.epoch_seconds, COUNT, 1e-6);
  g_assert_cmpfloat_with_epsilon (training.gflops, nn_benchmark_flops (network) * training.samples_per_second * 1e-9, 1e-9);

  g_assert_cmpint (nn_benchmark_evaluate (network, &samples, pool, nn_kernels (), NULL, &evaluation), ==, NN_OK);
  g_assert_cmpfloat (evaluation.accuracy, >=, 0.95);
  g_assert_cmpfloat (evaluation.images_per_second, >, 1000);

  g_assert_cmpint (nn_benchmark_latency (network, &samples, pool, nn_kernels (), NULL, &latency), ==, NN_OK);
  g_assert_cmpfloat (latency.median, >, 0);
  g_assert_cmpfloat (latency.median, <=, latency.p99);
  g_assert_cmpfloat (latency.p99, <, 1);

  nn_pool_free (pool);
  nn_network_free (network);
}

static void
test_stop (void)
{
  const NnTrainOptions options = { .epochs = 1000, .batch_size = 10, .optimizer = NN_SGD, .schedule = { NN_CONSTANT, 0.01 } };
  NnSamples samples = make_samples ();
  NnNetwork *network = make_network ();
  Watch watch = { .stops = true };
  NnBenchmarkHooks hooks = { &watch.stop, epoch_done_cb, &watch };
  double seconds[1000];
  NnTrainingSpeed training;
  NnEvaluationSpeed evaluation;
  NnLatency latency;

  g_assert_cmpint (nn_benchmark_train (network, &samples, &options, NULL, &hooks, seconds, &training), ==, NN_STOPPED);
  g_assert_cmpuint (watch.epochs, ==, 1);
  g_assert_cmpint (nn_benchmark_train (network, &samples, &options, NULL, &hooks, seconds, &training), ==, NN_STOPPED);
  g_assert_cmpuint (watch.epochs, ==, 1); /* not even warmed up */
  g_assert_cmpint (nn_benchmark_evaluate (network, &samples, NULL, nn_kernels (), &watch.stop, &evaluation), ==, NN_STOPPED);
  g_assert_cmpint (nn_benchmark_latency (network, &samples, NULL, nn_kernels (), &watch.stop, &latency), ==, NN_STOPPED);
  nn_network_free (network);
}

/* Any processor does a few in a nanosecond, and none as many as a thousand. */
static void
test_peak (void)
{
  double peak = nn_benchmark_peak (NULL, nn_kernels ());

  g_test_message ("%.1f GFLOP/s with %s", peak, nn_kernels ()->name);
  g_assert_cmpfloat (peak, >, 0.01);
  g_assert_cmpfloat (peak, <, 1000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/benchmark/flops", test_flops);
  g_test_add_func ("/benchmark/speeds", test_speeds);
  g_test_add_func ("/benchmark/stop", test_stop);
  g_test_add_func ("/benchmark/peak", test_peak);
  return g_test_run ();
}
