/* The query language: places lie inside the text, each term read alone means
 * the same, and completion works at every cursor. */
#include <string.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/query.h"
#include "tests/fuzz/fuzz.h"

static const struct query_key keys[] = {
    {"status", QUERY_CHOICE, "processing|on-hold|completed", 1, "status"},
    {"store", QUERY_WORD, NULL, 2, "store name"},
    {"items", QUERY_INT, NULL, 3, "number of items"},
    {"total", QUERY_MONEY, NULL, 4, "total"},
    {"qty", QUERY_QTY, NULL, 5, "quantity"},
    {"date", QUERY_DATE, NULL, 6, "created"},
    {"age", QUERY_AGE, NULL, 7, "age"},
};

enum { N = sizeof keys / sizeof *keys, CURSORS = 100 };

static void check_alone(const char *text, const struct query_term *t) {
    struct query q;
    AUTO_FREE char *alone = mem_dupn(text + t->at, t->len);
    REQUIRE(query_parse(alone, keys, N, &q, NULL) == 0);
    REQUIRE(q.n_terms == 1);
    REQUIRE(q.terms[0].key == t->key && q.terms[0].op == t->op);
    REQUIRE(q.terms[0].negated == t->negated);
    REQUIRE(q.terms[0].n_values == t->n_values);
    for (int i = 0; i < t->n_values; i++)
        REQUIRE(strcmp(q.terms[0].values[i].text, t->values[i].text) == 0);
    query_done(&q);
}

static void check_terms(const char *text, size_t n, const struct query *q) {
    size_t at = 0;
    for (int i = 0; i < q->n_terms; i++) {
        const struct query_term *t = &q->terms[i];
        REQUIRE(t->at >= at && t->len > 0 && t->at + t->len <= n);
        REQUIRE(t->n_values >= 1 && t->n_values <= QUERY_VALUES_MAX);
        at = t->at + t->len;
        check_alone(text, t);
    }
}

static void candidate(const char *text, const char *help, void *arg) {
    (void)arg;
    REQUIRE(*text && help);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct query q;
    struct error e = {0};
    AUTO_FREE char *text = mem_dupn(data, n);
    size_t len = strlen(text);
    int rc = query_parse(text, keys, N, &q, &e);
    if (rc)
        REQUIRE(rc == ERR_INVALID && *e.where && *e.detail && !q.terms);
    else
        check_terms(text, len, &q);
    query_done(&q);
    for (size_t cursor = 0; cursor <= len && cursor < CURSORS; cursor++) {
        const struct query_key *key;
        size_t from;
        query_complete(text, cursor, keys, N, &key, &from, candidate, NULL);
        REQUIRE(from <= cursor);
    }
    return 0;
}
