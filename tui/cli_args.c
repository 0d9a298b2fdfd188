/* One pass over the words: each option or word becomes the JSON text of its
 * parameter; at the end those given are written in the table's order. What is
 * checked here is what a person can get wrong while typing; the daemon checks
 * everything again. Values of secrets are wiped and never repeated in a fault.
 */
#include "tui/cli_args.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "common/utf8.h"
#include "tui/captive.h"
#include "tui/cli_find.h"

enum { FILE_MAX = 3 * 1024 * 1024, PARAMS_MAX = 64 };

/* The line being read. */
struct args {
    struct cli *c;
    const struct cli_method *m;
    struct buf value[PARAMS_MAX]; /* JSON of each parameter, empty: not given;
                                     of a list or map without its brackets */
    int words;                    /* positional ones so far */
};

static void args_done(struct args *a) {
    for (size_t i = 0; i < PARAMS_MAX; i++) {
        if (a->value[i].len)
            mem_wipe(a->value[i].data, a->value[i].len);
        buf_done(&a->value[i]);
    }
}

static struct buf *slot(struct args *a, const struct cli_param *p) {
    return &a->value[p - a->m->params];
}

/* --- values ------------------------------------------------------------- */

static int bad_value(struct args *a, const struct cli_param *p,
                     const char *value, const char *want) {
    return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_BAD_VALUE, "option",
                    p->option, "value", p->secret ? "..." : value, "want",
                    want);
}

/* Is s one of a|b|c? */
static bool is_choice(const char *choices, const char *s, size_t n) {
    for (const char *at = choices;; at++) {
        size_t len = strcspn(at, "|");
        if (len == n && memcmp(at, s, n) == 0)
            return true;
        at += len;
        if (!*at)
            return false;
    }
}

static int add_string(struct args *a, const struct cli_param *p,
                      const char *value, size_t n) {
    struct jsonw w;
    if (!utf8_valid(value, n))
        return bad_value(a, p, "?", "UTF-8");
    if (p->choices && !is_choice(p->choices, value, n))
        return bad_value(a, p, value, p->choices);
    jsonw_init(&w, slot(a, p));
    jsonw_stringn(&w, value, n);
    return 0;
}

static int add_int(struct args *a, const struct cli_param *p,
                   const char *value) {
    char want[64];
    int64_t v;
    int rc = p->duration ? str_to_duration(value, &v)
                         : str_to_i64(value, p->min, p->max, &v);
    if (rc || v < p->min || v > p->max) {
        (void)str_format(want, sizeof want, "%lld..%lld%s", (long long)p->min,
                         (long long)p->max, p->duration ? " s, 5m, 2h" : "");
        return bad_value(a, p, value, want);
    }
    buf_addf(slot(a, p), "%lld", (long long)v);
    return 0;
}

static int add_bool(struct args *a, const struct cli_param *p,
                    const char *value) {
    bool v = true;
    if (value && str_to_bool(value, &v))
        return bad_value(a, p, value, "true|false");
    buf_adds(slot(a, p), v ? "true" : "false");
    return 0;
}

/* a,b,c; given again it goes on. */
static int add_list(struct args *a, const struct cli_param *p,
                    const char *value) {
    for (const char *at = value;; at++) {
        size_t n = strcspn(at, ",");
        if (slot(a, p)->len)
            buf_addc(slot(a, p), ',');
        AUTO_FREE char *word = mem_dupn(at, n);
        int rc = add_string(a, p, word, n);
        at += n;
        if (rc || !*at)
            return rc;
    }
}

/* --- objects ------------------------------------------------------------ */

static void add_key(struct buf *b, const char *key, size_t n) {
    struct jsonw w;
    if (b->len)
        buf_addc(b, ',');
    jsonw_init(&w, b);
    jsonw_stringn(&w, key, n);
    buf_addc(b, ':');
}

static bool is_json(const char *text) {
    CLEANUP(rpc_reply_done) struct rpc_reply doc = {.arena = arena_new(4096)};
    const struct json *v;
    return json_parse(doc.arena, text, strlen(text), NULL, &v, NULL) == 0;
}

