#include "tui/bulk_sum.h"

#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"

static int64_t number(const struct json *v, const char *key) {
    int64_t n;
    return json_i64(json_get(v, key), false, &n) < 0 ? 0 : n;
}

static void add(enum text_lang lang, enum text_id id, int64_t n,
                struct buf *out) {
    char text[24];
    if (n > 0) {
        (void)str_format(text, sizeof text, "%lld", (long long)n);
        buf_adds(out, ", ");
        text_format(out, lang, id, "n", text, NULL);
    }
}

void bulk_sum(enum text_lang lang, const struct json *preview,
              struct buf *out) {
    char n[24];
    AUTO_BUF struct buf stores = BUF_INIT;
    (void)str_format(n, sizeof n, "%lld", (long long)number(preview, "stores"));
    text_format(&stores, lang, TEXT_BULK_SHOPS, "n", n, NULL);
    (void)str_format(n, sizeof n, "%lld", (long long)number(preview, "orders"));
    text_format(out, lang, TEXT_BULK_COUNT, "n", n, "stores", buf_str(&stores),
                NULL);
    add(lang, TEXT_BULK_HELD, number(preview, "held"), out);
    add(lang, TEXT_BULK_NOT_ALLOWED, number(preview, "refused"), out);
    add(lang, TEXT_BULK_UNCHANGED, number(preview, "unchanged"), out);
}
