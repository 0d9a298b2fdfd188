/* Notes of an order come all in one answer, without paging and mostly equal:
 * what is stored is compared first, so that an unchanged list writes nothing.
 */
#include "common/mem.h"
#include "common/str.h"
#include "model/erased.h"
#include "model/mirror_apply.h"
#include "model/refund.h"

/* A note of the answer beside what is stored of it. */
struct slot {
    const struct note *note;
    bool known, same; /* stored; stored as it is */
};

/* One order's answer while it is applied. */
struct list {
    struct mirror_apply m;
    int64_t order;
    size_t n;
    struct slot *slots; /* one a note, by remote id */
    int64_t *old;       /* our ids of stored notes that are not in the answer */
    size_t n_old;
};

static void list_done(struct list *l) {
    free(l->slots);
    free(l->old);
}

static int by_remote_id(const void *a, const void *b) {
    const struct slot *x = a, *y = b;
    if (x->note->remote_id == y->note->remote_id)
        return 0;
    return x->note->remote_id < y->note->remote_id ? -1 : 1;
}

static void make_slots(struct list *l, const struct note *notes) {
    l->slots = mem_zalloc(l->n, sizeof *l->slots);
    for (size_t i = 0; i < l->n; i++)
        l->slots[i].note = &notes[i];
    qsort(l->slots, l->n, sizeof *l->slots, by_remote_id);
}

static bool equal(struct db_rows *r, const struct note *n) {
    return db_i64(r, 2) == n->created_ms && str_eq(db_text(r, 3), n->author) &&
           (db_i64(r, 4) != 0) == n->to_customer &&
           str_eq(db_text(r, 5), n->text);
}

static void meet(struct list *l, struct db_rows *r) {
    const struct note wanted = {.remote_id = db_i64(r, 1)};
    const struct slot key = {.note = &wanted};
    struct slot *s =
        bsearch(&key, l->slots, l->n, sizeof *l->slots, by_remote_id);
    if (s) {
        s->known = true;
        s->same = equal(r, s->note);
        return;
    }
    l->old = mem_resize(l->old, l->n_old + 1, sizeof *l->old);
    l->old[l->n_old++] = db_i64(r, 0);
}

static int compare(struct list *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(l->m.tx, STMT_NOTE_OF, &r, "Si", l->m.read->store_id,
                      l->order);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        meet(l, r);
    return rc;
}

static int put(struct list *l, const struct slot *s) {
    const struct note *n = s->note;
    l->m.st->seen++;
    if (s->same) {
        l->m.st->same++;
        return 0;
    }
    if (s->known)
        l->m.st->changed++;
    else
        l->m.st->inserted++;
    int rc = db_run(l->m.tx, STMT_NOTE_PUT, "Siiisis", l->m.read->store_id,
                    n->remote_id, l->order, n->created_ms, n->author,
                    (int64_t)n->to_customer, n->text);
    if (rc >= 0 && l->m.aside)
        rc = mirror_clear_aside(l->m.tx, l->m.read->store_id, MIRROR_NOTE,
                                n->remote_id);
    return rc;
}

static int write_all(struct list *l) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < l->n; i++)
        rc = put(l, &l->slots[i]);
    for (size_t i = 0; rc >= 0 && i < l->n_old; i++)
        rc = db_run(l->m.tx, STMT_NOTE_DROP, "i", l->old[i]);
    if (rc < 0 || l->m.st->inserted + l->m.st->changed + (int)l->n_old == 0)
        return rc;
    struct mirror_object of_order = {.remote_id = l->order};
    return mirror_told(&l->m, &of_order, l->order);
}

/* Of an erased order that there was a note, and no more. */
static int without_person(const struct list *l, const struct note *notes,
                          struct note **ret) {
    int rc = l->m.erased ? erased_has(l->m.tx, l->m.read->store_id,
                                      MIRROR_ORDER, l->order)
                         : 0;
    if (rc <= 0)
        return rc;
    *ret = mem_zalloc(l->n ? l->n : 1, sizeof **ret);
    for (size_t i = 0; i < l->n; i++) {
        (*ret)[i] = notes[i];
        (*ret)[i].author = (*ret)[i].text = "";
    }
    return 0;
}

int note_apply(struct db_tx *tx, const struct mirror_read *read,
               int64_t order_remote_id, const struct note *notes, size_t n,
               struct mirror_stats *st) {
    struct mirror_stats mine = {0};
    AUTO_FREE struct note *clean = NULL;
    CLEANUP(list_done)
    struct list l = {.order = order_remote_id, .n = n};
    int rc = mirror_begin(&l.m, tx, read, MIRROR_NOTE, &mine);
    if (rc >= 0)
        rc = without_person(&l, notes, &clean);
    make_slots(&l, clean ? clean : notes);
    if (rc >= 0)
        rc = compare(&l);
    if (rc >= 0)
        rc = write_all(&l);
    if (rc >= 0)
        rc = mirror_end(&l.m);
    if (rc < 0)
        return rc;
    mirror_stats_add(st, &mine);
    return 0;
}
