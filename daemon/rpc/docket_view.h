/* An order as its papers tell of it. Inside rpc only. */
#pragma once

#include <stdbool.h>

#include "common/lang.h"
#include "common/ref.h"
#include "out/docket.h"

struct db_tx;
struct rpc_call;
struct rpc_paper;

/* Read in the caller's scope, with changes on their way: a parcel goes where
 * the address was changed to. parcel: 1, 2 ..; 0: the order as a whole. All in
 * the call's arena. ERR_NOT_FOUND names `ref` or `parcel`. */
int docket_read(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                int parcel, enum text_lang lang, struct docket *ret);

/* The language of a paper: what was asked for, what the setting says, what they
 * speak. On the loop: settings change there. */
enum text_lang documents_lang(const struct rpc_call *call,
                              const struct rpc_paper *p);
