/* Reading by path with a default: a screen shows what it got and leaves out
 * what it did not. */
#include "tui/model.h"

#include <string.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "common/when.h"

const char *model_str(const struct json *v, const char *path) {
    const char *s = json_string(json_path(v, path));
    return s ? s : "";
}

void model_text(char *dst, size_t size, const struct json *v,
                const char *path) {
    (void)str_copy(dst, size, model_str(v, path));
}

int64_t model_int(const struct json *v, const char *path, int64_t other) {
    (void)json_i64(json_path(v, path), true, &other);
    return other;
}

bool model_flag(const struct json *v, const char *path) {
    bool b = false;
    (void)json_bool(json_path(v, path), true, &b);
    return b;
}

int64_t model_time(const struct json *v, const char *path) {
    int64_t ms = 0;
    const char *s = json_string(json_path(v, path));
    if (s) {
        (void)when_parse(s, &ms);
    }
    return ms;
}

bool model_has(const struct json *v, const char *path, const char *word) {
    const struct json *c = json_first(json_path(v, path));
    for (; c; c = json_next(c)) {
        if (str_eq(json_string(c), word)) {
            return true;
        }
    }
    return false;
}

void model_join(char *dst, size_t size, const struct json *v,
                const char *path) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *c = json_first(json_path(v, path));
    for (; c; c = json_next(c)) {
        if (json_string(c)) {
            buf_addf(&b, "%s%s", b.len ? ", " : "", json_string(c));
        }
    }
    (void)str_copy(dst, size, buf_str(&b));
}

void model_money(char *dst, size_t size, const char *decimal) {
    char human[MONEY_TEXT];
    int64_t e4;
    if (money_parse(decimal, MONEY_SCALE, &e4) < 0) {
        (void)str_copy(dst, size, decimal);
        return;
    }
    const char *dot = strchr(decimal, '.');
    int decimals = dot ? (int)strlen(dot + 1) : 0;
    decimals = decimals > MONEY_SCALE ? MONEY_SCALE : decimals;
    (void)str_copy(dst, size,
                   money_format_human(human, e4, MONEY_SCALE, decimals));
}

void model_amounts(char *dst, size_t size, const struct json *v,
                   const char *path) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *c = json_first(json_path(v, path));
    for (; c; c = json_next(c)) {
        char amount[40];
        if (json_string(c)) {
            model_money(amount, sizeof amount, json_string(c));
            buf_addf(&b, "%s%s %s", b.len ? "  " : "", amount, json_key(c));
        }
    }
    (void)str_copy(dst, size, buf_str(&b));
}
