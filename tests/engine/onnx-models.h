/* SPDX-License-Identifier: MIT */
#pragma once

/* Networks for the tests of model files. */

#include "lab-onnx.h"
#include "onnx.pb-c.h"

#include <math.h>
#include <string.h>

#define DENSE(n) { .kind = NN_DENSE, .units = n }
#define CONV(h, w, n, p) \
  { .kind = NN_CONV2D, .units = n, .kernel_height = h, .kernel_width = w, .padding = NN_PADDING_##p }
#define NORM(e, m) { .kind = NN_BATCH_NORM, .epsilon = e, .momentum = m }
#define POOL(h, w) { .kind = NN_MAX_POOL, .kernel_height = h, .kernel_width = w }
#define AVERAGE_POOL(h, w) { .kind = NN_AVERAGE_POOL, .kernel_height = h, .kernel_width = w }
#define GLOBAL_AVERAGE_POOL { .kind = NN_GLOBAL_AVERAGE_POOL }
#define RELU { .kind = NN_RELU }
#define LEAKY_RELU(s) { .kind = NN_LEAKY_RELU, .slope = s }
#define SIGMOID { .kind = NN_SIGMOID }
#define TANH { .kind = NN_TANH }
#define DROPOUT(r) { .kind = NN_DROPOUT, .rate = r }
#define FLATTEN { .kind = NN_FLATTEN }

#define MAX_LAYERS 28

typedef struct
{
  const char *name;
  NnShape input;
  size_t n_layers;
  NnLayerSpec layers[MAX_LAYERS];
} Design;

/* A model small enough to try every byte of it. */
static const Design small = { "small", { 6, 5, 1 }, 5,
                              { CONV (3, 3, 2, SAME), RELU, POOL (2, 2), FLATTEN, DENSE (3) } };

/* The operators of the small model. */
enum
{
  NODE_CONV,
  NODE_RELU,
  NODE_POOL,
  NODE_FLATTEN,
  NODE_GEMM,
};

/* And its tensors. */
enum
{
  KERNEL,
  KERNEL_BIAS,
  MATRIX,
  MATRIX_BIAS,
};

/* Layers of all kinds, and as small. */
static const Design whole = { "whole", { 5, 6, 1 }, 15,
                              { CONV (1, 2, 2, VALID), NORM (0.001, 0.9), LEAKY_RELU (0.1), POOL (1, 2), TANH,
                                AVERAGE_POOL (2, 1), DROPOUT (0.25), GLOBAL_AVERAGE_POOL, FLATTEN, DENSE (2),
                                NORM (1e-5, 0.99), SIGMOID, DROPOUT (0.5), RELU, DENSE (2) } };

/* The operators of that model whose settings are tried. */
enum
{
  WHOLE_NORM = 1,
  WHOLE_LEAKY = 2,
  WHOLE_AVERAGE_POOL = 5,
  WHOLE_DROPOUT = 6,
  WHOLE_GLOBAL_POOL = 7,
  WHOLE_FLAT_NORM = 10,
  WHOLE_FLAT_DROPOUT = 12,
};

/* And its first tensors. */
enum
{
  WHOLE_SCALE = 2,
  WHOLE_SHIFT,
  WHOLE_MEAN,
  WHOLE_VARIANCE,
  WHOLE_RATIO,
};

static inline NnNetwork *
build (const Design *design)
{
  NnRng rng = nn_rng_new (7);
  NnNetwork *network = NULL;
  NnStatus status = nn_network_new (design->input, design->layers, design->n_layers, NULL, &network);
  NnReal *parameters = NULL;

  g_assert_cmpint (status, ==, NN_OK);
  parameters = nn_network_parameters (network);
  /* Every parameter differs from the others, biases too. */
  for (size_t i = 0; i < nn_network_n_parameters (network); i++)
    parameters[i] = (NnReal) nn_rng_normal (&rng);
  /* Variances too, and they are not negative. */
  for (size_t i = 0; i < nn_network_n_statistics (network); i++)
    nn_network_statistics (network)[i] = (NnReal) fabs (nn_rng_normal (&rng));
  return network;
}

static inline void
assert_equal (const NnNetwork *a, const NnNetwork *b)
{
  NnShape inputs[] = { nn_network_input (a), nn_network_input (b) };

  g_assert_cmpmem (&inputs[0], sizeof (NnShape), &inputs[1], sizeof (NnShape));
  g_assert_cmpuint (nn_network_n_layers (a), ==, nn_network_n_layers (b));
  for (size_t i = 0; i < nn_network_n_layers (a); i++)
    {
      const NnLayerSpec *one = &nn_network_layer (a, i)->spec;
      const NnLayerSpec *other = &nn_network_layer (b, i)->spec;

      g_assert_cmpint (one->kind, ==, other->kind);
      g_assert_cmpuint (one->units, ==, other->units);
      g_assert_cmpuint (one->kernel_height, ==, other->kernel_height);
      g_assert_cmpuint (one->kernel_width, ==, other->kernel_width);
      g_assert_cmpint (one->padding, ==, other->padding);
      /* Exactly, so that training goes on as before. */
      g_assert_cmpfloat (one->rate, ==, other->rate);
      g_assert_cmpfloat (one->slope, ==, other->slope);
      g_assert_cmpfloat (one->epsilon, ==, other->epsilon);
      g_assert_cmpfloat (one->momentum, ==, other->momentum);
    }
  g_assert_cmpmem (nn_network_parameters_const (a), nn_network_n_parameters (a) * sizeof (NnReal),
                   nn_network_parameters_const (b), nn_network_n_parameters (b) * sizeof (NnReal));
  g_assert_cmpmem (nn_network_statistics_const (a), nn_network_n_statistics (a) * sizeof (NnReal),
                   nn_network_statistics_const (b), nn_network_n_statistics (b) * sizeof (NnReal));
}

static inline GBytes *
write_model (const NnNetwork *network, GHashTable *metadata)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = lab_onnx_write (network, metadata, &error);

  g_assert_no_error (error);
  return bytes;
}

/* What lab_onnx_write() makes of @design, to be changed; free with pack(). */
static inline Onnx__ModelProto *
unpack (const Design *design)
{
  NnNetwork *network = build (design);
  g_autoptr (GBytes) bytes = write_model (network, NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Onnx__ModelProto *model = onnx__model_proto__unpack (NULL, size, data);

  g_assert_nonnull (model);
  nn_network_free (network);
  return model;
}

/* Packs and frees @model. */
static inline GBytes *
pack (Onnx__ModelProto *model)
{
  gsize size = onnx__model_proto__get_packed_size (model);
  guint8 *data = g_malloc (size);

  onnx__model_proto__pack (model, data);
  onnx__model_proto__free_unpacked (model, NULL);
  return g_bytes_new_take (data, size);
}
