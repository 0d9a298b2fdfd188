/* Happy path: db_on_feed says rows were committed; one reader job reads what
 * is newer than `seq` and renders each event once; on the loop every
 * subscriber gets those newer than its own number. While more is there, again.
 * Failure modes: a failed read is logged and tried with the next commit; rows
 * trimmed away under us are a `resync` for all; a full queue marks the
 * subscriber lost until it drained. */
#include "rpc/subscriptions.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/jsonw.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/rpcmsg.h"
#include "common/str.h"
#include "db/db.h"
#include "model/feed.h"
#include "model/store.h"
#include "rpc/conn.h"
#include "rpc/job.h"
#include "rpc/person.h"
#include "rpc/progress.h"
#include "sync/sync.h"

enum {
    BATCH = 256, /* events a read */
    /* Unsent bytes: lost from here on. Some two thousand events: more than a
     * screen that redraws leaves lying, little enough for 256 clients. */
    SUB_QUEUE_MAX = 256 * 1024,
    SYNC_TELL_MS = 200, /* people see no more than five changes a second */
    FEED_CHUNK = 32 * 1024,
};

struct rpc_sub {
    int64_t seq; /* told up to here */
    uint64_t topics;
    int64_t *stores; /* NULL: all */
    size_t n_stores;
    bool lost; /* something was left out: resync once drained */
};

/* A store whose progress waits to be told. */
struct due {
    int64_t store_id, told_ms;
    bool waits;
};

struct event {
    int64_t seq, store_id;
    int topic;    /* enum rpc_topic */
    bool inner;   /* not for owners, not even that it happened */
    char *params; /* behind "seq":N, ... in the arena */
};

struct rpc_feed {
    struct rpc *rpc;
    int64_t seq; /* read up to here */
    int subs;
    bool reading; /* a job is on its way */
    bool again;   /* rows came meanwhile */
    bool ended;
    int64_t rewind;      /* a subscriber begins here, before `seq`; INT64_MAX */
    int64_t from;        /* of the running job */
    int64_t last;        /* newest there is, when lost */
    struct arena *arena; /* of the running job */
    struct event events[BATCH];
    size_t n;
    bool lost;
    struct due *due;
    size_t n_due;
    struct env_timer *tell;
};

static void on_feed(void *arg);

struct rpc_feed *feed_new(struct rpc *r) {
    struct rpc_feed *f = NEW(struct rpc_feed);
    f->rpc = r;
    f->rewind = INT64_MAX;
    db_on_feed(r->o.db, on_feed, f);
    return f;
}

void feed_free(struct rpc_feed *f) {
    if (f->tell)
        f->rpc->o.env->cancel(f->rpc->o.env->self, f->tell);
    REQUIRE(!f->reading);
    free(f->due);
    free(f);
}

/* --- telling ----------------------------------------------------------- */

/* May they know of it? What is of no store is for who sees all of them, the
 * warehouse's own work and its people for who works there; that the daemon
 * stops, or that something was left out, is for everybody. */
static bool may_hear(const struct rpc_conn *c, int topic, int64_t store_id) {
    const struct person *who = c->session.who;
    bool house = topic == RPC_TOPIC_INVENTORY || topic == RPC_TOPIC_PEOPLE;
    bool works = house && who->role == RPC_ROLE_STAFF;
    return topic == RPC_TOPIC_SYSTEM ||
           (store_id ? db_scope_has(&who->scope, store_id)
                     : who->scope.all || works);
}

static bool hears(const struct rpc_conn *c, int topic, int64_t store_id) {
    const struct rpc_sub *s = c->sub;
    if (!(s->topics & (1ull << topic)) || !may_hear(c, topic, store_id))
        return false;
    for (size_t i = 0; store_id && i < s->n_stores; i++) {
        if (s->stores[i] == store_id)
            return true;
    }
    return !store_id || s->n_stores == 0;
}

bool feed_heard(const struct rpc *r, enum rpc_topic topic) {
    for (const struct rpc_conn *c = r->conns; c; c = c->next) {
        if (c->sub && c->sub->topics & (1ull << topic))
            return true;
    }
    return false;
}

/* params = what follows the number, as in `"topic":"order"`. */
static void send_event(struct rpc_conn *c, int64_t seq, const char *params) {
    struct buf line = BUF_INIT;
    if (c->sub->lost || c->queued > SUB_QUEUE_MAX) {
        c->sub->lost = true;
        return;
    }
    buf_addf(&line,
             "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
             "\"seq\":%lld,%s}}",
             (long long)seq, params);
    client_send(c, &line);
}

static const char resync[] = "\"topic\":\"system\",\"data\":{\"what\":"
                             "\"resync\"}";

void sub_drained(struct rpc_conn *c) {
    if (!c->sub || !c->sub->lost)
        return;
    c->sub->lost = false;
    send_event(c, c->sub->seq, resync);
}

static void tell_all(struct rpc *r, int topic, int64_t store_id,
                     const char *params) {
    for (struct rpc_conn *c = r->conns; c; c = c->next) {
        if (c->sub && hears(c, topic, store_id))
            send_event(c, c->sub->seq, params);
    }
}

