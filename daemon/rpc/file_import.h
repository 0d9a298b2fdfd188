/* A file that is looked at row by row and becomes one proposal: the job behind
 * inventory.import and products.import. Inside rpc only. */
#pragma once

#include "model/sheet.h"
#include "rpc/call.h"

struct file_import {
    const char *what; /* is counted */
    struct sheet *(*make)(int64_t store_id, const char *store);
    size_t slice;  /* rows that are looked at without a pause */
    int64_t limit; /* sheet_sum.most staff may; 0: any */
    const struct rpc_csv_import *p;
};
/* What such a method does; p is the call's. */
int file_import(struct rpc_call *call, const struct file_import *i);
