/* The table of screens, and following a link from one to another. */
#include "tui/views.h"

#include <string.h>

#include "common/check.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/web_address.h"

static const struct view_ops *const all[] = {
    &view_bins_ops,       &view_bin_ops,        &view_new_order_ops,
    &view_dashboard_ops,  &view_orders_ops,     &view_order_ops,
    &view_products_ops,   &view_product_ops,    &view_customers_ops,
    &view_customer_ops,   &view_stores_ops,     &view_store_ops,
    &view_store_form_ops, &view_attention_ops,  &view_changes_ops,
    &view_find_ops,       &view_picking_ops,    &view_work_ops,
    &view_change_ops,     &view_approvals_ops,  &view_approval_ops,
    &view_users_ops,      &view_user_ops,       &view_tenants_ops,
    &view_tenant_ops,     &view_sessions_ops,   &view_tokens_ops,
    &view_audit_ops,      &view_audit_row_ops,  &view_profile_ops,
    &view_help_ops,       &view_paper_ops,      &view_inventory_ops,
    &view_level_ops,      &view_receiving_ops,  &view_counts_ops,
    &view_lots_ops,       &view_scan_ops,       &view_pack_ops,
    &view_shipments_ops,  &view_shipment_ops,   &view_returns_ops,
    &view_return_ops,     &view_receive_ops,    &view_letter_ops,
    &view_mails_ops,      &view_mail_ops,       &view_tickets_ops,
    &view_ticket_ops,     &view_categories_ops, &view_import_ops,
};

/* Those --screen may name. */
static const enum action_view roots[] = {
    VIEW_DASHBOARD, VIEW_WORK,    VIEW_ORDERS,    VIEW_PRODUCTS,
    VIEW_CUSTOMERS, VIEW_STORES,  VIEW_ATTENTION, VIEW_CHANGES,
    VIEW_APPROVALS, VIEW_USERS,   VIEW_TENANTS,   VIEW_SESSIONS,
    VIEW_TOKENS,    VIEW_AUDIT,   VIEW_PROFILE,   VIEW_INVENTORY,
    VIEW_SHIPMENTS, VIEW_RETURNS, VIEW_MAILS,     VIEW_TICKETS};

const struct view_ops *view_of(enum action_view id) {
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i]->id == id) {
            return all[i];
        }
    }
    REQUIRE(false && "a view without a row");
    return NULL;
}

const struct view_ops *view_find(const char *name) {
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (str_eq(action_view_names[roots[i]], name)) {
            return view_of(roots[i]);
        }
    }
    return NULL;
}

void view_param(struct buf *out, const char *name, const char *value) {
    REQUIRE(name != NULL && value != NULL);
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, name, value);
    jsonw_end_object(&w);
}

bool view_event_moves_store(const struct view_event *e) {
    const char *state = json_string(json_get(e->data, "state"));
    return str_eq(e->topic, "sync") ||
           (str_eq(e->topic, "job") && !str_eq(state, "running") &&
            !str_eq(state, "queued"));
}

void view_ask_ref(struct app *a, const char *method, const char *ref,
                  link_cb *cb, void *arg) {
    AUTO_BUF struct buf b = BUF_INIT;
    view_param(&b, "ref", ref);
    int err = link_ask(app_link(a), method, buf_str(&b), cb, arg);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(text_lang(NULL), err));
    }
}

static bool has_mark(const char *ref, const char *mark) {
    const char *colon = strchr(ref, ':');
    return colon && str_starts(colon + 1, mark);
}

/* What a link may name: a page with what it shows, or a list with its filter.
 */
static const struct target {
    const char *word;
    const struct view_ops *page; /* NULL: the list */
    enum action_view list;
} targets[] = {
    {"approval", &view_approval_ops, 0}, {"bin", &view_bin_ops, 0},
    {"change", &view_change_ops, 0},     {"letter", &view_letter_ops, 0},
    {"mail", &view_mail_ops, 0},         {"order", &view_order_ops, 0},
    {"product", &view_product_ops, 0},   {"return", &view_return_ops, 0},
    {"sessions", &view_sessions_ops, 0}, {"shipment", &view_shipment_ops, 0},
    {"store", &view_store_ops, 0},       {"tenant", &view_tenant_ops, 0},
    {"ticket", &view_ticket_ops, 0},     {"tokens", &view_tokens_ops, 0},
    {"user", &view_user_ops, 0},         {"approvals", NULL, VIEW_APPROVALS},
    {"attention", NULL, VIEW_ATTENTION}, {"audit", NULL, VIEW_AUDIT},
    {"changes", NULL, VIEW_CHANGES},     {"inventory", NULL, VIEW_INVENTORY},
    {"orders", NULL, VIEW_ORDERS},       {"products", NULL, VIEW_PRODUCTS},
    {"returns", NULL, VIEW_RETURNS},     {"shipments", NULL, VIEW_SHIPMENTS},
    {"stores", NULL, VIEW_STORES},       {"tickets", NULL, VIEW_TICKETS},
    {"work", NULL, VIEW_WORK},
};

static const struct target *target_of(const char *text, size_t n) {
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        const char *word = targets[i].word;
        if (strlen(word) == n && !memcmp(word, text, n))
            return &targets[i];
    }
    return NULL;
}

void app_open(struct app *a, const char *link) {
    REQUIRE(link != NULL);
    /* The page it stands on may be closed on the way. */
    AUTO_FREE char *target = mem_dup(link);
    size_t n = strcspn(target, " ");
    const char *rest = target[n] ? target + n + 1 : NULL;
    const struct target *t = target_of(target, n);
    if (web_address_ok(target)) {
        app_copy(a, target);
    } else if (has_mark(target, "customer/") || has_mark(target, "guest/")) {
        app_push(a, &view_customer_ops, target);
    } else if (rest && n == 3 && str_starts(target, "why")) {
        AUTO_FREE char *why = mem_printf("%s why", rest);
        app_push(a, &view_order_ops, why);
    } else if (CHECK(t != NULL)) {
        if (t->page)
            app_push(a, t->page, rest);
        else
            app_go(a, t->list, rest ? rest : "");
    }
}
