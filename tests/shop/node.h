/* A JSON tree that can be changed. Numbers keep the text they came with, so an
 * object that is read, edited and printed differs only where it was edited.
 * Nodes live in an arena and are never freed one by one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"

enum node_type { N_NULL, N_BOOL, N_NUMBER, N_STRING, N_ARRAY, N_OBJECT };

struct node {
    enum node_type type;
    const char *key;  /* in an object, else NULL */
    const char *text; /* string, number or true/false; NUL-terminated */
    size_t n;         /* bytes of text */
    struct node *child, *last, *next;
};

/* Parse n bytes of strict JSON; NULL when they are not. Depth at most 512. */
struct node *node_parse(struct arena *a, const char *text, size_t n);

/* Print as PHP does: "/" and all beyond ASCII escaped, no spaces. */
void node_print(struct buf *out, const struct node *v);

/* Append a JSON string with its quotes, escaped as PHP does. */
void node_quote(struct buf *out, const char *s, size_t n);

/* New values; text is copied into the arena. */
struct node *node_null(struct arena *a);
struct node *node_bool(struct arena *a, bool v);
struct node *node_int(struct arena *a, int64_t v);
struct node *node_number(struct arena *a, const char *text);
struct node *node_str(struct arena *a, const char *s);
struct node *node_array(struct arena *a);
struct node *node_object(struct arena *a);
struct node *node_copy(struct arena *a, const struct node *v);

/* Member by key; NULL when absent or v is no object. */
struct node *node_get(const struct node *v, const char *key);

/* By path "billing.email"; NULL when a step is missing. */
struct node *node_path(const struct node *v, const char *path);

/* Replace the member in place, or append it. Takes `v` as it is. */
void node_put(struct arena *a, struct node *obj, const char *key,
              struct node *v);
void node_puts(struct arena *a, struct node *obj, const char *key,
               const char *s); /* NULL puts null */
void node_puti(struct arena *a, struct node *obj, const char *key, int64_t v);
void node_putb(struct arena *a, struct node *obj, const char *key, bool v);

/* Append to an array. */
void node_add(struct node *arr, struct node *v);

/* Take a child out of an array or object. */
void node_drop(struct node *parent, const struct node *child);

size_t node_count(const struct node *v);

/* Text of a string, number or bool; "" for the rest and NULL. */
const char *node_text(const struct node *v);

/* Integer of a number or numeric string, else `def`. */
int64_t node_i64(const struct node *v, int64_t def);

/* JSON true, 1, "1", "true" or "yes". */
bool node_true(const struct node *v);
