/* SPDX-License-Identifier: MIT */
#include "lab-review-page.h"

#include <glib/gi18n.h>

#include "lab-config.h"
#include "lab-data-folder.h"
#include "lab-evaluation.h"
#include "lab-mistake-tile.h"
#include "lab-review.h"
#include "lab-sample-window.h"

#define ALL_CLASSES -1

struct _LabReviewPage
{
  AdwBin parent_instance;

  LabReview *review;
  LabEvaluation *evaluation; /* the one that is shown, or NULL */
  int filter;

  GtkStack *stack;
  AdwStatusPage *error_page;
  AdwStatusPage *perfect_page;
  GtkLabel *heading;
  GtkSpinner *spinner;
  GtkBox *filters;
  GtkLabel *counts[LAB_N_CLASSES + 1]; /* on the filters: of all classes, then of each */
  GtkGridView *grid;
  GtkSliceListModel *items;
};

G_DEFINE_FINAL_TYPE (LabReviewPage, lab_review_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_NETWORK,
  PROP_FILTER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Returns the mistakes in @class, or in all of them. */
static GListModel *
get_mistakes (LabReviewPage *self,
              int            class)
{
  if (class == ALL_CLASSES)
    return lab_evaluation_get_mistakes (self->evaluation);

  return lab_evaluation_get_mistakes_of (self->evaluation, class);
}

static guint
count_mistakes (LabReviewPage *self,
                int            class)
{
  return g_list_model_get_n_items (get_mistakes (self, class));
}

/* Returns all mistakes, those of each class after a heading: the list of these
 * very mistakes, which the tile names and counts. */
static GListModel *
create_sections (LabReviewPage *self)
{
  GListStore *sections = g_list_store_new (G_TYPE_LIST_MODEL);

  for (int class = 0; class < LAB_N_CLASSES; class++)
    if (count_mistakes (self, class) > 0)
      {
        g_autoptr (GListStore) heading = g_list_store_new (G_TYPE_LIST_MODEL);

        g_list_store_append (heading, get_mistakes (self, class));
        g_list_store_append (sections, heading);
        g_list_store_append (sections, get_mistakes (self, class));
      }

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (sections)));
}

/* Returns where the mistake at @position of the grid is in the list without
 * headings. */
static guint
skip_headings (LabReviewPage *self,
               LabSample     *sample,
               guint          position)
{
  if (self->filter == ALL_CLASSES)
    for (guint class = 0; class <= lab_sample_get_label (sample); class++)
      if (count_mistakes (self, class) > 0)
        position--;

  return position;
}

/* The grid keeps its place by the position of an item, and moves that when all
 * items are replaced by fewer or more. So the list gets its new length at its end
 * and is replaced by one that is just as long. */
static void
update_grid (LabReviewPage *self)
{
  g_autoptr (GListModel) model = NULL;
  guint n_kept = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  if (self->filter == ALL_CLASSES)
    model = create_sections (self);
  else
    model = g_object_ref (get_mistakes (self, self->filter));

  gtk_slice_list_model_set_size (self->items, MIN (n_kept, g_list_model_get_n_items (model)));
  gtk_slice_list_model_set_model (self->items, model);
  gtk_slice_list_model_set_size (self->items, G_MAXUINT);
}

static void
update_heading (LabReviewPage *self)
{
  guint errors = lab_evaluation_get_errors (self->evaluation);
  guint images = lab_evaluation_get_images (self->evaluation);
  /* One mistake in ten thousand must not read as 100.0 % right. */
  double percent = MIN (100 * lab_evaluation_get_accuracy (self->evaluation), 99.9);
  g_autofree char *heading = g_strdup_printf (ngettext ("%.1f %% right: %'u mistake in %'u test images",
                                                        "%.1f %% right: %'u mistakes in %'u test images",
                                                        errors),
                                              percent, errors, images);
  g_autofree char *perfect = g_strdup_printf (ngettext ("The network read the only test image right.",
                                                        "The network read all %'u test images right.",
                                                        images),
                                              images);

  gtk_label_set_label (self->heading, heading);
  adw_status_page_set_description (self->perfect_page, perfect);
}

