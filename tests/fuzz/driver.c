/* Stands in for libFuzzer in ordinary builds: runs every seed as it is, then
 * a fixed number of mutations of them. The same arguments always run the same
 * inputs, so a failure here fails again.
 *
 * usage: fuzz_NAME [-runs=N] [-seed=N] [-dict=FILE] FILE|FOLDER... */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 64 * 1024, STEPS_MAX = 6 };

struct blob {
    char *p;
    size_t n;
};

struct list {
    struct blob *items;
    size_t n;
};

struct options {
    int64_t runs;
    int64_t seed;
    struct list seeds;
    struct list words; /* of the dictionary */
};

/* What runs now, for the handler. */
static struct blob current;

static uint64_t random_state;

/* splitmix64 */
static uint64_t random_next(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static size_t below(size_t n) {
    return n ? (size_t)(random_next() % n) : 0;
}

static void on_crash(int sig) {
    static const char text[] = "fuzz: the input is in ./crash-input\n";
    int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0 && write(fd, current.p, current.n) == (ssize_t)current.n)
        (void)!write(STDERR_FILENO, text, sizeof text - 1);
    (void)signal(sig, SIG_DFL);
    (void)raise(sig);
}

static void list_add(struct list *l, const void *p, size_t n) {
    l->items = mem_resize(l->items, l->n + 1, sizeof *l->items);
    l->items[l->n++] = (struct blob){mem_dupn(p, n), n};
}

static void list_done(struct list *l) {
    for (size_t i = 0; i < l->n; i++)
        free(l->items[i].p);
    free(l->items);
}

/* Each input in a block of its own size: a sanitizer sees reads behind it. */
static void run(const char *p, size_t n) {
    AUTO_FREE uint8_t *exact = mem_alloc(n);
    memcpy(exact, p, n);
    current = (struct blob){(char *)exact, n};
    (void)LLVMFuzzerTestOneInput(exact, n);
}

/* --- reading seeds and dictionaries ------------------------------------ */

static int read_file(const char *path, struct buf *ret) {
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;
    while (fd >= 0 && ret->len < INPUT_MAX) {
        got = read(fd, buf_reserve(ret, 4096), 4096);
        if (got <= 0)
            break;
        buf_added(ret, (size_t)got);
    }
    if (got < 0)
        (void)fprintf(stderr, "fuzz: %s cannot be read\n", path);
    return got < 0 ? -1 : 0;
}

static int add_path(struct list *seeds, const char *path) {
    struct stat st;
    struct dirent **names = NULL;
    int rc = 0;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        int n = scandir(path, &names, NULL, alphasort);
        for (int i = 0; i < n; i++) {
            AUTO_FREE char *child = mem_printf("%s/%s", path, names[i]->d_name);
            if (names[i]->d_name[0] != '.' && add_path(seeds, child))
                rc = -1;
            free(names[i]);
        }
        free(names);
        return rc;
    }
    AUTO_BUF struct buf b = BUF_INIT;
    if (read_file(path, &b))
        return -1;
    list_add(seeds, buf_str(&b), b.len);
    return 0;
}

/* A line of the dictionary: name="word" or "word", with \xAB, \\ and \". */
static void add_word(struct list *words, const char *line) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *p = strchr(line, '"');
    if (*line == '#' || !p)
        return;
    for (p++; *p && *p != '"'; p++) {
        unsigned hex;
        if (*p != '\\') {
            buf_addc(&b, *p);
        } else if (sscanf(p, "\\x%2x", &hex) == 1) {
            buf_addc(&b, (char)hex);
            p += 3;
        } else if (*++p) {
            buf_addc(&b, *p);
        }
    }
    list_add(words, buf_str(&b), b.len);
}

static int read_dictionary(struct list *words, const char *path) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (read_file(path, &b))
        return -1;
    char *rest = b.data;
    for (char *line; rest && (line = strsep(&rest, "\n"));)
        add_word(words, line);
    return 0;
}

/* --- mutations --------------------------------------------------------- */

static void insert(struct buf *b, size_t at, const char *p, size_t n) {
    AUTO_BUF struct buf tail = BUF_INIT;
    buf_add(&tail, b->data + at, b->len - at);
    buf_truncate(b, at);
    buf_add(b, p, n);
    buf_add(b, buf_str(&tail), tail.len);
}

