/* One store: state, reason and cure, each collection, the doctor's hops, what
 * the last verify found. */
#include <stdio.h>
#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/hops.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/progress.h"
#include "tui/store_acts.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { PART_STATUSES = 1 };

static void trouble(struct textview *t, const struct store_row *r, int width) {
    int role = store_state_role(r->state);
    if (r->reason[0]) {
        textview_prose(t, role, T(COL_REASON), r->reason,
                       width - t->label_width);
    }
    if (r->cure[0]) {
        textview_prose(t, ROLE_KEY, T(UI_CURE), r->cure,
                       width - t->label_width);
    }
    if (!r->can_write && !str_eq(r->state, "new")) {
        textview_prose(t, ROLE_WARN, "", T(STORE_CANNOT_WRITE),
                       width - t->label_width);
    }
}

static void verify_line(struct detail *d, struct textview *t,
                        const struct store_row *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    char rows[32], n[32];
    if (!r->verify_ms) {
        textview_add(t, ROLE_DIM, T(COL_VERIFIED), "%s", T(STORE_NEVER));
        return;
    }
    app_when(d->base.app, r->verify_ms, &b);
    buf_adds(&b, "  ");
    TF(&b, UI_COMPARED, "rows", progress_count(rows, r->verify_rows), "n",
       progress_count(n, r->verify_differences));
    textview_add(t, r->verify_differences ? ROLE_BAD : ROLE_GOOD,
                 T(COL_VERIFIED), "%s", buf_str(&b));
}

static void schedule(struct detail *d, struct textview *t,
                     const struct store_row *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    char span[TR_SPAN];
    if (r->interval_s > 0) {
        TF(&b, STORE_INTERVAL, "span", tr_span(span, r->interval_s * 1000));
    } else {
        buf_adds(&b, T(STORE_INTERVAL_DEFAULT));
    }
    int64_t left = r->next_ms - app_now(d->base.app);
    if (r->next_ms && left > 0) {
        buf_adds(&b, "  ");
        /* Minutes: a second hand would repaint an idle screen. */
        TF(&b, STORE_NEXT, "span",
           tr_span(span, (left + 59999) / 60000 * 60000));
    }
    textview_add(t, ROLE_NORMAL, T(FORM_INTERVAL), "%s", buf_str(&b));
}

/* Label, objects, freshness: the title says what the two figures are. */
static void collection_rows(struct detail *d, struct textview *t) {
    const struct json *c =
        json_first(json_get(detail_object(d), "collections"));
    AUTO_BUF struct buf title = BUF_INIT;
    pad(&title, T(COL_ROWS), -10);
    buf_addf(&title, "  %s", T(COL_FRESH));
    textview_add(t, ROLE_HEADER, T(COL_COLLECTION), "%s", buf_str(&title));
    for (; c; c = json_next(c)) {
        AUTO_BUF struct buf b = BUF_INIT;
        char n[32];
        pad(&b, progress_count(n, model_int(c, "rows", 0)), -10);
        buf_addf(&b, "  %s", app_age(d->base.app, model_time(c, "fresh")));
        textview_add(t, ROLE_NORMAL,
                     tr_word("collection", model_str(c, "collection")), "%s",
                     buf_str(&b));
    }
}

/* What the clock may ask of the shop, and what it did. */
static void budget_line(struct textview *t, const struct json *b) {
    AUTO_BUF struct buf text = BUF_INIT;
    char used[32], all[32], span[TR_SPAN];
    if (json_type(b) != JSON_OBJECT) {
        return;
    }
    TF(&text, STORE_BUDGET, "n", progress_count(used, model_int(b, "used", 0)),
       "total", progress_count(all, model_int(b, "per_hour", 0)), "span",
       tr_span(span, model_int(b, "poll", 0) * 1000));
    textview_add(t, ROLE_NORMAL, T(STORE_BUDGET_LABEL), "%s", buf_str(&text));
}

/* Looks for what no date and no webhook tells: when they ended last, and how
 * long a round is. */
static void sweep_rows(struct detail *d, struct textview *t) {
    const struct json *s = json_first(json_get(detail_object(d), "sweeps"));
    AUTO_BUF struct buf title = BUF_INIT;
    if (!s) {
        return;
    }
    pad(&title, T(STORE_PERIOD), -10);
    buf_addf(&title, "  %s", T(STORE_LAST_ROUND));
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    textview_add(t, ROLE_HEADER, T(STORE_SWEEP), "%s", buf_str(&title));
    for (; s; s = json_next(s)) {
        AUTO_BUF struct buf b = BUF_INIT;
        char span[TR_SPAN];
        pad(&b, tr_span(span, model_int(s, "period", 0) * 1000), -10);
        buf_addf(&b, "  %s", app_age(d->base.app, model_time(s, "last")));
        textview_add(t, ROLE_NORMAL, tr_word("sweep", model_str(s, "kind")),
                     "%s", buf_str(&b));
    }
}

