/* A form over an object, from inside: edit.c shows it, edit_params.c says what
 * is sent. */
#pragma once

#include "tui/edit.h"
#include "tui/view.h"

enum { EDIT_REF_MAX = 400 };

struct edit_input {
    char *path, *title; /* owned; title NULL: of the table */
    char *was;          /* owned; what was seen, NULL: not known */
    bool own;           /* sent by `more` */
    bool list;          /* its words go as an array */
    bool number;        /* its value was a JSON number */
};

struct edit {
    struct view base;
    const struct edit_def *def;
    char ref[EDIT_REF_MAX];
    struct form_field fields[FORM_FIELDS];
    struct edit_input inputs[FORM_FIELDS];
    int n;
    char *stores; /* owned: choices of a field of them */
    struct form form;
    bool ready, asked; /* fields are there; waits for the daemon's word */
    bool propose;      /* goes along: it is to wait for approval */
    char status[400];
    int status_role;
    void *arg; /* the opener's */
    void (*drop)(void *arg);
};

/* The sentence below the fields. */
void edit_say(struct edit *e, int role, const char *text);

/* The first field that must be filled in and is not, -1 none. */
int edit_missing(const struct edit *e);
/* The first that goes, should be a whole number and is none, -1 none. */
int edit_no_number(const struct edit *e);
/* Is there anything to send? */
bool edit_goes(const struct edit *e);
/* The parameters. Returns 0, or what `more` of the form returned. */
int edit_params(struct edit *e, struct buf *out);
