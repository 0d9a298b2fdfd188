/* Time zones from TZif files, so that day bounds never depend on the process's
 * TZ. */
#pragma once

#include <stdint.h>

struct zone;

/* Load "Europe/Istanbul" from /usr/share/zoneinfo (or $TZDIR), "UTC", or a
 * fixed "+05:30". ERR_INVALID: bad name or file, ERR_NOT_FOUND: no such zone.
 * The caller frees with zone_free. */
int zone_load(const char *name, struct zone **ret);
/* NULL is fine. */
void zone_free(struct zone *z);

/* Seconds to add to UTC at that instant. NULL zone = UTC. */
int32_t zone_offset(const struct zone *z, int64_t ms);

/* Start of the local day that holds the instant, and of the day `days` later.
 * Right across DST changes. */
int64_t zone_day_start(const struct zone *z, int64_t ms, int days);

/* Instant of the local date at 00:00. */
int64_t zone_from_date(const struct zone *z, int year, int month, int day);

/* Local civil time of an instant; any pointer may be NULL. */
void zone_civil(const struct zone *z, int64_t ms, int *year, int *month,
                int *day, int *hour, int *minute);
