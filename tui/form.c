/* A form is a prompt a field; nothing is checked before it is submitted, so
 * that leaving a field half done never gets in the way. */
#include "tui/form.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/key.h"
#include "tui/textview.h"
#include "tui/tr.h"

enum {
    FILE_MAX = 64 * 1024,
    FILE_CHUNK = 16 * 1024,
    FORM_CHOICES = 128,
    LONG_BYTES = 20000, /* bytes of FORM_LONG */
    LONG_ROWS = 6       /* of the one that is typed into */
};

void form_init(struct form *f, const struct form_field *fields, int n) {
    REQUIRE(n > 0 && n <= FORM_FIELDS);
    *f = (struct form){.fields = fields, .n = n, .bad = -1};
    for (int i = 0; i < n; i++) {
        prompt_init(&f->input[i], NULL);
        f->input[i].secret = fields[i].type == FORM_SECRET;
        f->input[i].max = fields[i].type == FORM_LONG ? LONG_BYTES : 0;
    }
}

void form_done(struct form *f) {
    for (int i = 0; i < f->n; i++) {
        prompt_done(&f->input[i]);
    }
}

void form_wipe(struct form *f) {
    for (int i = 0; i < f->n; i++) {
        struct buf *b = &f->input[i].text;
        if (f->fields[i].type == FORM_SECRET && b->data) {
            mem_wipe(b->data, b->cap);
            form_set(f, i, "");
        }
    }
}

void form_set(struct form *f, int i, const char *value) {
    REQUIRE(i >= 0 && i < f->n);
    f->on[i] = str_eq(value, "true");
    prompt_set(&f->input[i], value);
}

const char *form_get(const struct form *f, int i) {
    REQUIRE(i >= 0 && i < f->n);
    if (f->fields[i].type == FORM_BOOL) {
        return f->on[i] ? "true" : "false";
    }
    return buf_str(&f->input[i].text);
}

const char *form_label(const struct form *f, int i) {
    REQUIRE(i >= 0 && i < f->n);
    const char *title = f->fields[i].title;
    return title ? title : text_get(tr_lang, f->fields[i].label);
}

void form_move(struct form *f, int step) {
    REQUIRE(f->n > 0);
    f->at = (f->at + step + f->n) % f->n;
}

/* The choice behind or before the one that stands there. */
static void next_choice(struct form *f, int step) {
    const char *all = f->fields[f->at].choices;
    const char *now = buf_str(&f->input[f->at].text);
    const char *words[FORM_CHOICES];
    size_t lens[FORM_CHOICES];
    int n = 0, at = step > 0 ? -1 : 0;
    for (; *all && n < FORM_CHOICES; n++) {
        words[n] = all;
        lens[n] = strcspn(all, "|");
        at = strlen(now) == lens[n] && strncmp(now, all, lens[n]) == 0 ? n : at;
        all += lens[n];
        all += *all == '|';
    }
    if (n > 0) {
        int i = (at + step + n) % n;
        AUTO_FREE char *word = mem_dupn(words[i], lens[i]);
        prompt_set(&f->input[f->at], word);
    }
}

static bool choice_key(struct form *f, int key) {
    if (key == ' ' || key == KEY_RIGHT_ || key == KEY_LEFT_) {
        next_choice(f, key == KEY_LEFT_ ? -1 : 1);
        return true;
    }
    return key > ' ' && key < KEY_SPECIAL && key != KEY_BACKSPACE_;
}

/* Enter, Tab and Esc are the form's, not the field's. */
static bool take_key(struct form *f, int key) {
    if (f->fields[f->at].type == FORM_BOOL) {
        if (key == ' ' || key == KEY_LEFT_ || key == KEY_RIGHT_) {
            f->on[f->at] = !f->on[f->at];
            return true;
        }
        return key > ' ' && key < KEY_SPECIAL && key != KEY_BACKSPACE_;
    }
    if (f->fields[f->at].type == FORM_CHOICE) {
        return choice_key(f, key);
    }
    if (key == KEY_ENTER_ && f->fields[f->at].type == FORM_LONG) {
        prompt_line_break(&f->input[f->at]);
        return true;
    }
    if (key == KEY_ENTER_ || key == KEY_ESC_ || key == KEY_TAB_ ||
        key == KEY_UP_ || key == KEY_DOWN_ || key == KEY_CTRL('c') ||
        key == KEY_CTRL('g')) {
        return false;
    }
    if (key == KEY_BACKSPACE_ && f->input[f->at].text.len == 0) {
        return true;
    }
    return prompt_key(&f->input[f->at], key) == PROMPT_EDITED;
}

