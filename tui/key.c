/* One table names the keys for both directions: what hints show is what
 * keys.yaml accepts. */
#include "tui/key.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/err.h"
#include "common/str.h"
#include "common/utf8.h"

enum { TAIL_WINDOW_MS = 400 };

static const struct {
    int code;
    const char *name;  /* shown to people */
    const char *other; /* also accepted in keys.yaml */
} names[] = {
    {KEY_ENTER_, "Enter", "return"},
    {KEY_ESC_, "Esc", "escape"},
    {KEY_TAB_, "Tab", NULL},
    {KEY_BACKTAB_, "S-Tab", "backtab"},
    {' ', "Space", NULL},
    {KEY_BACKSPACE_, "Bksp", "backspace"},
    {KEY_UP_, "Up", NULL},
    {KEY_DOWN_, "Down", NULL},
    {KEY_LEFT_, "Left", NULL},
    {KEY_RIGHT_, "Right", NULL},
    {KEY_HOME_, "Home", NULL},
    {KEY_END_, "End", NULL},
    {KEY_PGUP_, "PgUp", "pageup"},
    {KEY_PGDN_, "PgDn", "pagedown"},
    {KEY_INS_, "Ins", "insert"},
    {KEY_DEL_, "Del", "delete"},
};

static int parse_function(const char *name, int *ret) {
    int64_t n;
    if ((name[0] != 'F' && name[0] != 'f') ||
        str_to_i64(name + 1, 1, 12, &n) < 0) {
        return ERR_INVALID;
    }
    *ret = KEY_F1_ + (int)n - 1;
    return 0;
}

static int parse_char(const char *name, int *ret) {
    uint32_t cp;
    size_t used = utf8_decode(name, strlen(name), &cp);
    if (used == 0 || name[used] || utf8_width(cp) < 1) {
        return ERR_INVALID;
    }
    *ret = (int)cp;
    return 0;
}

int key_parse(const char *name, int *ret) {
    if (str_empty(name)) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(name, names[i].name) == 0 ||
            (names[i].other && strcasecmp(name, names[i].other) == 0)) {
            *ret = names[i].code;
            return 0;
        }
    }
    if (strncasecmp(name, "ctrl-", 5) == 0 && isalpha((unsigned char)name[5]) &&
        !name[6]) {
        *ret = KEY_CTRL(toupper((unsigned char)name[5]));
        return 0;
    }
    if (parse_function(name, ret) == 0) {
        return 0;
    }
    return parse_char(name, ret);
}

const char *key_label(char dst[KEY_TEXT], int key) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == key) {
            return names[i].name;
        }
    }
    if (key >= KEY_F1_ && key <= KEY_F12_) {
        snprintf(dst, KEY_TEXT, "F%d", key - KEY_F1_ + 1);
    } else if (key > 0 && key < 32) {
        snprintf(dst, KEY_TEXT, "Ctrl-%c", key + 'A' - 1);
    } else {
        size_t n = key > 0 ? utf8_encode((uint32_t)key, dst) : 0;
        dst[n] = '\0';
    }
    return dst;
}

static bool ends_sequence(int key) {
    return key >= 0x40 && key <= 0x7e;
}

int key_tail_swallow(struct key_tail *t, int key, int64_t now_ms) {
    if (t->state && now_ms - t->esc_ms > TAIL_WINDOW_MS) {
        t->state = 0;
    }
    if (key == KEY_ESC_) {
        *t = (struct key_tail){1, now_ms};
        return 0;
    }
    if (t->state == 1) {
        t->state = key == '[' || key == 'O' ? 2 : 0;
        return t->state == 2;
    }
    if (t->state == 2) {
        t->state = ends_sequence(key) ? 0 : 2;
        return 1;
    }
    return 0;
}
