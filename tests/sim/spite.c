#include "tests/sim/spite.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "tests/sim/bell.h"
#include "tests/sim/door.h"
#include "tests/sim/sim.h"

struct spite {
    struct sim *sim;
    int64_t order;
};

/* Once what was read is old: it is changed, and looked at. */
static void turn(void *arg) {
    struct spite *p = arg;
    struct sim *s = p->sim;
    if (s->quiet) {
        free(p);
        return;
    }
    int64_t n = ++s->spites;
    int status = door_tell(s, "POST", "/__demo/edit",
                           "{\"kind\":\"orders\",\"id\":%" PRId64
                           ",\"patch\":{\"billing\":{\"first_name\":"
                           "\"" SPITE_NAME "%" PRId64 "\"}}}",
                           p->order, n);
    sim_note(s, "spite: order %" PRId64 " is turn %" PRId64 " -> %d", p->order,
             n, status);
    bell_ring(s, MIRROR_ORDER, p->order);
    free(p);
}

/* The first order of the answer; 0: it is about something else. */
static int64_t order_in(const char *uri, const char *json) {
    static const char base[] = "/wc/v3/orders";
    const char *at = strstr(uri, base);
    const char *id = strstr(json, "{\"id\":");
    char after = at ? at[sizeof base - 1] : '-';
    bool below = after == '/' && strchr(at + sizeof base, '/');
    bool rows = (after == '?' || after == '/' || !after) && !below;
    return rows && id ? strtoll(id + 6, NULL, 10) : 0;
}

void spite_held(struct sim *s, const char *uri, const struct buf *answer,
                int64_t in_ms) {
    AUTO_BUF struct buf json = BUF_INIT;
    buf_add(&json, answer->data, answer->len);
    int64_t order = order_in(uri, buf_str(&json));
    if (!order)
        return;
    struct spite *p = NEW(struct spite);
    *p = (struct spite){s, order};
    (void)agenda_add(&s->agenda, NULL, in_ms / 4, turn, p);
}
