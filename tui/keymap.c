/* The map is a flat list searched on each key: some two hundred rows, far
 * below what a person could notice, and overriding stays simple. */
#include "tui/keymap.h"

#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/conf.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"

/* "g+o", "Ctrl-P" or "+" into a binding. */
static int parse_keys(const char *word, size_t n, struct binding *ret) {
    char text[40];
    if (n == 0 || n >= sizeof text) {
        return ERR_INVALID;
    }
    memcpy(text, word, n);
    text[n] = '\0';
    char *plus = n > 2 ? strchr(text + 1, '+') : NULL;
    ret->first = 0;
    if (plus && plus[1]) {
        *plus = '\0';
        if (key_parse(text, &ret->first) < 0) {
            return ERR_INVALID;
        }
        return key_parse(plus + 1, &ret->key);
    }
    return key_parse(text, &ret->key);
}

/* Add all keys of a text; returns 0 or ERR_INVALID. */
static int add_keys(struct keymap *m, enum action_id action, const char *keys) {
    while (*keys) {
        size_t n = strcspn(keys, " ");
        struct binding b = {.views = action_rows[action].views,
                            .action = action};
        if (n > 0) {
            if (parse_keys(keys, n, &b) < 0 || m->n == KEYMAP_MAX) {
                return ERR_INVALID;
            }
            m->bindings[m->n++] = b;
        }
        keys += n;
        keys += *keys == ' ';
    }
    return 0;
}

void keymap_defaults(struct keymap *m) {
    m->n = 0;
    for (int i = 0; i < ACTION_COUNT; i++) {
        /* Every default parses: a unit test reads them all. */
        (void)add_keys(m, (enum action_id)i, action_rows[i].keys);
    }
}

/* An empty text in the file unbinds an action. */
static void drop_action(struct keymap *m, enum action_id action) {
    int kept = 0;
    for (int i = 0; i < m->n; i++) {
        if (m->bindings[i].action != action) {
            m->bindings[kept++] = m->bindings[i];
        }
    }
    m->n = kept;
}

/* A key somebody chose wins over a default that has it in the same view. */
static void drop_rivals(struct keymap *m, enum action_id action) {
    for (int i = 0; i < m->n; i++) {
        const struct binding mine = m->bindings[i];
        for (int k = 0; mine.action == action && k < m->n; k++) {
            struct binding *b = &m->bindings[k];
            if (b->action != action && b->key == mine.key &&
                b->first == mine.first) {
                b->views &= ~mine.views;
            }
        }
    }
}

struct keys_file {
    int64_t version;
    char *keys[ACTION_COUNT];
};

struct keys_table {
    struct conf_key rows[ACTION_COUNT + 1];
    char *names[ACTION_COUNT];
};

/* One configuration key an action, made from the registry. */
static void table_init(struct keys_table *t) {
    t->rows[0] = (struct conf_key){"version",
                                   CONF_INT,
                                   offsetof(struct keys_file, version),
                                   1,
                                   KEYMAP_VERSION,
                                   "1",
                                   NULL,
                                   "Version of this file's form."};
    for (int i = 0; i < ACTION_COUNT; i++) {
        t->names[i] = mem_printf("keys.%s", action_rows[i].name);
        t->rows[i + 1] = (struct conf_key){t->names[i],
                                           CONF_STRING,
                                           offsetof(struct keys_file, keys) +
                                               (size_t)i * sizeof(char *),
                                           0,
                                           200,
                                           NULL,
                                           NULL,
                                           "Keys of an action."};
    }
}

static void table_done(struct keys_table *t) {
    for (int i = 0; i < ACTION_COUNT; i++) {
        free(t->names[i]);
    }
}

/* Only actions the file names change. */
static int apply(struct keymap *m, const struct keys_file *f, const char *path,
                 struct buf *faults) {
    int n = 0;
    for (int i = 0; i < ACTION_COUNT; i++) {
        enum action_id action = (enum action_id)i;
        if (!f->keys[i]) {
            continue;
        }
        drop_action(m, action);
        if (add_keys(m, action, f->keys[i]) < 0) {
            buf_addf(faults,
                     "%s: keys.%s: \"%s\" names no key; keys look like "
                     "Enter, Ctrl-P, F2, j, g+o.\n",
                     path, action_rows[i].name, f->keys[i]);
            n++;
        }
        drop_rivals(m, action);
    }
    return n;
}

int keymap_load(struct keymap *m, const char *path, struct buf *faults) {
    struct keys_table table;
    struct keys_file file = {0};
    keymap_defaults(m);
    if (access(path, F_OK) < 0) {
        return 0;
    }
    table_init(&table);
    int n = conf_load(table.rows, ACTION_COUNT + 1, &file, path, faults);
    if (n == 0) {
        n = apply(m, &file, path, faults);
    }
    conf_free(table.rows, ACTION_COUNT + 1, &file);
    table_done(&table);
    if (n > 0) {
        keymap_defaults(m);
    }
    return n;
}

enum keymap_found keymap_find(const struct keymap *m, enum action_view view,
                              int prefix, int key, enum action_id *ret) {
    REQUIRE((unsigned)view < VIEW_COUNT);
    enum keymap_found found = KEYMAP_NONE;
    for (int i = 0; i < m->n; i++) {
        const struct binding *b = &m->bindings[i];
        if (!(b->views & (UINT64_C(1) << view))) {
            continue;
        }
        if (b->first == prefix && b->key == key) {
            *ret = b->action;
            return KEYMAP_ACTION;
        }
        if (prefix == 0 && b->first == key) {
            found = KEYMAP_PREFIX;
        }
    }
    return found;
}

bool keymap_is_line(enum action_view view) {
    static const enum action_view lines[] = {
        VIEW_PACK,      VIEW_PICKING, VIEW_SCAN, VIEW_RECEIVE,
        VIEW_NEW_ORDER, VIEW_FORM,    VIEW_HELP};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i] == view) {
            return true;
        }
    }
    return false;
}

static bool is_typed(const struct binding *b) {
    int key = b->first ? b->first : b->key;
    return key >= ' ' && key < KEY_SPECIAL && key != KEY_BACKSPACE_;
}

void keymap_show(const struct keymap *m, enum action_view view,
                 enum action_id action, struct buf *out) {
    REQUIRE((unsigned)action < ACTION_COUNT && (unsigned)view < VIEW_COUNT);
    char name[KEY_TEXT];
    for (int i = 0; i < m->n; i++) {
        const struct binding *b = &m->bindings[i];
        if (b->action == action && (b->views & (UINT64_C(1) << view)) &&
            !(keymap_is_line(view) && is_typed(b))) {
            if (b->first) {
                buf_addf(out, "%s ", key_label(name, b->first));
            }
            buf_adds(out, key_label(name, b->key));
            return;
        }
    }
}
