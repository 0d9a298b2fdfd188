#include "tests/lib/recording.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/str.h"

static void read_file(const char *path, struct buf *out) {
    FILE *f = fopen(path, "re");
    size_t n;
    REQUIRE(f);
    while ((n = fread(buf_reserve(out, 65536), 1, 65536, f)) > 0)
        buf_added(out, n);
    (void)fclose(f);
}

static void read_body(struct recording *r) {
    const struct json *answer = json_get(r->root, "response");
    const char *raw = json_string(json_get(answer, "body_raw"));
    if (raw)
        buf_adds(&r->body, raw);
    else if (json_get(answer, "body"))
        json_print(&r->body, json_get(answer, "body"));
}

void recording_read(const char *name, struct recording *ret) {
    char path[512];
    AUTO_BUF struct buf text = BUF_INIT;
    memset(ret, 0, sizeof *ret);
    (void)snprintf(path, sizeof path, "%s/%s.json", RECORDINGS, name);
    (void)str_copy(ret->name, sizeof ret->name, name);
    read_file(path, &text);
    ret->arena = arena_new(0);
    REQUIRE(json_parse(ret->arena, text.data, text.len, NULL, &ret->root,
                       NULL) == 0);
    const struct json *request = json_get(ret->root, "request");
    ret->method = json_string(json_get(request, "method"));
    ret->path = json_string(json_get(request, "path"));
    read_body(ret);
}

void recording_done(struct recording *r) {
    arena_free(r->arena);
    buf_done(&r->body);
}

void recording_answer(const struct recording *r, struct http_answer *ret) {
    int64_t status = 0;
    const struct json *answer = json_get(r->root, "response");
    const struct json *h = json_first(json_get(answer, "headers"));
    memset(ret, 0, sizeof *ret);
    REQUIRE(json_i64(json_get(answer, "status"), false, &status) == 0);
    ret->status = (int)status;
    for (; h; h = json_next(h))
        if (json_string(h))
            REQUIRE(http_header_add(ret, json_key(h), strlen(json_key(h)),
                                    json_string(h), strlen(json_string(h))));
    buf_add(&ret->body, buf_str(&r->body), r->body.len);
}

static int is_json(const struct dirent *d) {
    return str_ends(d->d_name, ".json");
}

int recording_each(void (*fn)(const struct recording *r, void *arg),
                   void *arg) {
    struct dirent **names;
    int seen = 0, n = scandir(RECORDINGS, &names, is_json, alphasort);
    REQUIRE(n > 0);
    for (int i = 0; i < n; i++) {
        struct recording r;
        names[i]->d_name[strlen(names[i]->d_name) - 5] = 0;
        recording_read(names[i]->d_name, &r);
        if (r.path && json_get(r.root, "response")) {
            fn(&r, arg);
            seen++;
        }
        recording_done(&r);
        free(names[i]);
    }
    free(names);
    return seen;
}
