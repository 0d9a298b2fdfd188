/* Lines that several detail pages share: addresses and raw objects. */
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
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

enum { RAW_LINES = 5000, RAW_DEPTH = 60, RAW_INDENT = 2 };

struct raw {
    struct textview *t;
    int width;
};

static void raw_value(struct raw *r, const struct json *v, int depth,
                      bool last);

/* `head` is indentation and key; what is too long goes on below, further in. */
static void raw_line(struct raw *r, struct buf *head, const char *text,
                     bool comma) {
    buf_addf(head, "%s%s", text, comma ? "," : "");
    textview_prose(r->t, ROLE_NORMAL, NULL, buf_str(head), r->width);
}

static void raw_children(struct raw *r, const struct json *v, int depth) {
    const struct json *c = json_first(v);
    while (c && r->t->n < RAW_LINES && depth < RAW_DEPTH) {
        const struct json *next = json_next(c);
        raw_value(r, c, depth, next == NULL);
        c = next;
    }
}

static void raw_value(struct raw *r, const struct json *v, int depth,
                      bool last) {
    AUTO_BUF struct buf b = BUF_INIT;
    enum json_type type = json_type(v);
    bool array = type == JSON_ARRAY;
    bool nested = (array || type == JSON_OBJECT) && json_count(v);
    buf_addf(&b, "%*s", depth * RAW_INDENT, "");
    if (depth > 0 && json_key(v)) {
        struct jsonw w;
        jsonw_init(&w, &b);
        jsonw_string(&w, json_key(v));
        buf_adds(&b, ": ");
    }
    if (!nested) {
        AUTO_BUF struct buf text = BUF_INIT;
        json_print(&text, v);
        raw_line(r, &b, buf_str(&text), !last);
        return;
    }
    raw_line(r, &b, array ? "[" : "{", false);
    raw_children(r, v, depth + 1);
    buf_clear(&b);
    buf_addf(&b, "%*s", depth * RAW_INDENT, "");
    raw_line(r, &b, array ? "]" : "}", !last);
}

void detail_raw(struct textview *t, const struct json *v, int width) {
    struct raw r = {t, width};
    if (v) {
        raw_value(&r, v, 0, true);
    }
}
