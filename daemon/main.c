#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/buf.h"
#include "daemon/daemon.h"
#include "daemon/options.h"

/* Memory holds the shops' keys: it must not land in a core file, nor be read by
 * a debugger of the same account (which the leak checker is). */
static void no_core_dumps(void) {
    struct rlimit none = {0, 0};
    int rc = setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    if (rc == 0)
        rc = prctl(PR_SET_DUMPABLE, 0);
#endif
    if (rc < 0)
        perror("fulexod: core dumps stay on");
}

/* While a shop is read every thread makes answers large and frees them. glibc
 * would keep the daemon as large as its busiest minute: with an arena for each
 * thread, and with what is large taken from them once the first was freed. All
 * this is advice: nothing to do without it. */
static void stay_small(void) {
    (void)mallopt(M_ARENA_MAX, 2);
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* fixed by being set */
}

int main(int argc, char **argv) {
    AUTO_BUF struct buf faults = BUF_INIT;
    struct options o;
    int status = options_read(&o, argc, argv, &faults);
    if (status != 0) {
        (void)fputs(buf_str(&faults), stderr);
    } else if (o.help) {
        (void)fputs(options_usage(), stdout);
    } else if (o.version) {
        (void)puts("fulexod " FULEXO_VERSION);
    } else if (o.check) {
        (void)printf("%s: good\n", o.file ? o.file : "built-in defaults");
    } else {
        no_core_dumps();
        stay_small();
        options_log(&o);
        status = daemon_run(&o);
    }
    options_done(&o);
    return status;
}
