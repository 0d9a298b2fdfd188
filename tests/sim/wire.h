/* The network between the daemon and the shop, with its faults: a transport in
 * place of curl. A request becomes a parcel that arrives at the shop on its
 * own, whoever still waits for the answer. */
#pragma once

#include "net/http.h"

struct life;
struct sim;

/* Requests of this life. */
struct http_transport wire_transport(struct life *l);

/* The daemon is gone: its requests are answered as broken, what had left goes
 * on to the shop. */
void wire_abandon(struct life *l);

/* Is a write of that change still on its way? */
bool wire_carries(const struct sim *s, const char *uuid);

/* Drop everything under way. */
void wire_done(struct sim *s);
