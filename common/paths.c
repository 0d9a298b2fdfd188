#include "common/paths.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"

static const char system_socket[] = "/run/fulexo/fulexo.sock";

/* An absolute path from the environment; anything else counts as unset, as the
 * XDG specification asks. */
static const char *absolute(const char *variable) {
    const char *s = getenv(variable);
    return s && *s == '/' ? s : NULL;
}

static char *home(void) {
    const char *s = absolute("HOME");
    if (s)
        return mem_dup(s);
    const struct passwd *pw = getpwuid(getuid());
    return mem_dup(pw && !str_empty(pw->pw_dir) ? pw->pw_dir : "/");
}

/* $variable/fulexo, or ~/fallback/fulexo. */
static char *own_folder(const char *variable, const char *fallback) {
    const char *base = absolute(variable);
    if (base)
        return mem_printf("%s/fulexo", base);
    AUTO_FREE char *h = home();
    return mem_printf("%s/%s/fulexo", h, fallback);
}

char *paths_data_dir(void) {
    return own_folder("XDG_STATE_HOME", ".local/state");
}

char *paths_daemon_socket(const char *data_dir) {
    return mem_printf("%s/fulexo.sock", data_dir);
}

char *paths_client_socket(void) {
    const char *named = getenv("FULEXO_SOCKET");
    if (!str_empty(named))
        return mem_dup(named);
    if (access(system_socket, F_OK) == 0)
        return mem_dup(system_socket);
    const char *run = absolute("XDG_RUNTIME_DIR");
    if (run) {
        AUTO_FREE char *s = mem_printf("%s/fulexo/fulexo.sock", run);
        if (access(s, F_OK) == 0)
            return TAKE_PTR(s);
    }
    AUTO_FREE char *dir = paths_data_dir();
    return paths_daemon_socket(dir);
}

char *paths_user_state(const char *name) {
    AUTO_FREE char *dir = paths_data_dir();
    return mem_printf("%s/%s", dir, name);
}

char *paths_user_config(const char *name) {
    AUTO_FREE char *dir = own_folder("XDG_CONFIG_HOME", ".config");
    return mem_printf("%s/%s", dir, name);
}
