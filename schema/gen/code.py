"""C of the protocol: parameter structs, method table, dispatch."""
from .base import banner, c_bool, c_comment, c_name, c_opt, c_string
from .rpc import Model, ROLES, SCOPES

SOURCE = "schema/rpc"
C_TYPES = {"string": "const char *", "store": "const char *", "int": "int64_t ", "bool": "bool ",
           "ref": "struct ref ", "set": "uint64_t ", "money": "int64_t ", "quantity": "int64_t ",
           "object": "const struct json *", "objects": "const struct json *",
           "map": "const struct json *"}
C_WORDS = {"return", "default", "case", "int", "short", "long"}


METHOD_ROW = """\
/* One method; the table is indexed by enum rpc_method. */
struct rpc_method_row {
    const char *name; /* orders.list */
    const char *summary;
    bool write; /* refused in a read-only session; takes request_id */
    bool is_long; /* answers {job} at once */
    bool step_up; /* asks again who it is (rpc/access.h) */
    bool enrol;   /* also for who still must set up an authenticator */
    unsigned roles; /* bits of enum rpc_role */
    enum rpc_scope scope;
    const struct param *params;
    size_t n_params;
    size_t size; /* of its parameter struct */
};

extern const struct rpc_method_row rpc_methods[RPC_METHOD_COUNT];

/* The method's number, or -1. */
int rpc_method_find(const char *name);

/* Read and check parameters (object or NULL) into ret, the method's struct
 * (row.size bytes, aligned for it). Texts point into the parsed document.
 * ERR_INVALID_PARAMS: e->where names the field. */
int rpc_params_parse(enum rpc_method m, const struct json *params, void *ret,
                     struct error *e);"""

METHOD_CODE = """
int rpc_method_find(const char *name) {
    for (int i = 0; i < RPC_METHOD_COUNT; i++)
        if (strcmp(rpc_methods[i].name, name) == 0)
            return i;
    return -1;
}

int rpc_params_parse(enum rpc_method m, const struct json *params, void *ret,
                     struct error *e) {
    const struct rpc_method_row *row = &rpc_methods[m];
    memset(ret, 0, row->size);
    return params_parse(row->params, row->n_params, params, ret, e);
}"""


def enum_const(enum, value):
    return f"RPC_{c_name(enum)}_{c_name(value)}".upper()


def method_const(m):
    return f"RPC_{m.c}".upper()


def rpc_h(inputs):
    model = Model(inputs)
    out = [banner(SOURCE), "#pragma once", "", "#include <stdbool.h>", "#include <stddef.h>",
           "#include <stdint.h>", "", '#include "common/params.h"', '#include "common/ref.h"', "", "struct json;", "",
           "/* Methods; RPC_METHOD_COUNT of them. */", "enum rpc_method {"]
    for m in model.methods:
        out += c_comment(m.summary, "    ") + [f"    {method_const(m)},"]
    out += ["    RPC_METHOD_COUNT", "};", "", "enum rpc_role {"]
    out += [f"    RPC_ROLE_{r.upper()} = 1 << {i}," for i, r in enumerate(ROLES)]
    out += ["};", "", "enum rpc_scope {"]
    out += [f"    RPC_SCOPE_{s.upper()}," for s in SCOPES] + ["};", ""]
    for name, values in model.enums.items():
        out.append(f"enum rpc_{c_name(name)} {{")
        out += [f"    {enum_const(name, v)}," for v in values] + ["};", ""]
    for name, params in model.groups.items():
        out += ["/* What several methods share. */", f"struct rpc_{name} {{", *struct_lines(params),
                "};", ""]
    for m in model.methods:
        out += struct_of(m)
    return out + METHOD_ROW.split("\n")


def member(p):
    """Its place in the struct: a word of C gets a line behind."""
    return p["name"] + ("_" if p["name"] in C_WORDS else "")


def struct_of(m):
    out = c_comment(f"{m.full}: {m.summary}") + [f"struct rpc_{m.c}_params {{"]
    out += struct_lines(p for p in m.params if not p["group"])
    for name in dict.fromkeys(p["group"] for p in m.params if p["group"]):
        out.append(f"    struct rpc_{name} {name};")
    if not m.params:
        out.append("    char none; /* a struct may not be empty */")
    return out + ["};", ""]


def struct_lines(params):
    out = []
    for p in params:
        out += c_comment(p["help"] + (f" [{p['unit']}]" if p["unit"] else "") +
                         (f" Default {p['default']}." if p["default"] is not None else ""), "    ")
        if p["type"] == "enum":
            out.append(f"    enum rpc_{c_name(p['enum'])} {member(p)};")
        elif p["type"] == "strings":
            out += [f"    const char *{p['name']}[{p['max']}];", f"    size_t n_{p['name']};"]
        elif p["type"] == "set":
            out.append(f"    uint64_t {p['name']}; /* 1 << enum rpc_{c_name(p['enum'])} */")
        else:
            note = {"money": " /* e4 */", "quantity": " /* e3 */"}.get(p["type"], "")
            out.append(f"    {C_TYPES[p['type']]}{member(p)};{note}")
        if not p["required"]:
            out.append(f"    bool has_{p['name']};")
    return out


