/* Configuration: a text is good or says what is wrong, and never leaves a
 * value outside its range. */
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/conf.h"
#include "tests/fuzz/fuzz.h"

struct target {
    char *socket;
    char *level;
    int64_t workers;
    bool live;
    int64_t interval;
    int64_t cache;
};

#define AT(field) offsetof(struct target, field)

static const struct conf_key keys[] = {
    {"socket", CONF_STRING, AT(socket), 1, 20, "/run/x", NULL, "h"},
    {"log.level", CONF_CHOICE, AT(level), 0, 0, "info", "debug|info|warn", "h"},
    {"sync.workers", CONF_INT, AT(workers), 1, 64, "4", NULL, "h"},
    {"sync.live", CONF_BOOL, AT(live), 0, 0, "yes", NULL, "h"},
    {"sync.interval", CONF_DURATION, AT(interval), 10, 86400, "5m", NULL, "h"},
    {"db.cache.size", CONF_SIZE, AT(cache), 4096, INT64_C(1) << 30, "8MiB",
     NULL, "h"},
};

enum { N = sizeof keys / sizeof *keys };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct target t;
    AUTO_BUF struct buf faults = BUF_INIT;
    conf_defaults(keys, N, &t);
    int count = conf_parse(keys, N, &t, "f", (const char *)data, n, &faults);
    REQUIRE(count >= 0 && (count == 0) == (faults.len == 0));
    REQUIRE(strlen(t.socket) >= 1 && strlen(t.socket) <= 20);
    REQUIRE(strcmp(t.level, "debug") == 0 || strcmp(t.level, "info") == 0 ||
            strcmp(t.level, "warn") == 0);
    REQUIRE(t.workers >= 1 && t.workers <= 64);
    REQUIRE(t.interval >= 10 && t.interval <= 86400);
    REQUIRE(t.cache >= 4096 && t.cache <= INT64_C(1) << 30);
    conf_free(keys, N, &t);
    return 0;
}
