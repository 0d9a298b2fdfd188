/* What the model's tests share: an empty database in memory, jobs run inside
 * the call, orders made from a few numbers. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/conn.h"
#include "db/db.h"
#include "model/kept.h"
#include "model/order.h"
#include "model/store.h"

/* Every job of a fixture sees this time, plus `fx_clock`. */
enum { FX_NOW = 1000000 };
extern int64_t fx_clock;

/* A whole test as one write job of a fresh database with two stores, ids 1
 * and 2. */
void fx_run(int (*test)(struct db_tx *tx, void *unused));
#define TX_TEST(name)                                                          \
    static int name##_tx(struct db_tx *tx, void *unused);                      \
    static void name(void **state) {                                           \
        (void)state;                                                           \
        fx_run(name##_tx);                                                     \
    }                                                                          \
    static int name##_tx(struct db_tx *tx, void *unused __attribute__((unused)))

/* One integer by SQL text. */
int64_t fx_sql(struct db_tx *tx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* One text by SQL text, in a static buffer. */
const char *fx_text(struct db_tx *tx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Hashes that differ with v. */
void fx_hash(uint8_t ret[16], int64_t v);

/* A guest's order with n_lines lines, truth and bytes told apart by
 * `version`. Strings live in static storage. */
struct order fx_order(int64_t remote_id, int64_t version, size_t n_lines);

/* A read of store 1 sent as number seq. */
struct mirror_read fx_read(int64_t seq);

/* Apply it as the answer of read `seq`, with that JSON as its kept object;
 * needs kept_use. */
void fx_put_order(struct db_tx *tx, struct order *o, int64_t seq,
                  const char *json);
/* The same of a refund of that order. */
void fx_put_refund(struct db_tx *tx, int64_t remote_id, int64_t order,
                   const char *json);
