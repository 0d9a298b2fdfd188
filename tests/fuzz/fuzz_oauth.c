/* OAuth parameters and shop addresses: any query signs, an address that is
 * taken is taken again as it was written. */
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "shop/oauth.h"
#include "shop/url.h"
#include "tests/fuzz/fuzz.h"

static void check_url(const char *text) {
    struct url u, again;
    char first[800], second[800];
    if (url_parse(text, &u, NULL) != 0)
        return;
    REQUIRE(url_format(&u, first, sizeof first) == 0);
    REQUIRE(url_parse(first, &again, NULL) == 0);
    REQUIRE(url_format(&again, second, sizeof second) == 0);
    REQUIRE(strcmp(first, second) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    AUTO_BUF struct buf out = BUF_INIT;
    AUTO_BUF struct buf query = BUF_INIT;
    AUTO_FREE char *text = mem_dupn(data, n);
    for (const char *p = text; *p; p++)
        if (*p == '&' || *p == '=')
            buf_addc(&query, *p);
        else
            url_encode(&query, p, 1);
    const struct oauth_request r = {
        .method = "GET",
        .base_url = "http://a/wp-json/wc/v3/orders",
        .query = buf_str(&query),
        .key = text,
        .secret = text,
        .nonce = "1",
        .timestamp_s = 1,
    };
    oauth_query(&out, &r);
    REQUIRE(strstr(out.data, "&oauth_signature="));
    check_url(text);
    return 0;
}
