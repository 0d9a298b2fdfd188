/* One line of input with history and completion. Keys in, state out; drawing
 * is the frame's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

enum { PROMPT_HISTORY = 50, PROMPT_MAX = 1000, PROMPT_CANDIDATES = 64 };

struct prompt_history {
    char *lines[PROMPT_HISTORY]; /* newest last; owned */
    int n;
};

/* Asks for candidates of the token at `cursor`: the callback calls
 * prompt_candidate for each and sets *ret_from to where the token begins. */
struct prompt;
typedef void prompt_complete_cb(void *arg, struct prompt *p, const char *text,
                                size_t cursor, size_t *ret_from);

struct prompt {
    struct buf text;
    size_t cursor;                  /* byte offset */
    size_t max;                     /* bytes; 0: PROMPT_MAX */
    struct prompt_history *history; /* not owned; may be NULL */
    int history_at;                 /* == history->n: the line being typed */
    char *typed;                    /* kept while history is shown */
    bool secret;                    /* shown as dots; no history */
    prompt_complete_cb *complete;   /* may be NULL */
    void *complete_arg;
    char *candidates[PROMPT_CANDIDATES];
    int n_candidates, candidate; /* candidate being shown, -1 none */
    size_t from;                 /* where the completed token begins */
};

enum prompt_result {
    PROMPT_IGNORED, /* not a key of the prompt */
    PROMPT_EDITED,
    PROMPT_DONE,     /* Enter */
    PROMPT_CANCELLED /* Esc, or Backspace in an empty line */
};

/* Begin with a text (NULL: empty). */
void prompt_init(struct prompt *p, const char *text);
void prompt_done(struct prompt *p);

/* Feed one key (enum key_code). */
enum prompt_result prompt_key(struct prompt *p, int key);

/* A new line where the cursor is. */
void prompt_line_break(struct prompt *p);

/* Replace the text; the cursor goes to its end. */
void prompt_set(struct prompt *p, const char *text);

/* Put the cursor on a character (0-based, at most the end). */
void prompt_place(struct prompt *p, size_t character);

void prompt_candidate(struct prompt *p, const char *candidate);

/* Remember a line (not twice in a row, never an empty one). */
void prompt_history_add(struct prompt_history *h, const char *line);
void prompt_history_done(struct prompt_history *h);

/* What to draw in `cells` cells, scrolled so that the cursor is in view, and
 * the cursor's cell. */
void prompt_show(const struct prompt *p, int cells, struct buf *out,
                 int *ret_cursor);
