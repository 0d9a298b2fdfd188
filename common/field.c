#include "common/field.h"

#include <string.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/text.h"

enum { NAME_MAX_BYTES = 96 };

/* The text of a path as it is written, or -1. */
static int text_of(const char *path) {
    char name[NAME_MAX_BYTES];
    return str_format(name, sizeof name, "field.%s", path) < 0
               ? -1
               : text_find(name);
}

/* Where a path is of an object, its member, which is worded once: of both
 * addresses with the side beside it, of a size alone (ret_side -1). */
static const char *member_of(const char *path, int *ret_side) {
    static const struct {
        const char *of;
        int side;
    } objects[] = {{"billing.", TEXT_FIELD_OF_BILLING},
                   {"shipping.", TEXT_FIELD_OF_SHIPPING},
                   {"dimensions.", -1}};
    *ret_side = -1;
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (str_starts(path, objects[i].of)) {
            *ret_side = objects[i].side;
            return path + strlen(objects[i].of);
        }
    return path;
}

/* line_items[2].quantity, as the shop has it; people count from one. */
static bool line_words(struct buf *out, enum text_lang lang, const char *path) {
    static const char lines[] = "line_items[";
    const char *end = strstr(path, "].");
    char n[24];
    int64_t at;
    int id = end ? text_of(end + 2) : -1;
    if (id < 0 || !str_starts(path, lines))
        return false;
    AUTO_FREE char *number = mem_dupn(
        path + sizeof lines - 1, (size_t)(end - path) - (sizeof lines - 1));
    if (str_to_i64(number, 0, INT32_MAX, &at) < 0)
        return false;
    (void)str_format(n, sizeof n, "%lld", (long long)at + 1);
    text_format(out, lang, TEXT_FIELD_OF_LINE, "field",
                text_get(lang, (enum text_id)id), "n", n, NULL);
    return true;
}

/* meta[KEY], of a plugin or the shop's own. */
static bool is_meta(const char *path) {
    return str_starts(path, "meta[") && str_ends(path, "]");
}

static void meta_words(struct buf *out, enum text_lang lang, const char *path) {
    AUTO_FREE char *key = mem_dupn(path + 5, strlen(path) - 6);
    text_format(out, lang, TEXT_FIELD_OF_META, "key", key, NULL);
}

bool field_known(const char *path) {
    int side;
    return text_of(member_of(path, &side)) >= 0 || is_meta(path);
}

void field_words(struct buf *out, enum text_lang lang, const char *path) {
    int side;
    int id = text_of(member_of(path, &side));
    if (id >= 0 && side >= 0)
        text_format(out, lang, (enum text_id)side, "field",
                    text_get(lang, (enum text_id)id), NULL);
    else if (id >= 0)
        buf_adds(out, text_get(lang, (enum text_id)id));
    else if (is_meta(path))
        meta_words(out, lang, path);
    else if (!line_words(out, lang, path))
        buf_adds(out, path);
}

const char *field_status(enum text_lang lang, const char *slug) {
    return text_word(lang, "status", slug);
}

/* --- values --------------------------------------------------------------- */

/* Of an address most members are empty. */
static bool says_nothing(const struct json *v) {
    return json_type(v) == JSON_NULL || str_eq(json_string(v), "");
}

/* Enough for the lines of an order, whose members are scalars. */
enum { DEPTH_MAX = 4 };

static void add_value(struct buf *out, enum text_lang lang,
                      const struct json *v, int depth);

static void add_members(struct buf *out, enum text_lang lang,
                        const struct json *v, int depth) {
    bool object = json_type(v) == JSON_OBJECT;
    size_t from = out->len;
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        if (object && says_nothing(m))
            continue;
        buf_adds(out, out->len == from                        ? ""
                      : object || json_text(m, (char[40]){0}) ? ", "
                                                              : "; ");
        if (object) {
            field_words(out, lang, json_key(m));
            buf_adds(out, ": ");
        }
        add_value(out, lang, m, depth - 1);
    }
    buf_adds(out, out->len == from ? "-" : "");
}

static void add_value(struct buf *out, enum text_lang lang,
                      const struct json *v, int depth) {
    char number[40];
    const char *s = json_text(v, number);
    if (json_type(v) == JSON_BOOL)
        buf_adds(out, text_get(lang, str_eq(s, "true") ? TEXT_FORM_YES
                                                       : TEXT_FORM_NO));
    else if (s)
        buf_adds(out, *s ? s : "\"\"");
    else if (!v || json_type(v) == JSON_NULL)
        buf_addc(out, '-');
    else if (depth > 0)
        add_members(out, lang, v, depth);
    else
        json_print(out, v);
}

/* "pending" is one thing of an order and another of a product. */
void field_value(struct buf *out, enum text_lang lang, const char *path,
                 const struct json *v) {
    const char *s = json_string(v);
    if (str_eq(path, "status") && s && !str_eq(s, "pending"))
        buf_adds(out, field_status(lang, s));
    else
        add_value(out, lang, v, DEPTH_MAX);
}
