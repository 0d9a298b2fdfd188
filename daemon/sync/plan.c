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

static int64_t room(const struct store_sync *ss, enum sweep_rank rank,
                    int64_t mono) {
    return budget_room(&ss->budget, mono, rank, sync_per_hour(ss));
}

static bool due(const struct store_sync *ss, int c, int64_t mono) {
    return scheduled(ss, mono) && mono >= ss->due_ms[c] &&
           room(ss, RANK_POLL, mono) > 0;
}

static bool busy(const struct store_sync *ss, int c) {
    for (int i = 0; i < SLOTS; i++)
        if (ss->slot[i] && (int)ss->slot[i]->c == c)
            return true;
    return false;
}

static bool step(struct sync_step *ret, const struct pass_ops *ops, int c,
                 bool by_hand) {
    *ret = (struct sync_step){.ops = ops,
                              .c = (enum sync_collection)c,
                              .scheduled = !by_hand,
                              .sweep = SWEEPS};
    return true;
}

/* -- fast: open orders, changes ------------------------------------------ */

static bool has_changes(const struct store_sync *ss, int c) {
    return collection_row((enum sync_collection)c)->has_modified &&
           ss->cp[c].mark_ms != 0 && !is_new(ss, c);
}

static bool changes_for(const struct store_sync *ss, int c, int64_t mono,
                        bool by_hand) {
    if (!has_changes(ss, c))
        return false;
    if (by_hand)
        return is_ready(ss, c) && wanted(ss, c) && !full_wanted(ss, c);
    return due(ss, c, mono);
}

static bool next_fast(const struct store_sync *ss, int64_t mono,
                      struct sync_step *ret) {
    if (is_new(ss, SYNC_ORDERS) &&
        (wanted(ss, SYNC_ORDERS) || scheduled(ss, mono)))
        return step(ret, &pass_open_ops, SYNC_ORDERS, true);
    for (int by_hand = 1; by_hand >= 0; by_hand--)
        for (int c = 0; c < SYNC_COLLECTIONS; c++)
            if (changes_for(ss, c, mono, by_hand))
                return step(ret, &pass_changes_ops, c, by_hand);
    return false;
}

/* -- slow: verify, scans, full reads, notes, sweeps ------------------------ */

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

static bool full_for(const struct store_sync *ss, int c) {
    bool dated = collection_row((enum sync_collection)c)->has_modified;
    if (c == SYNC_NOTES || !is_ready(ss, c) || busy(ss, c))
        return false;
    return full_wanted(ss, c) || (!dated && wanted(ss, c));
}

static bool next_by_hand(const struct store_sync *ss, int64_t mono,
                         struct sync_step *ret) {
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (scan_for(ss, c, mono, true))
            return step(ret, &pass_scan_ops, c, true);
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (full_for(ss, c))
            return step(ret, &pass_full_ops, c, true);
    return !is_new(ss, SYNC_ORDERS) && !busy(ss, SYNC_NOTES) &&
           wanted(ss, SYNC_NOTES) &&
           step(ret, &pass_notes_ops, SYNC_NOTES, true);
}

/* The first round over notes is still a part of the first sync. */
static bool first_notes(const struct store_sync *ss, int k) {
    return k == SWEEP_OF_NOTES && ss->sweeps[k].place.success_ms == 0;
}

static enum sweep_rank rank_of(int k) {
    return k == SWEEPS ? SWEEP_RANKS : sweep_info((enum sweep_kind)k)->rank;
}

/* Of those that are due the highest rank, then the one due first. */
static bool next_sweep(const struct store_sync *ss, int64_t mono,
                       struct sync_step *ret) {
    int best = SWEEPS;
    if (!scheduled(ss, mono) || plan_first(ss))
        return false;
    for (int k = 0; k < SWEEPS; k++) {
        const struct sweep_info *info = sweep_info((enum sweep_kind)k);
        enum sweep_rank than = rank_of(best);
        if (mono < ss->sweeps[k].next_ms || busy(ss, (int)info->c) ||
            (room(ss, info->rank, mono) == 0 && !first_notes(ss, k)))
            continue;
        if (best == SWEEPS || info->rank > than ||
            (info->rank == than &&
             ss->sweeps[k].next_ms < ss->sweeps[best].next_ms))
            best = k;
    }
    if (best == SWEEPS)
        return false;
    step(ret, best == SWEEP_OF_NOTES ? &pass_notes_ops : &pass_sweep_ops,
         (int)sweep_info((enum sweep_kind)best)->c, first_notes(ss, best));
    ret->sweep = (enum sweep_kind)best;
    return true;
}

static bool next_slow(const struct store_sync *ss, int64_t mono,
                      struct sync_step *ret) {
    if (next_verify(ss, ret) || next_by_hand(ss, mono, ret))
        return true;
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (scan_for(ss, c, mono, false))
            return step(ret, &pass_scan_ops, c, true);
    return next_sweep(ss, mono, ret);
}

void plan_next(const struct store_sync *ss, int slot, int64_t mono,
               struct sync_step *ret) {
    memset(ret, 0, sizeof *ret);
    if (slot == SLOT_FAST)
        (void)next_fast(ss, mono, ret);
    else
        (void)next_slow(ss, mono, ret);
}

/* -- when ------------------------------------------------------------------ */

static void earlier(int64_t *best, int64_t at) {
    if (*best == 0 || at < *best)
        *best = at;
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t due_fast(const struct store_sync *ss, int64_t room_ms) {
    int64_t best = 0;
    if (is_new(ss, SYNC_ORDERS))
        return ss->retry_ms;
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (has_changes(ss, c))
            earlier(&best, later(ss->due_ms[c], room_ms));
    return best ? later(best, ss->retry_ms) : 0;
}

static int64_t due_slow(const struct store_sync *ss,
                        const int64_t room_ms[SWEEP_RANKS]) {
    int64_t best = 0;
    if (plan_first(ss))
        return ss->retry_ms;
    for (int k = 0; k < SWEEPS; k++) {
        const struct sweep_state *s = &ss->sweeps[k];
        int64_t room = room_ms[sweep_info((enum sweep_kind)k)->rank];
        earlier(&best, later(s->next_ms, first_notes(ss, k) ? 0 : room));
    }
    return later(best, ss->retry_ms);
}

int64_t plan_due(const struct store_sync *ss, int slot, int64_t mono) {
    int64_t room_ms[SWEEP_RANKS];
    if (ss->store.paused)
        return 0;
    for (int r = 0; r < SWEEP_RANKS; r++)
        room_ms[r] = budget_when(&ss->budget, mono, (enum sweep_rank)r,
                                 sync_per_hour(ss));
    return slot == SLOT_FAST ? due_fast(ss, room_ms[RANK_POLL])
                             : due_slow(ss, room_ms);
}

bool plan_first(const struct store_sync *ss) {
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (c != SYNC_NOTES && !is_ready(ss, c))
            return true;
    return false;
}
