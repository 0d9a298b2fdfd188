/* What was read of a shop means for a change: is its effect there, not yet, in
 * the way of another, or not to be told? Pure; the same judgement serves the
 * look before a write, the one after it, and those of one whose answer never
 * came. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/change.h"
#include "shop/encode.h"

struct arena;
struct json;

/* What can be read. */
enum push_read {
    PUSH_OBJECT,       /* the object itself; of a creation: the one made */
    PUSH_NOTES,        /* all notes of the order */
    PUSH_REFUNDS,      /* its refunds */
    PUSH_FULFILLMENTS, /* its fulfillments */
    PUSH_FIND,         /* what may be the object that was to be created */
    PUSH_FIND_TRASH,   /* the same in the trash, which lists do not show */
    PUSH_READS,        /* how many */
};

/* A change and what was read for it. */
struct push_view {
    const struct change *c;
    struct arena *a;                     /* for what is told */
    const struct json *read[PUSH_READS]; /* NULL: not read */
    bool fulfillments;                   /* the shop has the feature */
    bool first;                          /* it was certainly never sent */
    int64_t posted_id; /* id the shop answered with, 0: none */
};

enum push_found {
    PUSH_ABSENT,   /* not there, and nothing speaks against it */
    PUSH_THERE,    /* as wanted */
    PUSH_CONFLICT, /* something else is there */
    PUSH_REFUSED,  /* it cannot be */
    PUSH_DOUBT,    /* it cannot be told */
};

struct push_finding {
    enum push_found found;
    const char *cause;         /* why (model/cause.h), or NULL; in the arena */
    const char *const *theirs; /* per path, or NULL */
    int64_t result_id;         /* of what was found, 0: none */
    int64_t mark;              /* highest id of that kind there, 0: none */
    const char *op;            /* marker of another change found, or NULL */
};

/* The i-th thing to read for the change (i from 0), or -1: all is read. */
int push_judge_read(const struct push_view *v, int i);
/* Where the next part of a tracking number goes. */
enum encode_way push_judge_way(const struct push_view *v);

void push_judge(const struct push_view *v, struct push_finding *ret);

/* A write was answered well, but what is there then is not what was asked:
 * why. answer: what the shop answered, or NULL. THERE: it was as asked, and
 * somebody wrote after it. */
void push_judge_lost(const struct push_view *v, const struct json *before,
                     const struct json *answer, struct push_finding *ret);

/* A field nobody asked to change that is another now, as a cause in the arena;
 * NULL: none. */
const char *push_judge_reset(const struct push_view *v,
                             const struct json *before,
                             const struct json *after);
/* The fields it looks at, by their index, as change_check_field. */
const char *push_judge_watched(size_t i);

/* Value of a meta entry, NULL: none. */
const struct json *push_judge_meta(const struct json *object, const char *key);
