/* Tolerant typed reading of one JSON object's members, with the path of the
 * first fault. Once a fault is noted the reader stays failed and the rest reads
 * as empty, so a decoder checks once at its end. Internal to this room. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shop/decode.h"

enum {
    FIELD_TEXT = 255, /* longest list column; the kept object has it all */
    FIELD_SLUG = 64,
    FIELD_LONG = 65536 /* notes */
};

/* Largest integer JSON carries exactly. */
#define FIELD_ID_MAX ((INT64_C(1) << 53) - 1)

struct field_reader {
    struct arena *arena;
    struct buf *scratch;
    struct decode_fault *fault;
    const char *list; /* inside list[index], else NULL */
    size_t index;
    bool failed;
};

void field_init(struct field_reader *r, struct arena *a, struct buf *scratch,
                struct decode_fault *f);
/* Note the first fault at `key`; always returns ERR_INVALID. */
int field_fail(struct field_reader *r, const char *key, const char *reason);

/* 1..2^53-1; anything else is a fault. */
int64_t field_id(struct field_reader *r, const struct json *o, const char *key);
/* 0..2^53-1; absent, null, false and "" are 0. */
int64_t field_ref(struct field_reader *r, const struct json *o,
                  const char *key);
/* Text in the arena, at most max bytes on a character's edge; "" when there is
 * none. */
const char *field_text(struct field_reader *r, const struct json *o,
                       const char *key, size_t max);
/* As field_text with HTML entities decoded. */
const char *field_decoded(struct field_reader *r, const struct json *o,
                          const char *key, size_t max);
/* UTC ms of a *_gmt member; 0 when absent or null. */
int64_t field_time(struct field_reader *r, const struct json *o,
                   const char *key);
/* value * 10^scale, digits beyond the scale rounded half away from zero;
 * `none` when absent, null or "". */
int64_t field_decimal(struct field_reader *r, const struct json *o,
                      const char *key, int scale, int64_t none);
/* false when absent, null or no boolean. */
bool field_bool(const struct json *o, const char *key);

/* Text in the arena out of the scratch buffer, cut like field_text. */
const char *field_keep(struct field_reader *r, const char *s, size_t n,
                       size_t max);
/* Folded copy in the arena. */
const char *field_fold(struct field_reader *r, const char *s);
/* first + " " + last without needless spaces, in the arena. */
const char *field_join(struct field_reader *r, const char *first,
                       const char *last);
