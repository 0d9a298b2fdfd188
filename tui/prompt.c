/* Editing goes through splice alone, which keeps the text valid UTF-8 and
 * within its bound. */
#include "tui/prompt.h"

#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/key.h"

static void candidates_clear(struct prompt *p) {
    for (int i = 0; i < p->n_candidates; i++) {
        free(p->candidates[i]);
    }
    p->n_candidates = 0;
    p->candidate = -1;
}

void prompt_init(struct prompt *p, const char *text) {
    *p = (struct prompt){.candidate = -1};
    prompt_set(p, text ? text : "");
}

void prompt_done(struct prompt *p) {
    candidates_clear(p);
    if (p->secret && p->text.data) {
        mem_wipe(p->text.data, p->text.len);
    }
    buf_done(&p->text);
    free(p->typed);
    p->typed = NULL;
}

void prompt_set(struct prompt *p, const char *text) {
    buf_clear(&p->text);
    buf_adds(&p->text, text);
    p->cursor = p->text.len;
}

/* Start of the character before / behind the byte offset. */
static size_t before(const struct prompt *p, size_t at) {
    REQUIRE(at <= p->text.len);
    while (at > 0 && (p->text.data[--at] & 0xc0) == 0x80) {
    }
    return at;
}

static size_t behind(const struct prompt *p, size_t at) {
    REQUIRE(at <= p->text.len);
    if (at < p->text.len) {
        at++;
        while (at < p->text.len && (p->text.data[at] & 0xc0) == 0x80) {
            at++;
        }
    }
    return at;
}

void prompt_place(struct prompt *p, size_t character) {
    p->cursor = 0;
    while (character-- > 0) {
        p->cursor = behind(p, p->cursor);
    }
}

