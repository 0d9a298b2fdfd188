/* Asking the demo shop without a network. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct buf;
struct chance;
struct exchange;
struct sim;
struct store;

struct door_request {
    const char *method, *uri; /* path?query */
    const char *authorization, *content_type, *accept;
    const void *body;
    size_t body_n;
};

/* Open the shop of s->style. */
void door_open(struct sim *s);
void door_close(struct sim *s);
/* The shop's clock follows ours. */
void door_clock(struct sim *s);

/* Ask now; the answer stands in x until exchange_done(x). Borrows r. */
void door_ask(struct sim *s, const struct door_request *r, struct exchange *x);
/* As the shopkeeper: a path with the right keys and JSON printed as printf
 * does. Status. */
int door_tell(struct sim *s, const char *method, const char *path,
              const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Webhooks' events: fn(s, topic, id). */
void door_listen(struct sim *s,
                 void (*fn)(void *s, const char *topic, int64_t id));
/* The id of any row of a kind; 0: there is none. */
int64_t door_any(const struct sim *s, const char *kind, struct chance *c);
/* The shop's store (tests/shop/store.h; the model has another). */
struct store *door_store(const struct sim *s);

/* The stock a product's or variation's path is about; INT64_MIN: none. */
int64_t door_stock(const struct sim *s, const char *uri);

/* For those who cannot see the shop's own structures; kinds by name. */

/* All rows of a kind as one JSON array; how many. */
size_t door_rows(struct sim *s, const char *kind, struct buf *out);
enum door_state { DOOR_NONE, DOOR_THERE, DOOR_TRASHED };
/* Is there a note of that id, and of an open order (DOOR_THERE)? Of another
 * one: DOOR_TRASHED. */
enum door_state door_note_open(const struct sim *s, int64_t id);
/* The next note of an open order behind that id; 0: no more. */
int64_t door_note_next(const struct sim *s, int64_t after);
enum door_state door_look(const struct sim *s, const char *kind, int64_t id);
