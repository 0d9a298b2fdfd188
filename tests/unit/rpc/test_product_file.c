/* Products as a file: what is given away can be taken, every row is looked at,
 * one approval lets all of it out; nothing a spreadsheet runs. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/product.h"
#include "rpc/rpc.h"
#include "shop/page.h"

enum { CAN = 54401, AYSE, ZOE };

#define PRODUCT(ID, SKU, NAME)                                                 \
    "{\"id\":" ID                                                              \
    ",\"type\":\"simple\",\"status\":\"publish\",\"name\":\"" NAME             \
    "\",\"sku\":\"" SKU                                                        \
    "\",\"price\":\"50\",\"regular_price\":\"50\",\"sale_price\":\"\","        \
    "\"manage_stock\":true,\"stock_quantity\":17,\"stock_status\":"            \
    "\"instock\",\"parent_id\":0,\"categories\":[],\"weight\":\"1.5\","        \
    "\"dimensions\":{\"length\":\"10\",\"width\":\"\",\"height\":\"\"},"       \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","                            \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"meta_data\":[]}"

static int apply(struct db_tx *tx, void *arg) {
    struct page_options o = {.kind = MIRROR_PRODUCT, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    const char *json = arg;
    assert_int_equal(page_prepare(&o, json, strlen(json), &p, &e), 0);
    int rc = product_apply(tx, &read, p->products, p->n, &st);
    page_free(p);
    return rc;
}

static int may_write(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE store SET can_write = 1");
}

static struct kept *kept;

static int setup(void **state) {
    static char tent[] = PRODUCT("34", "S", "Tent\",\"global_unique_id\":\"");
    static char evil[] = PRODUCT("35", "=cmd()",
                                 "Rope, \\\"long\\\"\",\"global_unique_id\":"
                                 "\"0-36000-29145-2");
    int rc = fx_setup(state);
    struct fx *f = *state;
    kept = kept_new();
    kept_use(kept);
    fx_job(f, may_write, NULL);
    fx_job(f, apply, tent);
    fx_job(f, apply, evil);
    fx_person(f, "can", "admin", CAN, 0);
    fx_person(f, "ayse", "staff", AYSE, 0);
    fx_person(f, "zoe", "owner", ZOE, 1);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

/* The job's answer: how it ended in jobs.get. */
static const struct json *job(struct fx *f, struct fx_client *c,
                              const char *csv, const char *more) {
    char params[1500], id[64];
    (void)snprintf(params, sizeof params,
                   "{\"store\":\"alpine\",\"csv\":\"%s\"%s}", csv, more);
    const struct json *r = fx_ok(c, "products.import", params);
    (void)snprintf(id, sizeof id, "{\"id\":\"%s\"}", fx_text(r, "job"));
    for (int i = 0; i < 20; i++)
        fx_turn(f);
    return fx_ok(c, "jobs.get", id);
}

static const struct json *import(struct fx *f, struct fx_client *c,
                                 const char *csv, const char *more) {
    const struct json *r = job(f, c, csv, more);
    assert_string_equal(fx_text(r, "state"), "done");
    return json_get(r, "result");
}

#define APPLY ",\"apply\":true"

static int64_t changes(struct fx_client *c) {
    return (int64_t)json_count(
        json_get(fx_ok(c, "changes.list", "{}"), "items"));
}

static void what_is_given_away_asks_for_nothing(void **state) {
    struct fx_client c;
    char csv[1000];
    size_t n = 0;
    fx_connect_as(*state, &c, CAN);
    const char *all =
        fx_text(fx_ok(&c, "products.export", "{\"store\":\"alpine\"}"), "csv");
    assert_string_equal(
        all,
        "ref,sku,name,status,regular_price,sale_price,weight,length,"
        "width,height,manage_stock,categories,gtin\r\n"
        "alpine:35,\"'=cmd()\",\"Rope, \"\"long\"\"\",publish,50,,1.5,10,,,"
        "yes,,\"'036000291452\"\r\n"
        "alpine:34,S,Tent,publish,50,,1.5,10,,,yes,,\r\n");
    for (; *all; all++) { /* as JSON text */
        const char *esc = *all == '\r'   ? "\\r"
                          : *all == '\n' ? "\\n"
                          : *all == '"'  ? "\\\""
                                         : NULL;
        n += (size_t)snprintf(csv + n, sizeof csv - n, esc ? "%s" : "%.1s",
                              esc ? esc : all);
    }
    const struct json *r = import(*state, &c, csv, APPLY);
    assert_int_equal(fx_number(r, "same"), 2);
    assert_int_equal(fx_number(r, "faults"), 0);
    assert_int_equal(fx_number(r, "changes"), 0);
    fx_close(&c);
}

