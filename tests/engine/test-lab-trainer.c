/* SPDX-License-Identifier: MIT */
#include "lab-epoch.h"
#include "lab-error.h"
#include "lab-evaluation.h"
#include "lab-test-data.h"
#include "lab-trainer.h"

static gboolean
has_ended (gpointer trainer)
{
  return !lab_trainer_is_running (trainer);
}

static gboolean
has_begun (gpointer trainer)
{
  return lab_trainer_get_fraction (trainer) > 0;
}

static LabRun *
small_run (void)
{
  LabRun *run = lab_run_new ();

  g_object_set (run, "epochs", 3, "batch-size", 20, "threads", 2, NULL);
  return run;
}

typedef struct
{
  GThread *thread;
  guint states, networks, fractions;
  double last_fraction;
} Notifies;

static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  Notifies *notifies = data;

  g_assert_true (g_thread_self () == notifies->thread);
  notifies->states += g_str_equal (pspec->name, "state");
  notifies->networks += g_str_equal (pspec->name, "network");
  if (g_str_equal (pspec->name, "fraction"))
    {
      double fraction = lab_trainer_get_fraction (LAB_TRAINER (object));

      g_assert_cmpfloat (fraction, >, notifies->last_fraction);
      notifies->last_fraction = fraction;
      notifies->fractions++;
    }
}

static void
test_run (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (600, 1);
  g_autoptr (LabDataset) others = lab_test_dataset (200, 2);
  g_autoptr (LabEvaluation) evaluation = NULL;
  g_autoptr (GError) error = NULL;
  Notifies notifies = { .thread = g_thread_self () };
  GListModel *history = lab_trainer_get_history (trainer);

  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_IDLE);
  g_assert_null (lab_trainer_get_network (trainer));
  g_assert_cmpfloat (lab_trainer_get_seconds_left (trainer), <, 0);
  g_signal_connect (trainer, "notify", G_CALLBACK (notify_cb), &notifies);

  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_RUNNING);
  g_assert_cmpuint (lab_trainer_get_epoch (trainer), ==, 1);
  g_assert_cmpuint (lab_trainer_get_epochs (trainer), ==, 3);
  g_assert_false (lab_trainer_start (trainer, run, dataset, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_FAILED);

  g_assert_true (lab_test_wait (has_ended, trainer, 120));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_DONE);
  g_assert_null (lab_trainer_get_message (trainer));
  g_assert_cmpfloat (lab_trainer_get_fraction (trainer), ==, 1);
  g_assert_cmpuint (lab_trainer_get_epoch (trainer), ==, 3);
  g_assert_cmpuint (notifies.states, ==, 2); /* running, done */
  g_assert_cmpuint (notifies.networks, >=, 1);
  g_assert_cmpuint (notifies.networks, <=, 4); /* one for each epoch, and the calibrated one */
  g_assert_cmpuint (notifies.fractions, >=, 1);

  g_assert_true (history == lab_trainer_get_history (trainer));
  g_assert_cmpuint (g_list_model_get_n_items (history), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (LabEpoch) epoch = g_list_model_get_item (history, i);

      g_assert_cmpuint (lab_epoch_get_epoch (epoch), ==, i + 1);
      g_assert_cmpfloat (lab_epoch_get_loss (epoch), >, 0);
      if (i == 2)
        g_assert_cmpfloat (lab_epoch_get_val_accuracy (epoch), >=, 0.98);
    }

  g_assert_cmpstr (lab_network_get_metadata (lab_trainer_get_network (trainer), "preset"), ==, "quick");
  g_assert_cmpstr (lab_network_get_metadata (lab_trainer_get_network (trainer), "epochs-trained"), ==, "3");
  evaluation = lab_evaluation_new (lab_trainer_get_network (trainer), others, 2, NULL, &error);
  g_assert_cmpfloat (lab_evaluation_get_accuracy (evaluation), >=, 0.98);

  /* The history begins anew with the next run. */
  g_object_set (run, "epochs", 1, NULL);
  g_clear_error (&error);
  notifies.last_fraction = -1;
  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, &error));
  g_assert_cmpuint (g_list_model_get_n_items (history), ==, 0);
  g_assert_true (lab_test_wait (has_ended, trainer, 120));
  g_assert_cmpuint (g_list_model_get_n_items (history), ==, 1);
  g_assert_finalize_object (trainer);
}

