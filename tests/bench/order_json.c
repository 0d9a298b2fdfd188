#include "order_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "common/buf.h"
#include "gen_data.h"

enum { FROM = 1700000000, STEP = 77, PRODUCTS = 1000, SURNAMES = 31000 };

static const char AGENT[] =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36";

/* The person behind an order; most come back. */
struct person {
    int64_t n;
    char first[24], last[24], email[72], phone[20];
    unsigned house, post;
};

static void make_person(struct person *p, int64_t n) {
    struct gen g = {(uint64_t)n * 2654435761u};
    p->n = n;
    gen_first_name(p->first, sizeof p->first, gen_zipf(&g, 400));
    gen_surname(p->last, sizeof p->last, gen_zipf(&g, SURNAMES));
    (void)snprintf(p->email, sizeof p->email, "%s%" PRId64 "@%s%s", p->last, n,
                   gen_below(&g, 100) < 45 ? "gmail.com" : p->last,
                   gen_below(&g, 2) ? "" : ".example");
    (void)snprintf(p->phone, sizeof p->phone, "+90555%07u",
                   (unsigned)gen_below(&g, 10000000));
    p->house = (unsigned)gen_below(&g, 300);
    p->post = 34000 + (unsigned)gen_below(&g, 999);
}

static void stamp(char dst[24], int64_t s) {
    struct tm t;
    time_t at = (time_t)s;
    (void)gmtime_r(&at, &t);
    (void)strftime(dst, 24, "%Y-%m-%dT%H:%M:%S", &t);
}

static void address(struct buf *b, const char *name, const struct person *p,
                    const char *email) {
    buf_addf(b,
             "\"%s\":{\"first_name\":\"%s\",\"last_name\":\"%s\","
             "\"company\":\"\",\"address_1\":\"%u Istiklal Cd.\","
             "\"address_2\":\"\",\"city\":\"\\u0130stanbul\",\"state\":"
             "\"TR34\",\"postcode\":\"%u\",\"country\":\"TR\",",
             name, p->first, p->last, p->house, p->post);
    if (email)
        buf_addf(b, "\"email\":\"%s\",", email);
    buf_addf(b, "\"phone\":\"%s\"},", p->phone);
}

static void attribution(struct buf *b, struct gen *g, int64_t id) {
    static const char *const keys[] = {
        "source_type", "referrer",           "utm_source", "session_entry",
        "session_id",  "session_start_time", "user_agent", "device_type"};
    const char *sep = "";
    buf_adds(b, "\"meta_data\":[");
    for (size_t i = 0; gen_below(g, 2) && i < sizeof keys / sizeof *keys; i++) {
        buf_addf(b,
                 "%s{\"id\":%" PRId64 ",\"key\":\"_wc_order_attribution_%s\","
                 "\"value\":\"%s%u\"}",
                 sep, id * 20 + (int64_t)i, keys[i],
                 i == 6 ? AGENT : "https://shop.example/",
                 (unsigned)gen_below(g, 4000));
        sep = ",";
    }
    buf_adds(b, "],");
}

static unsigned line(struct buf *b, struct gen *g, int64_t id,
                     const char *sep) {
    unsigned product = 10 + (unsigned)gen_zipf(g, PRODUCTS);
    unsigned qty = 1 + (unsigned)gen_below(g, 3);
    unsigned cents = 995 + product % 400 * 100;
    char word[24];
    gen_surname(word, sizeof word, product);
    buf_addf(b,
             "%s{\"id\":%" PRId64 ",\"name\":\"%s Tent %u\",\"product_id\":%u,"
             "\"variation_id\":0,\"quantity\":%u,\"tax_class\":\"\","
             "\"subtotal\":\"%u.%02u\",\"subtotal_tax\":\"0.00\","
             "\"total\":\"%u.%02u\",\"total_tax\":\"0.00\",\"taxes\":[],",
             sep, id, word, product, product, qty, cents * qty / 100,
             cents * qty % 100, cents * qty / 100, cents * qty % 100);
    buf_addf(b,
             "\"meta_data\":[{\"id\":%" PRId64 ",\"key\":\"_reduced_stock\","
             "\"value\":\"%u\",\"display_key\":\"_reduced_stock\","
             "\"display_value\":\"%u\"}],\"sku\":\"AO-%05u\","
             "\"global_unique_id\":\"\",\"price\":%u.%02u,"
             "\"image\":{\"id\":\"\",\"src\":\"\"},\"parent_name\":null}",
             id * 9, qty, qty, product, cents / 100, cents % 100);
    return cents * qty;
}

