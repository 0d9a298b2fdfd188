/* The day by hours: what came, was packed and left. */
#include "common/buf.h"
#include "common/json.h"
#include "tui/dashboard.h"
#include "tui/progress.h"
#include "tui/spark.h"
#include "tui/textview.h"
#include "tui/tr.h"

enum { HOURS = 25, FIGURE = 9, HOUR = 3 };

struct day {
    int64_t n[3][HOURS]; /* ordered, packed, shipped */
    int first, count;    /* hours shown */
    int cells;           /* of an hour's figure; 0: no room for figures */
};

static void read_hours(const struct json *list, int64_t n[HOURS], int *count,
                       int *first) {
    int i = 0;
    const struct json *h = json_first(list);
    for (; h && i < HOURS; h = json_next(h), i++) {
        (void)json_i64(h, false, &n[i]);
        if (n[i] && i < *first)
            *first = i;
    }
    *count = i > *count ? i : *count;
}

/* Hours before anything happened go; what does not fit goes from the left, as
 * now is at the right. */
static void fit_hours(struct day *d, int room) {
    int64_t max = 0;
    for (int m = 0; m < 3; m++)
        for (int i = d->first; i < d->count; i++)
            max = d->n[m][i] > max ? d->n[m][i] : max;
    d->cells = max < 100 ? HOUR : max < 1000 ? HOUR + 1 : HOUR + 3;
    int fits = (room - 1) / (d->cells + 1);
    if (fits < 6) {
        d->cells = 0;
        fits = room;
    }
    if (d->count - d->first > fits)
        d->first = d->count - fits;
}

static void hour_line(struct textview *t, const struct day *d, int m,
                      const char *label, const char *target, bool picture) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    int64_t all = 0;
    for (int i = 0; i < d->count; i++)
        all += d->n[m][i];
    if (picture) {
        buf_addf(&b, "%7s  ", progress_count(n, all));
        spark_line(&b, d->n[m] + d->first, d->count - d->first);
        for (int i = d->first; d->cells && i < d->count; i++)
            buf_addf(&b, "%*lld", d->cells, (long long)d->n[m][i]);
    } else {
        buf_adds(&b, progress_count(n, all));
        for (int i = d->first; i < d->count; i++)
            buf_addf(&b, ", %02d: %lld", i, (long long)d->n[m][i]);
    }
    textview_add(t, all ? ROLE_NORMAL : ROLE_DIM, label, "%s", buf_str(&b));
    textview_link(t, target);
}

static void hours_head(struct textview *t, const struct day *d) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%*s", FIGURE, "");
    if (d->cells) {
        buf_addf(&b, "%*s", d->count - d->first, "");
        for (int i = d->first; i < d->count; i++)
            buf_addf(&b, "%*s%02d", d->cells - 2, "", i);
    } else {
        buf_addf(&b, "%02d - %02d", d->first, d->count - 1);
    }
    textview_add(t, ROLE_DIM, T(DASHBOARD_PER_HOUR), "%s", buf_str(&b));
}

void dashboard_hours(struct textview *t, const struct json *o, bool picture,
                     int width) {
    static const struct {
        const char *key, *target;
        enum text_id label;
    } rows[] = {
        {"hours", "orders date:today", TEXT_DASHBOARD_ORDERED},
        {"packed", "shipments ", TEXT_DASHBOARD_PACKED},
        {"shipped", "shipments state:shipped", TEXT_DASHBOARD_SHIPPED},
    };
    struct day d = {.first = HOURS};
    for (int m = 0; m < 3; m++)
        read_hours(json_get(o, rows[m].key), d.n[m], &d.count, &d.first);
    if (d.first >= d.count)
        d.first = d.count ? d.count - 1 : 0;
    fit_hours(&d, width - t->label_width - FIGURE);
    if (picture)
        hours_head(t, &d);
    for (int m = 0; m < 3; m++)
        hour_line(t, &d, m, text_get(tr_lang, rows[m].label), rows[m].target,
                  picture);
}
