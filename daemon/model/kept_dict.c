#include "model/kept_dict.h"

#include <string.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"

#include "dict.gen.h"

struct kept_dict *kept_dict_new(int64_t id, enum mirror_kind kind,
                                const void *data, size_t n) {
    struct kept_dict *d = NEW(struct kept_dict);
    d->id = id;
    d->kind = kind;
    d->pack = ZSTD_createCDict(data, n, KEPT_LEVEL);
    d->unpack = ZSTD_createDDict(data, n);
    REQUIRE(d->pack && d->unpack); /* out of memory */
    return d;
}

void kept_dict_free(struct kept_dict *d) {
    if (!d)
        return;
    (void)ZSTD_freeCDict(d->pack);
    (void)ZSTD_freeDDict(d->unpack);
    free(d);
}

const void *kept_builtin(enum mirror_kind kind, int generation, size_t *ret_n) {
    char name[32];
    (void)str_copy(name, sizeof name, mirror_kind_name(kind));
    if (generation > 0)
        (void)str_format(name, sizeof name, "%s_%d", mirror_kind_name(kind),
                         generation + 1);
    *ret_n = 0;
    for (size_t i = 0; dict_rows[i].kind; i++)
        if (str_eq(dict_rows[i].kind, name)) {
            *ret_n = dict_rows[i].n;
            return dict_rows[i].data;
        }
    return "";
}
