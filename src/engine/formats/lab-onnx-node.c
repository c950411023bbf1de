/* SPDX-License-Identifier: MIT */
#include "lab-onnx-node.h"

#include <glib/gi18n.h>
#include <string.h>

/* What is said of a list in a message ends after this many numbers. */
#define MAX_QUOTED 8

gboolean
lab_onnx_fail (LabOnnxReader *reader, LabError code, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  g_autofree char *valid = NULL;
  const Onnx__NodeProto *node = reader->node;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  if (node != NULL)
    message = g_strdup_printf (_("%s: operator %.40s “%.40s”: %s"), reader->name,
                               node->op_type != NULL ? node->op_type : "?",
                               node->name != NULL ? node->name : "", text);
  else
    message = g_strdup_printf ("%s: %s", reader->name, text);
  /* Names out of the file may be any bytes, and may have been cut short. */
  valid = g_utf8_make_valid (message, -1);
  g_set_error_literal (reader->error, LAB_ERROR, code, valid);
  return FALSE;
}

/* Returns numbers as “1 × 2 × 3”, and none, the size of a single number, as
 * “1”; transfer full. */
static char *
join_numbers (const gint64 *numbers, size_t n, const char *separator)
{
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < MIN (n, MAX_QUOTED); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? separator : "", numbers[i]);
  if (n > MAX_QUOTED)
    g_string_append (text, " …");
  if (n == 0)
    g_string_append (text, "1");
  return g_string_free (text, FALSE);
}

gboolean
lab_onnx_fail_attribute (LabOnnxReader *reader, const Onnx__AttributeProto *attribute)
{
  g_autofree char *value = NULL;

  switch (attribute->type)
    {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
      value = g_strdup_printf ("%g", attribute->f);
      break;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
      value = g_strdup_printf ("%" G_GINT64_FORMAT, attribute->i);
      break;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
      value = g_strdup_printf ("%.*s", (int) MIN (attribute->s.len, 40),
                               attribute->s.len > 0 ? (const char *) attribute->s.data : "");
      break;
    default:
      value = join_numbers (attribute->ints, attribute->n_ints, ", ");
      break;
    }
  return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("attribute “%s” with the value %s is not supported"),
                        attribute->name, value);
}

gboolean
lab_onnx_fail_size (LabOnnxReader *reader, size_t i)
{
  const char *name = reader->node->input[i];
  const Onnx__TensorProto *tensor = g_hash_table_lookup (reader->tensors, name);
  g_autofree char *dims = join_numbers (tensor->dims, tensor->n_dims, " × ");

  return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("tensor “%.40s” of size %s does not fit"), name, dims);
}

gboolean
lab_onnx_node_is (const Onnx__NodeProto *node, const char *op_type)
{
  if (node->domain != NULL && node->domain[0] != '\0' && strcmp (node->domain, "ai.onnx") != 0)
    return FALSE;
  return g_strcmp0 (node->op_type, op_type) == 0;
}

static gboolean
check_attribute (LabOnnxReader *reader, const LabOnnxRule *rules, const Onnx__AttributeProto *attribute)
{
  const LabOnnxRule *rule = rules;
  gboolean list = FALSE;
  gboolean fits = TRUE;

  while (rule->name != NULL && g_strcmp0 (rule->name, attribute->name) != 0)
    rule++;
  if (rule->name == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("attribute “%.40s” is not supported"),
                          attribute->name != NULL ? attribute->name : "");
  list = rule->type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
  if (attribute->type != rule->type || (list && attribute->n_ints != rule->count))
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attribute “%s” has the wrong type or length"), rule->name);
  if (rule->open)
    return TRUE;

  switch (rule->type)
    {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
      fits = attribute->f == rule->value;
      break;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
      fits = attribute->i == rule->value;
      break;
    default:
      for (size_t i = 0; i < rule->count; i++)
        fits = fits && attribute->ints[i] == rule->value;
      break;
    }
  return fits || lab_onnx_fail_attribute (reader, attribute);
}

