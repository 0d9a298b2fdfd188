/* Two passes: columns leave until the rest fits, then what is left over is
 * handed out one cell at a time, so that no column takes all of it. */
#include "tui/columns.h"

#include "common/check.h"

static int needed(const struct column *c, int n, const struct columns_fit *f) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        if (f->width[i]) {
            sum += f->width[i] + (sum ? 1 : 0);
        }
    }
    (void)c;
    return sum;
}

/* The shown column that goes first: largest priority, then the right one. */
static int weakest(const struct column *c, int n, const struct columns_fit *f) {
    int worst = -1;
    for (int i = 0; i < n; i++) {
        if (f->width[i] && (worst < 0 || c[i].priority >= c[worst].priority)) {
            worst = i;
        }
    }
    return worst;
}

static int shown(int n, const struct columns_fit *f) {
    int count = 0;
    for (int i = 0; i < n; i++) {
        count += f->width[i] > 0;
    }
    return count;
}

static void drop_columns(const struct column *c, int n, int width,
                         struct columns_fit *f) {
    while (needed(c, n, f) > width) {
        int i = weakest(c, n, f);
        if (shown(n, f) <= 1) {
            f->width[i] = width > 0 ? width : 0;
            return;
        }
        f->width[i] = 0;
    }
}

/* Hand out what is left, one cell at a time to the least served. */
static void grow_columns(const struct column *c, int n, int left,
                         struct columns_fit *f) {
    while (left > 0) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            if (f->width[i] && f->width[i] < c[i].max &&
                (best < 0 ||
                 f->width[i] - c[i].width < f->width[best] - c[best].width)) {
                best = i;
            }
        }
        if (best < 0) {
            return;
        }
        f->width[best]++;
        left--;
    }
}

void columns_fit(const struct column *c, int n, int width,
                 struct columns_fit *ret) {
    REQUIRE(n >= 0 && n <= COLUMNS_MAX);
    *ret = (struct columns_fit){0};
    for (int i = 0; i < n; i++) {
        REQUIRE(c[i].width > 0);
        ret->width[i] = c[i].width;
    }
    if (n == 0) {
        return;
    }
    drop_columns(c, n, width, ret);
    grow_columns(c, n, width - needed(c, n, ret), ret);
    for (int i = 0, x = 0; i < n; i++) {
        ret->x[i] = x;
        x += ret->width[i] ? ret->width[i] + 1 : 0;
    }
}
