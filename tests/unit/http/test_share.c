/* The page of a share link: nothing of a shop's text becomes markup. */
#include <string.h>

#include "daemon/http/room.h"
#include "daemon/rpc/rpc.h"
#include "tests/lib/test.h"

static struct rpc_share_item items[] = {
    {"<script>alert(1)</script>", "2"},
    {"Tent \"XL\" & 'more' \x1b[31m\xE2\x80\xAE", "1.5"}};
static struct rpc_share_parcel parcels[] = {
    {"shipped", "D<b>L", "\"><img src=x>"}};

static struct rpc_share sample(void) {
    return (struct rpc_share){.number = "17<79>",
                              .store = "Alpine & Sons",
                              .status = "Processing",
                              .items = items,
                              .n_items = 2,
                              .parcels = parcels,
                              .n_parcels = 1,
                              .until_ms = 1700000000000};
}

#define HAS(b, text) assert_non_null(strstr(buf_str(b), text))
#define HAS_NOT(b, text) assert_null(strstr(buf_str(b), text))

static void text_is_never_markup(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct rpc_share s = sample();
    (void)state;
    share_page(&b, &s, TEXT_EN);
    HAS_NOT(&b, "<script");
    HAS_NOT(&b, "<img");
    HAS_NOT(&b, "<b>");
    HAS_NOT(&b, "\x1b");
    HAS_NOT(&b, "\xE2\x80\xAE");
    HAS(&b, "&lt;script&gt;alert(1)&lt;/script&gt;");
    HAS(&b, "Tent &quot;XL&quot; &amp; &#39;more&#39;");
    HAS(&b, "<h1>Order 17&lt;79&gt;</h1>");
    HAS(&b, "&quot;&gt;&lt;img src=x&gt;");
    HAS(&b, "2023-11-14T22:13:20Z");
}

static void the_page_speaks_the_readers_language(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct rpc_share s = sample();
    (void)state;
    s.n_parcels = 0;
    share_page(&b, &s, TEXT_TR);
    HAS(&b, "<html lang=\"tr\">");
    HAS(&b, "<h2>Ürünler</h2>");
    HAS_NOT(&b, "Kargo takibi"); /* nothing has left */
}

static void the_json_has_the_same(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct rpc_share s = sample();
    (void)state;
    share_json(&b, &s);
    HAS(&b, "{\"number\":\"17<79>\",\"store\":\"Alpine & Sons\"");
    HAS(&b, "\"tracking\":[{\"carrier\":\"D<b>L\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_never_markup),
        cmocka_unit_test(the_page_speaks_the_readers_language),
        cmocka_unit_test(the_json_has_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
