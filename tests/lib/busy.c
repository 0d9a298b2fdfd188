#include "busy.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* State and parent from /proc/.../stat: "PID (NAME) STATE PARENT ..."; a name
 * may hold anything. false: it has ended meanwhile. */
static bool look(const char *path, char *ret_state, int *ret_parent) {
    char line[512];
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    size_t n = fread(line, 1, sizeof line - 1, f);
    (void)fclose(f);
    line[n] = '\0';
    const char *after = strrchr(line, ')');
    if (!after || strlen(after) < 5)
        return false;
    *ret_state = after[2];
    *ret_parent = (int)strtol(after + 4, NULL, 10);
    return true;
}

static bool has_work(char state) {
    return state == 'R' || state == 'D';
}

/* Does a thread of that process, other than `but`, have work. */
static bool works(int pid, int but) {
    char path[64];
    bool any = false;
    (void)snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *d = opendir(path);
    for (const struct dirent *e; d && !any && (e = readdir(d));) {
        char state;
        int parent, tid = (int)strtol(e->d_name, NULL, 10);
        if (tid <= 0 || tid == but)
            continue;
        (void)snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
        any = look(path, &state, &parent) && has_work(state);
    }
    if (d)
        (void)closedir(d);
    return any;
}

bool busy(void) {
    char path[64];
    int self = getpid();
    bool any = works(self, gettid());
    DIR *d = opendir("/proc");
    for (const struct dirent *e; d && !any && (e = readdir(d));) {
        char state;
        int parent, pid = (int)strtol(e->d_name, NULL, 10);
        (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
        any = pid > 0 && look(path, &state, &parent) && parent == self &&
              works(pid, 0);
    }
    if (d)
        (void)closedir(d);
    return any;
}
