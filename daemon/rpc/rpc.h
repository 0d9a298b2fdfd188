/* The protocol's server: one for the daemon. Owns the socket, its connections,
 * the jobs and the subscriptions; everything here runs on the loop thread.
 *
 * Happy path: rpc_new, rpc_listen; each line of a connection becomes calls
 * (dispatch.c), a handler answers now or queues a database job (call.c), the
 * answer goes into the connection's bounded queue (conn.c).
 * Failure modes: a client that floods, sends half a line or does not read is
 * paused, then dropped; what it asked for is finished and thrown away. A wrong
 * message harms its own connection only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/env.h"
#include "common/err.h"
#include "common/lang.h"
#include "model/retain.h"
#include "net/http.h"

struct arena;
struct backup;
struct db;
struct db_tx;
struct jsonw;
struct keys;
struct mailer;
struct rpc;
struct store;
struct seal_ring;
struct sync;
struct uv_loop_s;

enum { RPC_VERSION = 1 }; /* of the protocol; N-1 is served too */

/* What files people may hand over: bytes of one, files of a message, bytes of
 * all together. */
struct rpc_file_limits {
    int64_t size, per_message, total;
};

struct rpc_options {
    struct uv_loop_s *loop;
    const struct env *env;
    struct db *db;
    const char *socket;      /* path; NULL: rpc_listen is not used (tests) */
    const char *data;        /* data folder, for free space */
    const char *zone;        /* time zone of the warehouse; NULL: UTC */
    int64_t interval_s;      /* default between passes, shown with stores */
    int64_t late_s;          /* an order to do is late when older; 0: never */
    int64_t stock_limit;     /* pieces staff change alone; 0: any number */
    int64_t price_limit;     /* percent of a price; 0: any */
    const char *code_prefix; /* of action codes; NULL: ACTION_CODE_PREFIX */
    int64_t count_tolerance; /* pieces a count's line may differ by */
    struct keys *keys;       /* of the shops; NULL in tests without any */
    struct rpc_file_limits files;
    const uint8_t *audit_key; /* 32 bytes */
    struct seal_ring *ring;   /* of people's secrets */
    /* How long it counts that somebody proved who they are, before an act that
     * asks; 0: it is never asked. */
    int64_t step_up_admin_s, step_up_staff_s;
    /* Roles (bits of enum rpc_role) that must have an authenticator, and those
     * whose linked accounts must sign in all the same. */
    unsigned totp_roles, sign_in_roles;
    struct http_transport http;
};

/* All of o is copied but what its pointers name, which must outlive it. NULL:
 * no such time zone, or no prefix codes may have (ERR_CONFIG). */
struct rpc *rpc_new(const struct rpc_options *o, struct error *e);

/* Settings that may change while it runs. */
void rpc_set_settings(struct rpc *r, int64_t interval_s, int64_t late_s);

/* What staff change without approval (0: there is no limit), and what a line of
 * a count may differ by. */
void rpc_set_limits(struct rpc *r, int64_t stock, int64_t price,
                    int64_t count_tolerance);
/* pick_first: what nobody picked is not packed. carriers: their pages, as
 * ship_url; copied, NULL: none. */
void rpc_set_packing(struct rpc *r, bool pick_first, const char *carriers);

/* Address at which people reach the HTTP face, for share links; NULL: there is
 * none. Copied. */
void rpc_set_public_url(struct rpc *r, const char *url);

/* How long what piles up is kept, for health.get. */
void rpc_set_retention(struct rpc *r, const struct retain_ages *ages);

void rpc_set_files(struct rpc *r, const struct rpc_file_limits *l);

/* Papers: their language ("auto": of who asks), the printers and the program
 * that draws PDF. Copied. ERR_CONFIG, nothing changed: e names the printer. */
struct rpc_documents {
    const char *lang, *printers, *pdf_helper; /* printers NULL: none */
};
int rpc_set_documents(struct rpc *r, const struct rpc_documents *d,
                      struct error *e);

void rpc_set_step_up(struct rpc *r, int64_t admin_s, int64_t staff_s);

