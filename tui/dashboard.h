/* Parts of the dashboard (view_dashboard.c). Inside it only. */
#pragma once

#include <stdbool.h>

struct json;
struct textview;

/* Lines of the day's hours from dashboard.get; picture: sparklines, else a
 * figure an hour in words. */
void dashboard_hours(struct textview *t, const struct json *o, bool picture,
                     int width);
