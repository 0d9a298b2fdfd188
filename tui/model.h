/* Rows as the screens show them, read from the daemon's answers into fixed
 * fields: no allocation a row, nothing outlives its page. Missing or odd
 * fields are empty, never a failure; only a row without its name is one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ref.h"

struct buf;
struct json;

/* Text field into dst, "" when absent. */
void model_text(char *dst, size_t size, const struct json *v, const char *path);
/* The string at a path, "" when absent; lives as long as v. */
const char *model_str(const struct json *v, const char *path);
/* Whole number at a path, `other` when absent. */
int64_t model_int(const struct json *v, const char *path, int64_t other);
bool model_flag(const struct json *v, const char *path);
/* Instant at a path in ms, 0 when absent. */
int64_t model_time(const struct json *v, const char *path);
/* Does the array at path hold this string? */
bool model_has(const struct json *v, const char *path, const char *word);
/* The array's strings, comma separated. */
void model_join(char *dst, size_t size, const struct json *v, const char *path);
/* {"TRY": "1.50", ...} as "1.50 TRY  2.00 EUR", thousands separated. */
void model_amounts(char *dst, size_t size, const struct json *v,
                   const char *path);
/* A decimal string for people: "148220.40" -> "148,220.40". */
void model_money(char *dst, size_t size, const char *decimal);

/* The state of an object's changes that a person must know first: conflict,
 * refused, unknown, sending, queued, awaiting; "" when nothing is pending. */
void model_pending(char dst[12], const struct json *v);
/* The short word of a change's state, and its role. */
const char *change_state_word(const char *state);
int change_state_role(const char *state);

struct order_row {
    char ref[REF_TEXT], store[33], number[40];
    char status[40];
    char wanted[40]; /* effective status when the shop's differs, else "" */
    char currency[8], total[32], items[24];
    char name[96], email[96];
    char holds[64], tags[64];
    char work[12], work_pick[24], work_who[64]; /* "" nobody works on it */
    char pending[12]; /* the most urgent state of its changes, "" none */
    int64_t created_ms, lines;
    bool late, refunded, unmapped, unlisted, gone, note;
};
int order_row_read(const struct json *v, void *row);
const char *order_row_key(const void *row);
/* What a person must know of it beside its status: "late", "hold:fraud" ... */
void order_row_flags(const struct order_row *r, char *dst, size_t size,
                     int *ret_role);

struct product_row {
    char ref[REF_TEXT], store[33], sku[64], name[160];
    char type[24], status[24], price[32], sale[32], currency[8];
    char stock[24]; /* "" where not counted */
    char stock_status[24];
    char low_amount[24];
    char categories[120];
    char pending[12]; /* as an order's */
    int64_t variations, parent_id;
    char available[24]; /* of a bundle */
    bool low, bundle;
};
int product_row_read(const struct json *v, void *row);
const char *product_row_key(const void *row);
/* The stock in words and a role: "2 low", "out", "12", "yes". */
void product_row_stock(const struct product_row *r, char *dst, size_t size,
                       int *ret_role);

/* Quantities as the daemon says them, "" where the warehouse has none. */
struct level_row {
    char ref[REF_TEXT], sku[64], name[160];
    char shop[24], on_hand[24], reserved[24], available[24], incoming[24];
    char bin[33], tracking[8], expires[12];
    bool low, due, expiring, bundle;
};
int level_row_read(const struct json *v, void *row);
const char *level_row_key(const void *row);

struct lot_row {
    char key[REF_TEXT + 66]; /* product and lot */
    char ref[REF_TEXT], lot[65], sku[64], name[160];
    char expires[12], state[16], quantity[24], bin[33];
};
int lot_row_read(const struct json *v, void *row);
const char *lot_row_key(const void *row);
/* How a lot's state is shown. */
int lot_role(const char *state);

struct category_row {
    char ref[80], store[33], name[201], path[400];
    int64_t products;
};
int category_row_read(const struct json *v, void *row);
const char *category_row_key(const void *row);

struct bin_row {
    char code[33], zone[33];
    int64_t place, items;
    bool quarantine, disabled;
};
int bin_row_read(const struct json *v, void *row);
const char *bin_row_key(const void *row);

struct inbound_row {
    char id[24], tenant[33], reference[65], supplier[100], state[16];
    char expected[24], received[24];
    int64_t expected_ms;
};
int inbound_row_read(const struct json *v, void *row);
const char *inbound_row_key(const void *row);