static void
test_stop (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (2000, 1);
  gint64 asked;

  lab_trainer_stop (trainer); /* nothing to stop */
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_IDLE);

  g_object_set (run, "epochs", 1000, NULL);
  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
  g_assert_true (lab_test_wait (has_begun, trainer, 60));
  lab_trainer_stop (trainer);
  asked = g_get_monotonic_time ();
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_STOPPING);
  g_assert_true (lab_test_wait (has_ended, trainer, 60));
  g_test_message ("stopped after %.1f ms", (g_get_monotonic_time () - asked) / 1000.0);
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_STOPPED);
  g_assert_nonnull (lab_trainer_get_network (trainer));
  g_assert_cmpfloat (lab_trainer_get_fraction (trainer), <, 1);
  g_assert_finalize_object (trainer);
}

/* A run that is stopped before its first mini-batch has learned nothing, and
 * must not leave a network of random weights. */
static void
test_stop_at_once (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (600, 1);

  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
  lab_trainer_stop (trainer);
  g_assert_true (lab_test_wait (has_ended, trainer, 60));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_STOPPED);
  g_assert_true (lab_trainer_get_fraction (trainer) > 0 || lab_trainer_get_network (trainer) == NULL);
  g_assert_finalize_object (trainer);
}

static void
test_drop_while_running (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (600, 1);

  g_object_set (run, "epochs", 1000, NULL);
  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
  g_assert_true (lab_test_wait (has_begun, trainer, 60));
  g_assert_finalize_object (trainer);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* A failure of the core ends the run with a message and without a network. */
static void
test_fails (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (LabDataset) empty = lab_dataset_new ("empty", nothing, nothing);
  g_autoptr (LabDataset) dataset = lab_test_dataset (60, 1);

  g_assert_true (lab_trainer_start (trainer, run, empty, NULL, NULL));
  g_assert_true (lab_test_wait (has_ended, trainer, 60));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_FAILED);
  g_assert_nonnull (lab_trainer_get_message (trainer));
  g_assert_null (lab_trainer_get_network (trainer));

  /* The next run is none the worse. */
  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
  g_assert_null (lab_trainer_get_message (trainer));
  g_assert_true (lab_test_wait (has_ended, trainer, 60));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_DONE);
  g_assert_finalize_object (trainer);
}

/* Returns the network that @run gives; transfer full. */
static LabNetwork *
train (LabRun *run, LabDataset *dataset, LabDataset *validation)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (GError) error = NULL;
  LabNetwork *network;

  g_assert_true (lab_trainer_start (trainer, run, dataset, validation, &error));
  g_assert_no_error (error);
  g_assert_true (lab_test_wait (has_ended, trainer, 120));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_DONE);
  network = g_object_ref (lab_trainer_get_network (trainer));
  g_assert_finalize_object (trainer);
  return network;
}