static void each_row_is_looked_at(void **state) {
    static const char csv[] = "sku,regular_price,status,weight\\n"
                              "S,12.50,draft,2\\n"
                              "none,1,draft,1\\n"
                              "'=cmd(),\\\"12,50\\\",draft,1\\n"
                              "S,1,draft\\n"
                              "S,1,shiny,1\\n";
    static const char *const said[][2] = {
        {"3", "the store has no such SKU"},
        {"4", "regular_price: a number like 12.50"},
        {"5", "it has 3 cells, the first row has 4"},
        {"6", "status: publish, draft"}};
    struct fx_client c;
    fx_connect_as(*state, &c, CAN);
    const struct json *r = import(*state, &c, csv, APPLY);
    assert_int_equal(fx_number(r, "rows"), 5);
    assert_int_equal(fx_number(r, "changes"), 1);
    assert_int_equal(fx_number(r, "faults"), 4);
    assert_string_equal(fx_text(r, "state"), "preview");
    const struct json *row = json_first(json_get(r, "list"));
    for (size_t i = 0; i < 4; i++, row = json_next(row)) {
        assert_int_equal(fx_number(row, "line"), said[i][0][0] - '0');
        if (!strstr(fx_text(row, "text"), said[i][1]))
            fail_msg("%s: %s", said[i][1], fx_text(row, "text"));
    }
    r = import(*state, &c, "ref,weight\\nalpine:34,2\\nalpine:34,3\\n", APPLY);
    assert_int_equal(fx_number(r, "faults"), 1);
    assert_int_equal(changes(&c), 0);
    fx_close(&c);
}

static void an_unknown_column_is_named(void **state) {
    static const char *const bad[][2] = {
        {"ref,colour\\nalpine:34,red\\n", "no column \"colour\""},
        {"ref,name,name\\nalpine:34,a,b\\n", "name is there twice"},
        {"name,weight\\nx,1\\n", "must name the columns"},
        {"ref\\nalpine:34\\n", "must name the columns"}};
    struct fx_client c;
    fx_connect_as(*state, &c, CAN);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct json *r = job(*state, &c, bad[i][0], APPLY);
        assert_string_equal(fx_text(r, "state"), "failed");
        if (!strstr(fx_text(r, "error.message"), bad[i][1]))
            fail_msg("%s: %s", bad[i][1], fx_text(r, "error.message"));
    }
    fx_close(&c);
}