static void
update_filters (LabReviewPage *self)
{
  for (int class = ALL_CLASSES; class < LAB_N_CLASSES; class++)
    {
      GtkLabel *label = self->counts[class + 1];
      GtkWidget *button = gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_TOGGLE_BUTTON);
      guint n = count_mistakes (self, class);
      g_autofree char *number = g_strdup_printf ("%'u", n);
      g_autofree char *count = g_strdup_printf (ngettext ("%'u mistake", "%'u mistakes", n), n);
      g_autofree char *spoken = NULL;

      if (class == ALL_CLASSES)
        /* Translators: for example, “All digits: 110 mistakes”. */
        spoken = g_strdup_printf (_("All digits: %s"), count);
      else
        spoken = g_strdup_printf (_("Digit %u: %s"), (guint) class, count);

      gtk_label_set_label (label, number);
      gtk_widget_set_sensitive (button, n > 0);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}

static void
show_evaluation (LabReviewPage *self)
{
  if (!g_set_object (&self->evaluation, lab_review_get_evaluation (self->review)) || self->evaluation == NULL)
    return;

  if (self->filter != ALL_CLASSES && count_mistakes (self, self->filter) == 0)
    lab_review_page_set_filter (self, ALL_CLASSES);

  update_heading (self);
  update_filters (self);
  update_grid (self);
}

static void
review_changed_cb (LabReviewPage *self)
{
  const char *message = lab_review_get_message (self->review);
  g_autofree char *markup = g_markup_escape_text (message != NULL ? message : "", -1);
  const char *page;

  show_evaluation (self);

  if (!lab_review_has_folder (self->review))
    page = "no-folder";
  else if (message != NULL)
    page = "error";
  else if (self->evaluation == NULL)
    page = "working";
  else if (lab_evaluation_get_errors (self->evaluation) == 0)
    page = "perfect";
  else
    page = "mistakes";

  adw_status_page_set_description (self->error_page, markup);
  gtk_spinner_set_spinning (self->spinner, lab_review_is_busy (self->review));
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
choose_folder_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  lab_data_folder_choose (widget);
}

static void
try_again_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  lab_review_restart (LAB_REVIEW_PAGE (widget)->review);
}

static void
setup_tile_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *list_item)
{
  gtk_list_item_set_child (list_item, lab_mistake_tile_new ());
}

static void
bind_tile_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *list_item)
{
  GObject *item = gtk_list_item_get_item (list_item);

  gtk_list_item_set_activatable (list_item, LAB_IS_SAMPLE (item));
  lab_mistake_tile_set_item (LAB_MISTAKE_TILE (gtk_list_item_get_child (list_item)), item);
}

static void
unbind_tile_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *list_item)
{
  lab_mistake_tile_set_item (LAB_MISTAKE_TILE (gtk_list_item_get_child (list_item)), NULL);
}

static void
teardown_tile_cb (GtkSignalListItemFactory *factory,
                  GtkListItem              *list_item)
{
  gtk_list_item_set_child (list_item, NULL);
}

static void
activate_cb (LabReviewPage *self,
             guint          position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (LAB_IS_SAMPLE (item))
    {
      GtkWidget *window = lab_sample_window_new (GTK_WINDOW (root),
                                                 get_mistakes (self, self->filter),
                                                 skip_headings (self, LAB_SAMPLE (item), position));

      gtk_window_present (GTK_WINDOW (window));
    }
}

/* Adds a toggle button that reads “4 12”: a class and how often it was misread. */
static GtkLabel *
add_filter (LabReviewPage *self,
            int            class)
{
  g_autofree char *text = class == ALL_CLASSES ? g_strdup (_("All")) : g_strdup_printf ("%d", class);
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *count = gtk_label_new (NULL);

  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_box_append (GTK_BOX (box), count);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "review.filter");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "i", class);
  gtk_box_append (self->filters, button);

  return GTK_LABEL (count);
}

static void
lab_review_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_review_page_parent_class)->map (widget);

  lab_review_set_active (LAB_REVIEW_PAGE (widget)->review, TRUE);
}

static void
lab_review_page_unmap (GtkWidget *widget)
{
  lab_review_set_active (LAB_REVIEW_PAGE (widget)->review, FALSE);

  GTK_WIDGET_CLASS (lab_review_page_parent_class)->unmap (widget);
}

