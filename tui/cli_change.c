/* Happy path: listen to changes, ask for this one; it ends, and is printed.
 * Failure modes: an event that is missed (the state is asked for every two
 * seconds as well), a change that waits for a person, Ctrl-C, a daemon that
 * goes away: the change goes on without us. */
#include "tui/cli_change.h"

#include <signal.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/cli_print.h"

enum { ASK_EVERY_MS = 2000, EXIT_UNKNOWN = 75 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig) {
    (void)sig;
    interrupted = 1;
}

bool cli_change_is(const struct json *result) {
    return json_string(json_get(result, "change")) &&
           json_string(json_get(result, "state"));
}

/* --- the end ------------------------------------------------------------ */

static bool is_state(const struct json *change, const char *state) {
    return str_eq(json_string(json_get(change, "state")), state);
}

static bool needs_a_person(const struct json *change) {
    bool ambiguous = false;
    (void)json_bool(json_get(change, "ambiguous"), false, &ambiguous);
    return ambiguous || is_state(change, "awaiting");
}

static bool ended(const struct json *change) {
    return is_state(change, "confirmed") || is_state(change, "refused") ||
           is_state(change, "conflict") || is_state(change, "discarded") ||
           needs_a_person(change);
}

static int status_of(const struct json *change) {
    if (needs_a_person(change))
        return EXIT_UNKNOWN;
    return is_state(change, "confirmed") ? 0 : 1;
}

/* A conflict is shown with its three values: what was seen, what the shop has,
 * what was wanted. */
static void print(struct cli *c, const struct rpc_reply *r) {
    if (c->o.json) {
        cli_print_json(c, r->text.data, r->text.len);
        return;
    }
    cli_print_object(c, r->result);
}

/* --- waiting ------------------------------------------------------------ */

static int listen_for(struct cli *c) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    return cli_ask(c, "events.subscribe", "{\"topics\":[\"change\"]}", &r);
}

/* Until something happens to any change, two seconds pass, or Ctrl-C. */
static int wait_once(struct cli *c, const sigset_t *mask) {
    CLEANUP(rpc_event_done) struct rpc_event ev = {0};
    struct error e = {0};
    int rc = rpc_client_event(c->client, ASK_EVERY_MS, mask, &ev, &e);
    if (rc == ERR_CANCELLED && !interrupted)
        return 0; /* some other signal, as a resize */
    return rc < 0 && rc != ERR_CANCELLED ? cli_fail_reply(c, rc, NULL, &e) : rc;
}

static int wait_loop(struct cli *c, const char *id, const sigset_t *mask) {
    AUTO_FREE char *params = mem_printf("{\"id\":\"%s\"}", id);
    for (;;) {
        CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
        int rc = cli_ask(c, "changes.get", params, &r);
        if (rc)
            return rc;
        if (ended(r.result)) {
            print(c, &r);
            return status_of(r.result);
        }
        rc = wait_once(c, mask);
        if (rc == ERR_CANCELLED)
            return CLI_FAIL(c, ERR_CANCELLED, TEXT_CLI_CHANGE_LEFT, "id", id);
        if (rc < 0)
            return rc;
    }
}

int cli_change_follow(struct cli *c, const struct json *result) {
    struct sigaction act = {.sa_handler = on_interrupt}, old;
    const char *id = json_string(json_get(result, "change"));
    sigset_t block, mask;
    if (!id || strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != strlen(id))
        return CLI_FAIL(c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    REQUIRE(sigemptyset(&block) == 0 && sigaddset(&block, SIGINT) == 0);
    interrupted = 0;
    /* Blocked but for the waits themselves, so that none is missed between. */
    REQUIRE(sigaction(SIGINT, &act, &old) == 0);
    REQUIRE(sigprocmask(SIG_BLOCK, &block, &mask) == 0);
    int rc = listen_for(c);
    if (!rc)
        rc = wait_loop(c, id, &mask);
    REQUIRE(sigprocmask(SIG_SETMASK, &mask, NULL) == 0);
    REQUIRE(sigaction(SIGINT, &old, NULL) == 0);
    return rc;
}
