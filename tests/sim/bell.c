#include "tests/sim/bell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "db/db.h"
#include "model/wake.h"
#include "sync/sync.h"
#include "tests/sim/door.h"
#include "tests/sim/life.h"
#include "tests/sim/sim.h"

struct ring {
    struct sim *sim;
    struct life *life; /* that took it */
    enum mirror_kind kind;
    int64_t id;
};

/* The topics the daemon registers; others go nowhere. */
static const struct {
    const char *topic;
    enum mirror_kind kind;
} topics[] = {
    {"order.", MIRROR_ORDER},
    {"product.", MIRROR_PRODUCT},
    {"customer.", MIRROR_CUSTOMER},
    {"action.woocommerce_delete_order", MIRROR_ORDER},
    {"action.woocommerce_delete_product", MIRROR_PRODUCT},
    {"action.woocommerce_delete_product_variation", MIRROR_PRODUCT},
    {"action.woocommerce_order_note_added", MIRROR_NOTE},
};

static int topic_find(const char *topic) {
    for (int i = 0; i < (int)(sizeof topics / sizeof *topics); i++) {
        size_t n = strlen(topics[i].topic);
        if (topics[i].topic[n - 1] == '.'
                ? strncmp(topic, topics[i].topic, n) == 0
                : strcmp(topic, topics[i].topic) == 0)
            return i;
    }
    return -1;
}

/* -- at the daemon --------------------------------------------------------- */

static int wake_job(struct db_tx *tx, void *arg) {
    const struct ring *r = arg;
    return wake_put(tx, r->life->store, r->kind, r->id);
}

static void woken(int status, void *arg) {
    struct ring *r = arg;
    if (status >= 0 && !r->life->dead)
        sync_wake(r->life->sync, r->life->store);
    free(r);
}

static void arrive(void *arg) {
    struct ring *r = arg;
    r->life = r->sim->life;
    if (!r->life) { /* the history is over */
        free(r);
        return;
    }
    sim_note(r->sim, "  bell %s %" PRId64, mirror_kind_name(r->kind), r->id);
    if (db_write(r->life->db, DB_INTERACTIVE, wake_job, woken, r) < 0)
        free(r);
}

/* -- at the shop ------------------------------------------------------------
 */

static void post(struct sim *s, enum mirror_kind kind, int64_t id,
                 int64_t wait_ms) {
    struct ring *r = NEW(struct ring);
    *r = (struct ring){.sim = s, .kind = kind, .id = id};
    (void)agenda_add(&s->agenda, NULL, wait_ms, arrive, r);
}

void bell_ring(struct sim *s, enum mirror_kind kind, int64_t id) {
    post(s, kind, id, 0);
}

static void on_told(void *arg, const char *topic, int64_t id) {
    struct sim *s = arg;
    int i = topic_find(topic);
    if (i < 0 || chance_hit(&s->keeper, s->style.bell_lost))
        return;
    int n = chance_hit(&s->keeper, 500) ? 2 : 1;
    while (n--)
        post(s, topics[i].kind, id, chance_of(&s->keeper, 0, s->style.bell_ms));
}

void bell_begin(struct sim *s) {
    if (s->style.bell_ms)
        door_listen(s, on_told);
}
