/* What fulexo-pdf reads: whatever came, every cell that is taken is text, and a
 * table's rows have its columns. */
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "daemon/out/pdf/code128.h"
#include "daemon/out/pdf/lines.h"
#include "tests/fuzz/fuzz.h"

static size_t cells_of(const struct lines *l, const struct line *i) {
    if (i->what == LINE_HEAD || i->what == LINE_ROW)
        return l->n_columns;
    return i->what == LINE_RULE ? 0 : i->what == LINE_PAIR ? 2 : 1;
}

static void look_at(const struct lines *l, const struct line *i) {
    for (size_t k = 0; k < cells_of(l, i); k++) {
        REQUIRE(i->cells[k]);
        REQUIRE(utf8_valid(i->cells[k], strlen(i->cells[k])));
        REQUIRE(!strpbrk(i->cells[k], "\t\n"));
    }
    if (i->what == LINE_CODE) {
        uint8_t widths[CODE128_WIDTHS];
        int modules;
        size_t n = code128_widths(i->cells[0], widths, &modules);
        /* Symbols of 11 modules and a stop of 13; a bar at both ends. */
        REQUIRE(n > 0 && n <= sizeof widths && n % 2 == 1);
        REQUIRE(modules % 11 == 2);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    AUTO_FREE char *text = mem_dupn((const char *)data, size);
    struct lines l;
    const char *why = NULL;
    size_t line = lines_parse(text, size, &l, &why);
    if (line > 0) {
        REQUIRE(why);
        return 0;
    }
    REQUIRE(l.n <= LINES_MAX && l.n_columns <= LINES_CELLS);
    for (size_t i = 0; i < l.n; i++)
        look_at(&l, &l.items[i]);
    lines_done(&l);
    return 0;
}
