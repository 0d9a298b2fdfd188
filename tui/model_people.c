#include "tui/model_people.h"

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tr.h"

/* --- users ---------------------------------------------------------------- */

int user_row_read(const struct json *v, void *row) {
    struct user_row *r = row;
    model_text(r->name, sizeof r->name, v, "name");
    model_text(r->title, sizeof r->title, v, "title");
    model_text(r->role, sizeof r->role, v, "role");
    model_text(r->tenant, sizeof r->tenant, v, "tenant");
    model_join(r->stores, sizeof r->stores, v, "stores");
    model_join(r->accounts, sizeof r->accounts, v, "accounts");
    r->all_stores = model_flag(v, "all_stores");
    r->read_only = model_flag(v, "read_only");
    r->active = model_flag(v, "active");
    r->password = model_flag(v, "password");
    r->totp = model_flag(v, "totp");
    r->seen_ms = model_time(v, "seen");
    return r->name[0] ? 0 : ERR_INVALID;
}

const char *user_row_key(const void *row) {
    return ((const struct user_row *)row)->name;
}

const char *user_row_state(const struct user_row *r, int *ret_role) {
    const char *word = !r->active                        ? "deactivated"
                       : !r->password && !r->accounts[0] ? "invited"
                       : r->read_only                    ? "read_only"
                                                         : "active";
    *ret_role = !r->active ? ROLE_DIM : ROLE_NORMAL;
    return tr_word("user_state", word);
}

const char *user_row_sees(const struct user_row *r) {
    return r->all_stores  ? T(USER_ALL_STORES)
           : r->stores[0] ? r->stores
                          : T(USER_NO_STORES);
}

/* --- tenants -------------------------------------------------------------- */

int tenant_row_read(const struct json *v, void *row) {
    struct tenant_row *r = row;
    model_text(r->name, sizeof r->name, v, "name");
    model_text(r->title, sizeof r->title, v, "title");
    r->stores = model_int(v, "stores", 0);
    r->users = model_int(v, "users", 0);
    return r->name[0] ? 0 : ERR_INVALID;
}

const char *tenant_row_key(const void *row) {
    return ((const struct tenant_row *)row)->name;
}

/* --- sessions and tokens -------------------------------------------------- */

int session_row_read(const struct json *v, void *row) {
    struct session_row *r = row;
    model_text(r->id, sizeof r->id, v, "id");
    model_text(r->user, sizeof r->user, v, "user");
    model_text(r->kind, sizeof r->kind, v, "kind");
    model_text(r->place, sizeof r->place, v, "place");
    model_text(r->client, sizeof r->client, v, "client");
    r->connected = model_flag(v, "connected");
    r->current = model_flag(v, "current");
    r->used_ms = model_time(v, "used");
    r->until_ms = model_time(v, "until");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *session_row_key(const void *row) {
    return ((const struct session_row *)row)->id;
}

int token_row_read(const struct json *v, void *row) {
    struct token_row *r = row;
    model_text(r->id, sizeof r->id, v, "id");
    model_text(r->name, sizeof r->name, v, "name");
    model_join(r->stores, sizeof r->stores, v, "stores");
    r->read_only = model_flag(v, "read_only");
    r->created_ms = model_time(v, "created");
    r->used_ms = model_time(v, "used");
    r->until_ms = model_time(v, "until");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *token_row_key(const void *row) {
    return ((const struct token_row *)row)->id;
}

/* --- what was done -------------------------------------------------------- */

/* The payload on one line, as long as a row is; its page shows all of it. */
int audit_row_read(const struct json *v, void *row) {
    struct audit_row *r = row;
    AUTO_BUF struct buf what = BUF_INIT;
    const struct json *payload = json_get(v, "what");
    (void)str_format(r->id, sizeof r->id, "%lld",
                     (long long)model_int(v, "id", 0));
    model_text(r->who, sizeof r->who, v, "who");
    model_text(r->from, sizeof r->from, v, "from");
    model_text(r->action, sizeof r->action, v, "action");
    model_text(r->object, sizeof r->object, v, "object");
    if (json_count(payload) > 0) {
        json_print(&what, payload);
    }
    (void)str_copy(r->what, sizeof r->what, buf_str(&what));
    r->ok = model_flag(v, "ok");
    r->at_ms = model_time(v, "at");
    return model_int(v, "id", 0) > 0 ? 0 : ERR_INVALID;
}

const char *audit_row_key(const void *row) {
    return ((const struct audit_row *)row)->id;
}
