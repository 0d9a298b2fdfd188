"""What documents the protocol: an OpenRPC document and fulexo-rpc(7)."""
import json
import textwrap

from .base import banner, c_bytes, stem
from .errors import rows as error_rows
from .rpc import COMMON_ERRORS, INT_MAX, Model
from .tables import actions
from .text import catalogue

JOB = {"type": "object", "required": ["job"],
       "properties": {"job": {"type": "string", "help": "Id for jobs.get and jobs.cancel."}}}
TEMPLATE_MARK = "@METHODS@"
PARAM_WORDS = {"int": "integer", "bool": "boolean", "set": "array of string",
               "strings": "array of string", "ref": "reference", "store": "store name",
               "enum": "string", "money": "decimal, or integer", "quantity": "decimal, or integer",
               "objects": "array of object", "map": "object"}


def open_schema(model, schema):
    """Our subset as JSON Schema: help -> description, $ref into components, units in words."""
    if "list_of" in schema or "extends" in schema:
        schema = model.flat(schema)
    out = {}
    for key, value in schema.items():
        if key == "$ref":
            out["$ref"] = f"#/components/schemas/{value}"
        elif key == "help":
            out["description"] = value
        elif key == "unit":
            out["x-unit"] = value
        elif key == "properties":
            out[key] = {n: open_schema(model, s) for n, s in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            out[key] = open_schema(model, value)
        elif key == "anyOf":
            out[key] = [open_schema(model, s) for s in value]
        elif key != "extends":
            out[key] = value
    return out


def open_param(p):
    return {"name": p["name"], "required": p["required"], "schema": param_schema(p)}


def open_object(p):
    return {"type": "object", "properties": {x["name"]: param_schema(x) for x in p["members"]},
            "required": [x["name"] for x in p["members"] if x["required"]],
            "additionalProperties": False}


def param_schema(p):
    schema = {"description": p["help"]}
    if p["type"] == "int":
        schema.update(type="integer", minimum=p["min"], maximum=p["max"])
    elif p["type"] == "bool":
        schema["type"] = "boolean"
    elif p["type"] == "set":
        schema.update(type="array", items={"type": "string", "enum": p["choices"]}, minItems=1)
    elif p["type"] == "strings":
        schema.update(type="array", items={"type": "string"}, maxItems=p["max"])
    elif p["type"] == "object":
        schema.update(open_object(p))
    elif p["type"] == "objects":
        schema.update(type="array", items=open_object(p), maxItems=p["max"])
    elif p["type"] == "map":
        schema.update(type="object", maxProperties=p["max"], additionalProperties=(
            {"type": "string", "maxLength": p["members"][0]["max"]} if p["members"] else True))
    elif p["type"] in ("money", "quantity"):
        schema["type"] = ["string", "integer"]
    else:
        schema["type"] = "string"
        if p["choices"]:
            schema["enum"] = p["choices"]
        elif p["type"] == "string":
            schema.update(minLength=p["min"], maxLength=p["max"])
    if p["default"] is not None and p["type"] != "set":
        schema["default"] = p["default"]
    if p["unit"]:
        schema["x-unit"] = p["unit"]
    return schema


def errors_of(m):
    return dict.fromkeys([*m.errors, *COMMON_ERRORS])


def open_example(m):
    return {"name": m.full,
            "params": [{"name": n, "value": v} for n, v in m.example["params"].items()],
            "result": {"name": "result", "value": m.example["result"]}}


def openrpc_doc(inputs):
    model = Model(inputs)
    codes = {r["name"]: r for p in inputs if p.endswith("errors.json") for r in error_rows(p)}
    methods = []
    for m in model.methods:
        result = open_schema(model, m.result)
        methods.append({
            "name": m.full, "summary": m.summary, **({"description": m.about} if m.about else {}),
            "paramStructure": "by-name", "params": [open_param(p) for p in m.params],
            "result": {"name": "result", "schema": open_schema(model, JOB) if m.long else result},
            "errors": [{"code": codes[e]["code"], "message": codes[e]["message"],
                        "data": {"code": e}} for e in errors_of(m)],
            "examples": [] if m.long else [open_example(m)],
            **({"x-job-result": result} if m.long else {}),
            "x-write": m.write, "x-long": m.long, "x-step-up": m.step_up, "x-enrol": m.enrol,
            "x-roles": m.roles, "x-scope": m.scope,
            "x-rest": m.rest, "x-since": m.since})
    return {"openrpc": "1.3.2", "info": {"title": "Fulexo", "version": "1", "description":
            "JSON-RPC 2.0, one message a line, over a Unix socket. fulexo-rpc(7) explains it."},
            "methods": methods,
            "components": {"schemas": {n: open_schema(model, s) for n, s in model.types.items()}}}


def openrpc(inputs):
    return [json.dumps(openrpc_doc(inputs), ensure_ascii=False, indent=1)]


def openrpc_c(inputs):
    text = json.dumps(openrpc_doc(inputs), ensure_ascii=False, separators=(",", ":"))
    return [banner("schema/rpc"), '#include "openrpc.gen.h"', "",
            *c_bytes("bytes", text.encode() + b"\0"), "",
            "const char *const openrpc_text = (const char *)bytes;",
            "const size_t openrpc_n = sizeof bytes - 1;"]


def openrpc_h(_inputs):
    return [banner("schema/rpc"), "#pragma once", "", "#include <stddef.h>", "",
            "/* The OpenRPC document, one line of JSON: the result of rpc.discover. */",
            "extern const char *const openrpc_text;", "extern const size_t openrpc_n;"]


def esc(s):
    """Plain words in scdoc: its marks escaped."""
    return "".join("\\" + c if c in "\\*_[]#|<>`" else c for c in s)


def prose(s):
    """A sentence: `name` becomes bold, all else plain."""
    parts = s.split("`")
    return "".join(f"*{esc(p)}*" if i % 2 else esc(p) for i, p in enumerate(parts))


def type_word(schema):
    if "$ref" in schema:
        return f"_{esc(schema['$ref'])}_"
    if "anyOf" in schema:
        return " or ".join(type_word(s) for s in schema["anyOf"])
    types = schema.get("type", "any value")
    if types == "array":
        inner = schema.get("items", {})
        return "array of " + type_word(inner)
    return " or ".join(types) if isinstance(types, list) else types


def remarks(schema):
    out = []
    if "enum" in schema:
        out.append("one of " + ", ".join("null" if v is None else str(v) for v in schema["enum"]))
    if "unit" in schema:
        out.append(f"in {schema['unit']}")
    return out


def item(head, text, depth=1):
    """One definition: the head on its line, the text indented below."""
    tabs = "\t" * depth
    out = ["\t" * (depth - 1) + head]
    if text:
        out += [tabs + line for line in textwrap.wrap(text, 72)]
    return out + [""]


def fields(model, schema, depth=1):
    """The fields of an object, nested objects below their field."""
    out = []
    flat = model.flat(schema)
    for name, sub in flat.get("properties", {}).items():
        note = "; ".join(remarks(sub))
        head = f"*{esc(name)}* ({type_word(sub)}{', ' + esc(note) if note else ''})"
        out += item(head, prose(sub.get("help", "")), depth)
        inner = sub.get("items", sub)
        if inner.get("properties"):
            out += fields(model, inner, depth + 1)
        for branch in sub.get("anyOf", []):
            if branch.get("properties"):
                out += fields(model, branch, depth + 1)
    return out


def param_head(p):
    notes = [PARAM_WORDS.get(p["type"], p["type"])]
    if p["type"] == "int":
        bounded = p["max"] < INT_MAX
        notes.append(f"{p['min']} to {p['max']}" if bounded else f"at least {p['min']}")
    if p["type"] == "string":
        span = f"{p['min']} to {p['max']}" if p["min"] < p["max"] else str(p["max"])
        notes.append(f"{span} characters")
    if p["choices"]:
        notes.append(("one of " if p["type"] == "enum" else "any of ") + ", ".join(p["choices"]))
    if p["unit"]:
        notes.append(f"in {p['unit']}")
    if p["required"]:
        notes.append("required")
    elif p["default"] is not None:
        d = p["default"]
        notes.append(f"default {str(d).lower() if isinstance(d, bool) else d}")
    return f"*{esc(p['name'])}* ({esc(', '.join(notes))})"


def literal(*messages):
    """(mark, value) pairs as JSON in a literal block, where scdoc still reads backslashes."""
    out = ["```"]
    for mark, value in messages:
        text = json.dumps(value, ensure_ascii=False).replace("\\", "\\\\")
        lines = textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False)
        out += [(mark if i == 0 else " " * len(mark)) + line for i, line in enumerate(lines)]
    return out + ["```", ""]


