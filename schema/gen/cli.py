"""The command line from the protocol: tables for the generic client."""
from .base import banner, c_bool, c_name, c_opt, c_string
from .rpc import Model

TYPES = {"string": "STRING", "store": "STRING", "ref": "STRING", "enum": "STRING",
         "int": "INT", "bool": "BOOL", "set": "LIST", "strings": "LIST", "money": "STRING",
         "quantity": "STRING", "map": "MAP", "objects": "OBJECTS"}

HEADER = """\
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cli_type {
    CLI_STRING,
    CLI_INT, /* duration: also 5m, 2h */
    CLI_BOOL, /* the option alone = true; --x=false, --no-x */
    CLI_LIST, /* a,b,c -> array of strings */
    CLI_MAP, /* key=value, repeated -> object; key:=JSON where any value goes */
    CLI_OBJECTS, /* member=value,member=value, repeated -> array of objects */
};

struct cli_param {
    const char *name; /* in the request */
    const char *member; /* of the object `name`; NULL: it is no object */
    const char *option; /* --allow-http, --billing.email */
    enum cli_type type;
    bool required;
    bool duration; /* INT in seconds, accepts 5m */
    bool file; /* also --NAME-file FILE: its content is the value */
    bool secret; /* never shown; better from a file */
    int position; /* may stand alone as the n-th word, 1 first; 0: not */
    int64_t min, max; /* INT */
    const char *choices; /* a|b|c, or NULL */
    const char *kind; /* what completes it: store, query:orders ...; or NULL */
    const char *def; /* what the daemon takes when not given; NULL: nothing */
    const char *help;
    const struct cli_param *members; /* OBJECTS; MAP of texts has one */
    size_t n_members;
};

struct cli_method {
    const char *resource, *verb;
    const char *method; /* orders.list */
    const char *alias; /* fulexo ALIAS; NULL: none */
    const char *summary;
    const char *about; /* more sentences, or "" */
    bool write; /* send a request_id */
    bool is_long; /* answers {job}: wait for it */
    bool no_wait; /* unless --wait was given */
    bool list; /* answers {items, next} */
    const char *columns; /* of --table and --csv, a,b.c; "": key and value */
    const struct cli_param *params;
    size_t n_params;
};

struct cli_resource {
    const char *name, *summary;
    const struct cli_method *methods;
    size_t n_methods;
};

extern const struct cli_resource cli_resources[];
extern const size_t cli_resources_n;"""


def visible(model):
    """(resource, its methods that people may type) of each resource that has any."""
    for res in model.resources:
        methods = [m for m in res.methods if not m.cli.get("hidden")]
        if methods:
            yield res, methods


def option(name):
    return "--" + name.replace("_", "-")


def cli_params(m):
    """Parameters a person gives: request_id is added by the client itself. Each member of an
    object is an option of its own; those of one object follow each other."""
    out = []
    for p in m.params:
        if p["type"] == "object":
            out += [{**x, "option": f"{option(p['name'])}.{x['name'].replace('_', '-')}",
                     "object": p["name"], "required": False} for x in p["members"]]
        elif p["name"] != "request_id":
            out.append({**p, "option": option(p["name"]), "object": None})
    return out


def cli_h(_inputs):
    return [banner("schema/rpc"), *HEADER.split("\n")]


def default_text(p):
    d = p["default"]
    if d is None:
        return None
    return c_bool(d) if isinstance(d, bool) else str(d)


def row(cells):
    """A C initialiser, one cell a line."""
    return "    {" + ",\n     ".join(cells) + "},"


def members_c(m, p):
    """The members of an array's objects, and the value of a map of texts."""
    if p["type"] not in ("objects", "map") or not p["members"]:
        return []
    return [f"static const struct cli_param members_{m.c}_{p['name']}[] = {{",
            *[param_c(m, {**x, "option": x["name"], "object": None}) for x in p["members"]],
            "};", ""]


def param_c(m, p):
    positional = [] if p["object"] else m.cli.get("positional", [])
    position = positional.index(p["name"]) + 1 if p["name"] in positional else 0
    kind = p["kind"] or ("store" if p["type"] == "store" else None)
    nested = p["type"] in ("objects", "map") and p["members"]
    return row([
        f".name = {c_string(p['object'] or p['name'])}",
        f".member = {c_opt(p['name'] if p['object'] else None)}",
        f".option = {c_string(p['option'])}",
        f".type = CLI_{TYPES[p['type']]}",
        f".required = {c_bool(p['required'])}",
        f".duration = {c_bool(p['kind'] == 'duration')}",
        f".file = {c_bool(p['name'] in m.cli.get('files', []))}",
        f".secret = {c_bool(p['kind'] == 'secret')}",
        f".position = {position}",
        *([f".min = {p['min']}", f".max = {p['max']}"] if p["type"] == "int" else []),
        f".choices = {c_opt('|'.join(p['choices']) if p['choices'] else None)}",
        f".kind = {c_opt(kind)}",
        f".def = {c_opt(default_text(p))}",
        f".help = {c_string(p['help'])}",
        *([f".members = members_{m.c}_{p['name']}", f".n_members = {len(p['members'])}"]
          if nested else []),
    ])


def method_c(res, m):
    params = cli_params(m)
    return row([
        f".resource = {c_string(res.name)}",
        f".verb = {c_string(m.verb)}",
        f".method = {c_string(m.full)}",
        f".alias = {c_opt(m.cli.get('alias'))}",
        f".summary = {c_string(m.summary)}",
        f".about = {c_string(m.about)}",
        f".write = {c_bool(m.write)}",
        f".is_long = {c_bool(m.long)}",
        f".no_wait = {c_bool(m.cli.get('no_wait', False))}",
        f".list = {c_bool('list_of' in m.result)}",
        f".columns = {c_string(','.join(m.cli.get('columns', [])))}",
        *([f".params = params_{m.c}"] if params else []),
        f".n_params = {len(params)}",
    ])


def cli_c(inputs):
    model = Model(inputs)
    out = [banner("schema/rpc"), '#include "cli.gen.h"', ""]
    for res, methods in visible(model):
        for m in methods:
            for p in cli_params(m):
                out += members_c(m, p)
            if cli_params(m):
                out.append(f"static const struct cli_param params_{m.c}[] = {{")
                out += [param_c(m, p) for p in cli_params(m)] + ["};", ""]
        out.append(f"static const struct cli_method methods_{c_name(res.name)}[] = {{")
        out += [method_c(res, m) for m in methods] + ["};", ""]
    out.append("const struct cli_resource cli_resources[] = {")
    for res, methods in visible(model):
        out.append(row([c_string(res.name), c_string(res.summary),
                        f"methods_{c_name(res.name)}", str(len(methods))]))
    return out + ["};", "const size_t cli_resources_n =",
                  "    sizeof cli_resources / sizeof *cli_resources;"]


KINDS = (cli_h, cli_c)
