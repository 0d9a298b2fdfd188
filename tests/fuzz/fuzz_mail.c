/* Letters out of whatever a shop says: no value ends its header, no line is too
 * long or not ASCII, the text comes out as it went in, and no value is taken
 * for a template. */
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "out/letter.h"
#include "out/mime.h"
#include "tests/fuzz/fuzz.h"

enum { LONGEST = 76, NAMED = 400 /* of an address and its header's name */ };

/* Lines end in CRLF alone, and are plain. */
static size_t check_lines(const struct buf *b, size_t longest) {
    size_t n = 0, lines = 0;
    for (size_t i = 0; i < b->len; i++) {
        unsigned char c = (unsigned char)b->data[i];
        if (c == '\r') {
            REQUIRE(i + 1 < b->len && b->data[i + 1] == '\n');
            REQUIRE(n <= longest);
            n = 0;
            lines++;
            i++;
            continue;
        }
        REQUIRE(c != '\n' && (c >= ' ' || c == '\t') && c < 0x7f);
        n++;
    }
    REQUIRE(n == 0);
    return lines;
}

/* All lines but the first begin with a blank: one header. */
static void check_header(const struct buf *b, size_t longest) {
    size_t lines = check_lines(b, longest), folded = 0;
    for (const char *at = buf_str(b); (at = strstr(at, "\r\n")); at += 2)
        folded += at[2] == ' ';
    REQUIRE(lines == folded + 1);
}

static void headers(const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    mime_header(&b, "Subject", text);
    check_header(&b, LONGEST);
    buf_clear(&b);
    mime_address(&b, "From", text, "depot@example.test");
    check_header(&b, LONGEST);
    if (mime_is_address(text)) {
        buf_clear(&b);
        mime_address(&b, "To", NULL, text);
        check_header(&b, NAMED);
    }
}

static int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Quoted-printable undone (RFC 2045 6.7). */
static void decode(struct buf *out, const struct buf *b) {
    for (size_t i = 0; i < b->len; i++) {
        char c = b->data[i];
        if (c == '=' && b->data[i + 1] == '\r') {
            i += 2;
        } else if (c == '=') {
            REQUIRE(hex(b->data[i + 1]) >= 0 && hex(b->data[i + 2]) >= 0);
            buf_addc(out,
                     (char)(hex(b->data[i + 1]) << 4 | hex(b->data[i + 2])));
            i += 2;
        } else if (c != '\r') {
            buf_addc(out, c);
        }
    }
}

static void body(const char *text) {
    AUTO_BUF struct buf b = BUF_INIT, back = BUF_INIT, want = BUF_INIT;
    mime_text(&b, text);
    (void)check_lines(&b, LONGEST);
    decode(&back, &b);
    utf8_repair(&want, text, strlen(text));
    for (size_t i = 0; i < want.len; i++) {
        unsigned char c = (unsigned char)want.data[i];
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
            want.data[i] = ' ';
    }
    if (want.len > 0 && want.data[want.len - 1] != '\n')
        buf_addc(&want, '\n');
    REQUIRE(back.len == want.len &&
            memcmp(buf_str(&back), buf_str(&want), want.len) == 0);
}

static void letters(const char *text) {
    const struct letter_values v = {text, text, text, text, text, text, text};
    for (int l = 0; l < LETTERS; l++) {
        AUTO_BUF struct buf subject = BUF_INIT, letter = BUF_INIT;
        letter_write((enum letter)l, l % 2 ? TEXT_TR : TEXT_EN, &v, &subject,
                     &letter);
        REQUIRE(!strpbrk(buf_str(&subject), "\r\n"));
        REQUIRE(!strstr(buf_str(&letter), "\n\n\n"));
        REQUIRE(utf8_valid(buf_str(&subject), subject.len));
        REQUIRE(utf8_valid(buf_str(&letter), letter.len));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    AUTO_FREE char *text = mem_dupn(data, n);
    headers(text);
    body(text);
    letters(text);
    return 0;
}
