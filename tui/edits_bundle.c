/* The form of a bundle: its parts are typed as a person would write them down,
 * "AO-34*2, AO-7, LEAFLET?". */
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/edits.h"
#include "tui/model.h"
#include "tui/tr.h"

/* A SKU that reads as something else is named by its reference. */
static bool is_plain(const char *sku) {
    return *sku && !strpbrk(sku, ",*? ");
}

static void parts_field(struct edit *e, const struct json *object) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *p = json_first(json_get(object, "parts"));
    for (; p; p = json_next(p)) {
        const char *sku = model_str(p, "sku"), *n = model_str(p, "quantity");
        bool one = str_eq(n, "1");
        buf_addf(&b, "%s%s%s%s%s", b.len ? ", " : "",
                 is_plain(sku) ? sku : model_str(p, "ref"), one ? "" : "*",
                 one ? "" : n, model_flag(p, "optional") ? "?" : "");
    }
    edit_fill(e, "parts", buf_str(&b));
}

/* One part, its blanks cut off. Returns 0, ERR_INVALID. */
static int write_part(char *text, struct jsonw *w) {
    size_t n = strlen(text);
    bool optional = n > 0 && text[n - 1] == '?';
    if (optional) {
        text[n - 1] = '\0';
    }
    char *times = strrchr(text, '*');
    if (times) {
        *times++ = '\0';
    }
    if (!*text || (times && !*times)) {
        return ERR_INVALID;
    }
    jsonw_begin_object(w);
    jsonw_kstring(w, "product", text);
    jsonw_kstring(w, "quantity", times ? times : "1");
    jsonw_kbool(w, "optional", optional);
    jsonw_end_object(w);
    return 0;
}

static int write_parts(struct edit *e, struct jsonw *w) {
    const char *text = edit_value(e, "parts");
    int rc = 0;
    jsonw_key(w, "parts");
    jsonw_begin_array(w);
    while (rc == 0 && *text) {
        text += strspn(text, ", ");
        size_t n = strcspn(text, ","), cut = n;
        while (cut > 0 && text[cut - 1] == ' ') {
            cut--;
        }
        AUTO_FREE char *part = mem_dupn(text, cut);
        if (cut > 0) {
            rc = write_part(part, w);
        }
        text += n;
    }
    jsonw_end_array(w);
    if (rc < 0) {
        edit_blame(e, "parts", TEXT_FORM_BAD_PARTS);
    }
    return rc;
}

void edit_bundle(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {{.path = "parts",
                                                .label = TEXT_FORM_PARTS,
                                                .help = TEXT_FORM_PARTS_HELP,
                                                .own = true},
                                               {.path = "discount",
                                                .label = TEXT_FORM_DISCOUNT,
                                                .help = -1,
                                                .type = FORM_NUMBER}};
    static const struct edit_def def = {.title = TEXT_EDIT_BUNDLE,
                                        .get = "bundles.get",
                                        .method = "bundles.set",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = 2,
                                        .note = TEXT_EDIT_BUNDLE_NOTE,
                                        .as_is = true,
                                        .prepare = parts_field,
                                        .more = write_parts};
    edit_open(a, &def, ref);
}
