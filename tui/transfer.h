/* Files between this machine and the daemon, while the screens go on. Not for
 * captive accounts: their machine is the daemon's. */
#pragma once

#include "common/text.h"

struct app;

/* Send the file at that path with a reply to the ticket; how far it is and how
 * it ended is said in the message line. 0, or ERR_DENIED (--captive), ERR_IO
 * (cannot be read, empty, too large): *ret_why says it. */
int transfer_send(struct app *a, const char *path, const char *ticket,
                  enum text_id *ret_why);
/* Send it for something else. How far it is and how it ended goes to its owner:
 * file is its number, or NULL and why a sentence; it is gone then. *ret is set
 * before anything is told. Errors as transfer_send. */
struct transfer;
struct transfer_to {
    void *arg;
    void (*far)(void *arg, const char *sentence);
    void (*ended)(void *arg, const char *file, const char *why);
};
int transfer_put(struct app *a, const char *path, const struct transfer_to *to,
                 struct transfer **ret, enum text_id *ret_why);
/* Before it ended: nothing is told any more; what was sent stays for a next
 * try. NULL is fine. */
void transfer_stop(struct transfer *t);
/* Save a file (F-12) in the working folder. */
void transfer_save(struct app *a, const char *file);
