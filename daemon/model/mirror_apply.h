/* Inside the model only: what applying an object has in common over all kinds.
 * A kind looks its row up, asks mirror_judge what to do, and writes. */
#pragma once

#include "db/sql.h"
#include "model/mirror.h"

/* The stored row an object meets; id 0: none. */
struct mirror_found {
    int64_t id, read_seq;
    int gone;
    bool raw_same;  /* the very bytes are stored */
    bool hash_same; /* the truth is equal */
};

enum mirror_verdict {
    MIRROR_NEW,     /* insert */
    MIRROR_STALE,   /* sent before the last read or write: mirror_late */
    MIRROR_SAME,    /* nothing to do */
    MIRROR_SEEN,    /* equal truth, other bytes: keep them, tell nobody */
    MIRROR_CHANGED, /* update */
};

/* One job of one kind. */
struct mirror_apply {
    struct db_tx *tx;
    const struct mirror_read *read;
    struct mirror_stats *st;
    enum mirror_kind kind;
    bool aside;   /* something of this kind is set aside for the store */
    bool changes; /* the store has open changes of this kind */
    bool erased;  /* somebody of the store was erased (erased.h) */
};

/* Begin a job of one kind; read and st are borrowed until mirror_end. */
int mirror_begin(struct mirror_apply *m, struct db_tx *tx,
                 const struct mirror_read *read, enum mirror_kind kind,
                 struct mirror_stats *st);

/* Look o up with a *_FIND statement, whose first five columns are id,
 * read_seq, raw_hash, hash, gone. *ret_rows stays on the row for the kind's
 * own columns (NULL when there is none); the caller ends it. */
int mirror_find(const struct mirror_apply *m, enum stmt_id find,
                const struct mirror_object *o, struct mirror_found *ret,
                struct db_rows **ret_rows);

/* What to do with an object whose state is `gone` (0 or 1); counts it. */
enum mirror_verdict mirror_judge(const struct mirror_apply *m,
                                 const struct mirror_found *f, int gone);

/* Store the kept object under our id with a *_OBJECT_PUT statement. */
int mirror_keep(struct db_tx *tx, enum stmt_id put, int64_t id,
                const struct mirror_object *o);

/* MIRROR_SEEN: note the later read and keep the bytes it came with. seen: a
 * *_SEEN statement. */
int mirror_seen(const struct mirror_apply *m, enum stmt_id seen,
                enum stmt_id put, int64_t id, const struct mirror_object *o);

/* MIRROR_STALE: nobody can tell which of the two answers is the shop's last
 * word. It is read again. */
int mirror_late(const struct mirror_apply *m, const struct mirror_object *o);

/* After an object was written: a feed row about remote_id (unless bulk), and
 * what was set aside for `o` forgotten. */
int mirror_told(const struct mirror_apply *m, const struct mirror_object *o,
                int64_t feed_id);

/* End of the job: the one feed row of a bulk read that wrote something. */
int mirror_end(const struct mirror_apply *m);

/* *sum += *part; callers' counts grow only when the job went well. */
void mirror_stats_add(struct mirror_stats *sum,
                      const struct mirror_stats *part);

/* The topic a kind's changes are told under. */
const char *mirror_topic(enum mirror_kind k);
