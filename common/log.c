#include "common/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/utf8.h"
#include "common/when.h"

enum form { FORM_AUTO, FORM_TEXT, FORM_JSON };

enum {
    TEXT_MOST = 2048, /* bytes of a sentence; the rest is cut */
    EVENT_MOST = 64,
    /* One byte becomes at most six ("\u001b"). */
    LINE_MOST = 6 * (TEXT_MOST + EVENT_MOST) + 256
};

/* A line under construction; on the stack, because running out of memory is
 * one of the things that are logged. */
struct line {
    size_t len;
    char data[LINE_MOST];
};

static _Atomic int lowest = LOG_INFO;
static _Atomic int form = FORM_AUTO;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_setup(enum log_level level, bool json) {
    lowest = (int)level;
    form = json ? FORM_JSON : FORM_TEXT;
}

bool log_level_parse(const char *s, enum log_level *ret) {
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
        if (s && strcmp(s, level_names[i]) == 0) {
            *ret = (enum log_level)i;
            return true;
        }
    return false;
}

static bool as_json(void) {
    int f = form;
    if (f == FORM_AUTO) {
        f = isatty(STDERR_FILENO) ? FORM_TEXT : FORM_JSON;
        form = f;
    }
    return f == FORM_JSON;
}

static void put(struct line *l, const char *s, size_t n) {
    size_t room = sizeof l->data - l->len;
    if (n > room)
        n = room;
    memcpy(l->data + l->len, s, n);
    l->len += n;
}

static void put_str(struct line *l, const char *s) {
    put(l, s, strlen(s));
}

/* What could end the line, move the cursor or turn the reading direction. */
static bool harmful(uint32_t cp) {
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF;
}

static void put_escaped(struct line *l, const char *s, bool json) {
    char esc[8];
    size_t n = strlen(s);
    while (n > 0) {
        uint32_t cp = 0xFFFD;
        size_t len = utf8_decode(s, n, &cp);
        if (len == 0) {
            put_str(l, "\xEF\xBF\xBD");
            len = 1;
        } else if (cp == '\n') {
            put_str(l, "\\n");
        } else if (harmful(cp)) {
            (void)snprintf(esc, sizeof esc, "\\u%04x", (unsigned)cp & 0xFFFF);
            put_str(l, esc);
        } else {
            if (json && (cp == '"' || cp == '\\'))
                put_str(l, "\\");
            put(l, s, len);
        }
        s += len;
        n -= len;
    }
}

static const char *now_text(char dst[WHEN_TEXT]) {
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t); /* cannot fail for this clock */
    return when_iso_ms(dst, (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

static void line_json(struct line *l, enum log_level level, const char *event,
                      const char *text) {
    char now[WHEN_TEXT];
    put_str(l, "{\"time\":\"");
    put_str(l, now_text(now));
    put_str(l, "\",\"level\":\"");
    put_str(l, level_names[level]);
    put_str(l, "\",\"event\":\"");
    put_escaped(l, event, true);
    put_str(l, "\",\"text\":\"");
    put_escaped(l, text, true);
    put_str(l, "\"}\n");
}

static void line_text(struct line *l, enum log_level level, const char *event,
                      const char *text) {
    static const char *const marks[] = {"debug ", "", "warning ", "error "};
    char now[WHEN_TEXT];
    put_str(l, now_text(now));
    put_str(l, " ");
    put_str(l, marks[level]);
    put_escaped(l, event, false);
    put_str(l, ": ");
    put_escaped(l, text, false);
    put_str(l, "\n");
}

void log_write(enum log_level level, const char *event, const char *fmt, ...) {
    struct line l;
    char text[TEXT_MOST], name[EVENT_MOST];
    va_list ap;
    if ((int)level < lowest || level > LOG_ERROR)
        return;
    va_start(ap, fmt);
    if (vsnprintf(text, sizeof text, fmt, ap) < 0)
        text[0] = 0;
    va_end(ap);
    (void)snprintf(name, sizeof name, "%s", event);
    l.len = 0;
    if (as_json())
        line_json(&l, level, name, text);
    else
        line_text(&l, level, name, text);
    /* A log that cannot be written has nowhere to say so. */
    ssize_t n = write(STDERR_FILENO, l.data, l.len);
    (void)n;
}
