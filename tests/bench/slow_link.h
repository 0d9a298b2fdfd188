/* A link that takes its time: a socket before a socket, every byte held back
 * for a while, in both directions. It breaks when the daemon behind it does,
 * and connects anew as often as a client comes. */
#pragma once

struct slow_link;

/* Listens in a folder of its own; ms each way. */
struct slow_link *slow_link_start(const char *daemon_socket, int ms);
const char *slow_link_path(const struct slow_link *l);
void slow_link_stop(struct slow_link *l);
