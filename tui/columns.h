/* Which columns of a list are shown at a width, and how wide each is. Columns
 * of low priority go first; what is left over goes to the one that grows. */
#pragma once

#include <stdbool.h>

struct column {
    int title;    /* text id */
    int width;    /* cells it needs */
    int max;      /* cells it can use; 0: it does not grow */
    int priority; /* 1 stays longest */
    bool right;   /* amounts and ages */
};

enum { COLUMNS_MAX = 16 };

struct columns_fit {
    int x[COLUMNS_MAX];     /* cell where it begins */
    int width[COLUMNS_MAX]; /* 0: not shown */
};

/* Fit n columns, one blank between two, into `width` cells. */
void columns_fit(const struct column *c, int n, int width,
                 struct columns_fit *ret);
