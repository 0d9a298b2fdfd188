#include "door.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"

void door_call(int port, const char *head, const char *body,
               struct buf *answer) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    AUTO_FD int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    AUTO_FREE char *text = mem_printf(
        "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        head, strlen(body), body);
    ssize_t n;
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) < 0 ||
        send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
        bench_die("the shop's door does not open");
    while ((n = recv(fd, buf_reserve(answer, 4096), 4096, 0)) > 0)
        buf_added(answer, (size_t)n);
    if (!strstr(buf_str(answer), " 200 "))
        bench_die("the door said %.200s", buf_str(answer));
}

int64_t door_number(const char *text, const char *key) {
    AUTO_FREE char *name = mem_printf("\"%s\":", key);
    const char *at = strstr(text, name);
    int64_t n;
    if (!at || sscanf(at + strlen(name), "%" SCNd64, &n) != 1)
        bench_die("there is no %s in %.200s", key, text);
    return n;
}
