#include "common/params.h"

#include <string.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"

#define BAD(row, e, ...)                                                       \
    error_set((e), ERR_INVALID_PARAMS, (row)->name, __VA_ARGS__)

static size_t characters(const char *s) {
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool printable(const char *s) {
    for (; *s; s++)
        if (*s < 0x20 || *s > 0x7e)
            return false;
    return true;
}

static void *place(void *base, size_t at) {
    return (char *)base + at;
}

static int read_string(const struct param *row, const struct json *v, void *to,
                       struct error *e) {
    const char *s = json_string(v);
    if (!s)
        return BAD(row, e, "must be a string");
    int64_t n = (int64_t)characters(s);
    if (row->max && (n < row->min || n > row->max))
        return BAD(row, e, "must have %lld to %lld characters, has %lld",
                   (long long)row->min, (long long)row->max, (long long)n);
    if (row->printable && !printable(s))
        return BAD(row, e, "must be printable ASCII");
    if (row->type == PARAM_STORE && !str_is_store_name(s))
        return BAD(row, e,
                   "must be a store's name: a letter a-z, then letters, digits "
                   "and '-', at most 32");
    *(const char **)to = s;
    return 0;
}

static int read_ref(const struct param *row, const struct json *v, void *to,
                    struct error *e) {
    const char *s = json_string(v);
    if (!s || ref_parse(s, to) < 0)
        return BAD(row, e,
                   "must be a reference, as in alpine:1234 or "
                   "alpine:customer/12");
    return 0;
}

static int read_int(const struct param *row, const struct json *v, void *to,
                    struct error *e) {
    int64_t n = 0;
    int r = json_i64(v, false, &n);
    if (r == ERR_INVALID)
        return BAD(row, e, "must be an integer");
    if (r < 0 || n < row->min || n > row->max)
        return BAD(row, e, "must be between %lld and %lld", (long long)row->min,
                   (long long)row->max);
    *(int64_t *)to = n;
    return 0;
}

static int choice_find(const struct param *row, const char *s) {
    for (size_t i = 0; i < row->n_choices; i++)
        if (strcmp(row->choices[i], s) == 0)
            return (int)i;
    return -1;
}

/* "must be one of a, b, c", cut to what an error holds. */
static int bad_choice(const struct param *row, const char *s, struct error *e) {
    char list[280] = "";
    size_t n = 0;
    for (size_t i = 0; i < row->n_choices && n + 3 < sizeof list; i++) {
        n += str_copy(list + n, sizeof list - n, i ? ", " : "");
        n += str_copy(list + n, sizeof list - n, row->choices[i]);
    }
    return s ? BAD(row, e, "\"%.60s\" is not one of %s", s, list)
             : BAD(row, e, "must be a string, one of %s", list);
}

static int read_enum(const struct param *row, const struct json *v, void *to,
                     struct error *e) {
    const char *s = json_string(v);
    int i = s ? choice_find(row, s) : -1;
    if (i < 0)
        return bad_choice(row, s, e);
    /* An enum of small non-negative values is an unsigned int in gcc and
     * clang; memcpy keeps that free of aliasing questions. */
    unsigned value = (unsigned)i;
    memcpy(to, &value, sizeof value);
    return 0;
}

static int read_set(const struct param *row, const struct json *v, void *to,
                    struct error *e) {
    if (json_type(v) != JSON_ARRAY)
        return BAD(row, e, "must be an array of strings");
    uint64_t set = 0;
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        const char *s = json_string(c);
        int i = s ? choice_find(row, s) : -1;
        if (i < 0)
            return bad_choice(row, s, e);
        set |= UINT64_C(1) << i;
    }
    if (!set)
        return BAD(row, e, "must not be empty");
    *(uint64_t *)to = set;
    return 0;
}

static int read_strings(const struct param *row, const struct json *v,
                        void *base, struct error *e) {
    if (json_type(v) != JSON_ARRAY)
        return BAD(row, e, "must be an array of strings");
    const char **to = place(base, row->at);
    size_t n = 0;
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        const char *s = json_string(c);
        if (n == (size_t)row->max)
            return BAD(row, e, "must have at most %lld entries",
                       (long long)row->max);
        if (!s || (row->stores && !str_is_store_name(s)))
            return BAD(row, e, "entry %zu must be a %s", n + 1,
                       row->stores ? "store's name" : "string");
        to[n++] = s;
    }
    *(size_t *)place(base, row->n_at) = n;
    return 0;
}

