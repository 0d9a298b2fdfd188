/* Who wrote what, as the shop saw it: the judge of S3 and S4.
 *
 * Every write that leaves the daemon must belong to exactly one change that is
 * committed as sending, made after a look at the object that showed what its
 * author had seen. Every write that the shop applied is counted for its change.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_request;
struct life;
struct sim;

enum { ORACLE_ULID = 27 };

/* One change as the shop met it. */
struct deed {
    char uuid[ORACLE_ULID];
    int sent, done; /* writes that left; that were applied */
    int64_t made;   /* what a POST made last, a PUT changed; 0: none */
    const char *rows;
    bool lost;       /* a restore went back behind its acceptance */
    bool acked;      /* a person was told that it is accepted */
    int64_t born_ms; /* virtual; when it was acked or first sent */
    int64_t sent_ms; /* wall; of the last write, as the engine has it */
};

struct oracle {
    struct deed *deeds;
    size_t n, cap;
    struct sight *sights; /* single objects as GETs found them */
    size_t n_sights;
    int64_t raced; /* overwritten between look and write: nobody can see that */
};

/* The deed of a change, made when it is new. */
struct deed *oracle_deed(struct sim *s, const char *uuid);

/* A request leaves this life: of a write, uuid becomes its change's. */
void oracle_sent(struct life *l, const struct http_request *r, const char *uri,
                 char uuid[ORACLE_ULID]);
/* It arrived. A GET of one object: what was shown. */
void oracle_seen(struct sim *s, const char *uri, const char *json, size_t n);
/* A write was applied (kept), and answered with that object's id. */
void oracle_applied(struct sim *s, const char *uuid, const char *uri, bool post,
                    int64_t id);
/* An old copy took the database's place. */
void oracle_restored(struct sim *s, int64_t copied_at_ms);
void oracle_done(struct sim *s);

struct db_tx;
/* Numbers of the changes an SQL condition names, in order; how many. */
size_t oracle_ids(struct db_tx *tx, const char *where, int64_t *ids,
                  size_t max);

/* S4 and S5 over all changes, when everything has come to rest. */
void oracle_check(struct sim *s);
