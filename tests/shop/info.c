#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/zone.h"
#include "tests/shop/fields.h"
#include "tests/shop/order.h"
#include "tests/shop/route.h"
#include "tests/shop/shop.h"

static struct node *words(struct arena *a, const char *list) {
    struct node *v = node_array(a);
    while (*list) {
        size_t n = strcspn(list, ",");
        node_add(v, node_str(a, arena_dupn(a, list, n)));
        list += n + (list[n] == ',');
    }
    return v;
}

static void reply_tree(struct exchange *x, const struct node *v) {
    AUTO_BUF struct buf text = BUF_INIT;
    node_print(&text, v);
    reply_object(x, 200, text.data, text.len);
}

void info_root(struct exchange *x) {
    struct arena *a = x->a;
    char text[640];
    const char *home = shop_home(x->shop);
    int32_t off = zone_offset(x->s->zone, store_now(x->s) * 1000);
    struct node *v = node_object(a), *auth = node_object(a),
                *pass = node_object(a), *ends = node_object(a);
    const char *zone = x->shop->o.zone ? x->shop->o.zone : "Europe/Istanbul";
    node_puts(a, v, "name", "Alpine Outfitters");
    node_puts(a, v, "description", "");
    node_puts(a, v, "url", home);
    node_puts(a, v, "home", home);
    (void)snprintf(text, sizeof text, "%g", (double)off / 3600.0);
    node_put(a, v, "gmt_offset", node_number(a, text));
    node_puts(a, v, "timezone_string", strchr(zone, '/') ? zone : "");
    node_put(a, v, "namespaces",
             words(a, "oembed/1.0,wc/v3,wc/v1,wc/v2,wc-admin,wc-analytics,"
                      "wc/store,wc/store/v1,wc/private,wp/v2"));
    (void)snprintf(text, sizeof text, "%s/wp-admin/authorize-application.php",
                   home);
    node_puts(a, ends, "authorization", text);
    node_put(a, pass, "endpoints", ends);
    node_put(a, auth, "application-passwords", pass);
    node_put(a, v, "authentication", auth);
    node_put(a, v, "routes", node_object(a));
    reply_tree(x, v);
    exchange_header(x, "Vary", "Origin");
}

void info_namespace(struct exchange *x) {
    struct node *v = node_object(x->a), *all = node_object(x->a);
    node_puts(x->a, v, "namespace", "wc/v3");
    route_describe(x->a, all);
    node_put(x->a, v, "routes", all);
    reply_tree(x, v);
    exchange_header(x, "Vary", "Origin");
}

static struct node *environment(struct exchange *x) {
    struct arena *a = x->a;
    struct node *v = node_object(a);
    const char *home = shop_home(x->shop);
    node_puts(a, v, "home_url", home);
    node_puts(a, v, "site_url", home);
    node_puts(a, v, "version", "11.0.1");
    node_puts(a, v, "wp_version", "6.9.1");
    node_puts(a, v, "server_info", "nginx/1.22.1");
    node_puts(a, v, "php_version", "8.2.36");
    node_puti(a, v, "php_post_max_size", 8388608);
    node_puti(a, v, "php_max_execution_time", 30);
    node_puti(a, v, "max_upload_size", 2097152);
    node_puts(a, v, "default_timezone", "UTC");
    node_putb(a, v, "wp_cron", false);
    node_putb(a, v, "wp_multisite", false);
    node_puts(a, v, "wp_environment_type", "local");
    return v;
}

static struct node *same(struct arena *a, const char *list) {
    struct node *names = words(a, list), *v = node_object(a);
    for (struct node *n = names->child; n; n = n->next)
        node_puts(a, v, n->text, n->text);
    return v;
}

static struct node *features(struct exchange *x) {
    struct node *v = words(
        x->a, "analytics,marketplace,order_attribution,site_visibility_badge,"
              "remote_logging,email_improvements,blueprint,point_of_sale,"
              "push_notifications,product_instance_caching");
    if (x->shop->o.fulfillments)
        node_add(v, node_str(x->a, "fulfillments"));
    if (x->s->hpos)
        node_add(v, node_str(x->a, "custom_order_tables"));
    return v;
}

static struct node *settings(struct exchange *x) {
    struct arena *a = x->a;
    struct node *v = node_object(a);
    node_putb(a, v, "api_enabled", false);
    node_putb(a, v, "force_ssl", false);
    node_puts(a, v, "currency", "USD");
    node_puts(a, v, "currency_symbol", "&#36;");
    node_puts(a, v, "currency_position", "left");
    node_puts(a, v, "thousand_separator", ",");
    node_puts(a, v, "decimal_separator", ".");
    node_puti(a, v, "number_of_decimals", 2);
    node_putb(a, v, "geolocation_enabled", false);
    node_put(a, v, "taxonomies", same(a, "external,grouped,simple,variable"));
    node_put(a, v, "product_visibility_terms",
             same(a, "exclude-from-catalog,exclude-from-search,featured,"
                     "outofstock,rated-1,rated-2,rated-3,rated-4,rated-5"));
    node_puts(a, v, "woocommerce_com_connected", "no");
    node_putb(a, v, "enforce_approved_download_dirs", true);
    node_puts(a, v, "order_datastore",
              x->s->hpos ? "Automattic\\WooCommerce\\Internal\\DataStores\\"
                           "Orders\\OrdersTableDataStore"
                         : "WC_Order_Data_Store_CPT");
    node_putb(a, v, "HPOS_enabled", x->s->hpos);
    node_putb(a, v, "HPOS_sync_enabled", false);
    node_put(a, v, "enabled_features", features(x));
    return v;
}