/* Amounts come as decimal text; a whole number may be a JSON integer, since it
 * loses nothing. Anything else a JSON number might have lost already. */
static int read_decimal(const struct param *row, const struct json *v, void *to,
                        int scale, struct error *e) {
    const char *s = json_string(v);
    int64_t n = 0;
    int rc = json_i64(v, false, &n);
    if (s)
        rc = money_parse(s, scale, &n);
    else if (rc == 0)
        rc = json_decimal(v, scale, &n);
    if (rc < 0)
        return BAD(row, e,
                   "must be a decimal number as text, of at most %d places",
                   scale);
    *(int64_t *)to = n;
    return 0;
}

/* --- objects ----------------------------------------------------------- */

static int read_value(const struct param *row, const struct json *v, void *base,
                      struct error *e);
static const struct param *row_find(const struct param *rows, size_t n,
                                    const char *name);
static int unknown(const struct param *rows, size_t n, const char *name,
                   struct error *e);

/* A fault below: its place is told from the top. */
static int within(const struct param *row, const char *place, int rc,
                  struct error *e) {
    AUTO_FREE char *where = mem_printf("%s%s%s", row->name, place, e->where);
    AUTO_FREE char *detail = mem_dup(e->detail);
    return error_set(e, rc, where, "%s", detail);
}

static int check_members(const struct param *row, const struct json *v,
                         struct error *e) {
    /* Members are checked and stay in the document: what is read goes here. */
    union {
        const char *s;
        int64_t i;
        bool b;
        unsigned u;
        struct ref ref;
    } scratch;
    if (json_type(v) != JSON_OBJECT)
        return error_set(e, ERR_INVALID_PARAMS, "", "must be an object");
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        const struct param *m =
            row_find(row->members, row->n_members, json_key(c));
        int rc = m ? read_value(m, c, &scratch, e)
                   : unknown(row->members, row->n_members, json_key(c), e);
        if (rc < 0)
            return rc;
    }
    for (size_t i = 0; i < row->n_members; i++)
        if (row->members[i].required && !json_get(v, row->members[i].name))
            return BAD(&row->members[i], e, "is missing");
    return 0;
}

static int read_object(const struct param *row, const struct json *v, void *to,
                       struct error *e) {
    int rc = check_members(row, v, e);
    if (rc < 0)
        return within(row, e->where[0] ? "." : "", rc, e);
    *(const struct json **)to = v;
    return 0;
}

static int read_objects(const struct param *row, const struct json *v, void *to,
                        struct error *e) {
    size_t at = 0;
    if (json_type(v) != JSON_ARRAY)
        return BAD(row, e, "must be an array of objects");
    if (json_count(v) > (size_t)row->max)
        return BAD(row, e, "must have at most %lld entries",
                   (long long)row->max);
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        int rc = check_members(row, c, e);
        if (rc < 0) {
            AUTO_FREE char *where =
                mem_printf("[%zu]%s", at, e->where[0] ? "." : "");
            return within(row, where, rc, e);
        }
        at++;
    }
    *(const struct json **)to = v;
    return 0;
}

static int check_entry(const struct param *row, const struct json *c,
                       struct error *e) {
    const char *scratch;
    size_t n = strlen(json_key(c));
    if (n < 1 || n > PARAM_KEY_MAX)
        return BAD(row, e, "a key has 1 to %d bytes", PARAM_KEY_MAX);
    if (!row->members || read_string(row->members, c, (void *)&scratch, e) >= 0)
        return 0;
    AUTO_FREE char *where = mem_printf("%s.%s", row->name, json_key(c));
    AUTO_FREE char *detail = mem_dup(e->detail);
    return error_set(e, ERR_INVALID_PARAMS, where, "%s", detail);
}

static int read_map(const struct param *row, const struct json *v, void *to,
                    struct error *e) {
    if (json_type(v) != JSON_OBJECT)
        return BAD(row, e, "must be an object");
    if (json_count(v) > (size_t)row->max)
        return BAD(row, e, "must have at most %lld entries",
                   (long long)row->max);
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        int rc = check_entry(row, c, e);
        if (rc < 0)
            return rc;
    }
    *(const struct json **)to = v;
    return 0;
}

