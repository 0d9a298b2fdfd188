/* The terminal client: `fulexo` without a command. */
#pragma once

#include <stdbool.h>

struct app_options {
    const char *socket_path;
    bool read_only;
    const char *as;     /* user to act as, or NULL */
    const char *token;  /* kept or given, or NULL */
    bool token_first;   /* given: it counts whoever this account is */
    const char *lang;   /* locale name; NULL: from the environment */
    bool plain;         /* lines instead of screens, for screen readers */
    const char *screen; /* first screen: "orders"; NULL: the dashboard */
};

/* Run until the user leaves. Returns an exit status (sysexits): 0, 64 for an
 * unknown screen or terminal. Complaints go to stderr in one sentence. */
int app_run(const struct app_options *o);
