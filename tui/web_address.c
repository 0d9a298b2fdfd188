/* An address goes out inside an escape sequence: a byte below blank or above
 * 126 would end it, and the rest of a hostile shop's text would be a command
 * to the terminal. */
#include "tui/web_address.h"

#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "tui/textview.h"

/* What may begin a host: a name, a number, or [IPv6]. */
static bool has_host(const char *s) {
    return strchr("[0123456789", *s) || (*s >= 'a' && *s <= 'z') ||
           (*s >= 'A' && *s <= 'Z');
}

bool web_address_ok(const char *s) {
    size_t n = s ? strlen(s) : 0;
    size_t scheme = !n                          ? 0
                    : str_starts(s, "https://") ? 8
                    : str_starts(s, "http://")  ? 7
                                                : 0;
    if (!scheme || n > WEB_ADDRESS_MAX || n == scheme || !has_host(s + scheme))
        return false;
    for (size_t i = 0; i < n; i++)
        if (s[i] <= ' ' || s[i] > '~')
            return false;
    return true;
}

static bool has(const char *name) {
    return !str_empty(getenv(name));
}

static bool is(const char *name, const char *value) {
    return str_eq(getenv(name), value);
}

/* At least this number, as in VTE_VERSION=6800. */
static bool at_least(const char *name, int64_t least) {
    int64_t n;
    const char *s = getenv(name);
    return s && str_to_i64(s, 0, INT64_MAX, &n) == 0 && n >= least;
}

/* Others that would take them leave no trace that lives through ssh; the words
 * stay readable, and $FULEXO_LINKS=on is for them. */
static bool is_known(const char *term) {
    static const char *const terms[] = {
        "xterm-kitty", "xterm-ghostty", "foot",   "foot-extra",
        "alacritty",   "contour",       "wezterm"};
    static const char *const programs[] = {"iTerm.app", "WezTerm", "vscode",
                                           "ghostty"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (str_eq(term, terms[i]))
            return true;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (is("TERM_PROGRAM", programs[i]))
            return true;
    /* tmux and screen keep what their own terminal said: it is not theirs. */
    return !has("TMUX") && !has("STY") &&
           (at_least("VTE_VERSION", 5000) || has("WT_SESSION") ||
            at_least("KONSOLE_VERSION", 201200));
}

bool web_address_linked(void) {
    const char *term = getenv("TERM");
    if (str_empty(term) || str_eq(term, "dumb") || str_eq(term, "linux") ||
        is("FULEXO_LINKS", "off"))
        return false;
    return is("FULEXO_LINKS", "on") || is_known(term);
}

void web_address_add(struct textview *t, const char *label, const char *address,
                     int width) {
    int first = t->n;
    if (str_empty(address))
        return;
    bool ok = web_address_ok(address);
    textview_prose(t, ok ? ROLE_LINK : ROLE_NORMAL, label, address, width);
    if (ok)
        textview_link_from(t, first, address);
}
