/* Proposals: rows as the approval screens show them, and what people do to
 * one. The daemon checks all of it once more. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tui/view.h"

struct buf;
struct json;

enum approval_can {
    APPROVAL_CAN_APPROVE = 1 << 0,
    APPROVAL_CAN_REJECT = 1 << 1,
    APPROVAL_CAN_EDIT = 1 << 2,
    APPROVAL_CAN_WITHDRAW = 1 << 3,
};

struct approval_row {
    char id[24], store[33], author[48], what[160], state[12];
    char base[80], current[80], wanted[80];
    char stale_text[400], reason[504], note[504], reviewer[48];
    char answer[12], answer_text[300];
    char seen[200]; /* for the preview of several */
    bool stale, over_limit;
    unsigned can; /* of enum approval_can */
    int64_t created_ms, version;
};

/* As rows of a pager: 0, or ERR_INVALID. */
int approval_row_read(const struct json *v, void *row);
const char *approval_row_key(const void *row);
/* Where it stands, in a word: of an approved one what the shop said. */
const char *approval_row_word(const struct approval_row *r);
int approval_row_role(const struct approval_row *r);
/* Is it an act on a proposal at all, and may it be done with this one? */
bool approval_acts_has(enum action_id action);
bool approval_acts_may(const struct approval_row *r, enum action_id action);
/* Do it: asks for the word or the reason it takes. `keep` lives as long as the
 * view that calls and holds what was asked about. */
struct approval_ask {
    struct app *app;
    struct approval_row row;
};
void approval_act(struct app *a, const struct approval_row *r,
                  enum action_id action, struct approval_ask *keep);
