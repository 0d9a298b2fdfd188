/* Happy path of sending: hash, files.begin (where to go on), files.put until
 * all is there, files.commit, tickets.reply with it. Of saving: files.get until
 * the end, then it is written at once, so that no half file is left.
 * Failure modes: the link drops: it asks again by itself, and what was sent is
 * not sent again; the daemon refuses: its sentence is said, what is there stays
 * for a next try. */
#include "tui/transfer.h"

#include <string.h>
#include <sys/stat.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/slurp.h"
#include "common/str.h"
#include "tui/captive.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/paper_file.h"
#include "tui/screen.h"
#include "tui/tr.h"
#include "tui/view.h"

/* Small pieces: keys typed meanwhile wait for one of them at most. */
enum { PIECE = 128 * 1024, SAVE_MAX = 256 * 1024 * 1024 };

/* One file on its way; ends by itself. */
struct transfer {
    struct app *app;
    char id[24]; /* of the ticket; saving: of the file */
    char *name;  /* owned */
    struct buf bytes;
    char sha[2 * DIGEST_SHA256 + 1];
    size_t at;
    struct transfer_to to; /* ended NULL: it goes with a reply to a ticket */
};

static void end(struct transfer *t) {
    buf_done(&t->bytes);
    free(t->name);
    free(t);
}

/* It ended, without a file: why. */
static void fail(struct transfer *t, int role, const char *why) {
    if (t->to.ended) {
        t->to.ended(t->to.arg, NULL, why);
    } else {
        app_say(t->app, role, "%s", why);
    }
    end(t);
}

static void ask(struct transfer *t, const char *method, const char *params,
                bool write, link_cb *cb) {
    struct link *k = app_link(t->app);
    int err = write ? link_write(k, method, params, cb, t)
                    : link_ask(k, method, params, cb, t);
    if (err < 0) {
        fail(t, ROLE_BAD, text_error(tr_lang, err));
    }
}

/* A refusal ends it. */
static bool refused(struct transfer *t, const struct link_reply *r) {
    if (r->result) {
        return false;
    }
    if (t->to.ended) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        fail(t, ROLE_BAD, why);
        return true;
    }
    app_say_error(t->app, r);
    end(t);
    return true;
}

static void say_far(struct transfer *t, enum text_id text, size_t of) {
    AUTO_BUF struct buf b = BUF_INIT;
    char percent[8];
    (void)str_format(percent, sizeof percent, "%d",
                     of ? (int)(t->at * 100 / of) : 0);
    text_format(&b, tr_lang, text, "name", t->name, "percent", percent, NULL);
    if (t->to.far) {
        t->to.far(t->to.arg, buf_str(&b));
    } else {
        app_say(t->app, ROLE_NORMAL, "%s", buf_str(&b));
    }
}

/* --- sending -----------------------------------------------------------------
 */

static void params_begin(struct jsonw *w, struct buf *b,
                         const struct transfer *t) {
    jsonw_init(w, b);
    jsonw_begin_object(w);
    jsonw_kstring(w, "sha256", t->sha);
    jsonw_ki64(w, "size", (int64_t)t->bytes.len);
}

static void on_replied(void *arg, const struct link_reply *r) {
    struct transfer *t = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (refused(t, r)) {
        return;
    }
    TF(&b, FILE_SENT, "name", t->name);
    app_say(t->app, ROLE_GOOD, "%s", buf_str(&b));
    end(t);
}

static void on_kept(void *arg, const struct link_reply *r) {
    struct transfer *t = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    if (refused(t, r)) {
        return;
    }
    if (t->to.ended) {
        t->to.ended(t->to.arg, model_str(r->result, "id"), NULL);
        end(t);
        return;
    }
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", t->id);
    jsonw_key(&w, "files");
    jsonw_begin_array(&w);
    jsonw_string(&w, model_str(r->result, "id"));
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    ask(t, "tickets.reply", buf_str(&b), true, on_replied);
}

static void commit(struct transfer *t) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    params_begin(&w, &b, t);
    jsonw_kstring(&w, "name", t->name);
    jsonw_end_object(&w);
    ask(t, "files.commit", buf_str(&b), true, on_kept);
}

static void on_place(void *arg, const struct link_reply *r);

static void put(struct transfer *t) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_BUF struct buf data = BUF_INIT;
    struct jsonw w;
    size_t left = t->bytes.len - t->at;
    base64_encode(t->bytes.data + t->at, left < PIECE ? left : PIECE, &data);
    params_begin(&w, &b, t);
    jsonw_ki64(&w, "offset", (int64_t)t->at);
    jsonw_kstring(&w, "data", buf_str(&data));
    jsonw_end_object(&w);
    ask(t, "files.put", buf_str(&b), true, on_place);
}

