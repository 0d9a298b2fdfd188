/* Tell the service manager how we are: the protocol of sd_notify(3), a
 * datagram to $NOTIFY_SOCKET. */
#pragma once

/* state: "READY=1", "STOPPING=1", "RELOADING=1" ... Does nothing when nobody
 * asked to be told. Returns 0 or ERR_IO. */
int sd_notify_send(const char *state);
