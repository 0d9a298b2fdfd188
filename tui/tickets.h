/* Tickets on the screen: their row, their words, and what may be done to them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "actions.gen.h"
#include "common/ref.h"

struct app;
struct json;
struct view;

struct ticket_row {
    char id[24], store[33], subject[200], ref[REF_TEXT];
    char priority[12], state[16], assignee[40], author[64];
    int64_t created_ms, changed_ms;
    bool unread;
};
int ticket_row_read(const struct json *v, void *row);
const char *ticket_row_key(const void *row);
/* Their roles; the words are tr_word("ticket.state" or "ticket.priority"). */
int ticket_state_role(const char *state);
int ticket_priority_role(const char *priority);

/* A form that opens one, about an order or customer; "": about a store. */
void ticket_new(struct app *a, const char *ref);
/* Do it to the ticket whose answer of tickets.get that is; false: it is no act
 * on tickets. */
bool ticket_act(struct app *a, enum action_id action, const struct json *t);
/* May it be done? */
bool ticket_act_may(enum action_id action, const struct json *t);
