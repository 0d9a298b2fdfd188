/* The program `fulexo`: the terminal, or a command. */
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/str.h"
#include "tui/app.h"
#include "tui/cli.h"

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

static int open_terminal(const struct cli_options *o, const char *socket_path) {
    struct app_options app = {.socket_path = socket_path,
                              .read_only = o->read_only,
                              .lang = o->lang,
                              .plain = o->plain,
                              .screen = o->screen};
    return app_run(&app);
}

int main(int argc, char **argv) {
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
