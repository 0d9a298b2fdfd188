/* Inside rpc: how long what piles up is kept, for health.get. */
#pragma once

#include <stdbool.h>

#include "common/lang.h"
#include "model/retain.h"

struct buf;

/* A sentence about the oldest of each class beside its age by the settings;
 * false: one is overdue, so housekeeping does not do its work. */
bool retention_text(const struct retain_ages *ages, enum text_lang lang,
                    int64_t now, const int64_t oldest[RETAIN_CLASSES],
                    struct buf *out);
