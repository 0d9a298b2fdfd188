#include "auth/token.h"

#include <string.h>

#include "auth/encode.h"
#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"

enum { BYTES = 32, HEAD = 4, CODE_LETTERS = 16 };
static const char kinds[] = "rha"; /* by enum token_kind */
/* Crockford's: neither I, L, O nor U. */
static const char code_letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void token_make(enum token_kind kind, char ret[TOKEN_TEXT]) {
    uint8_t random[BYTES];
    AUTO_BUF struct buf b = BUF_INIT;
    digest_random(random, sizeof random);
    buf_addf(&b, "fx%c_", kinds[kind]);
    encode_base64url(random, sizeof random, &b);
    REQUIRE(b.len == TOKEN_TEXT - 1);
    memcpy(ret, b.data, TOKEN_TEXT);
    mem_wipe(b.data, b.cap);
    mem_wipe(random, sizeof random);
}

int token_read(const char *text, enum token_kind *ret_kind,
               uint8_t ret_digest[DIGEST_SHA256]) {
    AUTO_BUF struct buf bytes = BUF_INIT;
    const char *kind;
    if (strlen(text) != TOKEN_TEXT - 1 || memcmp(text, "fx", 2) != 0 ||
        text[3] != '_' || !(kind = strchr(kinds, text[2])) ||
        decode_base64url(text + HEAD, TOKEN_TEXT - 1 - HEAD, &bytes) < 0)
        return ERR_INVALID;
    *ret_kind = (enum token_kind)(kind - kinds);
    /* Of the text: the kind is part of what must fit. */
    digest_sha256(text, TOKEN_TEXT - 1, ret_digest);
    mem_wipe(bytes.data, bytes.cap);
    return 0;
}

void token_code(char ret[TOKEN_CODE]) {
    uint8_t random[CODE_LETTERS];
    char *at = ret;
    digest_random(random, sizeof random);
    for (size_t i = 0; i < CODE_LETTERS; i++) {
        if (i > 0 && i % 4 == 0)
            *at++ = '-';
        *at++ = code_letters[random[i] & 31];
    }
    *at = '\0';
    mem_wipe(random, sizeof random);
}

/* What people read out or type for a letter. */
static char letter_of(char c) {
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    return c && strchr(code_letters, c) ? c : '\0';
}

int token_code_read(const char *typed, uint8_t ret_digest[DIGEST_SHA256]) {
    char letters[CODE_LETTERS];
    size_t n = 0;
    for (; *typed; typed++) {
        char c = letter_of(*typed);
        if (*typed == '-' || *typed == ' ')
            continue;
        if (!c || n == CODE_LETTERS)
            return ERR_INVALID;
        letters[n++] = c;
    }
    if (n != CODE_LETTERS)
        return ERR_INVALID;
    digest_sha256(letters, n, ret_digest);
    mem_wipe(letters, sizeof letters);
    return 0;
}
