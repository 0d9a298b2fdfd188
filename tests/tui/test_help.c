/* Every screen of every role: what can be done there stands in its help, with
 * key and words, and in the palette; what does not stand there cannot be done,
 * and says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/text.h"
#include "tui/keymap.h"
#include "tui/views.h"
#include "tui_test.h"

/* Quiet for so long: a picture is whole; what was asked for is there. */
enum { H = 80, W = 200, SHOWN_MAX = 150, BURST_MS = 15, ANSWER_MS = 80 };
#define F1 "\033OP"
#define CTRL_P "\020"

static const struct stop {
    const char *keys;
    enum action_view view;
    const char *roles; /* a admin, s staff, o owner */
} screens[] = {
    {"gd", VIEW_DASHBOARD, "aso"},  {"go", VIEW_ORDERS, "aso"},
    {"go\r", VIEW_ORDER, "aso"},    {"gp", VIEW_PRODUCTS, "aso"},
    {"gp\r", VIEW_PRODUCT, "aso"},  {"gc", VIEW_CUSTOMERS, "aso"},
    {"gc\r", VIEW_CUSTOMER, "aso"}, {"gs", VIEW_STORES, "aso"},
    {"gs\r", VIEW_STORE, "aso"},    {"ga", VIEW_ATTENTION, "as"},
    {"gh", VIEW_CHANGES, "as"},     {"gh\r", VIEW_CHANGE, "as"},
    {"gv", VIEW_APPROVALS, "aso"},  {"gv\r", VIEW_APPROVAL, "aso"},
    {"gr", VIEW_RETURNS, "aso"},    {"gr\r", VIEW_RETURN, "aso"},
    {"gb", VIEW_SHIPMENTS, "aso"},  {"gb\r", VIEW_SHIPMENT, "aso"},
    {"gq", VIEW_TICKETS, "aso"},    {"gq\r", VIEW_TICKET, "aso"},
    {"gi", VIEW_INVENTORY, "aso"},  {"gi\r", VIEW_LEVEL, "aso"},
    {"giR", VIEW_RECEIVING, "as"},  {"giC", VIEW_COUNTS, "as"},
    {"gib", VIEW_BINS, "as"},       {"gj", VIEW_WORK, "as"},
    {"gov\r", VIEW_PAPER, "aso"},   {"ge", VIEW_SESSIONS, "aso"},
    {"gk", VIEW_TOKENS, "aso"},     {"gm", VIEW_PROFILE, "aso"},
    {"gw", VIEW_MAILS, "a"},        {"gu", VIEW_USERS, "a"},
    {"gu\r", VIEW_USER, "a"},       {"gt", VIEW_TENANTS, "a"},
    {"gl", VIEW_AUDIT, "a"},        {"fzz\r", VIEW_FIND, "aso"},
    {"gj\r", VIEW_PICKING, "as"},   {"goP", VIEW_PACK, "as"},
    {"giR\r", VIEW_SCAN, "as"},     {"goa\r", VIEW_NEW_ORDER, "as"},
};

static enum text_lang lang;

static const char *text(enum text_id id) {
    return text_get(lang, id);
}

/* The screen's title stands in the first line. */
static void expect_screen(struct tui *t, enum action_view view) {
    const char *title = text(view_of(view)->title);
    size_t n = strcspn(title, "{"); /* "Order {ref}" */
    while (n > 0 && title[n - 1] == ' ')
        n--;
    AUTO_FREE char *fixed = mem_dupn(title, n);
    tui_expect_row(t, 0, fixed);
    term_settle(t->term, BURST_MS);
}

static bool may(const struct action_row *r, char role) {
    return !(r->admin && role != 'a') && !(r->staff && role == 'o');
}

/* A row of the help says the key, then what it does. */
static bool stands_there(const char *help, const struct keymap *m,
                         enum action_view view, enum action_id a) {
    AUTO_BUF struct buf key = BUF_INIT;
    const char *words = text(action_rows[a].help_text);
    keymap_show(m, view, a, &key);
    for (const char *at = help; (at = strstr(at, words)); at++) {
        const char *line = at;
        while (line > help && line[-1] != '\n')
            line--;
        line += strspn(line, " >");
        if (!strncmp(line, buf_str(&key), key.len) && line[key.len] == ' ')
            return true;
    }
    return false;
}

