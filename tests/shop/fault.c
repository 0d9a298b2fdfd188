#include "tests/shop/fault.h"

#include <stdlib.h>
#include <string.h>

#include "tests/shop/shop.h"

static const char *const names[FAULTS] = {
    [FAULT_STRIP_AUTH] = "strip_auth",
    [FAULT_NEED_AGENT] = "need_agent",
    [FAULT_WAF] = "waf",
    [FAULT_THROTTLE] = "throttle",
    [FAULT_GATEWAY] = "gateway",
    [FAULT_MAINTENANCE] = "maintenance",
    [FAULT_FATAL] = "fatal",
    [FAULT_TRUNCATE] = "truncate",
    [FAULT_CUT] = "cut",
    [FAULT_NOTICE] = "notice",
    [FAULT_SLOW] = "slow",
    [FAULT_DRIP] = "drip",
    [FAULT_HANG] = "hang",
    [FAULT_STALE] = "stale",
    [FAULT_JUNK] = "junk",
    [FAULT_LOST] = "lost",
    [FAULT_LATE] = "late",
    [FAULT_ECHO] = "echo",
    [FAULT_FROZEN] = "frozen",
    [FAULT_VIEW_BUMPS] = "view_bumps",
    [FAULT_SLIDE_BACK] = "slide_back",
    [FAULT_COPIED] = "copied",
    [FAULT_FEW_ROWS] = "few_rows",
    [FAULT_REDIRECT] = "redirect",
    [FAULT_LOGIN] = "login",
    [FAULT_ODD_ROW] = "odd_row",
    [FAULT_FILE] = "file",
    [FAULT_TOTAL] = "total",
    [FAULT_RESETS] = "resets",
    [FAULT_OTHER] = "other",
    [FAULT_HOOK_LATE] = "hook_late",
    [FAULT_HOOK_DOUBLE] = "hook_double",
    [FAULT_HOOK_DROP] = "hook_drop",
    [FAULT_HOOK_DISABLE] = "hook_disable",
    [FAULT_HOOK_STALE_SOURCE] = "hook_stale_source",
    [FAULT_HOOK_BAD_SIGN] = "hook_bad_sign",
};

const char *fault_name(enum fault_kind k) {
    return names[k];
}

int fault_kind_of(const char *name) {
    for (int k = 0; k < FAULTS; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return -1;
}

/* Hits of requests are bits of 32. */
_Static_assert(FAULT_HOOK_LATE <= 32, "more request faults than bits");

static bool reads(const struct exchange *x) {
    return !strcmp(x->method, "GET") || !strcmp(x->method, "HEAD");
}

static bool in_scope(const struct fault *f, const struct exchange *x) {
    const char *p = x->route ? x->route : x->url;
    if (f->kind >= FAULT_HOOK_LATE || f->spent ||
        strncmp(p, f->path, strlen(f->path)) != 0)
        return false;
    if (!*f->method)
        return true;
    return strcmp(f->method, "write") == 0 ? !reads(x)
                                           : !strcmp(f->method, x->method);
}

static bool strikes(struct faults *all, struct fault *f) {
    f->seen++;
    if (f->every > 1 && f->seen % f->every)
        return false;
    if (f->per_mille) {
        all->rng ^= all->rng << 13;
        all->rng ^= all->rng >> 7;
        all->rng ^= all->rng << 17;
        if ((int64_t)(all->rng % 1000) >= f->per_mille)
            return false;
    }
    if (f->next && --f->next == 0)
        f->spent = true;
    return true;
}

uint32_t fault_hits(struct exchange *x, int64_t value[FAULTS]) {
    struct faults *all = &x->shop->faults;
    uint32_t hits = 0;
    for (size_t i = 0; i < all->n; i++) {
        struct fault *f = &all->v[i];
        if (!in_scope(f, x) || !strikes(all, f))
            continue;
        hits |= 1u << f->kind;
        value[f->kind] = f->value;
        if (f->kind == FAULT_FILE)
            x->file = f->file;
    }
    return hits;
}

int64_t fault_hook_value(struct faults *all, const char *topic,
                         enum fault_kind k) {
    for (size_t i = 0; i < all->n; i++) {
        struct fault *f = &all->v[i];
        if (f->kind == k && !f->spent &&
            strncmp(topic, f->path, strlen(f->path)) == 0 && strikes(all, f))
            return f->value;
    }
    return -1;
}

uint32_t fault_hook_hits(struct faults *all, const char *topic) {
    static const enum fault_kind kinds[] = {FAULT_HOOK_DOUBLE, FAULT_HOOK_DROP,
                                            FAULT_HOOK_STALE_SOURCE,
                                            FAULT_HOOK_BAD_SIGN};
    uint32_t hits = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fault_hook_value(all, topic, kinds[i]) >= 0)
            hits |= fault_hook_bit(kinds[i]);
    return hits;
}

void fault_clear(struct faults *f) {
    for (size_t i = 0; i < f->stale_n; i++) {
        free(f->stale[i].uri);
        free(f->stale[i].body);
    }
    f->n = f->stale_n = 0;
    f->epoch++;
}
