/* Papers over the protocol: what is on them, in which parts they come, whose
 * orders they tell of. */
#include "fixture.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base64.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/order.h"
#include "shop/page.h"

#define ORDER                                                                  \
    "{\"id\":12,\"number\":\"N-12\",\"status\":\"processing\","                \
    "\"currency\":\"TRY\",\"total\":\"100.00\",\"customer_id\":0,"             \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","                            \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\","                           \
    "\"customer_note\":\"Ring &amp; wait\","                                   \
    "\"billing\":{\"first_name\":\"Ada\",\"address_1\":\"Bill 1\","            \
    "\"phone\":\"555\"},"                                                      \
    "\"shipping\":{\"first_name\":\"Ada\",\"last_name\":\"L^XZ\","             \
    "\"address_1\":\"Ship 2\",\"city\":\"Izmir\",\"postcode\":\"35\"},"        \
    "\"line_items\":[{\"id\":7,\"product_id\":34,\"variation_id\":0,"          \
    "\"quantity\":2,\"total\":\"100.00\",\"sku\":\"S\",\"name\":\"Tent\"}]}"

static int apply(struct db_tx *tx, void *arg) {
    struct page_options o = {.kind = MIRROR_ORDER, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    assert_int_equal(page_prepare(&o, arg, strlen(arg), &p, &e), 0);
    int rc = order_apply(tx, &read, p->orders, p->n, &st);
    page_free(p);
    return rc;
}

static int sql(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

static struct kept *kept;

static int setup(void **state) {
    static char order[] = ORDER;
    int rc = fx_setup(state);
    kept = kept_new();
    kept_use(kept);
    fx_job(*state, apply, order);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

/* The one part's bytes. */
static void bytes_of(const struct json *r, struct buf *out) {
    const char *data = fx_text(r, "data");
    buf_clear(out);
    assert_int_equal(base64_decode(data, strlen(data), out), 0);
    assert_int_equal(fx_number(r, "bytes"), (int64_t)out->len);
    assert_int_equal(json_type(json_get(r, "next")), JSON_NULL);
}

#define RENDER(c, more)                                                        \
    fx_ok(c, "documents.render", "{\"ref\":\"alpine:12\"," more "}")
#define HAS(b, text) assert_non_null(strstr(buf_str(b), text))
#define HAS_NOT(b, text) assert_null(strstr(buf_str(b), text))

static void an_order_has_its_papers(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r = RENDER(&c, "\"kind\":\"slip\"");
    assert_string_equal(fx_text(r, "name"), "slip-alpine-12.txt");
    bytes_of(r, &b);
    HAS(&b, "N-12");
    HAS(&b, "2023-11-01");
    HAS(&b, "Ada L^XZ\nShip 2\n35 Izmir\n");
    HAS_NOT(&b, "Bill 1"); /* it goes to the other */
    HAS(&b, "Ring & wait");
    HAS(&b, "Tent");
    bytes_of(RENDER(&c, "\"kind\":\"pick\",\"lang\":\"tr\""), &b);
    HAS(&b, "Toplama listesi\n");
    r = RENDER(&c, "\"kind\":\"label\",\"format\":\"zpl\"");
    assert_string_equal(fx_text(r, "type"), "application/zpl");
    bytes_of(r, &b);
    HAS(&b, "L_5EXZ");
    HAS(&b, "alpine:12");
    HAS(&b, "555"); /* a phone is a phone */
    fx_close(&c);
}

static void parts_are_of_the_same_bytes(void **state) {
    struct fx_client c;
    AUTO_BUF struct buf all = BUF_INIT, rest = BUF_INIT;
    char sha[80];
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r = RENDER(&c, "\"kind\":\"slip\"");
    (void)snprintf(sha, sizeof sha, "%s", fx_text(r, "sha256"));
    bytes_of(r, &all);
    r = RENDER(&c, "\"kind\":\"slip\",\"offset\":10");
    assert_string_equal(fx_text(r, "sha256"), sha);
    const char *data = fx_text(r, "data");
    assert_int_equal(base64_decode(data, strlen(data), &rest), 0);
    assert_string_equal(buf_str(&rest), buf_str(&all) + 10);
    assert_string_equal(
        fx_code(fx_ask(&c, "documents.render",
                       "{\"ref\":\"alpine:12\",\"kind\":\"slip\","
                       "\"offset\":99999}")),
        "range");
    fx_close(&c);
}

/* Two pieces of one line in two parcels, the second still to be packed. */
static void a_parcel_has_its_own_slip(void **state) {
    static char rows[] =
        "INSERT INTO work (id, store_id, remote_id, state, basis, begun_ms, "
        "begun_by) VALUES (5, 1, 12, 'packing', x'', 1, 'x');"
        "INSERT INTO work_line (work_id, line_id, product_id, sku, name, "
        "want_e3) VALUES (5, 7, 34, 'S', 'Tent', 2000);"
        "INSERT INTO parcel (id, store_id, remote_id, work_id, n, state, "
        "carrier, tracking, created_ms, created_by) VALUES "
        "(8, 1, 12, 5, 1, 'shipped', 'DHL', 'TRK1', 1, 'x'),"
        "(9, 1, 12, 5, 2, 'void', 'UPS', 'TRK2', 1, 'x');"
        "INSERT INTO parcel_line (parcel_id, line_id, qty_e3) VALUES "
        "(8, 7, 1000), (9, 7, 1000)";
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    fx_job(*state, sql, rows);
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r = RENDER(&c, "\"kind\":\"slip\",\"parcel\":1");
    assert_string_equal(fx_text(r, "name"), "slip-alpine-12-1.txt");
    bytes_of(r, &b);
    HAS(&b, "1 of 1");
    HAS(&b, "DHL");
    HAS(&b, "2        1           1\n"); /* ordered, packed, to follow */
    bytes_of(RENDER(&c, "\"kind\":\"label\""), &b);
    HAS(&b, "[ TRK1 ]");
    assert_string_equal(fx_code(fx_ask(&c, "documents.render",
                                       "{\"ref\":\"alpine:12\",\"kind\":"
                                       "\"slip\",\"parcel\":2}")),
                        "not_found"); /* void */
    fx_close(&c);
}

/* A changed address is where it goes, before the shop knows. */
static void a_change_on_its_way_is_on_the_label(void **state) {
    static char can[] = "UPDATE store SET can_write = 1";
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    fx_job(*state, sql, can);
    fx_connect(*state, &c, FX_SESSION);
    (void)fx_ok(&c, "orders.update",
                "{\"ref\":\"alpine:12\",\"shipping\":{\"address_1\":\"New "
                "9\"}}");
    bytes_of(RENDER(&c, "\"kind\":\"label\""), &b);
    HAS(&b, "New 9\n");
    HAS_NOT(&b, "Ship 2");
    fx_close(&c);
}

/* --- of several ----------------------------------------------------------- */

#define BOTH "\"orders\":[\"alpine:12\",\"alpine:13\"]"

static void second_order(struct fx *f) {
    static char order[] =
        "{\"id\":13,\"number\":\"N-13\",\"status\":\"processing\","
        "\"currency\":\"TRY\",\"total\":\"5.00\",\"customer_id\":0,"
        "\"date_created_gmt\":\"2023-11-02T10:00:00\","
        "\"date_modified_gmt\":\"2023-11-02T10:00:00\","
        "\"customer_note\":\"\",\"billing\":{\"first_name\":\"Bo\","
        "\"address_1\":\"Fjord 3\"},\"shipping\":{},\"line_items\":[{"
        "\"id\":8,\"product_id\":35,\"variation_id\":0,\"quantity\":1,"
        "\"total\":\"5.00\",\"sku\":\"A\",\"name\":\"Axe\"}]}";
    fx_job(f, apply, order);
}

static void several_are_one_piece(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    second_order(*state);
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r =
        fx_ok(&c, "documents.render", "{" BOTH ",\"kind\":\"slip\"}");
    assert_string_equal(fx_text(r, "name"), "slip-alpine-12-2.txt");
    bytes_of(r, &b);
    const char *page = strchr(buf_str(&b), '\f');
    assert_non_null(page);
    assert_null(strchr(page + 1, '\f'));
    assert_non_null(strstr(buf_str(&b), "N-12"));
    assert_true(strstr(buf_str(&b), "N-12") < page);
    assert_non_null(strstr(page, "N-13"));
    assert_non_null(strstr(page, "Fjord 3"));
    bytes_of(fx_ok(&c, "documents.render",
                   "{" BOTH ",\"kind\":\"label\",\"format\":\"zpl\"}"),
             &b);
    const char *first = strstr(buf_str(&b), "^XZ");
    assert_non_null(first);
    assert_non_null(strstr(first, "^XA"));
    fx_close(&c);
}

/* Walked once: by bin and SKU over all orders, each row with its tote. */
static void a_wave_has_one_pick_list(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    char params[120];
    second_order(*state);
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r =
        fx_ok(&c, "picks.begin", "{" BOTH ",\"request_id\":\"w1\"}");
    (void)snprintf(params, sizeof params, "{\"pick\":\"%s\",\"kind\":\"pick\"}",
                   fx_text(r, "id"));
    bytes_of(fx_ok(&c, "documents.render", params), &b);
    const char *axe = strstr(buf_str(&b), "Axe");
    const char *tent = strstr(buf_str(&b), "Tent");
    assert_true(axe && tent && axe < tent); /* A before S */
    HAS(&b, "2: N-13\n");
    HAS(&b, "1: N-12\n");
    assert_null(strchr(buf_str(&b), '\f'));
    fx_close(&c);
}

static void whose_they_are_is_said_once(void **state) {
    static const char *const bad[] = {
        "{\"kind\":\"slip\"}",
        "{\"ref\":\"alpine:12\"," BOTH ",\"kind\":\"slip\"}",
        "{\"orders\":[\"twelve\"],\"kind\":\"slip\"}",
        "{\"pick\":\"X-1\",\"kind\":\"pick\"}"};
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(fx_code(fx_ask(&c, "documents.render", bad[i])),
                            "invalid");
    assert_string_equal(
        fx_code(fx_ask(&c, "documents.render",
                       "{\"orders\":[\"alpine:12\",\"alpine:99\"],"
                       "\"kind\":\"slip\"}")),
        "not_found"); /* all or nothing */
    assert_string_equal(
        fx_code(fx_ask(&c, "documents.render",
                       "{\"pick\":\"W-99\",\"kind\":\"pick\"}")),
        "not_found");
    fx_close(&c);
}

static void codes_are_of_no_order(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r =
        fx_ok(&c, "documents.render", "{\"kind\":\"codes\"}");
    assert_string_equal(fx_text(r, "name"), "codes.txt");
    bytes_of(r, &b);
    HAS(&b, "[ FULEXOUNDO ]");
    HAS(&b, "Next parcel");
    fx_close(&c);
}

/* --- PDF and printers ----------------------------------------------------- */

static void set(struct fx *f, const char *printers) {
    const struct rpc_documents d = {
        .lang = "tr", .printers = printers, .pdf_helper = "/no/such/helper"};
    struct error e = {0};
    assert_int_equal(rpc_set_documents(f->rpc, &d, &e), 0);
}

static void without_a_helper_text_still_works(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct fx_client c;
    set(*state, NULL);
    fx_connect(*state, &c, FX_SESSION);
    const struct json *a =
        fx_ask(&c, "documents.render",
               "{\"ref\":\"alpine:12\",\"kind\":\"slip\",\"format\":\"pdf\"}");
    assert_string_equal(fx_code(a), "io");
    bytes_of(RENDER(&c, "\"kind\":\"slip\""), &b);
    HAS(&b, "Paket içeriği\n"); /* the setting's language */
    fx_close(&c);
}

/* The job's end; printing takes a moment of the loop. */
static const struct json *wait_for(struct fx_client *c, const char *job) {
    char params[80];
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", job);
    for (int i = 0; i < 2000; i++) {
        const struct json *j = fx_ok(c, "jobs.get", params);
        if (strcmp(fx_text(j, "state"), "running") != 0)
            return j;
        (void)usleep(5000);
    }
    fail_msg("the job does not end");
    return NULL;
}

#define PRINT(more) "{\"ref\":\"alpine:12\",\"kind\":\"label\"," more "}"

static void a_label_goes_to_its_printer_once(void **state) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    struct fx_client c;
    char where[64], job[40], got[4096];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    (void)snprintf(where, sizeof where, "zebra=raw:127.0.0.1:%u",
                   ntohs(a.sin_port));
    set(*state, where);
    fx_connect(*state, &c, FX_SESSION);
    const struct json *r =
        fx_ok(&c, "documents.print",
              PRINT("\"printer\":\"zebra\",\"request_id\":\"one\""));
    (void)snprintf(job, sizeof job, "%s", fx_text(r, "job"));
    r = wait_for(&c, job);
    assert_string_equal(fx_text(r, "state"), "done");
    assert_string_equal(fx_text(r, "result.printer"), "zebra");
    int at = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    ssize_t len = read(at, got, sizeof got - 1);
    assert_int_equal(len, fx_number(r, "result.bytes"));
    got[len] = '\0';
    assert_int_equal(strncmp(got, "^XA^CI28", 8), 0);
    /* a dropped link asks again: the same job, no second label */
    r = fx_ok(&c, "documents.print",
              PRINT("\"printer\":\"zebra\",\"request_id\":\"one\""));
    assert_string_equal(fx_text(r, "job"), job);
    r = fx_ok(&c, "audit.list", "{\"filter\":\"action:documents.print\"}");
    assert_int_equal(json_count(json_get(r, "items")), 1);
    assert_string_equal(fx_text(json_first(json_get(r, "items")), "object"),
                        "alpine:12 label zebra");
    (void)close(at);
    (void)close(fd);
    fx_close(&c);
}

static void a_printer_that_is_not_there_is_told(void **state) {
    struct fx_client c;
    set(*state, "zebra=raw:127.0.0.1:1 office=cups:q");
    fx_connect(*state, &c, FX_SESSION);
    assert_string_equal(
        fx_code(fx_ask(&c, "documents.print", PRINT("\"printer\":\"none\""))),
        "not_found");
    const struct json *r =
        fx_ok(&c, "documents.print", PRINT("\"printer\":\"zebra\""));
    r = wait_for(&c, fx_text(r, "job"));
    assert_string_equal(fx_text(r, "state"), "failed");
    assert_string_equal(fx_text(r, "error.code"), "io");
    r = json_get(fx_ok(&c, "documents.printers", "{}"), "items");
    assert_int_equal(json_count(r), 2);
    assert_string_equal(fx_text(json_first(r), "where"), "127.0.0.1:1");
    assert_string_equal(fx_text(json_next(json_first(r)), "way"), "cups");
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_order_has_its_papers),
        TEST(parts_are_of_the_same_bytes),
        TEST(a_parcel_has_its_own_slip),
        TEST(a_change_on_its_way_is_on_the_label),
        TEST(several_are_one_piece),
        TEST(a_wave_has_one_pick_list),
        TEST(whose_they_are_is_said_once),
        TEST(codes_are_of_no_order),
        TEST(without_a_helper_text_still_works),
        TEST(a_label_goes_to_its_printer_once),
        TEST(a_printer_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
