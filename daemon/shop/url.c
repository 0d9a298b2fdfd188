#include "shop/url.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/str.h"

void url_encode(struct buf *out, const char *s, size_t n) {
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            buf_addc(out, (char)c);
        } else {
            char code[3] = {'%', hex[c >> 4], hex[c & 15]};
            buf_add(out, code, sizeof code);
        }
    }
}

void url_rest(struct buf *out, const char *base, bool route, const char *path,
              const char *query) {
    buf_adds(out, base);
    if (route) {
        buf_addf(out, "/?rest_route=%s&_x=/wp-json/wc/", path);
        if (*query)
            buf_addf(out, "&%s", query);
        return;
    }
    buf_addf(out, "/wp-json%s", path);
    if (*query)
        buf_addf(out, "?%s", query);
}

/* Take "scheme://" off; https when there is none. */
static int take_scheme(const char **s, struct url *u, struct error *e) {
    const char *sep = strstr(*s, "://");
    size_t n = sep ? (size_t)(sep - *s) : 0;
    if (!sep) {
        (void)str_copy(u->scheme, sizeof u->scheme, "https");
        return 0;
    }
    if ((n != 4 && n != 5) || strncasecmp(*s, "https", n) != 0)
        return error_set(e, ERR_INVALID, "url",
                         "The address must begin with https:// or http://.");
    (void)str_copy(u->scheme, sizeof u->scheme, n == 5 ? "https" : "http");
    *s = sep + 3;
    return 0;
}

static bool host_char(char c) {
    return isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Bytes of the host at s; 0 when it is none. */
static size_t host_length(const char *s) {
    size_t n = 0;
    if (*s == '[') {
        n = 1 + strspn(s + 1, "0123456789abcdefABCDEF:.");
        return s[n] == ']' && n > 2 ? n + 1 : 0;
    }
    while (host_char(s[n]))
        n++;
    return n;
}

static int take_host(const char **s, struct url *u, struct error *e) {
    size_t n = host_length(*s);
    if (strcspn(*s, "@") < strcspn(*s, "/?#"))
        return error_set(e, ERR_INVALID, "url",
                         "Leave name and password out of the address.");
    if (n == 0 || n >= sizeof u->host)
        return error_set(e, ERR_INVALID, "url", "There is no host name in it.");
    for (size_t i = 0; i < n; i++)
        u->host[i] = (char)tolower((unsigned char)(*s)[i]);
    u->host[n] = 0;
    *s += n;
    return 0;
}

static int take_port(const char **s, struct url *u, struct error *e) {
    int64_t port = 0;
    char text[8] = "";
    if (**s != ':')
        return 0;
    size_t n = strspn(*s + 1, "0123456789");
    if (n < sizeof text)
        memcpy(text, *s + 1, n);
    if (str_to_i64(text, 1, 65535, &port) != 0)
        return error_set(e, ERR_INVALID, "url",
                         "The port must be a number from 1 to 65535.");
    bool is_default = port == (str_eq(u->scheme, "https") ? 443 : 80);
    u->port = is_default ? 0 : (int)port;
    *s += n + 1;
    return 0;
}

/* Cut the path where people paste more than the shop's base. */
static void trim_path(char *path) {
    static const char *const pasted[] = {"/wp-json", "/wp-admin",
                                         "/wp-login.php", "/index.php"};
    for (size_t i = 0; i < sizeof pasted / sizeof *pasted; i++) {
        char *at = strstr(path, pasted[i]);
        if (at && (at[strlen(pasted[i])] == 0 || at[strlen(pasted[i])] == '/'))
            *at = 0;
    }
    for (size_t n = strlen(path); n > 0 && path[n - 1] == '/'; n--)
        path[n - 1] = 0;
}

static int take_path(const char *s, struct url *u, struct error *e) {
    size_t n = strcspn(s, "?#");
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        n--;
    if (n >= sizeof u->path)
        return error_set(e, ERR_INVALID, "url", "The address is too long.");
    if (n > 0 && *s != '/')
        return error_set(e, ERR_INVALID, "url",
                         "There is a character in it that no address has.");
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] <= ' ' || strchr("\"<>\\^`{|}", s[i]))
            return error_set(e, ERR_INVALID, "url",
                             "There is a character in it that no address has.");
    memcpy(u->path, s, n);
    u->path[n] = 0;
    trim_path(u->path);
    return 0;
}

int url_parse(const char *text, struct url *ret, struct error *e) {
    struct url u = {0};
    const char *s = text + strspn(text, " \t\r\n");
    int rc = take_scheme(&s, &u, e);
    if (rc == 0)
        rc = take_host(&s, &u, e);
    if (rc == 0)
        rc = take_port(&s, &u, e);
    if (rc == 0)
        rc = take_path(s, &u, e);
    if (rc == 0)
        *ret = u;
    return rc;
}

int url_format(const struct url *u, char *dst, size_t size) {
    char port[8] = "";
    if (u->port)
        (void)snprintf(port, sizeof port, ":%d", u->port);
    return str_format(dst, size, "%s://%s%s%s", u->scheme, u->host, port,
                      u->path);
}
