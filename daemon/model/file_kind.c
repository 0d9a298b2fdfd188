#include "model/file_kind.h"

#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/str.h"
#include "common/utf8.h"

/* --- kinds --------------------------------------------------------------- */

static const struct mark {
    const char *type, *bytes;
    size_t n;
} marks[] = {
    {"image/png", "\x89PNG\r\n\x1a\n", 8},
    {"image/jpeg", "\xff\xd8\xff", 3},
    {"image/gif", "GIF87a", 6},
    {"image/gif", "GIF89a", 6},
    {"application/pdf", "%PDF-", 5},
};

static bool is_webp(const char *s, size_t n) {
    return n >= 12 && memcmp(s, "RIFF", 4) == 0 &&
           memcmp(s + 8, "WEBP", 4) == 0;
}

/* UTF-8 without control characters: an escape sequence is not plain text. */
static bool is_text(const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == 0x7f || (c < 0x20 && !strchr("\t\n\r\f", c)) || c == 0)
            return false;
    }
    return utf8_valid(s, n);
}

const char *file_kind(const void *data, size_t n, const char *name) {
    const char *s = data;
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (n >= marks[i].n && memcmp(s, marks[i].bytes, marks[i].n) == 0)
            return marks[i].type;
    if (is_webp(s, n))
        return "image/webp";
    if (n == 0 || !is_text(s, n))
        return NULL;
    return len > 4 && strcasecmp(name + len - 4, ".csv") == 0 ? "text/csv"
                                                              : "text/plain";
}

/* --- names --------------------------------------------------------------- */

/* Letters of any script and what stands between them in names; the rest has a
 * meaning to shells, other systems' folders or terminals. */
static bool harmless(char c) {
    return (c & 0x80) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || strchr(" ._-+()=,@#", c);
}

static const char *last_part(const char *name) {
    const char *at = name;
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            at = p + 1;
    return at;
}

void file_name_clean(struct buf *out, const char *name) {
    AUTO_BUF struct buf safe = BUF_INIT;
    char cut[FILE_NAME_MAX + 1];
    const char *from = last_part(name);
    utf8_safe(&safe, from, strlen(from));
    for (size_t i = 0; i < safe.len; i++)
        if (!harmless(safe.data[i]))
            safe.data[i] = '_';
    from = buf_str(&safe);
    from += strspn(from, ". -"); /* neither hidden nor an option */
    size_t n = str_copy(cut, sizeof cut, from);
    while (n > 0 && strchr(". ", cut[n - 1]))
        n--;
    buf_add(out, n ? cut : "file", n ? n : 4);
}
