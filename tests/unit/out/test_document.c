/* Papers from facts: what is on them, that columns hold with wide letters, and
 * that no text of a shop becomes a command of a printer. */
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/utf8.h"
#include "daemon/out/docket.h"
#include "daemon/out/document.h"
#include "tests/lib/test.h"

static struct docket_line lines[3];
static const char *const notes[] = {"Gift wrapped\nwith a ribbon"};

static struct docket sample(void) {
    lines[0] = (struct docket_line){"Z-9", "Tent", "", 2000, 2000, 0};
    lines[1] = (struct docket_line){
        "A-1",  "露营帐篷 冬季版 四人用 防水 加厚 家庭装 露营帐篷 冬季版",
        "B-02", 1500,
        500,    1000};
    lines[2] = (struct docket_line){"B-2", "Çadır kazığı", "A-01", 1000, 0, 0};
    return (struct docket){
        .lang = TEXT_EN,
        .store = "Alpine Outdoor",
        .ref = "alpine:1779",
        .number = "1779",
        .date = "2026-11-21",
        .address = {"Ayşe Yılmaz", "Kadıköy, İstanbul"},
        .n_address = 2,
        .phone = "+90 555",
        .note = "Ring twice",
        .notes = notes,
        .n_notes = 1,
        .lines = lines,
        .n_lines = 3,
        .parcel = 1,
        .parcels = 2,
        .carrier = "DHL",
        .service = "Express",
        .tracking = "",
    };
}

static void render(struct docket *k, enum docket_kind kind,
                   void (*form)(const struct document *, struct buf *),
                   struct buf *out) {
    struct arena *a = arena_new(4096);
    struct document d;
    docket_write(k, kind, a, &d);
    assert_false(d.full);
    form(&d, out);
    arena_free(a);
}

#define HAS(b, text) assert_non_null(strstr(buf_str(b), text))
#define HAS_NOT(b, text) assert_null(strstr(buf_str(b), text))

static void lines_fit(const struct buf *b) {
    for (const char *s = buf_str(b); *s;) {
        size_t n = strcspn(s, "\n");
        char line[1000];
        assert_true(n < sizeof line);
        memcpy(line, s, n);
        line[n] = '\0';
        assert_true(utf8_cells(line) <= DOCUMENT_WIDTH);
        assert_true(n == 0 || line[n - 1] != ' ');
        s += n + (s[n] == '\n');
    }
}

static void a_slip_tells_what_is_in_the_parcel(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    render(&k, DOCKET_SLIP, document_text, &b);
    lines_fit(&b);
    HAS(&b, "Alpine Outdoor\n====");
    HAS(&b, "Order             1779\n");
    HAS(&b, "Parcel            1 of 2\n");
    HAS(&b, "[ alpine:1779 ]\n");
    HAS(&b, "Ayşe Yılmaz\nKadıköy, İstanbul\n");
    HAS(&b, "Z-9              Tent                                     2"
            "        2\n");
    HAS(&b, "1.5      0.5           1\n");
    HAS(&b, "Note              Ring twice\nGift wrapped\nwith a ribbon\n");
    HAS_NOT(&b, "Tracking"); /* there is none */
}

static void the_language_is_the_papers(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    k.lang = TEXT_TR;
    render(&k, DOCKET_SLIP, document_text, &b);
    HAS(&b, "Paket içeriği\n");
    HAS(&b, "1 / 2\n");
}

static void a_pick_list_is_walked_by_bin(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    render(&k, DOCKET_PICK, document_text, &b);
    lines_fit(&b);
    const char *first = strstr(buf_str(&b), "[ ] A-01");
    const char *second = strstr(buf_str(&b), "[ ] B-02");
    const char *third = strstr(buf_str(&b), "[ ]              Z-9");
    assert_true(first && second && third);
    assert_true(first < second && second < third);
}

/* --- wrapping ------------------------------------------------------------- */

static void lines_break_at_blanks(void **state) {
    size_t skip;
    (void)state;
    assert_int_equal(document_wrap("one two three", 8, &skip), 7);
    assert_int_equal(skip, 8);
    assert_int_equal(document_wrap("one two", 7, &skip), 7);
    assert_int_equal(skip, 7);
    assert_int_equal(document_wrap("abcdefgh", 3, &skip), 3);
    assert_int_equal(skip, 3);
    assert_int_equal(document_wrap("帐", 1, &skip), 3); /* too wide: alone */
    assert_int_equal(document_wrap("", 5, &skip), 0);
    assert_int_equal(skip, 0);
}

