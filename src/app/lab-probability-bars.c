/* SPDX-License-Identifier: MIT */
#include "lab-probability-bars.h"

#include "lab-sample.h"

#include <glib/gi18n.h>
#include <math.h>

#define NOTHING -1

typedef struct
{
  GtkWidget *digit;
  GtkWidget *bar;
  GtkWidget *percentage;
  GtkWidget *mark;
  int tenths; /* of a percent, as the text shows it; or NOTHING */
} Row;

struct _LabProbabilityBars
{
  GtkWidget parent_instance;

  Row rows[LAB_N_CLASSES];
  int winner; /* or NOTHING */
};

G_DEFINE_FINAL_TYPE (LabProbabilityBars, lab_probability_bars, GTK_TYPE_WIDGET)

static void
row_set_probability (Row    *row,
                     double  probability,
                     int     tenths)
{
  gtk_level_bar_set_value (GTK_LEVEL_BAR (row->bar), probability);

  if (row->tenths == tenths)
    return;

  row->tenths = tenths;

  if (tenths == NOTHING)
    {
      gtk_label_set_label (GTK_LABEL (row->percentage), "–");
    }
  else
    {
      /* Translators: a percentage; the space does not break. */
      g_autofree char *text = g_strdup_printf (_("%.1f\u00a0%%"), tenths / 10.0);

      gtk_label_set_label (GTK_LABEL (row->percentage), text);
    }
}

static void
row_set_winner (Row      *row,
                gboolean  winner)
{
  GtkWidget *children[] = { row->digit, row->bar, row->percentage, row->mark };

  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      if (winner)
        gtk_widget_add_css_class (children[i], "winner");
      else
        gtk_widget_remove_css_class (children[i], "winner");
    }

  /* The mark keeps its place when it is not seen, so that nothing moves. */
  gtk_widget_set_opacity (row->mark, winner ? 1.0 : 0.0);
}

/* Returns what the winner's percentage reads, in tenths. */
static int
get_winning_tenths (LabProbabilityBars *self)
{
  return self->winner != NOTHING ? self->rows[self->winner].tenths : NOTHING;
}

static void
update_description (LabProbabilityBars *self)
{
  g_autofree char *text = NULL;

  if (self->winner == NOTHING)
    {
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
      return;
    }

  /* Translators: the most likely digit and its probability, as in “4: 59.2 %”. */
  text = g_strdup_printf (_("%d: %s"), self->winner,
                          gtk_label_get_label (GTK_LABEL (self->rows[self->winner].percentage)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
attach (LabProbabilityBars *self,
        GtkWidget          *child,
        int                 column,
        int                 row)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkLayoutChild *place;

  gtk_widget_set_parent (child, GTK_WIDGET (self));
  place = gtk_layout_manager_get_layout_child (layout, child);
  gtk_grid_layout_child_set_column (GTK_GRID_LAYOUT_CHILD (place), column);
  gtk_grid_layout_child_set_row (GTK_GRID_LAYOUT_CHILD (place), row);
}

static void
add_row (LabProbabilityBars *self,
         guint               digit)
{
  Row *row = &self->rows[digit];
  g_autofree char *name = g_strdup_printf ("%u", digit);
  g_autofree char *label = g_strdup_printf (_("Probability of %u"), digit);

  row->digit = gtk_label_new (name);
  gtk_widget_add_css_class (row->digit, "numeric");

  row->bar = gtk_level_bar_new ();
  gtk_widget_set_hexpand (row->bar, TRUE);
  gtk_widget_set_valign (row->bar, GTK_ALIGN_CENTER);
  /* GTK colours levels as those of a battery; here no value is good or bad. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (row->bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (row->bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (row->bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);

  row->percentage = gtk_label_new ("–");
  gtk_label_set_width_chars (GTK_LABEL (row->percentage), 7);
  gtk_label_set_xalign (GTK_LABEL (row->percentage), 1.0);
  gtk_widget_add_css_class (row->percentage, "numeric");

  /* A screen reader learns of the winner from the description. */
  row->mark = g_object_new (GTK_TYPE_IMAGE,
                            "icon-name", "pan-start-symbolic",
                            "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                            NULL);
  row->tenths = NOTHING;
  row_set_winner (row, FALSE);

  attach (self, row->digit, 0, digit);
  attach (self, row->bar, 1, digit);
  attach (self, row->percentage, 2, digit);
  attach (self, row->mark, 3, digit);
}

static void
lab_probability_bars_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lab_probability_bars_parent_class)->dispose (object);
}

static void
lab_probability_bars_class_init (LabProbabilityBarsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_probability_bars_dispose;

  gtk_widget_class_set_css_name (widget_class, "probability-bars");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_GRID_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
lab_probability_bars_init (LabProbabilityBars *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (layout), 12);
  gtk_grid_layout_set_row_homogeneous (GTK_GRID_LAYOUT (layout), TRUE);

  self->winner = NOTHING;

  for (guint i = 0; i < LAB_N_CLASSES; i++)
    add_row (self, i);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Probabilities"),
                                  -1);
}

GtkWidget *
lab_probability_bars_new (void)
{
  return g_object_new (LAB_TYPE_PROBABILITY_BARS, NULL);
}

void
lab_probability_bars_set_probabilities (LabProbabilityBars *self,
                                        const float        *probabilities)
{
  int winner = NOTHING;
  int tenths;

  g_return_if_fail (LAB_IS_PROBABILITY_BARS (self));

  tenths = get_winning_tenths (self);

  for (int i = 0; i < LAB_N_CLASSES; i++)
    {
      if (probabilities == NULL)
        {
          row_set_probability (&self->rows[i], 0.0, NOTHING);
          continue;
        }

      row_set_probability (&self->rows[i],
                           CLAMP (probabilities[i], 0.0f, 1.0f),
                           (int) lround (1000.0 * probabilities[i]));

      if (winner == NOTHING || probabilities[i] > probabilities[winner])
        winner = i;
    }

  if (self->winner != winner)
    {
      if (self->winner != NOTHING)
        row_set_winner (&self->rows[self->winner], FALSE);
      if (winner != NOTHING)
        row_set_winner (&self->rows[winner], TRUE);
      self->winner = winner;
      update_description (self);
    }
  else if (get_winning_tenths (self) != tenths)
    {
      update_description (self);
    }
}
