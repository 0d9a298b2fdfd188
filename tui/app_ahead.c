/* Keys typed ahead: an act on a page whose object is still on its way, and what
 * follows it, a word and Enter say, wait for the answer together.
 * Happy path: the object comes, the keys go on as if they were typed now.
 * Failure modes: it does not come within two seconds, or is refused, or another
 * view is on top by then, or Esc: none of the keys is done, and that is said. A
 * part of them alone could be another act. */
#include <string.h>

#include "tui/app_core.h"

enum { WAIT_MS = 2000 };

static void give_up(void *arg) {
    struct app *a = arg;
    a->ahead.n = 0;
    loop_timer_cancel(a->loop, give_up, a);
    app_say(a, ROLE_WARN, "%s", T(MESSAGE_NOT_HERE_YET));
    a->dirty = true;
}

static void add(struct app *a, int key) {
    if (a->ahead.n == APP_AHEAD) {
        give_up(a);
    } else if (key) {
        a->ahead.keys[a->ahead.n++] = key;
    }
}

bool app_ahead_begin(struct app *a, enum action_id action, int prefix,
                     int key) {
    struct view *v = app_top(a);
    if (!action_rows[action].write || !v->ops->here ||
        v->ops->here(v) != VIEW_COMING) {
        return false;
    }
    a->ahead.view = v;
    add(a, prefix);
    add(a, key);
    loop_timer(a->loop, WAIT_MS, give_up, a);
    a->dirty = true; /* what was said before is over */
    return true;
}

bool app_ahead_key(struct app *a, int key) {
    if (a->ahead.n == 0) {
        return false;
    }
    if (key == KEY_ESC_) {
        give_up(a);
    } else {
        add(a, key);
    }
    return true;
}

void app_ahead_turn(struct app *a) {
    int keys[APP_AHEAD], n = a->ahead.n;
    struct view *v = app_top(a);
    if (n == 0) {
        return;
    }
    enum view_here here =
        v == a->ahead.view ? v->ops->here(v) : VIEW_NOT_COMING;
    if (here == VIEW_COMING) {
        return;
    }
    if (here == VIEW_NOT_COMING) {
        give_up(a);
        return;
    }
    memcpy(keys, a->ahead.keys, sizeof keys);
    a->ahead.n = 0;
    loop_timer_cancel(a->loop, give_up, a);
    for (int i = 0; i < n && !a->quit; i++) {
        app_key(a, keys[i]);
    }
}
