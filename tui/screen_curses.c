/* The only user of curses.
 * Happy path: terminfo knows TERM, newterm opens the alternate screen, put()
 * fills curses' picture and flush() lets it send the difference only.
 * Failure modes: TERM unknown or without cursor addressing (a sentence, no
 * screen), the terminal goes away (key() answers KEY_EOF_), the program dies
 * by a signal (the handler restores the terminal first). */
#include "tui/screen.h"

#include <errno.h>
#define NCURSES_NOMACROS 1
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <wchar.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/screen_links.h"
#include "tui/web_address.h"

/* After curses: its macros use the names of ours with no underscore. */
#include "tui/key.h"

enum { ESC_DELAY_MS = 50, PASTE_ON = 0x1000, PASTE_OFF = 0x1001 };

struct screen_curses {
    struct screen base;
    SCREEN *term;
    attr_t attr[ROLE_COUNT];    /* with the colour pair inside */
    int cy, cx;                 /* where the cursor rests; cy < 0 hidden */
    bool hidden;                /* cursor state last sent */
    struct screen_links *links; /* NULL: the terminal takes none */
};

static bool opened; /* curses holds the terminal; for the signal handler */

static struct screen_curses *curses(struct screen *s) {
    return (struct screen_curses *)s;
}

static void raw_write(const char *s) {
    (void)fwrite(s, 1, strlen(s), stdout);
    (void)fflush(stdout);
}

/* Safe to call twice: at exit and from a signal. */
static void restore(void) {
    if (opened) {
        opened = false;
        raw_write("\033[?2004l");
        (void)endwin();
    }
}

/* Best effort: a crash must not leave the terminal unusable. */
static void on_crash(int sig) {
    restore();
    (void)signal(sig, SIG_DFL);
    (void)raise(sig);
}

static void catch_crashes(void) {
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        (void)signal(signals[i], on_crash);
    }
}

static const struct {
    attr_t attr;
    short color; /* -1: the terminal's own */
} looks[ROLE_COUNT] = {
    [ROLE_NORMAL] = {A_NORMAL, -1},
    [ROLE_DIM] = {A_DIM, -1},
    [ROLE_BAR] = {A_REVERSE, -1},
    [ROLE_TITLE] = {A_REVERSE | A_BOLD, -1},
    [ROLE_HEADER] = {A_UNDERLINE, -1},
    [ROLE_KEY] = {A_BOLD, -1},
    [ROLE_LINK] = {A_NORMAL, COLOR_CYAN},
    [ROLE_GOOD] = {A_NORMAL, COLOR_GREEN},
    [ROLE_WARN] = {A_NORMAL, COLOR_YELLOW},
    [ROLE_BAD] = {A_BOLD, COLOR_RED},
    [ROLE_MARK] = {A_BOLD, COLOR_MAGENTA},
    [ROLE_INPUT] = {A_BOLD, -1},
    [ROLE_QR] = {A_REVERSE, -1},
};

/* Sixteen colours on the default background; NO_COLOR leaves attributes. */
static void roles_setup(struct screen_curses *c) {
    bool color = has_colors() && str_empty(getenv("NO_COLOR"));
    if (color) {
        start_color();
        use_default_colors();
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        c->attr[i] = looks[i].attr;
        if (color && looks[i].color >= 0) {
            short pair = (short)(i + 1);
            init_pair(pair, looks[i].color, -1);
            c->attr[i] |= (attr_t)COLOR_PAIR(pair);
        }
    }
    if (color) {
        /* A phone reads black on white; reversed it would only be that on a
         * dark terminal. */
        short pair = ROLE_QR + 1;
        init_pair(pair, COLOR_BLACK, COLORS >= 16 ? 15 : COLOR_WHITE);
        c->attr[ROLE_QR] = (attr_t)COLOR_PAIR(pair);
    }
}

static void curses_size(struct screen *s, int *ret_h, int *ret_w) {
    (void)s;
    *ret_h = LINES;
    *ret_w = COLS;
}