bool form_key(struct form *f, int key) {
    REQUIRE(f->at >= 0 && f->at < f->n);
    bool leaves = key == KEY_ESC_ || key == KEY_CTRL('g');
    bool taken = take_key(f, key);
    f->leaving = f->leaving && leaves;
    f->touched = f->touched || taken;
    return taken;
}

bool form_leave(struct form *f) {
    bool leaves = !f->touched || f->leaving;
    f->leaving = true;
    return leaves;
}

/* The daemon never opens a path that a client names: the text goes over. */
static int write_file(struct jsonw *w, const char *param, const char *path) {
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return ERR_IO;
    ssize_t n;
    while ((n = read(fd, buf_reserve(&text, FILE_CHUNK), FILE_CHUNK)) > 0) {
        buf_added(&text, (size_t)n);
        if (text.len > FILE_MAX)
            return ERR_IO;
    }
    if (n < 0 || text.len == 0)
        return ERR_IO;
    jsonw_key(w, param);
    jsonw_stringn(w, text.data, text.len);
    return 0;
}

/* An empty optional field is left out: it stays as it is. */
static int write_field(struct form *f, int i, struct jsonw *w) {
    const struct form_field *field = &f->fields[i];
    const char *text = buf_str(&f->input[i].text);
    int64_t n;
    if (field->type == FORM_BOOL) {
        jsonw_kbool(w, field->param, f->on[i]);
        return 0;
    }
    if (str_empty(text)) {
        return field->required ? ERR_INVALID : 0;
    }
    if (field->type == FORM_NUMBER) {
        if (str_to_duration(text, &n) < 0) {
            return ERR_INVALID;
        }
        jsonw_ki64(w, field->param, n);
        return 0;
    }
    if (field->type == FORM_FILE)
        return write_file(w, field->param, text);
    jsonw_kstring(w, field->param, text);
    return 0;
}

int form_params(struct form *f, struct buf *out) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    f->bad = -1;
    for (int i = 0; i < f->n; i++) {
        int rc = write_field(f, i, &w);
        if (rc < 0) {
            f->at = f->bad = i;
            return rc;
        }
    }
    jsonw_end_object(&w);
    buf_add(out, b.data + 1, b.len - 2);
    return 0;
}

void form_blame(struct form *f, const char *param) {
    for (int i = 0; i < f->n; i++) {
        if (str_eq(f->fields[i].param, param)) {
            f->at = f->bad = i;
        }
    }
}

/* The widest label in this language sets the column, up to two thirds. */
static int label_width(const struct form *f, int width) {
    size_t most = 0;
    for (int i = 0; i < f->n; i++) {
        size_t cells = utf8_cells(form_label(f, i));
        most = cells > most ? cells : most;
    }
    int most_cells = width * 2 / 3;
    return (int)most + 2 > most_cells ? most_cells : (int)most + 2;
}

static bool is_long(const struct form *f, int i) {
    return f->fields[i].type == FORM_LONG;
}

static void draw_value(struct form *f, const struct pane *p, int y, int i,
                       int x) {
    AUTO_BUF struct buf text = BUF_INIT;
    int cursor = 0;
    int room = p->w - x - 1;
    if (f->fields[i].type == FORM_BOOL) {
        buf_addf(&text, "[%s] %s", f->on[i] ? "x" : " ",
                 f->on[i] ? T(FORM_YES) : T(FORM_NO));
        cursor = 1;
    } else if (f->fields[i].type == FORM_CHOICE) {
        /* names of stores have no word of their own */
        buf_addf(&text, "< %s >",
                 tr_word("choice", buf_str(&f->input[i].text)));
        cursor = 2;
    } else if (is_long(f, i)) { /* its first line */
        const char *s = buf_str(&f->input[i].text);
        size_t n = strcspn(s, "\n");
        AUTO_FREE char *line = mem_dupn(s, n);
        buf_addf(&text, "%s%s", line, s[n] ? " ..." : "");
    } else {
        prompt_show(&f->input[i], room, &text, &cursor);
    }
    int role = f->bad == i ? ROLE_BAD : ROLE_INPUT;
    (void)pane_text(p, y, x, room, role, buf_str(&text));
    if (i == f->at) {
        pane_cursor(p, y, x + cursor);
    }
}

