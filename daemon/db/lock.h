/* The file before SQLite touches it: who holds it, is it ours, which file is
 * it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct db_conn;
struct db_identity;
struct env;

/* In the header of our files: "FULX". */
enum { DB_APPLICATION_ID = 0x46554c58 };

/* Take PATH.lock; *ret_fd keeps it until closed. ERR_LOCKED, ERR_IO. */
int lock_take(const char *path, int *ret_fd, struct error *e);

/* The first 100 bytes of an existing file: 0 good or not there,
 * ERR_DB_CORRUPT, ERR_DB (another program's), ERR_IO. */
int header_check(const char *path, struct error *e);

/* Read or make instance_id, count the epoch up when the file was moved, and
 * write down where it is now. */
int identity_load(struct db_conn *c, const char *path, const struct env *env,
                  struct db_identity *ret, struct error *e);
