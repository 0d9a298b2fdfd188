/* The warehouse of the terminal tests: levels, bins, receiving, counts, parcels
 * and a packing table. */
#include "fake_daemon.h"
#include "shop_data.h"

#define LEVEL(ref, sku, name, shop, low, hand, reserved, free, coming, due,    \
              bin)                                                             \
    "\"ref\":\"" ref "\",\"store\":\"alpine\",\"remote_id\":34,\"sku\":\"" sku \
    "\",\"name\":\"" name "\",\"shop\":\"" shop "\",\"low\":" low              \
    ",\"wanted\":\"3\",\"on_hand\":\"" hand "\",\"reserved\":\"" reserved      \
    "\",\"blocked\":\"0\",\"available\":\"" free "\",\"incoming\":\"" coming   \
    "\",\"reorder\":\"10\",\"threshold\":null,\"due\":" due                    \
    ",\"units\":1,\"tracking\":\"none\",\"bin\":\"" bin "\""
#define TENT                                                                   \
    LEVEL("alpine:34", "AO-00034",                                             \
          "\xc3\x87"                                                           \
          "elik Tent 34",                                                      \
          "2", "true", "12", "3", "9", "20", "true", "B-04-2")

static void levels(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "inventory.list",
        "{\"items\":[{" TENT
        "},{" LEVEL("alpine:64", "AO-00064-S", "Rope 64 - S", "40", "false",
                    "41", "1", "40", "0", "false",
                    "A-01-1") "},{" LEVEL("nordic:88", "NO-88",
                                          "Fleece jacket, recycled, dark "
                                          "green, size XL",
                                          "0", "true", "0", "2", "-2", "0",
                                          "true", "") "}],\"next\":null}");
    fake_daemon_answer(
        d, "inventory.get",
        "{" TENT ",\"bins\":[{\"bin\":\"B-04-2\",\"zone\":\"B\",\"quantity\":"
        "\"11\",\"quarantine\":false},{\"bin\":\"Q-1\",\"zone\":\"Q\","
        "\"quantity\":\"1\",\"quarantine\":true}],\"listings\":[{\"ref\":"
        "\"alpine:34\",\"units\":1},{\"ref\":\"nordic:12\",\"units\":6}]}");
    fake_daemon_answer(
        d, "inventory.ledger",
        "{\"items\":[{\"at\":\"2026-11-23T09:12:00Z\",\"reason\":\"receive\","
        "\"delta\":\"5\",\"bin\":\"B-04-2\",\"ref\":\"I-12\",\"note\":\"\","
        "\"author\":\"ayse\",\"state\":null}],\"next\":null}");
}

#define BIN(code, zone, place, quarantine, disabled, items)                    \
    "\"code\":\"" code "\",\"zone\":\"" zone "\",\"place\":" #place            \
    ",\"quarantine\":" quarantine ",\"disabled\":" disabled                    \
    ",\"items\":" #items ",\"version\":1"

static void bins(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "bins.list",
        "{\"items\":[{" BIN("A-01-1", "A", 11, "false", "false", 1) "},{" BIN(
            "B-04-2", "B", 42, "false", "false",
            2) "},{" BIN("B-05-1", "B", 51, "false", "true",
                         0) "},{" BIN("Q-1", "Q", 90, "true", "false",
                                      1) "}],"
                                         "\"next\""
                                         ":null}");
    fake_daemon_answer(
        d, "bins.get",
        "{" BIN("B-04-2", "B", 42, "false", "false",
                2) ",\"contents\":[{\"tenant\":\"main\",\"sku\":\"AO-00034\","
                   "\"name\":\"\xc3\x87"
                   "elik Tent 34\",\"quantity\":\"11\"},{\"tenant\":\"main\","
                   "\"sku\":\"AO-00064-S\",\"name\":\"Rope 64 - S\","
                   "\"quantity\":\"41\"}],\"more\":false}");
    fake_daemon_answer(d, "bins.update",
                       "{" BIN("B-04-2", "B", 42, "true", "false", 2) "}");
    fake_daemon_answer(d, "bins.create",
                       "{" BIN("C-1", "C", 0, "false", "false", 0) "}");
}

