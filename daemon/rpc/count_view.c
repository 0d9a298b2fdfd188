#include "rpc/count_view.h"

#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"

int count_view_find(struct rpc_call *call, struct db_tx *tx, const char *id,
                    struct stock_count *ret) {
    int64_t n;
    int rc = level_view_number(call, 'C', id, &n);
    if (rc >= 0)
        rc = count_get(tx, n, ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no %.20s here",
                         id);
    return rc < 0 ? rc : 0;
}

void count_view_fields(struct jsonw *w, const struct stock_count *c) {
    char name[24];
    jsonw_kstring(w, "id", count_name(name, c->id));
    jsonw_kstring(w, "state", c->state);
    jsonw_kbool(w, "whole", c->whole);
    jsonw_kbool(w, "blind", c->blind);
    jsonw_kstring(w, "note", c->note);
    jsonw_ki64(w, "bins", c->bins);
    jsonw_ki64(w, "visited", c->visited);
    jsonw_ktime(w, "begun", c->begun_ms);
    jsonw_kstring(w, "begun_by", c->begun_by);
    jsonw_ktime(w, "submitted", c->submitted_ms);
    level_view_text(w, "submitted_by", c->submitted_by);
    jsonw_ktime(w, "ended", c->ended_ms);
    level_view_text(w, "ended_by", c->ended_by);
    jsonw_ki64(w, "version", c->version);
}

/* Blind: what is not counted yet is not even named, or the list would tell what
 * to find. */
static void write_lines(struct jsonw *w, const struct stock_count *c,
                        const struct count_line *l, size_t n) {
    bool hidden = c->blind && str_eq(c->state, "open");
    for (size_t i = 0; i < n; i++) {
        bool counted = l[i].counted_e3 != ITEM_NONE;
        if (hidden && !counted)
            continue;
        int64_t expected = hidden ? ITEM_NONE : l[i].expected_e3;
        bool both = counted && expected != ITEM_NONE;
        jsonw_begin_object(w);
        jsonw_kstring(w, "bin", l[i].bin);
        jsonw_kstring(w, "sku", l[i].sku);
        jsonw_kstring(w, "name", l[i].title);
        level_view_text(w, "lot", l[i].lot);
        level_view_qty(w, "counted", l[i].counted_e3);
        level_view_qty(w, "expected", expected);
        level_view_qty(w, "variance",
                       both ? l[i].counted_e3 - expected : ITEM_NONE);
        level_view_text(w, "elsewhere", hidden ? NULL : l[i].elsewhere);
        jsonw_kstring(w, "counted_by", l[i].counted_by);
        jsonw_end_object(w);
    }
}

/* Code of the next bin nobody was at, in the arena; NULL: none. */
static int next_bin(struct rpc_call *call, struct db_tx *tx, int64_t id,
                    const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_COUNT_BIN_NEXT, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = list_keep(call_arena(call), db_text(r, 0));
    return rc;
}

int count_view_answer(struct rpc_call *call, struct db_tx *tx, int64_t id,
                      bool audit) {
    struct count_line *l = NULL;
    struct stock_count c;
    struct bin b;
    const char *next = NULL;
    char name[24];
    size_t n = 0;
    int rc = count_get(tx, id, &c);
    if (rc >= 0)
        rc = count_lines(tx, id, call_arena(call), &l, &n);
    if (rc >= 0)
        rc = next_bin(call, tx, id, &next);
    if (rc >= 0 && audit)
        rc = call_audit(call, tx, count_name(name, id), "{}");
    int at =
        rc < 0 ? rc : at_bin_get(tx, count_name(name, id), call->actor, &b);
    if (at < 0)
        return at;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    count_view_fields(w, &c);
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    write_lines(w, &c, l, n);
    jsonw_end_array(w);
    level_view_text(w, "bin", at > 0 ? b.code : NULL);
    level_view_text(w, "next_bin", next);
    jsonw_end_object(w);
    return 0;
}
