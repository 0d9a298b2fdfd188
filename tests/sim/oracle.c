#include "tests/sim/oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/change_row.h"
#include "model/change_value.h"
#include "net/http.h"
#include "tests/sim/door.h"
#include "tests/sim/life.h"
#include "tests/sim/sim.h"

enum { LOOK_MS = 150000 /* a write follows its look within that */ };

/* The last GET of one object. */
struct sight {
    char *uri; /* without its query */
    char *json;
    size_t n;
    int64_t at_ms;
};

/* -- deeds ---------------------------------------------------------------- */

struct deed *oracle_deed(struct sim *s, const char *uuid) {
    struct oracle *o = &s->oracle;
    for (size_t i = 0; i < o->n; i++)
        if (str_eq(o->deeds[i].uuid, uuid))
            return &o->deeds[i];
    if (o->n == o->cap) {
        o->cap = o->cap ? 2 * o->cap : 32;
        o->deeds = mem_resize(o->deeds, o->cap, sizeof *o->deeds);
    }
    struct deed *d = &o->deeds[o->n++];
    *d = (struct deed){.born_ms = s->agenda.now};
    (void)str_copy(d->uuid, sizeof d->uuid, uuid);
    return d;
}

static const char *rows_of(const char *uri) {
    return strstr(uri, "/variations/")  ? "variations"
           : strstr(uri, "/notes")      ? "notes"
           : strstr(uri, "/refunds")    ? "refunds"
           : strstr(uri, "/categories") ? "categories"
           : strstr(uri, "/products")   ? "products"
           : strstr(uri, "/customers")  ? "customers"
                                        : "orders";
}

void oracle_applied(struct sim *s, const char *uuid, const char *uri, bool post,
                    int64_t id) {
    if (!*uuid)
        return;
    struct deed *d = oracle_deed(s, uuid);
    /* what was deleted for good cannot be found by anybody */
    if (post && d->made && door_look(s, d->rows, d->made) == DOOR_NONE)
        d->done--;
    d->done++;
    d->made = id;
    d->rows = rows_of(uri);
}

void oracle_restored(struct sim *s, int64_t copied_at_ms) {
    for (size_t i = 0; i < s->oracle.n; i++)
        if (s->oracle.deeds[i].born_ms >= copied_at_ms)
            s->oracle.deeds[i].lost = true;
}

void oracle_done(struct sim *s) {
    struct oracle *o = &s->oracle;
    for (size_t i = 0; i < o->n_sights; i++) {
        free(o->sights[i].uri);
        free(o->sights[i].json);
    }
    free(o->sights);
    free(o->deeds);
    *o = (struct oracle){0};
}

/* -- what was seen -------------------------------------------------------- */

static struct sight *sight_of(struct sim *s, const char *uri) {
    size_t n = strcspn(uri, "?");
    for (size_t i = 0; i < s->oracle.n_sights; i++) {
        struct sight *at = &s->oracle.sights[i];
        if (strlen(at->uri) == n && strncmp(at->uri, uri, n) == 0)
            return at;
    }
    return NULL;
}

void oracle_seen(struct sim *s, const char *uri, const char *json, size_t n) {
    struct oracle *o = &s->oracle;
    struct sight *at = sight_of(s, uri);
    if (!n || json[0] != '{')
        return;
    if (!at) {
        o->sights = mem_resize(o->sights, o->n_sights + 1, sizeof *o->sights);
        at = &o->sights[o->n_sights++];
        *at = (struct sight){.uri = mem_dupn(uri, strcspn(uri, "?"))};
    }
    free(at->json);
    at->json = mem_dupn(json, n);
    at->n = n;
    at->at_ms = s->agenda.now;
}

/* -- what leaves ----------------------------------------------------------- */

struct leaving {
    struct sim *s;
    const struct http_request *r;
    const char *uri;
    char *uuid;
};

