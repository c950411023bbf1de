/* SPDX-License-Identifier: MIT */
#include "../engine/lab-test-data.h"
#include "../lab-test-display.h"
#include "lab-mistake-tile.h"
#include "lab-review-page.h"
#include "lab-sample-window.h"

#include <math.h>

/* The test sets of these tests are grey images: whatever the network makes of
 * one, it makes of all. Of two for each label, it misreads eighteen. */
#define N_IMAGES 20
#define N_MISTAKES 18
#define N_HEADINGS 9

typedef struct
{
  GSettings *settings;
  LabNetwork *network;
  guint predicted; /* what the network reads in a grey image */
  char *folder;
  GtkWindow *window;
  LabReviewPage *page;
  GtkStack *stack;
  GtkGridView *grid;
} Fixture;

/* Makes a test set of grey images with @labels the one to show, even when there
 * was another in the same folder. */
static void
choose_test_set (Fixture      *fixture,
                 const guint8 *labels)
{
  g_autoptr (GBytes) label_bytes = g_bytes_new (labels, N_IMAGES);
  guint8 *images = memset (g_malloc (N_IMAGES * LAB_IMAGE_SIZE), 128, N_IMAGES * LAB_IMAGE_SIZE);
  g_autoptr (GBytes) image_bytes = g_bytes_new_take (images, N_IMAGES * LAB_IMAGE_SIZE);
  g_autoptr (LabDataset) dataset = lab_dataset_new ("grey", image_bytes, label_bytes);

  lab_test_write_dataset (dataset, fixture->folder, "t10k");
  g_settings_set_string (fixture->settings, "data-folder", fixture->folder);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "review.try-again", NULL);
}

/* Returns the first descendant of @widget that is a @type. */
static gpointer
find (GtkWidget *widget,
      GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Returns the tile that shows the item at @position of the grid. */
static LabMistakeTile *
find_tile (Fixture *fixture,
           guint    position)
{
  GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (fixture->grid));

  for (guint i = 0; i < position; i++)
    cell = gtk_widget_get_next_sibling (cell);

  return find (cell, LAB_TYPE_MISTAKE_TILE);
}

static GtkWidget *
find_filter (Fixture *fixture,
             int      class)
{
  GtkWidget *button = find (GTK_WIDGET (fixture->page), GTK_TYPE_TOGGLE_BUTTON);

  while (class-- >= 0)
    button = gtk_widget_get_next_sibling (button);

  return button;
}

static gboolean
expire_cb (gpointer data)
{
  g_test_message ("Waited too long for %s", (const char *) data);
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static void
wait_for_view (Fixture    *fixture,
               const char *name)
{
  guint timer = g_timeout_add_seconds (20, expire_cb, (gpointer) name);

  while (!g_str_equal (gtk_stack_get_visible_child_name (fixture->stack), name))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

static void
wait_for_frame (Fixture *fixture)
{
  for (int i = 0; i < 3; i++)
    {
      gint64 before = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window)));

      gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
      while (gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window))) == before)
        g_main_context_iteration (NULL, TRUE);
    }
}

static GListModel *
get_items (Fixture *fixture)
{
  return gtk_no_selection_get_model (GTK_NO_SELECTION (gtk_grid_view_get_model (fixture->grid)));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  guint8 grey[LAB_IMAGE_SIZE];
  float probabilities[LAB_N_CLASSES];

  fixture->settings = g_settings_new ("io.github.digitlab.DigitLab");
  g_settings_reset (fixture->settings, "data-folder");
  fixture->folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);

  fixture->network = lab_network_new_bundled ();
  memset (grey, 128, sizeof grey);
  lab_network_predict (fixture->network, grey, probabilities);
  for (guint i = 1; i < LAB_N_CLASSES; i++)
    if (probabilities[i] > probabilities[fixture->predicted])
      fixture->predicted = i;

  fixture->page = LAB_REVIEW_PAGE (lab_review_page_new ());
  fixture->stack = find (GTK_WIDGET (fixture->page), GTK_TYPE_STACK);
  fixture->grid = find (GTK_WIDGET (fixture->page), GTK_TYPE_GRID_VIEW);
  lab_review_page_set_network (fixture->page, fixture->network);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 800, 600);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->page));
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->page), (gpointer *) &fixture->page);
  g_object_add_weak_pointer (G_OBJECT (fixture->network), (gpointer *) &fixture->network);
  gtk_window_destroy (fixture->window);
  g_object_unref (fixture->network);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (fixture->page);

  lab_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_assert_finalize_object (fixture->settings);
}

/* Shows the page with a test set of two images of each class. */
static void
show_mistakes (Fixture *fixture)
{
  guint8 labels[N_IMAGES];

  for (guint i = 0; i < N_IMAGES; i++)
    labels[i] = i % LAB_N_CLASSES;
  choose_test_set (fixture, labels);
  wait_for_view (fixture, "mistakes");
}

static void
test_no_folder (Fixture      *fixture,
                gconstpointer data)
{
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->stack), ==, "no-folder");
  g_assert_cmpuint (g_list_model_get_n_items (get_items (fixture)), ==, 0);
}

