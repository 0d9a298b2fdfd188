/* What the two halves of the vault share. Internal to them. */
#pragma once

#include "ops/vault.h"

#define VAULT_MAGIC "FXBACK1\n"
enum {
    VAULT_CHECK = 8,
    VAULT_HEAD = 8 + VAULT_SALT + VAULT_CHECK,
    VAULT_TAG = 16,
    VAULT_NONCE = 12,
};

/* What a sealed file of this key begins with. */
void vault_head_make(const struct vault_key *k, uint8_t head[VAULT_HEAD]);
/* The key of one file. */
void vault_file_key(const struct vault_key *k, const char *name,
                    uint8_t ret[VAULT_KEY]);
