/* What a form sends: the values that count, and what was seen of them. */
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "tui/edit_room.h"
#include "tui/tr.h"

const char *edit_ref(const struct edit *e) {
    return e->ref;
}

int edit_count(const struct edit *e) {
    return e->n;
}

const char *edit_path(const struct edit *e, int i) {
    return e->inputs[i].path;
}

const char *edit_at(const struct edit *e, int i) {
    return form_get(&e->form, i);
}

static int index_of(const struct edit *e, const char *path) {
    for (int i = 0; i < e->n; i++) {
        if (str_eq(e->inputs[i].path, path)) {
            return i;
        }
    }
    return -1;
}

const char *edit_value(const struct edit *e, const char *path) {
    int i = index_of(e, path);
    return i < 0 ? "" : form_get(&e->form, i);
}

void edit_blame(struct edit *e, const char *path, enum text_id sentence) {
    int i = index_of(e, path);
    if (i >= 0) {
        e->form.at = e->form.bad = i;
    }
    edit_say(e, ROLE_BAD, text_get(tr_lang, sentence));
}

/* With what was seen at hand only changes count; else whatever is filled in. */
static bool goes(const struct edit *e, int i) {
    const struct edit_input *in = &e->inputs[i];
    const char *now = form_get(&e->form, i);
    if (in->own) {
        return false;
    }
    if (e->def->base || e->def->set || e->def->changed) {
        return !str_eq(now, in->was ? in->was : "") &&
               (in->was || e->fields[i].type != FORM_BOOL || e->form.on[i]);
    }
    return *now || e->fields[i].required;
}

int edit_no_number(const struct edit *e) {
    int64_t n;
    for (int i = 0; i < e->n; i++) {
        if (e->fields[i].type == FORM_NUMBER && goes(e, i) &&
            str_to_i64(form_get(&e->form, i), 0, INT32_MAX, &n) < 0) {
            return i;
        }
    }
    return -1;
}

static void write_words(const char *text, struct jsonw *w) {
    static const char between[] = ", \t";
    jsonw_begin_array(w);
    for (text += strspn(text, between); *text; text += strspn(text, between)) {
        size_t n = strcspn(text, between);
        jsonw_stringn(w, text, n);
        text += n;
    }
    jsonw_end_array(w);
}

static void write_value(const struct edit *e, int i, struct jsonw *w) {
    const char *now = form_get(&e->form, i);
    int64_t n;
    if (e->inputs[i].list) {
        write_words(now, w);
    } else if (e->fields[i].type == FORM_BOOL) {
        jsonw_bool(w, e->form.on[i]);
    } else if (e->fields[i].type == FORM_NUMBER &&
               str_to_i64(now, 0, INT32_MAX, &n) == 0) {
        jsonw_i64(w, n);
    } else if (e->inputs[i].number &&
               str_to_i64(now, -1000000000, 1000000000, &n) == 0) {
        jsonw_i64(w, n);
    } else {
        jsonw_string(w, now);
    }
}

/* "billing.city" becomes a member of billing; such fields stand together. */
static void write_values(const struct edit *e, struct jsonw *w) {
    char open[80] = "";
    for (int i = 0; i < e->n; i++) {
        const char *path = e->inputs[i].path;
        const char *dot = e->def->set ? NULL : strchr(path, '.');
        size_t n = dot ? (size_t)(dot - path) : 0;
        if (!goes(e, i)) {
            continue;
        }
        if (open[0] && (strlen(open) != n || strncmp(open, path, n) != 0)) {
            jsonw_end_object(w);
            open[0] = '\0';
        }
        if (dot && !open[0] && n < sizeof open) {
            memcpy(open, path, n);
            open[n] = '\0';
            jsonw_key(w, open);
            jsonw_begin_object(w);
        }
        jsonw_key(w, dot ? dot + 1 : path);
        write_value(e, i, w);
    }
    if (open[0]) {
        jsonw_end_object(w);
    }
}

/* What was seen of a flag is no text. */
static void write_seen(const struct edit *e, int i, struct jsonw *w) {
    const char *was = e->inputs[i].was;
    jsonw_key(w, e->inputs[i].path);
    if (e->fields[i].type == FORM_BOOL) {
        jsonw_bool(w, str_eq(was, "true"));
    } else {
        jsonw_string(w, was);
    }
}

static void write_base(const struct edit *e, struct jsonw *w) {
    jsonw_key(w, "base");
    jsonw_begin_object(w);
    for (int i = 0; i < e->n; i++) {
        if (goes(e, i) && e->inputs[i].was) {
            write_seen(e, i, w);
        }
    }
    jsonw_end_object(w);
}

int edit_params(struct edit *e, struct buf *out) {
    struct jsonw w;
    int rc = 0;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    if (e->def->param) {
        jsonw_kstring(&w, e->def->param, e->ref);
    }
    if (e->def->set) {
        jsonw_key(&w, e->def->set);
        jsonw_begin_object(&w);
    }
    write_values(e, &w);
    if (e->def->set) {
        jsonw_end_object(&w);
    }
    if (e->def->base) {
        write_base(e, &w);
    }
    if (e->def->more) {
        rc = e->def->more(e, &w);
    }
    if (e->propose) {
        jsonw_kbool(&w, "propose", true);
    }
    jsonw_end_object(&w);
    return rc;
}

int edit_missing(const struct edit *e) {
    for (int i = 0; i < e->n; i++) {
        if (e->fields[i].required && str_empty(form_get(&e->form, i))) {
            return i;
        }
    }
    return -1;
}

bool edit_goes(const struct edit *e) {
    if (e->def->as_is) {
        return true;
    }
    for (int i = 0; i < e->n; i++) {
        if (goes(e, i) || (e->inputs[i].own && *form_get(&e->form, i))) {
            return true;
        }
    }
    return false;
}
