#include "sync/diff.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "common/utf8.h"
#include "shop/truth_fields.h"

static const struct json *parse(struct arena *a, const char *text, size_t n) {
    const struct json *v = NULL;
    if (json_parse(a, text, n, NULL, &v, NULL) < 0)
        return NULL;
    return json_type(v) == JSON_ARRAY ? json_first(v) : v;
}

static void print(char *dst, size_t size, const struct json *v) {
    struct buf text AUTO_BUF = BUF_INIT, safe AUTO_BUF = BUF_INIT;
    json_print(&text, v);
    utf8_safe(&safe, buf_str(&text), text.len);
    (void)str_copy(dst, size, buf_str(&safe));
}

static bool equal(const struct json *x, const struct json *y) {
    struct buf a AUTO_BUF = BUF_INIT, b AUTO_BUF = BUF_INIT;
    json_print(&a, x);
    json_print(&b, y);
    return str_eq(buf_str(&a), buf_str(&b));
}

/* Down to the member that differs; lists and metas are told as a whole. */
static bool find(struct diff *ret, const struct truth_field *f,
                 const char *prefix, const struct json *x,
                 const struct json *y) {
    for (; f && f->key; f++) {
        const struct json *a = json_get(x, f->key), *b = json_get(y, f->key);
        char path[sizeof ret->path];
        if (equal(a, b))
            continue;
        (void)snprintf(path, sizeof path, "%s%s%s", prefix,
                       prefix[0] ? "." : "", f->key);
        if (f->how == TRUTH_OBJECT && find(ret, f->sub, path, a, b))
            return true;
        (void)str_copy(ret->path, sizeof ret->path, path);
        print(ret->mirror, sizeof ret->mirror, a);
        print(ret->shop, sizeof ret->shop, b);
        return true;
    }
    return false;
}

void diff_find(struct diff *ret, struct arena *a, enum mirror_kind kind,
               const char *mirror, size_t mirror_n, const char *shop,
               size_t shop_n) {
    memset(ret, 0, sizeof *ret);
    const struct json *x = parse(a, mirror, mirror_n);
    const struct json *y = parse(a, shop, shop_n);
    if (x && y)
        (void)find(ret, truth_fields(kind), "", x, y);
}
