/* JSON web tokens: the example of RFC 7515, A.2; what was changed is refused;
 * the header chooses no algorithm. */
#include "tests/lib/test.h"

#include <string.h>

#include "auth/encode.h"
#include "auth/jwt.h"
#include "common/arena.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"

/* The key of A.2.1, as PEM. */
static const char rfc_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO\n"
    "jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL\n"
    "aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn\n"
    "juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5\n"
    "ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf\n"
    "toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg\n"
    "VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW\n"
    "PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G\n"
    "O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj\n"
    "kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6\n"
    "XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB\n"
    "4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K\n"
    "pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr\n"
    "0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE\n"
    "lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6\n"
    "kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP\n"
    "rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw\n"
    "kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp\n"
    "5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2\n"
    "9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/\n"
    "evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG\n"
    "yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj\n"
    "OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2\n"
    "tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3\n"
    "ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56\n"
    "03k2+ZQwVK0JKSHuLFkuQ3U=\n"
    "-----END PRIVATE KEY-----\n";
static const char rfc_modulus[] =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw"
    "-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b3269"
    "0r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS"
    "-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aG"
    "hyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp"
    "oQ";
static const char rfc_token[] =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQo"
    "gImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF"
    "80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W"
    "2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO7"
    "5vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
    "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgG"
    "Y9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
static const char rfc_claims[] =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n "
    "\"http://example.com/is_root\":true}";

static struct jwt_key *read_key(void) {
    struct jwt_key *k;
    assert_int_equal(jwt_key_read(rfc_key, strlen(rfc_key), &k), 0);
    return k;
}

static void known_answer(void **state) {
    AUTO_BUF struct buf made = BUF_INIT, claims = BUF_INIT, kid = BUF_INIT;
    struct jwt_key *k = read_key();
    (void)state;
    jwt_sign(k, NULL, rfc_claims, &made);
    assert_string_equal(buf_str(&made), rfc_token);
    assert_int_equal(jwt_verify(k, rfc_token, &claims), 0);
    assert_string_equal(buf_str(&claims), rfc_claims);
    assert_int_equal(jwt_kid(rfc_token, &kid), 0);
    assert_int_equal(kid.len, 0);
    jwt_key_free(k);
}

static void the_set_shows_the_public_half(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jwt_key *k = read_key();
    struct arena *a = arena_new(4096);
    const struct json *v;
    struct jsonw w;
    (void)state;
    jsonw_init(&w, &b);
    jwt_key_jwk(k, "k1", &w);
    assert_int_equal(json_parse(a, b.data, b.len, NULL, &v, NULL), 0);
    assert_string_equal(json_string(json_get(v, "n")), rfc_modulus);
    assert_string_equal(json_string(json_get(v, "e")), "AQAB");
    assert_string_equal(json_string(json_get(v, "kid")), "k1");
    assert_null(json_get(v, "d"));
    assert_int_equal(json_count(v), 6);
    arena_free(a);
    jwt_key_free(k);
}

static void a_changed_token_is_refused(void **state) {
    struct jwt_key *k = read_key();
    AUTO_BUF struct buf claims = BUF_INIT;
    size_t n = strlen(rfc_token);
    (void)state;
    for (size_t at = 0; at < n; at++) {
        char *t = mem_dup(rfc_token);
        t[at] = t[at] == 'A' ? 'B' : 'A';
        assert_int_equal(jwt_verify(k, t, &claims), ERR_INVALID);
        t[at] = '\0';
        assert_int_equal(jwt_verify(k, t, &claims), ERR_INVALID);
        free(t);
    }
    assert_int_equal(claims.len, 0);
    jwt_key_free(k);
}

/* A token with that header and the claims and signature of the RFC's. */
static char *with_header(const char *json) {
    struct buf b = BUF_INIT;
    encode_base64url(json, strlen(json), &b);
    buf_adds(&b, strchr(rfc_token, '.'));
    return buf_take(&b);
}

static void the_header_chooses_nothing(void **state) {
    static const char *const headers[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"rs256\"}",
        "{}",
        "[]",
        "{\"alg\":\"RS256\"",
        "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"none\",\"alg\":\"RS256\"}"};
    AUTO_BUF struct buf kid = BUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char *t = with_header(headers[i]);
        assert_int_equal(jwt_kid(t, &kid), ERR_INVALID);
        free(t);
    }
    assert_int_equal(jwt_kid("..", &kid), ERR_INVALID);
    assert_int_equal(jwt_kid("", &kid), ERR_INVALID);
}

static void a_key_survives_being_written(void **state) {
    AUTO_BUF struct buf pem = BUF_INIT, token = BUF_INIT, claims = BUF_INIT;
    AUTO_BUF struct buf kid = BUF_INIT;
    struct jwt_key *k = jwt_key_make(), *again, *other = read_key();
    (void)state;
    jwt_key_write(k, &pem);
    assert_int_equal(jwt_key_read(pem.data, pem.len, &again), 0);
    jwt_sign(again, "k2", "{\"sub\":\"ayse\"}", &token);
    assert_int_equal(jwt_kid(buf_str(&token), &kid), 0);
    assert_string_equal(buf_str(&kid), "k2");
    assert_int_equal(jwt_verify(k, buf_str(&token), &claims), 0);
    assert_string_equal(buf_str(&claims), "{\"sub\":\"ayse\"}");
    assert_int_equal(jwt_verify(other, buf_str(&token), &claims), ERR_INVALID);
    jwt_key_free(other);
    jwt_key_free(again);
    jwt_key_free(k);
}

static void a_weak_or_broken_key_is_refused(void **state) {
    struct jwt_key *k = NULL;
    (void)state;
    assert_int_equal(jwt_key_read("", 0, &k), ERR_INVALID);
    assert_int_equal(jwt_key_read(rfc_key, strlen(rfc_key) / 2, &k),
                     ERR_INVALID);
    assert_null(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answer),
        cmocka_unit_test(the_set_shows_the_public_half),
        cmocka_unit_test(a_changed_token_is_refused),
        cmocka_unit_test(the_header_chooses_nothing),
        cmocka_unit_test(a_key_survives_being_written),
        cmocka_unit_test(a_weak_or_broken_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
