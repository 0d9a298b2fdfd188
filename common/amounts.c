#include "common/amounts.h"

#include "common/jsonw.h"
#include "common/money.h"
#include "common/str.h"

void amounts_add(struct amounts *m, const char *currency, int64_t e4) {
    size_t i = 0;
    while (i < m->n && !str_eq(m->of[i].currency, currency))
        i++;
    if (i == AMOUNTS_MAX)
        return;
    if (i == m->n) {
        (void)str_copy(m->of[i].currency, sizeof m->of[i].currency, currency);
        m->of[m->n++].e4 = 0;
    }
    if (!money_add(&m->of[i].e4, e4))
        m->of[i].e4 = INT64_MAX; /* absurd amounts stay absurd */
}

void amounts_write(const struct amounts *m, struct jsonw *w) {
    jsonw_begin_object(w);
    for (size_t i = 0; i < m->n; i++)
        jsonw_kmoney(w, m->of[i].currency, m->of[i].e4, 2);
    jsonw_end_object(w);
}
