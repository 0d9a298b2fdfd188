#include "rpc/raw_view.h"

#include <string.h>

#include "common/buf.h"
#include "common/entities.h"
#include "common/money.h"
#include "common/str.h"
#include "common/when.h"
#include "shop/decode.h"

static const char *text_of(const struct json *o, const char *name,
                           char dst[40]) {
    const char *s = json_text(json_get(o, name), dst);
    return s ? s : "";
}

void raw_text(struct jsonw *w, const char *key, const struct json *o,
              const char *name, bool decoded) {
    char number[40];
    AUTO_BUF struct buf b = BUF_INIT;
    const char *s = text_of(o, name, number);
    if (decoded && strchr(s, '&')) {
        entities_decode(&b, s);
        s = buf_str(&b);
    }
    jsonw_kstring(w, key, s);
}

void raw_int(struct jsonw *w, const char *key, const struct json *o,
             const char *name, int64_t none) {
    int64_t v = none;
    if (json_i64(json_get(o, name), true, &v) < 0)
        v = none;
    jsonw_ki64(w, key, v);
}

void raw_decimal(struct jsonw *w, const char *key, const struct json *o,
                 const char *name) {
    char number[40];
    int64_t v;
    const char *s = text_of(o, name, number);
    if (s[0] == '-')
        s++;
    jsonw_kstring(w, key, money_parse(s, 9, &v) == 0 ? s : "0");
}

/* How many digits the shop keeps behind the point. */
static int decimals_of(const struct json *o, const char *name) {
    char number[40];
    int64_t v;
    const char *s = text_of(o, name, number);
    const char *point = strchr(s, '.');
    if (money_parse(s, MONEY_SCALE, &v) < 0)
        return 2;
    return point ? (int)strnlen(point + 1, MONEY_SCALE) : 0;
}

void raw_price(struct jsonw *w, const char *key, const struct json *o,
               const char *name, const char *like) {
    enum { FINE = 9 }; /* digits; what is behind them is a double's noise */
    char number[40], cut[40], text[MONEY_TEXT];
    int decimals = decimals_of(o, like);
    int64_t v = 0, unit = 1;
    const char *s = text_of(o, name, number);
    size_t n = strcspn(s, ".") + 1 + FINE + 1;
    (void)str_copy(cut, n < sizeof cut ? n : sizeof cut, s);
    if (money_parse(cut, FINE, &v) < 0 || v < 0)
        v = 0;
    for (int i = decimals; i < FINE; i++)
        unit *= 10;
    v = v / unit + (v % unit >= unit - v % unit);
    jsonw_kstring(w, key, money_format(text, v, decimals, decimals));
}

void raw_time(struct jsonw *w, const char *key, const struct json *o,
              const char *name) {
    const char *s = json_string(json_get(o, name));
    int64_t ms = 0;
    if (s && when_parse(s, &ms) < 0)
        ms = 0;
    jsonw_ktime(w, key, ms);
}

void raw_address(struct jsonw *w, const char *key, const struct json *o,
                 bool with_email) {
    static const char *const names[] = {
        "first_name", "last_name", "company",  "address_1", "address_2",
        "city",       "state",     "postcode", "country",   "phone"};
    jsonw_key(w, key);
    jsonw_begin_object(w);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        raw_text(w, names[i], o, names[i], true);
    if (with_email)
        raw_text(w, "email", o, "email", false);
    jsonw_end_object(w);
}

static void write_meta(struct jsonw *w, const struct json *m) {
    AUTO_BUF struct buf text = BUF_INIT;
    const struct json *value = json_get(m, "display_value");
    char number[40];
    if (!json_text(value, number))
        value = json_get(m, "value");
    const char *s = json_text(value, number);
    if (!s) {
        json_print(&text, value);
        s = buf_str(&text);
    }
    bool shown = json_string(json_get(m, "display_key"));
    jsonw_begin_object(w);
    raw_text(w, "key", m, shown ? "display_key" : "key", true);
    jsonw_kstring(w, "value", s);
    jsonw_end_object(w);
}

void raw_meta(struct jsonw *w, const char *key, const struct json *list) {
    char number[40];
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (const struct json *m = json_first(list); m; m = json_next(m)) {
        /* A leading underscore hides it in the shop as well. */
        if (text_of(m, "key", number)[0] != '_')
            write_meta(w, m);
    }
    jsonw_end_array(w);
}

void raw_plain(struct jsonw *w, const char *key, const struct json *o,
               const char *name) {
    AUTO_BUF struct buf bare = BUF_INIT, text = BUF_INIT;
    char number[40];
    bool tag = false;
    for (const char *s = text_of(o, name, number); *s; s++) {
        tag = tag || *s == '<';
        if (!tag)
            buf_addc(&bare, *s);
        tag = tag && *s != '>';
    }
    entities_decode(&text, buf_str(&bare));
    while (text.len > 0 && strchr(" \n\r\t", text.data[text.len - 1]))
        buf_truncate(&text, text.len - 1);
    jsonw_kstring(w, key, buf_str(&text));
}
