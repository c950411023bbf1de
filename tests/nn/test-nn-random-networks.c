/* SPDX-License-Identifier: MIT */

/* Random chains of layers, in double precision: whatever follows whatever, the
 * planned passes do what the layers do one by one, and their gradients are those
 * of central differences. */

#include "networks.h"

#define N_NETWORKS 1000
#define MAX_LAYERS 12
#define SMALL_BATCH 20
#define LARGE_BATCH 200 /* goes through a step in several slices for each shard */
#define FIRST_STEP 1e-6

G_STATIC_ASSERT (sizeof (NnReal) == sizeof (double));

typedef struct
{
  NnLayerSpec specs[MAX_LAYERS];
  gsize n_layers;
  NnNetwork *network;
  NnWorkspace *workspace; /* training */
  gsize batch;
  guint64 key;
  NnReal *input;
  NnReal *slopes; /* the loss is Σ slope · logit */
} Trial;

/* A layer of one of the kinds that suit the shape; it may not fit all the same. */
static NnLayerSpec
draw_layer (NnRng *rng, NnShape shape)
{
  static const NnLayerKind for_pictures[] = {
    NN_CONV2D, NN_CONV2D, NN_CONV2D, NN_CONV2D, NN_BATCH_NORM, NN_BATCH_NORM, NN_RELU, NN_LEAKY_RELU, NN_SIGMOID,
    NN_TANH, NN_MAX_POOL, NN_AVERAGE_POOL, NN_GLOBAL_AVERAGE_POOL, NN_DROPOUT, NN_DROPOUT, NN_FLATTEN,
  };
  static const NnLayerKind for_vectors[] = {
    NN_DENSE, NN_DENSE, NN_DENSE, NN_BATCH_NORM, NN_BATCH_NORM, NN_RELU, NN_LEAKY_RELU, NN_SIGMOID, NN_TANH,
    NN_DROPOUT, NN_DROPOUT, NN_FLATTEN, NN_FLATTEN, NN_CONV2D, NN_AVERAGE_POOL,
  };
  NnLayerSpec spec = {
    .kind = shape.height * shape.width > 1 ? for_pictures[nn_rng_below (rng, G_N_ELEMENTS (for_pictures))]
                                           : for_vectors[nn_rng_below (rng, G_N_ELEMENTS (for_vectors))],
    .units = 1 + nn_rng_below (rng, 7),
    .kernel_height = 1 + nn_rng_below (rng, 5),
    .kernel_width = 1 + nn_rng_below (rng, 5),
    .padding = nn_rng_below (rng, 2) ? NN_PADDING_SAME : NN_PADDING_VALID,
    .rate = 0.1 * nn_rng_below (rng, 7),
    .slope = 0.1 * nn_rng_below (rng, 10),
    .epsilon = 0.01,
    .momentum = 0.9,
  };

  if (nn_rng_below (rng, 2)) /* of the shape that Winograd's algorithm is for */
    spec.kernel_height = spec.kernel_width = 3 + 2 * nn_rng_below (rng, 2);
  return spec;
}

/* Puts one more layer behind the others if @spec fits there. */
static void
try_layer (Trial *self, NnShape input, NnLayerSpec spec)
{
  NnNetwork *longer;

  self->specs[self->n_layers] = spec;
  if (nn_network_new (input, self->specs, self->n_layers + 1, NULL, &longer) != NN_OK)
    return;
  nn_network_free (self->network);
  self->network = longer;
  self->n_layers++;
}

static void
trial_init (Trial *self, NnRng *rng, NnPool *pool)
{
  const gsize n_layers = 1 + nn_rng_below (rng, MAX_LAYERS);
  NnShape input = { 1, 1, 1 + nn_rng_below (rng, 7) };
  gsize n_outputs;

  if (nn_rng_below (rng, 3) > 0)
    {
      input.height += nn_rng_below (rng, 9);
      input.width += nn_rng_below (rng, 9);
    }
  *self = (Trial){ 0 };
  while (self->n_layers < n_layers)
    try_layer (self, input, draw_layer (rng, self->network != NULL ? nn_network_output (self->network) : input));
  draw_parameters (self->network, rng);
  self->batch = 1 + nn_rng_below (rng, nn_rng_below (rng, 8) ? SMALL_BATCH : LARGE_BATCH);
  self->workspace = workspace_new (self->network, self->batch + nn_rng_below (rng, 4), NN_TRAINING, pool, NULL);
  self->key = nn_rng_next (rng);
  nn_workspace_set_key (self->workspace, self->key);
  self->input = draw_new (rng, self->batch * input_size (self->network));
  n_outputs = self->batch * output_size (self->network);
  self->slopes = draw_new (rng, n_outputs);
  for (gsize i = 0; i < n_outputs; i++) /* or the rounding of large losses hides small differences */
    self->slopes[i] /= sqrt (n_outputs);
}

