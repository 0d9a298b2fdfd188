/* The page of a product that tells what it is made of. */
#include "tui/product_bundle.h"

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/tr.h"

/* What may be promised of it; nobody may be counting. */
static const char *available(const struct json *v) {
    const char *n = model_str(v, "available");
    return *n ? n : T(BUNDLE_NOT_COUNTED);
}

static void one_part(struct textview *t, const struct json *p) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_FREE char *link = mem_printf("product %s", model_str(p, "ref"));
    bool none = str_eq(model_str(p, "available"), "0");
    pad(&b, model_str(p, "quantity"), -6);
    buf_addf(&b, " x  %s", model_str(p, "name"));
    if (model_flag(p, "optional")) {
        buf_addf(&b, "  (%s)", T(BUNDLE_OPTIONAL));
    }
    buf_addf(&b, "  %s: %s", T(BUNDLE_AVAILABLE), available(p));
    textview_add(t,
                 !none                       ? ROLE_NORMAL
                 : model_flag(p, "optional") ? ROLE_WARN
                                             : ROLE_BAD,
                 model_str(p, "sku"), "%s", buf_str(&b));
    textview_link(t, link);
}

static void cost_line(struct textview *t, const struct json *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    char cost[40], n[24];
    const char *sum = model_str(o, "cost");
    int64_t discount = model_int(o, "discount", 0);
    if (!*sum) {
        return;
    }
    model_money(cost, sizeof cost, sum);
    buf_addf(&b, "%s %s", cost, model_str(o, "currency"));
    if (discount > 0) {
        (void)str_format(n, sizeof n, "%lld", (long long)discount);
        buf_adds(&b, "  ");
        TF(&b, BUNDLE_DISCOUNT, "n", n);
    }
    textview_add(t, ROLE_NORMAL, T(BUNDLE_COST), "%s", buf_str(&b));
}

void product_bundle(struct detail *d, struct textview *t, int part) {
    const struct json *o = detail_part(d, part);
    const struct json *p = json_first(json_get(o, "parts"));
    if (!o) {
        return;
    }
    if (p) {
        textview_add(t, ROLE_KEY, T(BUNDLE_AVAILABLE), "%s", available(o));
        cost_line(t, o);
        textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    } else {
        textview_add(t, ROLE_DIM, NULL, "%s", T(BUNDLE_NONE));
    }
    for (; p; p = json_next(p)) {
        one_part(t, p);
    }
    for (p = json_first(json_get(o, "in")); p; p = json_next(p)) {
        const char *ref = json_string(p);
        AUTO_FREE char *link = mem_printf("product %s", ref ? ref : "");
        textview_add(t, ROLE_LINK, T(BUNDLE_PART_OF), "%s", ref ? ref : "");
        textview_link(t, link);
    }
}
