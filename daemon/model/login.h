/* Sessions that outlive a connection, and named tokens of scripts: kept as
 * digests of what the client holds. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

enum { LOGIN_MAX = 5 }; /* sessions a user; one more ends the longest unused */

struct login {
    int64_t id, user_id;
    char uuid[27];
    char kind[8];   /* resume login http */
    char place[80]; /* uid:1000, or network and agent */
    char client[65];
    int64_t created_ms, used_ms, until_ms;
};

/* Fills id and uuid. What is over LOGIN_MAX is ended, and told to ended(). */
int login_create(struct db_tx *tx, const uint8_t random[10],
                 const uint8_t digest[32], struct login *l,
                 void (*ended)(int64_t id, void *arg), void *arg);
/* 1 found and not over, 0 not. */
int login_find(struct db_tx *tx, const uint8_t digest[32], struct login *ret);
int login_by_uuid(struct db_tx *tx, const char *uuid, struct login *ret);
/* It was used now; good for keep_ms more. */
int login_used(struct db_tx *tx, int64_t id, int64_t keep_ms);
/* Another token from now on; the one before is remembered as spent. */
int login_turn(struct db_tx *tx, int64_t id, const uint8_t old[32],
               const uint8_t digest[32]);
/* The session a spent token belonged to: 1 found. */
int login_spent(struct db_tx *tx, const uint8_t digest[32], int64_t *ret_id);
/* ERR_NOT_FOUND. */
int login_end(struct db_tx *tx, int64_t id);
/* All of a user's but one (0: none). */
int login_end_all(struct db_tx *tx, int64_t user_id, int64_t but);
/* user_id 0: everybody's. */
int login_each(struct db_tx *tx, int64_t user_id,
               int (*fn)(const struct login *l, void *arg), void *arg);
/* Forget what is over. */
int login_trim(struct db_tx *tx);

struct api_token {
    int64_t id, user_id;
    char uuid[27];
    char name[65];
    bool read_only;
    bool some; /* of the stores of api_token_stores alone */
    int64_t created_ms, used_ms, until_ms; /* until 0: for ever */
};
/* Fills id and uuid. stores NULL: all its user sees. */
int api_token_create(struct db_tx *tx, const uint8_t random[10],
                     const uint8_t digest[32], struct api_token *t,
                     const int64_t *stores, size_t n);
/* 1 found and not over, 0 not. */
int api_token_find(struct db_tx *tx, const uint8_t digest[32],
                   struct api_token *ret);
int api_token_by_uuid(struct db_tx *tx, const char *uuid,
                      struct api_token *ret);
int api_token_stores(struct db_tx *tx, int64_t id, struct arena *a,
                     int64_t **ret, size_t *ret_n);
int api_token_used(struct db_tx *tx, int64_t id);
int api_token_end(struct db_tx *tx, int64_t id);
int api_token_end_all(struct db_tx *tx, int64_t user_id);
int api_token_each(struct db_tx *tx, int64_t user_id,
                   int (*fn)(const struct api_token *t, void *arg), void *arg);