/* S3: what the look showed is what the author had seen, or what he wants. */
static void judge_path(struct sim *s, const struct change *c,
                       const struct change_path *p, const struct json *seen,
                       struct arena *a) {
    const char *now = change_value_of(seen, c->kind, p->path, a);
    if (change_value_same(p->path, p->wanted, now, a) ||
        change_value_accepted(p->path, p->base, p->accept, now, a))
        return;
    sim_fail(s,
             "S3: change %s overwrites %s = %s of %s %" PRId64
             ", its author had seen %s",
             c->uuid, p->path, now, mirror_kind_name(c->kind), c->remote_id,
             p->base ? p->base : "nothing");
}

static void judge_set(struct sim *s, const struct change *c, const char *uri,
                      struct arena *a) {
    const struct sight *at = sight_of(s, uri);
    const struct json *seen;
    if (!at || s->agenda.now - at->at_ms > LOOK_MS) {
        sim_fail(s, "S3: change %s is written without a look at the object",
                 c->uuid);
        return;
    }
    if (json_parse(a, at->json, at->n, NULL, &seen, NULL) < 0)
        return; /* a notice stood before it: not ours to read */
    if (str_eq(json_string(json_get(seen, "status")), "trash") &&
        c->act == CHANGE_SET)
        sim_fail(s, "S3: change %s would take it out of the trash", c->uuid);
    for (size_t i = 0; i < c->n_paths && c->act == CHANGE_SET; i++)
        judge_path(s, c, &c->paths[i], seen, a);
}

/* The number in a path behind `what`, 0: none. */
static int64_t number_behind(const char *uri, const char *what) {
    const char *p = strstr(uri, what);
    p = p ? p + strlen(what) : "";
    return strtoll(p + (*p == '/'), NULL, 10);
}

/* The object a write is about, from its path: an id is one of its kind alone.
 * id 0: one that is created. */
static void object_of(const char *uri, enum mirror_kind *ret_kind,
                      int64_t *ret_id) {
    static const struct {
        const char *path;
        enum mirror_kind kind;
    } spaces[] = {{"/orders", MIRROR_ORDER},
                  {"/products/categories", MIRROR_CATEGORY},
                  {"/products", MIRROR_PRODUCT},
                  {"/customers", MIRROR_CUSTOMER}};
    size_t i = 0;
    while (i + 1 < sizeof spaces / sizeof *spaces &&
           !strstr(uri, spaces[i].path))
        i++;
    int64_t id = number_behind(uri, "/variations/");
    *ret_kind = spaces[i].kind;
    *ret_id = id ? id : number_behind(uri, spaces[i].path);
}

/* A creation is told by its marker, a category by its name. */
static bool creates(const struct leaving *v, const struct change *c) {
    AUTO_BUF struct buf body = BUF_INIT;
    buf_add(&body, v->r->body, v->r->body_n);
    if (strstr(buf_str(&body), c->uuid))
        return true;
    char name[100];
    const char *at = c->payload ? strstr(c->payload, "\"name\"") : NULL;
    if (!at || c->kind != MIRROR_CATEGORY || !strstr(v->uri, "/categories"))
        return false;
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "},"), at);
    return strstr(buf_str(&body), name) != NULL;
}

size_t oracle_ids(struct db_tx *tx, const char *where, int64_t *ids,
                  size_t max) {
    enum { TEXT = 1 << 16 };
    AUTO_FREE char *text = mem_zalloc(TEXT, 1);
    AUTO_FREE char *sql = mem_printf("SELECT group_concat(id) FROM (SELECT id "
                                     "FROM change WHERE %s ORDER BY id)",
                                     where);
    size_t n = 0;
    (void)conn_get_text(tx->conn, sql, text, TEXT);
    for (char *p = text; *p && n < max; p += *p == ',')
        ids[n++] = strtoll(p, &p, 10);
    return n;
}

