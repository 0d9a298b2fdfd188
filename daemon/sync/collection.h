/* What sync knows about each collection: one row a collection. */
#pragma once

#include <stdbool.h>

#include "model/mirror.h"
#include "shop/request.h"
#include "sync/sync.h"

struct collection_row {
    const char *name;       /* as in --only and checkpoints */
    enum mirror_kind kind;  /* what its rows become */
    enum collection remote; /* where they are; notes: COLLECTION_COUNT */
    bool has_modified;      /* can be asked for changes */
    bool rows_dated;        /* its rows carry date_modified_gmt */
    bool has_trash;         /* status=trash lists its trashed rows */
};

const struct collection_row *collection_row(enum sync_collection c);
