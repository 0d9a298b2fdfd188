#include "common/when.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/err.h"

enum { DAY_MS = 86400000 };

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

int64_t when_from_civil(int year, int month, int day) {
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    int64_t days = era * 146097 + doe - 719468, ms;
    if (__builtin_mul_overflow(days, (int64_t)DAY_MS, &ms))
        return days < 0 ? INT64_MIN : INT64_MAX;
    return ms;
}

void when_civil(int64_t ms, int *year, int *month, int *day) {
    int64_t z = floor_div(ms, DAY_MS) + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

struct stamp {
    int year, month, day, hour, minute, second, ms;
    int offset; /* minutes east of UTC */
};

/* Exactly n digits at *p, which moves behind them. */
static bool number(const char **p, int n, int *ret) {
    int v = 0;
    for (int i = 0; i < n; i++) {
        char c = (*p)[i];
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *p += n;
    *ret = v;
    return true;
}

static bool skip(const char **p, char c) {
    if (**p != c)
        return false;
    ++*p;
    return true;
}

int when_day(const char *s, int64_t *ret_ms) {
    struct stamp t = {0};
    int y, m, d;
    bool shape = number(&s, 4, &t.year) && skip(&s, '-') &&
                 number(&s, 2, &t.month) && skip(&s, '-') &&
                 number(&s, 2, &t.day) && *s == '\0';
    if (!shape || t.year < 2000 || t.year > 2200 || t.month < 1 || t.month > 12)
        return ERR_INVALID;
    int64_t ms = when_from_civil(t.year, t.month, t.day);
    when_civil(ms, &y, &m, &d);
    if (m != t.month || d != t.day) /* the 31st of November */
        return ERR_INVALID;
    *ret_ms = ms;
    return 0;
}

const char *when_day_text(char dst[WHEN_DAY], int64_t ms) {
    int y, m, d;
    when_civil(ms, &y, &m, &d);
    if (y < 0 || y > 9999)
        y = 9999;
    (void)snprintf(dst, WHEN_DAY, "%04d-%02d-%02d", y, m, d);
    return dst;
}

/* "12:08:50" */
static bool clock_part(const char **p, struct stamp *t) {
    return number(p, 2, &t->hour) && skip(p, ':') && number(p, 2, &t->minute) &&
           skip(p, ':') && number(p, 2, &t->second);
}

/* One to nine digits behind the point; what is finer than a ms is dropped. */
static bool fraction_part(const char **p, struct stamp *t) {
    int n = 0, digit;
    for (; n < 9 && number(p, 1, &digit); n++)
        if (n < 3)
            t->ms = t->ms * 10 + digit;
    for (int i = n; i < 3; i++)
        t->ms *= 10;
    return n > 0;
}

/* "", "Z", "+03:00" or "+0300" up to the end of the text. */
static bool zone_part(const char *p, struct stamp *t) {
    int hours, minutes;
    if (!*p || strcmp(p, "Z") == 0)
        return true;
    int sign = *p == '-' ? -1 : 1;
    if (!skip(&p, '+') && !skip(&p, '-'))
        return false;
    if (!number(&p, 2, &hours))
        return false;
    (void)skip(&p, ':'); /* both forms are ISO 8601 */
    if (!number(&p, 2, &minutes) || *p || hours > 18 || minutes > 59)
        return false;
    t->offset = sign * (hours * 60 + minutes);
    return true;
}

static bool leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool sane(const struct stamp *t) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (t->year < 1970 || t->month < 1 || t->month > 12 || t->day < 1)
        return false;
    int last = days[t->month - 1] + (t->month == 2 && leap(t->year));
    return t->day <= last && t->hour < 24 && t->minute < 60 && t->second < 60;
}

static int64_t stamp_ms(const struct stamp *t) {
    int64_t minutes = (int64_t)t->hour * 60 + t->minute - t->offset;
    return when_from_civil(t->year, t->month, t->day) + minutes * 60000 +
           (int64_t)t->second * 1000 + t->ms;
}

int when_parse(const char *s, int64_t *ret_ms) {
    struct stamp t = {0};
    const char *p = s;
    if (!number(&p, 4, &t.year) || !skip(&p, '-') || !number(&p, 2, &t.month) ||
        !skip(&p, '-') || !number(&p, 2, &t.day))
        return ERR_INVALID;
    if (!skip(&p, 'T') && !skip(&p, ' '))
        return ERR_INVALID;
    if (!clock_part(&p, &t) || (skip(&p, '.') && !fraction_part(&p, &t)) ||
        !zone_part(p, &t) || !sane(&t))
        return ERR_INVALID;
    *ret_ms = stamp_ms(&t);
    return 0;
}

/* "Nov" -> 11; 0 when it is no month. */
static int month_of(const char *s) {
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (size_t i = 0; i < 12; i++)
        if (strncmp(s, names + 3 * i, 3) == 0)
            return (int)i + 1;
    return 0;
}

int when_http(const char *s, int64_t *ret_ms) {
    struct stamp t = {0};
    /* "Sun, 06 Nov 1994 08:49:37 GMT"; the weekday is not needed. */
    if (strlen(s) != 29 || strncmp(s + 3, ", ", 2) != 0)
        return ERR_INVALID;
    const char *p = s + 5;
    t.month = month_of(s + 8);
    if (!number(&p, 2, &t.day) || !skip(&p, ' '))
        return ERR_INVALID;
    p += 3;
    if (!skip(&p, ' ') || !number(&p, 4, &t.year) || !skip(&p, ' ') ||
        !clock_part(&p, &t) || strcmp(p, " GMT") != 0 || !sane(&t))
        return ERR_INVALID;
    *ret_ms = stamp_ms(&t);
    return 0;
}

static const char *iso(char dst[WHEN_TEXT], int64_t ms, bool fraction) {
    int year, month, day;
    int in_day = (int)((ms % DAY_MS + DAY_MS) % DAY_MS);
    when_civil(ms, &year, &month, &day);
    int n = snprintf(dst, WHEN_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", year,
                     month, day, in_day / 3600000, in_day / 60000 % 60,
                     in_day / 1000 % 60);
    /* Any int64 fits: the widest year has nine digits and a sign. */
    char *end = dst + n;
    size_t room = WHEN_TEXT - (size_t)n;
    if (fraction)
        (void)snprintf(end, room, ".%03dZ", in_day % 1000);
    else
        (void)snprintf(end, room, "Z");
    return dst;
}

const char *when_iso(char dst[WHEN_TEXT], int64_t ms) {
    return iso(dst, ms, false);
}

const char *when_iso_ms(char dst[WHEN_TEXT], int64_t ms) {
    return iso(dst, ms, true);
}

const char *when_age(char dst[WHEN_TEXT], int64_t age_ms) {
    int64_t minutes = age_ms / 60000;
    int64_t hours = minutes / 60, days = hours / 24;
    if (age_ms < 60000)
        (void)snprintf(dst, WHEN_TEXT, "<1m");
    else if (minutes < 60)
        (void)snprintf(dst, WHEN_TEXT, "%dm", (int)minutes);
    else if (hours < 24)
        (void)snprintf(dst, WHEN_TEXT, "%dh%02d", (int)hours,
                       (int)(minutes % 60));
    else if (days < 14)
        (void)snprintf(dst, WHEN_TEXT, "%dd", (int)days);
    else if (days < 365)
        (void)snprintf(dst, WHEN_TEXT, "%dw", (int)(days / 7));
    else
        (void)snprintf(dst, WHEN_TEXT, "%lldy", (long long)(days / 365));
    return dst;
}

const char *when_span(char dst[WHEN_TEXT], int64_t ms) {
    int64_t seconds = ms < 0 ? 0 : ms / 1000;
    int64_t minutes = seconds / 60;
    if (seconds < 60)
        (void)snprintf(dst, WHEN_TEXT, "%d s", (int)seconds);
    else if (minutes < 60)
        (void)snprintf(dst, WHEN_TEXT, "%d min", (int)minutes);
    else
        (void)snprintf(dst, WHEN_TEXT, "%lld h %02d", (long long)(minutes / 60),
                       (int)(minutes % 60));
    return dst;
}
