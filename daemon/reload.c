/* SIGHUP: what may change while it runs. A fault changes nothing. */
#include "common/buf.h"
#include "common/log.h"
#include "common/str.h"
#include "daemon/chores.h"
#include "daemon/life.h"
#include "http/web.h"
#include "model/lot.h"
#include "ops/backup.h"
#include "out/mailer.h"
#include "rpc.gen.h"
#include "rpc/rpc.h"

static void reload_web(struct daemon *d) {
    const struct settings *s = &d->o->set;
    struct error e = {0};
    if (d->web &&
        web_set(d->web, s->http_metrics_allow, s->http_timeout_s, &e) < 0)
        log_error("daemon.reload", "%s: %s", e.where, e.detail);
}

void daemon_schedule(const struct settings *s, struct sync_options *o) {
    o->interval_s = s->interval_s;
    o->interval_open_s = s->interval_open_s;
    o->open_s = s->open_s;
    o->stock_s = s->stock_s;
    o->sweep_s = s->sweep_s;
    o->deep_s = s->deep_s;
    o->requests_per_hour = s->requests_per_hour;
}

void daemon_retention(struct daemon *d) {
    const struct settings *s = &d->o->set;
    const struct retain_ages ages = {
        .ms = {[RETAIN_OF_COMMANDS] = s->kept_commands_s * 1000,
               [RETAIN_OF_CHANGES] = s->kept_changes_s * 1000,
               [RETAIN_OF_AUDIT] = s->kept_audit_s * 1000,
               [RETAIN_OF_REMOVED] = s->kept_removed_s * 1000,
               [RETAIN_OF_SET_ASIDE] = s->kept_set_aside_s * 1000}};
    chores_set(d->chores, &ages);
    rpc_set_retention(d->rpc, &ages);
}

int daemon_documents(struct daemon *d, struct error *e) {
    const struct settings *s = &d->o->set;
    const struct rpc_documents o = {.lang = s->documents_lang,
                                    .printers = s->documents_printers,
                                    .pdf_helper = s->documents_pdf_helper};
    rpc_set_public_url(d->rpc, s->http_public_url);
    return rpc_set_documents(d->rpc, &o, e);
}

static void reload_documents(struct daemon *d) {
    struct error e = {0};
    if (daemon_documents(d, &e) < 0)
        log_error("daemon.reload", "%s: %s", e.where, e.detail);
}

void daemon_mail(const struct settings *s, struct mailer_settings *ret) {
    *ret = (struct mailer_settings){.server = s->mail_server,
                                    .from = s->mail_from,
                                    .user = s->mail_user,
                                    .password_file = s->mail_password_file,
                                    .ca_file = s->mail_ca_file,
                                    .plain = str_eq(s->mail_tls, "optional"),
                                    .timeout_s = s->mail_timeout_s};
}

void daemon_files(const struct settings *s, struct rpc_file_limits *ret) {
    *ret = (struct rpc_file_limits){.size = s->file_size,
                                    .per_message = s->file_per_message,
                                    .total = s->file_total};
}

static unsigned roles(bool admin, bool staff, bool owner) {
    return (admin ? RPC_ROLE_ADMIN : 0u) | (staff ? RPC_ROLE_STAFF : 0u) |
           (owner ? RPC_ROLE_OWNER : 0u);
}

void daemon_lots(const struct settings *s) {
    lot_set_soon(s->expires_soon_s / (24 * 60 * 60));
}

unsigned daemon_totp_roles(const struct settings *s) {
    return roles(s->totp_admin, s->totp_staff, s->totp_owner);
}

unsigned daemon_sign_in_roles(const struct settings *s) {
    return roles(s->sign_in_admin, s->sign_in_staff, s->sign_in_owner);
}

void daemon_reload(struct daemon *d) {
    AUTO_BUF struct buf faults = BUF_INIT;
    daemon_notify("RELOADING=1");
    if (options_reload(d->o, &faults) != 0) {
        log_error("daemon.reload", "nothing was changed: %s", buf_str(&faults));
    } else {
        options_log(d->o);
        rpc_set_settings(d->rpc, d->o->set.interval_s, d->o->set.late_s);
        rpc_set_limits(d->rpc, d->o->set.stock_limit, d->o->set.price_limit,
                       d->o->set.count_tolerance);
        rpc_set_packing(d->rpc, d->o->set.pick_first, d->o->set.carriers);
        daemon_lots(&d->o->set);
        struct rpc_file_limits files;
        daemon_files(&d->o->set, &files);
        rpc_set_files(d->rpc, &files);
        struct sync_options schedule = {0};
        daemon_schedule(&d->o->set, &schedule);
        sync_set_schedule(d->sync, &schedule);
        rpc_set_step_up(d->rpc, d->o->set.step_up_admin_s,
                        d->o->set.step_up_staff_s);
        rpc_set_sign_in(d->rpc, daemon_totp_roles(&d->o->set),
                        daemon_sign_in_roles(&d->o->set));
        sync_set_public_url(d->sync, d->o->set.http_public_url);
        backup_set(d->backup, d->o->set.backup_dir, d->o->set.backup_keep,
                   d->o->set.backup_every_s, d->o->set.backup_passphrase);
        struct mailer_settings mail;
        daemon_mail(&d->o->set, &mail);
        mailer_set(d->mailer, &mail);
        daemon_retention(d);
        reload_web(d);
        reload_documents(d);
        log_info("daemon.reload", "the configuration was read again");
    }
    daemon_notify("READY=1");
}
