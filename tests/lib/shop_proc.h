/* A demo shop as a process of its own, as a test's counterpart. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <sys/types.h>

struct shop_proc {
    pid_t pid;
    int port;
    char url[64]; /* http://127.0.0.1:PORT */
};

/* Start demo-shop with these arguments (NULL ends the list); --port 0 is
 * added. Fails the test when it does not come up. */
void shop_proc_start(struct shop_proc *s, ...) __attribute__((sentinel));
void shop_proc_vstart(struct shop_proc *s, va_list *ap);
void shop_proc_stop(struct shop_proc *s);

/* The admin door: POST (body) or GET (NULL) /__demo/PATH; the answer's body is
 * the caller's to free. Fails the test unless it is 200. */
char *shop_proc_admin(const struct shop_proc *s, const char *path,
                      const char *body);
/* The same with DELETE. */
char *shop_proc_delete(const struct shop_proc *s, const char *path);
/* The same of wc/v3/PATH with the demo key, as another program would (the shop
 * is --trust-http); anything but 2xx fails the test. */
char *shop_proc_rest(const struct shop_proc *s, const char *method,
                     const char *path, const char *body);
