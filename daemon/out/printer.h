/* Printers by name, as the configuration tells them:
 *   office=cups:HP_Laser           a queue of CUPS, through lp
 *   zebra=raw:192.0.2.7:9100       bytes as they are to a port; [::1]:9100 */
#pragma once

#include <stddef.h>

#include "common/err.h"

struct children;
struct uv_loop_s;

enum printer_way { PRINTER_CUPS, PRINTER_RAW };

struct printer {
    char name[33];
    enum printer_way way;
    char where[128]; /* queue, or host */
    char port[6];    /* of a host */
};

struct printers {
    struct printer *items;
    size_t n;
};

/* NULL or "": there are none. ERR_CONFIG: e says which is wrong. */
int printers_parse(const char *text, struct printers **ret, struct error *e);
/* NULL is fine. */
void printers_free(struct printers *p);
/* NULL: there is no such printer; so with p NULL. */
const struct printer *printers_find(const struct printers *p, const char *name);

/* status 0, or an ERR_* and e; said: what the printer's way told, "" nothing.
 */
typedef void printer_done(void *arg, int status, const struct error *e,
                          const char *said);

/* Send bytes; copied. title names the job in CUPS; raw: they are the printer's
 * own language. Told once, never before this returns; 0, or ERR_BUSY and done
 * is not called. */
int printer_send(const struct printer *p, struct uv_loop_s *loop,
                 struct children *c, const char *title, const void *data,
                 size_t n, printer_done *done, void *arg);