/* So much is there. */
static void on_place(void *arg, const struct link_reply *r) {
    struct transfer *t = arg;
    if (refused(t, r)) {
        return;
    }
    int64_t at = model_int(r->result, "offset", -1);
    if (at < 0 || at > (int64_t)t->bytes.len) {
        fail(t, ROLE_BAD, T(FILE_CHANGED));
        return;
    }
    t->at = (size_t)at;
    say_far(t, TEXT_FILE_SENDING, t->bytes.len);
    if (t->at < t->bytes.len) {
        put(t);
    } else {
        commit(t);
    }
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* With its bytes, ready to go. */
static int make(struct app *a, const char *path, struct transfer **ret,
                enum text_id *ret_why) {
    uint8_t sha[DIGEST_SHA256];
    *ret_why = TEXT_FILE_CAPTIVE;
    if (captive()) {
        return ERR_DENIED;
    }
    struct transfer *t = NEW(struct transfer);
    *t = (struct transfer){.app = a, .name = mem_dup(last_part(path))};
    *ret_why = TEXT_FILE_UNREADABLE;
    if (slurp(path, SAVE_MAX, &t->bytes) < 0 || t->bytes.len == 0) {
        end(t);
        return ERR_IO;
    }
    digest_sha256(t->bytes.data, t->bytes.len, sha);
    digest_hex(sha, sizeof sha, t->sha);
    *ret = t;
    return 0;
}

static void start(struct transfer *t) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    params_begin(&w, &b, t);
    jsonw_end_object(&w);
    ask(t, "files.begin", buf_str(&b), false, on_place);
}

int transfer_send(struct app *a, const char *path, const char *ticket,
                  enum text_id *ret_why) {
    struct transfer *t;
    int rc = make(a, path, &t, ret_why);
    if (rc == 0) {
        (void)str_copy(t->id, sizeof t->id, ticket);
        start(t);
    }
    return rc;
}

int transfer_put(struct app *a, const char *path, const struct transfer_to *to,
                 struct transfer **ret, enum text_id *ret_why) {
    struct transfer *t;
    int rc = make(a, path, &t, ret_why);
    if (rc == 0) {
        t->to = *to;
        *ret = t;
        start(t);
    }
    return rc;
}

void transfer_stop(struct transfer *t) {
    if (t) {
        app_forget(t->app, t);
        end(t);
    }
}

/* --- saving ------------------------------------------------------------------
 */

static void keep(struct transfer *t) {
    AUTO_BUF struct buf path = BUF_INIT;
    AUTO_BUF struct buf b = BUF_INIT;
    int rc = paper_file_save(t->name, t->bytes.data, t->bytes.len, &path);
    if (rc < 0) {
        TF(&b, FILE_UNWRITABLE, "path", t->name);
    } else {
        TF(&b, FILE_SAVED, "path", buf_str(&path));
    }
    app_say(t->app, rc < 0 ? ROLE_BAD : ROLE_GOOD, "%s", buf_str(&b));
    end(t);
}

static void get(struct transfer *t);

static void on_piece(void *arg, const struct link_reply *r) {
    struct transfer *t = arg;
    if (refused(t, r)) {
        return;
    }
    const char *data = model_str(r->result, "data");
    size_t of = (size_t)model_int(r->result, "size", 0);
    if (base64_decode(data, strlen(data), &t->bytes) < 0 || of > SAVE_MAX ||
        t->bytes.len > of || (!*data && t->bytes.len < of)) {
        app_say(t->app, ROLE_BAD, "%s", T(FILE_CHANGED));
        end(t);
        return;
    }
    free(t->name);
    t->name = mem_dup(model_str(r->result, "name"));
    t->at = t->bytes.len;
    if (t->at < of) {
        say_far(t, TEXT_FILE_SAVING, of);
        get(t);
    } else {
        keep(t);
    }
}

static void get(struct transfer *t) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", t->id);
    jsonw_ki64(&w, "offset", (int64_t)t->at);
    jsonw_end_object(&w);
    ask(t, "files.get", buf_str(&b), false, on_piece);
}

void transfer_save(struct app *a, const char *file) {
    if (captive()) {
        app_say(a, ROLE_BAD, "%s", T(FILE_CAPTIVE));
        return;
    }
    struct transfer *t = NEW(struct transfer);
    *t = (struct transfer){.app = a, .name = mem_dup(file)};
    (void)str_copy(t->id, sizeof t->id, file);
    get(t);
}
