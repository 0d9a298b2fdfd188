/* Files of strangers: whatever is read is written and read the same again, and
 * what is written runs in no spreadsheet. */
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/csv.h"
#include "tests/fuzz/fuzz.h"

static void again(const char *const *cells, int n) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *back[CSV_CELLS];
    struct arena *a = arena_new(0);
    struct csv c;
    for (int i = 0; i < n; i++)
        csv_cell(&b, cells[i], i == 0);
    csv_end(&b);
    csv_begin(&c, b.data, b.len);
    /* a row of one empty cell is an empty row */
    int got = csv_row(&c, a, back);
    REQUIRE(got == n || (n == 1 && !*cells[0] && got == 0) ||
            c.separator != ',');
    for (int i = 0; got == n && c.separator == ',' && i < n; i++)
        REQUIRE(strcmp(cells[i], back[i]) == 0);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    const char *cells[CSV_CELLS];
    struct arena *a = arena_new(0);
    struct csv c;
    int rc = 1;
    csv_begin(&c, (const char *)data, n);
    while (rc != 0) {
        const char *was = c.at;
        rc = csv_row(&c, a, cells);
        REQUIRE(rc <= CSV_CELLS && c.at <= c.end && (rc == 0 || c.at > was));
        if (rc > 0)
            again(cells, rc);
    }
    arena_free(a);
    return 0;
}