void info_system_status(struct exchange *x) {
    struct arena *a = x->a;
    struct node *v = node_object(a), *list = node_array(a),
                *plugin = node_object(a);
    node_put(a, v, "environment", environment(x));
    node_put(a, v, "settings", settings(x));
    node_puts(a, plugin, "plugin", "woocommerce/woocommerce.php");
    node_puts(a, plugin, "name", "WooCommerce");
    node_puts(a, plugin, "version", "11.0.1");
    node_add(list, plugin);
    node_put(a, v, "active_plugins", list);
    AUTO_BUF struct buf text = BUF_INIT;
    node_print(&text, v);
    const char *wanted = exchange_param(x, "_fields");
    x->status = 200;
    x->type = "application/json; charset=UTF-8";
    if (wanted)
        fields_pick(&x->out, text.data, text.len, wanted, false);
    else
        buf_add(&x->out, text.data, text.len);
}

static void setting(struct arena *a, struct node *list, const char *id,
                    const char *value, const char *type) {
    struct node *v = node_object(a);
    node_puts(a, v, "id", id);
    node_puts(a, v, "value", value);
    node_puts(a, v, "type", type);
    node_add(list, v);
}

void info_settings_general(struct exchange *x) {
    struct arena *a = x->a;
    struct node *v = node_array(a);
    setting(a, v, "woocommerce_default_country", "US:CA", "select");
    setting(a, v, "woocommerce_calc_taxes", "no", "checkbox");
    setting(a, v, "woocommerce_currency", "USD", "select");
    setting(a, v, "woocommerce_price_num_decimals", "2", "number");
    reply_node(x, 200, v);
}

void info_currency(struct exchange *x) {
    char url[512];
    struct arena *a = x->a;
    struct node *v = node_object(a), *links = node_object(a);
    node_puts(a, v, "code", "USD");
    node_puts(a, v, "name", "United States (US) dollar");
    node_puts(a, v, "symbol", "&#36;");
    const char *const names[] = {"self", "collection"};
    for (int i = 0; i < 2; i++) {
        struct node *list = node_array(a), *one = node_object(a);
        (void)snprintf(url, sizeof url, "%s/wp-json/wc/v3/data/currencies%s",
                       x->s->home, i ? "" : "/USD");
        node_puts(a, one, "href", url);
        if (i == 0) {
            struct node *hints = node_object(a);
            node_put(a, hints, "allow", words(a, "GET"));
            node_put(a, one, "targetHints", hints);
        }
        node_add(list, one);
        node_put(a, links, names[i], list);
    }
    node_put(a, v, "_links", links);
    reply_node(x, 200, v);
}

void info_statuses(struct exchange *x) {
    struct node *v = node_array(x->a);
    for (const struct order_status *st = ORDER_STATUSES; st->slug; st++) {
        struct node *one = node_object(x->a);
        node_puts(x->a, one, "slug", st->slug);
        node_puts(x->a, one, "name", st->name);
        node_add(v, one);
    }
    reply_node(x, 200, v);
}

void info_order_totals(struct exchange *x) {
    struct node *v = node_array(x->a);
    const struct table *t = &x->s->t[K_ORDER];
    for (const struct order_status *st = ORDER_STATUSES; st->slug; st++) {
        struct node *one = node_object(x->a);
        int64_t n = 0;
        for (size_t i = 0; i < t->n; i++)
            n += strcmp(t->v[i]->status, st->slug) == 0;
        node_puts(x->a, one, "slug", st->slug);
        node_puts(x->a, one, "name", st->name);
        node_puti(x->a, one, "total", n);
        node_add(v, one);
    }
    reply_node(x, 200, v);
}

void info_gateways(struct exchange *x) {
    static const char *const all[][2] = {{"bacs", "Direct bank transfer"},
                                         {"cheque", "Check payments"},
                                         {"cod", "Cash on delivery"}};
    struct node *v = node_array(x->a);
    for (size_t i = 0; i < 3; i++) {
        struct node *one = node_object(x->a);
        node_puts(x->a, one, "id", all[i][0]);
        node_puts(x->a, one, "title", all[i][1]);
        node_putb(x->a, one, "enabled", false);
        node_put(x->a, one, "method_supports", words(x->a, "products"));
        node_add(v, one);
    }
    reply_node(x, 200, v);
    exchange_header(x, "X-WP-Total", "3");
    exchange_header(x, "X-WP-TotalPages", "1");
}
