/* SPDX-License-Identifier: MIT */
#include "lab-onnx-layout.h"

size_t
lab_onnx_flat_index (NnShape picture, size_t i)
{
  size_t pixel = i / picture.channels;
  size_t channel = i % picture.channels;

  return channel * picture.height * picture.width + pixel;
}

static size_t
conv2d_index (const NnLayer *layer, size_t i)
{
  const NnLayerSpec *spec = &layer->spec;
  size_t inputs = layer->input.channels;
  size_t unit = i % spec->units;
  size_t input = i / spec->units % inputs;
  size_t tap = i / spec->units / inputs; /* y × kernel_width + x, in both orders */

  return (unit * inputs + input) * spec->kernel_height * spec->kernel_width + tap;
}

static size_t
dense_index (const NnLayer *layer, NnShape picture, gboolean transposed, size_t i)
{
  size_t units = layer->spec.units;
  size_t inputs = layer->input.channels;
  size_t unit = i % units;
  size_t input = lab_onnx_flat_index (picture, i / units);

  return transposed ? unit * inputs + input : input * units + unit;
}

size_t
lab_onnx_weight_index (const NnLayer *layer, NnShape picture, gboolean transposed, size_t i)
{
  if (layer->spec.kind == NN_CONV2D)
    return conv2d_index (layer, i);
  if (layer->spec.kind == NN_DENSE)
    return dense_index (layer, picture, transposed, i);
  return lab_onnx_channel_index (layer, picture, i);
}

size_t
lab_onnx_channel_index (const NnLayer *layer, NnShape picture, size_t i)
{
  return layer->spec.kind == NN_BATCH_NORM ? lab_onnx_flat_index (picture, i) : i;
}

void
lab_onnx_same_padding (size_t kernel, gint64 *before, gint64 *after)
{
  *before = (kernel - 1) / 2;
  *after = (kernel - 1) - (kernel - 1) / 2;
}
