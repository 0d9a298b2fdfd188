/* fulexo-pdf: lines on standard input (lines.h) become a PDF on standard
 * output. The daemon runs it as a child, so that a fault in a font or in what
 * sets text ends this process and no other. It limits itself before it reads a
 * byte: memory, processor time, files; and closes what it was not to have.
 *
 * Exit: 0, 64 the lines are wrong, 70 it could not be drawn, 74 not written. */
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/err.h"
#include "out/pdf/lines.h"
#include "out/pdf/paper.h"

enum { EXIT_LINES = 64, EXIT_DRAW = 70, EXIT_WRITE = 74 };

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0 /* a sanitizer's shadow is larger than any limit */
#endif

static void limit(int what, rlim_t n) {
    const struct rlimit r = {n, n};
    (void)setrlimit((__rlimit_resource_t)what, &r); /* lower is allowed */
}

static void confine(void) {
    if (!SANITIZED)
        limit(RLIMIT_AS, (rlim_t)1 << 30);
    limit(RLIMIT_CPU, 10);
    limit(RLIMIT_FSIZE, (rlim_t)64 << 20);
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_CORE, 0);
    (void)signal(SIGXFSZ, SIG_IGN);         /* a font cache may not fit */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* no daemon, no reader */
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)close_range(3, ~0U, 0); /* an old kernel has none */
}

static int say(int status, const char *what) {
    (void)fprintf(stderr, "fulexo-pdf: %s\n", what);
    return status;
}

static bool read_all(struct buf *in) {
    size_t n;
    do {
        n = fread(buf_reserve(in, 65536), 1, 65536, stdin);
        buf_added(in, n);
    } while (n > 0 && in->len <= LINES_BYTES);
    return !ferror(stdin);
}

static int run(void) {
    struct buf in = BUF_INIT, out = BUF_INIT;
    struct lines l;
    const char *why = "";
    if (!read_all(&in))
        return say(EXIT_WRITE, "the lines cannot be read");
    size_t line = lines_parse(in.data, in.len, &l, &why);
    if (line > 0) {
        (void)fprintf(stderr, "fulexo-pdf: line %zu: %s\n", line, why);
        return EXIT_LINES;
    }
    int rc = paper_draw(&l, &out);
    if (rc < 0)
        return say(EXIT_DRAW, rc == ERR_TOO_BIG ? "more than 500 pages"
                                                : "it could not be drawn");
    if (fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout))
        return say(EXIT_WRITE, "the PDF cannot be written");
    return 0;
}

/* Without the exit handlers: fontconfig and Pango keep what they have, and the
 * process is over. */
int main(void) {
    confine();
    _exit(run());
}
