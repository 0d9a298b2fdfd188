/* How far long work is, as one line: "[#####.....]  42 %  884 of 2,113
 * 188/s  6 s left". */
#pragma once

struct buf;
struct progress_row;

/* Append it in at most `cells` cells; parts drop from the right. */
void progress_bar(struct buf *out, const struct progress_row *r, int cells);

/* "18,402" */
const char *progress_count(char dst[32], long long n);
