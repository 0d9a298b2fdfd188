/* The states of a change and its acts, by name; and which moves there are. What
 * is not in the table cannot happen, whoever asks. */
#include "common/check.h"
#include "common/str.h"
#include "model/change.h"

static const char *const states[CHANGE_STATES] = {
    [CHANGE_AWAITING] = "awaiting",   [CHANGE_QUEUED] = "queued",
    [CHANGE_SENDING] = "sending",     [CHANGE_UNKNOWN] = "unknown",
    [CHANGE_CONFLICT] = "conflict",   [CHANGE_REFUSED] = "refused",
    [CHANGE_CONFIRMED] = "confirmed", [CHANGE_DISCARDED] = "discarded"};

static const char *const acts[CHANGE_ACTS] = {
    [CHANGE_SET] = "set",           [CHANGE_STOCK] = "stock",
    [CHANGE_NOTE] = "note",         [CHANGE_REFUND] = "refund",
    [CHANGE_TRACKING] = "tracking", [CHANGE_TRASH] = "trash",
    [CHANGE_UNTRASH] = "untrash",   [CHANGE_CREATE] = "create"};

#define TO(s) (1u << CHANGE_##s)

static const unsigned moves[CHANGE_STATES] = {
    [CHANGE_AWAITING] = TO(AWAITING) | TO(QUEUED) | TO(DISCARDED) | TO(UNKNOWN),
    /* "already so" and "gone" are known before anything is sent; a restored
     * file makes it unknown; queued again with a later time is back-off */
    [CHANGE_QUEUED] = TO(QUEUED) | TO(SENDING) | TO(CONFIRMED) | TO(CONFLICT) |
                      TO(REFUSED) | TO(DISCARDED) | TO(UNKNOWN) | TO(AWAITING),
    [CHANGE_SENDING] =
        TO(CONFIRMED) | TO(REFUSED) | TO(CONFLICT) | TO(UNKNOWN) | TO(QUEUED),
    /* a third value seen in a look is judged by the GET before the next
     * write: there is one place that finds conflicts */
    [CHANGE_UNKNOWN] = TO(UNKNOWN) | TO(QUEUED) | TO(CONFIRMED) |
                       TO(DISCARDED) |
                       TO(AWAITING), /* sent again, but never approved */
    [CHANGE_CONFLICT] = TO(QUEUED) | TO(DISCARDED) | TO(AWAITING),
    [CHANGE_REFUSED] = TO(QUEUED) | TO(DISCARDED) | TO(AWAITING),
};

static int find(const char *const *names, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return i;
    return ERR_INVALID;
}

const char *change_state_name(enum change_state s) {
    REQUIRE(s < CHANGE_STATES);
    return states[s];
}

int change_state_parse(const char *name) {
    return find(states, CHANGE_STATES, name);
}

bool change_may(enum change_state from, enum change_state to) {
    REQUIRE(from < CHANGE_STATES && to < CHANGE_STATES);
    return (moves[from] & 1u << to) != 0;
}

const char *change_act_name(enum change_act a) {
    REQUIRE(a < CHANGE_ACTS);
    return acts[a];
}

int change_act_parse(const char *name) {
    return find(acts, CHANGE_ACTS, name);
}
