/* Pages form a chain: each knows the key it begins behind. An answer brings
 * the rows and the key of the next page. A page read again whose next key
 * moved (a row came or went) makes the page behind it stale and forgets those
 * further down: what is shown is never a mix that misses a row. */
#include "tui/pager.h"

#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"

enum { PAGE_ROWS = 100, PAGES_KEPT = 8 };

struct page {
    const struct pager_def *def; /* whose list it is a page of */
    char *after;                 /* owned; NULL for the first */
    char *rows;                  /* n * row_size; NULL: not here */
    int n;                       /* known also when the rows are not here */
    bool asked, stale;
};

struct pager {
    struct link *link;
    const struct pager_def *def;
    void (*changed)(void *arg);
    void *arg;
    char *filter, *sort, *extra; /* owned, may be NULL */
    struct page *pages;
    int n_pages;
    bool ended, answered;
    int64_t total;
    char error[400];
};

static void answered(void *arg, const struct link_reply *r);

struct pager *pager_create(struct link *k, const struct pager_def *def,
                           void (*changed)(void *arg), void *arg) {
    struct pager *p = NEW(struct pager);
    REQUIRE(def->row_size > 0);
    p->link = k;
    p->def = def;
    p->changed = changed;
    p->arg = arg;
    p->total = -1;
    return p;
}

/* From page `from` to the end of the chain. */
static void forget_pages(struct pager *p, int from) {
    REQUIRE(from >= 0);
    for (int i = from; i < p->n_pages; i++) {
        free(p->pages[i].after);
        free(p->pages[i].rows);
    }
    p->n_pages = from < p->n_pages ? from : p->n_pages;
}

void pager_destroy(struct pager *p) {
    if (!p) {
        return;
    }
    link_forget(p->link, p);
    forget_pages(p, 0);
    free(p->pages);
    free(p->filter);
    free(p->sort);
    free(p->extra);
    free(p);
}

static struct page *add_page(struct pager *p, const struct pager_def *def,
                             const char *after) {
    p->pages = mem_resize(p->pages, (size_t)p->n_pages + 1, sizeof *p->pages);
    struct page *page = &p->pages[p->n_pages++];
    *page = (struct page){.def = def, .after = mem_dup(after)};
    return page;
}

/* Filter and sort go with every page: the key belongs to them. */
static void write_params(struct pager *p, const struct page *page,
                         struct buf *out) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "limit", PAGE_ROWS);
    if (!str_empty(p->filter)) {
        jsonw_kstring(&w, "filter", p->filter);
    }
    if (!str_empty(p->sort)) {
        jsonw_kstring(&w, "sort", p->sort);
    }
    if (page->after) {
        jsonw_kstring(&w, "after", page->after);
    }
    jsonw_end_object(&w);
    if (!str_empty(p->extra)) {
        buf_truncate(out, out->len - 1);
        buf_addf(out, ",%s}", p->extra);
    }
}

/* One request at a time: the page an answer belongs to is the asked one. */
static struct page *asked_page(const struct pager *p) {
    for (int i = 0; i < p->n_pages; i++) {
        if (p->pages[i].asked) {
            return &p->pages[i];
        }
    }
    return NULL;
}

static void ask(struct pager *p, struct page *page) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (asked_page(p)) {
        return;
    }
    write_params(p, page, &b);
    /* What is touched from now on may not be in the answer. */
    page->stale = false;
    page->asked =
        link_ask(p->link, page->def->method, buf_str(&b), answered, p) == 0;
}

static void replace(char **dst, const char *src) {
    char *copy = mem_dup(src);
    free(*dst);
    *dst = copy;
}

void pager_set(struct pager *p, const char *filter, const char *sort,
               const char *extra) {
    link_forget(p->link, p);
    forget_pages(p, 0);
    replace(&p->filter, filter);
    replace(&p->sort, sort);
    replace(&p->extra, extra);
    p->ended = p->answered = false;
    p->total = -1;
    p->error[0] = '\0';
    ask(p, add_page(p, p->def, NULL));
}

/* A row that does not read is left out, its page is not. */
static int read_rows(const struct pager_def *def, const struct json *items,
                     char **ret) {
    size_t size = def->row_size;
    int n = 0;
    char *rows = mem_zalloc(json_count(items) + 1, size);
    for (const struct json *i = json_first(items); i; i = json_next(i)) {
        void *row = rows + (size_t)n * size;
        if (def->read(i, row) == 0) {
            n++;
        } else {
            memset(row, 0, size);
        }
    }
    *ret = rows;
    return n;
}

