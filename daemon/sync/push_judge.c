#include "sync/push_judge.h"

#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/str.h"
#include "model/cause.h"
#include "model/change_value.h"
#include "sync/push_find.h"

/* --- small --------------------------------------------------------------- */

const struct json *push_judge_meta(const struct json *object, const char *key) {
    for (const struct json *m = json_first(json_get(object, "meta_data")); m;
         m = json_next(m))
        if (str_eq(json_string(json_get(m, "key")), key))
            return json_get(m, "value");
    return NULL;
}

static const char *status_of(const struct json *object) {
    const char *s = json_string(json_get(object, "status"));
    return s ? s : "";
}

static bool trashed(const struct push_view *v, struct push_finding *ret) {
    if (!str_eq(status_of(v->read[PUSH_OBJECT]), "trash"))
        return false;
    ret->found = PUSH_CONFLICT;
    ret->cause = cause_plain(CAUSE_IN_TRASH);
    return true;
}

/* --- what to read -------------------------------------------------------- */

static int tracking_read(const struct push_view *v, int i) {
    if (i == 0)
        return PUSH_OBJECT;
    enum encode_way way = push_judge_way(v);
    if (i > 1 || way == ENCODE_PLUGIN || way == ENCODE_META)
        return -1;
    return way == ENCODE_TELL ? PUSH_NOTES : PUSH_FULFILLMENTS;
}

/* What was made and came through unheard may have been trashed since. */
static int create_read(const struct push_view *v, int i) {
    bool trash = v->c->kind == MIRROR_ORDER || v->c->kind == MIRROR_PRODUCT;
    if (i == 1 && trash && !v->first)
        return PUSH_FIND_TRASH;
    return i == 0 ? PUSH_FIND : -1;
}

int push_judge_read(const struct push_view *v, int i) {
    switch (v->c->act) {
    case CHANGE_TRACKING:
        return tracking_read(v, i);
    case CHANGE_NOTE:
        return i == 0 ? PUSH_NOTES : -1;
    case CHANGE_REFUND:
        return i == 0 ? PUSH_OBJECT : i == 1 ? PUSH_REFUNDS : -1;
    case CHANGE_CREATE:
        return create_read(v, i);
    default:
        return i == 0 ? PUSH_OBJECT : -1;
    }
}

/* --- fields --------------------------------------------------------------- */

static void judge_set(const struct push_view *v, struct push_finding *ret) {
    const struct change *c = v->c;
    const char **theirs = arena_alloc(v->a, (c->n_paths + 1) * sizeof *theirs);
    size_t there = 0, against = 0;
    if (trashed(v, ret))
        return;
    for (size_t i = 0; i < c->n_paths; i++) {
        const struct change_path *p = &c->paths[i];
        const char *now =
            change_value_of(v->read[PUSH_OBJECT], c->kind, p->path, v->a);
        bool known = p->base || p->accept;
        theirs[i] = NULL;
        if (change_value_same(p->path, p->wanted, now, v->a)) {
            there++;
        } else if (known && !change_value_accepted(p->path, p->base, p->accept,
                                                   now, v->a)) {
            theirs[i] = now;
            against++;
            ret->cause = cause_json(
                v->a, CAUSE_DIFFERS,
                (struct cause_of){.path = p->path, .is = now, .was = p->base});
        }
    }
    ret->found = there == c->n_paths ? PUSH_THERE
                 : against           ? PUSH_CONFLICT
                                     : PUSH_ABSENT;
    if (against)
        ret->theirs = theirs;
}

static void judge_stock(const struct push_view *v, struct push_finding *ret) {
    const struct json *object = v->read[PUSH_OBJECT];
    const char *op = json_string(push_judge_meta(object, ENCODE_OP));
    bool managed = false;
    if (str_eq(op, v->c->uuid)) {
        ret->found = PUSH_THERE;
        return;
    }
    ret->op = op;
    if (trashed(v, ret))
        return;
    /* elsewhere the delta is ignored with a friendly answer */
    if (json_bool(json_get(object, "manage_stock"), false, &managed) < 0) {
        ret->found = PUSH_REFUSED;
        ret->cause = cause_plain(CAUSE_STOCK_AT_PARENT);
    } else if (!managed) {
        ret->found = PUSH_REFUSED;
        ret->cause = cause_plain(CAUSE_STOCK_UNMANAGED);
    }
}

static void judge_trash(const struct push_view *v, struct push_finding *ret) {
    if (str_eq(status_of(v->read[PUSH_OBJECT]), "trash"))
        ret->found = PUSH_THERE;
}

static void judge_untrash(const struct push_view *v, struct push_finding *ret) {
    const struct change_path *p = &v->c->paths[0];
    const char **theirs = arena_alloc(v->a, sizeof *theirs);
    const char *now =
        change_value_of(v->read[PUSH_OBJECT], v->c->kind, p->path, v->a);
    if (change_value_same(p->path, p->wanted, now, v->a)) {
        ret->found = PUSH_THERE;
    } else if (!str_eq(status_of(v->read[PUSH_OBJECT]), "trash")) {
        theirs[0] = now;
        ret->found = PUSH_CONFLICT;
        ret->theirs = theirs;
        ret->cause =
            cause_json(v->a, CAUSE_OUT_OF_TRASH, (struct cause_of){.is = now});
    }
}

/* --- all ------------------------------------------------------------------ */

