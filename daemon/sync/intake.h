/* One answer on its way into the mirror: parsed on a reader thread, applied by
 * the writer together with the checkpoint that led to it, or only compared.
 *
 * Happy path: intake_start takes the body; the parse job makes a struct page;
 * the write job applies it; done runs on the loop with the counts.
 * Failure modes: no JSON or a failed write end in done with the error; nothing
 * of the page is then in the mirror. A full job queue is waited out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/json.h"
#include "model/mirror.h"
#include "model/store.h"
#include "shop/page.h"
#include "sync/diff.h"

struct db;
struct db_tx;
struct env;
struct intake;

/* Which fields of a checkpoint the write job sets; the rest stays. */
enum intake_edit {
    INTAKE_KEEP, /* none */
    INTAKE_SCAN, /* phase, page, pages, done, total, started; expect = page */
    INTAKE_MARK, /* mark, walk, success, changed */
};

struct intake_row { /* a row that differs, in compare mode */
    int64_t remote_id;
    bool missing;     /* not in the mirror, or gone there */
    struct diff diff; /* of a single object: where they differ */
};

struct intake_result {
    int status; /* 0 or ERR_* */
    struct error error;
    struct page *page; /* borrowed; NULL when status < 0 */
    struct mirror_stats stats;
    struct intake_row *differ; /* compare mode; borrowed */
    size_t n_differ;
};

typedef void (*intake_done_fn)(void *arg, const struct intake_result *r);
/* The page is parsed, not yet applied: the moment to plan the next request and
 * to set the checkpoint edit (intake_checkpoint). */
typedef void (*intake_parsed_fn)(void *arg, struct intake *in,
                                 const struct page *page);

struct intake_options {
    struct db *db;
    const struct env *env;
    struct mirror_read read;
    enum mirror_kind kind;
    int64_t parent_id;       /* notes: the order */
    bool compare;            /* only compare truth hashes, write nothing */
    bool skip_same;          /* byte-equal rows are not parsed */
    intake_parsed_fn parsed; /* may be NULL */
    /* In the transaction that applies the page, behind it; what it returns
       below 0 undoes both. May be NULL. */
    int (*also)(struct db_tx *tx, void *arg);
    intake_done_fn done;
    void *arg;
};

/* Takes over `body` (leaves BUF_INIT); json is a range inside it. */
void intake_start(const struct intake_options *o, struct buf *body,
                  struct json_slice json);

/* From `parsed` only: set these checkpoint fields with the page. With
 * INTAKE_SCAN the stored page must equal `expect`, else the job fails: an
 * earlier page of the chain is missing. */
void intake_checkpoint(struct intake *in, enum intake_edit edit, int64_t expect,
                       const struct checkpoint *values);

/* Set checkpoint fields without a page. done(arg, status). */
void intake_edit_only(struct db *db, const struct env *env, int64_t store_id,
                      enum intake_edit edit, const struct checkpoint *values,
                      void (*done)(void *arg, int status), void *arg);