/* Its key says that it cannot be done here; it is a plain key. */
static void expect_refused(struct tui *t, const struct keymap *m,
                           enum action_view view, enum action_id a) {
    AUTO_BUF struct buf shown = BUF_INIT;
    keymap_show(m, view, a, &shown);
    int key;
    assert_int_equal(key_parse(buf_str(&shown), &key), 0);
    if (key <= ' ' || key > '~')
        return; /* F keys of a scan line: the help is enough */
    term_send(t->term, (const char[]){(char)key, '\0'});
    tui_expect(t, text(TEXT_MESSAGE_NOT_WITH_THIS));
    term_send(t->term, "\014"); /* painted anew: the message goes */
    tui_expect_gone(t, text(TEXT_MESSAGE_NOT_WITH_THIS));
}

static void one_screen(struct tui *t, const struct keymap *m,
                       const struct stop *s, char role) {
    enum action_id missing[SHOWN_MAX];
    int n = 0, found = 0;
    AUTO_FREE char *help = mem_dup(term_screen(t->term));
    for (int i = 0; i < ACTION_COUNT; i++) {
        const struct action_row *r = &action_rows[i];
        enum action_id a = (enum action_id)i;
        if (!(r->views & (UINT64_C(1) << s->view)))
            continue;
        bool there = stands_there(help, m, s->view, a);
        found += there;
        if (there && !may(r, role))
            fail_msg("%s stands in %s of role %c", r->name,
                     action_view_names[s->view], role);
        if (!there && may(r, role) && n < SHOWN_MAX)
            missing[n++] = a;
    }
    assert_true(found > 2);
    term_send(t->term, "\033");
    expect_screen(t, s->view);
    for (int i = 0; i < n; i++) {
        if (!keymap_is_line(s->view) && role != 's') /* as an admin */
            expect_refused(t, m, s->view, missing[i]);
    }
}

/* The palette offers what the help tells of. */
static void same_in_the_palette(struct tui *t, const struct keymap *m,
                                const struct stop *s) {
    AUTO_FREE char *help = mem_dup(term_screen(t->term));
    term_send(t->term, "\033");
    expect_screen(t, s->view);
    term_send(t->term, CTRL_P);
    tui_expect_row(t, 0, text(TEXT_SCREEN_HELP));
    term_settle(t->term, BURST_MS);
    const char *palette = term_screen(t->term);
    for (int i = 0; i < ACTION_COUNT; i++) {
        const struct action_row *r = &action_rows[i];
        AUTO_FREE char *name = mem_printf(" %s ", r->name);
        if ((r->views & (UINT64_C(1) << s->view)) &&
            stands_there(help, m, s->view, (enum action_id)i))
            assert_non_null(strstr(palette, name));
    }
}

static void walk(const char *session, char role, enum text_lang l) {
    const char *const args[] = {"--lang", text_lang_name(l), NULL};
    struct tui t;
    struct keymap m;
    lang = l;
    keymap_defaults(&m);
    tui_start(&t, H, W, "dashboard", args);
    if (session)
        fake_daemon_answer(t.daemon, "session.open", session);
    expect_screen(&t, VIEW_DASHBOARD);
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        const struct stop *s = &screens[i];
        if (!strchr(s->roles, role))
            continue;
        for (const char *k = s->keys; *k; k++) {
            term_send(t.term, (const char[]){*k, '\0'});
            if (k > s->keys && k[1]) /* the list is there */
                term_settle(t.term, ANSWER_MS);
        }
        expect_screen(&t, s->view);
        tui_expect_gone(&t, text(TEXT_FRAME_LOADING));
        term_settle(t.term, ANSWER_MS); /* what is selected decides */
        term_send(t.term, F1);
        tui_expect_row(&t, 0, text(TEXT_SCREEN_HELP));
        term_settle(t.term, BURST_MS);
        same_in_the_palette(&t, &m, s);
        one_screen(&t, &m, s, role);
        if (keymap_is_line(s->view))
            term_send(t.term, "\033"); /* there g is a letter */
        term_settle(t.term, BURST_MS);
    }
    tui_stop(&t);
}

#define SESSION(role)                                                          \
    "{\"version\":1,\"daemon\":\"fulexod test\",\"read_only\":false,"          \
    "\"user\":\"zoe\",\"role\":\"" role "\",\"seq\":10,\"zone\":\"UTC\"}"

static void an_admin(void **state) {
    (void)state;
    walk(NULL, 'a', TEXT_TR);
}

static void staff(void **state) {
    (void)state;
    walk(SESSION("staff"), 's', TEXT_EN);
}

static void an_owner(void **state) {
    (void)state;
    walk(SESSION("owner"), 'o', TEXT_TR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_admin),
        cmocka_unit_test(staff),
        cmocka_unit_test(an_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
