/* Happy path: each store is asked for its statuses; those all of them have are
 * offered; one order is changed at once, several are shown first.
 * Failure modes: a store does not answer (its sentence in place of the list),
 * no status is known to all (said so), the order moved since it was seen (what
 * was seen goes along: the daemon makes it a conflict). */
#include "tui/order_status.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/bulk.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/pick.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { STATUSES_MAX = 60, STORES_MAX = 128, PHASES = 5 };

struct task {
    struct app *app;
    struct pick *pick;
    struct order_set *set;
    bool untrash;
    char stores[STORES_MAX][33];
    int n_stores, answered;
    struct {
        char slug[64], name[80], phase[16];
        int stores; /* how many have it */
    } statuses[STATUSES_MAX];
    int n;
};

static void drop(void *arg) {
    struct task *t = arg;
    order_set_free(t->set);
    free(t);
}

/* --- sending ------------------------------------------------------------ */

static void send_one(struct app *a, const struct task *t, const char *status) {
    const struct order_seen *o = &t->set->rows[0];
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", o->ref);
    jsonw_kstring(&w, "status", status);
    if (!t->untrash) {
        jsonw_key(&w, "base");
        jsonw_begin_object(&w);
        jsonw_kstring(&w, "status", o->status);
        jsonw_end_object(&w);
    }
    jsonw_end_object(&w);
    app_write(a, t->untrash ? "orders.untrash" : "orders.update",
              buf_str(&params), o->ref);
}

static void show_many(struct app *a, const struct task *t, const char *status) {
    static const struct bulk_act update = {.method = "orders.update",
                                           .param = "ref",
                                           .base = "status",
                                           .title = TEXT_SCREEN_STATUS,
                                           .question = TEXT_BULK_STATUS,
                                           .word = -1,
                                           .preview = "status"};
    static const struct bulk_act untrash = {.method = "orders.untrash",
                                            .param = "ref",
                                            .title = TEXT_SCREEN_UNTRASH,
                                            .question = TEXT_BULK_UNTRASH,
                                            .word = -1,
                                            .preview = "untrash"};
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, "status", status);
    AUTO_FREE char *more = mem_dupn(params.data + 1, params.len - 2);
    order_set_bulk(a, t->set, t->untrash ? &untrash : &update, status, more);
}

static void picked(struct app *a, void *arg, const char *status) {
    const struct task *t = arg;
    if (t->set->n == 1) {
        send_one(a, t, status);
    } else {
        show_many(a, t, status);
    }
}

/* --- what there is to pick ---------------------------------------------- */

static void count_status(struct task *t, const struct json *v) {
    const char *slug = model_str(v, "slug");
    int i = 0;
    while (i < t->n && !str_eq(t->statuses[i].slug, slug)) {
        i++;
    }
    /* refunded is what a refund makes of an order: the daemon refuses it */
    if (i == t->n &&
        (i == STATUSES_MAX || !*slug || str_eq(slug, "refunded"))) {
        return;
    }
    if (i == t->n) {
        t->n++;
        model_text(t->statuses[i].slug, sizeof t->statuses[i].slug, v, "slug");
        model_text(t->statuses[i].name, sizeof t->statuses[i].name, v, "name");
        model_text(t->statuses[i].phase, sizeof t->statuses[i].phase, v,
                   "phase");
    }
    t->statuses[i].stores++;
}

/* Place of a phase in an order's life. */
static int step(const char *phase) {
    static const char *const phases[] = {"unpaid", "todo", "held", "done",
                                         "dead"};
    int i = 0;
    while (i < PHASES && !str_eq(phases[i], phase)) {
        i++;
    }
    return i;
}

static void offer_one(struct task *t, int i) {
    AUTO_BUF struct buf line = BUF_INIT;
    pad(&line, t->statuses[i].slug, 16);
    buf_addc(&line, ' ');
    pad(&line, tr_word("phase", t->statuses[i].phase), 12);
    buf_addf(&line, " %s", t->statuses[i].name);
    pick_add(t->pick, t->statuses[i].slug, buf_str(&line));
}

/* As an order goes through them; what is unknown comes last. */
static void offer(struct task *t) {
    int offered = 0;
    for (int phase = 0; phase <= PHASES; phase++) {
        for (int i = 0; i < t->n; i++) {
            if (t->statuses[i].stores == t->n_stores &&
                step(t->statuses[i].phase) == phase) {
                offer_one(t, i);
                offered++;
            }
        }
    }
    if (offered == 0) {
        pick_say(t->pick, T(UI_NO_COMMON_STATUS));
    } else if (t->set->n == 1) {
        pick_select(t->pick, t->set->rows[0].status);
    }
    pick_ready(t->pick); /* may end the task */
}

static void on_statuses(void *arg, const struct link_reply *r) {
    struct task *t = arg;
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        pick_say(t->pick, why);
        return;
    }
    const struct json *i = json_first(json_get(r->result, "items"));
    for (; i; i = json_next(i)) {
        count_status(t, i);
    }
    t->answered++;
    if (t->answered == t->n_stores) {
        offer(t);
    }
}

static void add_store(struct task *t, const char *ref) {
    char name[33];
    size_t n = strcspn(ref, ":");
    (void)str_format(name, sizeof name, "%.*s", (int)(n < 32 ? n : 32), ref);
    for (int i = 0; i < t->n_stores; i++) {
        if (str_eq(t->stores[i], name)) {
            return;
        }
    }
    if (t->n_stores < STORES_MAX) {
        (void)str_copy(t->stores[t->n_stores++], sizeof name, name);
    }
}

static void question(const struct task *t, struct buf *out) {
    char n[32];
    AUTO_BUF struct buf stores = BUF_INIT;
    if (t->set->n == 1) {
        buf_addf(out, "%s: %s", t->set->rows[0].ref, t->set->rows[0].status);
        return;
    }
    TF(&stores, BULK_SHOPS, "n", progress_count(n, t->n_stores));
    TF(out, BULK_COUNT, "n", progress_count(n, t->set->n), "stores",
       buf_str(&stores));
}

void order_status_pick(struct app *a, struct order_set *s, bool untrash) {
    struct task *t = NEW(struct task);
    AUTO_BUF struct buf ask = BUF_INIT;
    t->app = a;
    t->set = s;
    t->untrash = untrash;
    for (int i = 0; i < s->n; i++) {
        add_store(t, s->rows[i].ref);
    }
    question(t, &ask);
    struct pick *p =
        pick_open(a, T(SCREEN_STATUS), buf_str(&ask), picked, drop, t);
    if (!p) {
        return; /* the task went with it */
    }
    t->pick = p;
    for (int i = 0; i < t->n_stores; i++) {
        AUTO_BUF struct buf params = BUF_INIT;
        view_param(&params, "store", t->stores[i]);
        int err = link_ask(app_link(a), "stores.statuses", buf_str(&params),
                           on_statuses, t);
        if (err < 0) {
            pick_say(t->pick, text_error(tr_lang, err));
        }
    }
}
