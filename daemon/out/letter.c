#include "out/letter.h"

#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/str.h"
#include "common/text.h"
#include "common/utf8.h"

static const struct {
    const char *name;
    enum text_id subject, body;
} letters[LETTERS] = {
    [LETTER_RETURN_APPROVED] = {"return_approved",
                                TEXT_MAIL_RETURN_APPROVED_SUBJECT,
                                TEXT_MAIL_RETURN_APPROVED_BODY},
    [LETTER_RETURN_RECEIVED] = {"return_received",
                                TEXT_MAIL_RETURN_RECEIVED_SUBJECT,
                                TEXT_MAIL_RETURN_RECEIVED_BODY},
    [LETTER_RETURN_REFUNDED] = {"return_refunded",
                                TEXT_MAIL_RETURN_REFUNDED_SUBJECT,
                                TEXT_MAIL_RETURN_REFUNDED_BODY},
    [LETTER_RETURN_REJECTED] = {"return_rejected",
                                TEXT_MAIL_RETURN_REJECTED_SUBJECT,
                                TEXT_MAIL_RETURN_REJECTED_BODY},
    [LETTER_TEST] = {"test", TEXT_MAIL_TEST_SUBJECT, TEXT_MAIL_TEST_BODY},
};

const char *letter_name(enum letter l) {
    REQUIRE(l < LETTERS);
    return letters[l].name;
}

int letter_parse(const char *name) {
    for (int l = 0; l < LETTERS; l++)
        if (str_eq(letters[l].name, name))
            return l;
    return ERR_INVALID;
}

/* Good UTF-8, no controls but the end of a line, not without end. */
static const char *clean(struct buf *b, const char *value) {
    char some[LETTER_VALUE + 1];
    size_t n = str_copy(some, sizeof some, value ? value : "");
    utf8_repair(b, some, n);
    for (size_t i = 0; i < b->len; i++) {
        unsigned char c = (unsigned char)b->data[i];
        if ((c < ' ' && c != '\n') || c == 0x7f)
            b->data[i] = ' ';
    }
    return buf_str(b);
}

/* What was around an empty value leaves one empty line, none at the ends. */
static void add_paragraphs(struct buf *out, const char *text) {
    size_t from = out->len, empty = 0;
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\n");
        if (n == 0) {
            empty++;
        } else {
            buf_adds(out, out->len > from ? empty ? "\n\n" : "\n" : "");
            buf_add(out, at, n);
            empty = 0;
        }
        at += n + (at[n] == '\n');
    }
    buf_adds(out, "\n");
}

static void one_line(struct buf *out, const char *text) {
    size_t from = out->len;
    buf_adds(out, text);
    for (size_t i = from; i < out->len; i++)
        if (out->data[i] == '\n')
            out->data[i] = ' ';
}

void letter_write(enum letter l, enum text_lang lang,
                  const struct letter_values *v, struct buf *subject,
                  struct buf *body) {
    AUTO_BUF struct buf name = BUF_INIT, order = BUF_INIT, ref = BUF_INIT,
                        shop = BUF_INIT, lines = BUF_INIT, note = BUF_INIT,
                        amount = BUF_INIT, head = BUF_INIT, text = BUF_INIT;
    REQUIRE(l < LETTERS);
    const char *n = clean(&name, v->name), *o = clean(&order, v->order),
               *r = clean(&ref, v->ref), *s = clean(&shop, v->shop),
               *a = clean(&amount, v->amount);
    text_format(&head, lang, letters[l].subject, "name", n, "order", o,
                "return", r, "shop", s, "amount", a, NULL);
    text_format(&text, lang, letters[l].body, "name", n, "order", o, "return",
                r, "shop", s, "amount", a, "lines", clean(&lines, v->lines),
                "note", clean(&note, v->note), NULL);
    one_line(subject, buf_str(&head));
    add_paragraphs(body, buf_str(&text));
}