static void
trial_clear (Trial *self)
{
  nn_workspace_free (self->workspace);
  nn_network_free (self->network);
  g_free (self->input);
  g_free (self->slopes);
}

/* Prints what is wrong, and the network with which it is, and aborts. */
static void G_GNUC_PRINTF (3, 4) G_GNUC_NORETURN
fail (const Trial *trial, gsize number, const char *format, ...)
{
  static const char *const names[] = { "dense", "conv", "norm", "relu", "leaky", "sigmoid", "tanh", "max-pool",
                                       "average-pool", "global-pool", "dropout", "flatten" };
  g_autoptr (GString) text = g_string_new (NULL);
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  g_string_append_printf (text, ", in network %zu, %zu samples:", number, trial->batch);
  for (gsize i = 0; i < trial->n_layers; i++)
    {
      const NnLayer *layer = nn_network_layer (trial->network, i);

      g_string_append_printf (text, " [%zu×%zu×%zu] %s", layer->input.height, layer->input.width, layer->input.channels,
                              names[layer->spec.kind]);
      if (layer->spec.kind == NN_CONV2D)
        g_string_append_printf (text, " %zu×%zu", layer->spec.kernel_height, layer->spec.kernel_width);
    }
  g_error ("%s", text->str);
}

static const NnReal *
forth (const Trial *trial)
{
  return run_forth (trial->network, trial->workspace, trial->input, trial->batch);
}

static double
loss_of (const Trial *trial)
{
  const NnReal *logits = forth (trial);
  double loss = 0;

  for (gsize i = 0; i < trial->batch * output_size (trial->network); i++)
    loss += trial->slopes[i] * logits[i];
  return loss;
}

/* Layer @i alone. Dropouts that drop nothing come before it, so that it has the
 * same number and is given the same key. */
static NnNetwork *
lonely_layer_new (const Trial *trial, gsize i)
{
  const NnLayer *layer = nn_network_layer (trial->network, i);
  NnLayerSpec specs[MAX_LAYERS] = { 0 };
  NnNetwork *network;

  for (gsize j = 0; j < i; j++)
    specs[j] = (NnLayerSpec) DROPOUT (0);
  specs[i] = layer->spec;
  g_assert_cmpint (nn_network_new (layer->input, specs, i + 1, NULL, &network), ==, NN_OK);
  memcpy (nn_network_parameters (network), nn_network_parameters (trial->network) + layer->weights,
          (layer->n_weights + layer->n_biases) * sizeof (NnReal));
  memcpy (nn_network_statistics (network), nn_network_statistics (trial->network) + layer->statistics,
          layer->n_statistics * sizeof (NnReal));
  return network;
}

/* What the layers make of the input one after another. */
static NnReal *
run_one_by_one (const Trial *trial, NnPurpose purpose)
{
  NnReal *values = g_memdup2 (trial->input, trial->batch * input_size (trial->network) * sizeof (NnReal));

  for (gsize i = 0; i < trial->n_layers; i++)
    {
      NnNetwork *layer = lonely_layer_new (trial, i);
      NnWorkspace *workspace = workspace_new (layer, trial->batch, purpose, NULL, NULL);
      const NnReal *output;

      nn_workspace_set_key (workspace, trial->key);
      output = run_forth (layer, workspace, values, trial->batch);
      g_free (values);
      values = g_memdup2 (output, trial->batch * output_size (layer) * sizeof (NnReal));
      nn_workspace_free (workspace);
      nn_network_free (layer);
    }
  return values;
}

static void
check_logits (const Trial *trial, gsize number, NnPurpose purpose, const NnReal *logits)
{
  g_autofree NnReal *expected = run_one_by_one (trial, purpose);

  for (gsize i = 0; i < trial->batch * output_size (trial->network); i++)
    if (!(fabs (logits[i] - expected[i]) <= 1e-10 * (1 + fabs (expected[i]))))
      fail (trial, number, "%s: output %zu is %.12g, not %.12g", purpose == NN_TRAINING ? "training" : "inference",
            i, logits[i], expected[i]);
}

/* Between the two points a ReLU may bend, or the largest value of a window be
 * another one: then they are moved nearer. */
static void
check_gradient (const Trial *trial, gsize number, gsize at, double gradient)
{
  NnReal *parameter = nn_network_parameters (trial->network) + at;
  const NnReal kept = *parameter;
  double difference = 0;

  for (double step = FIRST_STEP; step > FIRST_STEP / 1000; step /= 4)
    {
      *parameter = kept + step;
      difference = loss_of (trial);
      *parameter = kept - step;
      difference = (difference - loss_of (trial)) / (2 * step);
      *parameter = kept;
      if (fabs (difference - gradient) <= 1e-6 * (1 + fabs (difference)))
        return;
    }
  fail (trial, number, "parameter %zu: gradient %.12g, differences %.12g", at, gradient, difference);
}