static int find_change(struct db_tx *tx, void *arg) {
    enum { MAX = 64 };
    struct leaving *v = arg;
    struct arena *a = arena_new(0);
    enum mirror_kind kind;
    int64_t object, ids[MAX];
    object_of(v->uri, &kind, &object);
    size_t n = oracle_ids(tx, "state = 'sending'", ids, MAX);
    int found = 0;
    for (size_t i = 0; i < n; i++) {
        struct change c;
        if (change_row_get(tx, ids[i], a, &c) <= 0 || c.kind != kind ||
            c.remote_id != object || (object == 0 && !creates(v, &c)))
            continue;
        found++;
        (void)str_copy(v->uuid, ORACLE_ULID, c.uuid);
        oracle_deed(v->s, c.uuid)->sent_ms = c.sent_ms;
        if (v->r->method == HTTP_PUT)
            judge_set(v->s, &c, v->uri, a);
    }
    arena_free(a);
    if (found != 1)
        sim_fail(v->s, "S4: %s %s leaves while %d of its changes are sending",
                 http_method_name(v->r->method), v->uri, found);
    return 0;
}

void oracle_sent(struct life *l, const struct http_request *r, const char *uri,
                 char uuid[ORACLE_ULID]) {
    struct leaving v = {l->sim, r, uri, uuid};
    uuid[0] = '\0';
    if (r->method == HTTP_GET || strstr(uri, "/webhooks"))
        return;
    if (life_number(l, "SELECT value FROM meta WHERE key = 'held'") > 0)
        sim_fail(l->sim, "S4: %s leaves a file that is held", uri);
    (void)life_job(l, find_change, &v);
    if (*uuid)
        oracle_deed(l->sim, uuid)->sent++;
}

/* -- at the end -------------------------------------------------------------
 */

/* May the same write be applied twice without harm? */
static bool absolute(const struct change *c) {
    return c->act == CHANGE_SET || c->act == CHANGE_TRASH ||
           c->act == CHANGE_UNTRASH || c->act == CHANGE_TRACKING;
}

static void check_change(struct sim *s, const struct change *c) {
    const struct deed *d = oracle_deed(s, c->uuid);
    const char *state = change_state_name(c->state);
    if (c->state == CHANGE_QUEUED || c->state == CHANGE_SENDING ||
        (c->state == CHANGE_UNKNOWN && !c->ambiguous))
        sim_fail(s, "S4: change %s (%s of %s %" PRId64 ") is %s for ever: %s%s",
                 c->uuid, change_act_name(c->act), mirror_kind_name(c->kind),
                 c->remote_id, state, c->cause, c->text);
    if (absolute(c))
        return;
    if (d->done > 1)
        sim_fail(s, "S4: change %s (%s) happened %d times", c->uuid,
                 change_act_name(c->act), d->done);
    if (c->state == CHANGE_CONFIRMED && d->done == 0 &&
        !(c->act == CHANGE_CREATE && str_eq(c->code, "already_so")))
        sim_fail(s, "S4: change %s (%s) is confirmed and never happened",
                 c->uuid, change_act_name(c->act));
    /* deleted before it was looked at: that cannot be told */
    bool deleted = d->made && door_look(s, d->rows, d->made) == DOOR_NONE;
    if (c->state != CHANGE_CONFIRMED && c->state != CHANGE_UNKNOWN &&
        d->done > 0 && !deleted)
        sim_fail(s, "S4: change %s (%s) is %s, and happened (%s%s)", c->uuid,
                 change_act_name(c->act), state, c->cause, c->text);
}

static int check_job(struct db_tx *tx, void *arg) {
    enum { MAX = 4096 };
    struct sim *s = arg;
    static int64_t ids[MAX];
    struct arena *a = arena_new(0);
    size_t n = oracle_ids(tx, "1", ids, MAX);
    for (size_t i = 0; i < n && !s->failed; i++) {
        struct change c;
        if (change_row_get(tx, ids[i], a, &c) > 0)
            check_change(s, &c);
    }
    for (size_t i = 0; i < s->oracle.n && !s->failed; i++) {
        const struct deed *d = &s->oracle.deeds[i];
        struct change c;
        if (d->acked && !d->lost && change_get(tx, d->uuid, a, &c) <= 0)
            sim_fail(s, "S5: change %s was accepted and is not there", d->uuid);
    }
    arena_free(a);
    return 0;
}

void oracle_check(struct sim *s) {
    (void)life_job(s->life, check_job, s);
}
