/* Keys to actions, by view. Defaults come from schema/actions.json; the user's
 * keys.yaml replaces those of the actions it names:
 *     version: 1
 *     keys:
 *       open: Enter l
 *       go_orders: g+o F3 */
#pragma once

#include <stdbool.h>

#include "actions.gen.h"
#include "tui/key.h"

struct buf;

enum { KEYMAP_MAX = 256, KEYMAP_VERSION = 1 };

struct binding {
    uint64_t views; /* bits of enum action_view */
    int first;      /* prefix, or 0 */
    int key;
    enum action_id action;
};

struct keymap {
    struct binding bindings[KEYMAP_MAX];
    int n;
};

enum keymap_found { KEYMAP_NONE, KEYMAP_ACTION, KEYMAP_PREFIX };

void keymap_defaults(struct keymap *m);

/* Defaults, then the file when it exists. Faults (file:line:column, sentence)
 * go to `faults`, one a line; returns their number. A faulty file leaves the
 * defaults. */
int keymap_load(struct keymap *m, const char *path, struct buf *faults);

/* What a key means in a view, `prefix` being the one typed before or 0. */
enum keymap_found keymap_find(const struct keymap *m, enum action_view view,
                              int prefix, int key, enum action_id *ret);

/* The first key of an action that works in a view, as people read it ("Enter",
 * "g o"), "" when it has none: where there is a line to type into, what can be
 * typed is the line's. */
void keymap_show(const struct keymap *m, enum action_view view,
                 enum action_id action, struct buf *out);

/* Has the view a line that takes all that can be typed? */
bool keymap_is_line(enum action_view view);
