/* What the files of the daemon's life share. Inside daemon/ only. */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/env.h"
#include "daemon/env_uv.h"
#include "daemon/options.h"
#include "daemon/secrets.h"
#include "net/http.h"
#include "sync/sync.h"

struct db_tx;
struct error;
struct mailer_settings;

struct daemon {
    struct options *o;
    uv_loop_t loop;
    struct env_uv env_uv;
    struct env env;
    uv_signal_t signals[3];
    struct secrets secrets;
    struct keys *keys;
    struct kept *kept;
    struct db *db;
    struct http *http;
    struct http_transport transport;
    struct rpc *rpc;
    struct sync *sync;
    struct train *train;
    struct chores *chores;
    struct backup *backup;
    struct mailer *mailer;
    struct web *web;
    struct env_timer *deadline;
    struct env_timer *restart;
    bool stopping;
    bool again; /* start once more: a backup was restored */
    int status; /* what the process ends with */
};

/* To the service manager. */
void daemon_notify(const char *state);

/* stop.c: begin to stop; nothing the second time. */
void daemon_stop(struct daemon *d);

/* reload.c: read the configuration again and put it into force. */
void daemon_reload(struct daemon *d);
/* The schedule's part of the engine's options. */
void daemon_schedule(const struct settings *s, struct sync_options *o);
/* Into the hourly round, and what health.get shows of it. */
void daemon_retention(struct daemon *d);
/* Language, printers and helper of papers; as rpc_set_documents. */
int daemon_documents(struct daemon *d, struct error *e);
/* The mailer's settings, borrowing those texts. */
void daemon_mail(const struct settings *s, struct mailer_settings *ret);
/* When a lot expires soon. */
void daemon_lots(const struct settings *s);
/* As rpc_set_files wants them. */
struct rpc_file_limits;
void daemon_files(const struct settings *s, struct rpc_file_limits *ret);
/* As rpc_set_sign_in wants them. */
unsigned daemon_totp_roles(const struct settings *s);
unsigned daemon_sign_in_roles(const struct settings *s);

/* restored.c: a database that came back. A backup is in place, beside the
 * database: take it soon. */
void daemon_restored(void *self);
/* Does the key ring open this store's key? As struct backup_options wants. */
int daemon_opens(void *self, const char *uuid, const void *blob, size_t n);
/* On the writer, at start: what wants to be sent is held when the file was
 * restored or copied. */
int daemon_hold(struct db_tx *tx, void *arg);
/* At start: erase again who was erased after the backup was taken. */
int daemon_erase_again(struct daemon *d);