static void
lab_review_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LabReviewPage *self = LAB_REVIEW_PAGE (object);

  switch (prop_id)
    {
    case PROP_NETWORK:
      g_value_set_object (value, lab_review_page_get_network (self));
      break;

    case PROP_FILTER:
      g_value_set_int (value, self->filter);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_review_page_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  LabReviewPage *self = LAB_REVIEW_PAGE (object);

  switch (prop_id)
    {
    case PROP_NETWORK:
      lab_review_page_set_network (self, g_value_get_object (value));
      break;

    case PROP_FILTER:
      lab_review_page_set_filter (self, g_value_get_int (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_review_page_dispose (GObject *object)
{
  LabReviewPage *self = LAB_REVIEW_PAGE (object);

  g_clear_object (&self->evaluation);

  G_OBJECT_CLASS (lab_review_page_parent_class)->dispose (object);
}

/* The page is unmapped, and its property read, after dispose: the review lives
 * as long as the page. */
static void
lab_review_page_finalize (GObject *object)
{
  g_clear_object (&LAB_REVIEW_PAGE (object)->review);

  G_OBJECT_CLASS (lab_review_page_parent_class)->finalize (object);
}

static void
lab_review_page_class_init (LabReviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lab_review_page_get_property;
  object_class->set_property = lab_review_page_set_property;
  object_class->dispose = lab_review_page_dispose;
  object_class->finalize = lab_review_page_finalize;
  widget_class->map = lab_review_page_map;
  widget_class->unmap = lab_review_page_unmap;

  properties[PROP_NETWORK] = g_param_spec_object ("network", NULL, NULL, LAB_TYPE_NETWORK, flags);
  properties[PROP_FILTER] = g_param_spec_int ("filter", NULL, NULL, ALL_CLASSES, LAB_N_CLASSES - 1, ALL_CLASSES, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_property_action (widget_class, "review.filter", "filter");
  gtk_widget_class_install_action (widget_class, "review.choose-folder", NULL, choose_folder_action);
  gtk_widget_class_install_action (widget_class, "review.try-again", NULL, try_again_action);

  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, perfect_page);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, heading);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, filters);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, grid);
  gtk_widget_class_bind_template_child (widget_class, LabReviewPage, items);
  gtk_widget_class_bind_template_callback (widget_class, setup_tile_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_tile_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_tile_cb);
  gtk_widget_class_bind_template_callback (widget_class, teardown_tile_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lab_review_page_init (LabReviewPage *self)
{
  self->filter = ALL_CLASSES;

  gtk_widget_init_template (GTK_WIDGET (self));

  for (int class = ALL_CLASSES; class < LAB_N_CLASSES; class++)
    self->counts[class + 1] = add_filter (self, class);

  self->review = lab_review_new ();
  g_signal_connect_object (self->review, "changed", G_CALLBACK (review_changed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
lab_review_page_new (void)
{
  return g_object_new (LAB_TYPE_REVIEW_PAGE, NULL);
}

LabNetwork *
lab_review_page_get_network (LabReviewPage *self)
{
  g_return_val_if_fail (LAB_IS_REVIEW_PAGE (self), NULL);

  return lab_review_get_network (self->review);
}

void
lab_review_page_set_network (LabReviewPage *self,
                             LabNetwork    *network)
{
  g_return_if_fail (LAB_IS_REVIEW_PAGE (self));
  g_return_if_fail (network == NULL || LAB_IS_NETWORK (network));

  if (network == lab_review_get_network (self->review))
    return;

  lab_review_set_network (self->review, network);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NETWORK]);
}

int
lab_review_page_get_filter (LabReviewPage *self)
{
  g_return_val_if_fail (LAB_IS_REVIEW_PAGE (self), ALL_CLASSES);

  return self->filter;
}

void
lab_review_page_set_filter (LabReviewPage *self,
                            int            filter)
{
  g_return_if_fail (LAB_IS_REVIEW_PAGE (self));
  g_return_if_fail (filter >= ALL_CLASSES && filter < LAB_N_CLASSES);

  if (self->filter == filter || self->evaluation == NULL)
    return;
  if (filter != ALL_CLASSES && count_mistakes (self, filter) == 0)
    return;

  self->filter = filter;
  /* Another list starts at its top. */
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->grid)), 0);
  update_grid (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER]);
}
