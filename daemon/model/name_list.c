#include "model/name_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"

/* A source while it is read. */
struct walk {
    struct name_list *l;
    struct db_rows **rows; /* streams, NULL when at their end */
    size_t n;
    struct db_rows *one;    /* candidate, or rows below `parent` */
    struct list_key parent; /* place of the row whose children are read */
    size_t at;              /* candidates looked at */
    struct db_rows *top;    /* stream given out last */
    const struct list_key *after;
};

void name_list_words(struct name_list *l, const struct query *q) {
    for (int i = 0; i < q->n_terms; i++)
        if (!q->terms[i].key && !q->terms[i].negated &&
            l->n_needles < NAME_NEEDLES)
            l->needles[l->n_needles++] =
                list_fold(l->arena, q->terms[i].values[0].text);
}

/* --- candidates -------------------------------------------------------- */

static int by_id(const void *x, const void *y) {
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static int by_name(const void *x, const void *y) {
    const struct name_row *a = x, *b = y;
    int d = strcmp(a->name, b->name);
    return d ? d : a->id < b->id ? -1 : a->id > b->id;
}

static bool is_behind(const struct name_list *l, const struct name_row *r,
                      const struct list_key *after) {
    struct name_row at = {.id = after->id, .name = after->text};
    int d = by_name(r, &at);
    return l->down ? d < 0 : d > 0;
}

/* Candidates in the order of the page, those behind `after` (NULL: all). */
static void order_named(struct name_list *l, const struct list_key *after) {
    int64_t *ids = arena_alloc(l->arena, (l->n_named + 1) * sizeof *ids);
    size_t n = 0;
    if (l->n_named > 1)
        qsort(l->named, l->n_named, sizeof *l->named, by_name);
    for (size_t i = 0; i < l->n_named; i++) {
        const struct name_row *r = &l->named[l->down ? l->n_named - 1 - i : i];
        if ((n == 0 || ids[n - 1] != r->id) &&
            (!after || is_behind(l, r, after)))
            ids[n++] = r->id;
    }
    l->ids = ids;
    l->n_ids = n;
}

/* Rowids of the words; 1: l->ids is all of them, 0: too many. */
static int find_text(struct name_list *l, const char *match) {
    struct db_rows *rows AUTO_ROWS = NULL;
    size_t n = 0;
    int64_t *ids = arena_alloc(l->arena, NAME_CANDIDATES * sizeof *ids);
    int rc = db_query(l->tx, l->ops->matching, &rows, "si", match,
                      (int64_t)NAME_CANDIDATES + 1);
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        if (n == NAME_CANDIDATES)
            return 0;
        ids[n++] = db_i64(rows, 0);
    }
    if (rc < 0)
        return rc;
    if (n > 1)
        qsort(ids, n, sizeof *ids, by_id);
    l->ids = ids;
    l->n_ids = n;
    return 1;
}

static int search(struct name_list *l) {
    const char *match;
    if (l->n_needles == 0 || l->ids)
        return 0;
    int64_t ms = list_search_ms(l->request);
    db_deadline(l->tx, ms);
    int rc = list_match(l->tx, l->ops->matching, l->arena, l->needles,
                        l->n_needles, &match);
    if (rc == 1)
        rc = find_text(l, match);
    l->search_ms = ms - db_deadline_left(l->tx);
    return rc < 0 && rc != ERR_BUSY ? rc : 0;
}

/* --- streams ----------------------------------------------------------- */

static struct db_rows **add(struct walk *w) {
    w->rows = mem_resize(w->rows, w->n + 1, sizeof(struct db_rows *));
    w->rows[w->n] = NULL;
    return &w->rows[w->n++];
}

/* Move a stream on; at its end it is closed. */
static int advance(struct db_rows **r) {
    int rc = db_step(*r);
    if (rc == 0)
        db_rows_done(TAKE_PTR(*r));
    return rc < 0 ? rc : 0;
}

static int open_one(struct walk *w, enum stmt_id id, bool all, int64_t store) {
    /* before every name, and behind: no UTF-8 text begins with 0xff */
    const struct list_key *k = w->after;
    const char *name = k ? k->text : w->l->down ? "\xff" : "";
    int64_t row = k ? k->id : w->l->down ? INT64_MAX : 0;
    struct db_rows **r = add(w);
    int rc = all ? db_query(w->l->tx, id, r, "si", name, row)
                 : db_query(w->l->tx, id, r, "Ssi", store, name, row);
    return rc < 0 ? rc : advance(r);
}

