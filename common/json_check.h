/* The strict grammar of JSON (RFC 8259) over raw bytes, with or without a tree
 * of what it reads; what stands between a text and cJSON. */
#pragma once

#include <stddef.h>

struct json_tree;

enum { JSON_DEPTH_MAX = 1000 /* highest max_depth a caller may set */ };

/* Check the one value at the start of the text (white space before it is
 * fine). Escaped NULs, bare control characters and numbers longer than 63
 * bytes are faults; UTF-8 is not looked at. Returns 0 with *ret_at just behind
 * the value, or ERR_PARSE / ERR_TOO_DEEP with *ret_at at the fault (== n when
 * the text is cut). */
int json_check(const char *text, size_t n, int max_depth, size_t *ret_at);

/* The same of an empty tree's text of n bytes, which fills it; half a surrogate
 * pair is a fault too. After a fault the tree is of no use. */
int json_build(struct json_tree *tree, size_t n, int max_depth, size_t *ret_at);

/* First byte in [p, end) that is no JSON white space. */
const char *json_skip_blank(const char *p, const char *end);

/* Value of a hex digit of an escape, -1 for others. */
int json_hex(char c);