/* What waits for it: Enter lists the changes. */
static void queue_line(struct textview *t, const struct store_row *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_FREE char *link = mem_printf("changes store:%s state:open", r->name);
    char n[32];
    TF(&b, STORE_QUEUE, "n", progress_count(n, r->queue));
    textview_add(t, r->held ? ROLE_WARN : ROLE_NORMAL, T(COL_QUEUE), "%s",
                 buf_str(&b));
    textview_link(t, link);
    if (r->held) {
        textview_add(t, ROLE_WARN, "", "%s", T(FRAME_HELD));
    }
}

static void hook_topic(struct detail *d, struct textview *t,
                       const struct json *h) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    const char *status = model_str(h, "status");
    bool well = str_eq(status, "active") || str_eq(status, "new");
    pad(&b, tr_word("hook", status), 14);
    pad(&b, progress_count(n, model_int(h, "deliveries", 0)), -8);
    buf_addf(&b, "  %s", app_age(d->base.app, model_time(h, "last_delivery")));
    textview_add(t, well ? ROLE_NORMAL : ROLE_WARN, "", "%s  %s", buf_str(&b),
                 model_str(h, "topic"));
}

static void hooks_lines(struct detail *d, struct textview *t,
                        const struct store_row *r, int width) {
    const struct hooks_row *h = &r->hooks;
    const struct json *topic =
        json_first(json_path(detail_object(d), "hooks.topics"));
    char word[60], span[TR_SPAN];
    int role;
    if (!h->known) {
        return;
    }
    hooks_row_word(h, app_age(d->base.app, h->last_ms), word, sizeof word,
                   &role);
    textview_add(t, role, T(COL_HOOKS), "%s%s%s", word,
                 h->lag_ms < 1000 ? "" : "  +",
                 h->lag_ms < 1000 ? "" : tr_span(span, h->lag_ms));
    if (h->reason[0]) {
        AUTO_FREE char *why = mem_printf("%s %s", h->reason, h->cure);
        textview_prose(t, h->poll ? ROLE_DIM : ROLE_WARN, "", why,
                       width - t->label_width);
    }
    for (; topic; topic = json_next(topic)) {
        hook_topic(d, t, topic);
    }
}

/* Whose owners see it: an admin opens the company with its people. */
static void tenant_line(struct detail *d, struct textview *t) {
    const char *tenant = model_str(detail_object(d), "tenant");
    const char *role = link_session(app_link(d->base.app))->role;
    AUTO_FREE char *link = mem_printf("tenant %s", tenant);
    textview_add(t, ROLE_NORMAL, T(COL_TENANT), "%s", tenant);
    if (*tenant && (str_empty(role) || str_eq(role, "admin"))) {
        textview_link(t, link);
    }
}

static void overview(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    struct store_row r = {0};
    (void)store_row_read(o, &r);
    textview_add(t, store_state_role(r.state), T(COL_STATE), "%s",
                 tr_word("state", r.state));
    trouble(t, &r, width);
    textview_add(t, ROLE_NORMAL, T(FORM_URL), "%s", r.url);
    textview_add(t, ROLE_NORMAL, "WooCommerce", "%s  %s  %s  %s  %s", r.version,
                 r.storage, r.auth, model_str(o, "currency"),
                 model_str(o, "zone"));
    textview_add(t, ROLE_NORMAL, tr_word("hop", "auth"), "%s",
                 model_str(o, "key"));
    tenant_line(d, t);
    schedule(d, t, &r);
    verify_line(d, t, &r);
    budget_line(t, json_get(o, "budget"));
    queue_line(t, &r);
    hooks_lines(d, t, &r, width);
    if (r.progress.running) {
        AUTO_BUF struct buf b = BUF_INIT;
        progress_bar(&b, &r.progress, width - t->label_width);
        textview_add(t, ROLE_NORMAL,
                     tr_word("collection", r.progress.collection), "%s",
                     buf_str(&b));
    }
    if (r.attention) {
        AUTO_BUF struct buf b = BUF_INIT;
        char n[32];
        TF(&b, ATTENTION_COUNT, "n", progress_count(n, r.attention), "store",
           r.name);
        textview_add(t, ROLE_WARN, "", "%s", buf_str(&b));
        textview_link(t, "attention");
    }
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    collection_rows(d, t);
    sweep_rows(d, t);
}

static void connection(struct detail *d, struct textview *t, int width) {
    hops_lines(t, json_get(detail_object(d), "hops"), width);
}

