/* What the daemon is told: built-in defaults, then the configuration file,
 * then the command line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct conf_key;

/* The configuration's values; the table in options.c describes each. */
struct settings {
    char *data;       /* folder of database and keys; NULL: by default */
    char *socket;     /* path; NULL: in the data folder */
    char *zone;       /* of the warehouse */
    char *log_level;  /* debug info warn error */
    char *log_format; /* auto text json */
    int64_t interval_s, interval_open_s, overlap_s, timeout_s;
    int64_t open_s, stock_s, sweep_s, deep_s, requests_per_hour;
    int64_t unknown_quiet_s;
    int64_t ceiling, ceiling_first;
    int64_t late_s;                   /* an order to do is late when older */
    int64_t stock_limit, price_limit; /* what staff change without approval */
    int64_t count_tolerance;          /* pieces a count's line may differ by */
    int64_t expires_soon_s;           /* a lot does, so long before its end */
    bool pick_first;
    char *code_prefix;
    char *carriers; /* pages of carriers; NULL: none */
    int64_t file_size, file_per_message, file_total;
    int64_t step_up_admin_s, step_up_staff_s;
    bool totp_admin, totp_staff, totp_owner;
    bool sign_in_admin, sign_in_staff, sign_in_owner;
    char *backup_dir;        /* NULL: backups in data */
    char *backup_passphrase; /* file; NULL: backups are not sealed */
    int64_t backup_keep, backup_every_s;
    /* how long is kept (model/retain.h) */
    int64_t kept_commands_s, kept_changes_s, kept_audit_s, kept_removed_s;
    int64_t kept_set_aside_s;
    char *http_listen;        /* ADDR:PORT; NULL: no listener */
    char *http_public_url;    /* where shops reach it; NULL: they are polled */
    char *http_metrics_allow; /* network; NULL: this machine alone */
    int64_t http_timeout_s;
    char *documents_lang;       /* auto en tr */
    char *documents_printers;   /* NAME=cups:QUEUE ...; NULL: none */
    char *documents_pdf_helper; /* path of fulexo-pdf */
    char *mail_server;          /* smtp:// or smtps://; NULL: nothing is sent */
    char *mail_from;
    char *mail_user, *mail_password_file, *mail_ca_file; /* NULL: none */
    char *mail_tls;                                      /* required optional */
    int64_t mail_timeout_s;
};

struct options {
    struct settings set;
    char *file;   /* configuration read; NULL: none */
    bool check;   /* --check-config: say what is wrong and end */
    bool help;    /* --help */
    bool version; /* --version */
    char *data;   /* --data, --socket, --log-level, --log-format ... */
    char *socket; /* ... stay in force over a reload */
    char *log_level;
    char *log_format;
    char *http;
};

/* The table, for tests and the manual page. */
const struct conf_key *options_keys(size_t *ret_n);

/* Read the command line and the file. 0, or an exit status (64 usage, 78
 * configuration) with what is wrong, a line each, in `faults`. */
int options_read(struct options *o, int argc, char **argv, struct buf *faults);

/* Read the file again (SIGHUP) into o->set; on a fault nothing changes. Data,
 * socket and zone stay those of the start, at the same place in memory. 0, or
 * the exit status. */
int options_reload(struct options *o, struct buf *faults);

/* Put level and format into force. */
void options_log(const struct options *o);

/* The text of --help. */
const char *options_usage(void);
/* Frees what o owns, not o itself. */
void options_done(struct options *o);
