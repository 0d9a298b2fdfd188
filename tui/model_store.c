/* Stores, their progress, and what needs attention. */
#include <stdio.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tr.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

void progress_row_read(const struct json *v, struct progress_row *ret) {
    *ret = (struct progress_row){.total = -1, .rate = -1, .eta_s = -1};
    if (json_type(v) != JSON_OBJECT) {
        return;
    }
    ret->running = true;
    model_text(ret->collection, sizeof ret->collection, v, "collection");
    ret->done = model_int(v, "done", 0);
    ret->total = model_int(v, "total", -1);
    ret->rate = model_int(v, "rate", -1);
    ret->eta_s = model_int(v, "eta_s", -1);
}

static void read_numbers(const struct json *v, struct store_row *r) {
    r->orders = model_int(v, "counts.orders", 0);
    r->products = model_int(v, "counts.products", 0);
    r->customers = model_int(v, "counts.customers", 0);
    r->queue = model_int(v, "queue", 0);
    r->attention = model_int(v, "attention", 0);
    r->rate = model_int(v, "rate", 0);
    r->interval_s = model_int(v, "interval", 0);
    r->verify_rows = model_int(v, "verify.rows", 0);
    r->verify_differences = model_int(v, "verify.differences", 0);
}

static void read_hooks(const struct json *v, struct hooks_row *r) {
    *r = (struct hooks_row){.known = json_type(v) == JSON_OBJECT};
    r->poll = str_eq(model_str(v, "mode"), "poll");
    TEXT(reason, "reason");
    TEXT(cure, "cure");
    TEXT(copied, "copied_source");
    r->active = model_int(v, "active", 0);
    r->disabled = model_int(v, "disabled", 0);
    r->last_ms = model_time(v, "last_delivery");
    r->lag_ms = model_int(v, "lag", -1);
    r->disabled_ms = model_time(v, "disabled_since");
}

void hooks_row_word(const struct hooks_row *h, const char *age, char *dst,
                    size_t size, int *ret_role) {
    *ret_role = h->copied[0]  ? ROLE_BAD
                : h->disabled ? ROLE_WARN
                : h->poll     ? ROLE_DIM
                              : ROLE_GOOD;
    if (!h->known) {
        (void)str_copy(dst, size, "");
    } else if (h->copied[0]) {
        (void)str_copy(dst, size, T(HOOKWORD_COPIED));
    } else if (h->disabled) {
        (void)str_format(dst, size, "%s %lld", T(HOOKWORD_DISABLED),
                         (long long)h->disabled);
    } else {
        (void)str_format(dst, size, "%s%s%s",
                         h->poll ? T(HOOKWORD_POLL) : T(HOOKWORD_OK),
                         h->poll || !h->last_ms ? "" : " ",
                         h->poll || !h->last_ms ? "" : age);
    }
}

int store_row_read(const struct json *v, void *row) {
    struct store_row *r = row;
    TEXT(name, "name");
    TEXT(title, "title");
    TEXT(url, "url");
    TEXT(state, "state");
    TEXT(reason, "reason");
    TEXT(cure, "cure");
    TEXT(storage, "storage");
    TEXT(version, "wc_version");
    TEXT(auth, "auth");
    r->can_write = model_flag(v, "can_write");
    r->held = model_flag(v, "held");
    read_hooks(json_get(v, "hooks"), &r->hooks);
    r->fresh_ms = model_time(v, "fresh");
    r->next_ms = model_time(v, "next_run");
    r->verify_ms = model_time(v, "verify.at");
    read_numbers(v, r);
    progress_row_read(json_get(v, "progress"), &r->progress);
    return r->name[0] ? 0 : ERR_INVALID;
}

const char *store_row_key(const void *row) {
    return ((const struct store_row *)row)->name;
}

int store_state_role(const char *state) {
    return str_eq(state, "connected")                             ? ROLE_GOOD
           : str_eq(state, "blocked")                             ? ROLE_BAD
           : str_eq(state, "degraded") || str_eq(state, "paused") ? ROLE_WARN
                                                                  : ROLE_NORMAL;
}

int attention_row_read(const struct json *v, void *row) {
    struct attention_row *r = row;
    int64_t id = model_int(v, "id", 0);
    int64_t remote = model_int(v, "remote_id", 0);
    if (id > 0) {
        (void)str_format(r->id, sizeof r->id, "%lld", (long long)id);
    }
    if (remote > 0) {
        (void)str_format(r->remote_id, sizeof r->remote_id, "%lld",
                         (long long)remote);
    }
    TEXT(store, "store");
    TEXT(collection, "collection");
    TEXT(what, "what");
    TEXT(detail, "detail");
    TEXT(cure, "cure");
    r->since_ms = model_time(v, "since");
    r->tries = model_int(v, "tries", 0);
    return r->id[0] ? 0 : ERR_INVALID;
}

int attention_row_drift(const struct json *v, void *row) {
    struct attention_row *r = row;
    AUTO_BUF struct buf sum = BUF_INIT;
    TEXT(ref, "ref");
    TEXT(store, "store");
    TF(&sum, ATTENTION_DRIFT_SUM, "name", model_str(v, "name"), "shop",
       model_str(v, "shop"), "expected", model_str(v, "expected"), "agreed",
       model_str(v, "agreed"), "sent", model_str(v, "sent"), "taken",
       model_str(v, "taken"));
    (void)str_format(r->remote_id, sizeof r->remote_id, "%lld",
                     (long long)model_int(v, "remote_id", 0));
    (void)str_copy(r->collection, sizeof r->collection, "products");
    (void)str_copy(r->what, sizeof r->what, "drift");
    (void)str_copy(r->detail, sizeof r->detail, buf_str(&sum));
    (void)str_copy(r->cure, sizeof r->cure, T(ATTENTION_DRIFT_CURE));
    r->since_ms = model_time(v, "since");
    return r->ref[0] ? 0 : ERR_INVALID;
}

const char *attention_row_key(const void *row) {
    const struct attention_row *r = row;
    return r->ref[0] ? r->ref : r->id;
}
