/* SPDX-License-Identifier: MIT */
#include "../engine/lab-test-data.h"
#include "lab-run.h"
#include "lab-session.h"
#include "lab-test-widgets.h"

typedef struct
{
  GFile      *folder;
  LabSession *session;
  LabDataset *dataset;
  guint       n_trained;
  guint       n_replaced;
  char       *problem;
  char       *not_kept;
} Fixture;

static GFile *
get_file (Fixture    *fixture,
          const char *name)
{
  return g_file_get_child (fixture->folder, name);
}

static gboolean
exists (Fixture    *fixture,
        const char *name)
{
  g_autoptr (GFile) file = get_file (fixture, name);

  return g_file_query_exists (file, NULL);
}

static void
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  g_autoptr (GFile) file = get_file (fixture, name);
  g_autoptr (GError) error = NULL;

  g_file_make_directory_with_parents (fixture->folder, NULL, NULL);
  g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Asserts that the file @name holds the network @expected: it reads alike. */
static void
assert_holds (Fixture    *fixture,
              const char *name,
              LabNetwork *expected)
{
  g_autoptr (GFile) file = get_file (fixture, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (LabNetwork) network = lab_network_load (file, NULL, &error);
  float in_file[LAB_N_CLASSES];
  float in_memory[LAB_N_CLASSES];

  g_assert_no_error (error);
  lab_network_predict (network, lab_dataset_get_image (fixture->dataset, 3), in_file);
  lab_network_predict (expected, lab_dataset_get_image (fixture->dataset, 3), in_memory);
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    g_assert_cmpfloat_with_epsilon (in_file[i], in_memory[i], 1e-6);
}

static gboolean
has_network (gpointer session)
{
  return lab_session_get_network (session) != NULL;
}

static gboolean
is_idle (gpointer session)
{
  return !lab_session_get_busy (session);
}

static gboolean
has_epoch (gpointer trainer)
{
  return lab_trainer_get_network (trainer) != NULL;
}

static gboolean
has_problem (gpointer fixture)
{
  return ((Fixture *) fixture)->problem != NULL;
}

static void
trained_cb (Fixture *fixture)
{
  fixture->n_trained++;
}

static void
replaced_cb (Fixture *fixture)
{
  fixture->n_replaced++;
}

static void
not_kept_cb (Fixture    *fixture,
             const char *message)
{
  g_free (fixture->not_kept);
  fixture->not_kept = g_strdup (message);
}

static void
problem_cb (Fixture    *fixture,
            const char *heading,
            const char *message)
{
  g_assert_cmpstr (heading, !=, "");
  g_free (fixture->problem);
  fixture->problem = g_strdup (message);
}

static void
open_session (Fixture *fixture)
{
  fixture->session = lab_session_new (fixture->folder);
  g_signal_connect_swapped (fixture->session, "trained", G_CALLBACK (trained_cb), fixture);
  g_signal_connect_swapped (fixture->session, "replaced", G_CALLBACK (replaced_cb), fixture);
  g_signal_connect_swapped (fixture->session, "not-kept", G_CALLBACK (not_kept_cb), fixture);
  g_signal_connect_swapped (fixture->session, "problem", G_CALLBACK (problem_cb), fixture);
  g_assert_null (lab_session_get_network (fixture->session));
  lab_test_wait_until (has_network, fixture->session);
}

static void
close_session (Fixture *fixture)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->session);
}

static void
train (Fixture *fixture,
       guint    epochs)
{
  g_autoptr (LabRun) run = lab_run_new ();
  g_autoptr (GError) error = NULL;

  g_object_set (run, "epochs", epochs, "batch-size", 20, "validation-share", 0.1, "threads", 1, NULL);
  lab_trainer_start (lab_session_get_trainer (fixture->session), run, fixture->dataset, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lab_session_get_busy (fixture->session));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_file_new_build_filename (g_get_user_data_dir (), "digit-lab", NULL);
  fixture->dataset = lab_test_dataset (100, 1);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->folder);
  g_clear_object (&fixture->dataset);
  g_clear_pointer (&fixture->problem, g_free);
  g_clear_pointer (&fixture->not_kept, g_free);
}

