/* What should run next for a store; pure: reads the store's structures,
 * decides, changes nothing. Order of a first sync: open orders, then what
 * screens need, then the rest. What somebody waits for goes before what the
 * schedule wants. */
#include <string.h>

#include "sync/sync_internal.h"

static bool is_new(const struct store_sync *ss, int c) {
    return strcmp(ss->cp[c].phase, "new") == 0;
}

static bool is_ready(const struct store_sync *ss, int c) {
    return strcmp(ss->cp[c].phase, "ready") == 0;
}

static bool wanted(const struct store_sync *ss, int c) {
    for (const struct sync_run *r = ss->runs; r; r = r->next)
        if (!r->verify && r->wanted & (1u << c))
            return true;
    return false;
}

static bool full_wanted(const struct store_sync *ss, int c) {
    for (const struct sync_run *r = ss->runs; r; r = r->next)
        if (!r->verify && r->wanted & r->full & (1u << c))
            return true;
    return false;
}

static bool scheduled(const struct store_sync *ss, int64_t mono) {
    return !ss->store.paused && mono >= ss->retry_ms;
}

static bool due(const struct store_sync *ss, int c, int64_t mono) {
    return scheduled(ss, mono) && mono >= ss->due_ms[c];
}

static bool busy(const struct store_sync *ss, int c) {
    for (int i = 0; i < SLOTS; i++)
        if (ss->slot[i] && (int)ss->slot[i]->c == c)
            return true;
    return false;
}

static bool step(struct sync_step *ret, const struct pass_ops *ops, int c,
                 bool full) {
    *ret = (struct sync_step){ops, (enum sync_collection)c, full, NULL};
    return true;
}

/* -- fast: open orders, changes ------------------------------------------ */

static bool changes_for(const struct store_sync *ss, int c, int64_t mono,
                        bool by_hand) {
    if (!collection_row((enum sync_collection)c)->has_modified ||
        ss->cp[c].mark_ms == 0 || is_new(ss, c))
        return false;
    if (by_hand)
        return is_ready(ss, c) && wanted(ss, c) && !full_wanted(ss, c);
    return due(ss, c, mono);
}

static bool next_fast(const struct store_sync *ss, int64_t mono,
                      struct sync_step *ret) {
    if (is_new(ss, SYNC_ORDERS) &&
        (wanted(ss, SYNC_ORDERS) || scheduled(ss, mono)))
        return step(ret, &pass_open_ops, SYNC_ORDERS, false);
    for (int by_hand = 1; by_hand >= 0; by_hand--)
        for (int c = 0; c < SYNC_COLLECTIONS; c++)
            if (changes_for(ss, c, mono, by_hand))
                return step(ret, &pass_changes_ops, c, false);
    return false;
}

/* -- slow: verify, scans, sweeps, notes ---------------------------------- */

static bool next_verify(const struct store_sync *ss, struct sync_step *ret) {
    for (struct sync_run *r = ss->runs; r; r = r->next)
        for (int c = 0; r->verify && !r->cancelled && c < SYNC_COLLECTIONS; c++)
            if (r->wanted & (1u << c) && !busy(ss, c)) {
                step(ret, &pass_full_ops, c, true);
                ret->verify = r;
                return true;
            }
    return false;
}

static bool scan_for(const struct store_sync *ss, int c, int64_t mono,
                     bool by_hand) {
    if (c == SYNC_NOTES || is_ready(ss, c) || busy(ss, c))
        return false;
    if (c == SYNC_ORDERS && is_new(ss, c))
        return false; /* open orders first */
    return by_hand ? wanted(ss, c) : scheduled(ss, mono);
}

static bool sweep_for(const struct store_sync *ss, int c, int64_t mono,
                      bool by_hand) {
    bool dated = collection_row((enum sync_collection)c)->has_modified;
    if (c == SYNC_NOTES || !is_ready(ss, c) || busy(ss, c))
        return false;
    if (by_hand)
        return full_wanted(ss, c) || (!dated && wanted(ss, c));
    return !dated && due(ss, c, mono);
}

static bool notes_for(const struct store_sync *ss, int64_t mono, bool by_hand) {
    if (busy(ss, SYNC_NOTES) || is_new(ss, SYNC_ORDERS))
        return false;
    return by_hand ? wanted(ss, SYNC_NOTES) : due(ss, SYNC_NOTES, mono);
}

static bool next_slow(const struct store_sync *ss, int64_t mono,
                      struct sync_step *ret) {
    if (next_verify(ss, ret))
        return true;
    for (int by_hand = 1; by_hand >= 0; by_hand--) {
        for (int c = 0; c < SYNC_COLLECTIONS; c++)
            if (scan_for(ss, c, mono, by_hand))
                return step(ret, &pass_scan_ops, c, false);
        for (int c = 0; c < SYNC_COLLECTIONS; c++)
            if (sweep_for(ss, c, mono, by_hand))
                return step(ret, &pass_full_ops, c, true);
        if (notes_for(ss, mono, by_hand))
            return step(ret, &pass_notes_ops, SYNC_NOTES, false);
    }
    return false;
}

void plan_next(const struct store_sync *ss, int slot, int64_t mono,
               struct sync_step *ret) {
    memset(ret, 0, sizeof *ret);
    if (slot == SLOT_FAST)
        (void)next_fast(ss, mono, ret);
    else
        (void)next_slow(ss, mono, ret);
}

int64_t plan_due(const struct store_sync *ss) {
    if (ss->store.paused)
        return 0;
    int64_t best = 0;
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (best == 0 || ss->due_ms[c] < best)
            best = ss->due_ms[c];
    return best > ss->retry_ms ? best : ss->retry_ms;
}

bool plan_first(const struct store_sync *ss) {
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (c != SYNC_NOTES && !is_ready(ss, c))
            return true;
    return false;
}
