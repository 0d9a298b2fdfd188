/* Why something is as it is, without words: a name, and the values it speaks
 * of. It is kept as JSON and worded in the language of whoever reads it, by the
 * text "cause.NAME". What a shop said in its own words is kept as it came. */
#pragma once

#include <stdbool.h>

#include "common/lang.h"

struct arena;
struct buf;

enum cause {
    CAUSE_NONE,
    /* before a write */
    CAUSE_DIFFERS,         /* path, is, was: another value is there */
    CAUSE_IN_TRASH,        /* it can only be taken out */
    CAUSE_OUT_OF_TRASH,    /* is: its status */
    CAUSE_STOCK_AT_PARENT, /* of a variation */
    CAUSE_STOCK_UNMANAGED,
    CAUSE_EMAIL_TAKEN, /* is: "customer/12" */
    CAUSE_GONE,
    CAUSE_BEFORE_IT, /* the change it rests on did not come through */
    /* after it */
    CAUSE_CHANGED_SINCE, /* path, asked, is: somebody wrote after us */
    CAUSE_NOT_KEPT,      /* path, asked, is: the shop had said it would */
    CAUSE_MADE_OTHER,    /* path, asked, is */
    CAUSE_NOTHING_KEPT,
    CAUSE_TOUCHED,      /* path, was, is: nobody asked for it */
    CAUSE_MADE_WITH,    /* path, asked, is: of a new object */
    CAUSE_LINE_OF_NONE, /* a line of a new order */
    /* when it cannot be told */
    CAUSE_STOCK_MOVED,
    CAUSE_DOUBT,
    CAUSE_STOPPED, /* the daemon was */
    CAUSE_NOT_ABOUT_IT,
    CAUSE_NOT_ASKED_FOR,
    /* a request that failed; said: by whom it failed, in their words */
    CAUSE_HOST_UNKNOWN,
    CAUSE_NOBODY_THERE,
    CAUSE_NOT_TRUSTED,
    CAUSE_BAD_ADDRESS,
    CAUSE_NO_ANSWER,
    CAUSE_BROKEN_OFF,
    CAUSE_TOO_LARGE,
    CAUSE_LINE_BROKE,
    CAUSE_CANCELLED,
    CAUSE_REQUEST_TOO_LONG,
    CAUSE_NOT_LET_THROUGH,
    CAUSE_SHOP_ANSWERS,   /* status, code, said */
    CAUSE_SERVER_ANSWERS, /* status, said */
    CAUSE_FRONT_REFUSES,  /* a firewall or a host's protection */
    CAUSE_LOGIN_PAGE,
    CAUSE_WEB_ANSWERS,
    CAUSE_NOT_JSON,
    CAUSE_NOTHING_CAME, /* status */
    CAUSE_REDIRECTS,    /* status; said: where to */
    CAUSES              /* how many */
};

/* {"name": "in_trash"}, of one that speaks of nothing. */
const char *cause_plain(enum cause c);

/* What a cause speaks of; NULL and 0: nothing. The values are JSON texts. */
struct cause_of {
    const char *path, *asked, *is, *was;
    int status; /* of HTTP */
    const char *code, *said;
};

/* {"name": "differs", "path": "status", "is": "cancelled", "was": "processing"}
 * in the arena; a value of more than 200 bytes is cut and becomes a text. */
const char *cause_json(struct arena *a, enum cause c, struct cause_of of);

/* Is it such JSON of that cause? */
bool cause_is(const char *json, enum cause c);
/* Append the sentence of such JSON. ERR_NOT_FOUND (nothing is appended): it is
 * none, or of a newer version. */
int cause_words(const char *json, enum text_lang lang, struct buf *out);
