#include "common/action_code.h"

#include <string.h>
#include <strings.h>

#include "common/err.h"

/* No I: its small letter is another one on a Turkish keyboard. */
static const struct {
    const char *word;
    enum text_id name, help;
} rows[ACTION_CODES] = {
    [ACTION_CODE_UNDO] = {"UNDO", TEXT_CODE_UNDO, TEXT_CODE_UNDO_HELP},
    [ACTION_CODE_NEXT] = {"NEXT", TEXT_CODE_NEXT, TEXT_CODE_NEXT_HELP},
    [ACTION_CODE_SHORT] = {"SHORT", TEXT_CODE_SHORT, TEXT_CODE_SHORT_HELP},
    [ACTION_CODE_PARCEL] = {"PARCEL", TEXT_CODE_PARCEL, TEXT_CODE_PARCEL_HELP},
    [ACTION_CODE_ACCEPT] = {"ACCEPT", TEXT_CODE_ACCEPT, TEXT_CODE_ACCEPT_HELP},
    [ACTION_CODE_DONE] = {"DONE", TEXT_CODE_DONE, TEXT_CODE_DONE_HELP},
    [ACTION_CODE_LEAVE] = {"LEAVE", TEXT_CODE_LEAVE, TEXT_CODE_LEAVE_HELP},
};

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_sign(char c) {
    return c && strchr("._$/+%-", c);
}

bool action_code_prefix_ok(const char *prefix) {
    size_t n = strlen(prefix);
    for (size_t i = 0; i < n; i++) {
        bool digit = prefix[i] >= '0' && prefix[i] <= '9';
        if (!is_letter(prefix[i]) && !is_sign(prefix[i]) && !(digit && i > 0))
            return false;
    }
    return n >= ACTION_CODE_PREFIX_MIN && n <= ACTION_CODE_PREFIX_MAX;
}

const char *action_code_word(enum action_code c) {
    return rows[c].word;
}

enum text_id action_code_name(enum action_code c) {
    return rows[c].name;
}

enum text_id action_code_help(enum action_code c) {
    return rows[c].help;
}

int action_code_parse(const char *prefix, const char *text) {
    size_t n = strlen(prefix);
    if (n == 0 || strncasecmp(text, prefix, n) != 0)
        return ERR_NOT_FOUND;
    for (int i = 0; i < ACTION_CODES; i++)
        if (strcasecmp(text + n, rows[i].word) == 0)
            return i;
    return ERR_INVALID;
}
