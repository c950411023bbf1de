/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-cli-log.h"
#include "lab-cli-number.h"
#include "lab-preset.h"
#include "lab-trainer.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>

static char *option_data;
static char *option_preset;
static char *option_epochs;
static char *option_batch;
static char *option_lr;
static char *option_validation;
static char *option_seed;
static char *option_threads;
static char *option_model;
static char *option_log;

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &option_data, N_("Folder with MNIST’s files (needed)"), N_("DIR") },
  { "preset", 'p', 0, G_OPTION_ARG_STRING, &option_preset, N_("Network to train, see “digit-lab-cli info”"), N_("NAME") },
  { "epochs", 'e', 0, G_OPTION_ARG_STRING, &option_epochs, N_("How often to go through the images"), "N" },
  { "batch", 'b', 0, G_OPTION_ARG_STRING, &option_batch, N_("Images in a mini-batch"), "N" },
  { "lr", 0, 0, G_OPTION_ARG_STRING, &option_lr, N_("Learning rate"), "X" },
  { "validation", 0, 0, G_OPTION_ARG_STRING, &option_validation, N_("Part of the images held out, 0 to 0.5 (default 0.1)"), "X" },
  { "seed", 0, 0, G_OPTION_ARG_STRING, &option_seed, N_("Start of the random numbers (default 1)"), "N" },
  { "threads", 't', 0, G_OPTION_ARG_STRING, &option_threads, N_("Threads, 0 for one per processor (default)"), "N" },
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &option_model, N_("Save the network here, as ONNX"), N_("FILE") },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &option_log, N_("Write a table of the epochs here, as CSV"), N_("FILE") },
  { NULL },
};

/* The options that are numbers, with the property of LabRun that each sets.
 * The property knows the range, too. */
static const struct
{
  const char *option;
  char **value;
  const char *property;
} numbers[] = {
  { "--epochs", &option_epochs, "epochs" },
  { "--batch", &option_batch, "batch-size" },
  { "--lr", &option_lr, "learning-rate" },
  { "--validation", &option_validation, "validation-share" },
  { "--seed", &option_seed, "seed" },
  { "--threads", &option_threads, "threads" },
};

static gboolean
set_preset (LabRun *run, GError **error)
{
  g_autoptr (GString) names = NULL;

  if (option_preset == NULL)
    return TRUE;

  if (lab_preset_find (option_preset))
    {
      lab_run_set_preset (run, option_preset);
      return TRUE;
    }

  names = g_string_new (lab_preset_get (0)->name);
  for (guint i = 1; i < lab_preset_count (); i++)
    g_string_append_printf (names, ", %s", lab_preset_get (i)->name);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--preset: there is no “%s”, but %s"), option_preset, names->str);

  return FALSE;
}

/* One run of the command. */
typedef struct
{
  LabTrainer *trainer;
  LabCliLog *log; /* or NULL */
  GError *log_error;
  guint interrupt_id;
  gboolean json;
} Session;

static LabRun *
make_run (GError **error)
{
  g_autoptr (LabRun) run = lab_run_new ();

  if (!set_preset (run, error))
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (*numbers[i].value != NULL &&
        !lab_cli_set_number (G_OBJECT (run), numbers[i].property, numbers[i].option, *numbers[i].value, error))
      return NULL;

  return g_steal_pointer (&run);
}

/* Finds out before the training, not after it, that the model cannot be saved. */
static gboolean
check_model_folder (GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (option_model);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  const char *path = folder ? g_file_peek_path (folder) : NULL;
  g_autofree char *name = g_filename_display_name (option_model);

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _("%s: this is a folder"), name);
      return FALSE;
    }
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_SPECIAL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _("%s: this is no ordinary file"), name);
      return FALSE;
    }
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY, _("%s: a part of the path is not a folder"), name);
      return FALSE;
    }
  if (path == NULL || g_access (path, W_OK) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _("%s: nothing can be written in its folder: %s"), name, g_strerror (errno));

  return FALSE;
}

static void
print_epoch (LabEpoch *epoch, guint epochs)
{
  g_print (_("Epoch %u of %u: loss %.4f, accuracy %.2f %%"),
           lab_epoch_get_epoch (epoch), epochs,
           lab_epoch_get_loss (epoch), 100 * lab_epoch_get_accuracy (epoch));
  if (isfinite (lab_epoch_get_val_loss (epoch)))
    g_print (_("; held out: loss %.4f, accuracy %.2f %%"),
             lab_epoch_get_val_loss (epoch), 100 * lab_epoch_get_val_accuracy (epoch));
  g_print (_("; %.1f s\n"), lab_epoch_get_seconds (epoch));
}

static void
print_epoch_json (LabEpoch *epoch)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "epoch");
  json_builder_add_int_value (builder, lab_epoch_get_epoch (epoch));
  lab_cli_add_number (builder, "loss", lab_epoch_get_loss (epoch));
  lab_cli_add_number (builder, "accuracy", lab_epoch_get_accuracy (epoch));
  lab_cli_add_number (builder, "val_loss", lab_epoch_get_val_loss (epoch));
  lab_cli_add_number (builder, "val_accuracy", lab_epoch_get_val_accuracy (epoch));
  lab_cli_add_number (builder, "seconds", lab_epoch_get_seconds (epoch));
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

