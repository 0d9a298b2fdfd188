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
