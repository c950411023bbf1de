/* SPDX-License-Identifier: MIT */
#include "lab-ink.h"
#include "lab-network-private.h"
#include "lab-preset-private.h"
#include "lab-verdict.h"

/* Returns a network whose file says @threshold; transfer full. */
static LabNetwork *
network_with_threshold (const char *threshold)
{
  GHashTable *metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  NnNetwork *core;
  LabNetwork *network;

  if (threshold != NULL)
    g_hash_table_insert (metadata, g_strdup ("threshold"), g_strdup (threshold));
  g_assert_cmpint (lab_preset_build (lab_preset_find ("mlp-128-128"), 1, &core), ==, NN_OK);
  network = lab_network_new_take (core, metadata, "test", &error);
  g_assert_no_error (error);
  return network;
}

/* Fills a box of the image with ink. */
static void
fill (guint8 *image, guint left, guint top, guint width, guint height, guint8 ink)
{
  for (guint y = top; y < top + height; y++)
    for (guint x = left; x < left + width; x++)
      image[y * LAB_IMAGE_SIDE + x] = ink;
}

static void
test_threshold (void)
{
  static const struct
  {
    const char *text;
    double threshold;
  } cases[] = {
    { NULL, 0.5 },  { "0.7312", 0.7312 }, { "0.1", 0.1 }, { "0.99", 0.99 }, { "0", 0.5 },
    { "-1", 0.5 },  { "1", 0.5 },         { "nan", 0.5 }, { "inf", 0.5 },   { "much", 0.5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LabNetwork *network = network_with_threshold (cases[i].text);

      g_assert_cmpfloat (lab_network_get_threshold (network), ==, cases[i].threshold);
      g_assert_finalize_object (network);
    }
}

static void
test_digit (void)
{
  static const struct
  {
    float probabilities[LAB_N_CLASSES];
    LabVerdictKind kind;
    guint first, second;
    const char *text;
  } cases[] = {
    { { 0, 0, 0.02, 0, 0, 0, 0, 0.98 }, LAB_VERDICT_DIGIT, 7, 2, "This is a 7" },
    { { 0.75, 0.25 }, LAB_VERDICT_DIGIT, 0, 1, "This is a 0" },
    { { 0.25, 0.75 }, LAB_VERDICT_DIGIT, 1, 0, "This is a 1" },
    { { 0, 0.45, 0, 0.05, 0, 0, 0, 0.5 }, LAB_VERDICT_NOT_SURE, 7, 1, "Not sure: 7 or 1" },
    { { 0, 0, 0, 0, 0.53, 0, 0, 0, 0.17, 0.3 }, LAB_VERDICT_NOT_SURE, 4, 9, "Not sure: 4 or 9" },
    { { 0, 0, 0, 0, 0, 0, 0, 0, 0.74, 0.26 }, LAB_VERDICT_NOT_SURE, 8, 9, "Not sure: 8 or 9" },
    { { 0.4, 0.3, 0.3 }, LAB_VERDICT_NOT_A_DIGIT, 0, 1, "Not a digit" },
    { { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }, LAB_VERDICT_NOT_A_DIGIT, 0, 1, "Not a digit" },
  };
  g_autoptr (LabNetwork) network = network_with_threshold ("0.75");
  guint8 image[LAB_IMAGE_SIZE] = { 0 };

  fill (image, 13, 4, 3, 20, 255);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LabVerdict verdict = lab_verdict_judge (network, image, cases[i].probabilities);
      g_autofree char *text = lab_verdict_dup_text (verdict);

      g_assert_cmpint (verdict.kind, ==, cases[i].kind);
      g_assert_cmpuint (verdict.first, ==, cases[i].first);
      g_assert_cmpuint (verdict.second, ==, cases[i].second);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* However sure the network is: without ink there is nothing, and a dot is no digit. */
static void
test_ink (void)
{
  static const float sure[LAB_N_CLASSES] = { [3] = 1 };
  g_autoptr (LabNetwork) network = network_with_threshold (NULL);
  guint8 image[LAB_IMAGE_SIZE] = { 0 };
  g_autofree char *text = lab_verdict_dup_text (lab_verdict_judge (network, image, sure));

  g_assert_cmpstr (text, ==, "Draw a digit");
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_NOTHING);

  image[0] = 1; /* a speck, too weak for a line */
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_NOT_A_DIGIT);
  fill (image, 10, 10, 9, 9, 255);
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_NOT_A_DIGIT);
  fill (image, 10, 10, 10, 9, 255);
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_DIGIT);
}

/* What LabInk leaves small is a dot; a 1 is not, though it is as narrow. */
static void
test_drawing (void)
{
  static const float sure[LAB_N_CLASSES] = { [1] = 1 };
  g_autoptr (LabNetwork) network = network_with_threshold (NULL);
  g_autoptr (LabInk) ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];

  lab_ink_set_pen_width (ink, 4);
  lab_ink_begin_stroke (ink, (LabInkPoint){ 50, 50, 1, 0 });
  lab_ink_render (ink, image);
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_NOT_A_DIGIT);
  lab_ink_add_point (ink, (LabInkPoint){ 50, 57.9, 1, 0 });
  lab_ink_render (ink, image);
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_NOT_A_DIGIT);
  lab_ink_add_point (ink, (LabInkPoint){ 50, 60, 1, 0 });
  lab_ink_render (ink, image);
  g_assert_cmpint (lab_verdict_judge (network, image, sure).kind, ==, LAB_VERDICT_DIGIT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verdict/threshold", test_threshold);
  g_test_add_func ("/verdict/digit", test_digit);
  g_test_add_func ("/verdict/ink", test_ink);
  g_test_add_func ("/verdict/drawing", test_drawing);
  return g_test_run ();
}