#define INBOUND(id, reference, supplier, expected, received)                   \
    "\"id\":\"" id "\",\"tenant\":\"main\",\"reference\":\"" reference         \
    "\",\"supplier\":\"" supplier                                              \
    "\",\"state\":\"open\",\"shop\":true,\"expected_on\":"                     \
    "\"2026-11-30T00:00:00Z\",\"expected\":\"" expected                        \
    "\",\"received\":\"" received "\",\"lines\":2"
#define COUNT(id, state, bins, visited)                                        \
    "\"id\":\"" id "\",\"state\":\"" state                                     \
    "\",\"whole\":true,\"blind\":true,\"note\":\"Monday "                      \
    "round\",\"bins\":" #bins ",\"visited\":" #visited                         \
    ",\"begun\":\"2026-11-23T13:20:00Z\",\"begun_by\":\"ayse\",\"version\":1"

static void receiving(struct fake_daemon *d) {
    fake_daemon_answer(d, "inbound.list",
                       "{\"items\":[{" INBOUND(
                           "I-12", "PO-2210", "Kuzey Outdoor", "20",
                           "5") "},{" INBOUND("I-13", "PO-2214", "Fjell & Co",
                                              "100", "0") "}],\"next\":null}");
    fake_daemon_answer(
        d, "inbound.get",
        "{" INBOUND("I-12", "PO-2210", "Kuzey Outdoor", "20",
                    "5") ",\"items\":[{\"sku\":\"AO-00034\",\"name\":"
                         "\"\xc3\x87"
                         "elik Tent 34\",\"expected\":\"12\",\"received\":"
                         "\"5\",\"told\":\"0\"},{\"sku\":\"AO-00064-S\","
                         "\"name\":\"Rope 64 - S\",\"expected\":\"8\","
                         "\"received\":\"0\",\"told\":\"0\"}],\"bin\":"
                         "\"B-04-2\"}");
    fake_daemon_answer(d, "counts.list",
                       "{\"items\":[{" COUNT("C-8", "open", 4, 1) "},{" COUNT(
                           "C-7", "submitted", 2, 2) "}],\"next\":null}");
    fake_daemon_answer(
        d, "counts.get",
        "{" COUNT("C-8", "open", 4,
                  1) ",\"lines\":[{\"bin\":\"B-04-2\",\"sku\":\"AO-00034\","
                     "\"name\":\"\xc3\x87"
                     "elik Tent 34\",\"counted\":\"12\",\"expected\":null,"
                     "\"variance\":null,\"counted_by\":\"ayse\"}],\"bin\":"
                     "\"B-04-2\",\"next_bin\":\"B-05-1\"}");
}

#define PARCEL(id, ref, state, carrier, tracking, shipped, told)               \
    "\"id\":\"" id "\",\"ref\":\"" ref "\",\"store\":\"alpine\",\"number\":"   \
    "\"1779\",\"n\":1,\"state\":\"" state "\",\"carrier\":\"" carrier          \
    "\",\"service\":\"standard\",\"tracking\":\"" tracking                     \
    "\",\"url\":\"\",\"weight\":1250,\"length\":300,\"width\":200,\"height\":" \
    "100,\"pieces\":\"2\",\"created\":\"2026-11-23T11:05:41Z\","               \
    "\"shipped\":" shipped                                                     \
    ",\"changed\":\"2026-11-23T11:06:02Z\",\"change\":null,\"told\":" told
#define SHIPPED                                                                \
    PARCEL("S-15", "alpine:1779", "shipped", "ups", "1Z999AA10123456784",      \
           "\"2026-11-23T11:06:02Z\"", "\"confirmed\"")

static void parcels(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "shipments.list",
        "{\"items\":[{" PARCEL("S-16", "alpine:1781", "created", "", "", "null",
                               "null") "},{" SHIPPED "}],\"next\":null}");
    fake_daemon_answer(
        d, "shipments.get",
        "{" SHIPPED ",\"lines\":[{\"line\":1,\"part\":0,\"sku\":\"AO-00151\","
        "\"name\":\"Harness 151\",\"quantity\":\"2\"}]}");
}

