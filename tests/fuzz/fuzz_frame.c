/* Bytes -> lines: however the bytes are cut, the same lines come out. */
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/frame.h"
#include "tests/fuzz/fuzz.h"

enum { LINE_MAX_BYTES = 200 };

static void drain(struct frame_reader *r, struct buf *out) {
    const char *line;
    size_t n;
    while (frame_next(r, &line, &n)) {
        REQUIRE(n > 0 && n <= LINE_MAX_BYTES && !memchr(line, '\n', n));
        buf_add(out, line, n);
        buf_addc(out, '\n');
    }
}

/* Returns whether a line was too long. */
static bool feed(const uint8_t *data, size_t n, size_t step, struct buf *out) {
    struct frame_reader r;
    int rc = 0;
    frame_init(&r, LINE_MAX_BYTES);
    for (size_t at = 0; at < n && rc == 0 && !r.overflowed; at += step) {
        rc = frame_feed(&r, data + at, n - at < step ? n - at : step);
        drain(&r, out);
    }
    REQUIRE(rc == 0 || rc == ERR_TOO_BIG);
    bool overflowed = r.overflowed;
    frame_done(&r);
    return overflowed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const size_t steps[] = {1, 2, 7, 64, 1000};
    AUTO_BUF struct buf whole = BUF_INIT;
    bool overflowed = feed(data, n, n + 1, &whole);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        AUTO_BUF struct buf cut = BUF_INIT;
        REQUIRE(feed(data, n, steps[i], &cut) == overflowed);
        REQUIRE(cut.len == whole.len);
        REQUIRE(memcmp(buf_str(&cut), buf_str(&whole), cut.len) == 0);
    }
    return 0;
}
