/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-cli-log.h"
#include "lab-cli-run.h"
#include "lab-cli-sources.h"
#include "lab-preset.h"
#include "lab-trainer.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>

/* The most networks that are trained one after the other. */
#define MAX_MEMBERS 99

static LabCliSources sources;
static char *option_model;
static char *option_log;
static char *option_members;

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &sources.data, N_("Folder with MNIST’s files"), N_("DIR") },
  { "ink", 0, 0, G_OPTION_ARG_FILENAME, &sources.ink, N_("Pen strokes in UNIPEN text, plain or .gz"), N_("FILE") },
  { "writers", 0, 0, G_OPTION_ARG_STRING, &sources.writers, N_("Of --ink, those of these writers, as 1,3,5-9"), N_("LIST") },
  { "copies", 0, 0, G_OPTION_ARG_STRING, &sources.copies, N_("Of --ink, so many variations of each digit instead"), "N" },
  { "validation-writers", 0, 0, G_OPTION_ARG_STRING, &sources.validation_writers, N_("Of --ink, those to hold out, as they wrote"), N_("LIST") },
  { "handwriting", 0, 0, G_OPTION_ARG_STRING, &sources.handwriting, N_("So many digits that the program writes itself"), "N" },
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &option_model, N_("Save the network here, as ONNX"), N_("FILE") },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &option_log, N_("Write a table of the epochs here, as CSV"), N_("FILE") },
  { "members", 0, 0, G_OPTION_ARG_STRING, &option_members, N_("Train so many, seed after seed, and save FILE-1, FILE-2, …"), "N" },
  { NULL },
};

/* One run of the command. */
typedef struct
{
  LabTrainer *trainer;
  LabCliLog *log; /* or NULL */
  GError *log_error;
  const char *model; /* where to save the network, or NULL */
  guint interrupt_id;
  gboolean json;
} Session;

/* Returns the name of one of @n files: of “a.onnx”, “a-2.onnx”. */
static char *
dup_member_path (const char *path, guint member, guint n)
{
  const char *slash = strrchr (path, G_DIR_SEPARATOR);
  const char *basename = slash != NULL ? slash + 1 : path;
  const char *ending = strrchr (basename, '.');
  gsize length = ending != NULL && ending != basename ? (gsize) (ending - path) : strlen (path);
  g_autofree char *stem = NULL;

  if (n == 1)
    return g_strdup (path);
  stem = g_strndup (path, length);
  return g_strdup_printf ("%s-%u%s", stem, member, path + length);
}

/* Finds out before the training, not after it, that the network cannot be saved. */
static gboolean
check_model_folder (const char *model, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (model);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  const char *path = folder ? g_file_peek_path (folder) : NULL;
  g_autofree char *name = g_filename_display_name (model);

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
  lab_cli_add_int (builder, "epoch", lab_epoch_get_epoch (epoch));
  lab_cli_add_number (builder, "loss", lab_epoch_get_loss (epoch));
  lab_cli_add_number (builder, "accuracy", lab_epoch_get_accuracy (epoch));
  lab_cli_add_number (builder, "val_loss", lab_epoch_get_val_loss (epoch));
  lab_cli_add_number (builder, "val_accuracy", lab_epoch_get_val_accuracy (epoch));
  lab_cli_add_number (builder, "lr", lab_epoch_get_learning_rate (epoch));
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
save_network (LabNetwork *network, const char *model, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (model);

  return lab_network_save (network, file, NULL, error);
}

/* Trains until the end or Ctrl+C. */
static gboolean
run_training (Session *session, LabRun *run, LabDataset *dataset, LabDataset *validation, GError **error)
{
  LabTrainer *trainer = session->trainer;

  g_signal_connect (lab_trainer_get_history (trainer), "items-changed", G_CALLBACK (history_changed_cb), session);
  if (!lab_trainer_start (trainer, run, dataset, validation, error))
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
print_summary_json (Session *session, LabNetwork *network)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean stopped = lab_trainer_get_state (session->trainer) == LAB_TRAINER_STOPPED;

  json_builder_begin_object (builder);
  lab_cli_add_string (builder, "state", stopped ? "stopped" : "done");
  lab_cli_add_int (builder, "epochs", g_list_model_get_n_items (lab_trainer_get_history (session->trainer)));
  lab_cli_add_number (builder, "epochs_trained", g_ascii_strtod (lab_network_get_metadata (network, "epochs-trained"), NULL));
  lab_cli_add_int (builder, "parameters", lab_network_get_parameters (network));
  lab_cli_add_file_name (builder, "model", session->model);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

static void
print_summary (Session *session, LabNetwork *network)
{
  guint trained = g_list_model_get_n_items (lab_trainer_get_history (session->trainer));

  if (lab_trainer_get_state (session->trainer) == LAB_TRAINER_DONE && trained < lab_trainer_get_epochs (session->trainer))
    g_print (_("The loss has stopped falling; training ends.\n"));
  if (trained > 0 && lab_network_get_metadata (network, "restore-best") != NULL)
    g_print (_("The network is that of epoch %s.\n"), lab_network_get_metadata (network, "epochs-trained"));
  if (session->model != NULL)
    {
      g_autofree char *name = g_filename_display_name (session->model);

      g_print (_("The network is saved in %s.\n"), name);
    }
}

static gboolean
train_and_save (Session *session, LabRun *run, LabDataset *dataset, LabDataset *validation, GError **error)
{
  LabNetwork *network;

  if (!run_training (session, run, dataset, validation, error))
    return FALSE;

  network = lab_trainer_get_network (session->trainer);
  if (network == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("stopped before anything was learned; nothing is saved"));
      return FALSE;
    }
  if (session->model != NULL && !save_network (network, session->model, error))
    return FALSE;

  if (session->json)
    print_summary_json (session, network);
  else
    print_summary (session, network);

  if (session->log_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&session->log_error));
      return FALSE;
    }

  return TRUE;
}

