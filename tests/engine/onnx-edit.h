/* SPDX-License-Identifier: MIT */
#pragma once

/* Model files with changes, as others write them or as nobody should. */

#include "lab-error.h"
#include "onnx-models.h"

/* That @model, which is freed, is read as the network that @design makes. */
static inline void
assert_accepts (Onnx__ModelProto *model, const Design *design)
{
  g_autoptr (GBytes) bytes = pack (model);
  g_autoptr (GError) error = NULL;
  NnNetwork *network = build (design);
  NnNetwork *read = lab_onnx_read (bytes, "model", NULL, &error);

  g_assert_no_error (error);
  assert_equal (network, read);
  nn_network_free (network);
  nn_network_free (read);
}

/* That @model, which is freed, is refused with exactly "model: " and @text. */
static inline void
assert_refuses (Onnx__ModelProto *model, int code, const char *text)
{
  g_autoptr (GBytes) bytes = pack (model);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strconcat ("model: ", text, NULL);

  g_assert_null (lab_onnx_read (bytes, "model", NULL, &error));
  g_assert_error (error, LAB_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
}

static inline void
set_string (char **string, const char *value)
{
  g_free (*string);
  *string = g_strdup (value);
}

/* Adds an attribute to operator @i, or replaces the one of that name. */
static inline Onnx__AttributeProto *
set_attribute (Onnx__ModelProto *model, size_t i, const char *name, Onnx__AttributeProto__AttributeType type)
{
  Onnx__NodeProto *node = model->graph->node[i];
  Onnx__AttributeProto *attribute = NULL;
  size_t place = 0;

  while (place < node->n_attribute && strcmp (node->attribute[place]->name, name) != 0)
    place++;
  if (place < node->n_attribute)
    onnx__attribute_proto__free_unpacked (node->attribute[place], NULL);
  else
    node->attribute = g_renew (Onnx__AttributeProto *, node->attribute, ++node->n_attribute);

  attribute = node->attribute[place] = g_new (Onnx__AttributeProto, 1);
  onnx__attribute_proto__init (attribute);
  attribute->name = g_strdup (name);
  attribute->has_type = TRUE;
  attribute->type = type;
  return attribute;
}

/* These return @model. */
static inline Onnx__ModelProto *
set_int (Onnx__ModelProto *model, size_t i, const char *name, gint64 value)
{
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

  attribute->has_i = TRUE;
  attribute->i = value;
  return model;
}

static inline Onnx__ModelProto *
set_float (Onnx__ModelProto *model, size_t i, const char *name, float value)
{
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

  attribute->has_f = TRUE;
  attribute->f = value;
  return model;
}

static inline Onnx__ModelProto *
set_ints (Onnx__ModelProto *model, size_t i, const char *name, const gint64 *values, size_t n_values)
{
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

  attribute->ints = g_memdup2 (values, n_values * sizeof *values);
  attribute->n_ints = n_values;
  return model;
}
#define SET_INTS(model, i, name, ...) \
  set_ints (model, i, name, (gint64[]){ __VA_ARGS__ }, sizeof ((gint64[]){ __VA_ARGS__ }) / sizeof (gint64))

static inline Onnx__ModelProto *
set_text (Onnx__ModelProto *model, size_t i, const char *name, const char *value)
{
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

  attribute->has_s = TRUE;
  attribute->s.len = strlen (value);
  attribute->s.data = (guint8 *) g_strdup (value);
  return model;
}

static inline Onnx__ModelProto *
remove_attribute (Onnx__ModelProto *model, size_t i, const char *name)
{
  Onnx__NodeProto *node = model->graph->node[i];

  for (size_t a = 0; a < node->n_attribute; a++)
    if (strcmp (node->attribute[a]->name, name) == 0)
      {
        onnx__attribute_proto__free_unpacked (node->attribute[a], NULL);
        node->attribute[a] = node->attribute[--node->n_attribute];
        return model;
      }
  g_assert_not_reached ();
}

static inline Onnx__TypeProto__Tensor *
type_of (Onnx__ValueInfoProto *value)
{
  return value->type->tensor_type;
}

