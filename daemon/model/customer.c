#include "model/customer.h"

#include "model/contact.h"
#include "model/erased.h"
#include "model/mirror_apply.h"

struct job {
    struct mirror_apply m;
    struct search_batch texts;
};

static void job_done(struct job *j) {
    search_done(&j->texts);
}

static int insert(const struct job *j, const struct customer *c,
                  int64_t *ret_id) {
    int rc =
        db_run(j->m.tx, STMT_CONTACT_INSERT, "Siisssssssiibb",
               j->m.read->store_id, c->o.remote_id, (int64_t)1, c->email,
               c->email_key, c->name, c->sort_name, c->phone, c->city,
               c->country, c->created_ms, j->m.read->sent_seq, c->o.raw_hash,
               sizeof c->o.raw_hash, c->o.hash, sizeof c->o.hash);
    if (rc < 0)
        return rc;
    *ret_id = db_last_id(j->m.tx);
    return 0;
}

static int update(const struct job *j, const struct customer *c, int64_t id) {
    return db_run(j->m.tx, STMT_CONTACT_UPDATE, "sssssssiibbi", c->email,
                  c->email_key, c->name, c->sort_name, c->phone, c->city,
                  c->country, c->created_ms, j->m.read->sent_seq, c->o.raw_hash,
                  sizeof c->o.raw_hash, c->o.hash, sizeof c->o.hash, id);
}

/* Row, object, guest of the same e-mail, text, feed. */
static int write_one(struct job *j, const struct customer *c, int64_t id) {
    bool fresh = id == 0;
    int rc = fresh ? insert(j, c, &id) : update(j, c, id);
    if (rc >= 0)
        rc = contact_absorb_guest(j->m.tx, &j->texts, j->m.read->store_id,
                                  c->email_key, id);
    if (rc >= 0)
        rc = mirror_keep(j->m.tx, STMT_CONTACT_OBJECT_PUT, id, &c->o);
    if (rc < 0)
        return rc;
    search_add(&j->texts, id, c->o.search, fresh);
    return mirror_told(&j->m, &c->o, c->o.remote_id);
}

static int apply_plain(struct job *j, const struct customer *c) {
    struct mirror_found f;
    AUTO_ROWS struct db_rows *r = NULL;
    if (c->o.remote_id <= 0)
        return ERR_INVALID; /* 0 is what guests have */
    int rc = mirror_find(&j->m, STMT_CONTACT_FIND, &c->o, &f, &r);
    if (rc < 0)
        return rc;
    /* known from orders only: for the mirror it is new */
    int64_t id = f.id;
    if (r && db_i64(r, 5) == 0)
        f = (struct mirror_found){0};
    db_rows_done(TAKE_PTR(r));
    switch (mirror_judge(&j->m, &f, 0)) {
    case MIRROR_NEW:
    case MIRROR_CHANGED:
        return write_one(j, c, id);
    case MIRROR_SEEN:
        return mirror_seen(&j->m, STMT_CONTACT_SEEN, STMT_CONTACT_OBJECT_PUT,
                           id, &c->o);
    case MIRROR_STALE:
        return mirror_late(&j->m, &c->o);
    case MIRROR_SAME:
        break;
    }
    return 0;
}

static int apply_one(struct job *j, const struct customer *c) {
    int erased = j->m.erased ? erased_has(j->m.tx, j->m.read->store_id,
                                          MIRROR_CUSTOMER, c->o.remote_id)
                             : 0;
    if (erased <= 0)
        return erased < 0 ? erased : apply_plain(j, c);
    struct customer clean = erased_customer(c);
    return apply_plain(j, &clean);
}

int customer_apply(struct db_tx *tx, const struct mirror_read *read,
                   const struct customer *c, size_t n,
                   struct mirror_stats *st) {
    struct mirror_stats mine = {0};
    CLEANUP(job_done)
    struct job j = {.texts = SEARCH_INIT(&search_contacts)};
    int rc = mirror_begin(&j.m, tx, read, MIRROR_CUSTOMER, &mine);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = apply_one(&j, &c[i]);
    if (rc >= 0)
        rc = search_flush(&j.texts, tx);
    if (rc >= 0)
        rc = mirror_end(&j.m);
    if (rc < 0)
        return rc;
    mirror_stats_add(st, &mine);
    return 0;
}