static unsigned lines(struct buf *b, struct gen *g, int64_t id) {
    unsigned sum = 0;
    unsigned n = 1 + (unsigned)gen_below(g, 5);
    buf_adds(b, "\"line_items\":[");
    for (unsigned i = 0; i < n; i++)
        sum += line(b, g, id * 8 + i, i ? "," : "");
    buf_adds(b, "],");
    return sum;
}

static void head(struct buf *b, int64_t id, const char *status,
                 const char *created, const char *modified) {
    buf_addf(b,
             "{\"id\":%" PRId64 ",\"parent_id\":0,\"status\":\"%s\","
             "\"currency\":\"TRY\",\"version\":\"11.0.1\","
             "\"prices_include_tax\":false,\"date_created\":\"%s\","
             "\"date_modified\":\"%s\",\"date_created_gmt\":\"%s\","
             "\"date_modified_gmt\":\"%s\",\"date_completed\":null,"
             "\"date_completed_gmt\":null,\"date_paid\":\"%s\","
             "\"date_paid_gmt\":\"%s\",\"discount_total\":\"0.00\","
             "\"discount_tax\":\"0.00\",\"shipping_total\":\"49.90\","
             "\"shipping_tax\":\"0.00\",\"cart_tax\":\"0.00\","
             "\"total_tax\":\"0.00\",",
             id, status, created, modified, created, modified, created,
             created);
}

static void tail(struct buf *b, int64_t id, const char *key) {
    buf_addf(
        b,
        "\"tax_lines\":[],\"shipping_lines\":[{\"id\":%" PRId64
        ",\"method_title\":\"Flat rate\",\"method_id\":\"flat_rate\","
        "\"instance_id\":\"\",\"total\":\"49.90\",\"total_tax\":\"0.00\","
        "\"taxes\":[],\"tax_status\":\"taxable\",\"meta_data\":[]}],"
        "\"fee_lines\":[],\"coupon_lines\":[],\"refunds\":[],"
        "\"payment_url\":\"https://shop.example/checkout/order-pay/%" PRId64
        "/?pay_for_order=true&key=wc_order_%s\",\"is_editable\":false,"
        "\"needs_payment\":false,\"needs_processing\":true,"
        "\"currency_symbol\":\"\\u20ba\",",
        id * 8 + 7, id, key);
    buf_addf(b,
             "\"_links\":{\"self\":[{\"href\":\"https://shop.example/wp-json/"
             "wc/v3/orders/%" PRId64 "\",\"targetHints\":{\"allow\":[\"GET\","
             "\"POST\",\"PUT\",\"PATCH\",\"DELETE\"]}}],\"collection\":[{"
             "\"href\":\"https://shop.example/wp-json/wc/v3/orders\"}],"
             "\"email_templates\":[{\"embeddable\":true,\"href\":"
             "\"https://shop.example/wp-json/wc/v3/orders/%" PRId64
             "/actions/email_templates\"}]}}",
             id, id);
}

static void order(struct buf *b, int64_t id, int version, int64_t spread) {
    static const char *const statuses[] = {"processing", "completed", "on-hold",
                                           "cancelled"};
    struct gen g = {(uint64_t)id};
    struct person p;
    char created[24], modified[24], key[24];
    int64_t at = FROM + id * STEP;
    stamp(created, at);
    stamp(modified, at + 3600 + version);
    make_person(&p, (int64_t)gen_below(&g, (uint64_t)spread));
    (void)snprintf(key, sizeof key, "%013" PRIx64,
                   gen_next(&g) & 0xfffffffffffff);
    head(b, id, statuses[(id + version) % 4], created, modified);
    buf_addf(b, "\"customer_id\":0,\"order_key\":\"wc_order_%s\",", key);
    address(b, "billing", &p, p.email);
    address(b, "shipping", &p, NULL);
    buf_addf(b,
             "\"payment_method\":\"bacs\",\"payment_method_title\":\"Direct "
             "bank transfer\",\"transaction_id\":\"\",\"customer_ip_address\":"
             "\"203.0.113.%u\",\"customer_user_agent\":\"%s\",\"created_via\":"
             "\"checkout\",\"customer_note\":\"\",\"cart_hash\":\"%s\","
             "\"number\":\"%" PRId64 "\",",
             (unsigned)gen_below(&g, 250), gen_below(&g, 2) ? AGENT : "", key,
             id);
    attribution(b, &g, id);
    unsigned cents = lines(b, &g, id) + 4990;
    buf_addf(b, "\"total\":\"%u.%02u\",", cents / 100, cents % 100);
    tail(b, id, key);
}

void order_json_page(struct buf *b, int64_t first, int n, int version,
                     int64_t spread) {
    buf_addc(b, '[');
    for (int i = 0; i < n; i++) {
        if (i)
            buf_addc(b, ',');
        order(b, first + i, version, spread);
    }
    buf_addc(b, ']');
}