static void controls_and_overrides_are_gone(void **state) {
    struct arena *a = arena_new(4096);
    struct document d;
    (void)state;
    document_begin(&d, a, TEXT_EN, "a/../b:1");
    assert_string_equal(d.name, "a-..-b-1");
    document_add(&d, DOCUMENT_LINE, "x\x1b[31m\ty\xE2\x80\xAEz\xFFq\xC2\x9B");
    assert_string_equal(d.items[0].cells[0], "x [31m yz\xEF\xBF\xBDq");
    document_add(&d, DOCUMENT_LINE, "");
    document_add(&d, DOCUMENT_LINE, NULL);
    document_add(&d, DOCUMENT_LINE, "\r\n\r\n");
    assert_int_equal(d.n, 1);
    for (int i = 0; i < DOCUMENT_ITEMS + 5; i++)
        document_rule(&d);
    assert_int_equal(d.n, DOCUMENT_ITEMS);
    assert_true(d.full);
    arena_free(a);
}

/* --- ZPL ------------------------------------------------------------------ */

/* Commands of the label's own text, by counting what only they may hold. */
static int count(const struct buf *b, const char *what) {
    int n = 0;
    for (const char *s = buf_str(b); (s = strstr(s, what)); s++)
        n++;
    return n;
}

static void a_label_is_one_label_in_utf8(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    k.tracking = "1Z>9";
    render(&k, DOCKET_LABEL, document_zpl, &b);
    assert_int_equal(strncmp(buf_str(&b), "^XA^CI28", 8), 0);
    assert_int_equal(count(&b, "^XA"), 1);
    assert_int_equal(count(&b, "^XZ"), 1);
    HAS(&b, "^FDAyşe Yılmaz^FS");
    HAS(&b, "^BCN,90,Y,N,N^FH_^FD1Z>09^FS");
}

/* Whatever stands in a field: between ^FD and ^FS is no '^', no '~'. */
static void no_text_becomes_a_command(void **state) {
    static const char evil[] = "^FS^XZ^XA^JUF~JR_5EXA\\&\x10~DG^CC!^CT!"
                               "\x1b\n^FDsecond~HS";
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    k.address[0] = k.note = k.number = k.tracking = k.carrier = evil;
    k.store = k.ref = k.phone = evil;
    lines[0].name = lines[0].sku = evil;
    for (int kind = DOCKET_SLIP; kind <= DOCKET_LABEL; kind++)
        render(&k, (enum docket_kind)kind, document_zpl, &b);
    assert_int_equal(count(&b, "~"), 0);
    assert_int_equal(count(&b, "^XA"), 3 + count(&b, "^XZ\n^XA") - 2);
    assert_int_equal(count(&b, "^XA"), count(&b, "^XZ"));
    assert_int_equal(count(&b, "^FD"), count(&b, "^FH_^FD"));
    HAS_NOT(&b, "^JUF");
    HAS_NOT(&b, "^CC");
    HAS_NOT(&b, "\\");
    HAS(&b, "_5EFS_5EXZ");
    for (const char *s = buf_str(&b); (s = strstr(s, "^FD")); s++)
        assert_int_equal(strncmp(s + 3 + strcspn(s + 3, "^"), "^FS", 3), 0);
}

static void a_long_list_takes_more_labels(void **state) {
    static struct docket_line many[200];
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    for (size_t i = 0; i < 200; i++)
        many[i] = (struct docket_line){"S", "Tent", "", 1000, 1000, 0};
    k.lines = many;
    k.n_lines = 200;
    render(&k, DOCKET_SLIP, document_zpl, &b);
    assert_true(count(&b, "^XA") > 3);
    assert_int_equal(count(&b, "^XA"), count(&b, "^XZ"));
    for (const char *s = buf_str(&b); (s = strstr(s, "^FO")); s++)
        assert_true(strtol(strchr(s, ',') + 1, NULL, 10) < 1200);
}

/* --- what fulexo-pdf reads -------------------------------------------------
 */

static void pdf_lines_hold_no_more_tabs_than_cells(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct docket k = sample();
    (void)state;
    lines[0].name = "a\tb\nrow\tc";
    render(&k, DOCKET_SLIP, document_pdf_lines, &b);
    HAS(&b, "fulexo-pdf\t1\ta4\ten\nname\tslip-alpine-1779-1\n");
    HAS(&b, "columns\t16\t34\t7r\t8r\t11r\n");
    HAS(&b, "row\tZ-9\ta b row c\t2\t2\t\n");
    HAS(&b, "code\talpine:1779\nrule\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_tells_what_is_in_the_parcel),
        cmocka_unit_test(the_language_is_the_papers),
        cmocka_unit_test(a_pick_list_is_walked_by_bin),
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(controls_and_overrides_are_gone),
        cmocka_unit_test(a_label_is_one_label_in_utf8),
        cmocka_unit_test(no_text_becomes_a_command),
        cmocka_unit_test(a_long_list_takes_more_labels),
        cmocka_unit_test(pdf_lines_hold_no_more_tabs_than_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