/* The chain behind page i, as the answer says it goes on. */
static void link_next(struct pager *p, int i, const char *next) {
    REQUIRE(i >= 0 && i < p->n_pages);
    const struct pager_def *def = p->pages[i].def;
    if (!next) {
        def = def->then;
    }
    if (!def) {
        forget_pages(p, i + 1);
        p->ended = true;
    } else if (i + 1 == p->n_pages) {
        p->ended = false;
        (void)add_page(p, def, next);
    } else if (p->pages[i + 1].def != def ||
               !str_eq(p->pages[i + 1].after, next)) {
        p->ended = false;
        p->pages[i + 1].def = def;
        replace(&p->pages[i + 1].after, next);
        p->pages[i + 1].stale = true;
        forget_pages(p, i + 2);
    }
}

/* The rows are replaced in one step: never a half-old page. */
static void accept(struct pager *p, int i, const struct json *result) {
    struct page *page = &p->pages[i];
    char *rows;
    int64_t total = -1;
    int n = read_rows(page->def, json_get(result, "items"), &rows);
    free(page->rows);
    page->rows = rows;
    page->n = n;
    (void)json_i64(json_get(result, "total"), false, &total);
    if (total >= 0 || i == 0) {
        p->total = total;
    }
    link_next(p, i, json_string(json_get(result, "next")));
}

static void answered(void *arg, const struct link_reply *r) {
    struct pager *p = arg;
    struct page *page = asked_page(p);
    if (!CHECK(page != NULL)) {
        return;
    }
    page->asked = false;
    p->answered = true;
    p->error[0] = '\0';
    if (r->result) {
        accept(p, (int)(page - p->pages), r->result);
    } else {
        (void)str_format(p->error, sizeof p->error, "%s%s%s", r->message,
                         r->hint ? " " : "", r->hint ? r->hint : "");
        page->stale = false;
    }
    p->changed(p->arg);
}

/* The page of row i and the row's place in it; -1 behind the known end. */
static int locate(const struct pager *p, int64_t i, int *ret_at) {
    for (int k = 0; k < p->n_pages && i >= 0; k++) {
        if (i < p->pages[k].n) {
            *ret_at = (int)i;
            return k;
        }
        i -= p->pages[k].n;
    }
    return -1;
}

const void *pager_row(const struct pager *p, int64_t i) {
    int at;
    int k = locate(p, i, &at);
    return k < 0 || !p->pages[k].rows
               ? NULL
               : p->pages[k].rows + (size_t)at * p->def->row_size;
}

/* Page of a line, the last one for lines behind the known end. */
static int page_of(const struct pager *p, int64_t i) {
    int at;
    int k = locate(p, i, &at);
    return k < 0 ? p->n_pages - 1 : k;
}

/* Counts and keys stay, so that the place of every row does. */
static void evict(struct pager *p, int low, int high) {
    for (int k = 0; k < p->n_pages; k++) {
        struct page *page = &p->pages[k];
        if (k < low - PAGES_KEPT / 2 || k > high + PAGES_KEPT / 2) {
            free(page->rows);
            page->rows = NULL;
        }
    }
}

void pager_want(struct pager *p, int64_t first, int64_t last) {
    REQUIRE(first <= last);
    int low = page_of(p, first < 0 ? 0 : first);
    int high = page_of(p, last + (last - first) + 1);
    if (low < 0 || p->error[0]) {
        return;
    }
    evict(p, low, high);
    for (int k = low; k <= high; k++) {
        if (!p->pages[k].rows || p->pages[k].stale) {
            ask(p, &p->pages[k]);
            return;
        }
    }
}

void pager_refresh(struct pager *p, int64_t first, int64_t last) {
    p->error[0] = '\0';
    for (int k = 0; k < p->n_pages; k++) {
        p->pages[k].stale = true;
    }
    pager_want(p, first, last);
}

int64_t pager_count(const struct pager *p) {
    int64_t count = 0;
    for (int k = 0; k < p->n_pages; k++) {
        count += p->pages[k].n;
    }
    return count;
}

bool pager_ended(const struct pager *p) {
    return p->ended;
}

int64_t pager_total(const struct pager *p) {
    return p->ended ? pager_count(p) : p->total;
}

bool pager_loading(const struct pager *p) {
    return !p->answered;
}

const char *pager_error(const struct pager *p) {
    return p->error;
}

int64_t pager_find(const struct pager *p, const char *key) {
    REQUIRE(key != NULL);
    int64_t base = 0;
    for (int k = 0; k < p->n_pages; base += p->pages[k++].n) {
        for (int i = 0; p->pages[k].rows && i < p->pages[k].n; i++) {
            const void *row = p->pages[k].rows + (size_t)i * p->def->row_size;
            if (str_eq(p->def->key(row), key)) {
                return base + i;
            }
        }
    }
    return -1;
}
