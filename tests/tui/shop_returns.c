/* Returns and letters for the terminal tests. */
#include <string.h>

#include "common/buf.h"
#include "common/json.h"
#include "fake_daemon.h"
#include "shop_data.h"

#define ROW(id, order, who, state, reason, n, here, refund, can)               \
    "\"return\":\"" id "\",\"store\":\"alpine\",\"order\":\"" order            \
    "\",\"number\":\"1779\",\"customer\":\"" who "\",\"state\":\"" state       \
    "\",\"reason\":\"" reason "\",\"note\":\"a seam is open\",\"decision\":"   \
    "\"\",\"quantity\":\"" n "\",\"received\":\"" here "\",\"refund\":" refund \
    ",\"amount\":\"0.00\",\"created\":\"2026-11-23T11:00:00Z\","               \
    "\"created_by\":\"ayse\",\"changed\":\"2026-11-23T12:00:00Z\","            \
    "\"version\":2,\"can\":[" can "]"

#define APPROVED                                                               \
    ROW("R-318", "alpine:1779", "John Smith", "approved", "defective", "2",    \
        "0", "null", "\"reject\",\"receive\",\"close\"")

static const char list[] = "{\"items\":[{" ROW(
    "R-319", "alpine:1781",
    "Ay\xc5\x9f"
    "e Y\xc4\xb1lmaz",
    "requested", "changed_mind", "1", "0", "null",
    "\"approve\",\"reject\"") "},{" APPROVED
                              "},{" ROW("R-317", "alpine:1702", "Zoe Berg",
                                        "inspected", "wrong_item", "3", "3",
                                        "null",
                                        "\"inspect\",\"refund\",\"close\","
                                        "\"restock\"") "}],"
                                                       "\"next\":null}";

static const char one[] =
    "{" APPROVED ",\"lines\":[{\"line\":7,\"product_id\":151,\"sku\":"
    "\"AO-00151\",\"name\":\"Harness 151\",\"quantity\":\"1\",\"received\":"
    "\"0\",\"restock\":\"0\",\"quarantine\":\"0\",\"dispose\":\"0\",\"stock\":"
    "null},{\"line\":8,\"product_id\":64,\"sku\":\"AO-00064-S\",\"name\":"
    "\"Rope 64 - S\",\"quantity\":\"1\",\"received\":\"0\",\"restock\":\"0\","
    "\"quarantine\":\"0\",\"dispose\":\"0\",\"stock\":null}],\"refunds\":[],"
    "\"mails\":[],\"letters\":[\"return_approved\"],\"events\":[{\"at\":"
    "\"2026-11-23T12:00:00Z\",\"what\":\"return_approved\",\"who\":\"ayse\"}]}";

#define MAIL(id, about, state, text, can)                                      \
    "\"mail\":\"" id "\",\"about\":\"" about "\",\"template\":"                \
    "\"return_approved\",\"lang\":\"en\",\"to\":\"john@example.test\","        \
    "\"subject\":\"Your return\",\"state\":\"" state                           \
    "\",\"author\":\"ayse\",\"created\":\"2026-11-23T12:00:00Z\",\"changed\":" \
    "\"2026-11-23T12:00:00Z\",\"next\":null,\"attempts\":1,\"text\":\"" text   \
    "\",\"can\":[" can "]"

static const char mails[] = "{\"items\":[{" MAIL(
    "M-14", "R-318", "unknown", "no answer behind the dot",
    "\"retry\",\"discard\"") "},{" MAIL("M-13", "R-317", "failed",
                                        "550 5.1.1 nobody here",
                                        "\"retry\",\"discard\"") "},{" MAIL("M-"
                                                                            "1"
                                                                            "2",
                                                                            "R-"
                                                                            "31"
                                                                            "6",
                                                                            "se"
                                                                            "n"
                                                                            "t",
                                                                            "25"
                                                                            "0 "
                                                                            "2."
                                                                            "0."
                                                                            "0 "
                                                                            "ta"
                                                                            "ke"
                                                                            "n",
                                                                            "") "}],\"next\":null}";

/* What was scanned: the first line knows its code, all else is refused by
 * fake_daemon_refuse in a test. */
static void receive(const struct json *p, struct buf *out, void *arg) {
    (void)arg;
    (void)p;
    buf_adds(out, "{\"return\":\"R-318\",\"state\":\"received\",\"line\":7,"
                  "\"sku\":\"AO-00151\",\"name\":\"Harness 151\",\"received\":"
                  "\"1\",\"quantity\":\"1\"}");
}

void shop_returns_serve(struct fake_daemon *d) {
    static const char *const acts[] = {"returns.create",  "returns.approve",
                                       "returns.reject",  "returns.inspect",
                                       "returns.restock", "returns.refund",
                                       "returns.close"};
    fake_daemon_answer(d, "returns.list", list);
    fake_daemon_answer(d, "returns.get", one);
    fake_daemon_answer(d, "returns.count",
                       "{\"open\":3,\"requested\":1,\"approved\":1,"
                       "\"received\":0,\"inspected\":1,\"refunded\":0,"
                       "\"closed\":30,\"rejected\":2}");
    fake_daemon_answer(d, "returns.preview",
                       "{\"to\":\"john@example.test\",\"lang\":\"en\","
                       "\"sender\":\"Alpine\",\"subject\":\"Your return "
                       "R-318\",\"body\":\"Hello John Smith,\\n\\nyour return "
                       "is approved.\\n\",\"mail\":null}");
    fake_daemon_answer(d, "returns.notify",
                       "{\"mail\":\"M-15\",\"state\":\"queued\"}");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        fake_daemon_answer(d, acts[i],
                           "{\"return\":\"R-318\",\"state\":\"approved\","
                           "\"changes\":[]}");
    }
    fake_daemon_handle(d, "returns.receive", receive, NULL);
    fake_daemon_answer(d, "mails.list", mails);
    fake_daemon_answer(d, "mails.count",
                       "{\"queued\":0,\"sending\":0,\"sent\":41,\"failed\":1,"
                       "\"unknown\":1,\"parked\":0,\"discarded\":2}");
    fake_daemon_answer(
        d, "mails.get",
        "{" MAIL("M-14", "R-318", "unknown", "no answer",
                 "\"retry\",\"discard\"") ",\"sender\":\"Alpine\",\"body\":"
                                          "\"Hello\","
                                          "\"message_id\":\"<1@x>\"}");
    fake_daemon_answer(d, "mails.retry",
                       "{\"mail\":\"M-14\",\"state\":\"queued\"}");
    fake_daemon_answer(d, "mails.discard",
                       "{\"mail\":\"M-14\",\"state\":\"discarded\"}");
    fake_daemon_answer(d, "mails.test",
                       "{\"mail\":\"M-16\",\"state\":\"queued\"}");
}
