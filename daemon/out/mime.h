/* A letter as mail servers take it: RFC 5322 headers, text of RFC 2047 and
 * quoted-printable UTF-8. Everything in it may come from a shop: no value can
 * end its header line, begin another one, or end the headers. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum { MIME_ADDRESS = 254 /* longest, in bytes */ };

/* May this be written to: name@domain, printable ASCII without what means
 * something in a header or to a mail server. */
bool mime_is_address(const char *s);

/* "Name: value\r\n", folded; what is not plain ASCII becomes encoded words,
 * control characters become spaces. */
void mime_header(struct buf *out, const char *name, const char *value);
/* "Name: display <address>\r\n"; display may be "" or NULL. The address must be
 * one (mime_is_address). */
void mime_address(struct buf *out, const char *name, const char *display,
                  const char *address);
/* The text as quoted-printable lines that end in CRLF, none over 76. Invalid
 * UTF-8 becomes U+FFFD, controls but newline and tab become spaces. */
void mime_text(struct buf *out, const char *text);

struct mime_letter {
    const char *sender, *from; /* name, address */
    const char *to;
    const char *subject, *body;
    const char *id;   /* of the message, with its brackets */
    const char *lang; /* "en" */
    int64_t at_ms;
};

/* The whole letter. */
void mime_write(struct buf *out, const struct mime_letter *l);
