#include "model/store_row.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"

void store_caps_write(struct buf *out, const struct store_caps *c) {
    struct jsonw w;
    buf_clear(out);
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "wc_version", c->wc_version);
    jsonw_kbool(&w, "hpos", c->hpos);
    jsonw_kstring(&w, "zone", c->zone);
    jsonw_ki64(&w, "clock_offset_ms", c->clock_offset_ms);
    jsonw_ki64(&w, "decimals", c->decimals);
    jsonw_kstring(&w, "currency", c->currency);
    jsonw_ki64(&w, "php_time_limit_s", c->php_time_limit_s);
    jsonw_kbool(&w, "fulfillments", c->fulfillments);
    jsonw_kbool(&w, "query_keys", c->query_keys);
    jsonw_kstring(&w, "home", c->home);
    jsonw_end_object(&w);
}

static void get_text(const struct json *v, const char *key, char *dst,
                     size_t size) {
    const char *s = json_string(json_get(v, key));
    if (s)
        (void)str_copy(dst, size, s);
}

static void get_int(const struct json *v, const char *key, int *ret) {
    int64_t n;
    if (json_i64(json_get(v, key), false, &n) == 0 && n >= INT32_MIN &&
        n <= INT32_MAX)
        *ret = (int)n;
}

void store_caps_read(const char *json, struct store_caps *ret) {
    struct arena *a = arena_new(4096);
    const struct json *v = NULL; /* unreadable: every key is missing */
    *ret = (struct store_caps){.decimals = -1};
    (void)json_parse(a, json, strlen(json), NULL, &v, NULL);
    get_text(v, "wc_version", ret->wc_version, sizeof ret->wc_version);
    get_text(v, "zone", ret->zone, sizeof ret->zone);
    get_text(v, "currency", ret->currency, sizeof ret->currency);
    get_text(v, "home", ret->home, sizeof ret->home);
    get_int(v, "decimals", &ret->decimals);
    get_int(v, "php_time_limit_s", &ret->php_time_limit_s);
    (void)json_i64(json_get(v, "clock_offset_ms"), false,
                   &ret->clock_offset_ms);
    (void)json_bool(json_get(v, "hpos"), false, &ret->hpos);
    (void)json_bool(json_get(v, "fulfillments"), false, &ret->fulfillments);
    (void)json_bool(json_get(v, "query_keys"), false, &ret->query_keys);
    arena_free(a);
}

static void copy(char *dst, size_t size, struct db_rows *r, int col) {
    (void)str_copy(dst, size, db_text(r, col));
}

static void read_state(struct db_rows *r, struct store *s) {
    copy(s->state, sizeof s->state, r, 12);
    copy(s->reason, sizeof s->reason, r, 13);
    copy(s->reason_text, sizeof s->reason_text, r, 14);
    s->state_since_ms = db_i64(r, 15);
    s->created_ms = db_i64(r, 16);
    s->verify_ms = db_i64(r, 17);
    s->verify_rows = db_i64(r, 18);
    s->verify_differences = db_i64(r, 19);
}

void store_read_row(struct db_rows *r, struct store *ret) {
    struct store s = {.id = db_i64(r, 0),
                      .allow_http = db_i64(r, 7) != 0,
                      .can_write = db_i64(r, 8) != 0,
                      .paused = db_i64(r, 9) != 0,
                      .removed = db_i64(r, 10) != 0,
                      .interval_s = db_i64(r, 11)};
    copy(s.uuid, sizeof s.uuid, r, 1);
    copy(s.name, sizeof s.name, r, 2);
    copy(s.title, sizeof s.title, r, 3);
    copy(s.url, sizeof s.url, r, 4);
    copy(s.auth, sizeof s.auth, r, 5);
    copy(s.rest, sizeof s.rest, r, 6);
    read_state(r, &s);
    s.ca = db_null(r, 20) ? NULL : mem_dup(db_text(r, 20));
    store_caps_read(db_text(r, 21), &s.caps);
    s.poll_only = db_i64(r, 22) != 0;
    s.per_hour = db_i64(r, 23);
    s.late_s = db_i64(r, 24);
    *ret = s;
}