def members_name(m, p):
    return f"members_{m.c}_{p['name']}"


def member_rows(m, p):
    """The table of an object's members: they are checked where they lie, so no offsets."""
    if not p["members"]:
        return []
    out = [f"static const struct param {members_name(m, p)}[] = {{"]
    for x in p["members"]:
        fields = [f".name = {c_string(x['name'])}", f".type = PARAM_{x['type'].upper()}",
                  f".required = {c_bool(x['required'])}"]
        if x["max"] or x["min"]:
            fields.append(f".min = {x['min']}, .max = {x['max']}")
        if x["choices"]:
            fields += [f".choices = choices_{c_name(x['enum'])}",
                       f".n_choices = {len(x['choices'])}"]
        out.append("    {" + ",\n     ".join(fields) + "},")
    return out + ["};", ""]


def param_row(m, p):
    struct = f"struct rpc_{m.c}_params" + (f", {p['group']}." if p["group"] else ", ")
    number = "0"
    if p["default"] is not None:
        number = {"int": p["default"], "bool": int(bool(p["default"]))}.get(p["type"], 0)
        if p["type"] == "enum":
            number = p["choices"].index(p["default"])
    fields = [
        f".name = {c_string(p['name'])}", f".type = PARAM_{p['type'].upper()}",
        f".at = offsetof({struct}{member(p)})",
        f".required = {c_bool(p['required'])}",
    ]
    if not p["required"]:
        fields.append(f".has_at = offsetof({struct}has_{p['name']})")
    if p["type"] == "strings":
        fields.append(f".n_at = offsetof({struct}n_{p['name']})")
        fields.append(f".stores = {c_bool(p['kind'] == 'store')}")
    if p["max"] or p["min"]:
        fields += [f".min = {p['min']}", f".max = {p['max']}"]
    if p["choices"]:
        fields += [f".choices = choices_{c_name(p['enum'])}", f".n_choices = {len(p['choices'])}"]
    if p["members"]:
        fields += [f".members = {members_name(m, p)}", f".n_members = {len(p['members'])}"]
    if p["kind"] == "printable":
        fields.append(".printable = true")
    if p["default"] is not None:
        fields += [".has_default = true", f".def = {number}"]
        if p["type"] == "string":
            fields.append(f".def_text = {c_string(p['default'])}")
    return "    {" + ",\n     ".join(fields) + "},"


def rpc_c(inputs):
    model = Model(inputs)
    out = [banner(SOURCE), '#include "rpc.gen.h"', "", "#include <string.h>", ""]
    for name, values in model.enums.items():
        out.append(f"static const char *const choices_{c_name(name)}[] = {{")
        out += [f"    {c_string(v)}," for v in values] + ["};", ""]
    for m in model.methods:
        for p in m.params:
            out += member_rows(m, p)
        if m.params:
            out += [f"static const struct param params_{m.c}[] = {{"]
            out += [param_row(m, p) for p in m.params] + ["};", ""]
    out.append("const struct rpc_method_row rpc_methods[RPC_METHOD_COUNT] = {")
    for m in model.methods:
        roles = " | ".join(f"RPC_ROLE_{r.upper()}" for r in m.roles)
        params = f"params_{m.c}" if m.params else "NULL"
        out.append(f"    [{method_const(m)}] = {{{c_string(m.full)},\n"
                   f"     {c_string(m.summary)},\n"
                   f"     {c_bool(m.write)}, {c_bool(m.long)}, {c_bool(m.step_up)}, {c_bool(m.enrol)}, {roles}, "
                   f"RPC_SCOPE_{m.scope.upper()}, "
                   f"{params}, {len(m.params)}, sizeof(struct rpc_{m.c}_params)}},")
    return out + ["};", *METHOD_CODE.split("\n")]


def handlers_h(inputs):
    """Prototypes each method_<resource>.c implements, and the dispatch table's type."""
    out = [banner(SOURCE), "#pragma once", "", '#include "rpc.gen.h"', "", "struct rpc_call;", "",
           "/* A method's code: reads typed parameters (good until it returns), answers through",
           " * call, now or later. A negative return is answered as that error. */"]
    for m in Model(inputs).methods:
        out += [f"int method_{m.c}(struct rpc_call *call,",
                f"    const struct rpc_{m.c}_params *p);"]
    return out + ["", "typedef int (*rpc_handler)(struct rpc_call *call, const void *params);", "",
                  "/* Indexed by enum rpc_method. */",
                  "extern const rpc_handler rpc_handlers[RPC_METHOD_COUNT];"]


def handlers_c(inputs):
    """One thunk a method: calling through a pointer of another type is undefined."""
    methods = Model(inputs).methods
    out = [banner(SOURCE), '#include "rpc_handlers.gen.h"', ""]
    for m in methods:
        out += [f"static int call_{m.c}(struct rpc_call *call, const void *params) {{",
                f"    return method_{m.c}(call, params);", "}", ""]
    out.append("const rpc_handler rpc_handlers[RPC_METHOD_COUNT] = {")
    return out + [f"    [{method_const(m)}] = call_{m.c}," for m in methods] + ["};"]


KINDS = (rpc_h, rpc_c, handlers_h, handlers_c)
