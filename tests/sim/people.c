#include "tests/sim/people.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/change.h"
#include "model/change_row.h"
#include "model/feed.h"
#include "sync/sync.h"
#include "tests/sim/door.h"
#include "tests/sim/life.h"
#include "tests/sim/oracle.h"
#include "tests/sim/sim.h"
#include "tests/sim/wire.h"

enum { PATHS = 3, TEXT = 200, TRIES = 50, RESUME_MS = 180000 };

enum verb {
    VERB_CREATE,
    VERB_APPROVE,
    VERB_RETRY,
    VERB_EDIT,
    VERB_DISCARD,
    VERB_RESOLVE,
    VERB_RESUME,
};

/* One call of a method, with its request id: repeated until it was heard. */
struct command {
    struct sim *sim;
    struct life *life; /* that works on it */
    enum verb verb;
    char request[24];
    char uuid[27]; /* of the change it is about; of a creation: the answer */
    enum change_choice choice;
    struct change_new n;
    struct change_path paths[PATHS];
    char path[PATHS][TEXT], wanted[PATHS][TEXT], payload[TEXT];
    bool again; /* sent once more though it was heard */
    int tries;
};

/* -- at the daemon --------------------------------------------------------- */

static int do_create(struct command *c, struct db_tx *tx, struct arena *a) {
    struct change made;
    struct error e;
    uint8_t random[10];
    chance_bytes(&c->sim->entropy, random, sizeof random);
    c->n.random = random;
    c->n.store_id = c->life->store;
    c->n.paths = c->paths;
    int rc = change_create(tx, &c->n, a, &made, &e);
    if (rc >= 0)
        memcpy(c->uuid, made.uuid, sizeof c->uuid);
    return rc;
}

static int do_act(struct command *c, struct db_tx *tx, struct arena *a) {
    struct change ch;
    struct error e;
    if (c->verb == VERB_RESUME)
        return change_resume(tx);
    int rc = change_get(tx, c->uuid, a, &ch);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    switch (c->verb) {
    case VERB_APPROVE:
        return change_approve(tx, &ch, "boss", &e);
    case VERB_RETRY:
        return change_retry(tx, &ch, &e);
    case VERB_EDIT:
        return change_edit(tx, &ch, "ann", c->paths, c->n.n_paths, NULL, &e);
    case VERB_DISCARD:
        return change_discard(tx, &ch, &e);
    default:
        return change_resolve(tx, &ch, c->choice, &e);
    }
}

/* As a method does it: what was done under this request is not done again. */
static int command_job(struct db_tx *tx, void *arg) {
    struct command *c = arg;
    static const uint8_t params[DIGEST_SHA256];
    struct arena *a = arena_new(0);
    const char *then = NULL;
    int rc = request_find(tx, "ann", c->request, "sim", params, a, &then);
    if (rc > 0)
        (void)str_copy(c->uuid, sizeof c->uuid, then);
    if (rc == 0)
        rc = c->verb == VERB_CREATE ? do_create(c, tx, a) : do_act(c, tx, a);
    if (rc >= 0 && !then)
        rc = request_store(tx, "ann", c->request, "sim", params, c->uuid);
    arena_free(a);
    return rc;
}

static void submit(void *arg);

/* The client did not hear, or asks once more to be sure. */
static void submit_later(struct command *c) {
    int64_t wait = chance_of(&c->sim->people, 1, 5000);
    (void)agenda_add(&c->sim->agenda, NULL, wait, submit, c);
}

static void heard(struct command *c, int status) {
    static const char *const verbs[] = {"creates", "approves", "retries",
                                        "edits",   "discards", "resolves",
                                        "resumes"};
    sim_note(c->sim, "people: %s %s %s %s%s%s -> %s", c->request,
             verbs[c->verb], c->uuid,
             c->verb == VERB_CREATE ? change_act_name(c->n.act) : "",
             c->n.n_paths ? " " : "", c->n.n_paths ? c->path[0] : "",
             status < 0 ? err_name(status) : "ok");
    if (status < 0)
        return;
    if (c->verb == VERB_CREATE)
        oracle_deed(c->sim, c->uuid)->acked = true;
    sync_push(c->life->sync, c->life->store);
}

static void command_done(int status, void *arg) {
    struct command *c = arg;
    bool deaf = c->life->dead;
    if (!deaf)
        heard(c, status);
    bool more =
        deaf || (status >= 0 && !c->again && chance_hit(&c->sim->people, 500));
    c->again = !deaf;
    if (more && c->tries++ < TRIES && !c->sim->failed)
        submit_later(c);
    else
        free(c);
}

static void submit(void *arg) {
    struct command *c = arg;
    c->life = c->sim->life; /* NULL: the history is over */
    if (!c->life ||
        db_write(c->life->db, DB_INTERACTIVE, command_job, command_done, c) < 0)
        free(c);
}

