/* One row a labelled statement of schema/queries/, made by gen.py. */
#pragma once

#include <stdbool.h>

#include "stmt.gen.h" /* enum stmt_id: STMT_* */

enum stmt_scope {
    STMT_SCOPE_NONE,
    STMT_SCOPE_STORE,
    STMT_SCOPE_TENANT,
    STMT_SCOPE_ALL
};

struct stmt_row {
    const char *label;
    const char *sql;
    enum stmt_scope scope;
    bool write;
    int n_params;     /* distinct parameters, in order of first appearance */
    int scope_param;  /* 1-based place of :store or :tenant, 0: none */
    const char *plan; /* index that EXPLAIN QUERY PLAN must name, or NULL */
    bool temp_btree;  /* a temp B-tree is expected */
};

extern const struct stmt_row stmt_rows[STMT_COUNT];
