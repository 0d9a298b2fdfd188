#include "rpc/effective.h"

#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "rpc/call.h"

static const char *path_of(struct buf *b, const char *prefix,
                           const char *name) {
    buf_clear(b);
    buf_addf(b, "%s%s%s", prefix, prefix[0] ? "." : "", name);
    return buf_str(b);
}

static void write_plain(struct jsonw *w, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    json_print(&b, v);
    jsonw_raw(w, b.data, b.len);
}

/* --- meta data --------------------------------------------------------- */

static void write_entry(struct jsonw *w, const char *key, size_t n,
                        const char *wanted) {
    jsonw_begin_object(w);
    jsonw_key(w, "key");
    jsonw_stringn(w, key, n);
    jsonw_key(w, "value");
    jsonw_raw(w, wanted, strlen(wanted));
    jsonw_end_object(w);
}

static bool has_key(const struct json *list, const char *key, size_t n) {
    for (const struct json *m = json_first(list); m; m = json_next(m)) {
        const char *k = json_string(json_get(m, "key"));
        if (k && strlen(k) == n && memcmp(k, key, n) == 0)
            return true;
    }
    return false;
}

/* meta[KEY] of a path: KEY and its length, 0 when it is another path. */
static size_t meta_key(const char *path, const char **ret) {
    size_t n = strlen(path);
    *ret = path + 5;
    return str_starts(path, "meta[") && n > 6 ? n - 6 : 0;
}

/* Keys the shop does not have yet. */
static void write_new_meta(struct jsonw *w, const struct pending *p,
                           const struct json *list) {
    for (size_t i = 0; i < p->n; i++) {
        const struct change *c = &p->items[i];
        for (size_t k = 0; k < c->n_paths; k++) {
            const char *key, *path = c->paths[k].path;
            size_t n = meta_key(path, &key);
            const char *wanted = n ? pending_wanted(p, path) : NULL;
            if (wanted && wanted == c->paths[k].wanted &&
                !has_key(list, key, n))
                write_entry(w, key, n, wanted);
        }
    }
}

static void write_meta(struct jsonw *w, const struct pending *p,
                       const struct json *list) {
    AUTO_BUF struct buf path = BUF_INIT;
    jsonw_begin_array(w);
    for (const struct json *m = json_first(list); m; m = json_next(m)) {
        const char *key = json_string(json_get(m, "key"));
        buf_clear(&path);
        buf_addf(&path, "meta[%s]", key ? key : "");
        const char *wanted = pending_wanted(p, buf_str(&path));
        if (wanted)
            write_entry(w, key, strlen(key), wanted);
        else
            write_plain(w, m);
    }
    write_new_meta(w, p, list);
    jsonw_end_array(w);
}

/* --- members ----------------------------------------------------------- */

static void write_object(struct jsonw *w, const struct pending *p,
                         const char *prefix, const struct json *o);

static void write_member(struct jsonw *w, const struct pending *p,
                         const char *prefix, const struct json *m) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *path = path_of(&b, prefix, json_key(m));
    const char *wanted = pending_wanted(p, path);
    if (wanted)
        jsonw_raw(w, wanted, strlen(wanted));
    else if (json_type(m) == JSON_OBJECT && !prefix[0])
        write_object(w, p, path, m);
    else if (str_eq(path, "meta_data"))
        write_meta(w, p, m);
    else
        write_plain(w, m);
}

/* Paths below `prefix` the shop's object does not have. */
static void write_new(struct jsonw *w, const struct pending *p,
                      const char *prefix, const struct json *o) {
    size_t n = strlen(prefix);
    for (size_t i = 0; i < p->n; i++) {
        const struct change *c = &p->items[i];
        for (size_t k = 0; k < c->n_paths; k++) {
            const char *path = c->paths[k].path, *wanted;
            const char *name = path + n + 1;
            if (!str_starts(path, prefix) || path[n] != '.' ||
                strchr(name, '.') || json_get(o, name))
                continue;
            wanted = pending_wanted(p, path);
            if (wanted && wanted == c->paths[k].wanted) {
                jsonw_key(w, name);
                jsonw_raw(w, wanted, strlen(wanted));
            }
        }
    }
}

static void write_object(struct jsonw *w, const struct pending *p,
                         const char *prefix, const struct json *o) {
    jsonw_begin_object(w);
    for (const struct json *m = json_first(o); m; m = json_next(m)) {
        jsonw_key(w, json_key(m));
        write_member(w, p, prefix, m);
    }
    if (prefix[0])
        write_new(w, p, prefix, o);
    jsonw_end_object(w);
}

int effective_json(struct rpc_call *call, const struct pending *p,
                   const struct json *raw, const struct json **ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    *ret = raw;
    if (p->n == 0 || !raw)
        return 0;
    jsonw_init(&w, &b);
    write_object(&w, p, "", raw);
    return json_parse(call_arena(call), b.data, b.len, NULL, ret, NULL);
}