static void
history_changed_cb (GListModel *history, guint position, guint removed, guint added, Session *session)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (LabEpoch) epoch = g_list_model_get_item (history, i);

      if (session->json)
        print_epoch_json (epoch);
      else
        print_epoch (epoch, lab_trainer_get_epochs (session->trainer));

      /* A full disk is no reason to lose the training: it is reported at the end. */
      if (session->log != NULL && session->log_error == NULL)
        lab_cli_log_add (session->log, epoch, &session->log_error);
    }
}

/* The handler removes itself, so that a second Ctrl+C ends the program at once. */
static gboolean
interrupted_cb (gpointer data)
{
  Session *session = data;

  session->interrupt_id = 0;
  g_printerr (_("Stopping; Ctrl+C again ends without saving.\n"));
  lab_trainer_stop (session->trainer);

  return G_SOURCE_REMOVE;
}

static gboolean
save_network (LabNetwork *network, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (option_model);

  return lab_network_save (network, file, NULL, error);
}

/* Trains until the end or Ctrl+C. */
static gboolean
run_training (Session *session, LabRun *run, LabDataset *dataset, GError **error)
{
  LabTrainer *trainer = session->trainer;

  g_signal_connect (lab_trainer_get_history (trainer), "items-changed", G_CALLBACK (history_changed_cb), session);
  if (!lab_trainer_start (trainer, run, dataset, error))
    return FALSE;

  session->interrupt_id = g_unix_signal_add (SIGINT, interrupted_cb, session);
  while (lab_trainer_is_running (trainer))
    g_main_context_iteration (NULL, TRUE);
  g_clear_handle_id (&session->interrupt_id, g_source_remove);

  if (lab_trainer_get_state (trainer) == LAB_TRAINER_FAILED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, lab_trainer_get_message (trainer));
      return FALSE;
    }

  return TRUE;
}

static void
print_summary (Session *session, LabNetwork *network)
{
  gboolean stopped = lab_trainer_get_state (session->trainer) == LAB_TRAINER_STOPPED;

  if (session->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "state");
      json_builder_add_string_value (builder, stopped ? "stopped" : "done");
      json_builder_set_member_name (builder, "epochs");
      json_builder_add_int_value (builder, g_list_model_get_n_items (lab_trainer_get_history (session->trainer)));
      json_builder_set_member_name (builder, "parameters");
      json_builder_add_int_value (builder, lab_network_get_parameters (network));
      lab_cli_add_file_name (builder, "model", option_model);
      json_builder_end_object (builder);

      lab_cli_print_json (builder);
    }
  else if (option_model != NULL)
    {
      g_autofree char *name = g_filename_display_name (option_model);

      g_print (_("The network is saved in %s.\n"), name);
    }
}

static gboolean
train_and_save (Session *session, LabRun *run, LabDataset *dataset, GError **error)
{
  LabNetwork *network;

  if (!run_training (session, run, dataset, error))
    return FALSE;

  network = lab_trainer_get_network (session->trainer);
  if (network == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("stopped before anything was learned; nothing is saved"));
      return FALSE;
    }
  if (option_model != NULL && !save_network (network, error))
    return FALSE;

  print_summary (session, network);

  if (session->log_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&session->log_error));
      return FALSE;
    }

  return TRUE;
}

static gboolean
train (gboolean json, GError **error)
{
  g_autoptr (LabRun) run = make_run (error);
  g_autoptr (GFile) folder = NULL;
  g_autoptr (LabDataset) dataset = NULL;
  g_autoptr (LabTrainer) trainer = NULL;
  g_autoptr (LabCliLog) log = NULL;
  Session session = { .json = json };
  gboolean ok;

  if (run == NULL)
    return FALSE;
  if (option_data == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--data is needed, a folder with MNIST’s files"));
      return FALSE;
    }
  if (option_model == NULL)
    g_printerr (_("Nothing will be saved; --model FILE keeps the network.\n"));
  else if (!check_model_folder (error))
    return FALSE;

  folder = g_file_new_for_commandline_arg (option_data);
  dataset = lab_dataset_load (folder, LAB_PART_TRAIN, NULL, error);
  if (dataset == NULL)
    return FALSE;
  if (option_log != NULL && (log = lab_cli_log_new (option_log, error)) == NULL)
    return FALSE;

  trainer = lab_trainer_new ();
  session.trainer = trainer;
  session.log = log;
  ok = train_and_save (&session, run, dataset, error);
  g_clear_error (&session.log_error);

  return ok;
}

const LabCliCommand lab_cli_train = {
  .name = "train",
  .summary = N_("Train a network on MNIST’s training images"),
  .description = N_("Prints a line for every epoch. Epochs, mini-batch and learning rate default to those of the preset,\n"
                    "which defaults to “quick”; “digit-lab-cli info” lists the presets. The same --seed gives the same network,\n"
                    "whatever the number of threads. Ctrl+C ends the training after the mini-batch under way and saves\n"
                    "the network of the last whole epoch, or, before the first, what has been learned.\n"
                    "\n"
                    "With --json, each epoch gives an object as soon as it ends: epoch, loss, accuracy, val_loss,\n"
                    "val_accuracy (null when nothing is held out), seconds. The last object is the summary: state\n"
                    "(“done” or “stopped”), epochs, parameters, model. Accuracies are fractions of 1.\n"
                    "\n"
                    "Example:\n"
                    "  digit-lab-cli train --data ~/mnist --preset quick --seed 1 --model quick.onnx"),
  .entries = entries,
  .run = train,
};
