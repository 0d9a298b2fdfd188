#include "common/query_value.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/check.h"
#include "common/money.h"
#include "common/str.h"
#include "common/when.h"

enum { DAYS_MAX = 36500 };

bool query_choice_next(const char **p, char *dst, size_t size) {
    size_t n = strcspn(*p, "|");
    if (n == 0)
        return false;
    (void)snprintf(dst, size, "%.*s", (int)n, *p);
    *p += n + ((*p)[n] == '|');
    return true;
}

/* "2026-11-22" and nothing else. */
static int read_civil(const char *s, int64_t *ret) {
    static const char form[] = "dddd-dd-dd";
    char full[32];
    if (strlen(s) != sizeof form - 1)
        return ERR_INVALID;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
            return ERR_INVALID;
    (void)snprintf(full, sizeof full, "%sT00:00:00Z", s);
    return when_parse(full, ret);
}

/* "7d" or "2w" ago as days from today. */
static int read_days_ago(const char *s, int64_t *ret) {
    char digits[8];
    int64_t n;
    size_t len = strlen(s);
    if (len < 2 || len > sizeof digits ||
        (s[len - 1] != 'd' && s[len - 1] != 'w'))
        return ERR_INVALID;
    memcpy(digits, s, len - 1);
    digits[len - 1] = '\0';
    if (str_to_i64(digits, 0, DAYS_MAX, &n))
        return ERR_INVALID;
    *ret = -n * (s[len - 1] == 'w' ? 7 : 1);
    return 0;
}

/* A day of the calendar, or one relative to today. */
static int read_date(const char *s, int64_t *ret) {
    if (strcasecmp(s, "today") == 0 || strcasecmp(s, "yesterday") == 0) {
        *ret = (*s | 0x20) == 't' ? 0 : -1;
        return 0;
    }
    return read_civil(s, ret) && read_days_ago(s, ret) ? ERR_INVALID : 0;
}

/* Milliseconds. */
static int read_age(const char *s, int64_t *ret) {
    int64_t seconds;
    size_t n = strlen(s);
    /* A bare number would be seconds, which nobody means. */
    if (n == 0 || !strchr("smhdw", s[n - 1]) || str_to_duration(s, &seconds))
        return ERR_INVALID;
    *ret = seconds * 1000;
    return 0;
}

/* The choice as the table spells it. */
static int read_choice(const struct query_key *key, struct query_value *v) {
    char choice[sizeof v->text];
    const char *p = key->choices;
    while (query_choice_next(&p, choice, sizeof choice)) {
        if (strcasecmp(choice, v->text) == 0) {
            memcpy(v->text, choice, sizeof choice);
            return 0;
        }
    }
    return ERR_INVALID;
}

/* By the type; money and quantities by their own exact parser. */
static int read_num(const struct query_key *key, struct query_value *v) {
    switch (key->type) {
    case QUERY_INT:
        return str_to_i64(v->text, INT64_MIN, INT64_MAX, &v->num);
    case QUERY_MONEY:
        return money_parse(v->text, MONEY_SCALE, &v->num);
    case QUERY_QTY:
        return money_parse(v->text, QTY_SCALE, &v->num);
    case QUERY_DATE:
        return read_date(v->text, &v->num);
    case QUERY_AGE:
        return read_age(v->text, &v->num);
    case QUERY_CHOICE:
        return read_choice(key, v);
    case QUERY_WORD:
        return 0;
    }
    return ERR_INVALID;
}

/* The choice that was probably meant, in `choice`; NULL when none is near. */
static const char *near_choice(const struct query_key *key, const char *text,
                               char *choice, size_t size) {
    char best[128] = "";
    int best_distance = 3;
    const char *p = key->choices;
    while (query_choice_next(&p, choice, size)) {
        int d = str_distance(text, choice);
        if (d < best_distance && d * 2 <= (int)strlen(text)) {
            best_distance = d;
            (void)snprintf(best, sizeof best, "%s", choice);
        }
    }
    (void)snprintf(choice, size, "%s", best);
    return *choice ? choice : NULL;
}

/* What the key takes, and the near miss. */
static void explain(const struct query_key *key, const char *text, char *why,
                    size_t size) {
    char allowed[200];
    char choice[128];
    const char *near = NULL;
    query_value_allowed(key, allowed, sizeof allowed);
    if (key->type == QUERY_CHOICE)
        near = near_choice(key, text, choice, sizeof choice);
    if (near)
        (void)snprintf(why, size, "%s takes %s; did you mean \"%s\"?",
                       key->name, allowed, near);
    else
        (void)snprintf(why, size, "%s takes %s", key->name, allowed);
}

int query_value_read(const struct query_key *key, struct query_value *v,
                     char *why, size_t size) {
    REQUIRE(key->type != QUERY_CHOICE || key->choices);
    if (read_num(key, v) == 0 && *v->text)
        return 0;
    explain(key, v->text, why, size);
    return ERR_INVALID;
}

void query_value_allowed(const struct query_key *key, char *dst, size_t size) {
    static const char *const texts[] = {
        [QUERY_WORD] = "a text, * stands for anything",
        [QUERY_INT] = "a whole number",
        [QUERY_MONEY] = "an amount such as 99.90",
        [QUERY_QTY] = "a quantity such as 3 or 1.5",
        [QUERY_DATE] = "a date: 2026-11-22, today, yesterday or 7d (ago)",
        [QUERY_AGE] = "an age: 30m, 3h, 2d or 1w",
    };
    char choice[128];
    const char *p = key->choices;
    if (key->type != QUERY_CHOICE) {
        (void)snprintf(dst, size, "%s", texts[key->type]);
        return;
    }
    (void)snprintf(dst, size, "one of ");
    for (bool first = true; query_choice_next(&p, choice, sizeof choice);
         first = false) {
        size_t used = strlen(dst);
        (void)snprintf(dst + used, size - used, "%s%s", first ? "" : ", ",
                       choice);
    }
}
