/* Instants: int64 milliseconds since the Unix epoch, UTC (_ms). */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { WHEN_TEXT = 40 };

/* Parse ISO 8601 "2026-11-22T12:08:50[.123][Z|+03:00]" (also with a space for
 * the T). Without a zone it is taken as UTC, which is what WooCommerce's *_gmt
 * fields mean. Years 1970..9999. ERR_INVALID otherwise; *ret untouched. */
int when_parse(const char *s, int64_t *ret_ms);

/* A day, "2026-11-30", as the instant it begins in UTC; years 2000..2200.
 * ERR_INVALID otherwise, also for a day no month has; *ret untouched. */
int when_day(const char *s, int64_t *ret_ms);

enum { WHEN_DAY = 11 };
/* "2026-11-30", its day in UTC. */
const char *when_day_text(char dst[WHEN_DAY], int64_t ms);

/* "2026-11-22T12:08:50Z". */
const char *when_iso(char dst[WHEN_TEXT], int64_t ms);

/* "2026-11-22T12:08:50.123Z". */
const char *when_iso_ms(char dst[WHEN_TEXT], int64_t ms);

/* Age for people, minute resolution: "<1m", "3m", "1h12", "2d", "5w", "1y". A
 * negative age is "<1m". */
const char *when_age(char dst[WHEN_TEXT], int64_t age_ms);

/* Length of work for people: "6 s", "3 min", "2 h 05". */
const char *when_span(char dst[WHEN_TEXT], int64_t ms);

/* Parse an HTTP Date header (IMF-fixdate only). */
int when_http(const char *s, int64_t *ret_ms);

/* Civil date of an instant in UTC and back (proleptic Gregorian, days algorithm
 * by Howard Hinnant, civil_from_days). */
void when_civil(int64_t ms, int *year, int *month, int *day);
int64_t when_from_civil(int year, int month, int day);