void feed_tell(struct rpc *r, enum rpc_topic topic, int64_t store_id,
               const char *store, const char *data) {
    static const char *const names[] = {
        [RPC_TOPIC_STORE] = "store",         [RPC_TOPIC_SYNC] = "sync",
        [RPC_TOPIC_ATTENTION] = "attention", [RPC_TOPIC_SYSTEM] = "system",
        [RPC_TOPIC_CHANGE] = "change",       [RPC_TOPIC_APPROVAL] = "approval",
        [RPC_TOPIC_PEOPLE] = "people",
    };
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "\"topic\":\"%s\"", names[topic]);
    if (store) /* a store's name needs no escaping */
        buf_addf(&b, ",\"store\":\"%s\"", store);
    buf_addf(&b, ",\"data\":%s", data);
    tell_all(r, (int)topic, store_id, buf_str(&b));
}

void feed_tell_job(const struct rpc_job *job, const char *data) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "\"topic\":\"job\",\"data\":%s", data);
    for (struct rpc_conn *c = job->rpc->conns; c; c = c->next) {
        if (c->sub && c->sub->topics & (1ull << RPC_TOPIC_JOB) &&
            job_visible(job, c->session.who))
            send_event(c, c->sub->seq, buf_str(&b));
    }
}

void feed_shutdown(struct rpc_feed *f) {
    f->ended = true;
    feed_tell(f->rpc, RPC_TOPIC_SYSTEM, 0, NULL, "{\"what\":\"shutdown\"}");
}

/* --- stored events ----------------------------------------------------- */

static int topic_of(const char *name) {
    static const char *const names[] = {
        "order",    "product",   "customer", "store",  "job",
        "sync",     "attention", "system",   "change", "inventory",
        "approval", "return",    "mail",     "ticket", "people"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return (int)i;
    }
    return -1;
}

/* Names of the stores met in one read. */
struct names {
    int64_t id;
    struct store store;
    int found;
};

static int name_of(struct db_tx *tx, struct names *n, int64_t id) {
    if (n->id == id)
        return n->found;
    store_done(&n->store);
    n->store = (struct store){0};
    n->found = store_by_id(tx, id, &n->store);
    n->id = id;
    return n->found;
}

/* Refunds and notes tell of their order; categories of products. */
static void add_ref(struct buf *b, const char *store, int topic, int64_t id) {
    const char *space = topic == RPC_TOPIC_CUSTOMER ? "customer/" : "";
    buf_addf(b, ",\"ref\":\"%s:%s%lld\"", store, space, (long long)id);
}

static int render(struct db_tx *tx, struct rpc_feed *f, struct names *names,
                  const struct feed_event *from, struct event *ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    bool inner = strcmp(from->topic, "ticket_note") == 0;
    const char *name = inner ? "ticket" : from->topic;
    int topic = topic_of(name);
    int rc = from->store_id ? name_of(tx, names, from->store_id) : 0;
    if (rc < 0)
        return rc;
    *ret = (struct event){.seq = from->seq,
                          .store_id = from->store_id,
                          .topic = topic,
                          .inner = inner};
    buf_addf(&b, "\"topic\":\"%s\"", name);
    if (rc > 0) {
        buf_addf(&b, ",\"store\":\"%s\"", names->store.name);
        if (from->remote_id &&
            (topic <= RPC_TOPIC_CUSTOMER || topic == RPC_TOPIC_INVENTORY))
            add_ref(&b, names->store.name, topic, from->remote_id);
    }
    if (from->data[0])
        buf_addf(&b, ",\"data\":%s", from->data);
    ret->params = arena_dupn(f->arena, b.data, b.len);
    return 0;
}

static int job_read(struct db_tx *tx, void *arg) {
    struct rpc_feed *f = arg;
    struct feed_event rows[BATCH];
    struct names names = {0};
    size_t n;
    int rc = feed_since(tx, f->from, f->arena, rows, BATCH, &n, &f->lost);
    f->n = 0;
    if (rc >= 0 && f->lost)
        rc = feed_last(tx, &f->last);
    for (size_t i = 0; rc >= 0 && !f->lost && i < n; i++)
        rc = render(tx, f, &names, &rows[i], &f->events[f->n++]);
    store_done(&names.store);
    return rc;
}

static void give(struct rpc_feed *f, struct rpc_conn *c) {
    for (size_t i = 0; i < f->n && c->sub; i++) {
        const struct event *e = &f->events[i];
        if (e->seq <= c->sub->seq)
            continue;
        c->sub->seq = e->seq;
        bool owner = c->session.who->role == RPC_ROLE_OWNER;
        if (e->topic >= 0 && hears(c, e->topic, e->store_id) &&
            !(e->inner && owner))
            send_event(c, e->seq, e->params);
    }
    if (f->lost && c->sub && c->sub->seq < f->last) {
        c->sub->seq = f->last;
        send_event(c, f->last, resync);
    }
}

static void read_more(struct rpc_feed *f);