def method_page(model, m):
    marks = ["write" if m.write else "read", *(["long: answers a job"] if m.long else []),
             *(["asks again who you are"] if m.step_up else []),
             f"roles {', '.join(m.roles)}", f"since {m.since}", f"later REST: {m.rest}"]
    out = [f"## {m.full}", "", *textwrap.wrap(prose(m.summary), 78)]
    out += textwrap.wrap(prose(m.about), 78) + [""]
    out += textwrap.wrap(esc("; ".join(marks)) + ".", 78) + [""]
    if m.params:
        out += ["Parameters:", ""]
        for p in m.params:
            out += item(param_head(p), prose(p["help"]))
            if p["type"] in ("object", "objects"):
                for x in p["members"]:
                    out += item(param_head(x), prose(x["help"]), 2)
    else:
        out += ["No parameters.", ""]
    out += result_page(model, m)
    out += textwrap.wrap("Errors: " + esc(", ".join(errors_of(m))) + ".", 78) + [""]
    answer = {"jsonrpc": "2.0", "id": 7, "result": m.example["result"]}
    if m.long:
        answer["result"] = {"job": "01K9QF3E3M7Q2W8R5T1Y6Z0ABC"}
    request = {"jsonrpc": "2.0", "id": 7, "method": m.full, "params": m.example["params"]}
    out += literal(("--> ", request), ("<-- ", answer))
    if m.long:
        out += ["When the job is done, the result in *jobs.get*:", ""]
        out += literal(("", m.example["result"]))
    return out