static void
test_first_start (Fixture      *fixture,
                  gconstpointer data)
{
  open_session (fixture);

  g_assert_cmpstr (lab_network_get_title (lab_session_get_network (fixture->session)), ==, "Built-in network");
  g_assert_null (fixture->problem);
  g_assert_false (lab_session_get_can_undo (fixture->session));
  g_assert_false (lab_session_get_busy (fixture->session));
  g_assert_false (exists (fixture, ""));

  close_session (fixture);
}

static void
test_run (Fixture      *fixture,
          gconstpointer data)
{
  LabTrainer *trainer;

  open_session (fixture);
  trainer = lab_session_get_trainer (fixture->session);
  write_file (fixture, "model.onnx", "the former one");

  train (fixture, 2);
  g_assert_false (lab_session_get_can_undo (fixture->session));
  lab_test_wait_until (has_epoch, trainer);
  g_assert_true (lab_session_get_network (fixture->session) == lab_trainer_get_network (trainer));
  lab_test_wait_until (is_idle, fixture->session);

  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_DONE);
  g_assert_cmpuint (fixture->n_trained, ==, 1);
  g_assert_null (fixture->problem);
  g_assert_true (lab_session_get_can_undo (fixture->session));
  g_assert_true (lab_session_get_network (fixture->session) == lab_trainer_get_network (trainer));
  assert_holds (fixture, "model.onnx", lab_session_get_network (fixture->session));
  g_assert_true (exists (fixture, "model-previous.onnx"));

  close_session (fixture);
}

static void
test_next_start (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (LabNetwork) trained = NULL;

  open_session (fixture);
  train (fixture, 1);
  lab_test_wait_until (is_idle, fixture->session);
  g_set_object (&trained, lab_session_get_network (fixture->session));
  close_session (fixture);

  open_session (fixture);
  assert_holds (fixture, "model.onnx", lab_session_get_network (fixture->session));
  assert_holds (fixture, "model.onnx", trained);
  g_assert_null (fixture->problem);
  g_assert_false (lab_session_get_can_undo (fixture->session));

  lab_session_use_built_in (fixture->session);
  lab_test_wait_until (is_idle, fixture->session);
  g_assert_cmpstr (lab_network_get_title (lab_session_get_network (fixture->session)), ==, "Built-in network");
  g_assert_false (exists (fixture, "model.onnx"));
  assert_holds (fixture, "model-previous.onnx", trained);

  /* A choice can be undone, too. */
  g_assert_cmpuint (fixture->n_replaced, ==, 1);
  g_assert_true (lab_session_get_can_undo (fixture->session));
  lab_session_undo (fixture->session);
  lab_test_wait_until (is_idle, fixture->session);
  assert_holds (fixture, "model.onnx", trained);
  close_session (fixture);
}

static void
test_undo (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (LabNetwork) first = NULL;
  g_autoptr (LabNetwork) second = NULL;

  open_session (fixture);
  train (fixture, 1);
  lab_test_wait_until (is_idle, fixture->session);
  g_set_object (&first, lab_session_get_network (fixture->session));
  train (fixture, 2);
  lab_test_wait_until (is_idle, fixture->session);
  g_set_object (&second, lab_session_get_network (fixture->session));
  g_assert_true (first != second);

  /* Neither is lost. */
  lab_session_undo (fixture->session);
  lab_session_undo (fixture->session);
  g_assert_true (lab_session_get_network (fixture->session) == first);
  g_assert_false (lab_session_get_can_undo (fixture->session));
  lab_test_wait_until (is_idle, fixture->session);
  assert_holds (fixture, "model.onnx", first);
  assert_holds (fixture, "model-previous.onnx", second);

  close_session (fixture);
}

