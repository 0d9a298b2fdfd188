/* Inside the model only: a letter as its statements give it. */
#pragma once

#include "model/mail.h"

struct db_rows;

/* Texts in the arena, or good until the next step (NULL). 1, or
 * ERR_DB_CORRUPT. */
int mail_row_read(struct db_rows *r, struct arena *a, struct mail *ret);
