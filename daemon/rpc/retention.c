#include "rpc/retention.h"

#include "common/buf.h"
#include "common/text.h"
#include "common/when.h"

/* Rounds are hourly, and a machine may be switched off over night. */
static const int64_t slack_ms = 2LL * 24 * 60 * 60 * 1000;

static const enum text_id texts[RETAIN_CLASSES] = {
    [RETAIN_OF_COMMANDS] = TEXT_HEALTH_KEPT_COMMANDS,
    [RETAIN_OF_CHANGES] = TEXT_HEALTH_KEPT_CHANGES,
    [RETAIN_OF_AUDIT] = TEXT_HEALTH_KEPT_AUDIT,
    [RETAIN_OF_REMOVED] = TEXT_HEALTH_KEPT_REMOVED,
    [RETAIN_OF_SET_ASIDE] = TEXT_HEALTH_KEPT_SET_ASIDE,
};

bool retention_text(const struct retain_ages *ages, enum text_lang lang,
                    int64_t now, const int64_t oldest[RETAIN_CLASSES],
                    struct buf *out) {
    AUTO_BUF struct buf list = BUF_INIT;
    bool good = true;
    for (int i = 0; i < RETAIN_CLASSES; i++) {
        char age[WHEN_TEXT] = "-", kept[WHEN_TEXT];
        int64_t held = oldest[i] ? now - oldest[i] : 0;
        if (oldest[i])
            (void)when_age(age, held);
        /* what is needed stays for as long as it is */
        if (i != RETAIN_OF_REMOVED && held > ages->ms[i] + slack_ms)
            good = false;
        buf_adds(&list, list.len ? ", " : "");
        text_format(&list, lang, texts[i], "age", age, "kept",
                    when_age(kept, ages->ms[i]), NULL);
    }
    text_format(out, lang,
                good ? TEXT_HEALTH_RETENTION : TEXT_HEALTH_RETENTION_LATE,
                "list", buf_str(&list), NULL);
    return good;
}
