/* The papers of an order: which one, then tui/view_paper.c shows it. */
#pragma once

struct app;

void papers_choose(struct app *a, const char *ref);
/* Its pick list at once. */
void papers_pick_list(struct app *a, const char *ref);
