/* Rows of the screens about people: users, tenants, sessions, tokens, and what
 * was done. As in model.h: fixed fields, missing ones empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

struct user_row {
    char name[33], title[100], role[8], tenant[33];
    char stores[200], accounts[200]; /* with commas */
    bool all_stores, read_only, active, password, totp;
    int64_t seen_ms;
};
int user_row_read(const struct json *v, void *row);
const char *user_row_key(const void *row);
/* "active", "deactivated", "invited" (nobody could sign in yet), and its role
 * on the screen. */
const char *user_row_state(const struct user_row *r, int *ret_role);
/* What they see in words: their stores, all of them, or none. */
const char *user_row_sees(const struct user_row *r);

struct tenant_row {
    char name[33], title[100];
    int64_t stores, users;
};
int tenant_row_read(const struct json *v, void *row);
const char *tenant_row_key(const void *row);

struct session_row {
    char id[28], user[33], kind[12], place[100], client[68];
    bool connected, current;
    int64_t used_ms, until_ms;
};
int session_row_read(const struct json *v, void *row);
const char *session_row_key(const void *row);

struct token_row {
    char id[28], name[68], stores[200]; /* stores "": all of one's own */
    bool read_only;
    int64_t created_ms, used_ms, until_ms; /* 0: never */
};
int token_row_read(const struct json *v, void *row);
const char *token_row_key(const void *row);

struct audit_row {
    char id[24], who[68], from[100], action[40], object[100], what[300];
    bool ok;
    int64_t at_ms;
};
int audit_row_read(const struct json *v, void *row);
const char *audit_row_key(const void *row);