void push_judge(const struct push_view *v, struct push_finding *ret) {
    *ret = (struct push_finding){.found = PUSH_ABSENT};
    switch (v->c->act) {
    case CHANGE_SET:
        judge_set(v, ret);
        break;
    case CHANGE_STOCK:
        judge_stock(v, ret);
        break;
    case CHANGE_TRASH:
        judge_trash(v, ret);
        break;
    case CHANGE_UNTRASH:
        judge_untrash(v, ret);
        break;
    case CHANGE_REFUND:
        push_find_refund(v, ret);
        break;
    case CHANGE_TRACKING:
        push_find_tracking(v, ret);
        break;
    case CHANGE_NOTE:
        push_find_note(v, ret);
        break;
    default:
        if (v->read[PUSH_OBJECT])
            push_find_made(v, ret);
        else
            push_find_created(v, ret);
    }
    /* what came through before the order was trashed has come through */
    if (ret->found == PUSH_ABSENT && v->read[PUSH_OBJECT] &&
        (v->c->act == CHANGE_REFUND || v->c->act == CHANGE_TRACKING))
        (void)trashed(v, ret);
}

/* --- after a write -------------------------------------------------------- */

static bool answered(const struct push_view *v, const struct change_path *p,
                     const struct json *answer) {
    return answer &&
           change_value_same(p->path, p->wanted,
                             change_value_of(answer, v->c->kind, p->path, v->a),
                             v->a);
}

/* One path that is not as asked. The shop may have said so at once (it ignored
 * or changed the value), or only shown it (it kept nothing), or somebody may
 * have written right after it. */
static void judge_path(const struct push_view *v, const struct change_path *p,
                       const struct json *before, const struct json *answer,
                       struct push_finding *ret) {
    const char *now =
        change_value_of(v->read[PUSH_OBJECT], v->c->kind, p->path, v->a);
    const char *was = change_value_of(before, v->c->kind, p->path, v->a);
    if (change_value_same(p->path, p->wanted, now, v->a))
        return;
    const struct cause_of of = {.path = p->path, .asked = p->wanted, .is = now};
    bool good = answered(v, p, answer);
    if (good && !change_value_same(p->path, was, now, v->a)) {
        if (ret->found == PUSH_THERE)
            ret->cause = cause_json(v->a, CAUSE_CHANGED_SINCE, of);
        return;
    }
    ret->found = PUSH_REFUSED;
    ret->cause = cause_json(v->a, good ? CAUSE_NOT_KEPT : CAUSE_MADE_OTHER, of);
}

void push_judge_lost(const struct push_view *v, const struct json *before,
                     const struct json *answer, struct push_finding *ret) {
    *ret = (struct push_finding){.found = PUSH_THERE};
    if (v->c->act == CHANGE_SET || v->c->act == CHANGE_UNTRASH) {
        for (size_t i = 0; i < v->c->n_paths; i++)
            judge_path(v, &v->c->paths[i], before, answer, ret);
        return;
    }
    ret->found = PUSH_REFUSED;
    ret->cause = cause_plain(CAUSE_NOTHING_KEPT);
}

/* Fields a save may touch that nobody asked for (woocommerce-facts 5, 6). */
static const struct {
    enum mirror_kind kind;
    const char *path;
} watched[] = {
    {MIRROR_ORDER, "status"},         {MIRROR_ORDER, "billing"},
    {MIRROR_ORDER, "shipping"},       {MIRROR_ORDER, "customer_note"},
    {MIRROR_ORDER, "customer_id"},    {MIRROR_ORDER, "total"},
    {MIRROR_PRODUCT, "name"},         {MIRROR_PRODUCT, "sku"},
    {MIRROR_PRODUCT, "status"},       {MIRROR_PRODUCT, "regular_price"},
    {MIRROR_PRODUCT, "sale_price"},   {MIRROR_PRODUCT, "manage_stock"},
    {MIRROR_PRODUCT, "backorders"},   {MIRROR_PRODUCT, "weight"},
    {MIRROR_PRODUCT, "dimensions"},   {MIRROR_PRODUCT, "catalog_visibility"},
    {MIRROR_PRODUCT, "categories"},   {MIRROR_PRODUCT, "description"},
    {MIRROR_CUSTOMER, "email"},       {MIRROR_CUSTOMER, "first_name"},
    {MIRROR_CUSTOMER, "last_name"},   {MIRROR_CUSTOMER, "billing"},
    {MIRROR_CUSTOMER, "shipping"},    {MIRROR_CATEGORY, "name"},
    {MIRROR_CATEGORY, "slug"},        {MIRROR_CATEGORY, "parent"},
    {MIRROR_CATEGORY, "description"},
};

const char *push_judge_watched(size_t i) {
    return i < sizeof watched / sizeof *watched ? watched[i].path : NULL;
}

/* Is the field, or a member of it, among what was to change? */
static bool asked(const struct change *c, const char *path) {
    size_t n = strlen(path);
    for (size_t i = 0; i < c->n_paths; i++)
        if (strncmp(c->paths[i].path, path, n) == 0 &&
            (c->paths[i].path[n] == 0 || c->paths[i].path[n] == '.'))
            return true;
    return false;
}

const char *push_judge_reset(const struct push_view *v,
                             const struct json *before,
                             const struct json *after) {
    if (v->c->act != CHANGE_SET && v->c->act != CHANGE_STOCK)
        return NULL;
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        const char *path = watched[i].path;
        if (watched[i].kind != v->c->kind || asked(v->c, path) ||
            !json_get(before, path) || !json_get(after, path))
            continue;
        const char *was = change_value_of(before, v->c->kind, path, v->a);
        const char *now = change_value_of(after, v->c->kind, path, v->a);
        if (!change_value_same(path, was, now, v->a))
            return cause_json(
                v->a, CAUSE_TOUCHED,
                (struct cause_of){.path = path, .is = now, .was = was});
    }
    return NULL;
}
