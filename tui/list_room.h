/* A list, from inside: list_view.c keeps it, list_draw.c draws it. */
#pragma once

#include "tui/list_view.h"

/* Of a row, "" for NULL. */
const char *list_key(struct list_view *l, const void *row);
/* Which mark has that key, -1: none. */
int list_mark_of(const struct list_view *l, const char *key);
void list_close_beside(struct list_view *l);
