/* Opening tickets, talking in them, and what is done to them. */
#include "model/ticket.h"

#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/list.h"

/* --- names --------------------------------------------------------------- */

static const char *const priorities[TICKET_PRIORITIES] = {"low", "normal",
                                                          "high", "urgent"};
static const char *const states[TICKET_STATES] = {
    "open", "in_progress", "waiting", "resolved", "closed"};
static const char *const kinds[TICKET_KINDS] = {"reply", "note", "state",
                                                "priority", "assignee"};

static int find(const char *const *names, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return i;
    return ERR_INVALID;
}

const char *ticket_priority_name(enum ticket_priority p) {
    return priorities[p];
}

int ticket_priority_parse(const char *name) {
    return find(priorities, TICKET_PRIORITIES, name);
}

const char *ticket_state_name(enum ticket_state s) {
    return states[s];
}

int ticket_state_parse(const char *name) {
    return find(states, TICKET_STATES, name);
}

bool ticket_may_move(enum ticket_state from, enum ticket_state to) {
    return from != to && (from != TICKET_CLOSED || to == TICKET_OPEN);
}

const char *ticket_kind_name(enum ticket_kind k) {
    return kinds[k];
}

const char *ticket_id_format(char dst[TICKET_ID_TEXT], int64_t id) {
    (void)str_format(dst, TICKET_ID_TEXT, "T-%lld", (long long)id);
    return dst;
}

int ticket_id_parse(const char *text, int64_t *ret) {
    if ((text[0] != 'T' && text[0] != 't') || text[1] != '-')
        return ERR_INVALID;
    return str_to_i64(text + 2, 1, INT64_MAX, ret) < 0 ? ERR_INVALID : 0;
}

/* --- reading ------------------------------------------------------------- */

int ticket_row(struct db_rows *r, struct arena *a, struct ticket *ret) {
    int priority = ticket_priority_parse(db_text(r, 3));
    int state = ticket_state_parse(db_text(r, 4));
    if (priority < 0 || state < 0)
        return ERR_DB_CORRUPT;
    *ret = (struct ticket){.id = db_i64(r, 0),
                           .store_id = db_i64(r, 1),
                           .subject = list_keep(a, db_text(r, 2)),
                           .priority = (enum ticket_priority)priority,
                           .state = (enum ticket_state)state,
                           .assignee = list_keep(a, db_text(r, 5)),
                           .about_kind = list_keep(a, db_text(r, 6)),
                           .about_id = db_i64(r, 7),
                           .author = list_keep(a, db_text(r, 8)),
                           .created_ms = db_i64(r, 9),
                           .changed_ms = db_i64(r, 10),
                           .last_id = db_i64(r, 11),
                           .open_id = db_i64(r, 12),
                           .version = db_i64(r, 13),
                           .store = list_keep(a, db_text(r, 14)),
                           .read_id = db_i64(r, 15)};
    return 0;
}

int ticket_get(struct db_tx *tx, int64_t id, const struct ticket_eye *eye,
               struct arena *a, struct ticket *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_TICKET_BY_ID, &r, "si", eye->who, id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    struct ticket t;
    rc = ticket_row(r, a, &t);
    if (rc < 0 || !ticket_seen(&t, eye))
        return rc < 0 ? rc : 0;
    *ret = t;
    return 1;
}

static int64_t newest(const struct ticket *t, const struct ticket_eye *eye) {
    return eye->inner ? t->last_id : t->open_id;
}

bool ticket_seen(const struct ticket *t, const struct ticket_eye *eye) {
    return eye->inner || t->open_id > 0;
}

bool ticket_unread(const struct ticket *t, const struct ticket_eye *eye) {
    return newest(t, eye) > t->read_id;
}

static int kind_of(const char *name) {
    return find(kinds, TICKET_KINDS, name);
}

