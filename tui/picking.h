/* The picking screen: what it knows, and how it looks. */
#pragma once

#include "tui/listbox.h"
#include "tui/prompt.h"
#include "tui/view.h"

struct walk_line {
    char pick[24], ref[80], tote[16], sku[64], name[160], bin[40], lot[80];
    char wanted[24], picked[24], missing[24];
    char bundle[80]; /* it is a part of, "" none */
    int64_t line, part;
    bool done, optional;
};

struct picking {
    struct view base;
    char id[24], who[64];
    char *refs; /* of the orders to begin on, owned; NULL: it is begun */
    struct walk_line *lines; /* owned */
    int n;
    struct listbox box;
    struct prompt input;
    int role; /* of the verdict */
    char verdict[64], detail[400];
    char shorted[240]; /* what was last said to be not there */
    int waiting;       /* scans that are not answered */
    int64_t left;
    bool placed; /* the cursor was put where the last scan was */
};

/* A quantity's text x 1,000. */
int64_t picking_e3(const char *s);

/* What became of the last key, until the next. */
void picking_say(struct picking *p, int role, const char *word,
                 const char *detail);
/* What stands in the way, with the bell; the same of a refusal. */
void picking_stop(struct picking *p, const char *word, const char *detail);
struct link_reply;
void picking_refused(struct picking *p, const struct link_reply *r);
/* Read the list again; a timer's. */
void picking_read_again(void *arg);

/* The selected line is not there: ask why; it is missing and comes later. */
void picking_ask_short(struct picking *p);
void picking_missing(struct picking *p);

/* Of view_ops. */
void picking_draw(struct view *v, const struct pane *body);
void picking_name(struct view *v, struct buf *out);
void picking_head(struct view *v, struct buf *out);
void picking_plain(struct view *v, struct buf *out);
