#include "tests/lib/shape.h"

#include <string.h>

#include "common/str.h"

enum { REF_HEAD = sizeof "#/components/schemas/" - 1 };

struct shape {
    const struct json *document;
    struct buf path;
    struct buf *fault;
};

static bool matches(struct shape *s, const struct json *schema,
                    const struct json *v);

static bool refuse(struct shape *s, const char *what, const char *member) {
    buf_clear(s->fault);
    buf_addf(s->fault, "%s %s %s", s->path.len ? buf_str(&s->path) : "result",
             what, member);
    return false;
}

static bool has_type(const char *name, const struct json *v) {
    static const struct {
        const char *name;
        enum json_type type;
    } types[] = {{"null", JSON_NULL},     {"boolean", JSON_BOOL},
                 {"number", JSON_NUMBER}, {"string", JSON_STRING},
                 {"array", JSON_ARRAY},   {"object", JSON_OBJECT}};
    int64_t n;
    if (str_eq(name, "integer"))
        return json_type(v) == JSON_NUMBER && json_i64(v, false, &n) == 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(types[i].name, name))
            return json_type(v) == types[i].type;
    return false;
}

/* A name, or a list of them. */
static bool type_fits(const struct json *type, const struct json *v) {
    const char *name = json_string(type);
    if (name)
        return has_type(name, v);
    bool fits = json_count(type) == 0;
    for (const struct json *t = json_first(type); t; t = json_next(t))
        fits = fits || has_type(json_string(t), v);
    return fits;
}

static bool in_enum(const struct json *list, const struct json *v) {
    const char *s = json_string(v);
    if (!list || !s)
        return true;
    for (const struct json *c = json_first(list); c; c = json_next(c))
        if (str_eq(json_string(c), s))
            return true;
    return false;
}

static bool below(struct shape *s, const char *name, const struct json *schema,
                  const struct json *v) {
    size_t before = s->path.len;
    buf_addf(&s->path, ".%s", name);
    bool ok = matches(s, schema, v);
    buf_truncate(&s->path, before);
    return ok;
}

static bool object_fits(struct shape *s, const struct json *schema,
                        const struct json *v) {
    const struct json *known = json_get(schema, "properties");
    const struct json *rest = json_get(schema, "additionalProperties");
    const struct json *c = json_first(json_get(schema, "required"));
    for (; c; c = json_next(c))
        if (!json_get(v, json_string(c)))
            return refuse(s, "lacks", json_string(c));
    for (c = json_first(v); c; c = json_next(c)) {
        const struct json *of = json_get(known, json_key(c));
        if (!of && known && !rest)
            return refuse(s, "has what the schema has not:", json_key(c));
        if ((of || rest) && !below(s, json_key(c), of ? of : rest, c))
            return false;
    }
    return true;
}

static bool items_fit(struct shape *s, const struct json *schema,
                      const struct json *v) {
    const struct json *of = json_get(schema, "items");
    for (const struct json *c = json_first(v); c && of; c = json_next(c))
        if (!below(s, "[]", of, c))
            return false;
    return true;
}

static bool any_fits(struct shape *s, const struct json *list,
                     const struct json *v) {
    for (const struct json *c = json_first(list); c; c = json_next(c))
        if (matches(s, c, v))
            return true;
    return false; /* the last one's fault stands */
}

static bool matches(struct shape *s, const struct json *schema,
                    const struct json *v) {
    const char *ref = json_string(json_get(schema, "$ref"));
    const struct json *any = json_get(schema, "anyOf");
    const struct json *type = json_get(schema, "type");
    if (ref)
        return matches(
            s,
            json_get(json_get(json_get(s->document, "components"), "schemas"),
                     ref + REF_HEAD),
            v);
    if (any)
        return any_fits(s, any, v);
    if (type && !type_fits(type, v))
        return refuse(s, "has another type", "");
    if (!in_enum(json_get(schema, "enum"), v))
        return refuse(s, "is none of its values", "");
    if (json_type(v) == JSON_OBJECT)
        return object_fits(s, schema, v);
    return json_type(v) != JSON_ARRAY || items_fit(s, schema, v);
}

bool shape_matches(const struct json *document, const struct json *schema,
                   const struct json *value, struct buf *ret_fault) {
    struct shape s = {.document = document, .fault = ret_fault};
    bool ok = matches(&s, schema, value);
    buf_done(&s.path);
    return ok;
}
