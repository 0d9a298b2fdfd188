#include "shop_data.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "common/when.h"
#include "fake_daemon.h"

#define NOW_MS (SHOP_DATA_NOW * INT64_C(1000))
enum { MINUTE = 60000, HOUR = 60 * MINUTE };

static const char *const stores[] = {"alpine", "nordic", "alpine"};
static const char *const names[] = {
    "John Smith",
    "Ay\xc5\x9f"
    "e Y\xc4\xb1lmaz",
    "S\xc3\xb8ren M\xc3\xbcller",
    "",
    "\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e",
    "Zo\xc3\xab Kravitz",
    "evil \x1b[31mred\x07",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d"
    "\xf0\x9f\x9a\x80 Astro",
};

static void time_field(struct jsonw *w, const char *key, int64_t ago_ms) {
    jsonw_ktime(w, key, NOW_MS - ago_ms);
}

static void strings(struct jsonw *w, const char *key, const char *one) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    if (one) {
        jsonw_string(w, one);
    }
    jsonw_end_array(w);
}

static void order_fields(struct jsonw *w, const struct shop_data *s, int i) {
    char ref[40], number[24], total[24];
    int id = i < 0 ? 9000 - i : 2000 - i;
    const char *store = i < 0 ? "alpine" : stores[i % 3];
    const char *status = i == s->changed ? "completed"
                         : i % 5 == 3    ? "on-hold"
                                         : "processing";
    (void)snprintf(ref, sizeof ref, "%s:%d", store, id);
    (void)snprintf(number, sizeof number, "%d", id);
    (void)snprintf(total, sizeof total, "%d.%02d", 100 + (id * 37) % 4900,
                   id % 100);
    jsonw_kstring(w, "ref", ref);
    jsonw_kstring(w, "store", store);
    jsonw_ki64(w, "remote_id", id);
    jsonw_kstring(w, "number", number);
    jsonw_kstring(w, "status", i == 0 && s->status ? s->status : status);
    jsonw_kstring(w, "shopstatus", i == 1 ? "pending" : status);
    time_field(w, "date_created", i < 0 ? 0 : (i + 1) * INT64_C(40) * MINUTE);
    time_field(w, "date_modified", 5 * MINUTE);
    jsonw_kstring(w, "currency", i % 3 == 1 ? "EUR" : "TRY");
    jsonw_kstring(w, "total", total);
    jsonw_ki64(w, "customer_id", i % 8 == 3 ? 0 : 12);
    jsonw_kstring(w, "customer_name", i < 0 ? "New One" : names[i % 8]);
    jsonw_kstring(w, "email", "zoe@example.test");
    jsonw_kstring(w, "phone", "+905551989587");
    jsonw_ki64(w, "lines", 1 + id % 4);
    jsonw_kstring(w, "items", id % 2 ? "5" : "2.5");
    jsonw_kbool(w, "note", i == 0);
    strings(w, "tags", NULL);
    strings(w, "holds", i % 5 == 3 ? "address" : NULL);
    strings(w, "flags", i % 7 == 0 ? "late" : NULL);
    jsonw_ki64(w, "age", 1);
    jsonw_key(w, "pending");
    jsonw_begin_array(w);
    if (i == 1 || (i == 0 && s->pending)) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "id", "01");
        jsonw_kstring(w, "path", "status");
        jsonw_kstring(w, "state", i == 1 ? "queued" : s->pending);
        jsonw_kstring(w, "shop", "pending");
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static const char *param(const struct json *p, const char *key) {
    const char *s = json_string(json_get(p, key));
    return s ? s : "";
}