static int open_streams(struct walk *w) {
    const struct name_list *l = w->l;
    int rc = 0;
    if (!l->low && l->stores->all)
        return open_one(w, l->ops->all[l->down], true, 0);
    enum stmt_id id = l->low ? l->ops->low[l->down] : l->ops->store[l->down];
    for (size_t i = 0; rc >= 0 && i < l->stores->n; i++)
        if (l->stores->s[i].chosen)
            rc = open_one(w, id, false, l->stores->s[i].id);
    return rc;
}

static bool before(const struct name_list *l, struct db_rows *a,
                   struct db_rows *b) {
    int d = strcmp(db_text(a, 2), db_text(b, 2));
    if (d == 0)
        d = db_i64(a, 0) < db_i64(b, 0) ? -1 : 1;
    return l->down ? d > 0 : d < 0;
}

/* The next row of all streams; few streams have few rows a page, so the least
 * is looked for anew. */
static int next_stream(struct walk *w, struct db_rows **ret) {
    struct db_rows **best = NULL;
    for (size_t i = 0; i < w->n; i++) {
        if (w->rows[i] && w->rows[i] == w->top) {
            w->top = NULL;
            int rc = advance(&w->rows[i]);
            if (rc < 0)
                return rc;
        }
        if (w->rows[i] && (!best || before(w->l, w->rows[i], *best)))
            best = &w->rows[i];
    }
    if (!best)
        return 0;
    w->top = *best;
    *ret = *best;
    return 1;
}

/* Rows below the one at `parent`, behind parent.sub. */
static int open_children(struct walk *w, int64_t store, int64_t remote) {
    return db_query(w->l->tx, w->l->ops->children, &w->one, "Sii", store,
                    remote, w->parent.sub);
}

/* A page that ended below a row goes on below it. */
static int resume_children(struct walk *w) {
    struct db_rows *rows AUTO_ROWS = NULL;
    if (!w->after || !w->l->children || w->l->ids)
        return 0;
    w->parent = *w->after;
    int rc = db_query(w->l->tx, w->l->ops->one, &rows, "i", w->after->id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc != 1)
        return rc;
    return open_children(w, db_i64(rows, 1),
                         db_i64(rows, w->l->ops->remote_col));
}

static int next_candidate(struct walk *w, struct db_rows **ret) {
    while (w->at < w->l->n_ids) {
        db_rows_done(TAKE_PTR(w->one));
        int rc = db_query(w->l->tx, w->l->ops->one, &w->one, "i",
                          w->l->ids[w->at++]);
        if (rc >= 0)
            rc = db_step(w->one);
        if (rc < 0)
            return rc;
        if (rc == 1) {
            *ret = w->one;
            return 1;
        }
    }
    return 0;
}

/* 1 and a row with its place (text borrowed); 0: no more. */
static int next(struct walk *w, struct db_rows **ret, struct list_key *key) {
    struct name_list *l = w->l;
    if (l->ids || !w->one) {
        int rc = l->ids ? next_candidate(w, ret) : next_stream(w, ret);
        if (rc != 1)
            return rc;
        *key =
            (struct list_key){.text = db_text(*ret, 2), .id = db_i64(*ret, 0)};
        if (l->ids || !l->children)
            return 1;
        w->parent = *key;
        w->parent.text = list_keep(l->arena, key->text);
        rc =
            open_children(w, db_i64(*ret, 1), db_i64(*ret, l->ops->remote_col));
        return rc < 0 ? rc : 1;
    }
    int rc = db_step(w->one);
    if (rc == 1) {
        *ret = w->one;
        *key = w->parent;
        key->sub = db_i64(*ret, 0);
        return 1;
    }
    db_rows_done(TAKE_PTR(w->one));
    return rc < 0 ? rc : next(w, ret, key);
}

/* --- picking ----------------------------------------------------------- */

static int has_words(const struct name_list *l, int64_t id) {
    struct db_rows *rows AUTO_ROWS = NULL;
    if (l->n_needles == 0)
        return 1;
    int rc = db_query(l->tx, l->ops->text, &rows, "i", id);
    if (rc >= 0)
        rc = db_step(rows);
    for (size_t i = 0; rc == 1 && i < l->n_needles; i++)
        rc = strstr(db_text(rows, 0), l->needles[i]) != NULL;
    return rc;
}

static int passes(const struct name_list *l, struct db_rows *rows) {
    if (!list_store_of(l->stores, db_i64(rows, 1)))
        return 0;
    int rc = l->ops->filter(l->arg, rows);
    return rc == 1 ? has_words(l, db_i64(rows, 0)) : rc;
}

