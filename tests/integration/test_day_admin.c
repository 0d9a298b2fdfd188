/* An admin's day: the store is looked at, compared with its shop and gets other
 * keys; somebody is invited and comes in; an owner's ticket is answered with a
 * file; and the trail of it all is whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "day.h"
#include "tests/lib/test.h"

#define SAVE "\x13"
#define CLEAR "\x15"
#define BACKTAB "\x1b[Z"

struct shift {
    struct day d;
    struct desk admin, owner;
};

static void the_store_is_well(struct shift *s) {
    struct desk *k = &s->admin;
    desk_see_row(k, "alpine", "connected");
    desk_type(k, "v");
    desk_see(k, "objects compared, 0 differences.");
    desk_see_row(k, "alpine", "0 diff");
    desk_type(k, "t");
    desk_see(k, "Test");
    desk_type(k, "q");
    desk_see(k, "Stores");
}

/* What the shop does not take is not kept. */
static void it_gets_other_keys(struct shift *s) {
    struct desk *k = &s->admin;
    desk_type(k, "e");
    desk_see(k, "Consumer secret");
    desk_type(k, "\t\t\t\tck_wrong\tcs_wrong" SAVE);
    desk_see(k, "Consumer key is invalid");
    desk_type(k, BACKTAB CLEAR "ck_demo\t" CLEAR "cs_demo" SAVE);
    desk_see(k, "Stores");
    desk_see_row(k, "alpine", "connected");
}

/* The invitation's code, as it stands on the screen: four groups of four. */
static void read_code(struct desk *k, char ret[20]) {
    for (const char *p = strchr(term_screen(k->t), '-'); p;
         p = strchr(p + 1, '-'))
        if (p[5] == '-' && p[10] == '-') {
            (void)snprintf(ret, 20, "%.19s", p - 4);
            return;
        }
    fail_msg("no code:\n%s", term_screen(k->t));
}

/* With a password of one's own before anything of the house is seen. */
static void somebody_joins(struct shift *s) {
    struct desk *k = &s->admin, new;
    char code[20];
    desk_type(k, "gu");
    desk_see(k, "olga");
    desk_type(k, "a");
    desk_see(k, "Role");
    desk_type(k, "zoe" SAVE);
    desk_see(k, "fulexo accept zoe");
    read_code(k, code);
    desk_run(&new, &s->d, "accept", "zoe");
    desk_see(&new, "ode");
    desk_type(&new, "%s\r", code);
    desk_type(&new, DAY_PASSWORD "\r");
    desk_type(&new, DAY_PASSWORD "\r");
    assert_int_equal(term_status(new.t, DAY_MS), 0);
    desk_close(&new);
    desk_open(&new, &s->d, "zoe", "orders", 24, 80);
    desk_see(&new, "zoe  staff");
    desk_see(&new, "alpine:");
    desk_close(&new);
    desk_type(k, "q");
    desk_see_row(k, "zoe", "staff");
}

static void a_ticket_is_answered(struct shift *s) {
    struct desk *k = &s->admin;
    char path[96];
    desk_type(&s->owner, "M");
    desk_see(&s->owner, "Subject");
    desk_type(&s->owner, " \tWhere is 50?\tIt is late" SAVE);
    desk_see(&s->owner, "T-1");
    desk_type(k, "gq");
    desk_see_row(k, "*T-1", "Where is 50?");
    desk_type(k, "\r");
    desk_see(k, "It is late");
    desk_type(k, "r");
    desk_see(k, "Message");
    desk_type(k, "It left today." SAVE);
    desk_see(k, "It left today.");
    (void)snprintf(path, sizeof path, "%s/proof.txt", s->d.w.d.dir);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs("1Z-A, Bonn\n", f) >= 0);
    assert_int_equal(fclose(f), 0);
    desk_type(k, "a");
    desk_see(k, "Path of the file");
    desk_type(k, "%s" SAVE, path);
    desk_see(k, "proof.txt");
    desk_type(&s->owner, "\r");
    desk_see(&s->owner, "It left today.");
    desk_see(&s->owner, "proof.txt");
}

static void the_trail_is_whole(struct shift *s) {
    struct desk *k = &s->admin;
    desk_type(k, "gl");
    desk_see_row(k, "can", "users.invite");
    desk_see_row(k, "can", "stores.update");
    desk_see_row(k, "olga", "tickets.create");
    desk_type(k, "v");
    desk_see(k, "none was changed, dropped or put in between.");
}

static void the_day(void **state) {
    struct shift s;
    (void)state;
    day_begin(&s.d, "--storage", "hpos", "--trust-http", "--seed", "7",
              "--orders", "12", "--products", "20", "--customers", "6", NULL);
    day_person(&s.d, "can", "admin", "");
    day_person(&s.d, "olga", "owner", ",\"tenant\":\"main\"");
    desk_open(&s.admin, &s.d, "can", "stores", 24, 80);
    desk_open(&s.owner, &s.d, "olga", "tickets", 24, 80);
    the_store_is_well(&s);
    it_gets_other_keys(&s);
    somebody_joins(&s);
    a_ticket_is_answered(&s);
    the_trail_is_whole(&s);
    desk_close(&s.admin);
    desk_close(&s.owner);
    day_end(&s.d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