/* Rows start .. n-1 of a list, `limit` at most, with a key to go on. */
static void page(const struct json *p, int start, int n, struct buf *out,
                 void (*row)(struct jsonw *w, const void *arg, int i),
                 const void *arg) {
    struct jsonw w;
    char next[24];
    int64_t limit = 50;
    int i = start;
    int64_t after;
    (void)json_i64(json_get(p, "limit"), false, &limit);
    if (str_to_i64(param(p, "after"), -1000, 10000000, &after) == 0) {
        i = (int)after + 1;
    }
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_key(&w, "items");
    jsonw_begin_array(&w);
    for (; i < n && limit > 0; i++, limit--) {
        jsonw_begin_object(&w);
        row(&w, arg, i);
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    (void)snprintf(next, sizeof next, "%d", i - 1);
    jsonw_kstring(&w, "next", i < n ? next : NULL);
    jsonw_ki64(&w, "total", n - start);
    jsonw_end_object(&w);
}

static void order_row(struct jsonw *w, const void *arg, int i) {
    order_fields(w, arg, i);
}

static void orders_list(const struct json *p, struct buf *out, void *arg) {
    const struct shop_data *s = arg;
    const char *filter = param(p, "filter");
    if (strstr(filter, "nothing")) {
        page(p, 0, 0, out, order_row, s);
    } else if (strstr(filter, "late:yes")) {
        page(p, 0, 9, out, order_row, s);
    } else {
        page(p, -s->inserted, s->orders, out, order_row, s);
    }
}

static void address(struct jsonw *w, const char *key, bool full) {
    static const char *const fields[] = {
        "first_name", "John", "last_name", "Smith",
        "company",    "",     "address_1", "231 \xc4\xb0stiklal Cd.",
        "address_2",  "",     "city",      "\xc4\xb0stanbul",
        "state",      "TR34", "postcode",  "34430",
        "country",    "TR",   "phone",     "+905551989587",
    };
    jsonw_key(w, key);
    jsonw_begin_object(w);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i += 2) {
        jsonw_kstring(w, fields[i], full ? fields[i + 1] : "");
    }
    jsonw_end_object(w);
}

/* The number behind the store's name; 0 when there is none. */
static int id_of(const char *ref) {
    const char *colon = strchr(ref, ':');
    int64_t id = 0;
    if (colon) {
        (void)str_to_i64(colon + 1, 1, 1000000, &id);
    }
    return (int)id;
}

static int index_of(const char *ref) {
    int id = id_of(ref);
    return id > 9000 ? 9000 - id : 2000 - id;
}

static void order_get(const struct json *p, struct buf *out, void *arg) {
    static const char rest[] =
        "\"payment_method_title\":\"Direct bank transfer\","
        "\"transaction_id\":\"\",\"date_paid\":\"2026-11-22T12:12:00Z\","
        "\"date_completed\":null,\"customer_note\":\"leave at door\","
        "\"discount_total\":\"0.00\",\"shipping_total\":\"49.90\","
        "\"total_tax\":\"0.00\",\"refund_total\":\"20.00\",\"created_via\":"
        "\"checkout\",\"line_items\":[{\"id\":1,\"product_id\":151,"
        "\"variation_id\":0,\"sku\":\"AO-00151\",\"name\":\"Harness 151\","
        "\"quantity\":\"1\",\"price\":\"30.44\",\"subtotal\":\"30.44\","
        "\"total\":\"30.44\",\"total_tax\":\"0.00\",\"meta\":[]},{\"id\":2,"
        "\"product_id\":34,\"variation_id\":0,\"sku\":\"AO-00034\",\"name\":"
        "\"\xc3\x87"
        "elik Tent 34\",\"quantity\":\"1\",\"price\":\"183.78\","
        "\"subtotal\":\"183.78\",\"total\":\"183.78\",\"total_tax\":\"0.00\","
        "\"meta\":[{\"key\":\"Colour\",\"value\":\"Red\"}]}],"
        "\"shipping_lines\":[{\"id\":3,\"name\":\"Flat rate\",\"total\":"
        "\"49.90\",\"total_tax\":\"0.00\"}],\"fee_lines\":[],\"coupon_lines\":"
        "[{\"id\":4,\"code\":\"SPRING\",\"discount\":\"10.00\"}],\"refunds\":["
        "{\"id\":5,\"date_created\":\"2026-11-23T09:00:00Z\",\"amount\":"
        "\"20.00\",\"reason\":\"scratched\",\"lines\":[]}],\"notes\":[{\"id\":"
        "88,\"date_created\":\"2026-11-22T12:12:01Z\",\"author\":\"system\","
        "\"note\":\"Payment received.\",\"customer_note\":false}],"
        "\"charges\":[{\"id\":\"C-11\",\"type\":\"handling\",\"amount\":"
        "\"1.50\",\"currency\":\"TRY\",\"note\":\"\",\"author\":\"can\","
        "\"created\":\"2026-11-23T09:00:00Z\",\"billed\":false}],";
    struct jsonw w;
    int i = index_of(param(p, "ref"));
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    order_fields(&w, arg, i);
    address(&w, "billing", true);
    address(&w, "shipping", i % 2 == 0);
    time_field(&w, "checked", 30000);
    jsonw_end_object(&w);
    buf_truncate(out, out->len - 1);
    buf_addf(out, ",%.*s}", (int)sizeof rest - 2, rest);
}

