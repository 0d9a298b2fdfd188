/* A webhook as it comes in: "PATH\nTOPIC\nSOURCE\nBODY". Whatever it holds, no
 * object has a strange id, no door opens but to its own path, nothing is signed
 * by chance. */
#include <string.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "http/room.h"
#include "http/topic.h"
#include "tests/fuzz/fuzz.h"

static char secret_path[] = "0123456789abcdef";
static struct delivery_door doors[] = {
    {.store = {.id = 1, .name = "alpine"}, .path = secret_path},
    {.store = {.id = 2, .name = "b"}, .path = secret_path},
};

/* The next line, "" behind the last. */
static const char *line(char **rest) {
    const char *s = strsep(rest, "\n");
    return s ? s : "";
}

static void check_door(const char *path) {
    static struct web w = {.doors = doors, .n_doors = 2};
    AUTO_FREE char *url = mem_printf("/webhooks/%s", path);
    AUTO_FREE char *whole = NULL;
    const struct delivery_door *d = doors_find(&w, url);
    if (!d)
        return;
    whole = mem_printf("/webhooks/%s/%s", d->store.name, d->path);
    REQUIRE(strcmp(whole, url) == 0);
}

static void check_delivery(const struct delivery *d) {
    REQUIRE(d->n_wakes >= 0 && d->n_wakes <= DELIVERY_WAKES);
    REQUIRE(memchr(d->topic, 0, sizeof d->topic));
    for (int i = 0; i < d->n_wakes; i++) {
        REQUIRE(d->wakes[i].remote_id > 0);
        REQUIRE(d->wakes[i].remote_id < INT64_C(1) << 53);
        REQUIRE(d->wakes[i].kind <= MIRROR_CATEGORY);
    }
}

static void check_network(const char *text) {
    struct network n;
    if (network_parse(text, &n) < 0)
        return;
    REQUIRE(n.bits >= 0 && n.bits <= 128);
    REQUIRE(network_has(&n, &n.base));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    AUTO_FREE char *text = mem_dupn(data, n);
    struct delivery d, again;
    int64_t id = 0;
    char *rest = text;
    const char *path = line(&rest), *topic = line(&rest);
    const char *source = line(&rest);
    const char *body = rest ? rest : "";
    size_t body_n = rest ? n - (size_t)(rest - text) : 0;
    check_door(path);
    topic_read(topic, body, body_n, &d);
    topic_read(topic, body, body_n, &again);
    check_delivery(&d);
    REQUIRE(memcmp(&d.digest, &again.digest, sizeof d.digest) == 0);
    if (topic_ping(body, body_n, &id) == 0)
        REQUIRE(id > 0 && id < INT64_C(1) << 53);
    REQUIRE(!topic_source_is(source, "", ""));
    (void)topic_source_is(source, path, topic);
    REQUIRE(!topic_signed(source, "secret", 6, body, body_n));
    check_network(source);
    return 0;
}
