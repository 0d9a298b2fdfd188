/* A few fields to fill in, one a line, the selected one being typed into. */
#pragma once

#include "common/text.h"
#include "tui/pane.h"
#include "tui/prompt.h"

enum { FORM_FIELDS = 40 };

/* FORM_FILE: a path is typed, the file's text is sent (at most 64 KiB);
 * FORM_CHOICE: one of the choices, by Space and the arrows; FORM_LONG: several
 * lines, Enter begins the next one */
enum form_type {
    FORM_TEXT,
    FORM_SECRET,
    FORM_BOOL,
    FORM_NUMBER,
    FORM_FILE,
    FORM_CHOICE,
    FORM_LONG
};

struct form_field {
    const char *param; /* name of the parameter */
    enum text_id label;
    int help; /* text id under the form, -1 none */
    enum form_type type;
    bool required;
    const char *title;   /* in place of the label, or NULL */
    const char *choices; /* of FORM_CHOICE: "a|b|c" */
};

struct form {
    const struct form_field *fields;
    int n, at;
    struct prompt input[FORM_FIELDS];
    bool on[FORM_FIELDS]; /* of FORM_BOOL */
    int bad;              /* field at fault, -1 none */
    int top;              /* first field shown */
    bool touched;         /* something was typed */
    bool leaving;         /* and then Esc, once */
};

void form_init(struct form *f, const struct form_field *fields, int n);
void form_done(struct form *f);

/* Empty the fields that hold secrets, and their memory. */
void form_wipe(struct form *f);

/* Begin a field with a value; the form is not yet shown. */
void form_set(struct form *f, int i, const char *value);
/* What stands in it; of FORM_BOOL "true" or "false". */
const char *form_get(const struct form *f, int i);
const char *form_label(const struct form *f, int i);

/* Feed a key to the selected field; false when it is none of its keys. */
bool form_key(struct form *f, int key);
/* Esc came: may it be left? What was typed is not lost by one key. */
bool form_leave(struct form *f);
void form_move(struct form *f, int step);

/* The fields that were filled in as a JSON object's members, without braces.
 * Returns 0, or with f->bad now selected ERR_INVALID (missing, no number) or
 * ERR_IO (its file cannot be read, is empty or over 64 KiB).
 */
int form_params(struct form *f, struct buf *out);

/* Select the field of a parameter the daemon complained about. */
void form_blame(struct form *f, const char *param);

/* As many fields as fit, the selected one among them, its help below. Returns
 * the rows used. */
int form_draw(struct form *f, const struct pane *p);
