/* What this house says of a customer: tags, and notes nobody outside reads.
 *
 * They are of the contact. A guest's go along to whom the guest becomes: the
 * account that is opened, or another e-mail on the last order. Not to an
 * address in .invalid: that is what a shop's eraser makes of a person, and
 * what was said of the person goes with it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct buf;
struct customer_item;
struct db_tx;

enum { CONTACT_NOTES_MAX = 100, CONTACT_NOTE_TEXT = 2000, NOTE_NAME = 24 };

struct contact_note {
    int64_t id, at_ms;
    const char *author, *text;
};

/* "N-12"; and back: 0, or ERR_INVALID. */
const char *contact_note_format(char dst[NOTE_NAME], int64_t id);
int contact_note_parse(const char *text, int64_t *ret_id);

/* A customer of the caller's scope (customer_item_get). ERR_INVALID: no tag
 * (model/hold.h); ERR_TOO_BIG: TAGS_MAX. One that is (not) there already is no
 * error. The feed is told of every change. */
int contact_tag_add(struct db_tx *tx, const struct customer_item *c,
                    const char *tag, struct error *e);
int contact_tag_remove(struct db_tx *tx, const struct customer_item *c,
                       const char *tag);
/* ERR_INVALID: nothing, or too long; ERR_TOO_BIG: CONTACT_NOTES_MAX. */
int contact_note_add(struct db_tx *tx, const struct customer_item *c,
                     const char *text, const char *who, int64_t *ret_id,
                     struct error *e);
/* ERR_NOT_FOUND: the customer has no such note. */
int contact_note_remove(struct db_tx *tx, const struct customer_item *c,
                        int64_t id, struct error *e);

/* Tags by name as ",a,b,"; nothing when there are none. */
int contact_tags(struct db_tx *tx, int64_t contact_id, struct buf *out);
/* Newest first, in the arena. */
int contact_notes(struct db_tx *tx, int64_t contact_id, struct arena *a,
                  struct contact_note **ret, size_t *ret_n);

/* The contact is going: its marks become those of `to`, or (0, or nobody's
 * address) go as well. */
int contact_marks_leave(struct db_tx *tx, int64_t id, int64_t to);