/* key=value is text; key:=JSON any value, where the parameter takes any. */
static int add_pair(struct args *a, const struct cli_param *p,
                    const char *value) {
    const char *eq = strchr(value, '=');
    bool json = eq && eq > value && eq[-1] == ':' && !p->members;
    size_t n = eq ? (size_t)(eq - value) - json : 0;
    if (!n || !utf8_valid(value, strlen(value)) || (json && !is_json(eq + 1)))
        return bad_value(a, p, value,
                         p->members ? "KEY=VALUE" : "KEY=VALUE, KEY:=JSON");
    add_key(slot(a, p), value, n);
    if (json) {
        buf_adds(slot(a, p), eq + 1);
        return 0;
    }
    struct jsonw w;
    jsonw_init(&w, slot(a, p));
    jsonw_string(&w, eq + 1);
    return 0;
}

static const struct cli_param *member_of(const struct cli_param *p,
                                         const char *name, size_t n) {
    for (size_t i = 0; i < p->n_members; i++) {
        const char *m = p->members[i].name;
        if (strlen(m) == n && memcmp(m, name, n) == 0)
            return &p->members[i];
    }
    return NULL;
}

/* "product=alpine:34,quantity=2,..." */
static void want_members(const struct cli_param *p, char *dst, size_t size) {
    size_t n = 0;
    for (size_t i = 0; i < p->n_members && n + 4 < size; i++) {
        n += str_copy(dst + n, size - n, i ? "," : "");
        n += str_copy(dst + n, size - n, p->members[i].name);
        n += str_copy(dst + n, size - n, "=..");
    }
}

/* Numbers and booleans go as what they are; the daemon judges them. */
static void add_plain(struct buf *b, const struct cli_param *m, const char *s,
                      size_t n) {
    AUTO_FREE char *text = mem_dupn(s, n);
    struct jsonw w;
    int64_t v;
    bool yes;
    jsonw_init(&w, b);
    if (m->type == CLI_INT && str_to_i64(text, m->min, m->max, &v) == 0)
        jsonw_i64(&w, v);
    else if (m->type == CLI_BOOL && str_to_bool(text, &yes) == 0)
        jsonw_bool(&w, yes);
    else
        jsonw_string(&w, text);
}

/* One object: member=value,member=value. */
static int add_object(struct args *a, const struct cli_param *p,
                      const char *value) {
    AUTO_BUF struct buf object = BUF_INIT;
    char want[160] = "";
    bool ok = utf8_valid(value, strlen(value)) && *value;
    for (const char *at = value; ok && *at;) {
        size_t n = strcspn(at, ","), key = strcspn(at, "=");
        const struct cli_param *m = key < n ? member_of(p, at, key) : NULL;
        ok = m != NULL;
        if (ok) {
            add_key(&object, at, key);
            add_plain(&object, m, at + key + 1, n - key - 1);
        }
        at += n + (at[n] == ',');
    }
    if (!ok) {
        want_members(p, want, sizeof want);
        return bad_value(a, p, value, want);
    }
    buf_addf(slot(a, p), "%s{%s}", slot(a, p)->len ? "," : "",
             buf_str(&object));
    return 0;
}

static bool repeats(const struct cli_param *p) {
    return p->type == CLI_LIST || p->type == CLI_MAP || p->type == CLI_OBJECTS;
}

static int add_value(struct args *a, const struct cli_param *p,
                     const char *value) {
    if (!repeats(p) && slot(a, p)->len)
        return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_TWICE, "option",
                        p->option);
    switch (p->type) {
    case CLI_INT:
        return add_int(a, p, value);
    case CLI_BOOL:
        return add_bool(a, p, value);
    case CLI_LIST:
        return add_list(a, p, value);
    case CLI_STRING:
        return add_string(a, p, value, strlen(value));
    case CLI_MAP:
        return add_pair(a, p, value);
    case CLI_OBJECTS:
        return add_object(a, p, value);
    }
    return ERR_INTERNAL;
}

/* --- files -------------------------------------------------------------- */

static int no_file(struct args *a, const char *path, const char *why) {
    return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_FILE, "file", path,
                    "why", why);
}