/* The file says all that has had an effect, and nothing else. */
static void
test_metadata (void)
{
  static const char *expected[][2] = {
    { "optimizer", "sgd" }, { "momentum", "0.5" },       { "schedule", "step" },     { "schedule-factor", "0.25" },
    { "rotation", "5" },    { "label-smoothing", "0.1" }, { "precision", "fp32" },    { "schedule-epochs", "3" },
    { "warm-up", NULL },    { "clip-norm", NULL },        { "restore-best", NULL },   { "threads", NULL },
    { "epochs", "1" },      { "validation-share", "0" },  { "val-loss", NULL },       { "epochs-trained", "1" },
    { "data", "bars" },     { "validation-data", NULL },  { "temperature", NULL },    { "threshold", NULL },
  };
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (60, 1);
  g_autoptr (LabNetwork) network = NULL;

  g_object_set (run, "epochs", 1, "optimizer", LAB_OPTIMIZER_SGD, "momentum", 0.5, "learning-rate", 0.01, "schedule", LAB_SCHEDULE_STEP,
                "schedule-factor", 0.25, "rotation", 5.0, "label-smoothing", 0.1, "validation-share", 0.0, NULL);
  network = train (run, dataset, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (lab_network_get_metadata (network, expected[i][0]), ==, expected[i][1]);
}

static double
get_number (LabNetwork *network, const char *key)
{
  const char *text = lab_network_get_metadata (network, key);

  g_assert_nonnull (text);
  return g_ascii_strtod (text, NULL);
}

/* The pictures that are held out may be given; the network is calibrated on
 * them, and what the file says of that is what an evaluation finds. */
static void
test_validation (void)
{
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autoptr (LabDataset) validation = lab_test_dataset (200, 2);
  g_autoptr (LabNetwork) network = NULL;
  g_autoptr (LabEvaluation) evaluation = NULL;

  g_object_set (run, "label-smoothing", 0.3, "restore-best", TRUE, NULL);
  network = train (run, dataset, validation);
  evaluation = lab_evaluation_new (network, validation, 2, NULL, NULL);

  g_assert_cmpstr (lab_network_get_metadata (network, "validation-data"), ==, "bars");
  /* Smoothed labels leave it too unsure. */
  g_assert_cmpfloat (get_number (network, "temperature"), <, 0.9);
  g_assert_cmpfloat (get_number (network, "calibration-error"), <, get_number (network, "calibration-error-before"));
  g_assert_cmpfloat_with_epsilon (get_number (network, "calibration-error"), lab_evaluation_get_calibration_error (evaluation), 1e-4);
  g_assert_cmpfloat (get_number (network, "val-accuracy"), ==, lab_evaluation_get_accuracy (evaluation));
  g_assert_cmpfloat (get_number (network, "val-loss"), >, 0);
  g_assert_cmpfloat (get_number (network, "val-loss"), <, 0.3);
  g_assert_cmpfloat (get_number (network, "threshold"), ==, lab_network_get_threshold (network));
  g_assert_cmpuint (lab_evaluation_get_refused (evaluation), <=, 2);
}

/* Doodles are learned from, and never held out. */
static void
test_doodles (void)
{
  g_autoptr (LabDataset) dataset = lab_dataset_new_handwriting (3000, 1, 2, NULL, NULL);
  g_autoptr (LabDataset) doodles = lab_dataset_new_doodles (300, LAB_DOODLE_ALL, LAB_DOODLE_LEARN, 99, 2, NULL, NULL);
  guint refused[2];

  for (guint with = 0; with < 2; with++)
    {
      g_autoptr (LabRun) run = small_run ();
      g_autoptr (LabNetwork) network = NULL;
      g_autoptr (LabEvaluation) evaluation = NULL;

      g_object_set (run, "preset", "mlp-128-128", "epochs", 8, "doodles", with ? 0.5 : 0.0, "validation-share", 0.25, NULL);
      network = train (run, dataset, NULL);
      g_assert_cmpstr (lab_network_get_metadata (network, "doodles"), ==, with ? "0.5" : NULL);
      g_assert_cmpfloat (get_number (network, "val-loss"), <, 1);
      g_assert_cmpfloat (get_number (network, "val-accuracy"), >, 0.75);
      evaluation = lab_evaluation_new (network, doodles, 2, NULL, NULL);
      refused[with] = lab_evaluation_get_outliers_refused (evaluation);
    }
  g_test_message ("%u of 300 doodles refused, without such training %u", refused[1], refused[0]);
  g_assert_cmpuint (refused[1], >, refused[0] + 15);
}

/* A run can be stopped while the doodles are being drawn. */
static void
test_stop_doodles (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (20000, 1);

  g_object_set (run, "doodles", 1.0, NULL);
  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
  lab_trainer_stop (trainer);
  g_assert_true (lab_test_wait (has_ended, trainer, 60));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_STOPPED);
  g_assert_null (lab_trainer_get_network (trainer));
  g_assert_null (lab_trainer_get_message (trainer));
  g_assert_finalize_object (trainer);
}

/* With labels that have nothing to do with the pictures, the loss on those held
 * out grows as the others are learned by heart: patience ends the run, and the
 * network is the one that was best, with its own figures. */
