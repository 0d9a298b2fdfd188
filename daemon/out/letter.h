/* What is written to customers: templates in English and Turkish
 * (schema/text, mail.TEMPLATE.subject and .body), filled in. Pure. */
#pragma once

#include <stddef.h>

#include "common/lang.h"

struct buf;

enum letter {
    LETTER_RETURN_APPROVED,
    LETTER_RETURN_RECEIVED,
    LETTER_RETURN_REFUNDED,
    LETTER_RETURN_REJECTED,
    LETTER_TEST,
    LETTERS /* how many */
};

enum { LETTER_VALUE = 4000 /* bytes of a value; the rest is left out */ };

/* "return_approved"; and back: the letter or ERR_INVALID. */
const char *letter_name(enum letter l);
int letter_parse(const char *name);

/* What its placeholders stand for; NULL is "". Lines end in \n. */
struct letter_values {
    const char *name;   /* of the customer */
    const char *order;  /* its number, as the shop's */
    const char *ref;    /* */
    const char *shop;   /* its title */
    const char *lines;  /* what comes back, a line each */
    const char *note;   /* in the words of who decided */
    const char *amount; /* "49.90 TRY" */
};

/* Subject (one line) and body. A value that holds a placeholder is no template:
 * it stays as it is. Paragraphs that became empty are left out. */
void letter_write(enum letter l, enum text_lang lang,
                  const struct letter_values *v, struct buf *subject,
                  struct buf *body);
