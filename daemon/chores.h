/* Hourly housekeeping on the writer: the change feed is cut to its newest
 * 100,000 events, webhook deliveries are forgotten when the same would be news,
 * what was kept long enough goes (model/retain.h), a slice a job, and of the
 * folder of files an hour's share is looked through for what nobody needs. Once
 * a minute: holds whose date has come end, and what orders of a status ask for
 * that means something else now is written anew (model/phase.h), in slices. */
#pragma once

struct chores;
struct db;
struct env;
struct retain_ages;

/* Begin; the first round comes soon after the start. db and env are borrowed
 * until chores_free; so is data, the data folder. */
struct chores *chores_start(struct db *db, const struct env *env,
                            const char *data);
/* How long things are kept, from the next slice on; unset: for ever. */
void chores_set(struct chores *c, const struct retain_ages *ages);
/* No new round; one on its way ends with the db. */
void chores_stop(struct chores *c);
/* After the db is closed. NULL is fine. */
void chores_free(struct chores *c);
