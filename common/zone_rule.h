/* The rule in a TZif footer, POSIX TZ syntax: what holds behind the last
 * transition listed, such as "EST5EDT,M3.2.0,M11.1.0". */
#pragma once

#include <stdint.h>

struct zone_date {
    char form;  /* 'M' month.week.day, 'J' day 1-365 without leap day, 'N' day
                   0-365 */
    int month;  /* 1-12 (M) */
    int week;   /* 1-5, 5 = last (M) */
    int day;    /* weekday 0-6 (M), else the day of the year */
    int32_t at; /* seconds after local midnight, -167 h .. 167 h */
};

struct zone_rule {
    int32_t standard, summer; /* seconds east of UTC */
    int has_summer;
    struct zone_date start, end; /* of summer time */
};

/* ERR_INVALID when s is no such rule; *ret is then untouched. */
int zone_rule_parse(const char *s, struct zone_rule *ret);

/* Seconds east of UTC at t (Unix seconds). */
int32_t zone_rule_offset(const struct zone_rule *r, int64_t t);