static void product_row(struct jsonw *w, const void *arg, int i) {
    char ref[40], sku[24], name[64], stock[16];
    const struct shop_data *s = arg;
    (void)snprintf(ref, sizeof ref, "%s:%d", stores[i % 3], 34 + i);
    (void)snprintf(sku, sizeof sku, "AO-%05d", 34 + i);
    (void)snprintf(name, sizeof name,
                   "\xc3\x87"
                   "elik Tent %d",
                   34 + i);
    (void)snprintf(stock, sizeof stock, "%d", i * 3);
    jsonw_kstring(w, "ref", ref);
    jsonw_kstring(w, "store", stores[i % 3]);
    jsonw_ki64(w, "remote_id", 34 + i);
    jsonw_ki64(w, "parent_id", 0);
    jsonw_kstring(w, "type", i % 4 == 2 ? "variable" : "simple");
    jsonw_kstring(w, "status", i == 5 ? "draft" : "publish");
    jsonw_kstring(w, "sku", sku);
    jsonw_kstring(w, "name", name);
    jsonw_kstring(w, "price", "183.78");
    jsonw_kstring(w, "regular_price", "199.00");
    jsonw_kstring(w, "sale_price", i == 1 ? "183.78" : "");
    jsonw_kstring(w, "currency", "TRY");
    jsonw_kbool(w, "manage_stock", i != 4);
    jsonw_kstring(w, "stock_quantity", i == 4 ? NULL : stock);
    jsonw_kstring(w, "stock_status", i == 0 ? "outofstock" : "instock");
    jsonw_kbool(w, "low_stock", i < 2);
    jsonw_kstring(w, "low_stock_amount", "5");
    strings(w, "categories", "Tents");
    jsonw_ki64(w, "variations", i % 4 == 2 ? 3 : 0);
    time_field(w, "date_modified", HOUR);
    jsonw_key(w, "pending");
    jsonw_begin_array(w);
    if (i == 0 && s->pending) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "id", "01");
        jsonw_kstring(w, "path", "stock");
        jsonw_kstring(w, "state", s->pending);
        jsonw_kstring(w, "shop", "0");
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void products_list(const struct json *p, struct buf *out, void *arg) {
    page(p, 0, strstr(param(p, "filter"), "low:yes") ? 2 : 30, out, product_row,
         arg);
}

static void product_get(const struct json *p, struct buf *out, void *arg) {
    static const char rest[] =
        "\"parent\":null,\"slug\":\"tent\",\"permalink\":"
        "\"https://shop.example/tent/\",\"description\":\"For real weather.\","
        "\"short_description\":\"\",\"weight\":\"1.25\",\"dimensions\":{"
        "\"length\":\"\",\"width\":\"\",\"height\":\"\"},\"backorders\":"
        "\"no\",\"total_sales\":57,\"attributes\":[{\"name\":\"Size\","
        "\"options\":[\"S\",\"M\"]}],\"images\":[],\"variation_list\":[]}";
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    product_row(&w, arg, id_of(param(p, "ref")) - 34);
    time_field(&w, "checked", 30000);
    jsonw_end_object(&w);
    buf_truncate(out, out->len - 1);
    buf_addf(out, ",%s", rest);
}

static void customer_row(struct jsonw *w, const void *arg, int i) {
    char ref[40];
    (void)arg;
    (void)snprintf(ref, sizeof ref, "%s:customer/%d", stores[i % 3], 12 + i);
    jsonw_kstring(w, "ref", i % 4 == 3 ? "alpine:guest/zoe@example.test" : ref);
    jsonw_kstring(w, "store", stores[i % 3]);
    jsonw_ki64(w, "remote_id", i % 4 == 3 ? 0 : 12 + i);
    jsonw_kstring(w, "kind", i % 4 == 3 ? "guest" : "registered");
    jsonw_kstring(w, "name", names[i % 8]);
    jsonw_kstring(w, "email", "zoe@example.test");
    jsonw_kstring(w, "phone", "");
    jsonw_kstring(w, "city", "Oslo");
    jsonw_kstring(w, "country", "NO");
    jsonw_ki64(w, "orders", 4 + i);
    jsonw_key(w, "spent");
    jsonw_begin_object(w);
    jsonw_kstring(w, "EUR", "1233.60");
    jsonw_end_object(w);
    time_field(w, "last_order", (i + 1) * INT64_C(26) * HOUR);
}