static void
test_mistakes (Fixture      *fixture,
               gconstpointer data)
{
  guint position = 0;

  show_mistakes (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (get_items (fixture)), ==, N_MISTAKES + N_HEADINGS);

  for (guint class = 0; class < LAB_N_CLASSES; class++)
    {
      g_autoptr (GListModel) heading = NULL;

      if (class == fixture->predicted)
        continue;

      heading = g_list_model_get_item (get_items (fixture), position++);
      g_assert_true (G_IS_LIST_MODEL (heading));
      g_assert_cmpuint (g_list_model_get_n_items (heading), ==, 2);

      for (guint i = 0; i < 2; i++)
        {
          g_autoptr (LabSample) sample = g_list_model_get_item (get_items (fixture), position++);

          g_assert_true (LAB_IS_SAMPLE (sample));
          g_assert_cmpuint (lab_sample_get_label (sample), ==, class);
          g_assert_cmpuint (lab_sample_get_predicted (sample), ==, fixture->predicted);
        }
    }
}

static void
test_heading (Fixture      *fixture,
              gconstpointer data)
{
  GtkLabel *label;

  show_mistakes (fixture);
  label = find (gtk_stack_get_visible_child (fixture->stack), GTK_TYPE_LABEL);
  g_assert_cmpstr (gtk_label_get_label (label), ==, "10.0 % right: 18 mistakes in 20 test images");
}

static void
test_tiles (Fixture      *fixture,
            gconstpointer data)
{
  guint class = fixture->predicted == 0 ? 1 : 0;
  g_autofree char *heading = g_strdup_printf ("Digit %u: 2 mistakes", class);
  g_autoptr (LabSample) sample = NULL;
  g_autofree char *mistake = NULL;

  show_mistakes (fixture);
  sample = g_list_model_get_item (get_items (fixture), 1);
  mistake = g_strdup_printf ("Labelled %u, read as %u, %.0f %%",
                             class, fixture->predicted, 100 * lab_sample_get_confidence (sample));
  wait_for_frame (fixture);

  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find_tile (fixture, 0)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, heading);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find_tile (fixture, 1)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, mistake);
}

static void
test_filter (Fixture      *fixture,
             gconstpointer data)
{
  int class = (fixture->predicted + 1) % LAB_N_CLASSES;
  g_autoptr (LabSample) sample = NULL;

  show_mistakes (fixture);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_filter (fixture, -1))));

  g_signal_emit_by_name (find_filter (fixture, class), "clicked");
  g_assert_cmpint (lab_review_page_get_filter (fixture->page), ==, class);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_filter (fixture, class))));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_filter (fixture, -1))));
  g_assert_cmpuint (g_list_model_get_n_items (get_items (fixture)), ==, 2);
  sample = g_list_model_get_item (get_items (fixture), 0);
  g_assert_cmpuint (lab_sample_get_label (sample), ==, class);

  /* There is nothing to see in the class that was always read right. */
  g_assert_false (gtk_widget_get_sensitive (find_filter (fixture, fixture->predicted)));
  lab_review_page_set_filter (fixture->page, fixture->predicted);
  g_assert_cmpint (lab_review_page_get_filter (fixture->page), ==, class);

  g_signal_emit_by_name (find_filter (fixture, -1), "clicked");
  g_assert_cmpuint (g_list_model_get_n_items (get_items (fixture)), ==, N_MISTAKES + N_HEADINGS);
}

static void
test_no_mistakes (Fixture      *fixture,
                  gconstpointer data)
{
  guint8 labels[N_IMAGES];

  memset (labels, fixture->predicted, sizeof labels);
  choose_test_set (fixture, labels);
  wait_for_view (fixture, "perfect");
}

static void
test_error (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "t10k-images-idx3-ubyte", NULL);
  AdwStatusPage *status;

  show_mistakes (fixture);
  g_assert_true (g_file_set_contents (path, "<broken>", -1, NULL));
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "review.try-again", NULL);
      wait_for_view (fixture, "working");
      wait_for_view (fixture, "error");
      status = ADW_STATUS_PAGE (gtk_stack_get_visible_child (fixture->stack));
      g_assert_nonnull (strstr (adw_status_page_get_description (status), path));
    }

  g_assert_cmpint (g_remove (path), ==, 0);
  show_mistakes (fixture);
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    data)
{
  ++*(guint *) data;
}

/* Of networks that follow each other quickly, only the last is shown; without
 * anybody looking, nothing is computed at all. */
static void
test_new_networks (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (LabNetwork) last = lab_network_new_bundled ();
  guint shown = 0;

  show_mistakes (fixture);
  g_signal_connect (get_items (fixture), "notify::model", G_CALLBACK (count_cb), &shown);

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (LabNetwork) network = lab_network_new_bundled ();

      lab_review_page_set_network (fixture->page, network);
    }
  lab_review_page_set_network (fixture->page, last);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->stack), ==, "mistakes");
  while (shown == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (shown, ==, 1);

  gtk_widget_set_visible (GTK_WIDGET (fixture->page), FALSE);
  lab_review_page_set_network (fixture->page, fixture->network);
  g_usleep (G_USEC_PER_SEC / 20);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (shown, ==, 1);

  gtk_widget_set_visible (GTK_WIDGET (fixture->page), TRUE);
  while (shown == 1)
    g_main_context_iteration (NULL, TRUE);
}

