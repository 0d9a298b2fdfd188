/* The papers of an order, of several, or of all that are picked together: which
 * one, then tui/view_paper.c shows it. whose: "alpine:1779", references with
 * blanks between, "W-12", or "" where it is nobody's. */
#pragma once

struct app;
struct buf;
struct jsonw;

enum { PAPERS_ORDERS = 50 /* in one piece */ };

void papers_choose(struct app *a, const char *whose);
/* Its pick list at once; of a wave which of its papers is asked. */
void papers_pick_list(struct app *a, const char *list, const char *ref);
/* The sheet of action codes. */
void papers_codes(struct app *a);

/* As parameters of documents.*, inside an object; and for people: "alpine:1779
 * and 2 more". */
void papers_whose(struct jsonw *w, const char *whose);
void papers_title(struct buf *out, const char *whose);