static void customers_list(const struct json *p, struct buf *out, void *arg) {
    page(p, 0, 8, out, customer_row, arg);
}

static void customer_get(const struct json *p, struct buf *out, void *arg) {
    struct jsonw w;
    (void)p;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    customer_row(&w, arg, 2);
    address(&w, "billing", true);
    address(&w, "shipping", false);
    jsonw_key(&w, "average");
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "EUR", "58.40");
    jsonw_end_object(&w);
    jsonw_key(&w, "recent");
    jsonw_begin_array(&w);
    for (int i = 0; i < 3; i++) {
        jsonw_begin_object(&w);
        order_fields(&w, arg, i);
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    time_field(&w, "checked", 30000);
    jsonw_end_object(&w);
}

/* Well, disabled, and none at all. */
static void hooks(struct jsonw *w, int i) {
    jsonw_key(w, "hooks");
    jsonw_begin_object(w);
    jsonw_kstring(w, "mode", i == 2 ? "poll" : "webhooks");
    jsonw_kstring(w, "reason",
                  i == 1 ? "The shop has disabled 2 webhooks."
                  : i == 2
                      ? "The key may only read, so no webhooks can be made."
                      : NULL);
    jsonw_kstring(w, "cure", i == 1 ? "Fulexo enables them again." : NULL);
    jsonw_ki64(w, "active", i == 2 ? 0 : 6);
    jsonw_ki64(w, "disabled", i == 1 ? 2 : 0);
    if (i == 2) {
        jsonw_kstring(w, "last_delivery", NULL);
    } else {
        time_field(w, "last_delivery", 4 * MINUTE);
    }
    jsonw_ki64(w, "lag", 420);
    jsonw_kstring(w, "disabled_since", NULL);
    jsonw_kstring(w, "copied_source", NULL);
    jsonw_kstring(w, "copied_at", NULL);
    jsonw_key(w, "topics");
    jsonw_begin_array(w);
    if (i == 0) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "topic", "order.updated");
        jsonw_kstring(w, "status", "active");
        jsonw_ki64(w, "deliveries", 1234);
        time_field(w, "last_delivery", 4 * MINUTE);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_end_object(w);
}

static void store_row(struct jsonw *w, const void *arg, int i) {
    static const char *const all[] = {"alpine", "nordic", "peak"};
    const struct shop_data *s = arg;
    bool sync = i == 1 && s->syncing;
    bool bad = i == 2;
    jsonw_kstring(w, "name", all[i]);
    jsonw_kstring(w, "title", all[i]);
    jsonw_kstring(w, "url", "https://shop.example");
    jsonw_kstring(w, "state", bad ? "blocked" : sync ? "syncing" : "connected");
    jsonw_kstring(w, "reason",
                  bad ? "403 from a firewall page (Wordfence) since 12:54."
                      : NULL);
    jsonw_kstring(w, "cure",
                  bad ? "Ask the owner to allow the User-Agent \"Fulexo/1.0\" "
                        "and this address. Nothing is lost; 7 changes wait."
                      : NULL);
    jsonw_kbool(w, "can_write", true);
    jsonw_kstring(w, "storage", "hpos");
    jsonw_kstring(w, "wc_version", "11.0.1");
    jsonw_kstring(w, "auth", "basic");
    time_field(w, "fresh", bad ? 72 * MINUTE : i == 1 ? 3 * MINUTE : 20000);
    jsonw_key(w, "counts");
    jsonw_begin_object(w);
    jsonw_ki64(w, "orders", 18402 / (i + 1));
    jsonw_ki64(w, "products", 1204);
    jsonw_ki64(w, "customers", 5210);
    jsonw_end_object(w);
    jsonw_ki64(w, "queue", bad ? 7 : 0);
    jsonw_kbool(w, "held", s->held);
    jsonw_ki64(w, "attention", i == 0 ? 3 : 0);
    jsonw_ki64(w, "rate", bad ? 0 : 4);
    jsonw_ki64(w, "interval", 300);
    time_field(w, "next_run", -5 * MINUTE);
    jsonw_key(w, "verify");
    jsonw_begin_object(w);
    time_field(w, "at", 8 * HOUR);
    jsonw_ki64(w, "rows", 24816);
    jsonw_ki64(w, "differences", i == 1 ? 2 : 0);
    jsonw_end_object(w);
    hooks(w, i);
    jsonw_key(w, "progress");
    if (sync) {
        static const char text[] = "{\"collection\":\"orders\",\"done\":884,"
                                   "\"total\":2113,\"rate\":188,\"eta_s\":6}";
        jsonw_raw(w, text, sizeof text - 1);
    } else {
        jsonw_null(w);
    }
}

