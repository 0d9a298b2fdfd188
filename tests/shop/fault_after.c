/* Faults that spoil a right answer on its way out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "tests/shop/shop.h"

static struct fault_act *act_of(struct exchange *x) {
    if (!x->fault) {
        x->fault = arena_alloc(x->a, sizeof *x->fault);
        *x->fault = (struct fault_act){.cut = -1, .land_ms = -1};
    }
    return x->fault;
}

static void remember(struct exchange *x) {
    struct faults *f = &x->shop->faults;
    if (f->stale_n == STALE_MAX || x->status != 200 || !x->out.len)
        return;
    for (size_t i = 0; i < f->stale_n; i++)
        if (strcmp(f->stale[i].uri, x->raw_uri) == 0)
            return;
    f->stale[f->stale_n++] =
        (struct stale){mem_dup(x->raw_uri), x->status,
                       mem_dupn(x->out.data, x->out.len), x->out.len};
}

static void notice(struct exchange *x) {
    struct buf all = BUF_INIT;
    buf_adds(&all, "<br />\n<b>Warning</b>:  Undefined array key \"sku\" in "
                   "<b>/var/www/html/wp-content/plugins/x/x.php</b> on line "
                   "<b>12</b><br />\n");
    buf_add(&all, x->out.data, x->out.len);
    buf_done(&x->out);
    x->out = all;
}

/* Every mention of the shop's address becomes that of the copy. */
static void copied(struct exchange *x) {
    AUTO_BUF struct buf from = BUF_INIT;
    AUTO_BUF struct buf to = BUF_INIT;
    struct buf all = BUF_INIT;
    node_quote(&from, x->shop->home, strlen(x->shop->home));
    node_quote(&to, shop_home(x->shop), strlen(shop_home(x->shop)));
    size_t n = from.len - 2, at = 0;
    while (at < x->out.len) {
        const char *p = x->out.data + at;
        const char *hit = memmem(p, x->out.len - at, from.data + 1, n);
        size_t before = hit ? (size_t)(hit - p) : x->out.len - at;
        buf_add(&all, p, before);
        if (hit)
            buf_add(&all, to.data + 1, to.len - 2);
        at += before + (hit ? n : 0);
    }
    buf_done(&x->out);
    x->out = all;
}

/* A number of fields a plugin got wrong, by the fault's value. */
static const char *const odd_rows[] = {
    "null",
    "{\"id\":\"12\",\"status\":7,\"total\":12.5,\"number\":12,"
    "\"line_items\":null,\"billing\":[]}",
    "{\"id\":9007199254740993000,\"status\":\"processing\"}",
    "{\"status\":\"processing\",\"number\":\"no id\"}",
    NULL, /* deep nesting */
    "{\"id\":990005,\"status\":\"processing\",\"number\":\"\xff\xfe\"}",
    "\"a string\"",
    "[]",
};

static void deep_add(struct buf *out) {
    buf_adds(out, "{\"id\":990004,\"meta_data\":");
    for (int i = 0; i < 2000; i++)
        buf_addc(out, '[');
    for (int i = 0; i < 2000; i++)
        buf_addc(out, ']');
    buf_addc(out, '}');
}

static void odd_row(struct exchange *x, int64_t which) {
    struct buf all = BUF_INIT;
    size_t n = sizeof odd_rows / sizeof *odd_rows;
    if (!x->out.len || x->out.data[0] != '[' || which < 0)
        return;
    const char *row = odd_rows[(size_t)which % n];
    buf_addc(&all, '[');
    if (row)
        buf_adds(&all, row);
    else
        deep_add(&all);
    if (x->out.len > 2)
        buf_addc(&all, ',');
    buf_add(&all, x->out.data + 1, x->out.len - 1);
    buf_done(&x->out);
    x->out = all;
}

static void body_spoil(struct exchange *x, uint32_t hits,
                       const int64_t value[FAULTS]) {
    if (hits & 1u << FAULT_ODD_ROW)
        odd_row(x, value[FAULT_ODD_ROW]);
    if (hits & 1u << FAULT_COPIED && x->out.len)
        copied(x);
    if (hits & 1u << FAULT_NOTICE)
        notice(x);
    if (hits & 1u << FAULT_TRUNCATE)
        buf_truncate(&x->out, x->out.len / 2);
}

void fault_after(struct exchange *x, uint32_t hits,
                 const int64_t value[FAULTS]) {
    bool write = strcmp(x->method, "GET") != 0;
    if (hits & 1u << FAULT_STALE && !write)
        remember(x);
    body_spoil(x, hits, value);
    if (hits & 1u << FAULT_SLOW)
        x->delay_ms += value[FAULT_SLOW];
    if (hits & 1u << FAULT_CUT)
        act_of(x)->cut = value[FAULT_CUT];
    if (hits & 1u << FAULT_DRIP)
        act_of(x)->drip = value[FAULT_DRIP] > 0 ? value[FAULT_DRIP] : 1;
    if (hits & 1u << FAULT_HANG)
        act_of(x)->hang = true;
    if (hits & 1u << FAULT_LOST && write)
        act_of(x)->no_head = true;
    /* The colours were for this request alone. */
    x->s->frozen_dates = x->shop->copied = false;
}