/* One file for two purposes would lose one of them. */
static gboolean
check_names (GError **error)
{
  g_autoptr (GFile) model = g_file_new_for_commandline_arg (option_model != NULL ? option_model : "");
  g_autoptr (GFile) log = g_file_new_for_commandline_arg (option_log != NULL ? option_log : "");

  if (g_strcmp0 (option_model, "bundled") == 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("--model: “bundled” is the built-in network; write “./bundled” for a file of that name"));
      return FALSE;
    }
  if (option_model != NULL && option_log != NULL && g_file_equal (model, log))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--model and --log name the same file"));
      return FALSE;
    }
  return TRUE;
}

/* Finds out how many networks are wanted: by default as many as the preset says. */
static gboolean
parse_members (LabRun *run, guint *members, GError **error)
{
  guint64 number;

  *members = MAX (lab_preset_find (lab_run_get_preset (run))->members, 1);
  if (option_members == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (option_members, 10, 1, MAX_MEMBERS, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("%s: “%s” is not a whole number from %u to %u"), "--members", option_members, 1, MAX_MEMBERS);
      return FALSE;
    }
  *members = number;
  return TRUE;
}

/* Trains one of @n networks. *@stopped says whether that ended with Ctrl+C. */
static gboolean
train_member (guint member, guint n, LabRun *run, LabDataset *dataset, LabDataset *validation,
              gboolean json, gboolean *stopped, GError **error)
{
  g_autoptr (LabTrainer) trainer = lab_trainer_new ();
  g_autofree char *model = option_model != NULL ? dup_member_path (option_model, member, n) : NULL;
  g_autofree char *log_path = option_log != NULL ? dup_member_path (option_log, member, n) : NULL;
  g_autoptr (LabCliLog) log = NULL;
  Session session = { .trainer = trainer, .model = model, .json = json };
  gboolean ok;

  if (log_path != NULL && (log = lab_cli_log_new (log_path, error)) == NULL)
    return FALSE;
  if (n > 1 && !json)
    g_print (_("Network %u of %u\n"), member, n);

  session.log = log;
  ok = train_and_save (&session, run, dataset, validation, error);
  g_clear_error (&session.log_error);
  *stopped = lab_trainer_get_state (trainer) == LAB_TRAINER_STOPPED;
  return ok;
}

static gboolean
train (gboolean json, GError **error)
{
  g_autoptr (LabRun) run = lab_cli_make_run (error);
  g_autoptr (LabDataset) dataset = NULL;
  g_autoptr (LabDataset) validation = NULL;
  gboolean stopped = FALSE;
  guint members;
  guint64 seed;

  if (run == NULL || !parse_members (run, &members, error) || !check_names (error))
    return FALSE;
  for (guint i = 1; option_model != NULL && i <= members; i++)
    {
      g_autofree char *model = dup_member_path (option_model, i, members);

      if (!check_model_folder (model, error))
        return FALSE;
    }

  if (!lab_cli_load_training_set (&sources, run, &dataset, &validation, error))
    return FALSE;
  if (option_model == NULL)
    g_printerr (_("Nothing will be saved; --model FILE keeps the network.\n"));

  seed = lab_run_get_settings (run)->seed;
  for (guint i = 1; i <= members && !stopped; i++)
    {
      g_object_set (run, "seed", seed + i - 1, NULL);
      if (!train_member (i, members, run, dataset, validation, json, &stopped, error))
        return FALSE;
    }
  return TRUE;
}

const LabCliCommand lab_cli_train = {
  .name = "train",
  .summary = N_("Train a network on MNIST’s images, pen strokes or built-in digits"),
  .description = N_("Prints a line for every epoch. What is not said is as the preset has it, which defaults to “quick”;\n"
                    "“digit-lab-cli info” lists the presets and their settings. The same --seed gives the same network,\n"
                    "whatever the number of threads. Ctrl+C ends the training after the mini-batch under way and saves\n"
                    "the network of the last whole epoch (with --restore-best on, of the best), or, before the first,\n"
                    "what has been learned. The loss that is watched is that of the images held out; without any, that\n"
                    "of the training.\n"
                    "\n"
                    "--data, --ink and --handwriting may be given together; without any, the program trains on digits that\n"
                    "it writes itself. Held out are the digits of --validation-writers and, by --validation, a part of the\n"
                    "other images.\n"
                    "\n"
                    "With --json, each epoch gives an object as soon as it ends: epoch, loss, accuracy, val_loss,\n"
                    "val_accuracy (null when nothing is held out), lr (of the last step), seconds. The last object is the\n"
                    "summary: state (“done” or “stopped”), epochs, epochs_trained (of the network), parameters, model.\n"
                    "Accuracies are fractions of 1.\n"
                    "\n"
                    "Examples:\n"
                    "  digit-lab-cli train --data ~/mnist --preset quick --seed 1 --model quick.onnx\n"
                    "  digit-lab-cli train --data ~/mnist --preset lenet --schedule one-cycle --lr 0.004 --augment on\n"
                    "  digit-lab-cli train --ink pendigits-train.unp.gz --copies 10 --validation-writers 25-30 --handwriting 60000"),
  .entries = entries,
  .groups = lab_cli_run_groups,
  .run = train,
};
