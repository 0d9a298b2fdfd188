/* A charge as the protocol shows it. Inside rpc only. */
#pragma once

struct charge;
struct jsonw;

void charge_view_write(const struct charge *c, struct jsonw *w);