/* The whole of a text file; "-" is stdin. */
static int read_file(struct args *a, const char *path, char *dst, size_t size,
                     size_t *ret_n) {
    bool std = str_eq(path, "-");
    if (!std && captive())
        return no_file(a, path, text_get(a->c->lang, TEXT_CLI_CAPTIVE_FILE));
    FILE *f = std ? a->c->io.in : fopen(path, "re");
    if (!f)
        return no_file(a, path, strerror(errno));
    size_t n = fread(dst, 1, size, f);
    int err = ferror(f) ? errno : 0;
    if (!std)
        (void)fclose(f); /* was only read */
    if (err || n == size)
        return no_file(a, path, err ? strerror(err) : "> 3 MiB");
    *ret_n = n;
    return 0;
}

/* The parameter that takes a file which is sent in pieces (cli_send.h): what a
 * method calls file goes before a text of its own. NULL: it has none. */
static const struct cli_param *sent(const struct args *a) {
    for (size_t i = 0; i < a->m->n_params; i++)
        if (str_eq(a->m->params[i].option, "--file"))
            return &a->m->params[i];
    return NULL;
}

static int add_file(struct args *a, const struct cli_param *p,
                    const char *path) {
    AUTO_FREE char *text = mem_alloc(FILE_MAX + 1);
    size_t n = 0;
    if (sent(a) && !str_eq(path, "-"))
        return add_value(a, sent(a), path);
    if (slot(a, p)->len)
        return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_TWICE, "option",
                        p->option);
    int rc = read_file(a, path, text, FILE_MAX + 1, &n);
    if (rc)
        return rc;
    /* Editors end a file with a line break; no secret does. */
    while (p->secret && n && strchr("\r\n", text[n - 1]))
        n--;
    rc = memchr(text, '\0', n) ? no_file(a, path, "NUL")
                               : add_string(a, p, text, n);
    mem_wipe(text, n);
    return rc;
}

/* --- arguments ---------------------------------------------------------- */

/* The value of the option at argv[*at], or NULL with the fault set. */
static const char *value_of(struct args *a, int argc, char **argv, int *at,
                            const char *option, const char *inline_value) {
    (*at)++;
    if (inline_value)
        return inline_value;
    if (*at < argc)
        return argv[(*at)++];
    (void)CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_NO_VALUE, "option",
                   option);
    return NULL;
}

/* --NAME, --NAME-file or --no-NAME of one parameter: 1 taken, 0 not it. */
static int take_param(struct args *a, const struct cli_param *p, int argc,
                      char **argv, int *at) {
    char other[80];
    const char *value;
    if (cli_options_match(argv[*at], p->option, &value)) {
        if (p->type == CLI_BOOL)
            (*at)++;
        else
            value = value_of(a, argc, argv, at, p->option, value);
        if (!value && p->type != CLI_BOOL)
            return ERR_INVALID_PARAMS;
        int rc = p->file && str_eq(value, "-") ? add_file(a, p, value)
                                               : add_value(a, p, value);
        return rc ? rc : 1;
    }
    (void)str_format(other, sizeof other, "%s-file", p->option);
    if (p->file && cli_options_match(argv[*at], other, &value)) {
        value = value_of(a, argc, argv, at, other, value);
        int rc = value ? add_file(a, p, value) : ERR_INVALID_PARAMS;
        return rc ? rc : 1;
    }
    (void)str_format(other, sizeof other, "--no-%s", p->option + 2);
    if (p->type == CLI_BOOL && str_eq(argv[*at], other)) {
        (*at)++;
        int rc = add_value(a, p, "false");
        return rc ? rc : 1;
    }
    return 0;
}

static int unknown_option(struct args *a, const char *arg) {
    AUTO_FREE char *name = mem_dupn(arg, strcspn(arg, "="));
    const char *near = cli_find_option(a->m, name);
    if (near)
        return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_OPTION_NEAR,
                        "option", name, "near", near);
    return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_OPTION, "option",
                    name);
}