struct count_row {
    char id[24], state[16], note[201], by[48];
    int64_t bins, visited, begun_ms;
};
int count_row_read(const struct json *v, void *row);
const char *count_row_key(const void *row);

struct customer_row {
    char ref[400], store[33], name[96], email[96], phone[40];
    char city[64], country[8], spent[64];
    char tags[120]; /* "vip,late" */
    int64_t orders, last_order_ms;
    bool guest;
};
int customer_row_read(const struct json *v, void *row);
const char *customer_row_key(const void *row);

struct progress_row {
    char collection[24];
    int64_t done, total, rate, eta_s; /* -1 unknown */
    bool running;
};
void progress_row_read(const struct json *v, struct progress_row *ret);

/* Our webhooks at a shop; known false: the daemon did not say. */
struct hooks_row {
    bool known, poll;
    char reason[300], cure[300], copied[200];               /* "" none */
    int64_t active, disabled, last_ms, lag_ms, disabled_ms; /* lag -1: none */
};

struct store_row {
    char name[33], title[100], url[200], state[16];
    char reason[300], cure[300];
    char storage[8], version[24], auth[8];
    bool can_write, held;
    int64_t fresh_ms, orders, products, customers;
    int64_t queue, attention, rate, interval_s, next_ms;
    int64_t verify_ms, verify_rows, verify_differences; /* ms 0: never */
    struct progress_row progress;
    struct hooks_row hooks;
};
/* "ok 3m", "disabled 2", "poll", and its role; "" when not known. age: of the
 * last delivery, in words. */
void hooks_row_word(const struct hooks_row *h, const char *age, char *dst,
                    size_t size, int *ret_role);
int store_row_read(const struct json *v, void *row);
const char *store_row_key(const void *row);
int store_state_role(const char *state);

struct attention_row {
    char id[24], store[33], collection[24], remote_id[24], what[16];
    char ref[80]; /* of a stock drift: the listing; else "" */
    char detail[300], cure[300];
    int64_t since_ms, tries;
};
int attention_row_read(const struct json *v, void *row);
/* The same of a row of inventory.drift. */
int attention_row_drift(const struct json *v, void *row);
const char *attention_row_key(const void *row);

/* What may be done with a change as it stands. */
enum change_can {
    CAN_APPROVE,
    CAN_RETRY,
    CAN_EDIT,
    CAN_DISCARD,
    CAN_MINE,
    CAN_THEIRS,
    CAN_HAPPENED,
    CAN_AGAIN,
};

struct change_row {
    char id[28], store[33], ref[REF_TEXT]; /* ref "": not there yet */
    char kind[16], act[16], state[12];
    char author[64], approver[64], reason[200], code[32];
    char words[160]; /* what it is about: "status: completed" */
    char label[200]; /* the same behind its object */
    char text[300], cure[300];
    int64_t created_ms, changed_ms, sent_ms, next_ms, attempts;
    unsigned can; /* bits of enum change_can */
    bool ambiguous;
};
int change_row_read(const struct json *v, void *row);
const char *change_row_key(const void *row);
bool change_row_can(const struct change_row *r, enum change_can what);
/* One value of a change for people; "-" for none. */
void change_value(struct buf *out, const char *path, const struct json *v);
/* What one of its paths is to be; of stock: "+25". */
void change_wanted(struct buf *out, const struct json *path);
/* What became of it in one sentence: "alpine:1779 is completed at the shop." */
void change_outcome(const struct json *v, struct buf *out, int *ret_role);

/* What may be done with a return as it stands. */
enum return_can {
    RETURN_APPROVE,
    RETURN_REJECT,
    RETURN_RECEIVE,
    RETURN_INSPECT,
    RETURN_RESTOCK,
    RETURN_REFUND,
    RETURN_CLOSE,
};

struct return_row {
    char id[24], store[33], order[REF_TEXT], number[40]; /* */
    char customer[96], state[16], reason[24];
    char note[300], decision[300];
    char quantity[24], received[24];
    char refund[28], amount[32]; /* refund "": none asked for */
    int64_t created_ms, changed_ms;
    unsigned can; /* bits of enum return_can */
};
int return_row_read(const struct json *v, void *row);
const char *return_row_key(const void *row);
int return_state_role(const char *state);

struct mail_row {
    char id[24], about[32], template[32], to[96], subject[160]; /* M-12 */
    char state[16], text[300];
    int64_t changed_ms;
    bool retry, discard; /* may be done with it */
};
int mail_row_read(const struct json *v, void *row);
const char *mail_row_key(const void *row);
int mail_state_role(const char *state);
