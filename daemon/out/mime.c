#include "out/mime.h"

#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/utf8.h"
#include "common/when.h"

enum {
    LINE = 76, /* longest line we write, without its end */
    WORD = 45, /* bytes in one encoded word: 60 of base64, 72 in all */
    DAY_MS = 86400000,
};

/* --- addresses -------------------------------------------------------------
 */

static bool is_address_char(char c) {
    return c > ' ' && c < 0x7f && !strchr("<>()[]\\,;:\"@", c);
}

bool mime_is_address(const char *s) {
    const char *at = strchr(s, '@');
    if (!at || at == s || !at[1] || strlen(s) > MIME_ADDRESS)
        return false;
    for (const char *c = s; *c; c++)
        if (c != at && !is_address_char(*c))
            return false;
    return s[0] != '-' && at[1] != '.' && at[1] != '-' && at[-1] != '.';
}

/* --- headers ---------------------------------------------------------------
 */

/* One line of good UTF-8: what could end it becomes a space. */
static void clean(struct buf *out, const char *value) {
    size_t from = out->len;
    utf8_repair(out, value, strlen(value));
    for (size_t i = from; i < out->len; i++) {
        unsigned char c = (unsigned char)out->data[i];
        if (c < ' ' || c == 0x7f)
            out->data[i] = ' ';
    }
}

/* May it stand as it is, behind `used` bytes of its line? Something that looks
 * like an encoded word is encoded, or a reader would decode it. */
static bool is_plain(const char *s, size_t used) {
    for (const char *c = s; *c; c++)
        if ((unsigned char)*c >= 0x7f)
            return false;
    return !strstr(s, "=?") && used + strlen(s) <= LINE && *s != ' ';
}

/* As many bytes as an encoded word holds, no character cut in two. */
static size_t word_of(const char *s, size_t n) {
    size_t end = n < WORD ? n : WORD;
    while (end < n && end > 0 && ((unsigned char)s[end] & 0xc0) == 0x80)
        end--;
    return end;
}

static void add_words(struct buf *out, const char *s) {
    size_t n = strlen(s);
    char text[4 * (WORD / 3 + 1) + 1];
    for (size_t at = 0; at < n;) {
        size_t take = word_of(s + at, n - at);
        digest_base64(s + at, take, text);
        buf_addf(out, "%s=?utf-8?B?%s?=", at > 0 ? "\r\n " : "", text);
        at += take;
    }
}

void mime_header(struct buf *out, const char *name, const char *value) {
    AUTO_BUF struct buf b = BUF_INIT;
    clean(&b, value);
    buf_addf(out, "%s: ", name);
    if (is_plain(buf_str(&b), strlen(name) + 2)) {
        buf_adds(out, buf_str(&b));
    } else {
        buf_adds(out, "\r\n ");
        add_words(out, buf_str(&b));
    }
    buf_adds(out, "\r\n");
}

/* A name is an atom, a quoted string or encoded words: the last is always
 * right. */
void mime_address(struct buf *out, const char *name, const char *display,
                  const char *address) {
    REQUIRE(mime_is_address(address));
    AUTO_BUF struct buf b = BUF_INIT;
    clean(&b, display ? display : "");
    buf_addf(out, "%s: ", name);
    if (b.len > 0 && is_plain(buf_str(&b), strlen(name) + 4) &&
        !strpbrk(buf_str(&b), "\"\\")) {
        buf_addf(out, "\"%s\"\r\n ", buf_str(&b));
    } else if (b.len > 0) {
        buf_adds(out, "\r\n ");
        add_words(out, buf_str(&b));
        buf_adds(out, "\r\n ");
    }
    buf_addf(out, "<%s>\r\n", address);
}

/* --- the text --------------------------------------------------------------
 */

/* A line under way. */
struct line {
    struct buf *out;
    size_t n; /* characters of it */
};

static void add_piece(struct line *l, const char *piece, size_t n) {
    if (l->n + n > LINE - 1) { /* room for the soft break */
        buf_adds(l->out, "=\r\n");
        l->n = 0;
    }
    buf_add(l->out, piece, n);
    l->n += n;
}

/* A space at the end would be lost on the way; a dot or From at the beginning
 * means something to some of those on it. */
static void add_char(struct line *l, unsigned char c, char next) {
    static const char hex[] = "0123456789ABCDEF";
    bool last = next == '\n' || next == '\0';
    bool bare = c > ' ' && c < 0x7f && c != '=';
    if (c == ' ' || c == '\t')
        bare = !last;
    if (l->n == 0 && (c == '.' || c == 'F'))
        bare = false;
    char one = (char)c;
    const char coded[3] = {'=', hex[c >> 4], hex[c & 15]};
    if (bare)
        add_piece(l, &one, 1);
    else
        add_piece(l, coded, sizeof coded);
}

void mime_text(struct buf *out, const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct line l = {.out = out};
    utf8_repair(&b, text, strlen(text));
    for (const char *c = buf_str(&b); *c; c++) {
        unsigned char u = (unsigned char)*c;
        if (u == '\n') {
            buf_adds(out, "\r\n");
            l.n = 0;
        } else {
            bool control = (u < ' ' && u != '\t') || u == 0x7f;
            add_char(&l, control ? ' ' : u, c[1]);
        }
    }
    if (l.n > 0)
        buf_adds(out, "\r\n");
}

/* --- the letter ------------------------------------------------------------
 */

static void add_date(struct buf *out, int64_t ms) {
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun",
                                       "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
    int y, m, d;
    REQUIRE(ms >= 0);
    when_civil(ms, &y, &m, &d);
    int s = (int)(ms % DAY_MS / 1000);
    buf_addf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
             days[ms / DAY_MS % 7], d, months[m - 1], y, s / 3600, s / 60 % 60,
             s % 60);
}

void mime_write(struct buf *out, const struct mime_letter *l) {
    mime_address(out, "From", l->sender, l->from);
    mime_address(out, "To", NULL, l->to);
    mime_header(out, "Subject", l->subject);
    add_date(out, l->at_ms);
    mime_header(out, "Message-ID", l->id);
    mime_header(out, "Content-Language", l->lang);
    buf_adds(out, "Auto-Submitted: auto-generated\r\n"
                  "MIME-Version: 1.0\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: quoted-printable\r\n"
                  "\r\n");
    mime_text(out, l->body);
}
