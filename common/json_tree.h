/* The tree of a text while json_check walks over it: cJSON's nodes, hung up as
 * cJSON does. What stands in the text as it is meant (plain strings, whole
 * numbers, words: nearly all a shop sends) is taken over; what must be decoded
 * (escapes, fractions) is cJSON's to decode. Inside of json.c and json_check.c
 * only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct cJSON;
struct json_tree;

/* Empty; it, its nodes and a copy of the text live in the arena. max_depth as
 * in json_check. */
struct json_tree *json_tree_new(struct arena *a, const char *text, size_t n,
                                int max_depth);
/* The copy of the text: what all calls below point into. A string that was put
 * ends in it with a NUL instead of its quote. */
const char *json_tree_text(const struct json_tree *t);
/* The value that was put first, NULL before; good as long as the arena. */
const struct cJSON *json_tree_root(const struct json_tree *t);

/* What follows is put into it until it is closed. */
void json_tree_open(struct json_tree *t, bool object);
void json_tree_close(struct json_tree *t);

/* true, false or null, by its first letter. */
void json_tree_word(struct json_tree *t, char first);

/* The next value's key, a string and a number: the bytes from p to before end,
 * of good grammar, strings with their quotes. NULL, or the byte at fault: half
 * a surrogate pair, which grammar does not see. */
const char *json_tree_key(struct json_tree *t, const char *p, const char *end,
                          bool escaped);
const char *json_tree_string(struct json_tree *t, const char *p,
                             const char *end, bool escaped);
const char *json_tree_number(struct json_tree *t, const char *p,
                             const char *end);
