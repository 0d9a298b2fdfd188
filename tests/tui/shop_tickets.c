/* Support for the terminal tests: two tickets and what was said in one. */
#include "fake_daemon.h"
#include "shop_data.h"

#define ROW(id, priority, state, subject, who, unread)                         \
    "\"id\":\"" id "\",\"store\":\"alpine\",\"subject\":\"" subject            \
    "\",\"priority\":\"" priority "\",\"state\":\"" state                      \
    "\",\"assignee\":" who ",\"ref\":\"alpine:1779\",\"author\":\"zoe\","      \
    "\"created\":\"2026-11-23T13:40:00Z\",\"changed\":"                        \
    "\"2026-11-23T13:50:00Z\",\"version\":1,\"unread\":" unread
#define URGENT                                                                 \
    ROW("T-42", "urgent", "open", "Tent arrived torn", "null", "true")
#define SAID(kind, internal, who, text, was)                                   \
    "{\"kind\":\"" kind "\",\"internal\":" internal ",\"author\":\"" who       \
    "\",\"at\":\"2026-11-23T13:40:00Z\",\"text\":\"" text "\",\"was\":\"" was  \
    "\",\"files\":[]}"

void shop_tickets_serve(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "tickets.list",
        "{\"items\":[{" URGENT "},{" ROW(
            "T-41", "normal", "in_progress",
            "Invoice of October: which shipments are on it?", "\"ayse\"",
            "false") "},{" ROW("T-7", "low", "waiting", "When does it leave?",
                               "null", "false") "}],\"next\":null}");
    fake_daemon_answer(d, "tickets.counts",
                       "{\"open\":1,\"in_progress\":1,\"waiting\":1,"
                       "\"resolved\":9,\"closed\":120,\"unread\":1,\"mine\":"
                       "1}");
    fake_daemon_answer(
        d, "tickets.get",
        "{" URGENT ",\"messages\":[" SAID("reply", "false", "zoe",
                                          "The seam is open, the customer "
                                          "wants another one.",
                                          "") "," SAID("note", "true", "ayse",
                                                       "Third one of that "
                                                       "lot.",
                                                       "") "],\"earlier\":null,"
                                                           "\"moves\":[\"in_"
                                                           "progress\","
                                                           "\"resolved\"],"
                                                           "\"can\":[\"reply\","
                                                           "\"note\","
                                                           "\"update\"]}");
    fake_daemon_answer(d, "tickets.read", "{" URGENT "}");
}
