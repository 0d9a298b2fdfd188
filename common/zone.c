/* Happy path: zone_load reads one TZif file (RFC 8536) whole, checks every
 * count against its size, and keeps the 64-bit transitions and the footer's
 * rule. Any doubt about the file is ERR_INVALID; nothing of it is used then. */
#include "common/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"
#include "common/zone_rule.h"

enum {
    FILE_MOST = 256 * 1024,
    HEADER = 44,
    NAME_MOST = 64,
    OFFSET_MOST = 26 * 3600, /* RFC 8536 */
    DAY = 86400
};

struct change {
    int64_t at;     /* Unix seconds; ascending */
    int32_t offset; /* holds from there on */
};

struct zone {
    struct change *changes;
    size_t count;
    int32_t first; /* before the first change */
    bool has_rule; /* behind the last change */
    struct zone_rule rule;
};

void zone_free(struct zone *z) {
    if (!z)
        return;
    free(z->changes);
    free(z);
}

DEFINE_CLEANUP(struct zone *, zone_cleanup, zone_free)

static uint64_t big_endian(const char *p, size_t n) {
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

/* The counts of a TZif header. */
struct counts {
    size_t isut, isstd, leap, time, type, chars;
};

static int header_read(const char *p, size_t n, struct counts *ret) {
    if (n < HEADER || memcmp(p, "TZif", 4) != 0)
        return ERR_INVALID;
    size_t v[6];
    for (size_t i = 0; i < 6; i++) {
        v[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
        if (v[i] > FILE_MOST)
            return ERR_INVALID;
    }
    *ret = (struct counts){v[0], v[1], v[2], v[3], v[4], v[5]};
    return 0;
}

/* Bytes of the block behind a header, with times of `width` bytes. */
static size_t block_size(const struct counts *c, size_t width) {
    return c->time * (width + 1) + c->type * 6 + c->chars +
           c->leap * (width + 4) + c->isstd + c->isut;
}

/* Offset of type i; types = 6 bytes each. */
static int offset_read(const char *types, size_t i, int32_t *ret) {
    int32_t v = (int32_t)(uint32_t)big_endian(types + 6 * i, 4);
    if (v < -OFFSET_MOST || v > OFFSET_MOST)
        return ERR_INVALID;
    *ret = v;
    return 0;
}

static int changes_read(struct zone *z, const char *p, const struct counts *c) {
    const char *kinds = p + c->time * 8, *types = kinds + c->time;
    if (c->type == 0 || offset_read(types, 0, &z->first) < 0)
        return ERR_INVALID;
    z->changes = mem_zalloc(c->time, sizeof *z->changes);
    for (size_t i = 0; i < c->time; i++) {
        struct change *at = &z->changes[i];
        size_t kind = (unsigned char)kinds[i];
        at->at = (int64_t)big_endian(p + 8 * i, 8);
        if (kind >= c->type || (i > 0 && at->at <= at[-1].at) ||
            offset_read(types, kind, &at->offset) < 0)
            return ERR_INVALID;
    }
    z->count = c->time;
    return 0;
}

/* "\nRULE\n" up to the end of the file; an empty rule is none. */
static int footer_read(struct zone *z, const char *p, size_t n) {
    char rule[128];
    if (n < 2 || p[0] != '\n' || p[n - 1] != '\n' || n - 2 >= sizeof rule)
        return ERR_INVALID;
    memcpy(rule, p + 1, n - 2);
    rule[n - 2] = 0;
    if (!*rule)
        return 0;
    z->has_rule = true;
    return zone_rule_parse(rule, &z->rule);
}

static int file_parse(struct zone *z, const char *p, size_t n) {
    struct counts c;
    if (header_read(p, n, &c) < 0 || p[4] < '2')
        return ERR_INVALID;
    /* The first block repeats it all in 32 bits for readers of the past. */
    size_t skip = HEADER + block_size(&c, 4);
    if (skip > n || header_read(p + skip, n - skip, &c) < 0)
        return ERR_INVALID;
    p += skip + HEADER;
    n -= skip + HEADER;
    size_t size = block_size(&c, 8);
    /* With leap seconds ("right/...") its seconds would not be Unix time. */
    if (size > n || c.leap > 0 || changes_read(z, p, &c) < 0)
        return ERR_INVALID;
    return footer_read(z, p + size, n - size);
}

static int file_read(const char *path, struct buf *out) {
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
                                                   : ERR_INVALID;
    while (out->len <= FILE_MOST) {
        ssize_t n = read(fd, buf_reserve(out, 8192), 8192);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? ERR_INVALID : 0;
        buf_added(out, (size_t)n);
    }
    return ERR_INVALID;
}

/* A name becomes a path: only what zone names are made of, and no "..". */
static bool name_ok(const char *s) {
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_+-/");
    return n > 0 && n <= NAME_MOST && s[n] == 0 && *s != '/';
}

static int load_file(struct zone *z, const char *name) {
    AUTO_BUF struct buf text = BUF_INIT;
    const char *dir = getenv("TZDIR");
    if (!name_ok(name))
        return ERR_INVALID;
    AUTO_FREE char *path =
        mem_printf("%s/%s", str_empty(dir) ? "/usr/share/zoneinfo" : dir, name);
    int r = file_read(path, &text);
    return r < 0 ? r : file_parse(z, buf_str(&text), text.len);
}

/* "+05:30" */
static int load_fixed(struct zone *z, const char *s) {
    size_t n = strspn(s + 1, "0123456789:");
    if (n != 5 || s[6] || s[3] != ':' || strchr(s + 4, ':') || s[1] == ':' ||
        s[2] == ':')
        return ERR_INVALID;
    int hours = (s[1] - '0') * 10 + s[2] - '0';
    int minutes = (s[4] - '0') * 10 + s[5] - '0';
    if (hours > 18 || minutes > 59)
        return ERR_INVALID;
    z->first = (*s == '-' ? -60 : 60) * (hours * 60 + minutes);
    return 0;
}

int zone_load(const char *name, struct zone **ret) {
    CLEANUP(zone_cleanup) struct zone *z = NEW(struct zone);
    int r = 0;
    if (str_empty(name))
        r = ERR_INVALID;
    else if (*name == '+' || *name == '-')
        r = load_fixed(z, name);
    else if (!str_eq(name, "UTC"))
        r = load_file(z, name);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(z);
    return 0;
}

static int64_t floor_seconds(int64_t ms) {
    /* Room for an offset and some days at either end of int64. */
    static const int64_t most = 9000000000000000000;
    ms = ms > most ? most : ms < -most ? -most : ms;
    return ms / 1000 - (ms % 1000 < 0);
}

/* Offset at t seconds. */
static int32_t offset_at(const struct zone *z, int64_t t) {
    if (!z)
        return 0;
    if (z->count == 0 || t < z->changes[0].at)
        return z->count == 0 && z->has_rule ? zone_rule_offset(&z->rule, t)
                                            : z->first;
    size_t low = 0, high = z->count; /* changes[low].at <= t */
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (z->changes[mid].at <= t)
            low = mid;
        else
            high = mid;
    }
    if (high == z->count && z->has_rule)
        return zone_rule_offset(&z->rule, t);
    return z->changes[low].offset;
}

int32_t zone_offset(const struct zone *z, int64_t ms) {
    return offset_at(z, floor_seconds(ms));
}

/* First instant, in seconds, whose local time is `local` or later. */
static int64_t first_at(const struct zone *z, int64_t local) {
    int32_t before = offset_at(z, local - DAY);
    int32_t after = offset_at(z, local + DAY);
    /* Clocks are never set back past the earlier reading, so of two instants
     * with this local time the one with the larger offset comes first. */
    int32_t most = before > after ? before : after;
    int32_t least = before > after ? after : before;
    int64_t low = local - most, high = local - least;
    if (low + offset_at(z, low) >= local)
        return low;
    /* Set forward over it: the jump itself is the answer. */
    while (high - low > 1) {
        int64_t mid = low + (high - low) / 2;
        if (mid + offset_at(z, mid) >= local)
            high = mid;
        else
            low = mid;
    }
    return high;
}

int64_t zone_from_date(const struct zone *z, int year, int month, int day) {
    int64_t ms = when_from_civil(year, month, day);
    return first_at(z, floor_seconds(ms)) * 1000;
}

int64_t zone_day_start(const struct zone *z, int64_t ms, int days) {
    int64_t t = floor_seconds(ms);
    int64_t local = t + offset_at(z, t);
    int64_t day = local / DAY - (local % DAY < 0);
    return first_at(z, (day + days) * DAY) * 1000;
}

void zone_civil(const struct zone *z, int64_t ms, int *year, int *month,
                int *day, int *hour, int *minute) {
    int y, m, d;
    int64_t t = floor_seconds(ms);
    int64_t local = t + offset_at(z, t);
    when_civil(local * 1000, &y, &m, &d);
    int64_t in_day = local - (local / DAY - (local % DAY < 0)) * DAY;
    if (year)
        *year = y;
    if (month)
        *month = m;
    if (day)
        *day = d;
    if (hour)
        *hour = (int)(in_day / 3600);
    if (minute)
        *minute = (int)(in_day / 60 % 60);
}