static int take_option(struct args *a, int argc, char **argv, int *at) {
    for (size_t i = 0; i < a->m->n_params; i++) {
        int rc = take_param(a, &a->m->params[i], argc, argv, at);
        if (rc)
            return rc < 0 ? rc : 0;
    }
    const char *arg = argv[*at];
    int rc = cli_options_take(&a->c->o, argc, argv, at);
    if (rc < 0)
        return CLI_FAIL(a->c, rc, TEXT_CLI_NO_VALUE, "option", arg);
    return rc ? 0 : unknown_option(a, arg);
}

static int take_word(struct args *a, const char *word) {
    a->words++;
    for (size_t i = 0; i < a->m->n_params; i++)
        if (a->m->params[i].position == a->words)
            return add_value(a, &a->m->params[i], word);
    return CLI_FAIL(a->c, ERR_INVALID_PARAMS, TEXT_CLI_EXTRA_WORD, "word",
                    word);
}

static int check_required(struct args *a) {
    for (size_t i = 0; i < a->m->n_params; i++) {
        const struct cli_param *p = &a->m->params[i];
        if (p->required && !a->value[i].len)
            return CLI_FAIL(a->c, ERR_INVALID_PARAMS,
                            p->file ? TEXT_CLI_MISSING_FILE : TEXT_CLI_MISSING,
                            "option", p->option);
    }
    return 0;
}

/* --- request ------------------------------------------------------------ */

void cli_args_request_id(struct jsonw *w) {
    char id[ULID_TEXT];
    uint8_t chance[10];
    struct timespec now;
    REQUIRE(getrandom(chance, sizeof chance, 0) == sizeof chance);
    REQUIRE(clock_gettime(CLOCK_REALTIME, &now) == 0);
    ulid_format(id, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, chance);
    jsonw_kstring(w, "request_id", id);
}

static void write_value(struct jsonw *w, const struct cli_param *p,
                        const struct buf *v) {
    bool map = p->type == CLI_MAP;
    AUTO_FREE char *whole =
        mem_printf("%s%s%s", map ? "{" : "[", v->data, map ? "}" : "]");
    bool list = repeats(p);
    jsonw_raw(w, list ? whole : v->data, list ? v->len + 2 : v->len);
    mem_wipe(whole, v->len + 2);
}

/* The key of p: the members of one object follow each other. *object: the one
 * that is open, or NULL. */
static void write_key(struct jsonw *w, const struct cli_param *p,
                      const char **object) {
    bool inside = *object && p->member && str_eq(p->name, *object);
    if (*object && !inside) {
        jsonw_end_object(w);
        *object = NULL;
    }
    if (!inside)
        jsonw_key(w, p->name);
    if (p->member && !inside) {
        jsonw_begin_object(w);
        *object = p->name;
    }
    if (p->member)
        jsonw_key(w, p->member);
}

static void write_params(const struct args *a, struct buf *ret) {
    const char *object = NULL;
    struct jsonw w;
    jsonw_init(&w, ret);
    jsonw_begin_object(&w);
    for (size_t i = 0; i < a->m->n_params; i++) {
        if (!a->value[i].len)
            continue;
        write_key(&w, &a->m->params[i], &object);
        write_value(&w, &a->m->params[i], &a->value[i]);
    }
    if (object)
        jsonw_end_object(&w);
    if (a->m->write)
        cli_args_request_id(&w);
    jsonw_end_object(&w);
}

/* No option begins with a digit: -2 is a number. */
static bool is_option(const char *word) {
    return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

int cli_args_read(struct cli *c, const struct cli_method *m, int argc,
                  char **argv, struct buf *ret_params) {
    CLEANUP(args_done) struct args a = {.c = c, .m = m};
    bool words_only = false;
    int rc = 0;
    REQUIRE(m->n_params <= PARAMS_MAX);
    for (int at = 0; at < argc && !rc;) {
        if (!words_only && str_eq(argv[at], "--")) {
            words_only = true;
            at++;
        } else if (!words_only && is_option(argv[at]))
            rc = take_option(&a, argc, argv, &at);
        else
            rc = take_word(&a, argv[at++]);
    }
    if (!rc && !c->o.help)
        rc = check_required(&a);
    if (!rc)
        write_params(&a, ret_params);
    return rc;
}