/* --- several lines ------------------------------------------------------- */

/* Where the screen's line that begins at s ends: at a line break, or where the
 * next character has no room. */
static const char *line_end(const char *s, size_t room) {
    size_t cells;
    size_t n = strcspn(s, "\n");
    size_t fit = utf8_fit(s, room, &cells);
    return s + (fit < n && fit > 0 ? fit : n);
}

static const char *next_line(const char *end) {
    return *end == '\n' ? end + 1 : end;
}

/* The line of the screen the cursor is in, and its cell there. */
static int cursor_line(const struct prompt *p, size_t room, int *ret_cell) {
    const char *s = buf_str(&p->text), *at = s + p->cursor, *end;
    int line = 0;
    /* where a line was only full, the cursor is at the start of the next */
    while (end = line_end(s, room),
           *end && (at > end || (at == end && *end != '\n'))) {
        s = next_line(end);
        line++;
    }
    AUTO_FREE char *before = mem_dupn(s, (size_t)(at - s));
    *ret_cell = (int)utf8_cells(before);
    return line;
}

/* The part of it around the cursor; how many rows. */
static int draw_long(const struct form *f, const struct pane *p, int y, int i,
                     int x, int rows) {
    const struct prompt *in = &f->input[i];
    size_t room = (size_t)(p->w - x - 1 > 1 ? p->w - x - 1 : 1);
    int cell = 0, at = cursor_line(in, room, &cell);
    int first = at >= rows ? at - rows + 1 : 0, line = 0, drawn = 0;
    const char *s = buf_str(&in->text);
    for (; drawn < rows && (*s || line <= at); line++) {
        const char *end = line_end(s, room);
        if (line >= first) {
            AUTO_FREE char *text = mem_dupn(s, (size_t)(end - s));
            (void)pane_text(p, y + drawn, x, (int)room,
                            f->bad == i ? ROLE_BAD : ROLE_INPUT, text);
            drawn++;
        }
        s = next_line(end);
    }
    pane_cursor(p, y + at - first, x + cell);
    return drawn > 0 ? drawn : 1;
}

/* What helps with the field one is in; as many rows as it may take. */
static int wrap_help(const struct form *f, const struct pane *p,
                     struct textview *t) {
    enum { HELP_ROWS = 3 };
    int help = f->fields[f->at].help;
    int most = p->h < 4 ? 1 : p->h < 12 ? 2 : HELP_ROWS;
    if (help < 0) {
        return 0;
    }
    textview_prose(t, ROLE_DIM, NULL, text_get(tr_lang, (enum text_id)help),
                   p->w - 1);
    return t->n < most ? t->n : most;
}

/* A row less than there is: the help stands below. */
static int shown_fields(struct form *f, const struct pane *p, int more) {
    int rows = f->n < p->h - 1 - more ? f->n : p->h - 1 - more;
    rows = rows < 1 ? 1 : rows;
    f->top = f->at < f->top ? f->at : f->top;
    f->top = f->at >= f->top + rows ? f->at - rows + 1 : f->top;
    f->top = f->top > f->n - rows ? f->n - rows : f->top; /* it has grown */
    return rows;
}

int form_draw(struct form *f, const struct pane *p) {
    int label = label_width(f, p->w);
    int tall = !is_long(f, f->at)     ? 1
               : p->h / 2 < LONG_ROWS ? (p->h > 3 ? p->h / 2 : 1)
                                      : LONG_ROWS;
    struct textview help = {0};
    int below = wrap_help(f, p, &help);
    int rows = shown_fields(f, p, tall - 1 + (below > 1 ? below - 1 : 0));
    int y = 0;
    for (int i = f->top; i < f->n && i < f->top + rows; i++) {
        (void)pane_text(p, y, 0, 1, ROLE_KEY, i == f->at ? ">" : " ");
        (void)pane_text(p, y, 1, label, i == f->at ? ROLE_KEY : ROLE_NORMAL,
                        form_label(f, i));
        if (is_long(f, i) && i == f->at) {
            y += draw_long(f, p, y, i, label + 2, tall);
        } else {
            draw_value(f, p, y++, i, label + 2);
        }
    }
    for (int i = 0; i < below; i++) {
        (void)pane_text(p, y + i, 1, -1, ROLE_DIM, help.lines[i].text);
    }
    textview_done(&help);
    return y + (below > 1 ? below : 1) + 1;
}
