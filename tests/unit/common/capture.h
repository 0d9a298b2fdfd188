/* Run a function with stderr in a file and see what it wrote and how it
 * ended. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls fn in a child; returns its wait status, text (size bytes) gets its
 * stderr, terminated. */
static inline int capture(void (*fn)(void), char *text, size_t size) {
    FILE *f = tmpfile();
    if (!f)
        abort();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit no_core = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)dup2(fileno(f), STDERR_FILENO);
        fn();
        _exit(0);
    }
    int status = -1;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        abort();
    rewind(f);
    text[fread(text, 1, size - 1, f)] = 0;
    (void)fclose(f);
    return status;
}
