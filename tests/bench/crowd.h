/* People at their work on one daemon, each with a connection and a name of
 * their own (p1, p2 ..; bench_house makes them), at a human but brisk rhythm.
 * What each does is in crowd_*.c. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json.h"
#include "gen_data.h"

struct arena;
struct client;

/* One kind of call: what its figure says, and how it is asked where a table
 * does. $ in params is a value, # an id of its own. */
struct crowd_probe {
    const char *what, *method, *params;
    const char *value; /* SQL of one text from a random ?1; NULL: none */
    int role;          /* enum crowd_role */
};
enum crowd_role { PICKER, PACKER, EDITOR, READER, KEEPER, BOSS, CROWD_ROLES };

/* The table, and behind it the calls of pickers and packers. */
enum crowd_step {
    STEP_QUEUE,
    STEP_BEGIN,
    STEP_SCAN,
    STEP_FINISH,
    STEP_READY,
    STEP_PACK_BEGIN,
    STEP_PACK_SCAN,
    STEP_PACK_FINISH,
    STEPS
};
enum { PROBES_MAX = 64, VALUES = 400, MS_MAX = 20000 };
extern const struct crowd_probe crowd_probes[];
extern const int crowd_n_probes;
const char *crowd_what(int kind); /* of a probe, then STEPS */

struct crowd {
    const char *socket;
    int64_t until;     /* bench_ns */
    int least, spread; /* ms between an answer and the next call */
    char *values[PROBES_MAX][VALUES];
    pthread_mutex_t lock; /* of what follows */
    char **held;          /* orders in a picker's hand, "ORDER NAME"; owned */
    size_t n_held;
    int taken; /* orders two pickers had at once */
    int picked, packed, refused;
};

struct person {
    struct crowd *crowd;
    enum crowd_role role;
    int number;
    char name[8];
    pthread_t thread;
    struct client *c;
    struct arena *arena; /* of the answer to the call before */
    struct gen gen;
    int64_t calls;
    double *ms[PROBES_MAX]; /* owned */
    size_t n[PROBES_MAX];
};

/* Connect as that person; and end. */
void person_open(struct person *p, struct crowd *c, int number,
                 enum crowd_role role);
void person_close(struct person *p);
/* Wait as people do, call, note how long it took. NULL: refused (a race with
 * another person); anything else ends the program. */
const struct json *person_call(struct person *p, int kind, const char *method,
                               const char *params);
/* Text at a path, or "". */
const char *person_text(const struct json *v, const char *path);

/* One round of work. */
void person_work(struct person *p);
/* The rounds of pickers and packers: crowd_hands.c. */
void hands_pick(struct person *p);
void hands_pack(struct person *p);