/* Where the next read begins. */
static void advance(struct rpc_feed *f) {
    if (f->n > 0)
        f->seq = f->events[f->n - 1].seq;
    else if (f->lost)
        f->seq = f->last;
    if (f->rewind < f->seq) {
        f->seq = f->rewind;
        f->again = true;
    }
    f->rewind = INT64_MAX;
}

static void job_done(int status, void *arg) {
    struct rpc_feed *f = arg;
    f->reading = f->rpc->feed_busy = false;
    if (status < 0) {
        log_error("rpc.feed", "events cannot be read: %s", err_name(status));
        f->n = 0;
        f->lost = false;
    }
    advance(f);
    for (struct rpc_conn *c = f->rpc->conns; status >= 0 && c; c = c->next) {
        if (c->sub)
            give(f, c);
    }
    bool more = f->n == BATCH || f->again;
    arena_free(f->arena);
    f->arena = NULL;
    f->n = 0;
    f->again = f->lost = false;
    if (more)
        read_more(f);
    rpc_maybe_stopped(f->rpc);
}

static void read_more(struct rpc_feed *f) {
    if (f->subs == 0 || f->ended)
        return;
    if (f->reading) {
        f->again = true;
        return;
    }
    f->arena = arena_new(FEED_CHUNK);
    f->from = f->seq;
    f->reading = f->rpc->feed_busy = true;
    if (db_read(f->rpc->o.db, DB_INTERACTIVE, job_read, job_done, f) < 0) {
        /* Too busy: the next commit asks again. */
        f->reading = f->rpc->feed_busy = false;
        arena_free(f->arena);
        f->arena = NULL;
    }
}

static void on_feed(void *arg) {
    read_more(arg);
}

/* --- subscribers ------------------------------------------------------- */

static void count_subs(struct rpc_feed *f, int by) {
    bool before = f->subs > 0;
    f->subs += by;
    if (f->rpc->sync && before != (f->subs > 0))
        sync_attention(f->rpc->sync, f->subs > 0);
}

void sub_put(struct rpc_conn *c, int64_t seq, uint64_t topics,
             const int64_t *stores, size_t n) {
    struct rpc_feed *f = c->rpc->feed;
    sub_remove(c);
    struct rpc_sub *s = NEW(struct rpc_sub);
    *s = (struct rpc_sub){.seq = seq, .topics = topics, .n_stores = n};
    if (n > 0) {
        s->stores = mem_alloc(n * sizeof *stores);
        memcpy(s->stores, stores, n * sizeof *stores);
    }
    c->sub = s;
    /* What was committed since its snapshot may be behind our place; the
     * others skip what they have by their own number. */
    if (f->reading)
        f->rewind = seq < f->rewind ? seq : f->rewind;
    else if (f->subs == 0 || seq < f->seq)
        f->seq = seq;
    count_subs(f, 1);
    read_more(f);
}

void sub_remove(struct rpc_conn *c) {
    if (!c->sub)
        return;
    free(c->sub->stores);
    free(c->sub);
    c->sub = NULL;
    count_subs(c->rpc->feed, -1);
}

void sub_end(struct rpc_conn *c) {
    if (c->sub)
        send_event(c, c->sub->seq,
                   "\"topic\":\"system\",\"data\":{\"what\":"
                   "\"signed_out\"}");
    sub_remove(c);
}

/* --- a store's progress ------------------------------------------------ */

static struct due *due_of(struct rpc_feed *f, int64_t store_id) {
    for (size_t i = 0; i < f->n_due; i++) {
        if (f->due[i].store_id == store_id)
            return &f->due[i];
    }
    f->due = mem_resize(f->due, f->n_due + 1, sizeof *f->due);
    f->due[f->n_due] =
        (struct due){.store_id = store_id, .told_ms = -SYNC_TELL_MS};
    return &f->due[f->n_due++];
}

static void tell_progress(struct rpc_feed *f, struct due *d) {
    AUTO_BUF struct buf data = BUF_INIT;
    char name[33];
    d->waits = false;
    d->told_ms = env_mono(f->rpc->o.env);
    if (progress_event(f->rpc, d->store_id, name, &data))
        feed_tell(f->rpc, RPC_TOPIC_SYNC, d->store_id, name, data.data);
}

static void on_tell(void *arg) {
    struct rpc_feed *f = arg;
    f->tell = NULL;
    for (size_t i = 0; i < f->n_due; i++) {
        if (f->due[i].waits)
            tell_progress(f, &f->due[i]);
    }
}

void rpc_sync_changed(struct rpc *r, int64_t store_id) {
    struct rpc_feed *f = r->feed;
    if (f->subs == 0 || f->ended)
        return;
    struct due *d = due_of(f, store_id);
    int64_t since = env_mono(r->o.env) - d->told_ms;
    if (since >= SYNC_TELL_MS && !f->tell) {
        tell_progress(f, d);
        return;
    }
    d->waits = true;
    if (!f->tell)
        f->tell =
            r->o.env->timer(r->o.env->self, SYNC_TELL_MS - since, on_tell, f);
}
