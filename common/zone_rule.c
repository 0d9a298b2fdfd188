#include "common/zone_rule.h"

#include <stdbool.h>
#include <string.h>

#include "common/err.h"
#include "common/when.h"

enum { DAY = 86400 };

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A number min..max of at most three digits; NULL in *p stays NULL, so that a
 * fault anywhere is seen once at the end. */
static int number(const char **p, int min, int max) {
    int v = 0, n = 0;
    for (; *p && n < 3 && digit(**p); n++)
        v = v * 10 + (*(*p)++ - '0');
    if (*p && (n == 0 || v < min || v > max))
        *p = NULL;
    return v;
}

static bool skip(const char **p, char c) {
    if (!*p || **p != c)
        return false;
    ++*p;
    return true;
}

static void expect(const char **p, char c) {
    if (!skip(p, c))
        *p = NULL;
}

/* "EST" or "<+03>"; the text itself is of no use. */
static void name(const char **p) {
    if (!*p)
        return;
    const char *s = *p;
    bool quoted = *s == '<';
    s += quoted;
    size_t n = 0;
    while (letter(s[n]) ||
           (quoted && (digit(s[n]) || s[n] == '+' || s[n] == '-')))
        n++;
    if (n < 3 || (quoted && s[n] != '>'))
        *p = NULL;
    else
        *p = s + n + quoted;
}

/* [+-]h[:mm[:ss]] in seconds. */
static int32_t span(const char **p, int max_hours) {
    int sign = skip(p, '-') ? -1 : 1;
    if (sign == 1)
        (void)skip(p, '+');
    int32_t v = number(p, 0, max_hours) * 3600;
    if (skip(p, ':'))
        v += number(p, 0, 59) * 60;
    if (skip(p, ':'))
        v += number(p, 0, 59);
    return sign * v;
}

static void date(const char **p, struct zone_date *d) {
    expect(p, ',');
    if (skip(p, 'M')) {
        d->form = 'M';
        d->month = number(p, 1, 12);
        expect(p, '.');
        d->week = number(p, 1, 5);
        expect(p, '.');
        d->day = number(p, 0, 6);
    } else {
        d->form = skip(p, 'J') ? 'J' : 'N';
        d->day = number(p, d->form == 'J', 365);
    }
    d->at = skip(p, '/') ? span(p, 167) : 7200;
}

int zone_rule_parse(const char *s, struct zone_rule *ret) {
    struct zone_rule r = {0};
    const char *p = s;
    name(&p);
    r.standard = -span(&p, 24);
    if (p && *p) {
        r.has_summer = 1;
        name(&p);
        r.summer = p && *p != ',' ? -span(&p, 24) : r.standard + 3600;
        date(&p, &r.start);
        date(&p, &r.end);
    }
    if (!p || *p)
        return ERR_INVALID;
    *ret = r;
    return 0;
}

static bool leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since 1970 of the date in that year. */
static int64_t date_days(const struct zone_date *d, int year) {
    int64_t jan1 = when_from_civil(year, 1, 1) / 86400000;
    if (d->form == 'N')
        return jan1 + d->day;
    if (d->form == 'J')
        return jan1 + d->day - 1 + (leap(year) && d->day >= 60);
    int64_t first = when_from_civil(year, d->month, 1) / 86400000;
    int64_t next = d->month == 12
                       ? when_from_civil(year + 1, 1, 1) / 86400000
                       : when_from_civil(year, d->month + 1, 1) / 86400000;
    /* 1970-01-01 was a Thursday. */
    int weekday = (int)(((first + 4) % 7 + 7) % 7);
    int64_t day =
        first + (d->day - weekday + 7) % 7 + (int64_t)7 * (d->week - 1);
    return day < next ? day : day - 7;
}

int32_t zone_rule_offset(const struct zone_rule *r, int64_t t) {
    int year, month, day;
    if (!r->has_summer)
        return r->standard;
    when_civil((t + r->standard) * 1000, &year, &month, &day);
    int64_t on = date_days(&r->start, year) * DAY + r->start.at - r->standard;
    int64_t off = date_days(&r->end, year) * DAY + r->end.at - r->summer;
    /* South of the equator summer spans the new year. */
    bool summer = on < off ? t >= on && t < off : t >= on || t < off;
    return summer ? r->summer : r->standard;
}
