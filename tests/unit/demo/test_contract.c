/* Every recording is asked again of a demo shop in the same state: status,
 * error code, shape of the body and the headers that carry meaning. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/mem.h"
#include "tests/unit/demo/replay.h"

/* What cannot be asked again, and why. */
static const char *const left_out[][2] = {
    {"webhook-delivery-", "sent by the shop, not asked of it"},
    {"analytics-", "wc-analytics is not part of the demo shop"},
    {"index-wc-v3-trimmed", "lists 109 routes; ours lists those it has"},
    {"err-auth-", "asked with the keys they need in test_auth.c"},
};

static bool is_left_out(const char *name) {
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strstr(name, left_out[i][0]))
            return true;
    return false;
}

static char *file_read(const char *name, size_t *ret_n) {
    char path[512];
    struct buf b = BUF_INIT;
    (void)snprintf(path, sizeof path, RECORDINGS "/%s.json", name);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    size_t n;
    while ((n = fread(buf_reserve(&b, 65536), 1, 65536, f)) > 0)
        buf_added(&b, n);
    (void)fclose(f);
    *ret_n = b.len;
    return buf_take(&b);
}

static void target_make(const struct node *request, struct buf *out) {
    buf_adds(out, node_text(node_get(request, "path")));
    const struct node *query = node_get(request, "query");
    for (const struct node *q = query->child; q; q = q->next)
        buf_addf(out, "%c%s=%s", q == query->child ? '?' : '&', q->key,
                 node_text(q));
}

/* Faults that some error recordings need. */
static void faults_set(const struct replay *r) {
    const char *kind = NULL;
    if (strstr(r->name, "maintenance"))
        kind = "{\"kind\":\"maintenance\"}";
    else if (strstr(r->name, "err-500-"))
        kind = strstr(r->name, "in-callback")
                   ? "{\"kind\":\"fatal\",\"value\":1}"
                   : "{\"kind\":\"fatal\"}";
    if (!kind)
        return;
    struct answer a = client_call(r->port, "POST", "/__demo/faults", kind);
    assert_int_equal(a.status, 200);
    answer_done(&a);
}

static struct answer ask(const struct replay *r) {
    AUTO_BUF struct buf target = BUF_INIT;
    AUTO_BUF struct buf body = BUF_INIT;
    AUTO_BUF struct buf heads = BUF_INIT;
    const struct node *given = node_get(r->request, "body"),
                      *wanted = node_get(r->request, "headers");
    target_make(r->request, &target);
    buf_adds(&heads, CLIENT_KEY);
    for (const struct node *h = wanted->child; h; h = h->next)
        buf_addf(&heads, "%s: %s\r\n", h->key, node_text(h));
    if (given && given->type == N_STRING)
        buf_adds(&body, given->text);
    else if (given && given->type != N_NULL)
        node_print(&body, given);
    return client_send(r->port, node_text(node_get(r->request, "method")),
                       target.data, heads.data, body.data);
}

static bool heads_same(const struct replay *r, const struct answer *a) {
    static const char *const present[] = {"X-WP-Total", "X-WP-TotalPages",
                                          "Location", "Retry-After", "Link"};
    const struct node *want = node_get(r->response, "headers");
    char got[512];
    const char *types[] = {"Allow", "Content-Type"};
    for (size_t i = 0; i < 2; i++) {
        (void)answer_header(a, types[i], got, sizeof got);
        const char *w = node_text(node_get(want, types[i]));
        size_t n = i ? strcspn(w, ";") : strlen(w);
        if (strncmp(got, w, n) != 0 || (!i && strlen(got) != n)) {
            print_error("%s: %s '%s', not '%s'\n", r->name, types[i], got, w);
            return false;
        }
    }
    for (size_t i = 0; i < sizeof present / sizeof *present; i++) {
        bool has = answer_header(a, present[i], got, sizeof got);
        if (has != (node_get(want, present[i]) != NULL)) {
            print_error("%s: header %s %s\n", r->name, present[i],
                        has ? "too many" : "missing");
            return false;
        }
    }
    return true;
}

static bool body_same(const struct replay *r, const struct answer *a) {
    const struct node *want = node_get(r->response, "body");
    const struct node *got = answer_json(a, r->a);
    if (!want || (want->type == N_STRING)) {
        if (!got)
            return true; /* a page of HTML on both sides */
        print_error("%s: JSON, not a page\n", r->name);
        return false;
    }
    if (!got) {
        print_error("%s: no JSON: %.200s\n", r->name, buf_str(&a->body));
        return false;
    }
    const struct node *code = node_get(want, "code");
    if (a->status >= 400 && code &&
        strcmp(node_text(code), node_text(node_get(got, "code"))) != 0) {
        print_error("%s: code %s, not %s\n", r->name,
                    node_text(node_get(got, "code")), node_text(code));
        return false;
    }
    return replay_same_shape(want, got, r->name);
}

static bool replay_one(const char *name) {
    size_t n;
    char *text = file_read(name, &n);
    struct replay r = {.name = name,
                       .hpos = strncmp(name, "hpos-", 5) == 0,
                       .a = arena_new(0)};
    const struct node *all = node_parse(r.a, text, n);
    assert_non_null(all);
    r.request = node_get(all, "request");
    r.response = node_get(all, "response");
    replay_prepare(&r);
    faults_set(&r);
    struct answer a = ask(&r);
    int64_t status = node_i64(node_get(r.response, "status"), 0);
    bool same = a.status == status;
    if (!same)
        print_error("%s: status %d, not %d: %.300s\n", name, a.status,
                    (int)status, buf_str(&a.body));
    same = same && heads_same(&r, &a) && body_same(&r, &a);
    answer_done(&a);
    demo_shop_stop(r.shop);
    arena_free(r.a);
    free(text);
    return same;
}

static void test_recordings_replay(void **state) {
    struct dirent **names;
    int bad = 0, done = 0, n = scandir(RECORDINGS, &names, NULL, alphasort);
    (void)state;
    assert_true(n > 100);
    for (int i = 0; i < n; i++) {
        char *dot = strstr(names[i]->d_name, ".json");
        if (dot && !is_left_out(names[i]->d_name)) {
            *dot = 0;
            done++;
            bad += !replay_one(names[i]->d_name);
        }
        free(names[i]);
    }
    free(names);
    print_message("%d recordings asked again, %d differ\n", done, bad);
    assert_true(done > 180);
    assert_int_equal(bad, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recordings_replay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
