#include "daemon/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/action_code.h"
#include "common/buf.h"
#include "common/conf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/paths.h"
#include "common/str.h"
#include "sync/sync.h"

#ifndef FULEXO_CONFIG
#define FULEXO_CONFIG "/etc/fulexo/fulexo.yaml"
#endif

#ifndef FULEXO_PDF
#define FULEXO_PDF "/usr/libexec/fulexo/fulexo-pdf"
#endif

enum { EXIT_USAGE = 64, EXIT_CONFIG = 78 };

/* Seconds: a day, and a hundred years, which is for ever. */
#define KEPT_MIN 86400
#define KEPT_MAX (36500LL * 86400)

#define AT(field) offsetof(struct settings, field)

static const struct conf_key keys[] = {
    {"data", CONF_STRING, AT(data), 1, 512, NULL, NULL,
     "Folder of the database and the keys; made when missing."},
    {"socket", CONF_STRING, AT(socket), 1, 107, NULL, NULL,
     "Path of the socket clients connect to; default fulexo.sock in data."},
    {"zone", CONF_STRING, AT(zone), 1, 64, "UTC", NULL,
     "Time zone of the warehouse, as in Europe/Istanbul: its days are what "
     "\"today\" means."},
    {"log.level", CONF_CHOICE, AT(log_level), 0, 0, "info",
     "debug|info|warn|error", "The least important lines that are written."},
    {"log.format", CONF_CHOICE, AT(log_format), 0, 0, "auto", "auto|text|json",
     "auto: text on a terminal, JSON otherwise."},
    {"sync.interval", CONF_DURATION, AT(interval_s), 10, 86400, "5m", NULL,
     "Time between passes over a store while nobody looks."},
    {"sync.interval_open", CONF_DURATION, AT(interval_open_s), 10, 86400, "60s",
     NULL, "The same while something is open on a screen."},
    {"sync.open", CONF_DURATION, AT(open_s), 10, 86400, "5m", NULL,
     "Time between full reads of the open orders."},
    {"sync.stock", CONF_DURATION, AT(stock_s), 10, 604800, "1h", NULL,
     "Time between looks at the stock of everything."},
    {"sync.sweep", CONF_DURATION, AT(sweep_s), 10, 604800, "6h", NULL,
     "Time between sweeps over ids, trash, notes, customers and categories."},
    {"sync.deep", CONF_DURATION, AT(deep_s), 10, 31536000, "1d", NULL,
     "Time in which everything is read in full once more; with HPOS seven "
     "times that."},
    {"sync.requests_per_hour", CONF_INT, AT(requests_per_hour),
     SYNC_PER_HOUR_MIN, 1000000, "600", NULL,
     "Requests an hour that passes and sweeps may make at one shop; when it "
     "is short they get rarer, the open orders last."},
    {"sync.overlap", CONF_DURATION, AT(overlap_s), 1, 3600, "2m", NULL,
     "How far a pass looks back behind the last one: rows commit late."},
    {"sync.timeout", CONF_DURATION, AT(timeout_s), 5, 600, "60s", NULL,
     "Longest time one request to a shop may take."},
    {"sync.unknown_quiet", CONF_DURATION, AT(unknown_quiet_s), 1, 3600, "2m",
     NULL,
     "A write that got no answer is looked for after that time, at least."},
    {"sync.ceiling", CONF_INT, AT(ceiling), 1, 16, "2", NULL,
     "Requests a shop gets at a time, at most."},
    {"sync.ceiling_first", CONF_INT, AT(ceiling_first), 1, 16, "4", NULL,
     "The same during a first sync."},
    {"orders.late", CONF_DURATION, AT(late_s), 0, 31536000, "2d", NULL,
     "An order to do is late when it is older; 0: never."},
    {"approvals.stock_limit", CONF_INT, AT(stock_limit), 0, 1000000000, "0",
     NULL,
     "Pieces staff add to or take from a stock without approval; 0: any "
     "number."},
    {"approvals.price_limit", CONF_INT, AT(price_limit), 0, 1000000, "0", NULL,
     "Percent of a price staff change without approval; 0: any."},
    {"inventory.count_tolerance", CONF_INT, AT(count_tolerance), 0, 1000, "0",
     NULL,
     "Pieces a line of a count may differ by and be written without another "
     "person's word."},
    {"inventory.expires_soon", CONF_DURATION, AT(expires_soon_s), 0, 315360000,
     "30d", NULL,
     "A lot expires soon so long before its last day; whole days count."},
    {"work.pick_first", CONF_BOOL, AT(pick_first), 0, 0, "no", NULL,
     "What nobody picked is not packed."},
    {"work.code_prefix", CONF_STRING, AT(code_prefix), ACTION_CODE_PREFIX_MIN,
     ACTION_CODE_PREFIX_MAX, ACTION_CODE_PREFIX, NULL,
     "What barcodes that stand for acts begin with, as in FULEXODONE; no SKU "
     "may."},
    {"work.carriers", CONF_STRING, AT(carriers), 1, 4000, NULL, NULL,
     "Where carriers show a parcel: "
     "ups=https://www.ups.com/track?num={tracking}"
     " and more of them, blanks between."},
    {"files.size", CONF_SIZE, AT(file_size), 1024, 268435456, "64M", NULL,
     "Bytes of a file that is handed over, at most."},
    {"files.per_message", CONF_INT, AT(file_per_message), 0, 50, "10", NULL,
     "Files that go with one message, at most."},
    {"files.total", CONF_SIZE, AT(file_total), 1024, 1125899906842624, "10G",
     NULL, "Bytes of all of them together, at most."},
    {"security.step_up_admin", CONF_DURATION, AT(step_up_admin_s), 0, 86400,
     "10m", NULL,
     "How long it counts that an admin proved who they are, before acts that "
     "cannot be taken back; 0: they are not asked again."},
    {"security.step_up_staff", CONF_DURATION, AT(step_up_staff_s), 0, 86400,
     "30m", NULL, "The same of staff and owners."},
    {"security.totp_admin", CONF_BOOL, AT(totp_admin), 0, 0, "no", NULL,
     "An admin must have an authenticator: who has none can do nothing but set "
     "one up."},
    {"security.totp_staff", CONF_BOOL, AT(totp_staff), 0, 0, "no", NULL,
     "The same of staff."},
    {"security.totp_owner", CONF_BOOL, AT(totp_owner), 0, 0, "no", NULL,
     "The same of owners."},
    {"security.sign_in_admin", CONF_BOOL, AT(sign_in_admin), 0, 0, "no", NULL,
     "An admin's linked account of this machine is not enough: they sign in "
     "with password and code."},
    {"security.sign_in_staff", CONF_BOOL, AT(sign_in_staff), 0, 0, "no", NULL,
     "The same of staff."},
    {"security.sign_in_owner", CONF_BOOL, AT(sign_in_owner), 0, 0, "no", NULL,
     "The same of owners."},
    {"backup.dir", CONF_STRING, AT(backup_dir), 1, 512, NULL, NULL,
     "Folder of the backups, best on another disk; default backups in data."},
    {"backup.keep", CONF_INT, AT(backup_keep), 1, 1000, "7", NULL,
     "Backups of each kind that stay; older ones are removed after a new one."},
    {"backup.every", CONF_DURATION, AT(backup_every_s), 0, 31536000, "0", NULL,
     "Time between backups that are taken by the clock; 0: by hand only."},
    {"backup.passphrase_file", CONF_STRING, AT(backup_passphrase), 1, 512, NULL,
     NULL, "File whose first line seals the backups; only ours to read."},
    {"retention.commands", CONF_DURATION, AT(kept_commands_s), KEPT_MIN,
     KEPT_MAX, "7d", NULL,
     "How long the answer of a command is kept for a repeat of it."},
    {"retention.changes", CONF_DURATION, AT(kept_changes_s), KEPT_MIN, KEPT_MAX,
     "90d", NULL,
     "How long changes that are through keep what was sent and answered."},
    {"retention.audit", CONF_DURATION, AT(kept_audit_s), KEPT_MIN, KEPT_MAX,
     "730d", NULL,
     "How long rows of the audit trail keep their details; who did what when "
     "stays."},
    {"retention.removed", CONF_DURATION, AT(kept_removed_s), KEPT_MIN, KEPT_MAX,
     "365d", NULL,
     "How long what is gone from a shop is kept; what work or stock hangs on "
     "stays."},
    {"retention.set_aside", CONF_DURATION, AT(kept_set_aside_s), KEPT_MIN,
     KEPT_MAX, "90d", NULL,
     "How long rows that do not read are kept after the shop sent them last."},
    {"http.listen", CONF_STRING, AT(http_listen), 1, 80, NULL, NULL,
     "ADDR:PORT of the HTTP face (webhooks, health); unset: there is none."},
    {"http.public_url", CONF_STRING, AT(http_public_url), 1, 400, NULL, NULL,
     "Address at which shops reach it; unset: shops are polled alone."},
    {"http.metrics_allow", CONF_STRING, AT(http_metrics_allow), 1, 64, NULL,
     NULL, "Network that may read metrics, as 10.0.0.0/8; else this machine."},
    {"http.timeout", CONF_DURATION, AT(http_timeout_s), 1, 300, "15s", NULL,
     "Longest time a request may take to arrive, and an answer to be taken."},
    {"documents.lang", CONF_CHOICE, AT(documents_lang), 0, 0, "auto",
     "auto|en|tr",
     "Language of slips, pick lists and labels; auto: of who asks for them."},
    {"documents.printers", CONF_STRING, AT(documents_printers), 1, 2048, NULL,
     NULL,
     "Printers, as in office=cups:HP_Laser zebra=raw:192.0.2.7:9100; divided "
     "by blanks."},
    {"documents.pdf_helper", CONF_STRING, AT(documents_pdf_helper), 1, 512,
     FULEXO_PDF, NULL, "Path of fulexo-pdf, which draws PDF."},
    {"mail.server", CONF_STRING, AT(mail_server), 1, 300, NULL, NULL,
     "Mail server letters are given to: smtp://HOST:587 (STARTTLS) or "
     "smtps://HOST; unset: none are sent."},
    {"mail.from", CONF_STRING, AT(mail_from), 3, 254, NULL, NULL,
     "Address letters come from; their sender's name is the shop's."},
    {"mail.user", CONF_STRING, AT(mail_user), 1, 256, NULL, NULL,
     "Who signs in at the mail server; unset: nobody."},
    {"mail.password_file", CONF_STRING, AT(mail_password_file), 1, 512, NULL,
     NULL, "File whose first line is the password; only ours to read."},
    {"mail.tls", CONF_CHOICE, AT(mail_tls), 0, 0, "required",
     "required|optional",
     "optional: a letter may travel in clear when the server offers no TLS."},
    {"mail.ca_file", CONF_STRING, AT(mail_ca_file), 1, 512, NULL, NULL,
     "Certificates (PEM) the mail server's is checked against; unset: the "
     "system's."},
    {"mail.timeout", CONF_DURATION, AT(mail_timeout_s), 5, 600, "60s", NULL,
     "Longest time one letter may take."},
};

