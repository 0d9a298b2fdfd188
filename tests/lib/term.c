#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "busy.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"

enum { TERM_LINK = 600 };

struct term {
    VTerm *vt;
    VTermScreen *screen;
    VTermPos cursor;
    bool alternate, hidden;
    int fd, h, w;
    pid_t pid;
    int status; /* -1 while it runs */
    size_t bytes;
    struct buf text;
    char link[TERM_LINK];     /* the one that is written now, "" none */
    char (*links)[TERM_LINK]; /* of each cell; h x w of the start */
    int links_h, links_w;
    char copied[TERM_LINK];
    int bells;
};

static int64_t now_ms(void) {
    struct timespec t;
    REQUIRE(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *arg) {
    (void)old;
    (void)visible;
    ((struct term *)arg)->cursor = pos;
    return 1;
}

static int on_property(VTermProp prop, VTermValue *val, void *arg) {
    struct term *t = arg;
    if (prop == VTERM_PROP_ALTSCREEN) {
        t->alternate = val->boolean;
    } else if (prop == VTERM_PROP_CURSORVISIBLE) {
        t->hidden = !val->boolean;
    }
    return 1;
}

/* Whatever is written or erased is a link or is none any more. */
static int on_damage(VTermRect r, void *arg) {
    struct term *t = arg;
    for (int y = r.start_row; y < r.end_row && y < t->links_h; y++)
        for (int x = r.start_col; x < r.end_col && x < t->links_w; x++)
            memcpy(t->links[y * t->links_w + x], t->link, TERM_LINK);
    return 1;
}

static int on_bell(void *arg) {
    ((struct term *)arg)->bells++;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.damage = on_damage,
                                               .movecursor = on_cursor,
                                               .settermprop = on_property,
                                               .bell = on_bell};

static void keep(char dst[TERM_LINK], const char *s, size_t n) {
    n = n < TERM_LINK ? n : TERM_LINK - 1;
    memcpy(dst, s, n);
    dst[n] = '\0';
}

/* "8;;ADDRESS" and "52;c;BASE64". */
static int on_osc(const char *command, size_t n, void *arg) {
    struct term *t = arg;
    if (n >= 3 && !memcmp(command, "8;;", 3))
        keep(t->link, command + 3, n - 3);
    if (n >= 5 && !memcmp(command, "52;c;", 5))
        keep(t->copied, command + 5, n - 5);
    return 1;
}

static const VTermParserCallbacks fallbacks = {.osc = on_osc};

static void child(const char *const argv[], const char *const env[]) {
    (void)setenv("TERM", "xterm-256color", 1);
    (void)setenv("LC_ALL", "C.UTF-8", 1);
    (void)unsetenv("NO_COLOR");
    for (; env && *env; env++) {
        (void)putenv(mem_dup(*env));
    }
    (void)execv(argv[0], (char *const *)argv);
    _exit(127);
}

struct term *term_spawn(const char *const argv[], int h, int w,
                        const char *const env[]) {
    struct term *t = NEW(struct term);
    struct winsize size = {.ws_row = (unsigned short)h,
                           .ws_col = (unsigned short)w};
    t->h = h;
    t->w = w;
    t->status = -1;
    t->vt = vterm_new(h, w);
    vterm_set_utf8(t->vt, 1);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_enable_altscreen(t->screen, 1);
    t->links = mem_zalloc((size_t)h * (size_t)w, sizeof *t->links);
    t->links_h = h;
    t->links_w = w;
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_set_unrecognised_fallbacks(t->screen, &fallbacks, t);
    vterm_screen_reset(t->screen, 1);
    t->pid = forkpty(&t->fd, NULL, NULL, &size);
    REQUIRE(t->pid >= 0);
    if (t->pid == 0) {
        child(argv, env);
    }
    (void)fcntl(t->fd, F_SETFL, O_NONBLOCK);
    (void)fcntl(t->fd, F_SETFD, FD_CLOEXEC);
    return t;
}

void term_hang_up(struct term *t) {
    if (t->fd >= 0) {
        (void)close(t->fd);
        t->fd = -1;
    }
}

void term_destroy(struct term *t) {
    if (t->status < 0) {
        (void)kill(t->pid, SIGKILL);
        (void)waitpid(t->pid, NULL, 0);
    }
    term_hang_up(t);
    vterm_free(t->vt);
    buf_done(&t->text);
    free(t->links);
    free(t);
}

void term_send(struct term *t, const char *bytes) {
    size_t n = strlen(bytes);
    while (n > 0 && t->fd >= 0) {
        ssize_t w = write(t->fd, bytes, n);
        if (w < 0 && errno != EAGAIN && errno != EINTR) {
            return;
        }
        if (w > 0) {
            bytes += w;
            n -= (size_t)w;
        } else {
            (void)term_read(t, 5);
        }
    }
}

void term_resize(struct term *t, int h, int w) {
    struct winsize size = {.ws_row = (unsigned short)h,
                           .ws_col = (unsigned short)w};
    t->h = h;
    t->w = w;
    /* libvterm 0.3 writes through NULL when it is very small. */
    vterm_set_size(t->vt, h < 4 ? 4 : h, w < 8 ? 8 : w);
    (void)ioctl(t->fd, TIOCSWINSZ, &size);
}

/* One read; false when there was nothing within ms. */
static bool read_some(struct term *t, int ms) {
    char chunk[8192];
    struct pollfd p = {.fd = t->fd, .events = POLLIN};
    if (t->fd < 0 || poll(&p, 1, ms) < 1) {
        return false;
    }
    ssize_t n = read(t->fd, chunk, sizeof chunk);
    if (n <= 0) {
        (void)usleep(1000); /* EIO: the program has ended */
        return false;
    }
    t->bytes += (size_t)n;
    (void)vterm_input_write(t->vt, chunk, (size_t)n);
    vterm_screen_flush_damage(t->screen);
    return true;
}

size_t term_read(struct term *t, int ms) {
    size_t before = t->bytes;
    int64_t until = now_ms() + ms;
    do {
        int64_t left = until - now_ms();
        (void)read_some(t, left > 0 ? (int)left : 0);
    } while (now_ms() < until);
    return t->bytes - before;
}

void term_settle(struct term *t, int ms) {
    int64_t until = now_ms() + 5000;
    while ((read_some(t, ms) || busy()) && now_ms() < until) {
    }
}

size_t term_bytes(const struct term *t) {
    return t->bytes;
}

static void add_cell(struct term *t, int y, int x) {
    VTermScreenCell cell;
    VTermPos pos = {.row = y, .col = x};
    if (!vterm_screen_get_cell(t->screen, pos, &cell)) {
        return;
    }
    if (cell.chars[0] == (uint32_t)-1) {
        return; /* right half of a wide one */
    }
    if (cell.chars[0] == 0) {
        buf_addc(&t->text, ' ');
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
        char utf8[8];
        uint32_t c = cell.chars[i];
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        for (size_t k = n; k-- > 1; c >>= 6) {
            utf8[k] = (char)(0x80 | (c & 0x3f));
        }
        utf8[0] = (char)(lead[n > 1 ? n : 0] | c);
        buf_add(&t->text, utf8, n);
    }
}

static void add_row(struct term *t, int y) {
    size_t start = t->text.len;
    for (int x = 0; x < t->w; x++) {
        add_cell(t, y, x);
    }
    while (t->text.len > start && t->text.data[t->text.len - 1] == ' ') {
        buf_truncate(&t->text, t->text.len - 1);
    }
}

const char *term_row(struct term *t, int y) {
    buf_clear(&t->text);
    add_row(t, y);
    return buf_str(&t->text);
}

const char *term_screen(struct term *t) {
    buf_clear(&t->text);
    for (int y = 0; y < t->h; y++) {
        add_row(t, y);
        buf_addc(&t->text, '\n');
    }
    return buf_str(&t->text);
}

enum want { CONTAINS, LACKS, IS };

static bool holds(struct term *t, const char *text, enum want want) {
    const char *screen = term_screen(t);
    if (want == IS) {
        return strcmp(screen, text) == 0;
    }
    return (strstr(screen, text) != NULL) == (want == CONTAINS);
}

static bool wait_for(struct term *t, const char *text, enum want want,
                     int timeout_ms) {
    int64_t until = now_ms() + timeout_ms;
    for (;;) {
        if (holds(t, text, want)) {
            return true;
        }
        if (now_ms() >= until) {
            return false;
        }
        (void)read_some(t, 20);
    }
}

bool term_wait(struct term *t, const char *text, int timeout_ms) {
    return wait_for(t, text, CONTAINS, timeout_ms);
}

bool term_wait_gone(struct term *t, const char *text, int timeout_ms) {
    return wait_for(t, text, LACKS, timeout_ms);
}

bool term_wait_screen(struct term *t, const char *text, int timeout_ms) {
    return wait_for(t, text, IS, timeout_ms);
}

void term_cursor(const struct term *t, int *ret_y, int *ret_x) {
    *ret_y = t->hidden ? -1 : t->cursor.row;
    *ret_x = t->cursor.col;
}

static VTermScreenCell cell_at(struct term *t, int y, int x) {
    VTermScreenCell cell = {0};
    VTermPos pos = {.row = y, .col = x};
    (void)vterm_screen_get_cell(t->screen, pos, &cell);
    return cell;
}

bool term_reverse(struct term *t, int y, int x) {
    return cell_at(t, y, x).attrs.reverse;
}

bool term_bold(struct term *t, int y, int x) {
    return cell_at(t, y, x).attrs.bold;
}

int term_color(struct term *t, int y, int x) {
    VTermScreenCell cell = cell_at(t, y, x);
    return VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx : -1;
}

int term_background(struct term *t, int y, int x) {
    VTermScreenCell cell = cell_at(t, y, x);
    return VTERM_COLOR_IS_INDEXED(&cell.bg) ? cell.bg.indexed.idx : -1;
}

const char *term_link(struct term *t, int y, int x) {
    REQUIRE(y >= 0 && y < t->links_h && x >= 0 && x < t->links_w);
    return t->links[y * t->links_w + x];
}

int term_bells(const struct term *t) {
    return t->bells;
}

const char *term_copied(const struct term *t) {
    return t->copied;
}

bool term_restored(const struct term *t) {
    return !t->alternate && !t->hidden;
}

int term_status(struct term *t, int timeout_ms) {
    int64_t until = now_ms() + timeout_ms;
    while (t->status < 0 && now_ms() < until) {
        int status;
        if (waitpid(t->pid, &status, WNOHANG) == t->pid) {
            t->status = WIFEXITED(status) ? WEXITSTATUS(status)
                                          : 128 + WTERMSIG(status);
        } else {
            (void)read_some(t, 10);
        }
    }
    while (read_some(t, 0)) {
    }
    return t->status;
}

int term_pid(const struct term *t) {
    return (int)t->pid;
}