static void stores_list(const struct json *p, struct buf *out, void *arg) {
    page(p, 0, 3, out, store_row, arg);
}

static void store_get(const struct json *p, struct buf *out, void *arg) {
    static const char rest[] =
        "\"sweeps\":[{\"kind\":\"open\",\"last\":\"2026-11-23T14:00:00Z\","
        "\"next\":null,\"period\":300}],\"budget\":{\"per_hour\":600,"
        "\"used\":112,\"poll\":300},"
        "\"collections\":[{\"collection\":\"orders\",\"rows\":18402,\"fresh\":"
        "\"2026-11-23T14:01:40Z\",\"lag_s\":20}],\"hops\":[{\"hop\":\"tls\","
        "\"state\":\"ok\",\"detail\":\"TLS 1.3, certificate trusted.\","
        "\"cure\":null,\"ms\":31},{\"hop\":\"wordpress\",\"state\":\"failed\","
        "\"detail\":\"403 from a firewall page.\",\"cure\":\"Ask the owner to "
        "allow Fulexo.\",\"ms\":61}],\"zone\":\"Europe/Istanbul\",\"currency\":"
        "\"TRY\",\"tenant\":\"main\",\"allow_http\":false,\"key\":\"ck_..."
        "9f31c2a\",\"has_ca\":"
        "false,\"created\":\"2026-10-01T08:00:00Z\",\"verify_report\":{"
        "\"rows\":{\"orders\":18402},\"differences\":2,\"list\":[{\"ref\":"
        "\"nordic:701\",\"collection\":\"orders\",\"what\":\"differs\","
        "\"path\":\"billing.phone\",\"mirror\":\"+905551989587\",\"shop\":"
        "\"+905551989588\"},{\"ref\":\"nordic:34\",\"collection\":"
        "\"products\",\"what\":\"missing\",\"path\":null,\"mirror\":null,"
        "\"shop\":null}],\"more\":7}}";
    const char *name = param(p, "store");
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    store_row(&w, arg, *name == 'a' ? 0 : *name == 'n' ? 1 : 2);
    jsonw_end_object(&w);
    buf_truncate(out, out->len - 1);
    buf_addf(out, ",%s", rest);
}

static void dashboard(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "dashboard.get",
        "{\"day\":\"2026-11-23\",\"today\":{\"orders\":312,\"completed\":187,"
        "\"cancelled\":4,\"packed\":31,\"shipped\":28},\"todo\":148,\"held\":"
        "12,\"late\":9,\"statuses\":{"
        "\"processing\":148},\"by_status\":[{\"status\":\"processing\","
        "\"open\":"
        "true,\"orders\":148,\"today\":96,\"late\":9},{\"status\":\"on-hold\","
        "\"open\":true,\"orders\":12,\"today\":4,\"late\":0},{\"status\":"
        "\"completed\",\"open\":false,\"orders\":20000,\"today\":187,"
        "\"late\":0}],\"in_hand\":{\"picking\":12,\"picked\":4,\"packing\":3,"
        "\"packed\":3},\"packed\":[0,0,0,0,0,0,0,0,2,6,8,9,6,0],\"shipped\":"
        "[0,0,0,0,0,0,0,0,0,5,7,12,2,2],\"revenue\":{\"TRY\":\"148220.40\","
        "\"EUR\":"
        "\"9312.00\"},\"hours\":[0,0,0,0,0,0,1,2,4,9,10,12,7,3],\"low_stock\":"
        "11,\"low_stock_list\":[{\"ref\":\"alpine:34\",\"sku\":\"AO-00034\","
        "\"name\":\"Celik Tent 34\",\"stock_quantity\":\"2\"}],\"waiting\":{"
        "\"attention\":3,\"conflicts\":1,\"approvals\":2,\"refused\":0,"
        "\"unknown\":1,\"drift\":0,\"returns\":4,\"requested\":2,\"tickets\":3,"
        "\"open_tickets\":5,\"urgent\":1},\"stores\":[{\"name\":\"alpine\","
        "\"state\":\"connected\",\"fresh\":\"2026-11-23T14:01:41Z\"},{"
        "\"name\":\"peak\",\"state\":\"blocked\",\"fresh\":"
        "\"2026-11-23T12:50:00Z\"}],\"recent\":[]}");
}

