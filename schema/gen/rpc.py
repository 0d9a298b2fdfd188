"""schema/rpc/*.json read, checked and put into one model that all kinds use.

A model has .types (name -> schema), .resources (in file order) with .methods; a
method's params are a list of dicts with a normalised "type": string, int, bool, enum,
set (array of an enum, a bit each), strings, ref, store, money, quantity, object (its
members are such dicts), objects (an array of them), map (any key; a string or any value).
"""
import re
from types import SimpleNamespace

from .base import c_name, keys, load, need, stem
from .errors import rows as error_rows

ROLES = ("admin", "staff", "owner", "guest")  # guest: not signed in
SCOPES = ("none", "store", "all", "tenant")
METHOD_KEYS = (("name", "summary", "write", "roles", "scope", "rest", "since", "params",
                "result", "errors", "example"),
               ("description", "long", "required", "include", "share", "cli", "step_up",
                "enrol"))
PARAM_KEYS = ("type", "help", "kind", "enum", "enum_name", "items", "minimum", "maximum",
              "minLength", "maxLength", "maxItems", "default", "unit", "members", "values")
SCHEMA_KEYS = ("type", "help", "enum", "items", "properties", "required", "extends",
               "additionalProperties", "anyOf", "pattern", "minimum", "maximum", "minLength",
               "maxLength", "maxItems", "unit", "$ref", "list_of")
KINDS = ("ref", "store", "status", "customer", "job", "secret", "pem", "duration", "printable",
         "money", "quantity")
# Errors every method may answer.
COMMON_ERRORS = ("invalid_params", "denied", "busy", "internal")
REQUEST_ID = {"type": "string", "minLength": 1, "maxLength": 64, "kind": "printable",
              "help": "Repeat protection: the same id again answers the first result; "
                      "kept for 7 days."}
# What a list answers beside its items.
LIST_REST = {
    "next": {"$ref": "next"},
    "partial": {"type": "boolean",
                "help": "Time was up before limit rows were found: go on with next."},
    "total": {"type": "integer", "minimum": 0,
              "help": "Rows of the whole list, where it is known at no cost."},
}
INT_MAX = 2**53 - 1
JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict,
              "null": type(None)}
CLI_KEYS = ("positional", "columns", "files", "alias", "hidden", "no_wait")