#define PACK_LINE(id, sku, name, bin, want, packed, here)                      \
    "{\"line\":" #id ",\"part\":0,\"sku\":\"" sku "\",\"name\":\"" name        \
    "\",\"bin\":\"" bin                                                        \
    "\",\"bundle\":\"\",\"optional\":false,\"want\":\"" want                   \
    "\",\"picked\":\"" want "\",\"packed\":\"" packed                          \
    "\",\"short\":\"0\",\"short_reason\":\"\",\"short_way\":\"\",\"here\":"    \
    "\"" here "\"}"

static void packing(struct fake_daemon *d) {
    static const char pack[] =
        "{\"ref\":\"alpine:2000\",\"work\":\"P-77\",\"number\":\"2000\","
        "\"status\":\"processing\",\"state\":\"packing\",\"by\":\"ayse\","
        "\"open\":\"S-15\",\"left\":\"2\",\"stop\":null,\"version\":4,"
        "\"lines\":[" PACK_LINE(
            1, "AO-00151", "Harness 151", "A-01-1", "1", "1",
            "1") "," PACK_LINE(2, "AO-00034",
                               "\xc3\x87"
                               "elik Tent 34",
                               "B-04-2", "1", "0",
                               "0") "," PACK_LINE(3,
                                                  "AO-"
                                                  "000"
                                                  "64-"
                                                  "S",
                                                  "Rop"
                                                  "e "
                                                  "64 "
                                                  "- "
                                                  "S",
                                                  "B-"
                                                  "05-"
                                                  "1",
                                                  "3", "2",
                                                  "2") "],\"parcels\":[{\"id\":"
                                                       "\"S-15\",\"n\":1,"
                                                       "\"state\":\"open\","
                                                       "\"pieces\":\"3\"}]}";
    fake_daemon_answer(d, "packs.begin", pack);
    fake_daemon_answer(d, "packs.get", pack);
}

#define PICK_LINE(id, sku, name, bin, quantity, picked)                        \
    "{\"pick\":\"P-79\",\"ref\":\"alpine:2000\",\"tote\":\"\",\"line\":" #id   \
    ",\"part\":0,\"sku\":\"" sku "\",\"name\":\"" name "\",\"bin\":\"" bin     \
    "\",\"bundle\":\"\",\"optional\":false,\"quantity\":\"" quantity           \
    "\",\"picked\":\"" picked                                                  \
    "\",\"short\":\"0\",\"reason\":\"\",\"way\":\"\"}"

static void picking(struct fake_daemon *d) {
    fake_daemon_answer(
        d, "picks.get",
        "{\"id\":\"W-12\",\"kind\":\"single\",\"who\":\"ayse\",\"idle\":0,"
        "\"left\":2,\"last\":null,\"orders\":[{\"pick\":\"P-79\",\"ref\":"
        "\"alpine:2000\",\"number\":\"2000\",\"state\":\"picking\",\"tote\":"
        "\"\",\"who\":\"ayse\"}],\"lines\":[" PICK_LINE(
            1, "AO-00151", "Harness 151", "A-01-1", "1",
            "1") "," PICK_LINE(2, "AO-00034",
                               "\xc3\x87"
                               "elik Tent 34",
                               "B-04-2", "1",
                               "0") "," PICK_LINE(3, "AO-00064-S",
                                                  "Rope 64 - S", "B-05-1", "3",
                                                  "2") "]}");
}

void shop_stock_serve(struct fake_daemon *d) {
    levels(d);
    bins(d);
    receiving(d);
    parcels(d);
    packing(d);
    picking(d);
    fake_daemon_answer(d, "inventory.move", "{" TENT "}");
    fake_daemon_answer(d, "documents.printers",
                       "{\"items\":[{\"name\":\"zebra\",\"way\":\"raw\","
                       "\"where\":\"192.0.2.7:9100\"},{\"name\":\"office\","
                       "\"way\":\"cups\",\"where\":\"office\"}],\"next\":"
                       "null}");
    fake_daemon_answer(
        d, "documents.render",
        "{\"name\":\"alpine-2000-pick.txt\",\"type\":\"text/plain\",\"size\":"
        "20,\"sha256\":\"00\",\"data\":\"UGljayBsaXN0IFAtNzkKQUItMQo=\","
        "\"next\":null}");
}
