/* One order, read again now: the order, its refunds, its notes, one after
 * another, before everything else that waits for the shop.
 *
 * Failure modes: 404 marks the order gone; any other fault ends the refresh
 * with its class, what was read so far stays applied. */
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "db/db.h"
#include "sync/sync_internal.h"

enum { PART_ORDER, PART_REFUNDS, PART_NOTES, PARTS };

struct refresh {
    struct store_sync *ss;
    int64_t remote_id;
    int part;
    int status;
    struct error error;
    struct mirror_read read;
    void (*done)(int status, const struct error *e, void *arg);
    void *arg;
};

static void ask(struct refresh *r);

static void end(struct refresh *r, int status) {
    struct store_sync *ss = r->ss;
    ss->jobs--;
    ss->woken = true;
    r->done(status, &r->error, r->arg);
    free(r);
    store_sync_tick(ss);
}

static int gone_job(struct db_tx *tx, void *arg) {
    struct refresh *r = arg;
    int s = mirror_mark_gone(tx, &r->read, MIRROR_ORDER, r->remote_id, 2);
    return s == ERR_NOT_FOUND ? 0 : s;
}

static void gone_done(int status, void *arg) {
    struct refresh *r = arg;
    end(r, status < 0 ? status : ERR_SHOP_NOT_FOUND);
}

static void applied(void *arg, const struct intake_result *res) {
    struct refresh *r = arg;
    if (res->status < 0) {
        r->error = res->error;
        end(r, res->status);
    } else if (++r->part == PARTS) {
        end(r, 0);
    } else {
        ask(r);
    }
}

static void answered(void *arg, struct shop_answer *a) {
    static const enum mirror_kind kinds[PARTS] = {MIRROR_ORDER, MIRROR_REFUND,
                                                  MIRROR_NOTE};
    struct refresh *r = arg;
    const struct sync_options *o = &r->ss->engine->o;
    r->read = (struct mirror_read){r->ss->store.id, a->sent_seq, false};
    char opens = r->part == PART_ORDER ? '{' : '[';
    if (a->fault.code == 0 && (a->json.n == 0 || a->json.p[0] != opens)) {
        a->fault.code = ERR_SHOP_NOT_JSON;
        (void)snprintf(a->fault.text, sizeof a->fault.text, "%s",
                       "the shop's answer is not what was asked for");
    }
    if (a->fault.code < 0) {
        (void)error_set(&r->error, a->fault.code, a->fault.hop, "%s",
                        a->fault.text);
        if (a->fault.code != ERR_SHOP_NOT_FOUND || r->part != PART_ORDER ||
            db_write(o->db, DB_INTERACTIVE, gone_job, gone_done, r) < 0)
            end(r, a->fault.code);
        return;
    }
    intake_start(&(struct intake_options){.db = o->db,
                                          .env = o->env,
                                          .read = r->read,
                                          .kind = kinds[r->part],
                                          .parent_id = r->remote_id,
                                          .done = applied,
                                          .arg = r},
                 &a->http->body, a->json);
}

static void ask(struct refresh *r) {
    struct shop_request q;
    char path[REQUEST_PATH];
    if (r->part == PART_ORDER) {
        request_one(&q, COLLECTION_ORDERS, 0, r->remote_id);
    } else if (r->part == PART_NOTES) {
        request_notes(&q, r->remote_id);
    } else {
        (void)snprintf(path, sizeof path, "/wc/v3/orders/%lld/refunds",
                       (long long)r->remote_id);
        request_init(&q, HTTP_GET, path);
        request_param_i64(&q, "per_page", SCAN_SIZE_MAX);
    }
    (void)shop_get(r->ss->shop, SHOP_INTERACTIVE, &q, answered, r);
}

int sync_refresh_order(struct sync *s, int64_t store_id, int64_t remote_id,
                       void (*done)(int status, const struct error *e,
                                    void *arg),
                       void *arg) {
    struct store_sync *ss = store_sync_find(s, store_id);
    if (!ss || ss->gone)
        return ERR_NOT_FOUND;
    if (!ss->shop || s->stopping)
        return ERR_BUSY;
    struct refresh *r = NEW(struct refresh);
    r->ss = ss;
    r->remote_id = remote_id;
    r->done = done;
    r->arg = arg;
    ss->jobs++;
    ask(r);
    return 0;
}
