/* A store's webhooks as the protocol shows them. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "common/lang.h"
#include "model/hook.h"
#include "model/store.h"
#include "sync/sync.h"

/* The object `hooks` of a store_row. */
void hook_view_write(struct jsonw *w, enum text_lang lang,
                     const struct store *s, bool held,
                     const struct hook_set *hooks,
                     const struct sync_status *st);
