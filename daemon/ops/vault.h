/* Files of a backup as streams: as they are, or sealed under a passphrase.
 *
 * Sealed: a head (magic, the backup's salt, a check of the key), then pieces of
 * 64 KiB, each AES-256-GCM with the head as associated data. A file has a key
 * of its own, made of the backup's key and the file's name, so that files
 * cannot be exchanged; the nonce is the piece's number and whether it is the
 * last, so that pieces cannot be exchanged, repeated or cut off. The key comes
 * from the passphrase by scrypt with a fresh salt for each backup: no nonce is
 * used twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct vault_out;
struct vault_in;

enum { VAULT_SALT = 16, VAULT_KEY = 32, VAULT_SHA = 32 };

/* The key of one backup. */
struct vault_key {
    bool sealed; /* false: files are written as they are */
    uint8_t salt[VAULT_SALT];
    uint8_t key[VAULT_KEY];
};

/* The passphrase in that file, without its line end; the caller wipes and frees
 * it. ERR_CONFIG: not there, empty, longer than 1 KiB; ERR_DENIED: others can
 * read it. */
int vault_passphrase(const char *path, char **ret, struct error *e);
/* A new key with a fresh salt; NULL: nothing is sealed. Takes a moment. */
void vault_key_new(const char *passphrase, struct vault_key *ret);
/* The key of a sealed file that is there. ERR_BACKUP_KEY: another passphrase;
 * ERR_BACKUP_DAMAGED: no sealed file; ERR_IO. */
int vault_key_of(const char *path, const char *passphrase,
                 struct vault_key *ret, struct error *e);
/* Wipes it. */
void vault_key_done(struct vault_key *k);

/* Begin a file that must not be there; name: as the backup knows it. */
int vault_create(const char *path, const struct vault_key *k, const char *name,
                 struct vault_out **ret, struct error *e);
/* Write n bytes. ERR_DISK_FULL, ERR_IO. */
int vault_write(struct vault_out *o, const void *data, size_t n,
                struct error *e);
/* Write it out to the disk and free; sha (may be NULL): of the plain bytes. */
int vault_finish(struct vault_out *o, uint8_t sha[VAULT_SHA], struct error *e);
/* Give it up: the file is removed. NULL is fine. */
void vault_drop(struct vault_out *o);

/* Begin to read; ERR_BACKUP_DAMAGED also when it is not there. */
int vault_open(const char *path, const struct vault_key *k, const char *name,
               struct vault_in **ret, struct error *e);
/* The next bytes: how many (0: the end, and it is whole), at most n; n is at
 * least VAULT_PIECE. ERR_BACKUP_DAMAGED: changed or cut off; ERR_IO. */
enum { VAULT_PIECE = 65536 };
int64_t vault_read(struct vault_in *i, void *data, size_t n, struct error *e);
/* sha of what was read so far (may be NULL); frees. */
void vault_close(struct vault_in *i, uint8_t sha[VAULT_SHA]);