static void
test_restore_best (void)
{
  LabTrainer *trainer = lab_trainer_new ();
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) bars = lab_test_dataset (200, 1);
  g_autoptr (GBytes) images = g_bytes_new (lab_dataset_get_images (bars), 200 * LAB_IMAGE_SIZE);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint8 labels[200];
  g_autoptr (GBytes) label_bytes = NULL;
  g_autoptr (LabDataset) dataset = NULL;
  GListModel *history = lab_trainer_get_history (trainer);
  double smallest = G_MAXDOUBLE;
  guint best = 0, n_epochs;
  g_autofree char *expected = NULL;

  for (guint i = 0; i < 200; i++)
    labels[i] = g_rand_int_range (rand, 0, LAB_N_CLASSES);
  label_bytes = g_bytes_new (labels, sizeof labels);
  dataset = lab_dataset_new ("noise", images, label_bytes);

  g_object_set (run, "epochs", 60, "schedule", LAB_SCHEDULE_CONSTANT, "learning-rate", 0.003,
                "validation-share", 0.3, "patience", 4, "restore-best", TRUE, NULL);
  g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
  g_assert_true (lab_test_wait (has_ended, trainer, 120));
  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_DONE);

  n_epochs = g_list_model_get_n_items (history);
  for (guint i = 0; i < n_epochs; i++)
    {
      g_autoptr (LabEpoch) epoch = g_list_model_get_item (history, i);

      g_assert_cmpfloat (lab_epoch_get_learning_rate (epoch), ==, 0.003);
      if (lab_epoch_get_val_loss (epoch) < smallest)
        {
          smallest = lab_epoch_get_val_loss (epoch);
          best = i + 1;
        }
    }
  g_assert_cmpuint (n_epochs, ==, best + 4);
  g_assert_cmpuint (n_epochs, <, 60);
  expected = g_strdup_printf ("%u", best);
  g_assert_cmpstr (lab_network_get_metadata (lab_trainer_get_network (trainer), "epochs-trained"), ==, expected);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (lab_network_get_metadata (lab_trainer_get_network (trainer), "val-loss"), NULL),
                                  smallest, 1e-4 * smallest);
  g_assert_finalize_object (trainer);
}

/* bf16 is trained with where the processor can, and nowhere else. */
static void
test_precision (void)
{
  g_autoptr (LabRun) run = small_run ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (60, 1);

  g_object_set (run, "epochs", 1, "precision", LAB_PRECISION_BF16, NULL);
  g_assert_nonnull (lab_precision_get_isa (LAB_PRECISION_FP32));
  if (lab_precision_get_isa (LAB_PRECISION_BF16) != NULL)
    {
      g_autoptr (LabNetwork) network = train (run, dataset, NULL);

      g_assert_cmpstr (lab_network_get_metadata (network, "precision"), ==, "bf16");
    }
  else
    {
      LabTrainer *trainer = lab_trainer_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (lab_trainer_start (trainer, run, dataset, NULL, &error));
      g_assert_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED);
      g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_IDLE);
      g_assert_finalize_object (trainer);
    }
}

/* Equal settings give equal files, whatever the number of threads. */
static void
test_reproducible (void)
{
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "model.onnx", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *expected = NULL;
  gsize expected_size = 0;

  for (guint threads = 1; threads <= 3; threads++)
    {
      LabTrainer *trainer = lab_trainer_new ();
      g_autoptr (LabRun) run = small_run ();
      g_autoptr (GError) error = NULL;
      g_autofree char *contents = NULL;
      gsize size;

      g_object_set (run, "threads", threads, NULL);
      g_assert_true (lab_trainer_start (trainer, run, dataset, NULL, NULL));
      g_assert_true (lab_test_wait (has_ended, trainer, 60));
      lab_network_save (lab_trainer_get_network (trainer), file, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
      if (threads == 1)
        {
          expected = g_steal_pointer (&contents);
          expected_size = size;
        }
      else
        g_assert_cmpmem (contents, size, expected, expected_size);
      g_assert_finalize_object (trainer);
    }
  lab_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainer/run", test_run);
  g_test_add_func ("/trainer/stop", test_stop);
  g_test_add_func ("/trainer/stop-at-once", test_stop_at_once);
  g_test_add_func ("/trainer/drop-while-running", test_drop_while_running);
  g_test_add_func ("/trainer/fails", test_fails);
  g_test_add_func ("/trainer/metadata", test_metadata);
  g_test_add_func ("/trainer/validation", test_validation);
  g_test_add_func ("/trainer/doodles", test_doodles);
  g_test_add_func ("/trainer/stop-doodles", test_stop_doodles);
  g_test_add_func ("/trainer/restore-best", test_restore_best);
  g_test_add_func ("/trainer/precision", test_precision);
  g_test_add_func ("/trainer/reproducible", test_reproducible);
  return g_test_run ();
}
