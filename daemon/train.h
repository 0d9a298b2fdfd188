/* Drives the training of compression dictionaries (model/kept.h): looks once a
 * minute whether objects came in, and when a kind has samples enough trains on
 * a sync-lane reader, stores on the writer, then puts it into service. */
#pragma once

struct db;
struct env;
struct kept;
struct train;

/* Begin to look for dictionaries worth training; all three are borrowed until
 * train_free. */
struct train *train_start(struct db *db, const struct env *env, struct kept *k);
/* No new work; what runs ends with the db. */
void train_stop(struct train *t);
/* After the db is closed. NULL is fine. */
void train_free(struct train *t);