static void a_file_is_one_approval(void **state) {
    static const char csv[] = "ref,sku,name,sale_price\\n"
                              "alpine:34,S-2,Tent 2,45\\n"
                              "alpine:35,ROPE,Rope,\\n";
    struct fx_client can, zoe;
    fx_connect_as(*state, &can, CAN);
    fx_connect_as(*state, &zoe, ZOE);
    const struct json *r = import(*state, &zoe, csv, APPLY);
    assert_string_equal(fx_text(r, "state"), "pending");
    assert_int_equal(fx_number(r, "changes"), 2);
    assert_int_equal(changes(&can), 0);
    assert_string_equal(
        fx_code(fx_ask(&zoe, "approvals.approve", "{\"id\":\"A-1\"}")),
        "denied");
    (void)fx_ok(&can, "approvals.approve", "{\"id\":\"A-1\"}");
    for (int i = 0; i < 20; i++)
        fx_turn(*state);
    assert_int_equal(changes(&can), 2);
    r = fx_ok(&can, "products.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "sku"), "S-2");
    assert_string_equal(fx_text(r, "name"), "Tent 2");
    assert_string_equal(fx_text(r, "sale_price"), "45.00");
    fx_close(&can);
    fx_close(&zoe);
}

static void staff_move_prices_within_their_limit(void **state) {
    struct fx *f = *state;
    struct fx_client ayse;
    fx_connect_as(f, &ayse, AYSE);
    rpc_set_limits(f->rpc, 0, 10, 0);
    const struct json *r =
        import(f, &ayse, "sku,regular_price\\nS,40\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "pending");
    r = import(f, &ayse, "sku,regular_price\\nS,\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "pending"); /* taken away */
    r = import(f, &ayse, "sku,regular_price\\nS,45\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "approved");
    fx_close(&ayse);
}

static void a_product_goes_to_the_trash(void **state) {
    struct fx_client can, zoe;
    fx_connect_as(*state, &can, CAN);
    fx_connect_as(*state, &zoe, ZOE);
    assert_string_equal(
        fx_code(fx_ask(&zoe, "products.trash", "{\"ref\":\"alpine:34\"}")),
        "denied");
    assert_string_equal(
        fx_text(fx_ok(&can, "products.trash", "{\"ref\":\"alpine:34\"}"),
                "state"),
        "queued");
    fx_close(&can);
    fx_close(&zoe);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* --- new ones and categories ------------------------------------------------
 */

static int more_categories(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "INSERT INTO category (store_id, remote_id, parent_id, name, slug, "
        "count, read_seq, raw_hash, hash) VALUES (1, 9, 0, 'Outdoor', 'o', 0, "
        "0, x'', x''), (1, 12, 9, 'Tents', 't', 0, 0, x'', x''), (1, 13, 0, "
        "'Pots, pans', 'p', 0, 0, x'', x'')");
}

static void what_has_no_sku_yet_is_made(void **state) {
    struct fx_client c;
    fx_job(*state, more_categories, NULL);
    fx_connect_as(*state, &c, CAN);
    const struct json *r = import(
        *state, &c,
        "sku,name,regular_price,categories,description,length\\n"
        "NEW-1,Stove,12.50,\\\"Outdoor > tents; Pots, pans\\\",Burns.,3\\n"
        "S,Tent,50,Outdoor/Tents,,10\\n",
        APPLY);
    assert_int_equal(fx_number(r, "faults"), 0);
    assert_int_equal(fx_number(r, "created"), 1);
    assert_int_equal(fx_number(r, "changes"), 2);
    const struct json *v = json_get(fx_ok(&c, "changes.list", "{}"), "items");
    assert_int_equal(json_count(v), 2);
    int made = 0;
    for (v = json_first(v); v; v = json_next(v)) {
        char id[80];
        (void)snprintf(id, sizeof id, "{\"id\":\"%s\"}", fx_text(v, "id"));
        const struct json *p =
            json_get(fx_ok(&c, "changes.get", id), "payload");
        if (json_type(p) != JSON_OBJECT)
            continue;
        AUTO_BUF struct buf b = BUF_INIT;
        json_print(&b, p);
        made++;
        assert_string_equal(
            buf_str(&b),
            "{\"type\":\"simple\",\"status\":\"draft\",\"sku\":\"NEW-1\","
            "\"name\":\"Stove\",\"regular_price\":\"12.50\",\"categories\":"
            "[12,13],\"description\":\"Burns.\",\"dimensions\":{\"length\":"
            "\"3\"}}");
    }
    assert_int_equal(made, 1);
    fx_close(&c);
}

static void what_cannot_be_made_says_why(void **state) {
    static const char csv[] = "sku,name,regular_price,categories\\n"
                              "N1,Stove,12.50,Outdoor\\n"
                              "N2,,12.50,\\n"
                              "N3,Pan,\\\"1,5\\\",\\n"
                              "N4,Pot,1,Nowhere\\n"
                              "N1,Stove again,1,\\n";
    static const char *const said[] = {
        "with a name it would be made", "regular_price: a number like",
        "no category \"Nowhere\"", "more than once"};
    struct fx_client c;
    fx_job(*state, more_categories, NULL);
    fx_connect_as(*state, &c, CAN);
    const struct json *r = import(*state, &c, csv, APPLY);
    assert_string_equal(fx_text(r, "state"), "preview");
    assert_int_equal(fx_number(r, "faults"), 4);
    const struct json *row = json_first(json_get(r, "list"));
    for (size_t i = 0; i < 4; i++, row = json_next(row))
        if (!strstr(fx_text(row, "text"), said[i]))
            fail_msg("%s: %s", said[i], fx_text(row, "text"));
    assert_int_equal(changes(&c), 0);
    fx_close(&c);
}

/* Many of them are several slices, and each is one change. */
static void new_ones_wait_for_an_owners_approval(void **state) {
    struct fx_client zoe, can;
    char id[64];
    fx_connect_as(*state, &zoe, ZOE);
    fx_connect_as(*state, &can, CAN);
    const struct json *r =
        import(*state, &zoe, "sku,name\\nA1,One\\nA2,Two\\nA3,Three\\n",
               APPLY ",\"reason\":\"autumn\"");
    assert_string_equal(fx_text(r, "state"), "pending");
    (void)snprintf(id, sizeof id, "{\"id\":\"%s\"}", fx_text(r, "proposal"));
    r = fx_ok(&can, "approvals.get", id);
    assert_int_equal(json_count(json_get(r, "list")), 3);
    (void)fx_ok(&can, "approvals.approve", id);
    for (int i = 0; i < 10; i++)
        fx_turn(*state);
    assert_int_equal(changes(&can), 3);
    fx_close(&zoe);
    fx_close(&can);
}

/* --- the number in bars ------------------------------------------------- */

static void a_row_gives_a_number_in_bars(void **state) {
    static const char csv[] = "ref,gtin\\n"
                              "alpine:34,400-6381-333931\\n"
                              "alpine:35,036000291452\\n"
                              "alpine:36,1\\n"
                              "alpine:34,4006381333932\\n"
                              "alpine:34,400638133393\\n";
    static const char *const said[] = {"no such product",
                                       "gtin: a digit is wrong or missing",
                                       "gtin: a digit is wrong or missing"};
    struct fx_client c;
    fx_connect_as(*state, &c, CAN);
    const struct json *r = import(*state, &c, csv, "");
    assert_int_equal(fx_number(r, "same"), 1);
    assert_int_equal(fx_number(r, "changes"), 1);
    const struct json *row = json_first(json_get(r, "list"));
    for (size_t i = 0; i < 3; i++, row = json_next(row))
        if (!strstr(fx_text(row, "text"), said[i]))
            fail_msg("%s: %s", said[i], fx_text(row, "text"));
    r = import(*state, &c, "ref,gtin\\nalpine:34,400-6381-333931\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "approved");
    for (int i = 0; i < 10; i++)
        fx_turn(*state);
    r = fx_ok(&c, "products.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "gtin"), "4006381333931");
    fx_close(&c);
}

/* By hand: with the value that was seen, by an owner as a proposal, and with a
 * new product. */
static void a_number_in_bars_is_typed(void **state) {
    static const char *const bad[] = {
        "{\"ref\":\"alpine:34\",\"gtin\":\"36000291452\"}",
        "{\"ref\":\"alpine:34\",\"gtin\":\"4006381333932\"}",
        "{\"ref\":\"alpine:34\",\"gtin\":\"400638133393X\"}"};
    struct fx_client can, zoe;
    fx_connect_as(*state, &can, CAN);
    fx_connect_as(*state, &zoe, ZOE);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct json *e = fx_ask(&can, "products.update", bad[i]);
        assert_string_equal(fx_code(e), "invalid");
        assert_string_equal(fx_text(e, "error.data.params.field"), "gtin");
    }
    assert_string_equal(
        fx_code(fx_ask(&can, "products.create",
                       "{\"store\":\"alpine\",\"name\":\"Pan\",\"gtin\":"
                       "\"4006381333932\"}")),
        "invalid");
    (void)fx_ok(&can, "products.create",
                "{\"store\":\"alpine\",\"name\":\"Pan\",\"gtin\":"
                "\"4006381333931\"}");
    (void)fx_ok(&can, "products.update",
                "{\"ref\":\"alpine:35\",\"gtin\":\"\",\"base\":{\"gtin\":"
                "\"0-36000-29145-2\"}}");
    const struct json *r = fx_ok(
        &zoe, "products.update",
        "{\"ref\":\"alpine:34\",\"gtin\":\"9783161484100\",\"propose\":true,"
        "\"reason\":\"printed\"}");
    char id[64];
    (void)snprintf(id, sizeof id, "{\"id\":\"%s\"}", fx_text(r, "proposal"));
    (void)fx_ok(&can, "approvals.approve", id);
    r = fx_ok(&can, "products.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "gtin"), "9783161484100");
    assert_int_equal(changes(&can), 3);
    fx_close(&can);
    fx_close(&zoe);
}

static int old_shop(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE store SET caps = json_set(caps, "
                               "'$.wc_version', '9.1.4')");
}

/* It would take the field and keep nothing; what has it since the update that
 * nobody told us of takes another. */
static void a_shop_that_keeps_none_is_given_none(void **state) {
    static const char set[] =
        "{\"ref\":\"alpine:36\",\"gtin\":\"4006381333931\"}";
    static char old[] = PRODUCT("36", "P", "Pot");
    struct fx_client c;
    fx_job(*state, old_shop, NULL);
    fx_job(*state, apply, old);
    fx_connect_as(*state, &c, CAN);
    const struct json *e = fx_ask(&c, "products.update", set);
    assert_string_equal(fx_code(e), "invalid");
    if (!strstr(fx_text(e, "error.message"), "WooCommerce 9.1.4"))
        fail_msg("%s", fx_text(e, "error.message"));
    const struct json *r =
        import(*state, &c, "ref,name,gtin\\nalpine:36,Pots,\\n", APPLY);
    assert_int_equal(fx_number(r, "faults"), 0);
    (void)fx_ok(&c, "products.update",
                "{\"ref\":\"alpine:35\",\"gtin\":\"4006381333931\"}");
    fx_close(&c);
}

/* What a shop has from elsewhere is no fault of the file: it goes back as it
 * came. */
static void a_variation_has_its_products(void **state) {
    static char red[] =
        "{\"id\":40,\"type\":\"variation\",\"status\":\"publish\",\"name\":"
        "\"Red\",\"sku\":\"R\",\"price\":\"50\",\"regular_price\":\"50\","
        "\"sale_price\":\"\",\"manage_stock\":\"parent\",\"stock_quantity\":17,"
        "\"stock_status\":\"instock\",\"parent_id\":34,\"weight\":\"\","
        "\"dimensions\":{\"length\":\"\",\"width\":\"\",\"height\":\"\"},"
        "\"global_unique_id\":\"12345\",\"date_created_gmt\":"
        "\"2023-11-01T10:00:00\",\"date_modified_gmt\":"
        "\"2023-11-01T10:00:00\",\"meta_data\":[]}";
    static const char *const bad[][2] = {
        {"ref,categories\\nalpine:40,Outdoor\\n",
         "categories: a variation has that of its product"},
        {"ref,short_description\\nalpine:40,Red.\\n",
         "a variation has that of its product"},
        {"ref,name\\nalpine:40,Redder\\n", "a variation has that of"},
        {"ref,gtin\\nalpine:40,1234\\n", "gtin: 8, 12, 13 or 14 digits"},
        {"ref,manage_stock\\nalpine:34,parent\\n", "true or false"}};
    struct fx_client c;
    fx_job(*state, apply, red);
    fx_job(*state, more_categories, NULL);
    fx_connect_as(*state, &c, CAN);
    const struct json *r = import(*state, &c,
                                  "ref,manage_stock,categories,gtin\\n"
                                  "alpine:40,parent,,12345\\n",
                                  APPLY);
    assert_int_equal(fx_number(r, "faults"), 0);
    assert_int_equal(fx_number(r, "same"), 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        r = import(*state, &c, bad[i][0], APPLY);
        assert_int_equal(fx_number(r, "faults"), 1);
        const char *text = fx_text(json_first(json_get(r, "list")), "text");
        if (!strstr(text, bad[i][1]))
            fail_msg("%s: %s", bad[i][1], text);
    }
    const char *all =
        fx_text(fx_ok(&c, "products.export", "{\"store\":\"alpine\"}"), "csv");
    if (!strstr(all, ",50,,,,,,parent,,12345"))
        fail_msg("%s", all);
    fx_close(&c);
}

/* --- a file that was sent ---------------------------------------------------
 */

/* Its number. */
static void send_file(struct fx_client *c, const struct buf *b, char id[32]) {
    enum { PIECE = 1 << 20 };
    char sha[65];
    uint8_t sum[DIGEST_SHA256];
    digest_sha256(b->data, b->len, sum);
    digest_hex(sum, sizeof sum, sha);
    for (size_t at = 0; at < b->len; at += PIECE) {
        AUTO_BUF struct buf p = BUF_INIT;
        size_t left = b->len - at;
        buf_addf(&p,
                 "{\"sha256\":\"%s\",\"size\":%zu,\"offset\":%zu,"
                 "\"data\":\"",
                 sha, b->len, at);
        base64_encode(b->data + at, left < PIECE ? left : PIECE, &p);
        buf_adds(&p, "\"}");
        (void)fx_ok(c, "files.put", buf_str(&p));
    }
    AUTO_BUF struct buf p = BUF_INIT;
    buf_addf(&p, "{\"sha256\":\"%s\",\"size\":%zu,\"name\":\"a.csv\"}", sha,
             b->len);
    (void)snprintf(id, 32, "%s",
                   fx_text(fx_ok(c, "files.commit", buf_str(&p)), "id"));
}

static const struct json *import_file(struct fx *f, struct fx_client *c,
                                      const char *method, const char *id,
                                      const char *more) {
    char params[200], job_id[64];
    (void)snprintf(params, sizeof params,
                   "{\"store\":\"alpine\",\"file\":\"%s\"%s}", id, more);
    const struct json *r = fx_ok(c, method, params);
    (void)snprintf(job_id, sizeof job_id, "{\"id\":\"%s\"}", fx_text(r, "job"));
    for (int i = 0; i < 20; i++)
        fx_turn(f);
    r = fx_ok(c, "jobs.get", job_id);
    assert_string_equal(fx_text(r, "state"), "done");
    return json_get(r, "result");
}

/* Larger than what is in memory of it: no row is lost where one window ends and
 * the next begins, and each fault has its line. */
static void a_large_file_is_read_through_a_window(void **state) {
    enum { ROWS = 200, PAD = 30000 };
    static char pad[PAD + 1];
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    char id[32];
    memset(pad, 'x', PAD);
    buf_adds(&b, "sku,stock,note\n");
    for (int i = 0; i < ROWS - 1; i++)
        buf_addf(&b, i % 70 == 69 ? "none,17,%s\n" : "S,17,\"%s\"\n", pad);
    buf_adds(&b, "'=cmd(),18,last");
    fx_connect_as(*state, &c, CAN);
    send_file(&c, &b, id);
    const struct json *r =
        import_file(*state, &c, "inventory.import", id, APPLY);
    assert_int_equal(fx_number(r, "rows"), ROWS);
    assert_int_equal(fx_number(r, "same"), ROWS - 3);
    assert_int_equal(fx_number(r, "changes"), 1);
    assert_int_equal(fx_number(r, "faults"), 2);
    const struct json *row = json_first(json_get(r, "list"));
    assert_int_equal(fx_number(row, "line"), 71);
    assert_int_equal(fx_number(json_next(row), "line"), 141);
    fx_close(&c);
}

static void a_file_that_was_sent_is_its_senders(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client can, ayse;
    char id[32], params[200];
    fx_connect_as(*state, &can, CAN);
    fx_connect_as(*state, &ayse, AYSE);
    buf_adds(&b, "sku,regular_price\nS,60\n");
    send_file(&can, &b, id);
    (void)snprintf(params, sizeof params,
                   "{\"store\":\"alpine\",\"file\":\"%s\"}", id);
    assert_string_equal(fx_code(fx_ask(&ayse, "products.import", params)),
                        "not_found");
    assert_string_equal(
        fx_code(fx_ask(&can, "products.import", "{\"store\":\"alpine\"}")),
        "invalid");
    const struct json *r =
        import_file(*state, &can, "products.import", id, APPLY);
    assert_string_equal(fx_text(r, "state"), "approved");
    assert_int_equal(changes(&can), 1);
    /* done with */
    assert_string_equal(fx_code(fx_ask(&can, "products.import", params)),
                        "not_found");
    fx_close(&can);
    fx_close(&ayse);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_is_given_away_asks_for_nothing),
        T(each_row_is_looked_at),
        T(an_unknown_column_is_named),
        T(a_file_is_one_approval),
        T(staff_move_prices_within_their_limit),
        T(a_product_goes_to_the_trash),
        T(a_large_file_is_read_through_a_window),
        T(what_has_no_sku_yet_is_made),
        T(what_cannot_be_made_says_why),
        T(new_ones_wait_for_an_owners_approval),
        T(a_row_gives_a_number_in_bars),
        T(a_number_in_bars_is_typed),
        T(a_shop_that_keeps_none_is_given_none),
        T(a_variation_has_its_products),
        T(a_file_that_was_sent_is_its_senders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