enum { N_KEYS = sizeof keys / sizeof *keys };

const struct conf_key *options_keys(size_t *ret_n) {
    *ret_n = N_KEYS;
    return keys;
}

const char *options_usage(void) {
    return "usage: fulexod [OPTIONS]\n"
           "  -c, --config FILE     configuration; default " FULEXO_CONFIG ",\n"
           "                        else built-in defaults\n"
           "      --check-config    name every fault of the configuration and "
           "end\n"
           "      --data DIR        folder of the database and the keys\n"
           "      --socket PATH     socket clients connect to\n"
           "      --http ADDR:PORT  listen for webhooks and health there\n"
           "      --log-level L     debug, info, warn or error\n"
           "      --log-format F    auto, text or json\n"
           "  -h, --help            this text\n"
           "  -V, --version         the version\n"
           "SIGHUP reads the configuration again, SIGTERM stops.\n";
}

/* --- command line ------------------------------------------------------ */

static void put(char **dst, const char *value) {
    free(*dst);
    *dst = mem_dup(value);
}

enum { O_CHECK = 256, O_DATA, O_SOCKET, O_HTTP, O_LEVEL, O_FORMAT };

static bool take(struct options *o, int letter) {
    switch (letter) {
    case 'c':
        put(&o->file, optarg);
        return true;
    case 'h':
        return o->help = true;
    case 'V':
        return o->version = true;
    case O_CHECK:
        return o->check = true;
    case O_DATA:
        put(&o->data, optarg);
        return true;
    case O_SOCKET:
        put(&o->socket, optarg);
        return true;
    case O_HTTP:
        put(&o->http, optarg);
        return true;
    case O_LEVEL:
        put(&o->log_level, optarg);
        return true;
    case O_FORMAT:
        put(&o->log_format, optarg);
        return true;
    default:
        return false;
    }
}

