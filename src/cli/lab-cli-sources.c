/* SPDX-License-Identifier: MIT */
#include "lab-cli-sources.h"

#include <glib/gi18n.h>

/* How many digits the program writes when nothing else is said. */
#define DEFAULT_HANDWRITING 60000

/* The most pictures of one kind, 784 bytes each. */
#define MAX_COUNT 1000000

#define MAX_WRITER 255

/* Which writers are taken, by their number. */
typedef struct
{
  gboolean taken[MAX_WRITER + 1];
} Writers;

gboolean
lab_cli_parse_count (const char *option, const char *text, guint *count, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, MAX_COUNT, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("%s: “%s” is not a whole number from %u to %u"), option, text, 1, MAX_COUNT);
      return FALSE;
    }
  *count = number;
  return TRUE;
}

/* Reads “5-9”, or “5”. */
static gboolean
parse_range (const char *text, guint64 *first, guint64 *last)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);

  if (ends[0] == NULL || !g_ascii_string_to_unsigned (ends[0], 10, 1, MAX_WRITER, first, NULL))
    return FALSE;
  *last = *first;
  return ends[1] == NULL || g_ascii_string_to_unsigned (ends[1], 10, *first, MAX_WRITER, last, NULL);
}

/* Reads a list as “1,3,5-9”. */
static gboolean
parse_writers (const char *option, const char *text, Writers *writers, GError **error)
{
  g_auto (GStrv) ranges = g_strsplit (text, ",", -1);
  gboolean good = ranges[0] != NULL;

  *writers = (Writers){ 0 };
  for (guint i = 0; good && ranges[i] != NULL; i++)
    {
      guint64 first, last;

      good = parse_range (ranges[i], &first, &last);
      for (guint64 writer = first; good && writer <= last; writer++)
        writers->taken[writer] = TRUE;
    }
  if (!good)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("%s: “%s” is not a list of writers, 1 to %u, as “1,3,5-9”"), option, text, MAX_WRITER);
  return good;
}

/* Reads the pen strokes of some @writers, NULL for all; 0 @copies are the digits
 * as they were written. */
static LabDataset *
load_ink (const char *path, const Writers *writers, guint copies, guint64 seed, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  guint8 numbers[MAX_WRITER + 1] = { 0 };
  LabInkSelection selection = { .copies = copies, .seed = seed };
  guint n = 0;

  for (guint writer = 1; writers != NULL && writer <= MAX_WRITER; writer++)
    if (writers->taken[writer])
      numbers[n++] = writer;
  if (writers != NULL)
    selection.writers = numbers;

  return lab_dataset_load_ink (file, &selection, NULL, error);
}

LabDataset *
lab_cli_load_ink (const LabCliSources *sources, GError **error)
{
  Writers writers;

  if (sources->writers != NULL && !parse_writers ("--writers", sources->writers, &writers, error))
    return NULL;
  return load_ink (sources->ink, sources->writers != NULL ? &writers : NULL, 0, 0, error);
}

/* What is being put together. */
typedef struct
{
  guint64 seed;
  double share;       /* of what is no ink, to hold out */
  GPtrArray *parts;   /* LabDataset to train on */
  GPtrArray *held;    /* LabDataset */
  GString *parts_name;
  GString *held_name;
} Mixture;

static void
mixture_clear (Mixture *self)
{
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->held);
  g_string_free (self->parts_name, TRUE);
  g_string_free (self->held_name, TRUE);
}

/* Adds a data set, which is taken; @copies of its pictures are of one digit. */
static void
add (GPtrArray *datasets, GString *names, LabDataset *dataset, guint copies)
{
  guint size = lab_dataset_get_size (dataset);
  g_autofree char *name = g_filename_display_name (lab_dataset_get_name (dataset));

  g_string_append_printf (names, "%s%s %u", names->len > 0 ? ", " : "", name, copies > 0 ? size / copies : size);
  if (copies > 0)
    g_string_append_printf (names, " × %u", copies);
  g_ptr_array_add (datasets, dataset);
}

/* Adds @dataset, which is taken, but for the share that is held out. */
static gboolean
mixture_add_pictures (Mixture *self, LabDataset *dataset, GError **error)
{
  g_autoptr (LabDataset) whole = dataset;
  LabDataset *rest, *part;

  if (whole == NULL)
    return FALSE;
  if (self->share == 0)
    {
      add (self->parts, self->parts_name, g_steal_pointer (&whole), 0);
      return TRUE;
    }
  if (!lab_dataset_split (whole, self->share, self->seed, &rest, &part, error))
    return FALSE;
  add (self->parts, self->parts_name, rest, 0);
  if (lab_dataset_get_size (part) > 0)
    add (self->held, self->held_name, part, 0);
  else
    g_object_unref (part);
  return TRUE;
}

