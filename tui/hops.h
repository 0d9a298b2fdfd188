/* The connection doctor's steps as lines: state, what was found, the cure. */
#pragma once

struct json;
struct textview;

void hops_lines(struct textview *t, const struct json *hops, int width);
