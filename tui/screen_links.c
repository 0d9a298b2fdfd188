/* A row is known by the hash of what was put into it. Where it is the same as
 * it was, curses sends nothing, and the links on the terminal are right. */
#include "tui/screen_links.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"

enum { LINKS_MAX = 64 }; /* of a frame: more are text */

#define HASH_FIRST UINT64_C(0xcbf29ce484222325)
#define HASH_TIMES UINT64_C(0x100000001b3)

struct row {
    uint64_t hash, shown; /* of this frame; of what the terminal has */
};

struct screen_links {
    int h, w;
    struct row *rows; /* h of them */
    struct screen_link links[LINKS_MAX];
    int n;
    const char *address; /* in use, borrowed; NULL: none */
};

struct screen_links *screen_links_create(void) {
    return NEW(struct screen_links);
}

static void link_done(struct screen_link *k) {
    mem_wipe(k->text, strlen(k->text));
    mem_wipe(k->address, strlen(k->address)); /* a share link is a secret */
    free(k->text);
    free(k->address);
}

static void drop_all(struct screen_links *l) {
    while (l->n > 0)
        link_done(&l->links[--l->n]);
}

void screen_links_destroy(struct screen_links *l) {
    if (l) {
        drop_all(l);
        free(l->rows);
        free(l);
    }
}

void screen_links_forget(struct screen_links *l) {
    for (int y = 0; y < l->h; y++)
        l->rows[y].shown = 0;
}

bool screen_links_begin(struct screen_links *l, int h, int w) {
    bool other = l->h != h || l->w != w;
    drop_all(l);
    l->address = NULL;
    if (other) {
        REQUIRE(h > 0 && w > 0);
        free(l->rows);
        l->rows = mem_zalloc((size_t)h, sizeof *l->rows);
        l->h = h;
        l->w = w;
    }
    for (int y = 0; y < h; y++)
        l->rows[y].hash = HASH_FIRST;
    return other;
}

void screen_links_use(struct screen_links *l, const char *address) {
    l->address = address;
}

bool screen_links_used(const struct screen_links *l) {
    return l->address != NULL;
}

/* FNV-1a. */
static void mix(uint64_t *hash, const void *bytes, size_t n) {
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ b[i]) * HASH_TIMES;
}

static void cover(struct screen_links *l, int y, int x, int cells) {
    for (int i = l->n - 1; i >= 0; i--) {
        struct screen_link *k = &l->links[i];
        int end = k->x + (int)strlen(k->text);
        if (k->y == y && k->x < x + cells && x < end) {
            link_done(k);
            *k = l->links[--l->n];
        }
    }
}

/* The last cell of the last row scrolls some terminals: none ends there. */
static bool fits(const struct screen_links *l, int y, int x, const char *text) {
    size_t n = strlen(text);
    if (n == 0 || l->n == LINKS_MAX || x < 0 || n > (size_t)(l->w - x) ||
        (y == l->h - 1 && (size_t)x + n == (size_t)l->w))
        return false;
    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

void screen_links_put(struct screen_links *l, int y, int x, int role,
                      const char *text, int cells) {
    if (y < 0 || y >= l->h)
        return;
    struct row *r = &l->rows[y];
    mix(&r->hash, &x, sizeof x);
    mix(&r->hash, &role, sizeof role);
    mix(&r->hash, text, strlen(text) + 1);
    cover(l, y, x, cells);
    if (!l->address || !fits(l, y, x, text))
        return;
    mix(&r->hash, l->address, strlen(l->address) + 1);
    l->links[l->n++] = (struct screen_link){.y = y,
                                            .x = x,
                                            .role = role,
                                            .text = mem_dup(text),
                                            .address = mem_dup(l->address)};
}

/* curses moves the cursor to the right by sending the cells on its way once
 * more when that is shorter: they are text then. */
static bool is_crossed(const struct screen_link *k, int cy, int cx) {
    return k->y == cy && k->x < cx;
}

const struct screen_link *screen_links_due(struct screen_links *l, int cy,
                                           int cx, int *ret_n) {
    for (int i = 0; i < l->n; i++) {
        struct screen_link *k = &l->links[i];
        struct row *r = &l->rows[k->y];
        k->due = r->hash != r->shown || is_crossed(k, cy, cx);
    }
    for (int y = 0; y < l->h; y++)
        l->rows[y].shown = l->rows[y].hash;
    *ret_n = l->n;
    return l->links;
}