static void curses_erase(struct screen *s) {
    struct screen_curses *c = curses(s);
    erase();
    if (c->links && screen_links_begin(c->links, LINES, COLS))
        (void)clearok(stdscr, TRUE);
}

/* One code point into wide characters; '?' where the C library, which curses
 * counts with, disagrees with our table. */
static size_t add_wide(wchar_t *dst, uint32_t cp, int width) {
    dst[0] = wcwidth((wchar_t)cp) == width ? (wchar_t)cp : L'?';
    if (dst[0] == L'?' && width == 2) {
        dst[1] = L'?';
        return 2;
    }
    return dst[0] == L'?' && width == 0 ? 0 : 1;
}

/* A hyperlink is underlined. As nothing else looks like one, curses sends its
 * cells when they are one no more, and never to move the cursor over them. */
static attr_t look_of(const struct screen_curses *c, int role) {
    attr_t attr = c->attr[role & 0xff];
    if (role & ROLE_SELECTED) {
        attr ^= A_REVERSE;
    }
    return c->links && screen_links_used(c->links) ? attr | A_UNDERLINE : attr;
}

static void curses_put(struct screen *s, int y, int x, int role,
                       const char *text, int cells) {
    if (curses(s)->links)
        screen_links_put(curses(s)->links, y, x, role, text, cells);
    wchar_t wide[512];
    size_t n = 0;
    size_t left = strlen(text);
    while (left > 0 && n + 2 < sizeof wide / sizeof *wide) {
        uint32_t cp;
        size_t used = utf8_decode(text, left, &cp);
        int width = used ? utf8_width(cp) : -1;
        if (width < 0 || width > cells) {
            break;
        }
        n += add_wide(wide + n, cp, width);
        cells -= width;
        text += used;
        left -= used;
    }
    (void)attrset((int)look_of(curses(s), role));
    /* An error here means the last cell was written: nothing is lost. */
    (void)mvaddnwstr(y, x, wide, (int)n);
    (void)attrset(A_NORMAL);
}

static void curses_cursor(struct screen *s, int y, int x) {
    curses(s)->cy = y;
    curses(s)->cx = x;
}

static void curses_link(struct screen *s, const char *address) {
    if (curses(s)->links)
        screen_links_use(curses(s)->links, address);
}

static int to_terminal(int c) {
    return putchar(c);
}

static void go(int y, int x) {
    (void)tputs(tparm(cursor_address, y, x), 1, to_terminal);
}

/* The cells curses has just sent, in the same look. */
static void write_link(const struct screen_curses *c,
                       const struct screen_link *k) {
    attr_t attr = c->attr[k->role & 0xff] | A_UNDERLINE;
    if (k->role & ROLE_SELECTED)
        attr ^= A_REVERSE;
    go(k->y, k->x);
    (void)vid_puts(attr, (short)PAIR_NUMBER((int)attr), NULL, to_terminal);
    (void)printf("\033]8;;%s\033\\%s\033]8;;\033\\", k->address, k->text);
    (void)vid_puts(A_NORMAL, 0, NULL, to_terminal);
}

/* Where curses left the cursor it is again behind them. */
static void write_links(struct screen_curses *c) {
    int n, y, x;
    bool any = false;
    const struct screen_link *k = screen_links_due(c->links, c->cy, c->cx, &n);
    for (int i = 0; i < n; i++) {
        if (k[i].due)
            write_link(c, &k[i]);
        any |= k[i].due;
    }
    if (any) {
        getyx(curscr, y, x);
        go(y, x);
        (void)fflush(stdout);
    }
}

/* curses sends the difference to what the terminal shows. */
static void curses_flush(struct screen *s) {
    struct screen_curses *c = curses(s);
    bool hide = c->cy < 0;
    if (hide != c->hidden) {
        (void)curs_set(hide ? 0 : 1);
        c->hidden = hide;
    }
    if (!hide) {
        (void)move(c->cy, c->cx);
    }
    (void)refresh();
    if (c->links)
        write_links(c);
}

