#include "people_data.h"

#include "fake_daemon.h"

#define USER(name, title, role, tenant, stores, all, only, active, password,   \
             totp, accounts, seen)                                             \
    "{\"name\":\"" name "\",\"title\":\"" title "\",\"role\":\"" role          \
    "\",\"tenant\":" tenant ",\"stores\":[" stores "],\"all_stores\":" all     \
    ",\"read_only\":" only ",\"lang\":\"\",\"active\":" active                 \
    ",\"password\":" password ",\"totp\":" totp ",\"accounts\":[" accounts     \
    "],\"created\":\"2026-11-20T08:00:00Z\",\"seen\":" seen "}"
#define AYSE                                                                   \
    USER("ayse", "Ayşe Yılmaz", "staff", "null", "\"alpine\",\"nordic\"",      \
         "false", "false", "true", "true", "true", "\"ayse (1001)\"",          \
         "\"2026-11-23T13:50:00Z\"")
#define CAN                                                                    \
    USER("can", "Can Demir", "admin", "null", "", "true", "false", "true",     \
         "true", "false", "", "\"2026-11-20T09:00:00Z\"")
#define HEIDI                                                                  \
    USER("heidi", "Heidi Alm", "owner", "\"alpine-co\"", "\"alpine\"",         \
         "false", "true", "true", "false", "false", "", "null")
#define ZOE                                                                    \
    USER("zoe", "", "staff", "null", "", "true", "false", "false", "true",     \
         "false", "", "\"2026-11-01T10:00:00Z\"")

#define SESSION(id, user, kind, connected, current)                            \
    "{\"id\":\"" id "\",\"user\":\"" user "\",\"kind\":\"" kind                \
    "\",\"place\":\"uid:1001\",\"client\":\"fulexo/"                           \
    "0.1.0\",\"connected\":" connected ",\"current\":" current                 \
    ",\"created\":\"2026-11-23T08:00:00Z\","                                   \
    "\"used\":\"2026-11-23T13:55:00Z\",\"until\":\"2026-11-24T01:55:00Z\"}"

#define AUDIT(id, who, action, object, ok, what)                               \
    "{\"id\":" id ",\"at\":\"2026-11-23T13:4" id ":12Z\",\"who\":\"" who       \
    "\",\"from\":\"uid:1001\",\"action\":\"" action "\",\"object\":\"" object  \
    "\",\"ok\":" ok ",\"what\":" what "}"
/* A payload that would be red and upside down on a careless screen. */
#define NASTY                                                                  \
    AUDIT("8", "ayse", "orders.update", "alpine:1779", "true",                 \
          "{\"note\":\"\\u001b[31mred\\u202edrow\",\"status\":\"completed\"}")

void people_data_serve(struct fake_daemon *d) {
    static const struct {
        const char *method, *result;
    } rows[] = {
        {"users.list",
         "{\"items\":[" AYSE "," CAN "," HEIDI "," ZOE "],\"next\":null}"},
        {"users.get", AYSE},
        {"users.deactivate", AYSE},
        {"users.update", AYSE},
        {"users.link", AYSE},
        {"users.unlink", AYSE},
        {"users.reset", "{\"user\":\"ayse\",\"code\":\"7K3M-9QXD-R2VW-H5TB\","
                        "\"until\":\"2026-12-04T09:00:00Z\"}"},
        {"users.invite", "{\"user\":\"eva\",\"code\":\"7K3M-9QXD-R2VW-H5TB\","
                         "\"until\":\"2026-12-04T09:00:00Z\"}"},
        {"tenants.list",
         "{\"items\":[{\"name\":\"alpine-co\",\"title\":\"Alpine AG\","
         "\"stores\":1,\"users\":1,\"owner_orders\":true,\"created\":\"2026-11-"
         "20T08:00:00Z\"},"
         "{\"name\":\"main\",\"title\":\"\",\"stores\":2,\"users\":0,\"owner_"
         "orders\":false,"
         "\"created\":null}],\"next\":null}"},
        {"tenants.get",
         "{\"name\":\"alpine-co\",\"title\":\"Alpine AG\",\"stores\":1,"
         "\"users\":1,\"owner_orders\":true,\"created\":\"2026-11-20T08:00:"
         "00Z\","
         "\"store_names\":[\"alpine\"],\"owners\":[\"heidi\"]}"},
        {"tenants.update",
         "{\"name\":\"alpine-co\",\"title\":\"Alpine SA\",\"stores\":1,"
         "\"users\":1,\"owner_orders\":true,\"created\":null}"},
        {"sessions.list",
         "{\"items\":[" SESSION(
             "01K9QF3E3M7Q2W8R5T1Y6Z0ABC", "ayse", "resume", "true",
             "true") "," SESSION("01K9QF3E3M7Q2W8R5T1Y6Z0ABD", "ayse", "login",
                                 "false",
                                 "false") "," SESSION("c12", "can", "peer",
                                                      "true",
                                                      "false") "],\"next\":"
                                                               "null}"},
        {"sessions.revoke", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABD\"}"},
        {"tokens.list",
         "{\"items\":[{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0TOK\","
         "\"name\":\"nightly export\",\"read_only\":true,"
         "\"stores\":[\"alpine\"],\"created\":\"2026-11-20T08:00:00Z\","
         "\"used\":null,\"until\":null}],\"next\":null}"},
        {"tokens.create", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0TOL\","
                          "\"token\":\"fxa_Zm9vYmFyZm9vYmFyZm9vYmFy\"}"},
        {"tokens.revoke", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0TOK\"}"},
        {"audit.list",
         "{\"items\":[" NASTY
         "," AUDIT("7", "can", "users.invite", "heidi", "true",
                   "{\"role\":\"owner\"}") "," AUDIT("6", "uid:1001",
                                                     "session.sign_in", "ayse",
                                                     "false",
                                                     "{}") "],\"next\":null}"},
        {"audit.get", NASTY},
        {"audit.verify", "{\"job\":\"01K9QF3E3M7Q2W8R5T1Y6Z0JOB\"}"},
        {"profile.get",
         "{\"user\":\"ayse\",\"title\":\"Ayşe Yılmaz\",\"role\":\"staff\","
         "\"tenant\":null,\"stores\":[\"alpine\",\"nordic\"],"
         "\"all_stores\":false,\"read_only\":false,\"lang\":\"\","
         "\"password\":true,\"totp\":true,\"codes\":2}"},
        {"profile.update", "{\"lang\":\"tr\"}"},
        {"profile.password", "{\"changed\":true}"},
        {"profile.totp_begin",
         "{\"secret\":\"" PEOPLE_SECRET "\",\"uri\":\"" PEOPLE_URI "\"}"},
        {"profile.totp_confirm",
         "{\"codes\":[\"7K3M-9QXD-R2VW-H5TB\",\"CTPH-DPBG-ZD0D-BZ2T\"]}"},
        {"profile.totp_remove", "{\"removed\":true}"},
        {"session.confirm", "{\"confirmed\":true}"},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_daemon_answer(d, rows[i].method, rows[i].result);
    }
}
