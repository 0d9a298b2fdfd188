/* Happy path: libyaml turns the text into events; mappings push a part of the
 * dotted path, a scalar behind a key is set through the table. A fault is one
 * line and reading goes on, so that a person sees all of them at once; only
 * broken YAML and what we never accept (anchors, depth) end it early. */
#include "common/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <yaml.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/cleanup.h"
#include "common/conf_value.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"

enum {
    TEXT_MAX = 1024 * 1024,
    DEPTH_MAX = 8,
    PATH_MAX_BYTES = 256,
    FAULTS_MAX = 50
};

struct reader {
    const struct conf_key *keys;
    size_t n;
    void *target;
    const char *name;
    struct buf *faults;
    int n_faults;
    bool stop;  /* no use in reading on */
    bool *seen; /* per key: set by this text */
    yaml_parser_t yaml;
    yaml_mark_t key_mark;       /* of the key before the value in hand */
    char path[PATH_MAX_BYTES];  /* dotted, of the value in hand */
    size_t base[DEPTH_MAX + 1]; /* per depth: length of the mapping's path */
    int depth;                  /* mappings open */
    bool have_key;              /* the mapping's key was read, value is due */
    int skip;                   /* depth inside a subtree nobody wants */
};

void conf_defaults(const struct conf_key *keys, size_t n, void *target) {
    for (size_t i = 0; i < n; i++) {
        size_t size = sizeof(int64_t);
        if (keys[i].type == CONF_STRING || keys[i].type == CONF_CHOICE)
            size = sizeof(char *);
        else if (keys[i].type == CONF_BOOL)
            size = sizeof(bool);
        memset((char *)target + keys[i].offset, 0, size);
        if (keys[i].def)
            REQUIRE(conf_value_set(&keys[i], target, keys[i].def) == 0);
    }
}

void conf_free(const struct conf_key *keys, size_t n, void *target) {
    for (size_t i = 0; i < n; i++) {
        if (keys[i].type != CONF_STRING && keys[i].type != CONF_CHOICE)
            continue;
        char *text;
        char *none = NULL;
        char *field = (char *)target + keys[i].offset;
        memcpy(&text, field, sizeof text);
        free(text);
        memcpy(field, &none, sizeof none);
    }
}

/* --- faults ------------------------------------------------------------ */

__attribute__((format(printf, 3, 4))) static void
fault(struct reader *r, yaml_mark_t at, const char *fmt, ...) {
    AUTO_BUF struct buf text = BUF_INIT;
    va_list ap;
    if (r->stop)
        return;
    va_start(ap, fmt);
    buf_addv(&text, fmt, ap);
    va_end(ap);
    buf_addf(r->faults, "%s:%zu:%zu: ", r->name, at.line + 1, at.column + 1);
    utf8_safe(r->faults, buf_str(&text), text.len);
    buf_addc(r->faults, '\n');
    if (++r->n_faults == FAULTS_MAX) {
        buf_addf(r->faults, "%s: more than that; the rest was not read\n",
                 r->name);
        r->stop = true;
    }
}

/* A fault after which the rest would only confuse. */
static void fatal_fault(struct reader *r, yaml_mark_t at, const char *text) {
    fault(r, at, "%s", text);
    r->stop = true;
}

/* text NULL: there is no single value at all. */
static void fault_not_allowed(struct reader *r, yaml_mark_t at,
                              const struct conf_key *key, const char *text) {
    AUTO_BUF struct buf allowed = BUF_INIT;
    conf_value_allowed(key, &allowed);
    if (key->def)
        buf_addf(&allowed, " (default %s)", key->def);
    if (text)
        fault(r, at, "%s: \"%.60s\" is not valid; allowed: %s", key->name, text,
              buf_str(&allowed));
    else
        fault(r, at, "%s: a single value is due here; allowed: %s", key->name,
              buf_str(&allowed));
}

