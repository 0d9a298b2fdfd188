"""schema/query.json (keys of the query language) and schema/actions.json (what a key does)."""
from .base import banner, c_bool, c_name, c_opt, c_string, keys, load, need, stem
from .text import catalogue, const

TYPES = ("word", "choice", "int", "money", "qty", "date", "age")
DYNAMIC = ("stores", "statuses", "tags", "holds", "categories", "currencies")


QUERY_HEAD = """\
/* Where a key's values come from at run time. */
enum query_dynamic {
    QUERY_DYNAMIC_NONE,"""

QUERY_STRUCT = """\
};

/* The keys of one list: keys[i].id == i; text and dynamic run beside keys. */
struct query_list {
    const char *name; /* orders */
    const struct query_key *keys;
    const enum text_id *text; /* help in every language */
    const enum query_dynamic *dynamic;
    size_t n;
};

/* NULL when there is no such list. */
const struct query_list *query_list_find(const char *name);
"""

QUERY_FIND = """\
};

const struct query_list *query_list_find(const char *name) {
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}"""

ACTION_STRUCT = """\
    ACTION_COUNT
};

/* What a person can do, by key, by `?`, by `:`; indexed by enum action_id. */
struct action_row {
    const char *name; /* in keys.yaml and the palette */
    uint64_t views; /* bits of enum action_view */
    const char *keys; /* defaults, blank between; "g+o" is g, then o */
    bool write; /* not in a read-only session */
    bool admin; /* shown to admins alone */
    bool staff; /* not shown to owners */
    int hint; /* place in the hint line, 1 first; 0: not there */
    enum text_id hint_text, help_text;
};

extern const struct action_row action_rows[ACTION_COUNT];
extern const char *const action_view_names[VIEW_COUNT];"""


def split(inputs, name):
    """(path of <name>.json, text catalogue's paths)."""
    path = next(p for p in inputs if stem(p) == name)
    return path, [p for p in inputs if p != path]


def query_lists(inputs):
    path, texts = split(inputs, "query")
    ids = catalogue(texts)
    doc = load(path)
    for name, rows in doc.items():
        seen = set()
        for row in rows:
            where = f"{name}.{row.get('name', '?')}"
            keys(path, where, row, ("name", "type"), ("choices", "dynamic", "text"))
            need(row["name"] not in seen, path, where, "key is there twice")
            seen.add(row["name"])
            need(row["type"] in TYPES, path, where, f"type must be one of {', '.join(TYPES)}")
            need((row["type"] == "choice") == ("choices" in row), path, where,
                 "choice and choices go together")
            need(row.get("dynamic") in (None, *DYNAMIC), path, where,
                 f"dynamic must be one of {', '.join(DYNAMIC)}")
            row["text"] = f"query.{row.get('text', row['name'])}"
            need(row["text"] in ids, path, where, f"there is no text {row['text']}")
            row["help"] = ids[row["text"]]["en"][1]
    return doc


def key_const(name, row):
    return f"QUERY_{c_name(name)}_{c_name(row['name'])}".upper()


def query_h(inputs):
    lists = query_lists(inputs)
    out = [banner("schema/query.json"), "#pragma once", "", '#include "common/query.h"',
           '#include "common/text.h"', ""]
    for name, rows in lists.items():
        out.append(f"enum query_{name}_key {{")
        out += [f"    {key_const(name, r)}," for r in rows] + ["};", ""]
    out += QUERY_HEAD.split("\n")
    out += [f"    QUERY_DYNAMIC_{d.upper()}," for d in DYNAMIC]
    out += QUERY_STRUCT.split("\n")
    out += [f"extern const struct query_list query_list_{name};" for name in lists]
    return out


