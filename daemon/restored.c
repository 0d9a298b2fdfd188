/* A database that came back, from a backup or as a copy: the daemon starts anew
 * with it, and what it wants to send may have been sent. */
#include <stdlib.h>
#include <string.h>

#include "auth/seal.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/log.h"
#include "common/mem.h"
#include "daemon/life.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/erase.h"
#include "model/feed.h"
#include "model/mail.h"
#include "ops/erasures.h"

enum {
    /* Whoever waits for the restore reads its result before the end. */
    RESTORED_MS = 1000,
    HELD_BY_FILE = 2, /* meta.held as identity_load wrote it */
};

static void on_restart(void *arg) {
    struct daemon *d = arg;
    d->restart = NULL;
    if (d->stopping)
        return;
    log_info("daemon.restore", "a backup takes the database's place");
    daemon_notify("RELOADING=1");
    d->again = true;
    daemon_stop(d);
}

void daemon_restored(void *self) {
    struct daemon *d = self;
    if (!d->restart)
        d->restart = d->env.timer(d->env.self, RESTORED_MS, on_restart, d);
}

int daemon_opens(void *self, const char *uuid, const void *blob, size_t n) {
    const struct daemon *d = self;
    AUTO_BUF struct buf plain = BUF_INIT;
    const struct seal_place place = {"store", uuid, "secret_sealed"};
    int rc = seal_get(d->secrets.ring, &place, blob, n, &plain);
    seal_wipe(&plain);
    return rc;
}

/* "ACTOR NAME", left by the restore in the database that came back. */
static int note_restore(struct daemon *d, struct db_tx *tx) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_META_GET, &r, "s", "restored");
    if (rc == 0)
        rc = db_step(r);
    if (rc <= 0 || !*db_text(r, 0))
        return rc;
    uint8_t salt[16];
    AUTO_FREE char *actor = mem_dup(db_text(r, 0));
    char *name = strchr(actor, ' ');
    if (name)
        *name++ = '\0';
    digest_random(salt, sizeof salt);
    rc = audit_add(tx, d->secrets.audit, salt, actor, "backup.restore",
                   name ? name : "", "{}");
    return rc < 0 ? rc : db_run(tx, STMT_META_SET, "ss", "restored", "");
}

/* A file that was restored, copied or moved: what it wants to send may have
 * been sent. Told by the file, not by this start: one that was killed in
 * between must not forget. */
int daemon_hold(struct db_tx *tx, void *arg) {
    int64_t held = 0;
    int rc = note_restore(arg, tx);
    if (rc >= 0)
        rc = db_value(tx, STMT_META_NUMBER, &held, "s", "held");
    if (rc < 0 || held != HELD_BY_FILE)
        return rc;
    log_warn("daemon.held",
             "the database was restored, copied or moved: nothing is sent to "
             "the shops until fulexo resume --after-restore");
    rc = mail_park(tx);
    return rc < 0 ? rc : change_hold(tx);
}

/* --- erasures --------------------------------------------------------------
 */

struct again {
    struct daemon *d;
    const struct json *line;
    struct arena *arena;
    int done;
};

static int job_erase(struct db_tx *tx, void *arg) {
    struct again *g = arg;
    int rc = erase_replay(tx, g->line);
    g->done += rc > 0;
    return rc < 0 ? rc : 0;
}

static int job_rest(struct db_tx *tx, void *arg) {
    (void)arg;
    return erase_rest(tx, ERASE_AT_ONCE);
}

/* What an erasure had left when it was cut off. */
static int erase_left(struct daemon *d) {
    int rc, steps = 0;
    while ((rc = db_write_sync(d->db, job_rest, NULL)) > 0)
        steps++;
    if (steps > 0)
        log_info("daemon.erasures", "an erasure that was cut off is done");
    return rc;
}

/* A line that cannot be read was cut off before its erasure was committed. */
static int erase_line(const char *line, size_t n, void *arg) {
    struct again *g = arg;
    arena_reset(g->arena);
    int rc = json_parse(g->arena, line, n, NULL, &g->line, NULL);
    if (rc >= 0)
        rc = db_write_sync(g->d->db, job_erase, g);
    if (rc == ERR_PARSE || rc == ERR_INVALID) {
        log_warn("daemon.erasures", "a line of the journal cannot be read");
        return 0;
    }
    return rc;
}

int daemon_erase_again(struct daemon *d) {
    struct again g = {.d = d, .arena = arena_new(0)};
    int rc = erasures_each(d->o->set.data, erase_line, &g);
    arena_free(g.arena);
    if (rc >= 0)
        rc = erase_left(d);
    if (g.done > 0)
        log_info("daemon.erasures",
                 "%d customers were erased again that came back with a backup",
                 g.done);
    return rc;
}