static void fault_unknown(struct reader *r) {
    const char *best = NULL;
    int best_distance = 4;
    for (size_t i = 0; i < r->n; i++) {
        int d = str_distance(r->path, r->keys[i].name);
        if (d < best_distance && d * 2 < (int)strlen(r->path)) {
            best_distance = d;
            best = r->keys[i].name;
        }
    }
    if (best)
        fault(r, r->key_mark, "%s: there is no such key; did you mean %s?",
              r->path, best);
    else
        fault(r, r->key_mark,
              "%s: there is no such key; fulexo.yaml(5) "
              "lists them",
              r->path);
}

/* --- the table --------------------------------------------------------- */

/* The key the path in hand names. */
static const struct conf_key *find_key(const struct reader *r) {
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->keys[i].name, r->path) == 0)
            return &r->keys[i];
    return NULL;
}

/* Does any key lie below the path in hand? */
static bool is_section(const struct reader *r) {
    size_t n = strlen(r->path);
    for (size_t i = 0; i < r->n; i++)
        if (str_starts(r->keys[i].name, r->path) && r->keys[i].name[n] == '.')
            return true;
    return false;
}

/* --- events ------------------------------------------------------------ */

/* Complete the path by the key just read. */
static void on_key(struct reader *r, const yaml_event_t *ev) {
    const char *text = (const char *)ev->data.scalar.value;
    size_t n = ev->data.scalar.length;
    size_t base = r->base[r->depth];
    r->key_mark = ev->start_mark;
    r->have_key = true;
    if (n == 0 || strlen(text) != n || base + n + 2 > sizeof r->path) {
        fatal_fault(r, ev->start_mark, "this is no key");
        return;
    }
    if (base)
        r->path[base++] = '.';
    memcpy(r->path + base, text, n + 1);
}

