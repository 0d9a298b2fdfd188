/* Names of stores by id on the loop thread; they never change. Inside rpc. */
#pragma once

#include <stdint.h>

#include "rpc/room.h"

struct rpc_name {
    int64_t id;
    char name[33];
};

/* Read all of them; asynchronous. */
void names_load(struct rpc *r);
/* Forget them; no load may be on its way. */
void names_free(struct rpc *r);
/* NULL while unknown: then it is being read. */
const char *names_of(struct rpc *r, int64_t id);
/* The id of a name; 0: unknown. */
int64_t names_id(const struct rpc *r, const char *name);
/* A new store. */
void names_put(struct rpc *r, int64_t id, const char *name);
