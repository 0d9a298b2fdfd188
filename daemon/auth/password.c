#include "auth/password.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/fold.h"
#include "common/mem.h"

enum { RANDOM = 32, DIFFERENT = 5 };

static size_t characters(const char *s) {
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

/* How many different bytes there are. */
static size_t different(const char *s) {
    bool seen[256] = {false};
    size_t n = 0;
    for (; *s; s++) {
        n += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return n;
}

/* The name and little else: "ayse2026ayse". */
static bool is_name(const char *password, const char *user) {
    AUTO_BUF struct buf p = BUF_INIT, u = BUF_INIT;
    fold_text(&p, password, strlen(password));
    fold_text(&u, user, strlen(user));
    size_t rest = p.len;
    for (const char *at = buf_str(&p); u.len > 2 && (at = strstr(at, u.data));
         at += u.len)
        rest -= u.len;
    bool found = rest < p.len && rest < PASSWORD_MIN / 2;
    if (p.data)
        mem_wipe(p.data, p.cap);
    return found;
}

const char *password_fault(const char *password, const char *user) {
    if (characters(password) < PASSWORD_MIN)
        return "short";
    if (different(password) < DIFFERENT)
        return "plain";
    return is_name(password, user) ? "name" : NULL;
}

static bool run(const char *password, const char *setting,
                char ret[PASSWORD_HASH]) {
    struct crypt_data *d = NEW(struct crypt_data);
    const char *hash = crypt_rn(password, setting, d, (int)sizeof *d);
    bool good = hash && hash[0] != '*' && strlen(hash) < PASSWORD_HASH;
    if (good)
        memcpy(ret, hash, strlen(hash) + 1);
    mem_wipe(d, sizeof *d); /* holds the password */
    free(d);
    return good;
}

bool password_hash(const char *password, char ret[PASSWORD_HASH]) {
    char random[RANDOM], setting[CRYPT_GENSALT_OUTPUT_SIZE];
    /* yescrypt at its default cost; bcrypt at 12 where it is missing. */
    static const struct {
        const char *prefix;
        unsigned long cost;
    } ways[] = {{"$y$", 0}, {"$2b$", 12}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        digest_random(random, sizeof random);
        if (crypt_gensalt_rn(ways[i].prefix, ways[i].cost, random,
                             sizeof random, setting, sizeof setting) &&
            run(password, setting, ret))
            return true;
    }
    return false;
}

bool password_fits(const char *password, const char *hash) {
    /* Of a random password nobody has: it costs what a real one costs. */
    static const char nobody[] =
        "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$6foLM1JhGupouWKMU70wxK61Kw9ZnecbACjJw"
        "RadqM2";
    char got[PASSWORD_HASH] = "";
    const char *right = hash ? hash : nobody;
    size_t n = strlen(right);
    bool ran = run(password, right, got);
    bool same = ran && strlen(got) == n && CRYPTO_memcmp(got, right, n) == 0;
    return same && hash;
}
