/* Keys as the client knows them: code points, and numbers above Unicode for
 * the rest. Names are what keys.yaml, hints and help show. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum key_code {
    KEY_NONE = 0,
    KEY_CTRL_BASE = 0, /* Ctrl-A is 1 ... as on the wire */
    KEY_TAB_ = 9,
    KEY_ENTER_ = 13,
    KEY_ESC_ = 27,
    KEY_BACKSPACE_ = 127,
    KEY_SPECIAL = 0x110000, /* first code above Unicode */
    KEY_UP_,
    KEY_DOWN_,
    KEY_LEFT_,
    KEY_RIGHT_,
    KEY_HOME_,
    KEY_END_,
    KEY_PGUP_,
    KEY_PGDN_,
    KEY_INS_,
    KEY_DEL_,
    KEY_BACKTAB_,
    KEY_RESIZE_,        /* the terminal changed its size */
    KEY_PASTE_ON_,      /* bracketed paste begins; text follows */
    KEY_PASTE_OFF_,     /* and ends */
    KEY_EOF_,           /* the terminal is gone */
    KEY_F1_ = 0x110100, /* F1 .. F12 */
    KEY_F12_ = 0x11010b,
};

#define KEY_CTRL(c) ((c)&0x1f)

enum { KEY_TEXT = 16 };

/* "enter", "ctrl-p", "F2", "j", "?" -> code. ERR_INVALID: no such key. */
int key_parse(const char *name, int *ret);

/* The name of a key, as people read it: "Enter", "Ctrl-P", "F2", "j". */
const char *key_label(char dst[KEY_TEXT], int key);

/* Swallows a lone Esc's late tail: feed every key; true while the
 * key belongs to an escape sequence whose Esc came alone (a slow link), so
 * that its letters never run as commands. state starts at 0; now in ms. */
struct key_tail {
    int state;      /* 0 none, 1 after Esc, 2 inside a sequence */
    int64_t esc_ms; /* when the Esc came */
};
int key_tail_swallow(struct key_tail *t, int key, int64_t now_ms);
