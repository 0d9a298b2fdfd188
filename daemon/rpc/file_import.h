/* A file that is looked at row by row and becomes one proposal: the job behind
 * products.import. Inside rpc only. */
#pragma once

#include "model/stock_file.h"
#include "rpc/call.h"

struct db_tx;

/* What kind of file it is; the functions are of model/stock_file.h and its
 * kin. */
struct file_kind_ops {
    const char *method, *what; /* for the audit; what is counted */
    void (*free)(void *file);
    int (*look)(struct db_tx *tx, void *file, size_t max, struct error *e);
    void (*sum)(const void *file, struct stock_sum *ret);
    int (*propose)(struct db_tx *tx, const void *file, const char *author,
                   const char *reason, bool over, bool at_once, int64_t *ret,
                   struct error *e);
    int64_t (*limit)(const struct rpc *r); /* sum.most staff may; 0: any */
};

struct file_import {
    const struct file_kind_ops *ops;
    void *file; /* passes to the job */
    int64_t store_id;
    const char *store;
    bool apply, propose;
    const char *reason; /* NULL: none */
};
/* On the loop, after the file was made. */
int file_import_begin(struct rpc_call *call, const struct file_import *i);
