/* Work on the orders of shop_data.c, and why one of them does not leave. */
#include "fake_daemon.h"
#include "shop_data.h"

#define ROW(pick, wave, ref, state, who, since, idle, left)                    \
    "{\"pick\":\"" pick "\",\"ref\":\"" ref                                    \
    "\",\"number\":\"\",\"state\":\"" state "\",\"tote\":\"\",\"who\":\"" who  \
    "\",\"wave\":" wave ",\"since\":" since ",\"idle\":" #idle ",\"begun\":"   \
    "\"2026-11-23T13:20:00Z\",\"lines\":3,\"left\":" #left "}"

void shop_work_serve(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "orders.why",
        "{\"ref\":\"alpine:2000\",\"blockers\":[{\"what\":\"not_picked\","
        "\"text\":\"2 lines are not picked.\",\"who\":\"ali goes on picking; "
        "after 15 minutes another may take it over.\"},{\"what\":\"hold\","
        "\"text\":\"Held for address by mehmet.\",\"who\":\"Staff: release "
        "the hold.\"}]}");
    fake_daemon_answer(
        d, "picks.list",
        "{\"items\":[" ROW("P-79", "\"W-12\"", "alpine:2000", "picking", "ayse",
                           "\"2026-11-23T13:58:00Z\"", 40,
                           2) "," ROW("P-78", "null", "nordic:1999", "picking",
                                      "ali", "\"2026-11-23T13:20:00Z\"", 1900,
                                      1) "," ROW("P-77", "null", "alpine:1998",
                                                 "picked", "", "null", 0,
                                                 0) "],\"next\":null}");
}