static void
test_stop (Fixture      *fixture,
           gconstpointer data)
{
  LabTrainer *trainer;

  open_session (fixture);
  trainer = lab_session_get_trainer (fixture->session);
  train (fixture, 1000);
  lab_test_wait_until (has_epoch, trainer);
  lab_trainer_stop (trainer);
  lab_test_wait_until (is_idle, fixture->session);

  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_STOPPED);
  g_assert_cmpuint (fixture->n_trained, ==, 1);
  g_assert_true (lab_session_get_can_undo (fixture->session));
  assert_holds (fixture, "model.onnx", lab_session_get_network (fixture->session));

  close_session (fixture);
}

/* What was learned within the first epoch does not replace anything. */
static void
test_early_stop (Fixture      *fixture,
                 gconstpointer data)
{
  LabTrainer *trainer;
  LabNetwork *former;

  open_session (fixture);
  trainer = lab_session_get_trainer (fixture->session);
  former = lab_session_get_network (fixture->session);

  g_object_unref (fixture->dataset);
  fixture->dataset = lab_test_dataset (5000, 1);
  train (fixture, 1000);
  lab_trainer_stop (trainer);
  lab_test_wait_until (is_idle, fixture->session);

  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_STOPPED);
  g_assert_cmpuint (g_list_model_get_n_items (lab_trainer_get_history (trainer)), ==, 0);
  g_assert_true (lab_session_get_network (fixture->session) == former);
  g_assert_cmpuint (fixture->n_trained, ==, 0);
  g_assert_false (lab_session_get_can_undo (fixture->session));
  g_assert_false (exists (fixture, "model.onnx"));

  close_session (fixture);
}

/* Where no copy of the former network can be written, the new one still is. */
static void
test_no_backup (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (GFile) previous = get_file (fixture, "model-previous.onnx");

  g_file_make_directory_with_parents (previous, NULL, NULL);
  write_file (fixture, "model-previous.onnx/in-the-way", "");
  open_session (fixture);
  train (fixture, 1);
  lab_test_wait_until (is_idle, fixture->session);
  g_assert_null (fixture->not_kept);
  assert_holds (fixture, "model.onnx", lab_session_get_network (fixture->session));

  close_session (fixture);
}

/* A network that cannot be kept is in use, and said to be lost at the end,
 * until it is saved somewhere else. */
static void
test_not_kept (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_build_filename (g_get_user_data_dir (), "mine.onnx", NULL);
  g_autoptr (GFile) in_the_way = get_file (fixture, "in-the-way");

  /* A file is where the folder should be. */
  write_file (fixture, "in-the-way", "");
  g_object_unref (fixture->folder);
  fixture->folder = g_file_get_child (in_the_way, "digit-lab");
  open_session (fixture);
  g_assert_true (lab_session_get_kept (fixture->session));

  train (fixture, 1);
  lab_test_wait_until (is_idle, fixture->session);
  g_assert_nonnull (fixture->not_kept);
  g_assert_nonnull (strstr (fixture->not_kept, "digit-lab"));
  g_assert_cmpuint (fixture->n_trained, ==, 0);
  g_assert_false (lab_session_get_kept (fixture->session));
  g_assert_true (lab_session_get_can_undo (fixture->session));
  g_assert_true (lab_session_get_network (fixture->session)
                 == lab_trainer_get_network (lab_session_get_trainer (fixture->session)));

  lab_session_save_as (fixture->session, file);
  lab_test_wait_until (is_idle, fixture->session);
  g_assert_true (lab_session_get_kept (fixture->session));

  close_session (fixture);
}