class Model:
    def __init__(self, paths):
        self.types, self.enums, self.resources, self.notifications = {}, {}, [], []
        self.errors, self.groups = [], {}  # what methods share: name -> params
        shared = {"params": {}, "types": {}}
        files = []
        for path in paths:
            if stem(path) == "errors":
                self.errors = [r["name"] for r in error_rows(path)]
            elif stem(path) == "_shared":
                shared = load(path)
                keys(path, "top", shared, ("params", "types"))
                self.add_types(path, shared["types"])
            else:
                files.append((path, load(path)))
        for path, doc in files:
            keys(path, "top", doc, ("resource", "summary", "methods"), ("types", "notifications"))
            need(doc["resource"] == stem(path), path, "resource", "must be the file's name")
            self.add_types(path, doc.get("types", {}))
        self.shared = shared["params"]
        for path, doc in files:
            self.resources.append(self.resource(path, doc))
        for path, doc in files:
            for note in doc.get("notifications", []):
                self.notification(path, note)
        self.check_types()

    @property
    def methods(self):
        return [m for r in self.resources for m in r.methods]

    def add_types(self, path, types):
        for name, schema in types.items():
            need(re.fullmatch(r"[a-z][a-z0-9_]*", name), path, name,
                 "type name must be lower snake")
            need(name not in self.types, path, name, "type is defined already")
            self.types[name] = dict(schema, path=path)

    def check_types(self):
        for name, schema in self.types.items():
            path = schema.pop("path")
            self.check_schema(path, name, schema)

    def check_schema(self, path, where, schema):
        """Known keywords only, references that resolve, required names that exist."""
        keys(path, where, schema, (), SCHEMA_KEYS)
        for ref in (schema.get("$ref"), schema.get("extends"), schema.get("list_of")):
            need(ref is None or ref in self.types, path, where, f"there is no type {ref}")
        for name, sub in schema.get("properties", {}).items():
            self.check_schema(path, f"{where}.{name}", sub)
        for sub in schema.get("anyOf", []):
            self.check_schema(path, where, sub)
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                self.check_schema(path, f"{where}.{key}", schema[key])
        for name in schema.get("required", []):
            need(name in self.flat(schema)["properties"], path, where,
                 f"requires \"{name}\", which it does not describe")

    def flat(self, schema):
        """The schema with $ref, extends and list_of spelt out one level deep."""
        if "$ref" in schema:
            return self.flat(self.types[schema["$ref"]])
        if "list_of" in schema:
            return {"type": "object", "required": ["items", "next"], "properties": {
                "items": {"type": "array", "items": {"$ref": schema["list_of"]}}, **LIST_REST}}
        if "extends" in schema:
            base = self.flat(self.types[schema["extends"]])
            own = [n for n in schema["required"] if n not in base["required"]]
            return {**base, **schema, "required": base["required"] + own,
                    "properties": {**base["properties"], **schema["properties"]}}
        return schema

    def resource(self, path, doc):
        res = SimpleNamespace(name=doc["resource"], summary=doc["summary"], path=path, methods=[])
        for m in doc["methods"]:
            where = f"{doc['resource']}.{m.get('name', '?')}"
            keys(path, where, m, *METHOD_KEYS)
            need(where not in [x.full for x in res.methods], path, where, "method is there twice")
            res.methods.append(self.method(path, where, res, m))
        return res

    def method(self, path, where, res, m):
        need(re.fullmatch(r"[a-z][a-z_]*", m["name"]), path, where,
             "name must be a lower-case verb")
        need(m["roles"] and set(m["roles"]) <= set(ROLES), path, f"{where}.roles",
             f"known are {ROLES}")
        need(m["scope"] in SCOPES, path, f"{where}.scope", f"known are {SCOPES}")
        need(re.fullmatch(r"(GET|POST|PUT|PATCH|DELETE) /\S*", m["rest"]), path, f"{where}.rest",
             "must be VERB /path")
        for name in m["errors"]:
            need(not self.errors or name in self.errors, path, f"{where}.errors",
                 f"{name} is not in errors.json")
        cli = m.get("cli", {})
        keys(path, f"{where}.cli", cli, (), CLI_KEYS)
        out = SimpleNamespace(
            full=where, c=c_name(where), resource=res, verb=m["name"], summary=m["summary"],
            about=m.get("description", ""), write=m["write"], long=m.get("long", False),
            roles=m["roles"], step_up=m.get("step_up", False),
            enrol=m.get("enrol", False), scope=m["scope"],
            rest=m["rest"], since=m["since"],
            result=m["result"], errors=m["errors"], example=m["example"], cli=cli, path=path)
        out.params = self.params(path, where, m)
        names = [p["name"] for p in out.params]
        for key in ("positional", "files"):
            for name in cli.get(key, []):
                need(name in names, path, f"{where}.cli.{key}", f"there is no parameter {name}")
        for column in cli.get("columns", []):
            need(self.has_column(out.result, column), path, f"{where}.cli.columns",
                 f"rows have no {column}")
        self.check_schema(path, f"{where}.result", m["result"])
        self.check_example(out)
        return out

    def has_column(self, result, column):
        if "list_of" in result:
            row = self.types[result["list_of"]]
        else:
            lists = [s for s in result["properties"].values() if s.get("type") == "array"]
            row = lists[0]["items"]
        return column.split(".")[0] in self.flat(row)["properties"]

    def params(self, path, where, m):
        raw, shared = {}, {}
        for key, into in (("include", raw), ("share", shared)):
            for name in m.get(key, []):
                need(name in self.shared, path, f"{where}.{key}",
                     f"there is no {name} in _shared.json")
                into.update(self.shared[name])
        owner = {n: name for name in m.get("share", []) for n in self.shared[name]}
        clash = (set(raw) | set(shared)) & set(m["params"])
        need(not clash, path, where, f"parameter {clash} is included and described")
        # What identifies comes first, paging last.
        order = {**m["params"], **raw} if "list" in m.get("include", []) else {**raw, **m["params"]}
        order.update(shared)
        if "ref" in order:
            order = {"ref": order["ref"], **order}
        if m["write"]:
            order["request_id"] = REQUEST_ID
        required = m.get("required", [])
        for name in required:
            need(name in order, path, f"{where}.required", f"there is no parameter {name}")
        out = [{**self.param(path, f"{where}.params.{n}", n, p, n in required, c_name(where)),
                "group": owner.get(n)} for n, p in order.items()]
        for name in m.get("share", []):
            own = [p for p in out if p["group"] == name]
            need(self.groups.setdefault(name, own) == own, path, f"{where}.share",
                 f"{name} is not as others have it: the same are required, an enum has a name")
        return out

    def param(self, path, where, name, p, required, method):
        keys(path, where, p, ("type", "help"), PARAM_KEYS)
        need(p["type"] != "array" or "items" in p, path, where, "lacks \"items\"")
        kind = p.get("kind")
        need(kind is None or kind in KINDS or re.fullmatch(r"query:[a-z]+", kind), path, where,
             f"unknown kind {kind}")
        out = {"name": name, "help": p["help"], "required": required, "kind": kind,
               "unit": p.get("unit"), "default": p.get("default"), "choices": None, "enum": None,
               "min": 0, "max": 0, "members": []}
        need(not (required and "default" in p), path, where, "a required parameter has no default")
        if p["type"] == "array":
            self.array_param(path, where, p, out, method)
        elif p["type"] == "object":
            self.object_param(path, where, p, out, method)
        elif p["type"] == "integer":
            out.update(type="int", min=p.get("minimum", -INT_MAX), max=p.get("maximum", INT_MAX))
        elif p["type"] == "boolean":
            out.update(type="bool")
        elif p["type"] == "string" and "enum" in p:
            enum = p.get("enum_name", f"{method}_{name}")
            out.update(type="enum", choices=p["enum"],
                       enum=self.enum(path, where, enum, p["enum"]))
        elif p["type"] == "string":
            typed = ("ref", "store", "money", "quantity")
            out.update(type=kind if kind in typed else "string",
                       min=p.get("minLength", 0), max=p.get("maxLength", 0))
            need(out["type"] != "string" or out["max"] > 0, path, where, "a string needs maxLength")
        else:
            need(False, path, where,
                 f"type {p['type']} is not one of string, integer, boolean, array, object")
        self.check_default(path, where, out)
        return out

    def array_param(self, path, where, p, out, method):
        items = p["items"]
        if "fields_of" in items:
            need(items["fields_of"] in self.types, path, where,
                 f"there is no type {items['fields_of']}")
            names = list(self.types[items["fields_of"]]["properties"])
            out.update(type="set", choices=names, kind="fields",
                       enum=self.enum(path, where, items["fields_of"], names))
        elif "enum" in items:
            enum = items.get("enum_name", f"{method}_{out['name']}")
            out.update(type="set", choices=items["enum"],
                       enum=self.enum(path, where, enum, items["enum"]))
        elif items.get("type") == "object":
            need("maxItems" in p, path, where, "an array of objects needs maxItems")
            out.update(type="objects", max=p["maxItems"],
                       members=self.members(path, where, items["members"], method))
        else:
            need("maxItems" in p, path, where, "an array of strings needs maxItems")
            out.update(type="strings", kind=items.get("kind"), max=p["maxItems"])
        need(len(out["choices"] or ()) <= 64, path, where, "a set holds at most 64 names")

    def object_param(self, path, where, p, out, method):
        """Known members, or any key with values that are strings or (values: any) anything."""
        need(("members" in p) != ("values" in p), path, where,
             "an object has either \"members\" or \"values\"")
        if "members" in p:
            out.update(type="object", members=self.members(path, where, p["members"], method))
            return
        need(p["values"] == "any" or isinstance(p["values"], dict), path, where,
             "values is \"any\" or describes a string")
        need("maxItems" in p, path, where, "an object of any key needs maxItems")
        out.update(type="map", max=p["maxItems"])
        if p["values"] != "any":
            value = self.param(path, where, "value", {"help": "", **p["values"]}, True, method)
            need(value["type"] == "string", path, where, "values must be strings")
            out.update(members=[value])

    def members(self, path, where, members, method):
        """Of an object: plain values alone, so that each can be an option of its own."""
        out = [self.param(path, f"{where}.{n}", n, {k: v for k, v in m.items() if k != "required"},
                          m.get("required", False), f"{method}_{n}") for n, m in members.items()]
        for m in out:
            need(m["type"] in ("string", "int", "bool", "enum", "ref", "money", "quantity"), path,
                 where, f"member {m['name']} is not plain")
            need(m["default"] is None, path, where, f"member {m['name']} has a default")
        return out

    def enum(self, path, where, name, values):
        need(self.enums.setdefault(name, values) == values, path, where,
             f"enum {name} has other values elsewhere")
        return name

    @staticmethod
    def check_default(path, where, p):
        d, good = p["default"], True
        if d is None:
            return
        if p["type"] == "int":
            good = isinstance(d, int) and p["min"] <= d <= p["max"]
        elif p["type"] == "bool":
            good = isinstance(d, bool)
        elif p["type"] == "enum":
            good = d in p["choices"]
        elif p["type"] == "set":
            good = d == "all"
        elif p["type"] == "string":
            good = isinstance(d, str)
        else:
            good = False
        need(good, path, f"{where}.default", f"{d!r} does not fit")

    def notification(self, path, note):
        keys(path, "notifications", note, ("name", "type", "summary", "example"))
        need(note["type"] in self.types, path, note["name"], f"there is no type {note['type']}")
        self.match(path, f"{note['name']}.example", self.types[note["type"]], note["example"])
        self.notifications.append(note)

    def check_example(self, m):
        """The example in the manual must be true: parameters known, result of the shape."""
        where = f"{m.full}.example"
        keys(m.path, where, m.example, ("params", "result"))
        known = {p["name"]: p for p in m.params}
        for name, value in m.example["params"].items():
            need(name in known, m.path, where, f"there is no parameter {name}")
            p = known[name]
            need(p["choices"] is None or p["type"] == "set" or value in p["choices"], m.path, where,
                 f"{value} is not a choice of {name}")
            for one in {"object": [value], "objects": value}.get(p["type"], []):
                for key in one:
                    need(key in [x["name"] for x in p["members"]], m.path, where,
                         f"{name} has no member {key}")
        for p in m.params:
            need(not p["required"] or p["name"] in m.example["params"], m.path, where,
                 f"lacks {p['name']}")
        partial = "fields" in m.example["params"]
        self.match(m.path, f"{where}.result", m.result, m.example["result"], partial)

    def match(self, path, where, schema, value, partial=False):
        """Does value have the schema's shape? partial: `fields` left some out."""
        if "anyOf" in schema:
            branches = schema["anyOf"]
            schema = next((s for s in branches
                           if (value is None) == (s.get("type") == "null")), branches[0])
        schema = self.flat(schema)
        types = schema.get("type")
        if types is None:
            return
        types = types if isinstance(types, list) else [types]
        need(any(type(value) is JSON_TYPES[t] for t in types), path, where,
             f"{value!r} is not {'|'.join(types)}")
        need("enum" not in schema or value in schema["enum"], path, where,
             f"{value!r} is not in its enum")
        if isinstance(value, str) and "pattern" in schema:
            need(re.fullmatch(schema["pattern"], value), path, where, f"{value!r} does not match")
        if isinstance(value, list):
            for i, item in enumerate(value):
                self.match(path, f"{where}[{i}]", schema.get("items", {}), item, partial)
        if isinstance(value, dict):
            self.match_object(path, where, schema, value, partial)

    def match_object(self, path, where, schema, value, partial):
        props, extra = schema.get("properties"), schema.get("additionalProperties")
        for name, item in value.items():
            need(props is None or name in props or extra, path, where, f"{name} is not described")
            self.match(path, f"{where}.{name}", (props or {}).get(name, extra or {}), item, partial)
        for name in schema.get("required", []):
            need(partial or name in value, path, where, f"lacks {name}")