static void cut(struct buf *b, size_t at, size_t n) {
    memmove(b->data + at, b->data + at + n, b->len - at - n);
    buf_truncate(b, b->len - n);
}

static void mutate_byte(struct buf *b) {
    static const char special[] = "\"{}[]\\:,*-<>=|&!#%u0\n\r\t \x7f\xff\xc3";
    char *p = b->data + below(b->len);
    switch (below(3)) {
    case 0:
        *p = (char)(*p ^ 1 << below(8));
        break;
    case 1:
        *p = (char)random_next();
        break;
    default:
        *p = special[below(sizeof special)]; /* the NUL too */
    }
}

static void mutate_range(struct buf *b) {
    size_t at = below(b->len);
    size_t n = 1 + below(b->len - at < 64 ? b->len - at : 64);
    if (n > b->len - at)
        n = b->len - at;
    if (below(2)) {
        cut(b, at, n);
        return;
    }
    AUTO_BUF struct buf copy = BUF_INIT;
    buf_add(&copy, b->data + at, n);
    for (size_t times = 1 + below(40); times > 0 && b->len < INPUT_MAX; times--)
        insert(b, at, buf_str(&copy), n);
}

/* A word of the dictionary, or a piece of another seed. */
static void mutate_splice(struct buf *b, const struct options *o) {
    size_t at = below(b->len + 1);
    if (o->words.n && below(3)) {
        const struct blob *w = &o->words.items[below(o->words.n)];
        insert(b, at, w->p, w->n);
        return;
    }
    const struct blob *s = &o->seeds.items[below(o->seeds.n)];
    size_t from = below(s->n);
    insert(b, at, s->p + from, below(s->n - from));
}

static void mutate(struct buf *b, const struct options *o) {
    for (size_t steps = 1 + below(STEPS_MAX); steps > 0; steps--) {
        (void)buf_reserve(b, 1);
        size_t kind = b->len ? below(8) : 7;
        if (kind < 3)
            mutate_byte(b);
        else if (kind < 5)
            mutate_range(b);
        else if (kind == 5 && below(4) == 0)
            buf_truncate(b, below(b->len));
        else
            mutate_splice(b, o);
    }
    buf_truncate(b, INPUT_MAX);
}

static void run_all(const struct options *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    random_state = (uint64_t)o->seed;
    run("", 0);
    for (size_t i = 0; i < o->seeds.n; i++)
        run(o->seeds.items[i].p, o->seeds.items[i].n);
    for (int64_t i = 0; i < o->runs; i++) {
        const struct blob *s = &o->seeds.items[below(o->seeds.n)];
        buf_clear(&b);
        buf_add(&b, s->p, s->n);
        mutate(&b, o);
        run(buf_str(&b), b.len);
    }
}

static int read_option(struct options *o, const char *arg) {
    if (str_starts(arg, "-runs="))
        return str_to_i64(arg + 6, 0, INT32_MAX, &o->runs);
    if (str_starts(arg, "-seed="))
        return str_to_i64(arg + 6, 0, INT32_MAX, &o->seed);
    if (str_starts(arg, "-dict="))
        return read_dictionary(&o->words, arg + 6);
    return add_path(&o->seeds, arg);
}

int main(int argc, char **argv) {
    struct options o = {.runs = 1000, .seed = 1};
    int rc = 0;
    (void)signal(SIGABRT, on_crash);
    (void)signal(SIGSEGV, on_crash);
    for (int i = 1; i < argc && rc == 0; i++)
        rc = read_option(&o, argv[i]);
    if (rc || o.seeds.n == 0) {
        (void)fprintf(stderr,
                      "usage: %s [-runs=N] [-seed=N] [-dict=FILE] "
                      "FILE|FOLDER...\n",
                      argv[0]);
        rc = 64;
    } else {
        run_all(&o);
        (void)printf("%zu seeds, %lld mutations\n", o.seeds.n,
                     (long long)o.runs);
    }
    list_done(&o.seeds);
    list_done(&o.words);
    return rc;
}
