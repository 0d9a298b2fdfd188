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
/* Save a file (F-12) in the working folder. */
void transfer_save(struct app *a, const char *file);
