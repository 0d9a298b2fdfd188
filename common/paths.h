/* Where things live by default. Every result is a new string the caller frees.
 */
#pragma once

/* $FULEXO_SOCKET, else the first that exists of /run/fulexo/fulexo.sock and
 * $XDG_RUNTIME_DIR/fulexo/fulexo.sock, else the state folder's fulexo.sock. */
char *paths_client_socket(void);

/* Daemon defaults without a configuration file: $XDG_STATE_HOME/fulexo (or
 * ~/.local/state/fulexo) and its socket. */
char *paths_data_dir(void);
char *paths_daemon_socket(const char *data_dir);

/* $XDG_STATE_HOME/fulexo/NAME or ~/.local/state/fulexo/NAME. */
char *paths_user_state(const char *name);
/* $XDG_CONFIG_HOME/fulexo/NAME or ~/.config/fulexo/NAME. */
char *paths_user_config(const char *name);