static void small_answers(struct fake_daemon *d) {
    dashboard(d);
    fake_daemon_answer(d, "orders.counts",
                       "{\"total\":21355,\"todo\":148,\"held\":12,\"late\":9,"
                       "\"statuses\":{\"failed\":235}}");
    fake_daemon_answer(
        d, "orders.timeline",
        "{\"items\":[{\"at\":\"2026-11-22T12:12:00Z\",\"what\":\"paid\","
        "\"who\":null,\"text\":\"Paid by Direct bank transfer.\"}],\"next\":"
        "null}");
    fake_daemon_answer(d, "orders.raw",
                       "{\"ref\":\"alpine:2000\",\"checked\":"
                       "\"2026-11-23T11:05:41Z\",\"object\":{\"id\":2000,"
                       "\"status\":\"processing\",\"billing\":{\"city\":"
                       "\"Oslo\"},\"line_items\":[{\"id\":1}]}}");
    fake_daemon_answer(d, "orders.refresh",
                       "{\"ref\":\"alpine:2000\",\"changed\":true,\"status\":"
                       "\"completed\",\"checked\":\"2026-11-23T14:02:00Z\"}");
    fake_daemon_answer(
        d, "query.keys",
        "{\"keys\":[{\"name\":\"status\",\"type\":\"word\",\"choices\":["
        "\"processing\",\"on-hold\",\"completed\"],\"help\":\"status\"},"
        "{\"name\":\"store\",\"type\":\"word\",\"choices\":[\"alpine\","
        "\"nordic\",\"peak\"],\"help\":\"store\"}]}");
    fake_daemon_answer(
        d, "attention.list",
        "{\"items\":[{\"id\":3,\"store\":\"alpine\",\"collection\":\"orders\","
        "\"remote_id\":4098,\"what\":\"decode\",\"detail\":"
        "\"line_items[2].quantity: not a number.\",\"cure\":\"Correct the "
        "order in the shop, then try again.\",\"since\":"
        "\"2026-11-23T10:40:00Z\",\"tries\":2,\"raw\":\"{}\"}],\"next\":null,"
        "\"total\":1}");
    fake_daemon_answer(
        d, "inventory.drift",
        "{\"items\":[{\"ref\":\"alpine:34\",\"store\":\"alpine\","
        "\"remote_id\":34,\"sku\":\"AO-00034\",\"name\":\"Celik Tent 34\","
        "\"shop\":\"9\",\"expected\":\"7\",\"drift\":\"2\",\"since\":"
        "\"2026-11-23T11:02:00Z\",\"agreed\":\"10\",\"agreed_at\":"
        "\"2026-11-20T09:00:00Z\",\"sent\":\"-2\",\"taken\":\"1\"}],"
        "\"next\":null}");
}

void shop_data_serve(struct fake_daemon *d, struct shop_data *s) {
    fake_daemon_handle(d, "orders.list", orders_list, s);
    fake_daemon_answer(d, "search.find", "{\"items\":[],\"next\":null}");
    fake_daemon_handle(d, "orders.get", order_get, s);
    fake_daemon_handle(d, "products.list", products_list, s);
    fake_daemon_handle(d, "products.get", product_get, s);
    fake_daemon_handle(d, "customers.list", customers_list, s);
    fake_daemon_handle(d, "customers.get", customer_get, s);
    fake_daemon_handle(d, "stores.list", stores_list, s);
    fake_daemon_handle(d, "stores.get", store_get, s);
    small_answers(d);
    shop_changes_serve(d);
    shop_returns_serve(d);
    shop_approvals_serve(d);
    shop_work_serve(d);
    shop_stock_serve(d);
    shop_tickets_serve(d);
}
