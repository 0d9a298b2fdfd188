/* Completion and checking of the filter line. Keys and their values come from
 * query.keys, so stores, statuses and tags are those there are today; until it
 * has answered the built-in table serves. */
#include <string.h>

#include "common/json.h"
#include "common/mem.h"
#include "common/query.h"
#include "common/str.h"
#include "query_keys.gen.h"
#include "tui/app_core.h"

enum { KEYS_MAX = 32, CHOICES_MAX = 200 };

/* Dynamic values of the list asked last. */
static struct {
    char list[24];
    char key[KEYS_MAX][24];
    char *choices[KEYS_MAX]; /* "a|b|c", owned */
    int n;
} known;

static void forget(void) {
    for (int i = 0; i < known.n; i++) {
        free(known.choices[i]);
        known.choices[i] = NULL;
    }
    known.n = 0;
}

/* The query table wants its choices in one text. */
static char *join(const struct json *choices) {
    AUTO_BUF struct buf b = BUF_INIT;
    int n = 0;
    const struct json *c = json_first(choices);
    for (; c && n < CHOICES_MAX; c = json_next(c), n++) {
        const char *s = json_string(c);
        if (s && !strchr(s, '|')) {
            buf_addf(&b, "%s%s", b.len ? "|" : "", s);
        }
    }
    return buf_take(&b);
}

static void on_keys(void *arg, const struct link_reply *r) {
    (void)arg;
    forget();
    if (!r->result) {
        return; /* the built-in table serves */
    }
    const struct json *k = json_first(json_get(r->result, "keys"));
    for (; k && known.n < KEYS_MAX; k = json_next(k)) {
        model_text(known.key[known.n], sizeof *known.key, k, "name");
        known.choices[known.n++] = join(json_get(k, "choices"));
    }
}

void app_keys_read(struct app *a, const char *list) {
    char params[64];
    if (!str_eq(known.list, list)) {
        forget();
    }
    (void)str_copy(known.list, sizeof known.list, list);
    (void)str_format(params, sizeof params, "{\"list\":\"%s\"}", list);
    (void)link_ask(a->link, "query.keys", params, on_keys, a);
}

/* Empty until query.keys has answered. */
static const char *choices_of(const char *key) {
    for (int i = 0; i < known.n; i++) {
        if (str_eq(known.key[i], key)) {
            return known.choices[i];
        }
    }
    return "";
}

static void on_candidate(const char *candidate, const char *help, void *arg) {
    (void)help;
    prompt_candidate(arg, candidate);
}

/* Those that begin as typed; a name with a blank comes quoted. */
static void add_choices(struct prompt *p, const char *choices,
                        const char *begun, size_t n) {
    while (*choices) {
        size_t len = strcspn(choices, "|");
        if (len >= n && strncmp(choices, begun, n) == 0) {
            AUTO_FREE char *word = mem_dupn(choices, len);
            AUTO_FREE char *quoted = mem_printf("\"%s\"", word);
            prompt_candidate(p, strchr(word, ' ') ? quoted : word);
        }
        choices += len;
        choices += *choices == '|';
    }
}

void app_complete(void *arg, struct prompt *p, const char *text, size_t cursor,
                  size_t *ret_from) {
    struct app *a = arg;
    const struct query_list *list = query_list_find(app_top(a)->ops->query);
    const struct query_key *key = NULL;
    if (!list) {
        return;
    }
    query_complete(text, cursor, list->keys, list->n, &key, ret_from,
                   on_candidate, p);
    if (key && p->n_candidates == 0) {
        add_choices(p, choices_of(key->name), text + *ret_from,
                    cursor - *ret_from);
    }
}

bool app_filter_check(struct app *a) {
    const struct view_ops *ops = app_top(a)->ops;
    const struct query_list *list =
        ops->query ? query_list_find(ops->query) : NULL;
    struct query q = {0};
    struct error e = {0};
    int64_t column = 0;
    if (!list || query_parse(buf_str(&a->prompt.text), list->keys, list->n, &q,
                             &e) == 0) {
        query_done(&q);
        return true;
    }
    app_say(a, ROLE_BAD, "%s: %s", e.where, e.detail);
    if (str_starts(e.where, "column ") &&
        str_to_i64(e.where + 7, 1, PROMPT_MAX, &column) == 0) {
        prompt_place(&a->prompt, (size_t)column - 1);
    }
    return false;
}