/* A few of each layer's weights and biases. */
static void
check_gradients (const Trial *trial, gsize number, NnRng *rng, const NnReal *gradients)
{
  for (gsize i = 0; i < trial->n_layers; i++)
    {
      const NnLayer *layer = nn_network_layer (trial->network, i);

      if (layer->n_weights == 0)
        continue;
      for (guint turn = 0; turn < 3; turn++)
        {
          gsize at = turn < 2 ? layer->weights + nn_rng_below (rng, layer->n_weights)
                              : layer->biases + nn_rng_below (rng, layer->n_biases);

          check_gradient (trial, number, at, gradients[at]);
        }
    }
}

/* A whole step of descent moves each parameter by its gradient, although layers
 * run once more while others have moved already. */
static void
check_step (const Trial *trial, gsize number, const NnReal *gradients)
{
  gsize n = nn_network_n_parameters (trial->network);
  NnReal *parameters = nn_network_parameters (trial->network);
  g_autofree NnReal *before = g_memdup2 (parameters, n * sizeof (NnReal));
  NnOptimizer *optimizer;

  g_assert_cmpint (nn_optimizer_new (NN_SGD, 0, 0, n, NULL, &optimizer), ==, NN_OK);
  nn_optimizer_begin (optimizer, 1);
  forth (trial);
  set_slopes (trial->network, trial->workspace, trial->slopes, trial->batch);
  nn_backward_step (trial->network, trial->workspace, trial->batch, optimizer);
  for (gsize i = 0; i < n; i++)
    if (!(fabs (before[i] - parameters[i] - gradients[i]) <= 1e-12 * (1 + fabs (before[i]) + fabs (gradients[i]))))
      fail (trial, number, "parameter %zu moves by %.12g, not %.12g", i, parameters[i] - before[i], -gradients[i]);
  memcpy (parameters, before, n * sizeof (NnReal));
  nn_optimizer_free (optimizer);
}

/* Runs forth and back, and returns the gradients. The logits are still there when
 * the caller has written the slopes. */
static NnReal *
dup_gradients (const Trial *trial)
{
  const gsize size = trial->batch * output_size (trial->network) * sizeof (NnReal);
  const NnReal *logits = forth (trial);
  g_autofree NnReal *copy = g_memdup2 (logits, size);

  set_slopes (trial->network, trial->workspace, trial->slopes, trial->batch);
  g_assert_cmpmem (logits, size, copy, size);
  return g_memdup2 (nn_backward (trial->network, trial->workspace, trial->batch),
                    nn_network_n_parameters (trial->network) * sizeof (NnReal));
}

static void
check_trial (Trial *trial, gsize number, NnRng *rng, NnPool *pool)
{
  const gsize size = nn_network_n_parameters (trial->network) * sizeof (NnReal);
  NnWorkspace *first = trial->workspace, *guest;
  g_autofree NnReal *gradients = NULL, *again = NULL;

  check_logits (trial, number, NN_TRAINING, forth (trial));
  gradients = dup_gradients (trial);
  check_gradients (trial, number, rng, gradients);
  if (size > 0)
    check_step (trial, number, gradients);

  g_assert_cmpint (nn_workspace_new_guest (trial->network, trial->batch, NN_INFERENCE, first, &guest), ==, NN_OK);
  check_logits (trial, number, NN_INFERENCE, run_forth (trial->network, guest, trial->input, trial->batch));
  nn_workspace_free (guest);

  trial->workspace = workspace_new (trial->network, trial->batch, NN_TRAINING, pool, NULL);
  nn_workspace_set_key (trial->workspace, trial->key);
  again = dup_gradients (trial);
  if (size > 0 && memcmp (again, gradients, size) != 0)
    fail (trial, number, "other gradients for other threads");
  nn_workspace_free (first);
}

static void
test_random_networks (void)
{
  NnPool *pool, *other_pool;

  g_assert_cmpint (nn_pool_new (2, &pool), ==, NN_OK);
  g_assert_cmpint (nn_pool_new (3, &other_pool), ==, NN_OK);
  for (gsize number = 0; number < N_NETWORKS; number++)
    {
      NnRng rng = nn_rng_for (77, 0, number);
      Trial trial;

      trial_init (&trial, &rng, number % 2 ? pool : NULL);
      check_trial (&trial, number, &rng, other_pool);
      trial_clear (&trial);
    }
  nn_pool_free (pool);
  nn_pool_free (other_pool);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random-networks", test_random_networks);
  return g_test_run ();
}