/* The former network stays when a run fails, here for want of images. */
static void
test_failure (Fixture      *fixture,
              gconstpointer data)
{
  LabTrainer *trainer;
  LabNetwork *former;

  open_session (fixture);
  trainer = lab_session_get_trainer (fixture->session);
  former = lab_session_get_network (fixture->session);

  g_object_unref (fixture->dataset);
  fixture->dataset = lab_test_dataset (0, 1);
  train (fixture, 1);
  lab_test_wait_until (is_idle, fixture->session);

  g_assert_cmpint (lab_trainer_get_state (trainer), ==, LAB_TRAINER_FAILED);
  g_assert_true (lab_session_get_network (fixture->session) == former);
  g_assert_cmpstr (fixture->problem, ==, lab_trainer_get_message (trainer));
  g_assert_cmpuint (fixture->n_trained, ==, 0);
  g_assert_false (lab_session_get_can_undo (fixture->session));
  g_assert_false (exists (fixture, "model.onnx"));

  close_session (fixture);
}

static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      write_file (fixture, "model.onnx", "These are not the bytes of a network.");
      open_session (fixture);

      g_assert_nonnull (fixture->problem);
      g_assert_nonnull (strstr (fixture->problem, "model.onnx"));
      g_assert_nonnull (strstr (fixture->problem, i == 0 ? "model-damaged.onnx" : "model-damaged-2.onnx"));
      g_assert_cmpstr (lab_network_get_title (lab_session_get_network (fixture->session)), ==, "Built-in network");
      g_assert_false (exists (fixture, "model.onnx"));
      g_assert_true (exists (fixture, "model-damaged.onnx"));
      g_assert_cmpint (exists (fixture, "model-damaged-2.onnx"), ==, i == 1);

      close_session (fixture);
      g_clear_pointer (&fixture->problem, g_free);
    }
}

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_build_filename (g_get_user_data_dir (), "mine.onnx", NULL);
  g_autoptr (GFile) absent = g_file_new_build_filename (g_get_user_data_dir (), "absent.onnx", NULL);
  g_autoptr (GFile) impossible = g_file_get_child (file, "impossible.onnx");
  LabNetwork *built_in;

  open_session (fixture);
  built_in = lab_session_get_network (fixture->session);

  lab_session_save_as (fixture->session, file);
  g_assert_true (lab_session_get_busy (fixture->session));
  lab_test_wait_until (is_idle, fixture->session);
  g_assert_null (fixture->problem);

  lab_session_open (fixture->session, absent);
  lab_test_wait_until (has_problem, fixture);
  g_assert_nonnull (strstr (fixture->problem, "absent.onnx"));
  g_assert_true (lab_session_get_network (fixture->session) == built_in);
  g_clear_pointer (&fixture->problem, g_free);

  lab_session_save_as (fixture->session, impossible);
  lab_test_wait_until (has_problem, fixture);
  lab_test_wait_until (is_idle, fixture->session);
  g_clear_pointer (&fixture->problem, g_free);

  /* What was opened is there at the next start, too. */
  lab_session_open (fixture->session, file);
  while (!lab_session_get_busy (fixture->session))
    g_main_context_iteration (NULL, TRUE);
  lab_test_wait_until (is_idle, fixture->session);
  g_assert_null (fixture->problem);
  g_assert_true (lab_session_get_network (fixture->session) != built_in);
  assert_holds (fixture, "model.onnx", built_in);

  close_session (fixture);
}

int
main (int   argc,
      char *argv[])
{
  /* No display is needed, but folders of its own. */
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/session/first-start", Fixture, NULL, set_up, test_first_start, tear_down);
  g_test_add ("/session/run", Fixture, NULL, set_up, test_run, tear_down);
  g_test_add ("/session/next-start", Fixture, NULL, set_up, test_next_start, tear_down);
  g_test_add ("/session/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/session/stop", Fixture, NULL, set_up, test_stop, tear_down);
  g_test_add ("/session/early-stop", Fixture, NULL, set_up, test_early_stop, tear_down);
  g_test_add ("/session/no-backup", Fixture, NULL, set_up, test_no_backup, tear_down);
  g_test_add ("/session/not-kept", Fixture, NULL, set_up, test_not_kept, tear_down);
  g_test_add ("/session/failure", Fixture, NULL, set_up, test_failure, tear_down);
  g_test_add ("/session/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/session/files", Fixture, NULL, set_up, test_files, tear_down);

  return g_test_run ();
}