static size_t word_before(const struct prompt *p, size_t at) {
    while (at > 0 && p->text.data[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && p->text.data[at - 1] != ' ') {
        at--;
    }
    return at;
}

/* Replace bytes [from, to) and put the cursor behind what came in. */
static void splice(struct prompt *p, size_t from, size_t to, const char *in) {
    REQUIRE(from <= to && to <= p->text.len);
    AUTO_BUF struct buf b = BUF_INIT;
    buf_add(&b, buf_str(&p->text), from);
    buf_adds(&b, in);
    size_t cursor = b.len;
    buf_adds(&b, buf_str(&p->text) + to);
    if (b.len > (p->max ? p->max : PROMPT_MAX)) {
        return;
    }
    struct buf old = p->text;
    p->text = b;
    b = old;
    p->cursor = cursor;
}

static void insert_key(struct prompt *p, int key) {
    char text[8] = "";
    text[utf8_encode((uint32_t)key, text)] = '\0';
    splice(p, p->cursor, p->cursor, text);
}

void prompt_line_break(struct prompt *p) {
    splice(p, p->cursor, p->cursor, "\n");
}

static void history_go(struct prompt *p, int step) {
    struct prompt_history *h = p->history;
    if (!h || p->history_at + step < 0 || p->history_at + step > h->n) {
        return;
    }
    if (p->history_at == h->n) {
        free(p->typed);
        p->typed = mem_dup(buf_str(&p->text));
    }
    p->history_at += step;
    prompt_set(p, p->history_at == h->n ? p->typed : h->lines[p->history_at]);
}

void prompt_candidate(struct prompt *p, const char *candidate) {
    if (p->n_candidates < PROMPT_CANDIDATES) {
        p->candidates[p->n_candidates++] = mem_dup(candidate);
    }
}

/* The first Tab asks and shows the first candidate, each further one the next;
 * a lone candidate is taken at once. */
static void complete(struct prompt *p, int step) {
    if (!p->complete) {
        return;
    }
    if (p->n_candidates == 0) {
        p->from = p->cursor;
        p->complete(p->complete_arg, p, buf_str(&p->text), p->cursor, &p->from);
        if (p->n_candidates == 0 || !CHECK(p->from <= p->cursor)) {
            return;
        }
        step = step > 0 ? 1 : 0;
    }
    int n = p->n_candidates;
    p->candidate = (p->candidate + step + n) % n;
    splice(p, p->from, p->cursor, p->candidates[p->candidate]);
    if (n == 1) {
        candidates_clear(p);
    }
}

static bool move_key(struct prompt *p, int key) {
    switch (key) {
    case KEY_LEFT_:
    case KEY_CTRL('b'):
        p->cursor = before(p, p->cursor);
        return true;
    case KEY_RIGHT_:
    case KEY_CTRL('f'):
        p->cursor = behind(p, p->cursor);
        return true;
    case KEY_HOME_:
    case KEY_CTRL('a'):
        p->cursor = 0;
        return true;
    case KEY_END_:
    case KEY_CTRL('e'):
        p->cursor = p->text.len;
        return true;
    case KEY_UP_:
        history_go(p, -1);
        return true;
    case KEY_DOWN_:
        history_go(p, 1);
        return true;
    default:
        return false;
    }
}

static bool edit_key(struct prompt *p, int key) {
    switch (key) {
    case KEY_BACKSPACE_:
        splice(p, before(p, p->cursor), p->cursor, "");
        return true;
    case KEY_DEL_:
    case KEY_CTRL('d'): {
        size_t at = p->cursor;
        splice(p, at, behind(p, at), "");
        return true;
    }
    case KEY_CTRL('u'):
        splice(p, 0, p->cursor, "");
        return true;
    case KEY_CTRL('k'):
        splice(p, p->cursor, p->text.len, "");
        return true;
    case KEY_CTRL('w'):
        splice(p, word_before(p, p->cursor), p->cursor, "");
        return true;
    default:
        return false;
    }
}

enum prompt_result prompt_key(struct prompt *p, int key) {
    REQUIRE(p->cursor <= p->text.len);
    if (key == KEY_TAB_ || key == KEY_BACKTAB_) {
        complete(p, key == KEY_TAB_ ? 1 : -1);
        return p->complete ? PROMPT_EDITED : PROMPT_IGNORED;
    }
    candidates_clear(p);
    if (key == KEY_ENTER_) {
        return PROMPT_DONE;
    }
    if (key == KEY_ESC_ || key == KEY_CTRL('c') || key == KEY_CTRL('g') ||
        (key == KEY_BACKSPACE_ && p->text.len == 0)) {
        return PROMPT_CANCELLED;
    }
    if (move_key(p, key) || edit_key(p, key)) {
        return PROMPT_EDITED;
    }
    if (key >= ' ' && key < KEY_SPECIAL && utf8_width((uint32_t)key) >= 0) {
        insert_key(p, key);
        return PROMPT_EDITED;
    }
    return PROMPT_IGNORED;
}

void prompt_history_add(struct prompt_history *h, const char *line) {
    REQUIRE(h->n >= 0 && h->n <= PROMPT_HISTORY);
    if (str_empty(line) || (h->n && str_eq(h->lines[h->n - 1], line))) {
        return;
    }
    if (h->n == PROMPT_HISTORY) {
        free(h->lines[0]);
        memmove(h->lines, h->lines + 1, sizeof h->lines - sizeof *h->lines);
        h->n--;
    }
    h->lines[h->n++] = mem_dup(line);
}

void prompt_history_done(struct prompt_history *h) {
    for (int i = 0; i < h->n; i++) {
        free(h->lines[i]);
    }
    h->n = 0;
}

static void shown_text(const struct prompt *p, size_t from, size_t to,
                       struct buf *out) {
    size_t start = out->len;
    utf8_safe(out, buf_str(&p->text) + from, to - from);
    if (p->secret) {
        size_t cells = utf8_cells(buf_str(out) + start);
        buf_truncate(out, start);
        while (cells--) {
            buf_addc(out, '*');
        }
    }
}

void prompt_show(const struct prompt *p, int cells, struct buf *out,
                 int *ret_cursor) {
    size_t from = 0;
    for (;;) {
        AUTO_BUF struct buf left = BUF_INIT;
        shown_text(p, from, p->cursor, &left);
        *ret_cursor = (int)utf8_cells(buf_str(&left));
        if (*ret_cursor < cells || from >= p->cursor) {
            break;
        }
        from = behind(p, from);
    }
    shown_text(p, from, p->text.len, out);
}
