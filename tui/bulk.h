/* One act on several rows: shown before anything is sent, then each row with
 * what became of it. */
#pragma once

#include "common/text.h"

struct app;
struct bulk;

struct bulk_act {
    const char *method;
    const char *param;     /* names the row: "ref" or "id" */
    const char *base;      /* path whose seen value goes along, or NULL */
    enum text_id title;    /* of the screen; {value} */
    enum text_id question; /* {n} {stores} {value}: what will happen */
    int word;              /* text id of what is typed before it is sent, {n};
                              -1: Enter sends */
    const char *preview;   /* its name for orders.preview, or NULL: not asked */
    /* In place of a call a row: those that may, by their keys with blanks
     * between. May be NULL. */
    void (*together)(struct app *a, const char *keys);
};

enum { BULK_ROWS = 500 };

/* value: what rows are to become, or ""; more: further parameters as JSON
 * members, or NULL. Both are copied. */
struct bulk *bulk_create(struct app *a, const struct bulk_act *act,
                         const char *value, const char *more);
/* A row: its key and what was seen of it. Above BULK_ROWS it is left out. */
void bulk_add(struct bulk *b, const char *key, const char *seen);
/* Show it on top; without a row it is gone at once. */
void bulk_show(struct bulk *b);
