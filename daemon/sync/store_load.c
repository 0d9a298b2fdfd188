/* What a store's machine needs from tables, read in one job: the store, its
 * checkpoints, the statuses that count as open; then the shop with its keys.
 * A store that cannot be read, or whose keys cannot be opened, says so and
 * stays idle until it is changed. */
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "model/ids.h"
#include "sync/sync_internal.h"

enum { LOAD_AGAIN_MS = 500 };

DEFINE_CLEANUP(struct arena *, arena_freep, arena_free)

/* Everything a machine needs from tables, read in one job. */
struct load {
    struct store_sync *ss;
    struct store store;
    struct checkpoint cp[SYNC_COLLECTIONS];
    struct sweep_place places[SWEEPS];
    char open_slugs[512];
    struct arena *arena;
    const void *key, *secret;
    size_t key_n, secret_n;
    int found;
};

static int load_job(struct db_tx *tx, void *arg) {
    struct load *l = arg;
    int64_t id = l->ss->store.id;
    l->found = store_by_id(tx, id, &l->store);
    if (l->found <= 0)
        return l->found;
    for (int c = 0; c < SYNC_COLLECTIONS; c++) {
        int r = checkpoint_get(
            tx, id, sync_collection_name((enum sync_collection)c), &l->cp[c]);
        if (r < 0)
            return r;
    }
    for (int k = 0; k < SWEEPS; k++) {
        int r = sweep_get(tx, id, sweep_info((enum sweep_kind)k)->name,
                          &l->places[k]);
        if (r < 0)
            return r;
    }
    return order_open_slugs(tx, id, l->open_slugs, sizeof l->open_slugs);
}

static struct shop_config shop_config_of(const struct store_sync *ss,
                                         const char *key, const char *secret) {
    const struct store *st = &ss->store;
    const struct sync_options *o = &ss->engine->o;
    enum shop_auth auth = SHOP_BASIC;
    (void)shop_auth_from(st->auth, &auth);
    return (struct shop_config){
        .name = st->name,
        .url = st->url,
        .home = st->caps.home,
        .key = key,
        .secret = secret,
        .ca = st->ca,
        .auth = auth,
        .route = strcmp(st->rest, "route") == 0,
        .ceiling = o->ceiling,
        .ceiling_first = o->ceiling_first,
        .total_ms = (int64_t)o->timeout_s * 1000,
        .clock_offset_ms = st->caps.clock_offset_ms,
    };
}

static void connect_shop(struct store_sync *ss) {
    struct sync *s = ss->engine;
    struct arena *a CLEANUP(arena_freep) = arena_new(4096);
    const char *key = NULL, *secret = NULL;
    int r = s->o.open_keys(s->o.open_keys_self, &ss->store, a, &key, &secret);
    if (r < 0) {
        store_sync_state(
            ss, ERR_SHOP_AUTH,
            "the keys of this store cannot be opened: enter them again");
        return;
    }
    struct shop_config c = shop_config_of(ss, key, secret);
    if (ss->shop)
        shop_configure(ss->shop, &c);
    else
        ss->shop = shop_new(s->hub, &c);
    mem_wipe((char *)(uintptr_t)secret, strlen(secret));
}

/* Many stores at once are more than the queue of reads holds, and a full disk
 * passes: what could not be read is read again soon. */
static void loaded(int status, void *arg) {
    struct load *l = arg;
    struct store_sync *ss = l->ss;
    ss->jobs--;
    ss->load_ms = 0;
    if (status >= 0 && l->found > 0) {
        store_done(&ss->store);
        ss->store = l->store;
        memcpy(ss->cp, l->cp, sizeof ss->cp);
        memcpy(ss->open_slugs, l->open_slugs, sizeof ss->open_slugs);
        for (int k = 0; k < SWEEPS; k++)
            ss->sweeps[k].place = l->places[k];
        ss->loaded = true;
        sweep_loaded(ss);
        ss->gone = ss->store.removed;
        ss->fresh_ms = ss->cp[SYNC_ORDERS].success_ms;
        if (!ss->gone)
            connect_shop(ss);
    } else {
        if (status != ERR_BUSY)
            log_error("sync.load", "store %lld cannot be read: %s",
                      (long long)ss->store.id, err_name(status));
        ss->gone = status >= 0;
        ss->reload = true;
        ss->load_ms = store_sync_mono(ss) + LOAD_AGAIN_MS;
    }
    free(l);
    store_sync_changed(ss);
    store_sync_tick(ss);
}

void store_sync_load(struct store_sync *ss) {
    if (!store_sync_idle(ss)) {
        ss->reload = true;
        return;
    }
    ss->reload = false;
    struct load *l = NEW(struct load);
    l->ss = ss;
    ss->jobs++;
    if (db_read(ss->engine->o.db, DB_SYNC, load_job, loaded, l) < 0)
        loaded(ERR_BUSY, l);
}
