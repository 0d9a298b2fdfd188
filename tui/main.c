/* The program `fulexo`: the terminal, or a command. */
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "tui/app.h"
#include "tui/captive.h"
#include "tui/cli.h"
#include "tui/cli_token.h"

enum { WIDTH_DEFAULT = 80 };

/* $COLUMNS wins, as in other programs. */
static int terminal_width(void) {
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    int64_t n;
    if (columns && str_to_i64(columns, 20, 1000, &n) == 0)
        return (int)n;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        return size.ws_col;
    return WIDTH_DEFAULT;
}

/* A token that cannot be read is as none: the screen asks who this is. */
static int open_terminal(const struct cli_options *o, const char *socket_path) {
    AUTO_BUF struct buf token = BUF_INIT;
    const char *file = getenv("FULEXO_TOKEN_FILE");
    file = str_empty(file) ? NULL : file;
    (void)cli_token_read(file, socket_path, &token);
    struct app_options app = {.socket_path = socket_path,
                              .read_only = o->read_only,
                              .as = o->as,
                              .token = token.len ? token.data : NULL,
                              .token_first = file != NULL,
                              .lang = o->lang,
                              .plain = o->plain,
                              .screen = o->screen};
    int status = app_run(&app);
    if (token.data)
        mem_wipe(token.data, token.cap);
    return status;
}

int main(int argc, char **argv) {
    int locked = captive_begin(&argc, &argv);
    if (locked)
        return locked;
    (void)setlocale(LC_CTYPE, ""); /* a locale that is missing is no fault */
    struct cli_io io = {.in = stdin,
                        .out = stdout,
                        .err = stderr,
                        .in_tty = isatty(STDIN_FILENO),
                        .out_tty = isatty(STDOUT_FILENO),
                        .err_tty = isatty(STDERR_FILENO)};
    io.width = io.out_tty ? terminal_width() : 0;
    return cli_main(argc, argv, &io, open_terminal);
}
