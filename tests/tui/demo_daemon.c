/* Answers from the test data until it is stopped: to look at the screens with
 * tui_app. Prints its socket. */
#include <stdio.h>
#include <unistd.h>

#include "fake_daemon.h"
#include "shop_data.h"

int main(void) {
    struct fake_daemon *d = fake_daemon_start();
    struct shop_data s = {.orders = 5000, .changed = -1, .syncing = true};
    shop_data_serve(d, &s);
    puts(fake_daemon_socket(d));
    (void)fflush(stdout);
    pause();
    fake_daemon_stop(d);
    return 0;
}
