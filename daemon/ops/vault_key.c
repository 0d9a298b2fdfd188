/* From a passphrase to the keys of a backup and its files. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "ops/vault_file.h"

enum {
    PASSPHRASE_MAX = 1024,
    SCRYPT_N = 1 << 14, /* with r 8: 16 MiB while it is made ... */
    SCRYPT_R = 8,
    SCRYPT_P = 5, /* ... five times over, instead of more memory */
    SCRYPT_MEMORY = 32 << 20,
};

static int read_text(int fd, char text[PASSPHRASE_MAX + 1]) {
    ssize_t n = read(fd, text, PASSPHRASE_MAX + 1);
    if (n < 0 || n > PASSPHRASE_MAX)
        return ERR_CONFIG;
    text[n] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    return *text ? 0 : ERR_CONFIG;
}

int vault_passphrase(const char *path, char **ret, struct error *e) {
    char text[PASSPHRASE_MAX + 1];
    struct stat st;
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(e, ERR_CONFIG, "backup.passphrase_file",
                         "%s cannot be read: %s", path, strerror(errno));
    if (st.st_mode & 077)
        return error_set(e, ERR_DENIED, "backup.passphrase_file",
                         "others can read %s: chmod 600", path);
    int rc = read_text(fd, text);
    if (rc == 0)
        *ret = mem_dup(text);
    mem_wipe(text, sizeof text);
    if (rc < 0)
        return error_set(e, rc, "backup.passphrase_file",
                         "%s must hold one line of 1 to %d bytes", path,
                         PASSPHRASE_MAX);
    return 0;
}

static void derive(const char *passphrase, struct vault_key *k) {
    REQUIRE(EVP_PBE_scrypt(passphrase, strlen(passphrase), k->salt,
                           sizeof k->salt, SCRYPT_N, SCRYPT_R, SCRYPT_P,
                           SCRYPT_MEMORY, k->key, sizeof k->key) == 1);
    k->sealed = true;
}

void vault_key_new(const char *passphrase, struct vault_key *ret) {
    *ret = (struct vault_key){0};
    if (!passphrase)
        return;
    digest_random(ret->salt, sizeof ret->salt);
    derive(passphrase, ret);
}

void vault_key_done(struct vault_key *k) {
    mem_wipe(k, sizeof *k);
}

void vault_head_make(const struct vault_key *k, uint8_t head[VAULT_HEAD]) {
    /* Eight bytes, no text: nothing ends them. */
    static const uint8_t magic[8] = {'F', 'X', 'B', 'A', 'C', 'K', '1', '\n'};
    uint8_t mac[DIGEST_SHA256];
    memcpy(head, magic, sizeof magic);
    memcpy(head + 8, k->salt, VAULT_SALT);
    /* Tells a wrong passphrase from a damaged file; says nothing of the key. */
    digest_hmac(k->key, sizeof k->key, "check", 5, mac);
    memcpy(head + 8 + VAULT_SALT, mac, VAULT_CHECK);
}

void vault_file_key(const struct vault_key *k, const char *name,
                    uint8_t ret[VAULT_KEY]) {
    AUTO_FREE char *label = mem_printf("file %s", name);
    digest_hmac(k->key, sizeof k->key, label, strlen(label), ret);
}

int vault_key_of(const char *path, const char *passphrase,
                 struct vault_key *ret, struct error *e) {
    uint8_t head[VAULT_HEAD], mine[VAULT_HEAD];
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(e, ERR_IO, path, "cannot be read: %s",
                         strerror(errno));
    if (read(fd, head, sizeof head) != (ssize_t)sizeof head ||
        memcmp(head, VAULT_MAGIC, 8) != 0)
        return error_set(e, ERR_BACKUP_DAMAGED, path,
                         "it is no sealed file, or its beginning is lost");
    struct vault_key k = {0};
    memcpy(k.salt, head + 8, VAULT_SALT);
    derive(passphrase, &k);
    vault_head_make(&k, mine);
    if (memcmp(mine, head, sizeof head) != 0) {
        vault_key_done(&k);
        return error_set(e, ERR_BACKUP_KEY, path,
                         "it was sealed with another passphrase, or its "
                         "beginning is damaged");
    }
    *ret = k;
    vault_key_done(&k);
    return 0;
}