int ticket_messages(struct db_tx *tx, const struct ticket *t,
                    const struct ticket_eye *eye, int64_t before,
                    struct arena *a, struct ticket_message **ret, size_t *ret_n,
                    bool *ret_more) {
    AUTO_ROWS struct db_rows *r = NULL;
    enum { MOST = TICKET_MESSAGES };
    struct ticket_message *m = arena_alloc(a, MOST * sizeof *m);
    size_t n = 0;
    int rc = db_query(tx, STMT_TICKET_MESSAGES, &r, "iiii", t->id, before,
                      (int64_t)eye->inner, (int64_t)MOST + 1);
    while (rc >= 0 && (rc = db_step(r)) > 0 && n < MOST) {
        int kind = kind_of(db_text(r, 1));
        if (kind < 0)
            return ERR_DB_CORRUPT;
        m[MOST - ++n] =
            (struct ticket_message){.id = db_i64(r, 0),
                                    .kind = (enum ticket_kind)kind,
                                    .author = list_keep(a, db_text(r, 2)),
                                    .text = list_keep(a, db_text(r, 3)),
                                    .was = list_keep(a, db_text(r, 4)),
                                    .at_ms = db_i64(r, 5)};
    }
    if (rc < 0)
        return rc;
    *ret = m + (MOST - n);
    *ret_n = n;
    *ret_more = rc > 0;
    return 0;
}

/* --- writing ------------------------------------------------------------- */

/* Screens are told; of a note only those of who works here. */
static int tell(struct db_tx *tx, const struct ticket *t, bool note) {
    char data[TICKET_ID_TEXT + 16], id[TICKET_ID_TEXT];
    (void)str_format(data, sizeof data, "{\"id\":\"%s\"}",
                     ticket_id_format(id, t->id));
    return feed_add(tx, note ? "ticket_note" : "ticket", t->store_id, 0, data);
}

static int put_read(struct db_tx *tx, const struct ticket *t, const char *who,
                    int64_t message) {
    int rc = db_run(tx, STMT_TICKET_READ_PUT, "isi", t->id, who, message);
    return rc < 0 ? rc : 0;
}

/* One more message. Who had read all has read their own as well; who had not
 * still has the others' before them. */
static int add(struct db_tx *tx, struct ticket *t, enum ticket_kind kind,
               const struct ticket_eye *eye, const char *text, const char *was,
               int64_t *ret) {
    bool note = kind == TICKET_NOTE;
    bool read = !ticket_unread(t, eye);
    int rc = db_run(tx, STMT_TICKET_MESSAGE_ADD, "issssi", t->id,
                    ticket_kind_name(kind), eye->who, text, was, db_now(tx));
    if (rc < 0)
        return rc;
    int64_t id = db_last_id(tx);
    rc = note ? db_run(tx, STMT_TICKET_NOTED, "ii", id, t->id)
              : db_run(tx, STMT_TICKET_TOLD, "iii", id, db_now(tx), t->id);
    if (rc >= 0 && read)
        rc = put_read(tx, t, eye->who, id);
    if (rc < 0)
        return rc;
    t->last_id = id;
    t->open_id = note ? t->open_id : id;
    t->read_id = read ? id : t->read_id;
    *ret = id;
    return 0;
}

static bool blank(const char *s) {
    return s[strspn(s, " \t\r\n")] == '\0';
}

int ticket_create(struct db_tx *tx, const struct ticket_new *n, int64_t *ret,
                  int64_t *ret_message, struct error *e) {
    struct ticket_eye eye = {.who = n->author, .inner = true};
    if (blank(n->subject))
        return error_set(e, ERR_INVALID, "subject", "say what it is about");
    if (blank(n->text))
        return error_set(e, ERR_INVALID, "text", "say what there is to say");
    int rc = db_run(tx, STMT_TICKET_ADD, "Ssssisi", n->store_id, n->subject,
                    ticket_priority_name(n->priority), n->about_kind,
                    n->about_id, n->author, db_now(tx));
    if (rc < 0)
        return rc;
    struct ticket t = {.id = db_last_id(tx), .store_id = n->store_id};
    rc = add(tx, &t, TICKET_REPLY, &eye, n->text, "", ret_message);
    if (rc >= 0)
        rc = tell(tx, &t, false);
    if (rc < 0)
        return rc;
    *ret = t.id;
    return 0;
}

static int store_set(struct db_tx *tx, const struct ticket *t) {
    int rc = db_run(tx, STMT_TICKET_SET, "sssi", ticket_state_name(t->state),
                    ticket_priority_name(t->priority), t->assignee, t->id);
    return rc < 0 ? rc : 0;
}

static int move(struct db_tx *tx, struct ticket *t, enum ticket_state to,
                const struct ticket_eye *eye) {
    int64_t id;
    const char *was = ticket_state_name(t->state);
    t->state = to;
    int rc = store_set(tx, t);
    return rc < 0 ? rc
                  : add(tx, t, TICKET_SET_STATE, eye, ticket_state_name(to),
                        was, &id);
}