static int stream(struct walk *w) {
    struct name_list *l = w->l;
    struct db_rows *rows;
    struct list_key key;
    int rc;
    while ((rc = next(w, &rows, &key)) == 1) {
        if (l->n == l->limit) {
            l->more = true;
            l->next = l->picks[l->n - 1].key;
            return 0;
        }
        rc = passes(l, rows);
        if (rc < 0)
            return rc;
        key.text = list_keep(l->arena, key.text);
        l->next = key;
        if (rc == 1)
            l->picks[l->n++] = (struct name_pick){db_i64(rows, 0), key};
    }
    return rc;
}

/* Place by the list's column; texts borrowed. */
static struct list_key key_of(const struct name_list *l, struct db_rows *rows) {
    struct list_key k = {.text = "", .id = db_i64(rows, 0)};
    if (l->key_col < 0)
        k.text = db_text(rows, 2);
    else if (l->key_text)
        k.text = db_text(rows, l->key_col);
    else
        k.num =
            db_null(rows, l->key_col) ? INT64_MAX : db_i64(rows, l->key_col);
    return k;
}

static bool precedes(const struct name_list *l, const struct list_key *a,
                     const struct list_key *b) {
    int d = a->num < b->num ? -1 : a->num > b->num;
    if (d == 0)
        d = strcmp(a->text, b->text);
    if (d == 0)
        d = a->id < b->id ? -1 : a->id > b->id;
    return l->down ? d > 0 : d < 0;
}

static void insert(struct name_list *l, int64_t id, struct list_key k) {
    size_t i = l->n;
    while (i > 0 && precedes(l, &k, &l->picks[i - 1].key))
        i--;
    size_t keep = l->n <= l->limit ? l->n : l->limit;
    if (i > keep)
        return;
    k.text = list_keep(l->arena, k.text);
    memmove(&l->picks[i + 1], &l->picks[i], (keep - i) * sizeof *l->picks);
    l->picks[i] = (struct name_pick){id, k};
    l->n = keep + 1;
}

static int collect(struct walk *w, const struct list_key *after) {
    struct name_list *l = w->l;
    struct db_rows *rows;
    struct list_key place;
    int rc;
    while ((rc = next(w, &rows, &place)) == 1) {
        struct list_key k = key_of(l, rows);
        if ((after && !precedes(l, after, &k)) ||
            (l->n > l->limit && !precedes(l, &k, &l->picks[l->limit].key)))
            continue;
        rc = passes(l, rows);
        if (rc < 0)
            return rc;
        if (rc == 1)
            insert(l, k.id, k);
    }
    return rc;
}

static void cut(struct name_list *l) {
    if (l->n <= l->limit)
        return;
    l->n = l->limit;
    l->more = true;
    l->next = l->picks[l->n - 1].key;
}

/* Time for the walk: what the search left. */
static int64_t walk_ms(const struct name_list *l) {
    int64_t left = list_walk_ms(l->request) - l->search_ms;
    return left < LIST_LEAST_MS ? LIST_LEAST_MS : left;
}

static int walk(struct walk *w, const struct list_key *after, bool streams) {
    w->after = streams ? after : NULL;
    int rc = resume_children(w);
    if (rc >= 0 && !w->l->ids)
        rc = open_streams(w);
    db_deadline(w->l->tx, walk_ms(w->l));
    if (rc >= 0)
        rc = streams ? stream(w) : collect(w, after);
    for (size_t i = 0; i < w->n; i++)
        db_rows_done(w->rows[i]);
    db_rows_done(w->one);
    free(w->rows);
    return rc;
}

int name_list_run(struct name_list *l, const struct list_key *after,
                  struct error *e) {
    struct walk w = {.l = l};
    if (after && !after->text)
        return error_set(e, ERR_INVALID, "after", "not of this list");
    l->picks = arena_alloc(l->arena, (l->limit + 2) * sizeof *l->picks);
    bool sorts_by_name = l->key_col < 0;
    if (l->named)
        order_named(l, sorts_by_name ? after : NULL);
    int rc = search(l);
    bool streams = sorts_by_name && (l->named || !l->ids);
    db_deadline(l->tx, LIST_REST_MS);
    if (rc >= 0)
        rc = walk(&w, after, streams);
    db_deadline(l->tx, LIST_REST_MS);
    if (!streams)
        cut(l);
    if (rc != ERR_BUSY)
        return rc;
    if (streams && !l->next.text)
        return error_set(e, ERR_TIMEOUT, "filter",
                         "nothing could be looked at in time: try again");
    l->partial = true;
    l->more |= streams;
    return 0;
}
