#include "tui/pad.h"

#include <string.h>

#include "common/buf.h"
#include "common/utf8.h"

/* Cells that ".." costs; a column narrower than that is cut without. */
enum { MARK = 2, MARK_FROM = 5 };

void pad(struct buf *out, const char *text, int cells) {
    AUTO_BUF struct buf safe = BUF_INIT;
    size_t want = (size_t)(cells < 0 ? -cells : cells);
    size_t used;
    utf8_safe(&safe, text, strlen(text));
    if (utf8_cells(buf_str(&safe)) > want && want >= MARK_FROM) {
        buf_truncate(&safe, utf8_fit(buf_str(&safe), want - MARK, &used));
        buf_adds(&safe, "..");
        used += MARK;
    } else {
        buf_truncate(&safe, utf8_fit(buf_str(&safe), want, &used));
    }
    int blanks = (int)(want - used);
    buf_addf(out, "%*s%s%*s", cells < 0 ? blanks : 0, "", buf_str(&safe),
             cells < 0 ? 0 : blanks, "");
}
