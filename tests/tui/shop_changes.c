/* Changes of the test shops, one in each state, in the shape of changes.json.
 */
#include <string.h>

#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "fake_daemon.h"
#include "shop_data.h"

#define ID "01K9QF3E3M7Q2W8R5T1Y6Z0AB"
#define PATH(path, base, theirs, wanted)                                       \
    "{\"path\":\"" path "\",\"base\":" base ",\"theirs\":" theirs              \
    ",\"wanted\":" wanted "}"

struct sample {
    char id; /* last character */
    const char *store, *ref, *kind, *act, *state, *author;
    const char *code, *text, *cure; /* cure: JSON */
    const char *can, *paths, *payload;
    const char *ambiguous;
};

static const struct sample samples[] = {
    {'C', "alpine", "\"alpine:1779\"", "order", "set", "conflict", "ayse",
     "conflict",
     "Status is cancelled at the shop, not processing as it was seen.",
     "\"Look at both values, then keep yours or theirs.\"",
     "\"edit\",\"discard\",\"mine\",\"theirs\"",
     PATH("status", "\"processing\"", "\"cancelled\"", "\"completed\""), "null",
     "false"},
    {'Q', "nordic", "\"nordic:1999\"", "order", "set", "queued", "ayse", "", "",
     "null", "\"edit\",\"discard\"",
     PATH("status", "\"pending\"", "null", "\"processing\""), "null", "false"},
    {'S', "alpine", "\"alpine:34\"", "product", "stock", "sending", "ali", "",
     "", "null", "", PATH("stock", "12", "null", "25"), "null", "false"},
    {'X', "alpine", "\"alpine:1780\"", "order", "refund", "unknown", "ayse",
     "timeout", "No answer came within 30 s; looking did not tell.",
     "\"Look at the order in the shop, then say whether it happened.\"",
     "\"retry\",\"discard\",\"happened\",\"again\"", "",
     "{\"amount\":\"20.00\",\"reason\":\"scratched\"}", "true"},
    {'R', "nordic", "\"nordic:88\"", "product", "set", "refused", "can",
     "invalid", "The shop refuses the price: 12,5 is no number.",
     "\"Edit it, or give it up.\"", "\"retry\",\"edit\",\"discard\"",
     PATH("regular_price", "\"12.00\"", "null",
          "\"12,5\"") "," PATH("sku", "\"NO-88\"", "null", "\"NO-88-A\""),
     "null", "false"},
    {'A', "alpine", "\"alpine:1781\"", "order", "refund", "awaiting", "ayse",
     "", "", "null", "\"approve\",\"edit\",\"discard\"", "",
     "{\"amount\":\"129.00\",\"reason\":\"lost\",\"gateway\":true}", "false"},
    {'D', "alpine", "\"alpine:1770\"", "order", "note", "confirmed", "ali", "",
     "", "null", "", "", "{\"text\":\"Leave it at the door.\"}", "false"},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void row(const struct sample *s, struct buf *out) {
    buf_addf(out,
             "{\"id\":\"" ID "%c\",\"store\":\"%s\",\"ref\":%s,\"kind\":\"%s\","
             "\"act\":\"%s\",\"state\":\"%s\",\"author\":\"%s\",\"approver\":"
             "null,\"reason\":\"\",\"created\":\"2026-11-23T13:40:00Z\","
             "\"changed\":\"2026-11-23T13:50:00Z\",\"sent\":null,\"next\":null,"
             "\"attempts\":1,\"ambiguous\":%s,\"code\":\"%s\",\"text\":\"%s\","
             "\"cure\":%s,\"can\":[%s],\"paths\":[%s],\"payload\":%s",
             s->id, s->store, s->ref, s->kind, s->act, s->state, s->author,
             s->ambiguous, s->code, s->text, s->cure, s->can, s->paths,
             s->payload);
}

static void list(const struct json *p, struct buf *out, void *arg) {
    const char *filter = json_string(json_get(p, "filter"));
    int n = 0;
    (void)arg;
    buf_adds(out, "{\"items\":[");
    for (int i = 0; i < SAMPLES; i++) {
        bool open = !str_eq(samples[i].state, "confirmed");
        if (filter &&
            (strstr(filter, "object:") ? !strstr(samples[i].state, "queued")
                                       : !open || (strstr(filter, "conflict") &&
                                                   samples[i].id != 'C'))) {
            continue;
        }
        buf_addf(out, "%s", n++ ? "," : "");
        row(&samples[i], out);
        buf_adds(out, "}");
    }
    buf_addf(out, "],\"next\":null,\"total\":%d}", n);
}

static void get(const struct json *p, struct buf *out, void *arg) {
    const char *id = json_string(json_get(p, "id"));
    int i = 0;
    (void)arg;
    while (i < SAMPLES - 1 && !(id && str_ends(id, (char[]){samples[i].id, 0})))
        i++;
    row(&samples[i], out);
    buf_adds(out, ",\"answer\":null}");
}

static void statuses(const struct json *p, struct buf *out, void *arg) {
    static const struct {
        const char *slug, *name, *phase;
    } all[] = {
        {"pending", "Pending payment", "unpaid"},
        {"processing", "Processing", "todo"},
        {"on-hold", "On hold", "held"},
        {"completed", "Completed", "done"},
        {"packed", "Packed", "done"}, /* of alpine alone */
    };
    const char *store = json_string(json_get(p, "store"));
    (void)arg;
    buf_adds(out, "{\"items\":[");
    for (size_t i = 0; i < 4 + (size_t)str_eq(store, "alpine"); i++) {
        buf_addf(out,
                 "%s{\"store\":\"%s\",\"slug\":\"%s\",\"name\":\"%s\","
                 "\"phase\":\"%s\",\"orders\":4,\"can_ship\":true,\"mapped\":"
                 "%s,\"settling\":false}",
                 i ? "," : "", store ? store : "alpine", all[i].slug,
                 all[i].name, all[i].phase, i == 4 ? "false" : "true");
    }
    buf_adds(out, "],\"next\":null}");
}

static const char *const writes[] = {
    "orders.update",     "orders.note",      "orders.trash",
    "orders.untrash",    "orders.refund",    "orders.track",
    "orders.create",     "products.update",  "products.create",
    "inventory.adjust",  "customers.update", "customers.create",
    "categories.create", "changes.approve",  "changes.retry",
    "changes.edit",      "changes.discard",  "changes.resolve",
};

/* All of them may; every third is held. */
static void preview(const struct json *p, struct buf *out, void *arg) {
    const struct json *o = json_first(json_get(p, "orders"));
    size_t n = json_count(json_get(p, "orders"));
    (void)arg;
    buf_addf(out,
             "{\"orders\":%zu,\"stores\":%d,\"held\":%zu,\"unchanged\":0,"
             "\"refused\":0,\"more\":false,\"rows\":[",
             n, n > 1 ? 2 : 1, n / 3);
    for (size_t i = 0; i < n; i++, o = json_next(o)) {
        buf_addf(out,
                 "%s{\"ref\":\"%s\",\"status\":\"processing\",\"holds\":["
                 "%s],\"state\":\"ready\",\"text\":\"\"}",
                 i ? "," : "", json_string(o), i % 3 == 2 ? "\"address\"" : "");
    }
    buf_adds(out, "]}");
}

void shop_changes_serve(struct fake_daemon *d) {
    fake_daemon_handle(d, "orders.preview", preview, NULL);
    fake_daemon_handle(d, "changes.list", list, NULL);
    fake_daemon_handle(d, "changes.get", get, NULL);
    fake_daemon_handle(d, "stores.statuses", statuses, NULL);
    fake_daemon_answer(d, "changes.count",
                       "{\"open\":6,\"awaiting\":1,\"queued\":1,\"sending\":1,"
                       "\"unknown\":1,\"conflict\":1,\"refused\":1,"
                       "\"confirmed\":381,\"discarded\":7}");
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        fake_daemon_answer(d, writes[i],
                           "{\"change\":\"" SHOP_CHANGE_NEW
                           "\",\"state\":\"queued\"}");
    }
}
