/* What the shop is like: version, storage, clock, zone, statuses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"
#include "common/when.h"
#include "shop/doctor_exam.h"

enum { CLOCK_MS = 60000 };

static int small_number(const struct json *v, int none) {
    int64_t n = 0;
    return json_i64(v, true, &n) == 0 && n >= 0 && n < 1000000 ? (int)n : none;
}

void doctor_read_status(struct doctor *d, const struct json *v) {
    struct store_caps *c = &d->r.caps;
    const struct json *settings = json_get(v, "settings");
    const char *version = json_string(json_path(v, "environment.version"));
    const char *currency = json_string(json_get(settings, "currency"));
    const struct json *f = json_first(json_get(settings, "enabled_features"));
    (void)str_copy(c->wc_version, sizeof c->wc_version, version ? version : "");
    (void)str_copy(c->currency, sizeof c->currency, currency ? currency : "");
    c->decimals = small_number(json_get(settings, "number_of_decimals"), -1);
    c->php_time_limit_s =
        small_number(json_path(v, "environment.php_max_execution_time"), 0);
    (void)json_bool(json_get(settings, "HPOS_enabled"), true,
                    &c->hpos); /* else posts */
    for (; f; f = json_next(f))
        if (str_eq(json_string(f), "fulfillments"))
            c->fulfillments = true;
}

static void tell_time(struct doctor *d) {
    char span[WHEN_TEXT];
    int64_t off = d->r.caps.clock_offset_ms;
    int64_t size = off < 0 ? -off : off;
    if (size > CLOCK_MS)
        doctor_tell(d, "time", DOCTOR_WARN,
                    "Set both clocks by NTP; Fulexo counts with the shop's.",
                    "The shop's clock is %s %s ours; zone %s.",
                    when_span(span, size), off > 0 ? "ahead of" : "behind",
                    d->r.caps.zone);
    else
        doctor_tell(d, "time", DOCTOR_OK, "",
                    "The clocks agree; the shop's zone is %s.", d->r.caps.zone);
}

static void read_status_row(struct doctor *d, const struct json *v) {
    struct store_status *s = &d->r.statuses[d->r.n_statuses];
    const char *slug = json_string(json_get(v, "slug"));
    const char *name = json_string(json_get(v, "name"));
    if (str_empty(slug) || d->r.n_statuses == DOCTOR_STATUSES)
        return; /* more than 64 statuses stay unmapped, hence open */
    if (str_starts(slug, "wc-"))
        slug += 3;
    (void)str_copy(s->slug, sizeof s->slug, slug);
    (void)str_copy(s->name, sizeof s->name, name ? name : slug);
    s->phase = status_phase_of(s->slug);
    d->r.n_statuses++;
}

static void tell_statuses(struct doctor *d) {
    AUTO_BUF struct buf unknown = BUF_INIT;
    for (size_t i = 0; i < d->r.n_statuses; i++)
        if (d->r.statuses[i].phase == PHASE_UNMAPPED)
            buf_addf(&unknown, "%s%s", unknown.len ? ", " : "",
                     d->r.statuses[i].slug);
    if (unknown.len)
        doctor_tell(d, "statuses", DOCTOR_WARN,
                    "Say what they mean in the store's status map; until then "
                    "such orders count as open.",
                    "The shop has statuses of its own: %s.", unknown.data);
    else
        doctor_tell(d, "statuses", DOCTOR_OK, "", "%zu order statuses.",
                    d->r.n_statuses);
}

static void on_statuses(struct doctor *d, const struct http_answer *a,
                        const struct shop_verdict *v) {
    struct arena *arena = arena_new(0);
    const struct json *list = NULL;
    (void)a;
    if (v->fault.code == 0 &&
        json_parse(arena, v->json.p, v->json.n, NULL, &list, NULL) == 0)
        for (const struct json *c = json_first(list); c; c = json_next(c))
            read_status_row(d, c);
    arena_free(arena);
    if (d->r.n_statuses)
        tell_statuses(d);
    else
        doctor_tell(d, "statuses", DOCTOR_WARN,
                    "Nothing to do: WooCommerce's own statuses are assumed.",
                    "The list of order statuses could not be read: %s",
                    *v->fault.text ? v->fault.text : "it is empty.");
    doctor_finish(d, 0);
}

void doctor_learn(struct doctor *d) {
    struct shop_request r;
    tell_time(d);
    request_init(&r, HTTP_GET, "/wc/v3/orders/statuses");
    doctor_ask(d, &r, false, on_statuses);
}
