#include "tests/shop/list.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "tests/shop/fields.h"
#include "tests/shop/shop.h"

/* nginx keeps the head of an answer in 4 KiB: a Link that repeats a long query
 * does not fit, and the client sees 502. */
enum { LINK_MAX = 3200 };

struct rows {
    struct obj **v;
    size_t n;
    bool owned;
    bool reverse;
};

static int by_name(const void *a, const void *b) {
    const struct obj *x = *(struct obj *const *)a, *y = *(struct obj *const *)b;
    int c = strcasecmp(x->name, y->name);
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

static int by_id(const void *a, const void *b) {
    const struct obj *x = *(struct obj *const *)a, *y = *(struct obj *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_created(const void *a, const void *b) {
    const struct obj *x = *(struct obj *const *)a, *y = *(struct obj *const *)b;
    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return by_id(a, b);
}

static int by_changed(const void *a, const void *b) {
    const struct obj *x = *(struct obj *const *)a, *y = *(struct obj *const *)b;
    if (x->modified != y->modified)
        return x->modified < y->modified ? -1 : 1;
    return by_id(a, b);
}

static bool is_by(const struct list_query *q, const char *name) {
    return strcmp(q->orderby, name) == 0;
}

static bool by_date_of(const struct list_query *q) {
    return !strncmp(q->orderby, "date", 4) ||
           !strcmp(q->orderby, "registered_date");
}

/* Candidates named by include, in the order asked for. */
static struct rows rows_named(struct store *s, const struct list_query *q) {
    struct rows r = {mem_zalloc(q->include_n + 1, sizeof(struct obj *)), 0,
                     true, q->descending};
    for (size_t i = 0; i < q->include_n; i++) {
        struct obj *o = store_find(s, q->spec->kind, q->include[i]);
        bool twice = false;
        for (size_t j = 0; j < r.n; j++)
            twice |= r.v[j] == o;
        if (o && !twice)
            r.v[r.n++] = o;
    }
    if (is_by(q, "include"))
        r.reverse = false;
    else
        qsort(r.v, r.n, sizeof *r.v,
              is_by(q, "modified") ? by_changed
                                   : (by_date_of(q) ? by_created : by_id));
    return r;
}

static struct rows rows_all(struct store *s, const struct list_query *q) {
    enum kind k = q->spec->kind;
    struct table *t = &s->t[k];
    if (is_by(q, "modified"))
        return (struct rows){store_sorted(s, k, true), t->n, false,
                             q->descending};
    if (by_date_of(q))
        return (struct rows){store_sorted(s, k, false), t->n, false,
                             q->descending};
    if (!is_by(q, "name") && !is_by(q, "title") && !is_by(q, "slug"))
        return (struct rows){t->v, t->n, false, q->descending};
    struct rows r = {mem_zalloc(t->n + 1, sizeof(struct obj *)), t->n, true,
                     q->descending};
    if (t->n)
        memcpy(r.v, t->v, t->n * sizeof *r.v);
    qsort(r.v, r.n, sizeof *r.v, by_name);
    return r;
}

static void row_show(struct exchange *x, const struct list_query *q,
                     const struct obj *o, const char *wanted) {
    AUTO_BUF struct buf shown = BUF_INIT;
    if (!q->spec->show && !wanted) {
        buf_add(&x->out, o->text, o->n);
        return;
    }
    if (q->spec->show)
        q->spec->show(x, o, &shown);
    else
        buf_add(&shown, o->text, o->n);
    if (wanted)
        fields_pick(&x->out, shown.data, shown.len, wanted, false);
    else
        buf_add(&x->out, shown.data, shown.len);
}

/* Nothing is asked but a page: all rows match, and need not be looked at. */
static bool is_plain(const struct exchange *x, const struct list_query *q) {
    return !q->filtered && !q->status && !q->search && !q->exclude_n &&
           !q->has_include && !q->after && !q->before && !q->modified_after &&
           !q->modified_before && !q->spec->parent && !x->few_rows &&
           store_all_listed(x->s, q->spec->kind);
}

/* Walk all rows, show those of the page; returns how many match. */
static int64_t walk(struct exchange *x, const struct list_query *q,
                    const struct rows *r, int64_t *ret_shown) {
    const char *wanted = exchange_param(x, "_fields");
    int64_t from = q->offset >= 0 ? q->offset : (q->page - 1) * q->per_page;
    int64_t total = 0, shown = 0;
    if (wanted && !*wanted)
        wanted = NULL;
    bool plain = is_plain(x, q);
    size_t i = plain && from < (int64_t)r->n ? (size_t)from : 0;
    buf_addc(&x->out, '[');
    for (total = (int64_t)i; i < r->n; i++) {
        const struct obj *o = r->v[r->reverse ? r->n - 1 - i : i];
        if (x->few_rows && total == x->few_rows)
            break;
        if (plain && shown == q->per_page) {
            total = (int64_t)r->n;
            break;
        }
        if (!plain && !list_matches(x, q, o))
            continue;
        if (total >= from && shown < q->per_page) {
            if (shown++)
                buf_addc(&x->out, ',');
            row_show(x, q, o, wanted);
        }
        total++;
    }
    buf_addc(&x->out, ']');
    *ret_shown = shown;
    return total;
}

static void url_encode(struct buf *out, const char *s) {
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (isalnum(c) || strchr("-_.", c))
            buf_addc(out, *s);
        else if (c == ' ')
            buf_addc(out, '+');
        else
            buf_addf(out, "%%%02X", c);
    }
}

/* Comma lists came to WordPress as arrays, and leave as such. */
static void link_param(struct buf *out, const struct param *p) {
    bool list = !strcmp(p->key, "include") || !strcmp(p->key, "exclude") ||
                !strcmp(p->key, "status");
    if (!list) {
        url_encode(out, p->key);
        buf_addc(out, '=');
        url_encode(out, p->value);
        buf_addc(out, '&');
        return;
    }
    int i = 0;
    for (const char *v = p->value; *v; i++) {
        size_t n = strcspn(v, ",");
        buf_addf(out, "%s%%5B%d%%5D=%.*s&", p->key, i, (int)n, v);
        v += n + (v[n] == ',');
    }
}

static void link_to(struct exchange *x, struct buf *out, int64_t page,
                    const char *rel) {
    if (out->len)
        buf_adds(out, ", ");
    buf_addf(out, "<%s/wp-json%s?", shop_home(x->shop), x->route);
    for (size_t i = 0; i < x->params_n; i++)
        if (strcmp(x->params[i].key, "page") != 0 &&
            strcmp(x->params[i].key, "rest_route") != 0)
            link_param(out, &x->params[i]);
    buf_addf(out, "page=%" PRId64 ">; rel=\"%s\"", page, rel);
}

static void heads(struct exchange *x, const struct list_query *q,
                  int64_t total) {
    AUTO_BUF struct buf link = BUF_INIT;
    int64_t from = q->offset >= 0 ? q->offset : (q->page - 1) * q->per_page;
    /* Order tables report nothing at all beyond the end. */
    if (q->spec->kind == K_ORDER && x->s->hpos && from >= total && total)
        total = 0;
    int64_t pages = (total + q->per_page - 1) / q->per_page;
    exchange_header(x, "X-WP-Total", "%" PRId64, total + x->total_off);
    exchange_header(x, "X-WP-TotalPages", "%" PRId64, pages);
    if (q->page > 1)
        link_to(x, &link, q->page - 1 > pages ? pages : q->page - 1, "prev");
    if (q->page < pages)
        link_to(x, &link, q->page + 1, "next");
    if (link.len > LINK_MAX) {
        x->headers_n = 0;
        reply_html(x, 502,
                   "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
                   "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
                   "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>"
                   "\r\n");
        return;
    }
    if (link.len)
        exchange_header(x, "Link", "%s", link.data);
}

void list_reply(struct exchange *x, const struct list_spec *spec) {
    struct list_query q;
    int64_t shown;
    if (!list_read(x, spec, &q))
        return;
    struct rows r = q.has_include ? rows_named(x->s, &q) : rows_all(x->s, &q);
    x->status = 200;
    x->type = "application/json; charset=UTF-8";
    buf_clear(&x->out);
    int64_t total = walk(x, &q, &r, &shown);
    if (r.owned)
        free(r.v);
    heads(x, &q, total);
}