/* Finds the writers to train on and those to hold out. Nobody is both. */
static gboolean
choose_writers (const LabCliSources *sources, Writers *writers, Writers *held, GError **error)
{
  *held = (Writers){ 0 };
  for (guint i = 1; i <= MAX_WRITER; i++)
    writers->taken[i] = TRUE;

  if (sources->writers != NULL && !parse_writers ("--writers", sources->writers, writers, error))
    return FALSE;
  if (sources->validation_writers != NULL
      && !parse_writers ("--validation-writers", sources->validation_writers, held, error))
    return FALSE;

  for (guint i = 1; i <= MAX_WRITER; i++)
    if (writers->taken[i] && held->taken[i])
      {
        if (sources->writers != NULL)
          {
            g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _("writer %u is in both --writers and --validation-writers"), i);
            return FALSE;
          }
        writers->taken[i] = FALSE;
      }
  return TRUE;
}

static gboolean
mixture_add_ink (Mixture *self, const LabCliSources *sources, GError **error)
{
  Writers writers, held;
  gboolean everybody = sources->writers == NULL && sources->validation_writers == NULL;
  guint copies = 0;
  LabDataset *dataset;

  if (sources->copies != NULL && !lab_cli_parse_count ("--copies", sources->copies, &copies, error))
    return FALSE;
  if (!choose_writers (sources, &writers, &held, error))
    return FALSE;

  dataset = load_ink (sources->ink, everybody ? NULL : &writers, copies, self->seed, error);
  if (dataset == NULL)
    return FALSE;
  add (self->parts, self->parts_name, dataset, copies);
  if (sources->validation_writers == NULL)
    return TRUE;

  dataset = load_ink (sources->ink, &held, 0, 0, error);
  if (dataset == NULL)
    return FALSE;
  add (self->held, self->held_name, dataset, 0);
  return TRUE;
}

static gboolean
mixture_join (GPtrArray *parts, GString *name, LabDataset **joined, GError **error)
{
  *joined = NULL;
  if (parts->len == 0)
    return TRUE;
  *joined = lab_dataset_join (name->str, (LabDataset *const *) parts->pdata, parts->len, error);
  return *joined != NULL;
}

static LabDataset *
load_data (const LabCliSources *sources, GError **error)
{
  g_autoptr (GFile) folder = g_file_new_for_commandline_arg (sources->data);

  return lab_dataset_load (folder, LAB_PART_TRAIN, NULL, error);
}

static gboolean
load_mixture (Mixture *self, const LabCliSources *sources, guint handwriting, guint threads,
              LabDataset **dataset, LabDataset **validation, GError **error)
{
  if (sources->data != NULL && !mixture_add_pictures (self, load_data (sources, error), error))
    return FALSE;
  if (sources->ink != NULL && !mixture_add_ink (self, sources, error))
    return FALSE;
  if (handwriting > 0
      && !mixture_add_pictures (self, lab_dataset_new_handwriting (handwriting, self->seed, threads, NULL, error),
                                error))
    return FALSE;

  if (!mixture_join (self->parts, self->parts_name, dataset, error))
    return FALSE;
  if (mixture_join (self->held, self->held_name, validation, error))
    return TRUE;
  g_clear_object (dataset);
  return FALSE;
}

static gboolean
check (const LabCliSources *sources, GError **error)
{
  const char *lonely = sources->writers != NULL              ? "--writers"
                       : sources->validation_writers != NULL ? "--validation-writers"
                       : sources->copies != NULL             ? "--copies"
                                                             : NULL;

  if (lonely == NULL || sources->ink != NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s goes with --ink only"), lonely);
  return FALSE;
}

gboolean
lab_cli_load_training_set (const LabCliSources *sources,
                           LabRun              *run,
                           LabDataset         **dataset,
                           LabDataset         **validation,
                           GError             **error)
{
  const LabSettings *settings = lab_run_get_settings (run);
  guint handwriting = 0;
  Mixture mixture;
  gboolean ok;

  *validation = NULL;
  if (!check (sources, error))
    return FALSE;
  if (sources->handwriting != NULL && !lab_cli_parse_count ("--handwriting", sources->handwriting, &handwriting, error))
    return FALSE;
  if (sources->data == NULL && sources->ink == NULL && handwriting == 0)
    {
      handwriting = DEFAULT_HANDWRITING;
      g_printerr (_("No --data: training on %u built-in digits.\n"), handwriting);
    }

  /* A source alone is not copied: the run holds out its share of it. */
  if (sources->ink == NULL && (sources->data == NULL || handwriting == 0))
    {
      *dataset = sources->data != NULL
                   ? load_data (sources, error)
                   : lab_dataset_new_handwriting (handwriting, settings->seed, settings->threads, NULL, error);
      return *dataset != NULL;
    }

  mixture = (Mixture){
    .seed = settings->seed,
    .share = settings->validation_share,
    .parts = g_ptr_array_new_with_free_func (g_object_unref),
    .held = g_ptr_array_new_with_free_func (g_object_unref),
    .parts_name = g_string_new (NULL),
    .held_name = g_string_new (NULL),
  };
  ok = load_mixture (&mixture, sources, handwriting, settings->threads, dataset, validation, error);
  mixture_clear (&mixture);
  return ok;
}
