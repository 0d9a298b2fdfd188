/* The file that keeps what `fulexo login` got: "SOCKET TOKEN", a line a daemon,
 * readable by its owner alone. */
#pragma once

#include "common/buf.h"

/* The token in `file` (its first word), or of that socket in the kept file.
 * ERR_NOT_FOUND: none; ERR_IO; ERR_DENIED: others could read it. */
int cli_token_read(const char *file, const char *socket, struct buf *ret);
/* Keep it instead of the one of that socket; NULL: forget it. ERR_IO. */
int cli_token_keep(const char *socket, const char *token);
