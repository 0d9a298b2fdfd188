/* Words that come from the daemon ("blocked") are looked up by name, since
 * a newer daemon may know more of them than this catalogue. */
#include "tui/tr.h"

#include <ctype.h>

#include "common/str.h"

enum text_lang tr_lang;

const char *tr_word(const char *kind, const char *word) {
    char name[96];
    if (str_format(name, sizeof name, "%s.%s", kind, word) < 0) {
        return word;
    }
    for (char *c = name; *c; c++) {
        *c = isalnum((unsigned char)*c) || *c == '.' ? *c : '_';
    }
    int id = text_find(name);
    return id < 0 ? word : text_get(tr_lang, (enum text_id)id);
}

const char *tr_span(char dst[TR_SPAN], int64_t ms) {
    int64_t seconds = ms < 0 ? 0 : ms / 1000;
    int64_t minutes = seconds / 60;
    long long n = seconds < 60   ? seconds
                  : minutes < 60 ? minutes
                                 : minutes / 60;
    const char *unit = seconds < 60   ? T(UI_UNIT_S)
                       : minutes < 60 ? T(UI_UNIT_MIN)
                                      : T(UI_UNIT_H);
    (void)str_format(dst, TR_SPAN, "%lld %s", n, unit);
    if (minutes >= 60 && minutes % 60) {
        (void)str_format(dst, TR_SPAN, "%lld %s %02d", n, unit,
                         (int)(minutes % 60));
    }
    return dst;
}
