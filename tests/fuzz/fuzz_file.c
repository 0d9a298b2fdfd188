/* A file's name and bytes: a name is harmless and stays as it is when it is
 * made so again; text that is kept has nothing a terminal obeys. */
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "model/file_kind.h"
#include "tests/fuzz/fuzz.h"

static void check_name(const char *name) {
    AUTO_BUF struct buf once = BUF_INIT;
    AUTO_BUF struct buf twice = BUF_INIT;
    file_name_clean(&once, name);
    file_name_clean(&twice, buf_str(&once));
    REQUIRE(strcmp(buf_str(&once), buf_str(&twice)) == 0);
    REQUIRE(once.len > 0 && once.len <= FILE_NAME_MAX);
    REQUIRE(utf8_valid(once.data, once.len));
    REQUIRE(once.data[0] != '.' && once.data[0] != '-');
    REQUIRE(!strpbrk(buf_str(&once), "/\\$`;|&<>*?\"'~!"));
    for (size_t i = 0; i < once.len; i++)
        REQUIRE((unsigned char)once.data[i] >= 0x20 && once.data[i] != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    AUTO_FREE char *text = mem_dupn(data, n);
    char *line = strchr(text, '\n');
    size_t at = line ? (size_t)(line - text) + 1 : n;
    if (line)
        *line = '\0';
    check_name(text);
    const char *type = file_kind(data + at, n - at, text);
    if (type && strncmp(type, "text/", 5) == 0) {
        REQUIRE(utf8_valid((const char *)data + at, n - at));
        REQUIRE(!memchr(data + at, 0x1b, n - at));
        REQUIRE(!memchr(data + at, 0, n - at));
    }
    return 0;
}
