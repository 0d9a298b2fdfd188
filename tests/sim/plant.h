/* Faults planted in the engine, so that it is known what the simulation finds.
 * Each takes one rule away at the seam between two files: the linker leads the
 * engine's calls through here (--wrap); the product knows nothing of it.
 * Without a plant every call goes straight on. */
#pragma once

enum plant {
    PLANT_NONE,
    PLANT_STALE, /* an answer is applied however late it was overtaken */
    PLANT_HASTY, /* one look decides what became of a write */
    PLANT_BLIND, /* what the look before a write shows stops nothing */
};

/* From now on, in every history. */
void plant_set(enum plant p);
/* By the name --plant takes; negative: no such. */
int plant_parse(const char *name);
