#!/usr/bin/env python3
"""Makes at build time everything that several places must agree on.

usage: gen.py KIND OUTPUT INPUT...
One KIND a generated file; each is a function below named after it.
"""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def c_string(s):
    return json.dumps(s, ensure_ascii=False)


def err_codes(inputs):
    rows = load(inputs[0])
    out = ["/* generated from schema/errors.json */", "#pragma once", "", "enum err_code {"]
    out += [f"    ERR_{r['name'].upper()} = {r['code']}, /* {r['message']} */" for r in rows]
    return out + ["};"]


def err_table(inputs):
    """Rows of `{code, name, message, exit status, HTTP status}` for common/err.c."""
    return [
        f"{{{r['code']}, {c_string(r['name'])}, {c_string(r['message'])}, {r['exit']}, {r['http']}}},"
        for r in load(inputs[0])
    ]


KINDS = {f.__name__: f for f in (err_codes, err_table)}


def main(argv):
    kind, output, *inputs = argv[1:]
    text = "\n".join(KINDS[kind](inputs)) + "\n"
    with open(output, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main(sys.argv)