int ticket_say(struct db_tx *tx, const struct ticket *t, enum ticket_kind kind,
               const struct ticket_eye *eye, const char *text, bool files,
               int64_t *ret_message, struct error *e) {
    struct ticket now = *t;
    bool note = kind == TICKET_NOTE,
         reopens = !note && !eye->inner && t->state >= TICKET_WAITING;
    if (blank(text) && !files)
        return error_set(e, ERR_INVALID, "text", "say what there is to say");
    if (t->state == TICKET_CLOSED && !note && !reopens)
        return error_set(e, ERR_CONFLICT, "id",
                         "it is closed: open it again first");
    int rc = add(tx, &now, kind, eye, text, "", ret_message);
    if (rc >= 0 && reopens)
        rc = move(tx, &now, TICKET_OPEN, eye);
    return rc < 0 ? rc : tell(tx, t, note);
}

/* --- what is done to it --------------------------------------------------- */

static int set_state(struct db_tx *tx, struct ticket *t, int to,
                     const struct ticket_eye *eye, struct error *e) {
    if (to < 0 || to == (int)t->state)
        return 0;
    if (!ticket_may_move(t->state, (enum ticket_state)to))
        return error_set(e, ERR_CONFLICT, "state",
                         "it is closed: open it again first");
    int rc = move(tx, t, (enum ticket_state)to, eye);
    return rc < 0 ? rc : 1;
}

static int set_priority(struct db_tx *tx, struct ticket *t, int to,
                        const struct ticket_eye *eye) {
    int64_t id;
    const char *was = ticket_priority_name(t->priority);
    if (to < 0 || to == (int)t->priority)
        return 0;
    t->priority = (enum ticket_priority)to;
    int rc = store_set(tx, t);
    if (rc >= 0)
        rc = add(tx, t, TICKET_SET_PRIORITY, eye,
                 ticket_priority_name(t->priority), was, &id);
    return rc < 0 ? rc : 1;
}

static int set_assignee(struct db_tx *tx, struct ticket *t, const char *to,
                        const struct ticket_eye *eye, struct error *e) {
    int64_t id, one = 0;
    const char *was = t->assignee;
    if (!to || str_eq(to, was))
        return 0;
    int rc =
        *to ? db_value(tx, STMT_TICKET_ASSIGNABLE, &one, "sS", to, t->store_id)
            : 1;
    if (rc == 0)
        return error_set(e, ERR_INVALID, "assignee",
                         "nobody called %.32s works here and sees %s", to,
                         t->store);
    t->assignee = to;
    if (rc >= 0)
        rc = store_set(tx, t);
    if (rc >= 0)
        rc = add(tx, t, TICKET_SET_ASSIGNEE, eye, to, was, &id);
    return rc < 0 ? rc : 1;
}

int ticket_update(struct db_tx *tx, const struct ticket *t,
                  const struct ticket_set *set, const struct ticket_eye *eye,
                  struct error *e) {
    struct ticket now = *t;
    int done = 0;
    int rc = set_state(tx, &now, set->state, eye, e);
    done += rc;
    if (rc >= 0)
        rc = set_priority(tx, &now, set->priority, eye);
    done += rc;
    if (rc >= 0)
        rc = set_assignee(tx, &now, set->assignee, eye, e);
    done += rc;
    if (rc < 0)
        return rc;
    return done ? tell(tx, t, false)
                : error_set(e, ERR_INVALID, "", "nothing would change");
}

int ticket_mark_read(struct db_tx *tx, const struct ticket *t,
                     const struct ticket_eye *eye) {
    return ticket_unread(t, eye) ? put_read(tx, t, eye->who, newest(t, eye))
                                 : 0;
}

int ticket_erase(struct db_tx *tx, int64_t store_id, const char *about_kind,
                 int64_t about_id) {
    static const enum stmt_id all[] = {
        STMT_ERASE_TICKETS, STMT_ERASE_TICKET_FILES, STMT_ERASE_TICKET_TEXTS};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof all / sizeof *all; i++)
        rc = db_run(tx, all[i], "Ssi", store_id, about_kind, about_id);
    return rc < 0 ? rc : 0;
}
