/* Proposals of the test shops, in the shape of approvals.json. */
#include <string.h>

#include "common/buf.h"
#include "common/json.h"
#include "common/str.h"
#include "fake_daemon.h"
#include "shop_data.h"

struct sample {
    const char *id, *store, *kind, *state, *author, *reason, *title, *what;
    const char *path, *base, *current, *wanted; /* JSON */
    const char *stale_text, *note, *answer, *over, *can;
};

static const struct sample samples[] = {
    {"A-31", "alpine", "stock_set", "pending", "zoe",
     "delivery of 25 arrived today", "AO-00034", "stock AO-00034", "\"stock\"",
     "\"17\"", "\"15\"", "\"40\"",
     "It was 17 when it was proposed and is 15 now. Approving adds +23 "
     "(40-17), "
     "giving 38.",
     "", "", "false", "\"approve\",\"reject\""},
    {"A-30", "nordic", "price", "pending", "olle", "", "NO-88", "price NO-88",
     "\"regular_price\"", "\"59.90\"", "\"59.90\"", "\"49.90\"", "", "", "",
     "false", "\"approve\",\"reject\""},
    {"A-29", "alpine", "stock_adjust", "pending", "ali", "counted again",
     "AO-00151", "stock AO-00151 (-30)", "\"stock\"", "\"31\"", "\"31\"",
     "\"1\"", "", "", "", "true", "\"approve\",\"reject\""},
    {"A-28", "nordic", "price", "approved", "olle", "", "NO-90", "price NO-90",
     "\"regular_price\"", "\"10.00\"", "null", "\"9.00\"", "", "", "confirmed",
     "false", ""},
    {"A-27", "alpine", "price", "rejected", "zoe", "sale", "AO-00001",
     "price AO-00001", "\"regular_price\"", "\"8.00\"", "null", "\"1.00\"", "",
     "below cost", "", "false", ""},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void row(const struct sample *s, struct buf *out) {
    bool stale = s->stale_text[0] != '\0';
    bool decided = !str_eq(s->state, "pending");
    buf_addf(
        out,
        "{\"id\":\"%s\",\"store\":\"%s\",\"kind\":\"%s\",\"state\":\"%s\","
        "\"author\":\"%s\",\"reason\":\"%s\",\"over_limit\":%s,\"title\":\"%"
        "s\","
        "\"what\":\"%s\",\"ref\":\"%s:34\",\"path\":%s,\"base\":%s,"
        "\"current\":%s,\"wanted\":%s,\"stale\":%s,\"stale_text\":\"%s\","
        "\"reviewer\":%s,\"note\":\"%s\",\"created\":\"2026-11-23T13:50:00Z\","
        "\"decided\":%s,\"version\":1,\"items\":1,\"done\":0,\"failed\":0,"
        "\"answer\":\"%s\",\"answer_text\":\"\",\"can\":[%s]",
        s->id, s->store, s->kind, s->state, s->author, s->reason, s->over,
        s->title, s->what, s->store, s->path, s->base, s->current, s->wanted,
        stale ? "true" : "false", s->stale_text, decided ? "\"can\"" : "null",
        s->note, decided ? "\"2026-11-23T13:55:00Z\"" : "null", s->answer,
        s->can);
}

static void list(const struct json *p, struct buf *out, void *arg) {
    const char *filter = json_string(json_get(p, "filter"));
    int n = 0;
    (void)arg;
    buf_adds(out, "{\"items\":[");
    for (int i = 0; i < SAMPLES; i++) {
        if (filter && strstr(filter, "pending") &&
            !str_eq(samples[i].state, "pending")) {
            continue;
        }
        buf_adds(out, n++ ? "," : "");
        row(&samples[i], out);
        buf_adds(out, "}");
    }
    buf_addf(out, "],\"next\":null,\"total\":%d}", n);
}

static const struct sample *find(const struct json *p) {
    const char *id = json_string(json_get(p, "id"));
    for (int i = 0; i < SAMPLES; i++) {
        if (str_eq(samples[i].id, id)) {
            return &samples[i];
        }
    }
    return &samples[0];
}

static void get(const struct json *p, struct buf *out, void *arg) {
    const struct sample *s = find(p);
    (void)arg;
    row(s, out);
    buf_addf(out,
             ",\"list\":[{\"ref\":\"%s:34\",\"path\":%s,\"base\":%s,"
             "\"current\":%s,\"wanted\":%s,\"stale\":%s,\"change\":null,"
             "\"answer\":\"%s\",\"text\":\"\",\"fault\":\"\"}],\"more\":null}",
             s->store, s->path, s->base, s->current, s->wanted,
             s->stale_text[0] ? "true" : "false", s->answer);
}

/* What is left of it when it was decided. */
static void decided(const struct json *p, struct buf *out, void *arg) {
    struct sample s = *find(p);
    s.state = arg;
    s.stale_text = "";
    s.can = "";
    row(&s, out);
    buf_adds(out, "}");
}

void shop_approvals_serve(struct fake_daemon *d) {
    static char approved[] = "approved", rejected[] = "rejected",
                pending[] = "pending", withdrawn[] = "withdrawn";
    fake_daemon_handle(d, "approvals.list", list, NULL);
    fake_daemon_handle(d, "approvals.get", get, NULL);
    fake_daemon_handle(d, "approvals.approve", decided, approved);
    fake_daemon_handle(d, "approvals.reject", decided, rejected);
    fake_daemon_handle(d, "approvals.edit", decided, pending);
    fake_daemon_handle(d, "approvals.withdraw", decided, withdrawn);
    fake_daemon_answer(d, "approvals.counts",
                       "{\"pending\":3,\"approved\":1,\"rejected\":1,"
                       "\"withdrawn\":0,\"orders\":false}");
}