/* Shows @n_mistakes, an even number, of two for each class. */
static void
show_n_mistakes (Fixture *fixture,
                 guint    n_mistakes)
{
  guint8 labels[N_IMAGES];

  for (guint i = 0; i < N_IMAGES; i++)
    labels[i] = i < n_mistakes ? (fixture->predicted + 1 + i / 2) % LAB_N_CLASSES : fixture->predicted;
  choose_test_set (fixture, labels);
  wait_for_view (fixture, "working");
  wait_for_view (fixture, "mistakes");
  wait_for_frame (fixture);
}

/* New mistakes leave the scroll position alone, as long as there are enough. */
static void
test_scroll_position (Fixture      *fixture,
                      gconstpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->grid));
  double value;

  gtk_window_set_default_size (fixture->window, 420, 360);
  for (value = 40; value <= 240; value += 40)
    {
      show_n_mistakes (fixture, 14);
      gtk_adjustment_set_value (adjustment, value);
      wait_for_frame (fixture);

      show_n_mistakes (fixture, 18);
      g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);
      show_n_mistakes (fixture, 14);
      g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);
    }

  /* What the filter shows is another list. */
  lab_review_page_set_filter (fixture->page, (fixture->predicted + 1) % LAB_N_CLASSES);
  lab_review_page_set_filter (fixture->page, -1);
  wait_for_frame (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
}

static LabSampleWindow *
find_sample_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GObject) window = g_list_model_get_item (windows, i);

      if (LAB_IS_SAMPLE_WINDOW (window))
        return LAB_SAMPLE_WINDOW (window);
    }

  return NULL;
}

static void
test_activation (Fixture      *fixture,
                 gconstpointer data)
{
  LabSampleWindow *window;
  g_autofree char *title = NULL;

  show_mistakes (fixture);

  g_signal_emit_by_name (fixture->grid, "activate", 0); /* a heading */
  g_assert_null (find_sample_window ());

  /* The second mistake of the second class that has any: past two headings. */
  g_signal_emit_by_name (fixture->grid, "activate", 5);
  window = find_sample_window ();
  g_assert_nonnull (window);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (window)) == fixture->window);
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (window)));
  g_assert_cmpuint (lab_sample_window_get_position (window), ==, 3);
  title = g_strdup_printf ("Labelled %u, read as %u", fixture->predicted <= 1 ? 2 : 1, fixture->predicted);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, title);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_sample_window (Fixture      *fixture,
                    gconstpointer data)
{
  GtkWidget *widget;

  show_mistakes (fixture);
  lab_review_page_set_filter (fixture->page, (fixture->predicted + 1) % LAB_N_CLASSES);
  g_signal_emit_by_name (fixture->grid, "activate", 0);
  widget = GTK_WIDGET (find_sample_window ());

  /* There are two, and no way past either end. */
  g_assert_cmpuint (lab_sample_window_get_position (LAB_SAMPLE_WINDOW (widget)), ==, 0);
  gtk_widget_activate_action (widget, "sample.previous", NULL);
  g_assert_cmpuint (lab_sample_window_get_position (LAB_SAMPLE_WINDOW (widget)), ==, 0);
  gtk_widget_activate_action (widget, "sample.next", NULL);
  g_assert_cmpuint (lab_sample_window_get_position (LAB_SAMPLE_WINDOW (widget)), ==, 1);
  gtk_widget_activate_action (widget, "sample.next", NULL);
  g_assert_cmpuint (lab_sample_window_get_position (LAB_SAMPLE_WINDOW (widget)), ==, 1);
  gtk_widget_activate_action (widget, "sample.previous", NULL);
  g_assert_cmpuint (lab_sample_window_get_position (LAB_SAMPLE_WINDOW (widget)), ==, 0);

  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);
  gtk_window_close (GTK_WINDOW (widget));
  g_assert_null (widget);
}

int
main (int argc, char **argv)
{
  if (!lab_test_open_display ())
    return 0;

  g_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review-page/no-folder", test_no_folder);
  ADD ("/review-page/mistakes", test_mistakes);
  ADD ("/review-page/heading", test_heading);
  ADD ("/review-page/tiles", test_tiles);
  ADD ("/review-page/filter", test_filter);
  ADD ("/review-page/no-mistakes", test_no_mistakes);
  ADD ("/review-page/error", test_error);
  ADD ("/review-page/new-networks", test_new_networks);
  ADD ("/review-page/scroll-position", test_scroll_position);
  ADD ("/review-page/activation", test_activation);
  ADD ("/review-page/sample-window", test_sample_window);
#undef ADD

  return g_test_run ();
}
