/* A line of a client -> calls of handlers: parses, checks session, rights and
 * parameters by the generated tables. Inside rpc only. */
#pragma once

#include <stddef.h>

struct rpc_conn;

/* One whole line, a message or a batch. Every fault in it is answered. */
void dispatch_line(struct rpc_conn *c, const char *text, size_t n);

/* Answer with an error that belongs to no message. */
void dispatch_refuse(struct rpc_conn *c, int code, const char *why);
