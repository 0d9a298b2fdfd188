#include "tests/shop/node.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct node *node_new(struct arena *a, enum node_type type) {
    struct node *v = arena_alloc(a, sizeof *v);
    *v = (struct node){.type = type, .text = ""};
    return v;
}

static struct node *node_with(struct arena *a, enum node_type type,
                              const char *s, size_t n) {
    struct node *v = node_new(a, type);
    v->text = arena_dupn(a, s, n);
    v->n = n;
    return v;
}

struct node *node_null(struct arena *a) {
    return node_new(a, N_NULL);
}

struct node *node_bool(struct arena *a, bool b) {
    struct node *v = node_new(a, N_BOOL);
    v->text = b ? "true" : "false";
    v->n = b ? 4 : 5;
    return v;
}

struct node *node_number(struct arena *a, const char *text) {
    return node_with(a, N_NUMBER, text, strlen(text));
}

struct node *node_int(struct arena *a, int64_t i) {
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, i);
    return node_with(a, N_NUMBER, text, (size_t)n);
}

struct node *node_str(struct arena *a, const char *s) {
    return node_with(a, N_STRING, s, strlen(s));
}

struct node *node_array(struct arena *a) {
    return node_new(a, N_ARRAY);
}

struct node *node_object(struct arena *a) {
    return node_new(a, N_OBJECT);
}

void node_add(struct node *arr, struct node *v) {
    v->next = NULL;
    if (arr->last)
        arr->last->next = v;
    else
        arr->child = v;
    arr->last = v;
}

struct node *node_copy(struct arena *a, const struct node *v) {
    struct node *to = node_new(a, v->type);
    to->key = v->key ? arena_dupn(a, v->key, strlen(v->key)) : NULL;
    to->text = v->n ? arena_dupn(a, v->text, v->n) : "";
    to->n = v->n;
    for (const struct node *c = v->child; c; c = c->next)
        node_add(to, node_copy(a, c));
    return to;
}

struct node *node_get(const struct node *v, const char *key) {
    if (!v || v->type != N_OBJECT)
        return NULL;
    for (struct node *c = v->child; c; c = c->next)
        if (strcmp(c->key, key) == 0)
            return c;
    return NULL;
}

struct node *node_path(const struct node *v, const char *path) {
    char step[64];
    const char *dot;
    while ((dot = strchr(path, '.')) && (size_t)(dot - path) < sizeof step) {
        memcpy(step, path, (size_t)(dot - path));
        step[dot - path] = 0;
        v = node_get(v, step);
        path = dot + 1;
    }
    return node_get(v, path);
}

void node_put(struct arena *a, struct node *obj, const char *key,
              struct node *v) {
    struct node *old = node_get(obj, key);
    if (!old) {
        v->key = arena_dupn(a, key, strlen(key));
        node_add(obj, v);
        return;
    }
    const char *kept = old->key;
    struct node *next = old->next;
    *old = *v;
    old->key = kept;
    old->next = next;
}

void node_puts(struct arena *a, struct node *obj, const char *key,
               const char *s) {
    node_put(a, obj, key, s ? node_str(a, s) : node_null(a));
}

void node_puti(struct arena *a, struct node *obj, const char *key, int64_t v) {
    node_put(a, obj, key, node_int(a, v));
}

void node_putb(struct arena *a, struct node *obj, const char *key, bool v) {
    node_put(a, obj, key, node_bool(a, v));
}

void node_drop(struct node *parent, const struct node *child) {
    struct node *before = NULL;
    for (struct node *c = parent->child; c; before = c, c = c->next) {
        if (c != child)
            continue;
        if (before)
            before->next = c->next;
        else
            parent->child = c->next;
        if (parent->last == c)
            parent->last = before;
        return;
    }
}

size_t node_count(const struct node *v) {
    size_t n = 0;
    for (const struct node *c = v ? v->child : NULL; c; c = c->next)
        n++;
    return n;
}

const char *node_text(const struct node *v) {
    return v && v->type >= N_BOOL && v->type <= N_STRING ? v->text : "";
}

int64_t node_i64(const struct node *v, int64_t def) {
    const char *s = node_text(v);
    char *end;
    int64_t i = strtoll(s, &end, 10);
    return *s && !*end ? i : def;
}

bool node_true(const struct node *v) {
    const char *s = node_text(v);
    return !strcmp(s, "true") || !strcmp(s, "1") || !strcmp(s, "yes");
}
