/* Addresses of this room: where we listen, who is calling. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct sockaddr;

/* An IPv6 address, an IPv4 one inside it (::ffff:a.b.c.d); all zero: unknown.
 */
struct address {
    uint8_t ip[16];
};
enum { ADDRESS_TEXT = 48 };

/* Of a socket's peer. */
struct address address_of(const struct sockaddr *sa);
/* From text: "192.0.2.1", "2001:db8::1". ERR_INVALID. */
int address_parse(const char *text, struct address *ret);
/* This machine. */
bool address_is_local(const struct address *a);
bool address_equal(const struct address *a, const struct address *b);
/* As text, for logs. */
const char *address_text(char dst[ADDRESS_TEXT], const struct address *a);

/* A network: addresses that begin with the same bits. */
struct network {
    struct address base;
    int bits; /* of 128; an IPv4 network's are 96 more */
};
/* From "10.0.0.0/8", "2001:db8::/32" or one address. ERR_INVALID. */
int network_parse(const char *text, struct network *ret);
bool network_has(const struct network *n, const struct address *a);

/* A listening socket for "ADDR:PORT" ("127.0.0.1:8080", "[::1]:8080",
 * "*:8080"): the descriptor and the port it got. ERR_CONFIG: no such address
 * here; ERR_LOCKED: in use; ERR_DENIED: not for this account; ERR_IO. */
int address_listen(const char *text, int *ret_fd, int *ret_port,
                   struct error *e);
