#include "common/jsonw.h"

#include <string.h>

#include "common/check.h"
#include "common/money.h"
#include "common/utf8.h"
#include "common/when.h"

enum { DEPTH_MAX = 32 };

/* Of the innermost open container. */
static uint32_t depth_bit(const struct jsonw *w) {
    return UINT32_C(1) << (w->depth - 1);
}

void jsonw_init(struct jsonw *w, struct buf *out) {
    *w = (struct jsonw){.out = out};
}

/* A comma when one is due; marks that the next item needs one. */
static void separate(struct jsonw *w) {
    if (w->depth == 0)
        return;
    if (w->comma & depth_bit(w))
        buf_addc(w->out, ',');
    w->comma |= depth_bit(w);
}

/* Every value comes through here before its first byte. */
static void value_due(struct jsonw *w) {
    bool in_object = w->depth > 0 && (w->object & depth_bit(w));
    REQUIRE(w->after_key == in_object);
    if (!in_object)
        separate(w);
    w->after_key = false;
}

static void begin(struct jsonw *w, bool object) {
    value_due(w);
    REQUIRE(w->depth < DEPTH_MAX);
    buf_addc(w->out, object ? '{' : '[');
    w->depth++;
    w->comma &= ~depth_bit(w);
    if (object)
        w->object |= depth_bit(w);
    else
        w->object &= ~depth_bit(w);
}

/* The container that ends must be the one that began last. */
static void end(struct jsonw *w, bool object) {
    REQUIRE(w->depth > 0 && !w->after_key);
    REQUIRE(!!(w->object & depth_bit(w)) == object);
    buf_addc(w->out, object ? '}' : ']');
    w->depth--;
}

void jsonw_begin_object(struct jsonw *w) {
    begin(w, true);
}

void jsonw_end_object(struct jsonw *w) {
    end(w, true);
}

void jsonw_begin_array(struct jsonw *w) {
    begin(w, false);
}

void jsonw_end_array(struct jsonw *w) {
    end(w, false);
}

/* Two letters where JSON has them, else \u00XX. */
static void escape(struct buf *out, unsigned char c) {
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; shorts[i]; i += 2) {
        if ((unsigned char)shorts[i] == c) {
            buf_addc(out, '\\');
            buf_addc(out, shorts[i + 1]);
            return;
        }
    }
    buf_addf(out, "\\u%04x", c);
}

/* n bytes of valid UTF-8 as a JSON string. DEL and the C1 controls are legal
 * in JSON and stay; the reader makes them safe for its screen. */
static void add_quoted(struct buf *out, const char *s, size_t n) {
    size_t from = 0;
    buf_addc(out, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, s + from, i - from);
        escape(out, c);
        from = i + 1;
    }
    buf_add(out, s + from, n - from);
    buf_addc(out, '"');
}

/* What came from outside may be no UTF-8; what leaves always is. */
static void add_string(struct buf *out, const char *s, size_t n) {
    if (utf8_valid(s, n)) {
        add_quoted(out, s, n);
        return;
    }
    AUTO_BUF struct buf good = BUF_INIT;
    utf8_repair(&good, s, n);
    add_quoted(out, buf_str(&good), good.len);
}

void jsonw_key(struct jsonw *w, const char *key) {
    REQUIRE(w->depth > 0 && (w->object & depth_bit(w)) && !w->after_key);
    separate(w);
    add_string(w->out, key, strlen(key));
    buf_addc(w->out, ':');
    w->after_key = true;
}

void jsonw_stringn(struct jsonw *w, const char *s, size_t n) {
    value_due(w);
    add_string(w->out, s, n);
}

void jsonw_string(struct jsonw *w, const char *s) {
    if (s)
        jsonw_stringn(w, s, strlen(s));
    else
        jsonw_null(w);
}

void jsonw_i64(struct jsonw *w, int64_t v) {
    value_due(w);
    buf_addf(w->out, "%lld", (long long)v);
}

void jsonw_bool(struct jsonw *w, bool v) {
    value_due(w);
    buf_adds(w->out, v ? "true" : "false");
}

void jsonw_null(struct jsonw *w) {
    value_due(w);
    buf_adds(w->out, "null");
}

void jsonw_money(struct jsonw *w, int64_t e4, int decimals) {
    char text[MONEY_TEXT];
    jsonw_string(w, money_format(text, e4, MONEY_SCALE, decimals));
}

void jsonw_qty(struct jsonw *w, int64_t e3) {
    char text[MONEY_TEXT];
    jsonw_string(w, money_format_qty(text, e3));
}

void jsonw_time(struct jsonw *w, int64_t ms) {
    char text[WHEN_TEXT];
    jsonw_string(w, ms ? when_iso(text, ms) : NULL);
}

void jsonw_raw(struct jsonw *w, const char *json, size_t n) {
    REQUIRE(n > 0);
    value_due(w);
    buf_add(w->out, json, n);
}

void jsonw_kstring(struct jsonw *w, const char *key, const char *s) {
    jsonw_key(w, key);
    jsonw_string(w, s);
}

void jsonw_ki64(struct jsonw *w, const char *key, int64_t v) {
    jsonw_key(w, key);
    jsonw_i64(w, v);
}

void jsonw_kbool(struct jsonw *w, const char *key, bool v) {
    jsonw_key(w, key);
    jsonw_bool(w, v);
}

void jsonw_kmoney(struct jsonw *w, const char *key, int64_t e4, int decimals) {
    jsonw_key(w, key);
    jsonw_money(w, e4, decimals);
}

void jsonw_kqty(struct jsonw *w, const char *key, int64_t e3) {
    jsonw_key(w, key);
    jsonw_qty(w, e3);
}

void jsonw_ktime(struct jsonw *w, const char *key, int64_t ms) {
    jsonw_key(w, key);
    jsonw_time(w, ms);
}