/* A scalar behind a key. */
static void on_value(struct reader *r, const yaml_event_t *ev) {
    const char *text = (const char *)ev->data.scalar.value;
    const struct conf_key *key = find_key(r);
    r->have_key = false;
    if (!key) {
        if (is_section(r))
            fault(r, ev->start_mark, "%s: keys are due below it, indented",
                  r->path);
        else
            fault_unknown(r);
        return;
    }
    if (r->seen[key - r->keys])
        fault(r, r->key_mark, "%s: it is set twice", r->path);
    r->seen[key - r->keys] = true;
    if (ev->data.scalar.length == 0 &&
        ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        fault(r, r->key_mark,
              "%s: it has no value; remove the line to use the default",
              r->path);
    else if (strlen(text) != ev->data.scalar.length)
        fault(r, ev->start_mark, "%s: a NUL character is not allowed", r->path);
    else if (conf_value_set(key, r->target, text))
        fault_not_allowed(r, ev->start_mark, key, text);
}

/* A scalar is a key or a value by where it stands. */
static void on_scalar(struct reader *r, const yaml_event_t *ev) {
    if (ev->data.scalar.anchor || ev->data.scalar.tag)
        fatal_fault(r, ev->start_mark, "anchors and tags are not allowed");
    else if (r->skip)
        return;
    else if (r->have_key)
        on_value(r, ev);
    else if (r->depth)
        on_key(r, ev);
    else if (ev->data.scalar.length)
        fatal_fault(r, ev->start_mark, "lines of the form key: value are due");
}

/* Is the mapping that opens here a section? Otherwise it is read over. */
static bool enter_section(struct reader *r, const yaml_event_t *ev) {
    const struct conf_key *key;
    if (r->depth == 0 && !r->have_key)
        return true;
    if (r->have_key && is_section(r))
        return true;
    key = find_key(r);
    if (!r->have_key)
        fatal_fault(r, ev->start_mark, "this is no key");
    else if (key)
        fault_not_allowed(r, ev->start_mark, key, NULL);
    else
        fault_unknown(r);
    return false;
}

/* A mapping or a list begins. */
static void on_open(struct reader *r, const yaml_event_t *ev) {
    bool mapping = ev->type == YAML_MAPPING_START_EVENT;
    const void *anchor = mapping ? ev->data.mapping_start.anchor
                                 : ev->data.sequence_start.anchor;
    const void *tag =
        mapping ? ev->data.mapping_start.tag : ev->data.sequence_start.tag;
    if (anchor || tag)
        fatal_fault(r, ev->start_mark, "anchors and tags are not allowed");
    else if (r->depth + r->skip == DEPTH_MAX)
        fatal_fault(r, ev->start_mark, "nested deeper than 8 levels");
    else if (r->skip)
        r->skip++;
    else if (mapping && enter_section(r, ev)) {
        r->base[++r->depth] = r->have_key ? strlen(r->path) : 0;
        r->have_key = false;
    } else {
        if (!mapping)
            fault(r, ev->start_mark, "a list is not allowed here");
        r->skip = 1;
    }
}

/* The mapping or list ends that began last. */
static void on_close(struct reader *r) {
    if (r->skip) {
        if (--r->skip == 0)
            r->have_key = false;
        return;
    }
    REQUIRE(r->depth > 0);
    r->depth--;
    r->have_key = false;
}

static void on_event(struct reader *r, const yaml_event_t *ev, int *documents) {
    switch (ev->type) {
    case YAML_SCALAR_EVENT:
        on_scalar(r, ev);
        break;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        on_open(r, ev);
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        on_close(r);
        break;
    case YAML_ALIAS_EVENT:
        fatal_fault(r, ev->start_mark, "aliases are not allowed");
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (++*documents > 1)
            fatal_fault(r, ev->start_mark, "a second document is not allowed");
        break;
    default:
        break;
    }
}

/* The reader's own faults carry a byte offset instead of a mark. */
static void on_broken(struct reader *r, const char *text, size_t len) {
    yaml_mark_t at = r->yaml.problem_mark;
    const char *why = r->yaml.problem ? r->yaml.problem : "it is not YAML";
    if (r->yaml.error == YAML_READER_ERROR) {
        size_t end = r->yaml.problem_offset;
        at = (yaml_mark_t){0};
        for (size_t i = 0; i < end && i < len; i++) {
            at.column = text[i] == '\n' ? 0 : at.column + 1;
            at.line += text[i] == '\n';
        }
    }
    fatal_fault(r, at, why);
}

static void read_events(struct reader *r, const char *text, size_t len) {
    bool end = false;
    int documents = 0;
    REQUIRE(yaml_parser_initialize(&r->yaml));
    yaml_parser_set_encoding(&r->yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->yaml, (const unsigned char *)text, len);
    while (!end && !r->stop) {
        yaml_event_t ev;
        if (!yaml_parser_parse(&r->yaml, &ev)) {
            on_broken(r, text, len);
            break;
        }
        end = ev.type == YAML_STREAM_END_EVENT;
        on_event(r, &ev, &documents);
        yaml_event_delete(&ev);
    }
    yaml_parser_delete(&r->yaml);
}

int conf_parse(const struct conf_key *keys, size_t n, void *target,
               const char *name, const char *text, size_t len,
               struct buf *faults) {
    AUTO_FREE bool *seen = mem_zalloc(n + 1, sizeof *seen);
    struct reader r = {.keys = keys,
                       .n = n,
                       .target = target,
                       .name = name,
                       .faults = faults,
                       .seen = seen};
    REQUIRE(target && faults);
    if (len > TEXT_MAX) {
        buf_addf(faults, "%s: it is larger than 1 MiB\n", name);
        return 1;
    }
    read_events(&r, text, len);
    return r.n_faults;
}

/* The file's content, at most one byte more than allowed. 0 or errno. */
static int read_file(const char *path, struct buf *ret) {
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    while (ret->len <= TEXT_MAX) {
        size_t room = TEXT_MAX + 1 - ret->len;
        ssize_t got = read(fd, buf_reserve(ret, room), room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        buf_added(ret, (size_t)got);
    }
    return 0;
}

int conf_load(const struct conf_key *keys, size_t n, void *target,
              const char *path, struct buf *faults) {
    AUTO_BUF struct buf text = BUF_INIT;
    int error = read_file(path, &text);
    if (error) {
        buf_addf(faults, "%s: it cannot be read: %s\n", path, strerror(error));
        return 1;
    }
    return conf_parse(keys, n, target, path, buf_str(&text), text.len, faults);
}
