/* The screen as an array of cells: what a unit test looks at. */
#include "tui/screen.h"

#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/utf8.h"

struct cell {
    char text[16]; /* one cluster; "" behind a wide one */
    int role;
};

struct screen_fake {
    struct screen base;
    struct cell *cells;
    struct buf row; /* what screen_fake_row returned */
    int h, w;
    int cy, cx;
};

static struct screen_fake *fake(struct screen *s) {
    return (struct screen_fake *)s;
}

static struct cell *cell_at(struct screen_fake *f, int y, int x) {
    REQUIRE(y >= 0 && y < f->h && x >= 0 && x < f->w);
    return &f->cells[y * f->w + x];
}

static void fake_size(struct screen *s, int *ret_h, int *ret_w) {
    *ret_h = fake(s)->h;
    *ret_w = fake(s)->w;
}

static void fake_erase(struct screen *s) {
    struct screen_fake *f = fake(s);
    for (int i = 0; i < f->h * f->w; i++) {
        f->cells[i] = (struct cell){" ", ROLE_NORMAL};
    }
}

static void fake_put(struct screen *s, int y, int x, int role, const char *text,
                     int cells) {
    struct screen_fake *f = fake(s);
    while (*text && cells > 0 && x < f->w) {
        uint32_t cp;
        size_t n = utf8_decode(text, strlen(text), &cp);
        int width = n ? utf8_width(cp) : 0;
        if (n == 0 || width > cells || x + width > f->w) {
            return;
        }
        if (width > 0) {
            struct cell *c = cell_at(f, y, x);
            c->role = role;
            memcpy(c->text, text, n);
            c->text[n] = '\0';
            if (width == 2) {
                *cell_at(f, y, x + 1) = (struct cell){"", role};
            }
        }
        x += width;
        cells -= width;
        text += n;
    }
}

static void fake_cursor(struct screen *s, int y, int x) {
    fake(s)->cy = y;
    fake(s)->cx = x;
}

static int fake_key(struct screen *s) {
    (void)s;
    return 0;
}

static void fake_nothing(struct screen *s) {
    (void)s;
}

static void fake_copy(struct screen *s, const char *text) {
    (void)s;
    (void)text;
}

static void fake_link(struct screen *s, const char *address) {
    (void)s;
    (void)address;
}

static void fake_destroy(struct screen *s) {
    struct screen_fake *f = fake(s);
    buf_done(&f->row);
    free(f->cells);
    free(f);
}

static const struct screen_ops fake_ops = {
    .size = fake_size,
    .erase = fake_erase,
    .put = fake_put,
    .link = fake_link,
    .cursor = fake_cursor,
    .flush = fake_nothing,
    .key = fake_key,
    .resize = fake_nothing,
    .redraw = fake_nothing,
    .suspend = fake_nothing,
    .copy = fake_copy,
    .ring = fake_nothing,
    .destroy = fake_destroy,
};

struct screen *screen_fake_create(int h, int w) {
    struct screen_fake *f = NEW(struct screen_fake);
    f->base.ops = &fake_ops;
    screen_fake_set_size(&f->base, h, w);
    return &f->base;
}

void screen_fake_set_size(struct screen *s, int h, int w) {
    struct screen_fake *f = fake(s);
    REQUIRE(h > 0 && w > 0);
    free(f->cells);
    f->cells = mem_zalloc((size_t)h * (size_t)w, sizeof *f->cells);
    f->h = h;
    f->w = w;
    fake_erase(s);
}

const char *screen_fake_row(struct screen *s, int y) {
    struct screen_fake *f = fake(s);
    buf_clear(&f->row);
    for (int x = 0; x < f->w; x++) {
        buf_adds(&f->row, cell_at(f, y, x)->text);
    }
    while (f->row.len && f->row.data[f->row.len - 1] == ' ') {
        buf_truncate(&f->row, f->row.len - 1);
    }
    return buf_str(&f->row);
}

int screen_fake_role(struct screen *s, int y, int x) {
    return cell_at(fake(s), y, x)->role;
}

void screen_fake_cursor(struct screen *s, int *ret_y, int *ret_x) {
    *ret_y = fake(s)->cy;
    *ret_x = fake(s)->cx;
}