def result_page(model, m):
    what = "The job's result" if m.long else "Result"
    if "list_of" in m.result:
        return [f"{what}: a list ({esc('see LISTS')}) of _{esc(m.result['list_of'])}_.", ""]
    if "$ref" in m.result:
        return [f"{what}: _{esc(m.result['$ref'])}_.", ""]
    if not model.flat(m.result).get("properties"):
        return [f"{what}: an empty object.", ""]
    if "extends" in m.result:
        own = {"properties": m.result["properties"]}
        return [f"{what}: the fields of _{esc(m.result['extends'])}_ and", ""] + fields(model, own)
    return [f"{what}, an object of:", ""] + fields(model, m.result)


def types_page(model):
    out = ["# TYPES", ""]
    for name, schema in sorted(model.types.items()):
        out += [f"## {name}", ""]
        text = " ".join([*([schema["help"]] if "help" in schema else []), *remarks(schema)])
        out += textwrap.wrap(prose(text), 78) + ([""] if text else [])
        out += fields(model, schema) if schema.get("properties") else []
    return out


def errors_page(inputs):
    out = ["# ERRORS", ""]
    for row in error_rows(next(p for p in inputs if p.endswith("errors.json"))):
        head = f"*{esc(row['name'])}* ({row['code']}, exit status {row['exit']})"
        out += item(head, esc(row["message"]))
    return out


def man(inputs):
    """fulexo-rpc.7.scd: the template (.in) with every method, type and error in its place."""
    template = next(p for p in inputs if p.endswith(".in"))
    sources = [p for p in inputs if p != template]
    model = Model(sources)
    body = ["# METHODS", ""]
    for m in model.methods:
        body += method_page(model, m)
    body += ["# NOTIFICATIONS", ""]
    for note in model.notifications:
        body += [f"## {note['name']}", "", *textwrap.wrap(prose(note["summary"]), 78), ""]
        body += [f"Its params: _{esc(note['type'])}_.", ""]
        message = {"jsonrpc": "2.0", "method": note["name"], "params": note["example"]}
        body += literal(("<-- ", message))
    body += types_page(model) + errors_page(sources)
    with open(template, encoding="utf-8") as f:
        text = f.read().rstrip("\n")
    return text.replace(TEMPLATE_MARK, "\n".join(body).rstrip("\n")).split("\n")


def key_text(keys):
    """A blank between keys; Space and + as they are typed."""
    return " ".join(f"*{esc(k)}*" for k in keys)


def man_keys(inputs):
    """fulexo.1.scd: the template (.in) with every action of actions.json in its place."""
    template = next(p for p in inputs if p.endswith(".in"))
    sources = [p for p in inputs if p != template]
    doc = actions(sources)
    texts = catalogue([p for p in sources if stem(p) != "actions"])
    body = []
    for a in doc["actions"]:
        help_text = texts[f"action.{a['name']}.help"]["en"][1]
        everywhere = len(a["views"]) == len(doc["views"])
        where = "everywhere" if everywhere else ", ".join(a["views"])
        body += [f"{key_text(a['keys'])}  _{esc(a['name'])}_", f"\t{esc(help_text)}",
                 f"\t({esc(where)})", ""]
    with open(template, encoding="utf-8") as f:
        return f.read().replace("@KEYS@", "\n".join(body).rstrip()).split("\n")[:-1]


KINDS = (openrpc, openrpc_c, openrpc_h, man, man_keys)