static const struct {
    int curses, ours;
} specials[] = {
    {KEY_UP, KEY_UP_},         {KEY_DOWN, KEY_DOWN_},
    {KEY_LEFT, KEY_LEFT_},     {KEY_RIGHT, KEY_RIGHT_},
    {KEY_HOME, KEY_HOME_},     {KEY_END, KEY_END_},
    {KEY_PPAGE, KEY_PGUP_},    {KEY_NPAGE, KEY_PGDN_},
    {KEY_IC, KEY_INS_},        {KEY_DC, KEY_DEL_},
    {KEY_BTAB, KEY_BACKTAB_},  {KEY_ENTER, KEY_ENTER_},
    {KEY_RESIZE, KEY_RESIZE_}, {KEY_BACKSPACE, KEY_BACKSPACE_},
    {PASTE_ON, KEY_PASTE_ON_}, {PASTE_OFF, KEY_PASTE_OFF_},
};

/* Keys we do not know are no keys. */
static int special_key(int code) {
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (specials[i].curses == code) {
            return specials[i].ours;
        }
    }
    if (code >= KEY_F(1) && code <= KEY_F(12)) {
        return KEY_F1_ + code - KEY_F(1);
    }
    return KEY_NONE;
}

/* curses says ERR both for "nothing typed" and for a dead terminal. */
static int no_key(void) {
    struct pollfd p = {.fd = 0, .events = POLLIN};
    if (poll(&p, 1, 0) < 1) {
        return KEY_NONE;
    }
    int waiting = 0;
    bool empty = ioctl(0, FIONREAD, &waiting) < 0 || waiting == 0;
    return (p.revents & (POLLHUP | POLLERR | POLLNVAL)) || empty ? KEY_EOF_
                                                                 : KEY_NONE;
}

/* A sequence terminfo does not know came in one piece behind its Esc: it is
 * one unknown key, not an Esc and letters. */
static bool skip_sequence(void) {
    wint_t c;
    if (get_wch(&c) != OK) {
        return false;
    }
    if (c != '[' && c != 'O') {
        (void)unget_wch((wchar_t)c);
        return false;
    }
    while (get_wch(&c) == OK && (c < 0x40 || c > 0x7e)) {
    }
    return true;
}

static int curses_key(struct screen *s) {
    (void)s;
    wint_t c;
    int r = get_wch(&c);
    if (r == ERR) {
        return no_key();
    }
    if (r == KEY_CODE_YES) {
        return special_key((int)c);
    }
    if (c == '\n') {
        return KEY_ENTER_;
    }
    if (c == KEY_ESC_ && skip_sequence()) {
        return KEY_SPECIAL;
    }
    return c == 8 ? KEY_BACKSPACE_ : (int)c;
}

/* The kernel knows the size; environment variables would be stale. */
static void curses_resize(struct screen *s) {
    (void)s;
    struct winsize ws;
    if (ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 && ws.ws_col > 0) {
        (void)resizeterm(ws.ws_row, ws.ws_col);
    }
}

static void curses_redraw(struct screen *s) {
    (void)clearok(stdscr, TRUE);
    if (curses(s)->links)
        screen_links_forget(curses(s)->links);
}

static void curses_suspend(struct screen *s) {
    restore();
    /* The whole group, as the terminal would: a script that started us waits
     * for its job, too. */
    (void)signal(SIGTSTP, SIG_DFL);
    (void)kill(0, SIGTSTP);
    opened = true;
    raw_write("\033[?2004h");
    s->ops->redraw(s);
    (void)refresh();
    s->ops->resize(s); /* it may have changed meanwhile */
}

