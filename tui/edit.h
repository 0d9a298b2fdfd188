/* A form over an object: it asks for the values, and sends those that were
 * changed together with what was seen of them. Or, without an object, a form
 * that sends what was filled in. */
#pragma once

#include "common/text.h"
#include "tui/form.h"

struct app;
struct edit;
struct json;
struct jsonw;

struct edit_field {
    const char *path; /* parameter; "billing.city": a member of an object */
    enum text_id label;
    int help; /* text id, -1 none */
    enum form_type type;
    const char *choices; /* "stores": the names of the stores */
    const char *initial; /* value without an object, NULL "" */
    bool required;
    bool list; /* words with commas or blanks between: an array */
    bool own;  /* not a parameter: `more` reads it */
};

struct edit_def {
    enum text_id title; /* of the screen; {ref} */
    const char *get;    /* method the values come from, or NULL */
    const char *method; /* what sends them */
    const char *param;  /* parameter that names the object, or NULL */
    const char *set;    /* object the values are members of, or NULL */
    bool changed;       /* only what was typed over goes */
    bool propose;       /* it may be proposed instead: owners always do */
    bool base;          /* what was seen goes along, and only changes do */
    const struct edit_field *fields;
    int n;
    int note;   /* sentence below the form, -1 none */
    bool as_is; /* it is sent even if nothing was filled in */
    /* In place of what is said of a change: what became of it. May be NULL. */
    void (*made)(struct app *a, const struct json *result, const char *ref);
    /* Fields that depend on the object; may be NULL. */
    void (*prepare)(struct edit *e, const struct json *object);
    /* Members of their own from fields of edit_add; may be NULL. Returns 0, or
     * ERR_INVALID with the field blamed (edit_blame). */
    int (*more)(struct edit *e, struct jsonw *w);
    /* In place of sending it: the values are taken as they stand and the form
     * is closed. Returns 0, or ERR_INVALID with the field blamed. May be NULL.
     */
    int (*take)(struct edit *e, struct app *a, const char *ref);
    /* It was done: what is said and shown of it. NULL: the answer is a change
     * on its way to a shop. The form is closed behind it. */
    void (*done)(struct app *a, const char *ref, const struct json *result);
};

/* Open it on top. ref: the object's reference, "" when there is none yet. */
void edit_open(struct app *a, const struct edit_def *def, const char *ref);

/* The same with something of the opener's own, for prepare and take: edit_arg.
 * drop frees it when the form has gone; may be NULL. */
void edit_open_with(struct app *a, const struct edit_def *def, const char *ref,
                    void *arg, void (*drop)(void *arg));
void *edit_arg(const struct edit *e);

/* For prepare: a field with a title of its own (copied). path NULL: sent by
 * `more`, under this key. */
void edit_add(struct edit *e, const char *path, const char *title,
              enum form_type type, const struct json *value);
/* The field is to begin with that text. */
void edit_fill(struct edit *e, const char *path, const char *text);
/* Leave a field of the table out. */
void edit_drop(struct edit *e, const char *path);

/* For more: what stands in the field with this path, "" when it is not there.
 */
const char *edit_value(const struct edit *e, const char *path);
/* What it was opened with. */
const char *edit_ref(const struct edit *e);
int edit_count(const struct edit *e);
const char *edit_path(const struct edit *e, int i);
const char *edit_at(const struct edit *e, int i);
void edit_blame(struct edit *e, const char *path, enum text_id sentence);
