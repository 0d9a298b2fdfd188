/* Numbered migrations, each in one transaction, after a copy was taken. */
#pragma once

#include "common/err.h"

struct db_conn;
struct env;

struct migration {
    int number; /* 1 and up, without gaps */
    const char *name;
    const char *sql;
};

/* Those of schema/sql. */
extern const struct migration migration_rows[];
extern const int migration_count;

/* Is the existing file at path ours: 0, or ERR_DB (another program's tables),
 * ERR_DB_CORRUPT, ERR_IO. Changes nothing. */
int migrate_check_ours(const char *path, const struct env *env,
                       struct error *e);

/* Bring the file up to rows[n - 1]. A file with data is copied to
 * PATH.before-NNN first (free space is checked). A newer file is accepted while
 * its meta.compat allows, else ERR_DB_NEWER. A migration that fails leaves the
 * file as it was. */
int migrate_run(struct db_conn *c, const char *path,
                const struct migration *rows, int n, struct error *e);