static int check_arguments(const struct options *o, struct buf *faults) {
    enum log_level level;
    const char *f = o->log_format;
    if (o->log_level && !log_level_parse(o->log_level, &level))
        buf_addf(faults, "--log-level %s: debug, info, warn or error\n",
                 o->log_level);
    if (f && !str_eq(f, "auto") && !str_eq(f, "text") && !str_eq(f, "json"))
        buf_addf(faults, "--log-format %s: auto, text or json\n", f);
    return faults->len > 0 ? EXIT_USAGE : 0;
}

static int read_arguments(struct options *o, int argc, char **argv,
                          struct buf *faults) {
    static const struct option table[] = {
        {"config", required_argument, NULL, 'c'},
        {"check-config", no_argument, NULL, O_CHECK},
        {"data", required_argument, NULL, O_DATA},
        {"socket", required_argument, NULL, O_SOCKET},
        {"http", required_argument, NULL, O_HTTP},
        {"log-level", required_argument, NULL, O_LEVEL},
        {"log-format", required_argument, NULL, O_FORMAT},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {0},
    };
    int letter;
    optind = 0; /* tests read more than one command line */
    opterr = 0;
    while ((letter = getopt_long(argc, argv, "c:hV", table, NULL)) != -1) {
        if (!take(o, letter)) {
            buf_addf(faults, "%s: unknown option or no value; see --help\n",
                     argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    if (optind < argc)
        buf_addf(faults, "%s: fulexod takes no arguments; see --help\n",
                 argv[optind]);
    return check_arguments(o, faults);
}

/* --- values ------------------------------------------------------------ */

/* The command line over the file, and what follows from both. */
static void complete(const struct options *o, struct settings *s) {
    if (o->data)
        put(&s->data, o->data);
    if (o->socket)
        put(&s->socket, o->socket);
    if (o->http)
        put(&s->http_listen, o->http);
    if (o->log_level)
        put(&s->log_level, o->log_level);
    if (o->log_format)
        put(&s->log_format, o->log_format);
    if (!s->data)
        s->data = paths_data_dir();
    if (!s->socket)
        s->socket = paths_daemon_socket(s->data);
}

/* What rooms hold on to cannot change while they run. */
static void keep(char **fresh, char **old) {
    if (!*old)
        return;
    free(*fresh);
    *fresh = TAKE_PTR(*old);
}

int options_reload(struct options *o, struct buf *faults) {
    struct settings fresh = {0};
    conf_defaults(keys, N_KEYS, &fresh);
    if (o->file && conf_load(keys, N_KEYS, &fresh, o->file, faults) > 0) {
        conf_free(keys, N_KEYS, &fresh);
        return EXIT_CONFIG;
    }
    complete(o, &fresh);
    keep(&fresh.data, &o->set.data);
    keep(&fresh.socket, &o->set.socket);
    keep(&fresh.zone, &o->set.zone);
    keep(&fresh.code_prefix, &o->set.code_prefix);
    conf_free(keys, N_KEYS, &o->set);
    o->set = fresh;
    return 0;
}

int options_read(struct options *o, int argc, char **argv, struct buf *faults) {
    *o = (struct options){0};
    int rc = read_arguments(o, argc, argv, faults);
    if (rc != 0 || o->help || o->version)
        return rc;
    if (!o->file && access(FULEXO_CONFIG, F_OK) == 0)
        o->file = mem_dup(FULEXO_CONFIG);
    return options_reload(o, faults);
}

void options_log(const struct options *o) {
    enum log_level level = LOG_INFO;
    const char *format = o->set.log_format;
    /* Both were checked when they were read. */
    (void)log_level_parse(o->set.log_level, &level);
    bool json = str_eq(format, "json") ||
                (!str_eq(format, "text") && !isatty(STDERR_FILENO));
    log_setup(level, json);
}

void options_done(struct options *o) {
    conf_free(keys, N_KEYS, &o->set);
    free(o->file);
    free(o->data);
    free(o->socket);
    free(o->http);
    free(o->log_level);
    free(o->log_format);
    *o = (struct options){0};
}
