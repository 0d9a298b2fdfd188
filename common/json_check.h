/* The strict grammar of JSON (RFC 8259) over raw bytes, without building
 * anything; the part of json.c that stands before cJSON. */
#pragma once

#include <stddef.h>

enum { JSON_DEPTH_MAX = 1000 /* highest max_depth a caller may set */ };

/* Check the one value at the start of the text (white space before it is
 * fine). Escaped NULs, bare control characters and numbers longer than 63
 * bytes are faults; UTF-8 is not looked at. Returns 0 with *ret_at just behind
 * the value, or ERR_PARSE / ERR_TOO_DEEP with *ret_at at the fault (== n when
 * the text is cut). */
int json_check(const char *text, size_t n, int max_depth, size_t *ret_at);

/* First byte in [p, end) that is no JSON white space. */
const char *json_skip_blank(const char *p, const char *end);
