/* The barcodes that stand for acts, to be pinned above a table. */
#include "common/action_code.h"
#include "common/buf.h"
#include "out/docket.h"
#include "out/document.h"

void code_sheet_write(const char *prefix, enum text_lang lang, struct arena *a,
                      struct document *d) {
    document_begin(d, a, lang, "codes");
    document_add(d, DOCUMENT_TITLE, text_get(lang, TEXT_PAPER_CODES));
    document_add(d, DOCUMENT_LINE, text_get(lang, TEXT_PAPER_CODES_HOW));
    for (int i = 0; i < ACTION_CODES; i++) {
        enum action_code c = (enum action_code)i;
        AUTO_BUF struct buf code = BUF_INIT;
        buf_addf(&code, "%s%s", prefix, action_code_word(c));
        document_rule(d);
        document_add(d, DOCUMENT_BIG, text_get(lang, action_code_name(c)));
        document_add(d, DOCUMENT_LINE, text_get(lang, action_code_help(c)));
        document_add(d, DOCUMENT_CODE, buf_str(&code));
    }
}