def query_c(inputs):
    lists = query_lists(inputs)
    out = [banner("schema/query.json"), '#include "query_keys.gen.h"', "",
           "#include <string.h>", ""]
    for name, rows in lists.items():
        out += [f"static const struct query_key keys_{name}[] = {{"]
        for r in rows:
            choices = c_opt("|".join(r["choices"]) if "choices" in r else None)
            out.append(f"    {{{c_string(r['name'])}, QUERY_{r['type'].upper()}, {choices}, "
                       f"{key_const(name, r)},\n     {c_string(r['help'])}}},")
        out += ["};", f"static const enum text_id text_{name}[] = {{"]
        out += [f"    {const(r['text'])}," for r in rows]
        out += ["};", f"static const enum query_dynamic dynamic_{name}[] = {{"]
        out += [f"    QUERY_DYNAMIC_{r.get('dynamic', 'none').upper()}," for r in rows]
        out += ["};", f"const struct query_list query_list_{name} = {{",
                f"    {c_string(name)}, keys_{name}, text_{name}, dynamic_{name}, {len(rows)}}};",
                ""]
    out.append("static const struct query_list *const all[] = {")
    return out + [f"    &query_list_{n}," for n in lists] + QUERY_FIND.split("\n")


def members(path, doc, names, where, depth=0):
    """Views by name, "@group" or "*" for all."""
    need(depth < 4, path, where, "groups go in circles")
    out = []
    for name in names:
        if name == "*":
            out += doc["views"]
        elif name.startswith("@"):
            group = doc.get("groups", {}).get(name[1:])
            need(group is not None, path, where, f"there is no group {name}")
            out += members(path, doc, group, where, depth + 1)
        else:
            out.append(name)
    return out


def actions(inputs):
    path, texts = split(inputs, "actions")
    ids = catalogue(texts)
    doc = load(path)
    keys(path, "top", doc, ("views", "actions"), ("groups",))
    need(len(doc["views"]) <= 64, path, "views", "at most 64")
    seen, bound = set(), {}
    for row in doc["actions"]:
        where = row.get("name", "?")
        keys(path, where, row, ("name", "views", "keys"), ("write", "admin", "staff", "hint"))
        need(where not in seen, path, where, "action is there twice")
        seen.add(where)
        views = members(path, doc, row["views"], where)
        for view in views:
            need(view in doc["views"], path, where, f"there is no view {view}")
            for key in row["keys"]:
                need((view, key) not in bound, path, where,
                     f"key {key} in {view} is bound to {bound.get((view, key))} already")
                bound[view, key] = where
        row["views"] = views
        for kind in ("hint", "help"):
            text = f"action.{where}.{kind}"
            need(text in ids, path, where, f"there is no text {text}")
    return doc


def actions_h(inputs):
    doc = actions(inputs)
    out = [banner("schema/actions.json"), "#pragma once", "", "#include <stdbool.h>", "#include <stdint.h>", "",
           '#include "common/text.h"', "", "enum action_view {"]
    out += [f"    VIEW_{c_name(v).upper()}," for v in doc["views"]]
    out += ["    VIEW_COUNT", "};", "", "enum action_id {"]
    out += [f"    ACTION_{c_name(a['name']).upper()}," for a in doc["actions"]]
    return out + ACTION_STRUCT.split("\n")


def actions_c(inputs):
    doc = actions(inputs)
    out = [banner("schema/actions.json"), '#include "actions.gen.h"', "",
           "const char *const action_view_names[VIEW_COUNT] = {"]
    out += [f"    {c_string(v)}," for v in doc["views"]] + ["};", ""]
    out.append("const struct action_row action_rows[ACTION_COUNT] = {")
    for a in doc["actions"]:
        views = " | ".join(f"UINT64_C(1) << VIEW_{c_name(v).upper()}" for v in a["views"])
        if len(a["views"]) == len(doc["views"]):
            views = "UINT64_MAX >> (64 - VIEW_COUNT)"
        name = f"action.{a['name']}"
        out.append(f"    {{{c_string(a['name'])}, {views},\n     {c_string(' '.join(a['keys']))}, "
                   f"{c_bool(a.get('write', False))}, {c_bool(a.get('admin', False))}, "
                   f"{c_bool(a.get('staff', False))}, {a.get('hint', 0)},\n     "
                   f"{const(name + '.hint')}, {const(name + '.help')}}},")
    return out + ["};"]


KINDS = (query_h, query_c, actions_h, actions_c)
