#include "http/answer.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"

struct header {
    const char *name, *value;
};

/* Nobody is to guess, run, frame or keep what we say. */
static const struct header always[] = {
    {"Server", "fulexo"},
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
};

static const struct row {
    unsigned status;
    const char *text;
    struct header more;
} rows[ANSWERS] = {
    [ANSWER_OK] = {200, "ok\n"},
    [ANSWER_BAD] = {400, "bad request\n"},
    [ANSWER_UNSIGNED] = {401,
                         "not signed with this store's secret\n",
                         {"WWW-Authenticate", "X-WC-Webhook-Signature"}},
    [ANSWER_FORBIDDEN] = {403, "not from there; see http.metrics_allow\n"},
    [ANSWER_NOT_FOUND] = {404, "not found\n"},
    [ANSWER_METHOD] = {405, "not that way\n", {"Allow", "GET, HEAD, POST"}},
    [ANSWER_TOO_BIG] = {413, "too large\n"},
    [ANSWER_LIMITED] = {429, "too many wrong ones\n", {"Retry-After", "60"}},
    [ANSWER_BUSY] = {503, "come again\n", {"Retry-After", "5"}},
};

struct answers {
    struct MHD_Response *made[ANSWERS];
};

static void add(struct MHD_Response *m, const struct header *h) {
    REQUIRE(MHD_add_response_header(m, h->name, h->value) == MHD_YES);
}

static struct MHD_Response *make(const char *text, size_t n, const char *type,
                                 enum MHD_ResponseMemoryMode mode) {
    const struct header kind = {"Content-Type", type};
    struct MHD_Response *m =
        MHD_create_response_from_buffer(n, (void *)(uintptr_t)text, mode);
    REQUIRE(m); /* no memory: as mem_alloc */
    add(m, &kind);
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        add(m, &always[i]);
    return m;
}

struct answers *answers_new(void) {
    struct answers *a = NEW(struct answers);
    for (int i = 0; i < ANSWERS; i++) {
        const struct row *row = &rows[i];
        a->made[i] = make(row->text, strlen(row->text), "text/plain",
                          MHD_RESPMEM_PERSISTENT);
        if (row->more.name)
            add(a->made[i], &row->more);
    }
    return a;
}

void answers_free(struct answers *a) {
    if (!a)
        return;
    for (int i = 0; i < ANSWERS; i++)
        MHD_destroy_response(a->made[i]);
    free(a);
}

int answers_send(const struct answers *a, struct MHD_Connection *mhd,
                 enum answer which) {
    return MHD_queue_response(mhd, rows[which].status, a->made[which]) ==
                   MHD_YES
               ? 0
               : ERR_IO;
}

int answer_send(struct MHD_Connection *mhd, unsigned status, const char *type,
                const char *text, size_t n) {
    struct MHD_Response *m = make(text, n, type, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result ok = MHD_queue_response(mhd, status, m);
    MHD_destroy_response(m);
    return ok == MHD_YES ? 0 : ERR_IO;
}
