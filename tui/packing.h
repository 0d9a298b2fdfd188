/* The packing table's state, shared by view_pack.c and pack_draw.c alone. */
#pragma once

#include "tui/model_pack.h"
#include "tui/prompt.h"
#include "tui/view.h"

struct packing {
    struct view base;
    struct pack_state s; /* ref "" until it is here */
    char ref[REF_TEXT];
    struct prompt input;
    int at;                       /* line the acts are for */
    int64_t sent, answered;       /* scans */
    char box[600], box_title[60]; /* what was wrong; "" nothing */
    int box_role;
    int64_t box_at;   /* scans sent when it was shown */
    bool asked;       /* waits for the table itself */
    int64_t asked_at; /* scans answered by then */
    bool shipped;     /* it was asked to leave from here */
};

/* pack_draw.c: the screen, and the same as lines. */
void pack_draw(struct view *v, const struct pane *body);
void pack_plain(struct view *v, struct buf *out);