static void curses_copy(struct screen *s, const char *text) {
    (void)s;
    AUTO_BUF struct buf b = BUF_INIT;
    buf_adds(&b, "\033]52;c;");
    base64_encode(text, strlen(text), &b);
    buf_addc(&b, '\a');
    raw_write(buf_str(&b));
}

static void curses_ring(struct screen *s) {
    (void)s;
    (void)beep();
}

static void curses_destroy(struct screen *s) {
    restore();
    delscreen(curses(s)->term);
    screen_links_destroy(curses(s)->links);
    free(s);
}

static const struct screen_ops curses_ops = {
    .size = curses_size,
    .erase = curses_erase,
    .put = curses_put,
    .link = curses_link,
    .cursor = curses_cursor,
    .flush = curses_flush,
    .key = curses_key,
    .resize = curses_resize,
    .redraw = curses_redraw,
    .suspend = curses_suspend,
    .copy = curses_copy,
    .ring = curses_ring,
    .destroy = curses_destroy,
};

/* Before newterm, which would only say no. */
static int check_term(struct error *e) {
    const char *term = getenv("TERM");
    int found = 0;
    if (str_empty(term) || setupterm(NULL, 1, &found) == ERR) {
        return error_set(e, ERR_INVALID, "TERM",
                         "The terminal type \"%s\" is not known here. Set TERM "
                         "(for example TERM=xterm) or use --plain.",
                         term ? term : "");
    }
    bool able = cursor_address && clear_screen;
    (void)del_curterm(cur_term); /* newterm reads it for itself */
    if (!able) {
        return error_set(e, ERR_INVALID, "TERM",
                         "A \"%s\" terminal cannot place its cursor. Use "
                         "--plain, or set TERM to what you really have.",
                         term);
    }
    return 0;
}

/* What terminals send whatever terminfo says of their mode. */
static void define_keys(void) {
    static const struct {
        const char *sequence;
        int key;
    } more[] = {
        {"\033[A", KEY_UP},       {"\033[B", KEY_DOWN},
        {"\033[C", KEY_RIGHT},    {"\033[D", KEY_LEFT},
        {"\033[H", KEY_HOME},     {"\033[F", KEY_END},
        {"\033[1~", KEY_HOME},    {"\033[4~", KEY_END},
        {"\033OA", KEY_UP},       {"\033OB", KEY_DOWN},
        {"\033OC", KEY_RIGHT},    {"\033OD", KEY_LEFT},
        {"\033OH", KEY_HOME},     {"\033OF", KEY_END},
        {"\033[Z", KEY_BTAB},     {"\033[200~", PASTE_ON},
        {"\033[201~", PASTE_OFF},
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        (void)define_key(more[i].sequence, more[i].key);
    }
}

static void terminal_modes(void) {
    (void)raw();
    (void)noecho();
    (void)nonl();
    (void)keypad(stdscr, TRUE);
    (void)nodelay(stdscr, TRUE);
    (void)idlok(stdscr, FALSE);
    (void)scrollok(stdscr, FALSE);
    (void)leaveok(stdscr, FALSE);
    const char *delay = getenv("ESCDELAY");
    int64_t ms;
    (void)set_escdelay(
        delay && str_to_i64(delay, 0, 1000, &ms) == 0 ? (int)ms : ESC_DELAY_MS);
    define_keys();
    raw_write("\033[?2004h");
}

int screen_curses_create(struct screen **ret, struct error *e) {
    (void)setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX == 1) {
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    }
    int err = check_term(e);
    if (err < 0) {
        return err;
    }
    struct screen_curses *c = NEW(struct screen_curses);
    c->base.ops = &curses_ops;
    c->term = newterm(NULL, stdout, stdin);
    if (!c->term) {
        free(c);
        return error_set(e, ERR_INVALID, "TERM", "The terminal did not open.");
    }
    opened = true;
    (void)atexit(restore);
    catch_crashes();
    roles_setup(c);
    terminal_modes();
    c->links = web_address_linked() ? screen_links_create() : NULL;
    *ret = &c->base;
    return 0;
}