/* Enter shows the orders that have it. */
static void statuses(struct detail *d, struct textview *t, int width) {
    const struct json *s =
        json_first(json_get(detail_part(d, PART_STATUSES), "items"));
    bool unsaid = false;
    for (; s; s = json_next(s)) {
        AUTO_BUF struct buf b = BUF_INIT;
        char n[32];
        const char *slug = model_str(s, "slug");
        AUTO_FREE char *link =
            mem_printf("orders store:%s status:%s", d->key, slug);
        pad(&b, model_str(s, "name"), 20);
        buf_addc(&b, ' ');
        bool mapped = model_flag(s, "mapped");
        pad(&b, tr_word("phase", mapped ? model_str(s, "phase") : "unmapped"),
            14);
        pad(&b, progress_count(n, model_int(s, "orders", 0)), -8);
        if (model_flag(s, "settling")) {
            buf_addf(&b, "  %s", T(STORE_SETTLING));
        }
        textview_add(t, mapped ? ROLE_NORMAL : ROLE_WARN, slug, "%s",
                     buf_str(&b));
        textview_link(t, link);
        unsaid |= !mapped;
    }
    if (unsaid) {
        textview_prose(t, ROLE_DIM, NULL, T(STORE_UNSAID), width);
    }
}

/* --- what the last verify found --- */

/* What has a screen of its own opens with Enter. */
static void difference_link(struct textview *t, const struct json *x) {
    const char *collection = model_str(x, "collection");
    const char *kind = str_eq(collection, "orders")      ? "order "
                       : str_eq(collection, "products")  ? "product "
                       : str_eq(collection, "customers") ? ""
                                                         : NULL;
    if (kind && !str_eq(model_str(x, "what"), "missing")) {
        AUTO_FREE char *link = mem_printf("%s%s", kind, model_str(x, "ref"));
        textview_link(t, link);
    }
}

static void one_difference(struct textview *t, const struct json *x,
                           int width) {
    const char *path = model_str(x, "path");
    AUTO_BUF struct buf field = BUF_INIT;
    field_words(&field, tr_lang, path);
    AUTO_FREE char *head = mem_printf(
        "%s  %s  %s", tr_word("collection", model_str(x, "collection")),
        tr_word("diff", model_str(x, "what")), buf_str(&field));
    textview_add(t, ROLE_BAD, NULL, "%s  %s", model_str(x, "ref"), head);
    difference_link(t, x);
    if (*path) {
        int room = width - t->label_width;
        textview_prose(t, ROLE_NORMAL, T(STORE_DIFF_MIRROR),
                       model_str(x, "mirror"), room);
        textview_prose(t, ROLE_NORMAL, T(STORE_DIFF_SHOP), model_str(x, "shop"),
                       room);
    }
}

static void differences(struct detail *d, struct textview *t, int width) {
    const struct json *report = json_get(detail_object(d), "verify_report");
    const struct json *x = json_first(json_get(report, "list"));
    struct store_row r = {0};
    (void)store_row_read(detail_object(d), &r);
    verify_line(d, t, &r);
    for (; x; x = json_next(x)) {
        one_difference(t, x, width);
    }
    int64_t more = model_int(report, "more", 0);
    if (more > 0) {
        AUTO_BUF struct buf b = BUF_INIT;
        char n[32];
        TF(&b, STORE_DIFF_MORE, "n", progress_count(n, more));
        textview_add(t, ROLE_WARN, NULL, "%s", buf_str(&b));
    }
    if (r.verify_differences) {
        textview_prose(t, ROLE_DIM, NULL, T(STORE_DIFF_CURE), width);
    }
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_DETAILS, overview, NULL, 0},
    {TEXT_TAB_DOCTOR, connection, NULL, 0},
    {TEXT_TAB_STATUSES, statuses, NULL, PART_STATUSES},
    {TEXT_TAB_VERIFY, differences, NULL, 0},
};

static const struct detail_def def = {
    .parts = {{"stores.get"}, {"stores.statuses"}},
    .param = "store",
    .topic = "store",
    .tabs = tabs,
    .n_tabs = 4,
};

static struct view *store_open(struct app *a, const char *arg) {
    return detail_open(a, &view_store_ops, &def, arg);
}

/* The status under the cursor; "": none is. */
static const char *status_here(const struct detail *d) {
    static const char before[] = " status:";
    const char *link = textview_target(&d->text);
    const char *at =
        link && tabs[d->tab].lines == statuses ? strstr(link, before) : NULL;
    return at ? at + sizeof before - 1 : "";
}

static unsigned store_action(struct view *v, enum action_id action) {
    struct detail *d = (struct detail *)v;
    if (action == ACTION_STORE_MAP) {
        store_map(v, d->key, status_here(d));
        return VIEW_DONE;
    }
    unsigned done =
        store_act(v, action, d->key, model_str(detail_object(d), "state"));
    return done ? done : detail_action(v, action);
}

const struct view_ops view_store_ops = {
    .id = VIEW_STORE,
    .title = TEXT_SCREEN_STORE,
    .open = store_open,
    DETAIL_OPS,
    .action = store_action,
};