gboolean
lab_onnx_check_attributes (LabOnnxReader *reader, const LabOnnxRule *rules)
{
  for (size_t i = 0; i < reader->node->n_attribute; i++)
    if (!check_attribute (reader, rules, reader->node->attribute[i]))
      return FALSE;
  return TRUE;
}

const Onnx__AttributeProto *
lab_onnx_find_attribute (LabOnnxReader *reader, const char *name)
{
  for (size_t i = 0; i < reader->node->n_attribute; i++)
    if (g_strcmp0 (reader->node->attribute[i]->name, name) == 0)
      return reader->node->attribute[i];
  return NULL;
}

gboolean
lab_onnx_has_input (LabOnnxReader *reader, size_t i)
{
  return i < reader->node->n_input && reader->node->input[i][0] != '\0';
}

/* Returns how many whole numbers @tensor holds, which is of a known type, or 0
 * if its bytes do not end with one. */
static size_t
count_numbers (const Onnx__TensorProto *tensor)
{
  size_t size = sizeof (float);
  size_t n = tensor->n_float_data;

  if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64)
    size = sizeof (gint64), n = tensor->n_int64_data;
  else if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
    size = 1, n = tensor->n_int32_data;
  if (!tensor->has_raw_data)
    return n;
  return tensor->raw_data.len % size == 0 ? tensor->raw_data.len / size : 0;
}

static const char *
type_name (Onnx__TensorProto__DataType type)
{
  switch (type)
    {
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
      return "int64";
    case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL:
      return "bool";
    default:
      return "float";
    }
}

const Onnx__TensorProto *
lab_onnx_find_tensor (LabOnnxReader *reader, size_t i, Onnx__TensorProto__DataType type, size_t n_dims)
{
  const char *name = reader->node->input[i];
  const Onnx__TensorProto *tensor = g_hash_table_lookup (reader->tensors, name);
  size_t n_values = 0;
  size_t product = 1;

  if (tensor == NULL)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("input “%.40s” is not a tensor of the file"), name);
      return NULL;
    }
  if (tensor->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("tensor “%.40s” is kept in another file"), name);
      return NULL;
    }
  if (tensor->data_type != (gint32) type)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("tensor “%.40s” is of type %d, and only %d, %s, is supported"),
                     name, tensor->data_type, (int) type, type_name (type));
      return NULL;
    }

  if (tensor->n_dims != n_dims)
    {
      lab_onnx_fail_size (reader, i);
      return NULL;
    }

  n_values = count_numbers (tensor);
  for (size_t d = 0; d < n_dims && product != 0; d++)
    {
      gint64 dim = tensor->dims[d];

      product = dim > 0 && (guint64) dim <= n_values / product ? product * dim : 0;
    }
  if (product == 0 || product != n_values)
    {
      g_autofree char *dims = join_numbers (tensor->dims, tensor->n_dims, " × ");

      lab_onnx_fail (reader, LAB_ERROR_FORMAT,
                     _("tensor “%.40s” of size %s has %zu numbers"), name, dims, n_values);
      return NULL;
    }
  return tensor;
}

float
lab_onnx_tensor_get (const Onnx__TensorProto *tensor, size_t i)
{
  guint32 bits = 0;
  float value = 0;

  if (!tensor->has_raw_data)
    return tensor->float_data[i];
  memcpy (&bits, tensor->raw_data.data + sizeof bits * i, sizeof bits);
  bits = GUINT32_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

gboolean
lab_onnx_tensor_is_zero (const Onnx__TensorProto *tensor)
{
  gint64 bits = 0;

  for (size_t i = 0; i < tensor->raw_data.len; i++)
    bits |= tensor->raw_data.data[i];
  for (size_t i = 0; i < tensor->n_int64_data; i++)
    bits |= tensor->int64_data[i];
  for (size_t i = 0; i < tensor->n_int32_data; i++)
    bits |= tensor->int32_data[i];
  return bits == 0;
}
