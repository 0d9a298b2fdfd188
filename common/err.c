#include "common/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
    int code;
    const char *name;
    const char *message;
    int exit_status;
    int http_status;
};

static const struct row rows[] = {
#include "err_table.gen.inc"
};

static const struct row *find(int code) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

int error_set(struct error *e, int code, const char *where, const char *fmt,
              ...) {
    if (!e)
        return code;
    va_list ap;
    va_start(ap, fmt);
    e->code = code;
    (void)snprintf(e->where, sizeof e->where, "%s", where ? where : "");
    (void)vsnprintf(e->detail, sizeof e->detail, fmt, ap);
    va_end(ap);
    return code;
}

int error_wrap(struct error *e, const char *fmt, ...) {
    char old[sizeof e->detail];
    va_list ap;
    va_start(ap, fmt);
    memcpy(old, e->detail, sizeof old);
    int n = vsnprintf(e->detail, sizeof e->detail, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof e->detail)
        (void)snprintf(e->detail + n, sizeof e->detail - (size_t)n, ": %s",
                       old);
    return e->code;
}

const char *err_name(int code) {
    const struct row *r = find(code);
    return r ? r->name : "unknown";
}

const char *err_message(int code) {
    const struct row *r = find(code);
    return r ? r->message : "Unknown error.";
}

int err_exit_status(int code) {
    const struct row *r = find(code);
    return r ? r->exit_status : 70;
}

int err_http_status(int code) {
    const struct row *r = find(code);
    return r ? r->http_status : 500;
}

int err_from_name(const char *name) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].code;
    return 0;
}
