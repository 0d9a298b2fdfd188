/* Files: what they are, what they are called, sending them in pieces, and what
 * a crash leaves behind. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/str.h"
#include "model/file.h"
#include "model/file_kind.h"
#include "model/ticket.h"

/* --- kinds and names ---------------------------------------------------------
 */

static void bytes_say_what_it_is(void **state) {
    static const struct {
        const char *bytes;
        size_t n;
        const char *name, *type;
    } all[] = {
        {"\x89PNG\r\n\x1a\n....", 12, "a.txt", "image/png"},
        {"\xff\xd8\xff\xe0", 4, "a", "image/jpeg"},
        {"GIF89a..", 8, "a", "image/gif"},
        {"RIFF....WEBPVP8 ", 16, "a", "image/webp"},
        {"RIFF\x24\0\0\0WAVE", 12, "a.webp", NULL},
        {"%PDF-1.7\n\xe2\xe3", 11, "a", "application/pdf"},
        {"sku,stock\r\n", 11, "a.CSV", "text/csv"},
        {"merhaba d\xc3\xbcnya\n", 15, "a.png", "text/plain"},
        {"a\x1b[2Jb", 6, "a.txt", NULL},
        {"a\0b", 3, "a.txt", NULL},
        {"MZ\x90\0", 4, "a.txt", NULL},
        {"\x7f"
         "ELF",
         4, "a.txt", NULL},
        {"d\xfcnya", 5, "a.txt", NULL},
        {"\x89PNG", 4, "a.png", NULL},
        {"", 0, "a.txt", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *type = file_kind(all[i].bytes, all[i].n, all[i].name);
        if (!str_eq(type, all[i].type))
            fail_msg("%zu: %s", i, type ? type : "none");
    }
}

static void names_are_made_safe(void **state) {
    static const struct {
        const char *name, *want;
    } all[] = {
        {"tent.jpg", "tent.jpg"},
        {"/etc/passwd", "passwd"},
        {"..\\..\\x.csv", "x.csv"},
        {"../..", "file"},
        {".bashrc", "bashrc"},
        {"-rf", "rf"},
        {"a\x1b[2J;rm *.txt", "a__2J_rm _.txt"},
        {"\xe2\x80\xae"
         "gpj.exe",
         "_gpj.exe"},
        {"\xc3\xa7"
         "ad\xc4\xb1r.png",
         "\xc3\xa7"
         "ad\xc4\xb1r.png"},
        {"a/", "file"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        file_name_clean(&b, all[i].name);
        assert_string_equal(buf_str(&b), all[i].want);
    }
    AUTO_BUF struct buf b = BUF_INIT;
    char wide[600];
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    file_name_clean(&b, wide);
    assert_int_equal(b.len, FILE_NAME_MAX);
}

/* --- pieces ------------------------------------------------------------------
 */

static char dir[40];

static struct file_part part_of(const char *who, const char *bytes) {
    struct file_part p = {
        .data = dir, .who = who, .size = (int64_t)strlen(bytes)};
    digest_sha256(bytes, strlen(bytes), p.sha);
    return p;
}

static void send_some(const struct file_part *p, const char *bytes, int64_t at,
                      size_t n, int want) {
    struct error e = {0};
    int64_t now = -1;
    assert_int_equal(file_part_put(p, at, bytes + at, n, &now, &e), want);
    if (want == 0)
        assert_true(now >= at + (int64_t)n);
}

#define TEXT "what the customer wrote\n"

static void a_cut_upload_goes_on_where_it_was(void **state) {
    struct file_part p = part_of("zoe", TEXT), other = part_of("ali", TEXT);
    struct error e = {0};
    const char *type = NULL;
    int64_t at = -1;
    (void)state;
    assert_int_equal(file_part_at(&p, &at, &e), 0);
    assert_int_equal(at, 0);
    send_some(&p, TEXT, 0, 10, 0);
    assert_int_equal(file_part_check(&p, "a.txt", &type, &e), ERR_CONFLICT);
    /* as after a new connection, or another daemon */
    p = part_of("zoe", TEXT);
    assert_int_equal(file_part_at(&p, &at, &e), 0);
    assert_int_equal(at, 10);
    /* another's is another's, even of the same bytes */
    assert_int_equal(file_part_at(&other, &at, &e), 0);
    assert_int_equal(at, 0);
    send_some(&p, TEXT, 0, 10, 0); /* again */
    send_some(&p, TEXT, 12, 2, ERR_CONFLICT);
    send_some(&p, TEXT, 5, 12, 0); /* over what is there */
    send_some(&p, TEXT, 17, strlen(TEXT) - 16, ERR_INVALID);
    send_some(&p, TEXT, 17, strlen(TEXT) - 17, 0);
    assert_int_equal(file_part_check(&p, "a.txt", &type, &e), 0);
    assert_string_equal(type, "text/plain");
    assert_int_equal(file_part_keep(&p, &e), 0);
    assert_int_equal(file_part_keep(&p, &e), 0); /* a job that runs twice */
    assert_int_equal(file_part_keep(&other, &e), 0);
    AUTO_BUF struct buf b = BUF_INIT;
    assert_int_equal(file_bytes(dir, p.sha, 5, &b, &e), 0);
    assert_string_equal(buf_str(&b), &TEXT[5]);
}

static void other_bytes_than_promised_are_thrown_away(void **state) {
    struct file_part p = part_of("zoe", TEXT);
    char wrong[] = TEXT;
    struct error e = {0};
    const char *type;
    int64_t at;
    (void)state;
    wrong[3] = 'X';
    send_some(&p, wrong, 0, strlen(TEXT), 0);
    assert_int_equal(file_part_check(&p, "a.txt", &type, &e), ERR_INVALID);
    assert_int_equal(file_part_at(&p, &at, &e), 0);
    assert_int_equal(at, 0);
    p = part_of("zoe", "\x7f"
                       "ELF");
    send_some(&p,
              "\x7f"
              "ELF",
              0, 4, 0);
    assert_int_equal(file_part_check(&p, "a.txt", &type, &e), ERR_INVALID);
    assert_int_equal(file_part_check(&p, "a.txt", &type, &e), ERR_NOT_FOUND);
}

/* --- what a crash leaves
 * ------------------------------------------------------- */

static const struct ticket_eye zoe = {"zoe", false};

static void path_of(char dst[200], const struct file_part *p) {
    char hex[65];
    digest_hex(p->sha, FILE_SHA, hex);
    (void)snprintf(dst, 200, "%s/files/%.2s/%s", dir, hex, hex + 2);
}

static void send_all(const char *text, struct file_part *ret) {
    struct error e = {0};
    const char *type;
    *ret = part_of("zoe", text);
    send_some(ret, text, 0, strlen(text), 0);
    assert_int_equal(file_part_check(ret, "a.txt", &type, &e), 0);
    assert_int_equal(file_part_keep(ret, &e), 0);
}

static void age(const struct file_part *p, time_t s) {
    struct utimbuf t = {s, s};
    char path[200];
    path_of(path, p);
    assert_int_equal(utime(path, &t), 0);
}

static bool there(const struct file_part *p) {
    char path[200];
    path_of(path, p);
    return access(path, F_OK) == 0;
}

/* The crash came between the name and the row: the bytes lie there, no row
 * names them, and they go when they are seven days old; others stay. */
TX_TEST(what_no_row_names_is_swept) {
    struct file_part lost, young, kept;
    int64_t now = db_now(tx) / 1000, old = now - FILE_KEPT_MS / 1000 - 60;
    int64_t id;
    send_all("lost", &lost);
    send_all("young", &young);
    send_all("kept", &kept);
    struct file f = {
        .size = 4, .type = "text/plain", .name = "a", .author = "zoe"};
    memcpy(f.sha, kept.sha, FILE_SHA);
    assert_int_equal(file_add(tx, &f, &id), 0);
    age(&lost, old);
    age(&kept, old);
    age(&young, now);
    assert_int_equal(file_sweep(tx, dir, 0, FILE_SLICES), 1);
    assert_false(there(&lost));
    assert_true(there(&young));
    assert_true(there(&kept));
    /* a row that hangs on nothing goes as well, and then its bytes */
    assert_int_equal(conn_exec(tx->conn, "UPDATE file SET created_ms = -9e9"),
                     0);
    assert_int_equal(file_sweep(tx, dir, 0, FILE_SLICES), 1);
    assert_false(there(&kept));
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM file"), 0);
    return 0;
}

TX_TEST(a_file_hangs_on_one_message_of_its_author) {
    static const struct ticket_eye ali = {"ali", true};
    struct arena *a = arena_new(1024);
    struct error e = {0};
    struct file f = {
        .size = 1, .type = "text/plain", .name = "a", .author = "zoe"};
    int64_t id, ticket, message;
    struct ticket_new n = {.store_id = 1,
                           .subject = "x",
                           .text = "x",
                           .author = "zoe",
                           .about_kind = ""};
    assert_int_equal(file_add(tx, &f, &id), 0);
    assert_int_equal(ticket_create(tx, &n, &ticket, &message, &e), 0);
    assert_int_equal(file_get(tx, id, &ali, a, &f), 0);
    assert_int_equal(file_hang(tx, id, &ali, message, &e), ERR_INVALID);
    assert_int_equal(file_hang(tx, id, &zoe, message, &e), 0);
    assert_int_equal(file_hang(tx, id, &zoe, message, &e), ERR_INVALID);
    assert_int_equal(file_get(tx, id, &ali, a, &f), 1);
    assert_int_equal(f.ticket_id, ticket);
    arena_free(a);
    return 0;
}

static int setup(void **state) {
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/fulexo-test.XXXXXX");
    assert_non_null(mkdtemp(dir));
    return 0;
}

static int teardown(void **state) {
    char command[64];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_say_what_it_is),
        cmocka_unit_test(names_are_made_safe),
        TEST(a_cut_upload_goes_on_where_it_was),
        TEST(other_bytes_than_promised_are_thrown_away),
        TEST(what_no_row_names_is_swept),
        TEST(a_file_hangs_on_one_message_of_its_author),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
