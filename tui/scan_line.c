#include "tui/scan_line.h"

#include <string.h>

#include "common/jsonw.h"

/* No code of a label has a blank and a ! behind it. */
void scan_line_code(struct jsonw *w, const char *text, size_t n) {
    const char *why = memmem(text, n, " !", 2);
    size_t code = why ? (size_t)(why - text) : n;
    size_t rest = n - code;
    jsonw_key(w, "code");
    jsonw_stringn(w, text, code);
    if (rest <= 2)
        return;
    jsonw_key(w, "expired");
    jsonw_stringn(w, why + 2, rest - 2);
}
