/* SPDX-License-Identifier: MIT */
#include "lab-mistakes.h"

struct _LabMistakes
{
  GObject parent_instance;

  LabDataset *dataset;
  GBytes *indices;
  GBytes *probabilities;
  guint first;
  guint n;
};

static void lab_mistakes_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LabMistakes, lab_mistakes, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lab_mistakes_list_model_init))

static GType
lab_mistakes_get_item_type (GListModel *model)
{
  return LAB_TYPE_SAMPLE;
}

static guint
lab_mistakes_get_n_items (GListModel *model)
{
  return LAB_MISTAKES (model)->n;
}

static gpointer
lab_mistakes_get_item (GListModel *model,
                       guint       position)
{
  LabMistakes *self = LAB_MISTAKES (model);
  const guint32 *indices = g_bytes_get_data (self->indices, NULL);
  const float *probabilities = g_bytes_get_data (self->probabilities, NULL);
  gsize entry = (gsize) self->first + position;
  guint32 index;

  if (position >= self->n)
    return NULL;

  index = indices[entry];

  return lab_sample_new (index,
                         lab_dataset_get_label (self->dataset, index),
                         lab_dataset_get_image (self->dataset, index),
                         probabilities + entry * LAB_N_CLASSES);
}

static void
lab_mistakes_finalize (GObject *object)
{
  LabMistakes *self = LAB_MISTAKES (object);

  g_clear_object (&self->dataset);
  g_clear_pointer (&self->indices, g_bytes_unref);
  g_clear_pointer (&self->probabilities, g_bytes_unref);

  G_OBJECT_CLASS (lab_mistakes_parent_class)->finalize (object);
}

static void
lab_mistakes_class_init (LabMistakesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_mistakes_finalize;
}

static void
lab_mistakes_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lab_mistakes_get_item_type;
  iface->get_n_items = lab_mistakes_get_n_items;
  iface->get_item = lab_mistakes_get_item;
}

static void
lab_mistakes_init (LabMistakes *self)
{
}

LabMistakes *
lab_mistakes_new (LabDataset *dataset,
                  GBytes     *indices,
                  GBytes     *probabilities,
                  guint       first,
                  guint       n)
{
  LabMistakes *self;
  gsize end = (gsize) first + n;

  g_return_val_if_fail (LAB_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (indices != NULL && end <= g_bytes_get_size (indices) / sizeof (guint32), NULL);
  g_return_val_if_fail (probabilities != NULL &&
                          end <= g_bytes_get_size (probabilities) / (LAB_N_CLASSES * sizeof (float)),
                        NULL);

  self = g_object_new (LAB_TYPE_MISTAKES, NULL);
  self->dataset = g_object_ref (dataset);
  self->indices = g_bytes_ref (indices);
  self->probabilities = g_bytes_ref (probabilities);
  self->first = first;
  self->n = n;

  return self;
}
