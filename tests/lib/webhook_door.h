/* The door of a store's webhooks, written into a daemon's database as whoever
 * makes the webhooks would. */
#pragma once

/* The database and the master key are in `data`, the daemon may run. A fault
 * ends the program. */
void webhook_door_put(const char *data, const char *store, const char *path,
                      const char *secret);
