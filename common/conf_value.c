#include "common/conf_value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"

enum { STRING_MAX = 4096 };

struct unit {
    const char *name;
    int64_t factor;
};

/* Largest first: the way back takes the first that divides. */
static const struct unit durations[] = {
    {"w", 604800}, {"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}};
static const struct unit sizes[] = {{"GiB", INT64_C(1) << 30},
                                    {"MiB", INT64_C(1) << 20},
                                    {"KiB", INT64_C(1) << 10}};

/* "64MiB", "64M", "512k", "4096" -> bytes. */
static int parse_size(const char *text, int64_t *ret) {
    char digits[24];
    size_t n = strspn(text, "0123456789");
    const char *unit = text + n;
    int64_t factor = 1;
    int64_t value;
    if (n == 0 || n >= sizeof digits)
        return ERR_INVALID;
    memcpy(digits, text, n);
    digits[n] = '\0';
    for (size_t i = 0; *unit && i < sizeof sizes / sizeof *sizes; i++) {
        char letter[2] = {sizes[i].name[0], '\0'};
        if (strcasecmp(unit, sizes[i].name) == 0 ||
            strcasecmp(unit, letter) == 0)
            factor = sizes[i].factor;
    }
    if (*unit && factor == 1)
        return ERR_INVALID;
    int rc = str_to_i64(digits, 0, INT64_MAX / factor, &value);
    if (rc)
        return rc;
    *ret = value * factor;
    return 0;
}

/* memcpy, here and below: the table knows offsets, not types. */
static int set_number(const struct conf_key *key, void *field,
                      const char *text) {
    int64_t value;
    int rc;
    if (key->type == CONF_INT)
        rc = str_to_i64(text, INT64_MIN, INT64_MAX, &value);
    else if (key->type == CONF_DURATION)
        rc = str_to_duration(text, &value);
    else
        rc = parse_size(text, &value);
    if (rc)
        return rc;
    if (value < key->min || value > key->max)
        return ERR_RANGE;
    memcpy(field, &value, sizeof value);
    return 0;
}

/* Is the text one of "a|b|c", letter by letter? */
static bool is_choice(const char *choices, const char *text) {
    REQUIRE(choices);
    size_t n = strlen(text);
    for (const char *p = choices; *p; p += strspn(p, "|")) {
        size_t len = strcspn(p, "|");
        if (len == n && memcmp(p, text, n) == 0)
            return true;
        p += len;
    }
    return false;
}

static int64_t string_max(const struct conf_key *key) {
    return key->max ? key->max : STRING_MAX;
}

static int check_text(const struct conf_key *key, const char *text) {
    int64_t n = (int64_t)strlen(text);
    if (key->type == CONF_CHOICE)
        return is_choice(key->choices, text) ? 0 : ERR_INVALID;
    return n >= key->min && n <= string_max(key) ? 0 : ERR_RANGE;
}

/* The old string goes, so that a key may be set again. */
static int set_text(const struct conf_key *key, void *field, const char *text) {
    int rc = check_text(key, text);
    if (rc)
        return rc;
    char *old;
    char *copy = mem_dup(text);
    memcpy(&old, field, sizeof old);
    free(old);
    memcpy(field, &copy, sizeof copy);
    return 0;
}

int conf_value_set(const struct conf_key *key, void *target, const char *text) {
    REQUIRE(target && text);
    void *field = (char *)target + key->offset;
    bool yes;
    int rc;
    switch (key->type) {
    case CONF_STRING:
    case CONF_CHOICE:
        return set_text(key, field, text);
    case CONF_BOOL:
        rc = str_to_bool(text, &yes);
        if (rc == 0)
            memcpy(field, &yes, sizeof yes);
        return rc;
    case CONF_INT:
    case CONF_DURATION:
    case CONF_SIZE:
        return set_number(key, field, text);
    }
    return ERR_INTERNAL;
}

/* In the largest unit that needs no fraction: 86400 -> 1d. */
static void add_number(struct buf *out, int64_t v, const struct unit *units,
                       size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (v && v % units[i].factor == 0) {
            buf_addf(out, "%lld%s", (long long)(v / units[i].factor),
                     units[i].name);
            return;
        }
    }
    buf_addf(out, "%lld", (long long)v);
}

static void add_range(struct buf *out, const struct conf_key *key) {
    const struct unit *units = NULL;
    size_t n = 0;
    if (key->type == CONF_DURATION) {
        units = durations;
        n = sizeof durations / sizeof *durations;
    } else if (key->type == CONF_SIZE) {
        units = sizes;
        n = sizeof sizes / sizeof *sizes;
    }
    buf_adds(out, " from ");
    add_number(out, key->min, units, n);
    buf_adds(out, " to ");
    add_number(out, key->max, units, n);
}

static void add_choices(struct buf *out, const char *choices) {
    buf_adds(out, "one of ");
    for (; *choices; choices++) {
        if (*choices == '|')
            buf_adds(out, ", ");
        else
            buf_addc(out, *choices);
    }
}

void conf_value_allowed(const struct conf_key *key, struct buf *out) {
    switch (key->type) {
    case CONF_STRING:
        buf_addf(out, "a text of %lld to %lld bytes", (long long)key->min,
                 (long long)string_max(key));
        return;
    case CONF_CHOICE:
        add_choices(out, key->choices);
        return;
    case CONF_BOOL:
        buf_adds(out, "yes or no");
        return;
    case CONF_INT:
        buf_adds(out, "a whole number");
        break;
    case CONF_DURATION:
        buf_adds(out, "a duration such as 90s, 5m, 2h or 3d,");
        break;
    case CONF_SIZE:
        buf_adds(out, "a size such as 512KiB or 64MiB,");
        break;
    }
    add_range(out, key);
}
