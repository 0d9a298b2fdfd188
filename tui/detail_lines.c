/* Lines that several detail pages share: addresses and raw objects. */
#include <string.h>

#include "common/json.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/tr.h"

static void add_words(struct buf *b, const struct json *v, const char *first,
                      const char *second, const char *glue) {
    const char *one = model_str(v, first);
    const char *two = model_str(v, second);
    buf_addf(b, "%s%s%s", one, *one && *two ? glue : "", two);
}

static void add_line(struct textview *t, const char **label, struct buf *b) {
    if (b->len) {
        textview_add(t, ROLE_NORMAL, *label, "%s", buf_str(b));
        *label = "";
    }
    buf_clear(b);
}

void detail_address(struct textview *t, const char *label,
                    const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *next = label;
    add_words(&b, v, "first_name", "last_name", " ");
    add_line(t, &next, &b);
    buf_adds(&b, model_str(v, "company"));
    add_line(t, &next, &b);
    add_words(&b, v, "address_1", "address_2", ", ");
    add_line(t, &next, &b);
    add_words(&b, v, "postcode", "city", " ");
    buf_addf(&b, "%s%s", *model_str(v, "state") ? " " : "",
             model_str(v, "state"));
    buf_addf(&b, "%s%s", b.len && *model_str(v, "country") ? " " : "",
             model_str(v, "country"));
    add_line(t, &next, &b);
    add_words(&b, v, "phone", "email", "  ");
    add_line(t, &next, &b);
    if (next == label) {
        textview_add(t, ROLE_DIM, label, "-");
    }
}

static void raw_value(struct textview *t, const struct json *v, int depth);

static void raw_line(struct textview *t, const struct json *v, int depth) {
    AUTO_BUF struct buf b = BUF_INIT;
    enum json_type type = json_type(v);
    bool nested = (type == JSON_ARRAY || type == JSON_OBJECT) && json_count(v);
    buf_addf(&b, "%*s", depth * 2, "");
    if (json_key(v)) {
        buf_addf(&b, "%s: ", json_key(v));
    } else {
        buf_adds(&b, "- ");
    }
    if (!nested) {
        json_print(&b, v);
    }
    textview_add(t, ROLE_NORMAL, NULL, "%s", buf_str(&b));
    if (nested) {
        raw_value(t, v, depth + 1);
    }
}

static void raw_value(struct textview *t, const struct json *v, int depth) {
    enum { LINES_MAX = 5000, DEPTH_MAX = 60 };
    const struct json *c = json_first(v);
    for (; c && t->n < LINES_MAX && depth < DEPTH_MAX; c = json_next(c)) {
        raw_line(t, c, depth);
    }
}

void detail_raw(struct textview *t, const struct json *v) {
    raw_value(t, v, 0);
}
