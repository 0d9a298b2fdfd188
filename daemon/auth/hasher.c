#include "auth/hasher.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "auth/password.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"

struct job {
    uv_work_t work;
    struct hasher *hasher;
    struct job *next;
    char password[PASSWORD_MAX + 1];
    char hash[PASSWORD_HASH]; /* in: what it must fit; out: what was made */
    bool has_hash, good;
    void (*checked)(void *arg, bool fits);
    void (*made)(void *arg, const char *hash);
    void *arg;
};

struct hasher {
    uv_loop_t *loop;
    struct job *head, **tail; /* the first one runs */
    int n;
};

struct hasher *hasher_new(struct uv_loop_s *loop) {
    struct hasher *h = NEW(struct hasher);
    h->loop = loop;
    h->tail = &h->head;
    return h;
}

void hasher_free(struct hasher *h) {
    REQUIRE(!h || h->n == 0);
    free(h);
}

int hasher_busy(const struct hasher *h) {
    return h->n;
}

static void on_work(uv_work_t *w) {
    struct job *j = w->data;
    if (j->made)
        j->good = password_hash(j->password, j->hash);
    else
        j->good = password_fits(j->password, j->has_hash ? j->hash : NULL);
}

static void begin(struct hasher *h);

static void on_done(uv_work_t *w, int status) {
    struct job *j = w->data;
    struct hasher *h = j->hasher;
    h->head = j->next;
    if (!h->head)
        h->tail = &h->head;
    h->n--;
    if (h->head)
        begin(h);
    bool good = status == 0 && j->good;
    if (j->made)
        j->made(j->arg, good ? j->hash : NULL);
    else
        j->checked(j->arg, good);
    mem_wipe(j, sizeof *j);
    free(j);
}

static void begin(struct hasher *h) {
    struct job *j = h->head;
    REQUIRE(uv_queue_work(h->loop, &j->work, on_work, on_done) == 0);
}

/* NULL: too many wait, or the password is longer than any of ours. */
static struct job *put(struct hasher *h, const char *password, void *arg) {
    if (h->n >= HASHER_MAX)
        return NULL;
    struct job *j = NEW(struct job);
    j->work.data = j;
    j->hasher = h;
    j->arg = arg;
    (void)str_copy(j->password, sizeof j->password, password);
    *h->tail = j;
    h->tail = &j->next;
    h->n++;
    return j;
}

int hasher_check(struct hasher *h, const char *password, const char *hash,
                 void (*done)(void *arg, bool fits), void *arg) {
    struct job *j = put(h, password, arg);
    if (!j)
        return ERR_BUSY;
    j->checked = done;
    j->has_hash = hash && strlen(hash) < sizeof j->hash;
    if (j->has_hash)
        (void)str_copy(j->hash, sizeof j->hash, hash);
    if (h->head == j)
        begin(h);
    return 0;
}

int hasher_make(struct hasher *h, const char *password,
                void (*done)(void *arg, const char *hash), void *arg) {
    struct job *j = put(h, password, arg);
    if (!j)
        return ERR_BUSY;
    j->made = done;
    if (h->head == j)
        begin(h);
    return 0;
}