static int read_value(const struct param *row, const struct json *v, void *base,
                      struct error *e) {
    void *to = place(base, row->at);
    switch (row->type) {
    case PARAM_STRING:
    case PARAM_STORE:
        return read_string(row, v, to, e);
    case PARAM_REF:
        return read_ref(row, v, to, e);
    case PARAM_INT:
        return read_int(row, v, to, e);
    case PARAM_BOOL:
        if (json_bool(v, false, to) < 0)
            return BAD(row, e, "must be true or false");
        return 0;
    case PARAM_ENUM:
        return read_enum(row, v, to, e);
    case PARAM_SET:
        return read_set(row, v, to, e);
    case PARAM_STRINGS:
        return read_strings(row, v, base, e);
    case PARAM_MONEY:
        return read_decimal(row, v, to, MONEY_SCALE, e);
    case PARAM_QUANTITY:
        return read_decimal(row, v, to, QTY_SCALE, e);
    case PARAM_OBJECT:
        return read_object(row, v, to, e);
    case PARAM_OBJECTS:
        return read_objects(row, v, to, e);
    case PARAM_MAP:
        return read_map(row, v, to, e);
    }
    return BAD(row, e, "has a type this build does not know");
}

static void put_default(const struct param *row, void *base) {
    void *to = place(base, row->at);
    unsigned small = (unsigned)row->def;
    switch (row->type) {
    case PARAM_STRING:
        *(const char **)to = row->def_text;
        break;
    case PARAM_INT:
        *(int64_t *)to = row->def;
        break;
    case PARAM_BOOL:
        *(bool *)to = row->def != 0;
        break;
    case PARAM_ENUM:
        memcpy(to, &small, sizeof small);
        break;
    case PARAM_SET:
        REQUIRE(row->n_choices >= 1 && row->n_choices <= 64);
        *(uint64_t *)to = UINT64_MAX >> (64 - row->n_choices);
        break;
    case PARAM_STORE:
    case PARAM_REF:
    case PARAM_STRINGS:
    case PARAM_MONEY:
    case PARAM_QUANTITY:
    case PARAM_OBJECT:
    case PARAM_OBJECTS:
    case PARAM_MAP:
        REQUIRE(!row->has_default);
    }
}

static const struct param *row_find(const struct param *rows, size_t n,
                                    const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static int unknown(const struct param *rows, size_t n, const char *name,
                   struct error *e) {
    const char *near = NULL;
    int best = 3;
    for (size_t i = 0; i < n; i++) {
        int d = str_distance(rows[i].name, name);
        if (d < best) {
            best = d;
            near = rows[i].name;
        }
    }
    return near ? error_set(e, ERR_INVALID_PARAMS, name,
                            "unknown parameter; did you mean %s?", near)
                : error_set(e, ERR_INVALID_PARAMS, name, "unknown parameter");
}

/* Default or fault for each parameter that was not given. */
static int fill_rest(const struct param *rows, size_t n,
                     const struct json *params, void *ret, struct error *e) {
    for (size_t i = 0; i < n; i++) {
        const struct param *row = &rows[i];
        bool given = json_get(params, row->name) != NULL;
        if (row->required) {
            if (!given)
                return BAD(row, e, "is missing");
            continue;
        }
        *(bool *)place(ret, row->has_at) = given;
        if (!given && row->has_default)
            put_default(row, ret);
    }
    return 0;
}

int params_parse(const struct param *rows, size_t n, const struct json *params,
                 void *ret, struct error *e) {
    if (params && json_type(params) != JSON_OBJECT)
        return error_set(e, ERR_INVALID_PARAMS, "",
                         "params must be an object of named parameters");
    for (const struct json *c = json_first(params); c; c = json_next(c)) {
        const struct param *row = row_find(rows, n, json_key(c));
        int r =
            row ? read_value(row, c, ret, e) : unknown(rows, n, json_key(c), e);
        if (r < 0)
            return r;
    }
    return fill_rest(rows, n, params, ret, e);
}
