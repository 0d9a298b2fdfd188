/* The HTTP face: libmicrohttpd on one epoll thread; answers that must wait are
 * suspended and woken by the timers, so that no connection holds up another. */
#pragma once

struct demo_shop;

/* Bind 127.0.0.1:port (0 = any) and learn the port. -1 after printing why. */
int http_bind(int port, int *ret_port);

/* Serve on the bound socket. 0, or -1 after printing why. */
int http_start(struct demo_shop *s, int fd);

void http_stop(struct demo_shop *s);
