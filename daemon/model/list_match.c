/* Values of a filter against fields. */
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/fold.h"
#include "common/str.h"
#include "common/zone.h"
#include "model/list.h"

enum {
    HALF_DAY_MS = 43200000,
};

bool list_word(const struct query_term *t, const char *value) {
    for (int i = 0; i < t->n_values; i++) {
        const struct query_value *v = &t->values[i];
        if (v->wildcard ? str_glob(v->text, value)
                        : strcasecmp(v->text, value) == 0)
            return true;
    }
    return false;
}

bool list_choice(const struct query_term *t, const char *value) {
    for (int i = 0; i < t->n_values; i++)
        if (str_eq(t->values[i].text, value))
            return true;
    return false;
}

bool list_mark(const struct query_term *t, const char *marks) {
    bool none = str_empty(marks);
    for (int i = 0; i < t->n_values; i++) {
        const char *want = t->values[i].text;
        if (str_eq(want, "none") ? none : str_eq(want, "any") && !none)
            return true;
    }
    char one[128];
    for (const char *s = marks; !none && *s == ',' && s[1];) {
        size_t n = strcspn(s + 1, ",");
        (void)str_format(one, sizeof one, "%.*s", (int)n, s + 1);
        if (list_word(t, one))
            return true;
        s += n + 1;
    }
    return false;
}

const char *list_keep(struct arena *a, const char *s) {
    return str_empty(s) ? "" : arena_dupn(a, s, strlen(s));
}

const char *list_fold(struct arena *a, const char *s) {
    AUTO_BUF struct buf b = BUF_INIT;
    fold_text(&b, s, strlen(s));
    return arena_dupn(a, buf_str(&b), b.len);
}

bool list_folded(const struct query_term *t, const char *value) {
    AUTO_BUF struct buf have = BUF_INIT, want = BUF_INIT;
    fold_text(&have, value, strlen(value));
    for (int i = 0; i < t->n_values; i++) {
        const struct query_value *v = &t->values[i];
        buf_clear(&want);
        fold_text(&want, v->text, strlen(v->text));
        if (v->wildcard ? str_glob(buf_str(&want), buf_str(&have))
                        : strstr(buf_str(&have), buf_str(&want)) != NULL)
            return true;
    }
    return false;
}

static bool compare(enum query_op op, int64_t a, int64_t b) {
    switch (op) {
    case QUERY_LT:
        return a < b;
    case QUERY_LE:
        return a <= b;
    case QUERY_GT:
        return a > b;
    case QUERY_GE:
        return a >= b;
    case QUERY_EQ:
        break;
    }
    return a == b;
}

bool list_num(const struct query_term *t, int64_t value) {
    for (int i = 0; i < t->n_values; i++)
        if (compare(t->op, value, t->values[i].num))
            return true;
    return false;
}

/* Days from today (0, -1 ...) or the UTC midnight of a civil date, as
 * common/query_value.c leaves them: no one asks for 1970. */
static int64_t day_start(const struct query_value *v, const struct zone *z,
                         int64_t now, int days) {
    if (v->num <= 0)
        return zone_day_start(z, now, (int)v->num + days);
    int64_t noon = v->num + HALF_DAY_MS; /* of that day in UTC */
    int64_t local = noon - (int64_t)zone_offset(z, noon) * 1000;
    return zone_day_start(z, local, days);
}

static void day_range(const struct query_term *t, const struct query_value *v,
                      const struct zone *z, int64_t now, int64_t *from,
                      int64_t *to) {
    bool next = t->op == QUERY_GT, open_end = t->op >= QUERY_GT;
    *from = t->op == QUERY_LT || t->op == QUERY_LE
                ? INT64_MIN
                : day_start(v, z, now, next ? 1 : 0);
    *to = open_end ? INT64_MAX : day_start(v, z, now, t->op != QUERY_LT);
}

bool list_date(const struct query_term *t, int64_t ms, const struct zone *z,
               int64_t now) {
    for (int i = 0; i < t->n_values; i++) {
        int64_t from, to;
        day_range(t, &t->values[i], z, now, &from, &to);
        if (ms >= from && ms < to)
            return true;
    }
    return false;
}

bool list_age(const struct query_term *t, int64_t created_ms, int64_t now) {
    for (int i = 0; i < t->n_values; i++) {
        /* an age is never met to the millisecond: = means "at least" */
        enum query_op op = t->op == QUERY_EQ ? QUERY_GE : t->op;
        if (compare(op, now - created_ms, t->values[i].num))
            return true;
    }
    return false;
}

void list_range(const struct query_term *t, const struct zone *z, int64_t now,
                int64_t *from, int64_t *to) {
    int64_t lo = INT64_MIN, hi = INT64_MAX;
    if (t->negated || t->n_values != 1)
        return;
    if (t->key->type == QUERY_DATE)
        day_range(t, &t->values[0], z, now, &lo, &hi);
    else if (t->op == QUERY_LT || t->op == QUERY_LE)
        lo = now - t->values[0].num;
    else
        hi = now - t->values[0].num + 1;
    *from = lo > *from ? lo : *from;
    *to = hi < *to ? hi : *to;
}