/* As in the options; in force for sessions that are there too. */
void rpc_set_sign_in(struct rpc *r, unsigned totp_roles,
                     unsigned sign_in_roles);

/* --- for the HTTP face (daemon/http) -------------------------------------- */

/* status 0: the result as JSON text, good during the call; else an error. */
typedef void rpc_web_done(void *arg, int status, const char *json, size_t n);

/* Who asks: where from (a network: what wrong tries are counted for), what a
 * session must come from again, and whose session it is. */
struct rpc_web_caller {
    const char *place, *print, *agent;
    const char *session; /* its id; NULL: a guest */
};
/* Call a method; done is called once, maybe before this returns. params: JSON
 * text of an object. A session that is over, or used from elsewhere, is
 * ERR_SIGN_IN. */
void rpc_web_call(struct rpc *r, const struct rpc_web_caller *who,
                  const char *method, const char *params, rpc_web_done *done,
                  void *arg);

/* What a share link shows; in the arena. */
struct rpc_share {
    const char *number, *store, *status; /* status: the shop's word for it */
    struct rpc_share_item {
        const char *name, *quantity;
    } * items;
    size_t n_items;
    struct rpc_share_parcel {
        const char *state, *carrier, *tracking;
    } * parcels;
    size_t n_parcels;
    int64_t until_ms;
};
/* Is it a link of ours whose time is not over: 0 with what names it, or
 * ERR_NOT_FOUND. Asks no database. */
int rpc_share_check(const struct rpc *r, const char *token,
                    uint8_t ret_uuid[16]);
/* Read what it shows; ERR_NOT_FOUND: revoked, over, or the order is gone. */
int rpc_share_read(struct db_tx *tx, const uint8_t uuid[16], struct arena *a,
                   struct rpc_share *ret);

/* The engine, once it runs; NULL when it stops. Methods that need it answer
 * ERR_BUSY without. */
void rpc_set_sync(struct rpc *r, struct sync *sync);
/* The same of backups. */
void rpc_set_backup(struct rpc *r, struct backup *backup);
/* Who sends letters; borrowed, NULL: nobody. */
void rpc_set_mailer(struct rpc *r, struct mailer *mailer);

/* Where the HTTP face listens, for health.get. Copied; NULL: there is none. */
void rpc_set_listen(struct rpc *r, const char *address);

/* What health.get looks at in the database. */
struct rpc_health {
    struct store *stores;
    size_t n;
    bool held;                      /* the file was restored or copied */
    int64_t drift;                  /* listings whose stock does not add up */
    bool whole;                     /* who asks may see all stores */
    int64_t oldest[RETAIN_CLASSES]; /* whole: of each class, 0: none */
};

/* Read it in the caller's scope; the stores are the caller's to free. */
int rpc_health_read(struct db_tx *tx, struct rpc_health *ret);
/* What health.get answers for it. Loop thread. */
void rpc_health_write(const struct rpc *r, struct jsonw *w, enum text_lang lang,
                      const struct rpc_health *h);

/* Bind the socket (folder 0750 when it has to be made, socket 0660) and accept.
 * A dead socket is replaced. ERR_LOCKED: somebody answers on it; ERR_IO;
 * ERR_CONFIG: the path is too long or no socket. */
int rpc_listen(struct rpc *r, struct error *e);

/* Serve a connected stream socket, as if it had been accepted (tests). Takes
 * the descriptor. */
void rpc_serve(struct rpc *r, int fd);
/* The same for a peer of that uid, which a socket pair cannot have. */
void rpc_serve_as(struct rpc *r, int fd, unsigned uid);

/* A store's status changed: told to subscribers, at most 5 times a second. */
void rpc_sync_changed(struct rpc *r, int64_t store_id);

/* No new connections or requests; what was asked is answered, then stopped(arg)
 * is called, at the latest after grace_ms. The db must still run. */
void rpc_stop(struct rpc *r, int64_t grace_ms, void (*stopped)(void *arg),
              void *arg);

/* After stopped. NULL is fine. */
void rpc_free(struct rpc *r);
