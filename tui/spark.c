#include "tui/spark.h"

#include "common/buf.h"

/* n of max in steps, rounded up: something is never nothing. */
static int step_of(int64_t n, int64_t max, int steps) {
    while (max > INT32_MAX) { /* or the product is none */
        max /= 2;
        n /= 2;
    }
    if (n <= 0 || max <= 0)
        return 0;
    return n >= max ? steps : (int)((n * steps + max - 1) / max);
}

void spark_bar(struct buf *out, int64_t n, int64_t max, int width) {
    for (int i = step_of(n, max, width); i > 0; i--)
        buf_addc(out, '#');
}

void spark_line(struct buf *out, const int64_t *n, int count) {
    static const char *const cells[] = {".", "▁", "▂", "▃", "▄",
                                        "▅", "▆", "▇", "█"};
    enum { STEPS = sizeof cells / sizeof *cells - 1 };
    int64_t max = 0;
    for (int i = 0; i < count; i++)
        max = n[i] > max ? n[i] : max;
    for (int i = 0; i < count; i++)
        buf_adds(out, cells[step_of(n[i], max, STEPS)]);
}