/* -- what people want -------------------------------------------------------
 */

static struct command *command_new(struct sim *s, enum verb verb) {
    struct command *c = NEW(struct command);
    c->sim = s;
    c->verb = verb;
    c->n.author = "ann";
    (void)snprintf(c->request, sizeof c->request, "r%" PRId64,
                   ++s->counts.commands);
    return c;
}

static void want(struct command *c, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void want(struct command *c, const char *path, const char *fmt, ...) {
    size_t i = c->n.n_paths;
    va_list ap;
    for (size_t k = 0; k < i; k++)
        if (str_eq(c->path[k], path))
            return;
    va_start(ap, fmt);
    (void)vsnprintf(c->wanted[i], TEXT, fmt, ap);
    va_end(ap);
    (void)str_copy(c->path[i], TEXT, path);
    c->paths[i] =
        (struct change_path){.path = c->path[i], .wanted = c->wanted[i]};
    c->n.n_paths++;
}

static void say(struct command *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct command *c, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(c->payload, sizeof c->payload, fmt, ap);
    va_end(ap);
    c->n.payload = c->payload;
}

static void about(struct command *c, enum mirror_kind kind, const char *rows,
                  enum change_act act) {
    c->n.kind = kind;
    c->n.act = act;
    c->n.remote_id = door_any(c->sim, rows, &c->sim->people);
}

static void set_order(struct command *c) {
    static const char *const statuses[] = {"processing", "completed", "on-hold",
                                           "cancelled"};
    struct chance *d = &c->sim->people;
    about(c, MIRROR_ORDER, "orders", CHANGE_SET);
    int n = (int)chance_of(d, 1, PATHS);
    while (n--)
        switch (chance_of(d, 0, 3)) {
        case 0:
            want(c, "status", "\"%s\"", CHANCE_PICK(d, statuses));
            break;
        case 1:
            want(c, "billing.first_name", "\"Ann %d\"",
                 (int)chance_of(d, 1, 9));
            break;
        case 2:
            want(c, "customer_note", "\"Note %d\"", (int)chance_of(d, 1, 9));
            break;
        default:
            want(c, "meta[gift]", "\"%d\"", (int)chance_of(d, 1, 9));
        }
}

static void set_product(struct command *c) {
    struct chance *d = &c->sim->people;
    about(c, MIRROR_PRODUCT, chance_hit(d, 5000) ? "products" : "variations",
          CHANGE_SET);
    if (chance_hit(d, 5000))
        want(c, "regular_price", "\"%d.90\"", (int)chance_of(d, 1, 99));
    else
        want(c, "name", "\"Tea & Co %d\"", (int)chance_of(d, 1, 9));
}

static void set_person(struct command *c) {
    about(c, MIRROR_CUSTOMER, "customers", CHANGE_SET);
    want(c, "first_name", "\"Kim %d\"", (int)chance_of(&c->sim->people, 1, 9));
}

static void stock(struct command *c) {
    struct chance *d = &c->sim->people;
    int by = (int)chance_of(d, 1, 5);
    about(c, MIRROR_PRODUCT, chance_hit(d, 5000) ? "products" : "variations",
          CHANGE_STOCK);
    want(c, "stock", "%d", chance_hit(d, 5000) ? by : -by);
}

static void note(struct command *c) {
    struct chance *d = &c->sim->people;
    about(c, MIRROR_ORDER, "orders", CHANGE_NOTE);
    if (chance_hit(d, 3000))
        say(c, "{\"text\":\"Packed & sent\",\"customer\":false}");
    else
        say(c, "{\"text\":\"Note %s\",\"customer\":true}", c->request);
}

static void refund(struct command *c) {
    about(c, MIRROR_ORDER, "orders", CHANGE_REFUND);
    say(c,
        "{\"amount\":\"%d.00\",\"reason\":\"sorry\",\"restock\":false,"
        "\"api\":false,\"lines\":[]}",
        (int)chance_of(&c->sim->people, 1, 3));
}

static void tracking(struct command *c) {
    about(c, MIRROR_ORDER, "orders", CHANGE_TRACKING);
    say(c,
        "{\"number\":\"T%s\",\"carrier\":\"ups\",\"url\":\"\",\"items\":[],"
        "\"notify\":false}",
        c->request);
}

static void trash(struct command *c) {
    about(c, MIRROR_ORDER, "orders", CHANGE_TRASH);
}

static void untrash(struct command *c) {
    about(c, MIRROR_ORDER, "orders", CHANGE_UNTRASH);
    want(c, "status", "\"processing\"");
}

static void make(struct command *c) {
    struct chance *d = &c->sim->people;
    c->n.act = CHANGE_CREATE;
    switch (chance_of(d, 0, 3)) {
    case 0:
        c->n.kind = MIRROR_ORDER;
        say(c,
            "{\"status\":\"processing\",\"lines\":[{\"product_id\":%" PRId64
            ",\"quantity\":1}]}",
            door_any(c->sim, "products", d));
        break;
    case 1:
        c->n.kind = MIRROR_PRODUCT;
        say(c, "{\"name\":\"New %s\",\"regular_price\":\"5.00\"}", c->request);
        break;
    case 2:
        c->n.kind = MIRROR_CUSTOMER;
        say(c, "{\"email\":\"%s@example.test\",\"first_name\":\"Neo\"}",
            c->request);
        break;
    default:
        c->n.kind = MIRROR_CATEGORY;
        say(c, "{\"name\":\"New %s\"}", c->request);
    }
}

static void (*const wishes[])(struct command *c) = {
    set_order, set_order, set_order, set_product, set_product, set_person,
    stock,     stock,     note,      note,        refund,      tracking,
    trash,     untrash,   make,      make,
};

/* -- what people decide ------------------------------------------------------
 */

/* One that knows the shop says what is true. */
static void resolve(struct command *c, const struct change *ch) {
    c->verb = VERB_RESOLVE;
    if (ch->state == CHANGE_CONFLICT)
        c->choice =
            chance_hit(&c->sim->people, 5000) ? CHANGE_MINE : CHANGE_THEIRS;
    else
        c->choice = oracle_deed(c->sim, ch->uuid)->done > 0 ? CHANGE_HAPPENED
                                                            : CHANGE_AGAIN;
}

static bool decide(struct command *c, const struct change *ch) {
    struct chance *d = &c->sim->people;
    bool odd = chance_hit(d, 1000);
    memcpy(c->uuid, ch->uuid, sizeof c->uuid);
    switch (ch->state) {
    case CHANGE_AWAITING:
        c->verb = odd ? VERB_DISCARD : VERB_APPROVE;
        return true;
    case CHANGE_CONFLICT:
        resolve(c, ch);
        return true;
    case CHANGE_REFUSED:
        c->verb = odd ? VERB_RETRY : VERB_DISCARD;
        return true;
    case CHANGE_UNKNOWN:
        if (ch->ambiguous)
            resolve(c, ch);
        else
            c->verb = VERB_RETRY;
        /* who knows the shop waits for what is still to come */
        return ch->ambiguous ? !wire_carries(c->sim, ch->uuid) : odd;
    case CHANGE_QUEUED:
        c->verb = chance_hit(d, 3000) ? VERB_DISCARD : VERB_RETRY;
        return odd;
    default:
        return false;
    }
}

struct survey {
    struct sim *sim;
    bool all;
    int asked;
};

static int survey_job(struct db_tx *tx, void *arg) {
    enum { MAX = 1024 };
    struct survey *v = arg;
    static int64_t ids[MAX];
    struct arena *a = arena_new(0);
    size_t n =
        oracle_ids(tx, "state NOT IN ('confirmed', 'discarded')", ids, MAX);
    for (size_t i = 0; i < n; i++) {
        struct change ch;
        if (!v->all && !chance_hit(&v->sim->people, 3000))
            continue;
        if (change_row_get(tx, ids[i], a, &ch) <= 0)
            continue;
        struct command *c = command_new(v->sim, VERB_RETRY);
        if (decide(c, &ch)) {
            v->asked++;
            submit_later(c);
        } else {
            free(c);
        }
    }
    arena_free(a);
    return 0;
}

void people_decide(struct sim *s) {
    struct survey v = {.sim = s, .all = s->quiet};
    bool held =
        life_number(s->life, "SELECT value FROM meta WHERE key = 'held'") > 0;
    /* what had left before the restore has landed by now */
    if (held && s->agenda.now - s->restored_at > RESUME_MS)
        submit_later(command_new(s, VERB_RESUME));
    else if (!held)
        (void)life_job(s->life, survey_job, &v);
}

/* -- time --------------------------------------------------------------------
 */

static void work(void *arg) {
    struct sim *s = arg;
    if (s->quiet)
        return;
    if (chance_hit(&s->people, 2500)) {
        people_decide(s);
    } else {
        struct command *c = command_new(s, VERB_CREATE);
        CHANCE_PICK(&s->people, wishes)(c);
        c->n.awaiting = chance_hit(&s->people, 1500);
        if (c->n.remote_id || c->n.act == CHANGE_CREATE)
            submit(c);
        else
            free(c);
    }
    int64_t wait = chance_of(&s->people, 0, 2 * s->style.people_ms);
    (void)agenda_add(&s->agenda, NULL, wait, work, s);
}

void people_begin(struct sim *s) {
    if (s->style.people_ms)
        (void)agenda_add(&s->agenda, NULL, 0, work, s);
}
