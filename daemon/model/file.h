/* Files people hand over: their rows. The bytes are file_store.h's.
 *
 * Who sees one: those who see the message it hangs on; while it hangs on
 * nothing its author alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "model/file_store.h"

struct arena;
struct db_tx;
struct ticket_eye;

enum { FILE_ID_TEXT = 24 };
/* 12 as "F-12"; and back: ERR_INVALID. */
const char *file_id_format(char dst[FILE_ID_TEXT], int64_t id);
int file_id_parse(const char *text, int64_t *ret);

struct file {
    int64_t id, size, created_ms;
    uint8_t sha[FILE_SHA];
    const char *type, *name, *author;
    bool linked;       /* it hangs on something */
    int64_t ticket_id; /* 0: on no ticket */
};

/* A row for bytes that are kept (file_part_keep). */
int file_add(struct db_tx *tx, const struct file *f, int64_t *ret);
/* 1 found, 0: not there, or not for that eye. */
int file_get(struct db_tx *tx, int64_t id, const struct ticket_eye *eye,
             struct arena *a, struct file *ret);
/* One's own that hangs on nothing yet, on a message. ERR_INVALID: it is not
 * one. */
int file_hang(struct db_tx *tx, int64_t id, const struct ticket_eye *eye,
              int64_t message_id, struct error *e);
/* Those of a message, whoever asks; and those somebody sent that hang on
 * nothing, at most 500. */
int file_list_of(struct db_tx *tx, int64_t message_id, struct arena *a,
                 struct file **ret, size_t *ret_n);
int file_list_own(struct db_tx *tx, const char *author, struct arena *a,
                  struct file **ret, size_t *ret_n);
/* Its row goes; its bytes with the next sweep. */
int file_drop(struct db_tx *tx, int64_t id);
/* Bytes of all rows. */
int file_total(struct db_tx *tx, int64_t *ret);
