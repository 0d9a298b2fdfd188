"""schema/errors.json: codes both programs share."""
import re

from .base import Fault, banner, c_string, keys, load, need


def rows(path):
    out = load(path)
    need(isinstance(out, list), path, "", "must be an array")
    names, codes = set(), set()
    for row in out:
        where = str(row.get("name", row)) if isinstance(row, dict) else str(row)
        keys(path, where, row, ("name", "code", "exit", "http", "message"))
        need(re.fullmatch(r"[a-z][a-z0-9_]*", row["name"]), path, where,
             "name must be lower snake case")
        need(isinstance(row["code"], int) and row["code"] < 0, path, where,
             "code must be a negative integer")
        if row["name"] in names or row["code"] in codes:
            raise Fault(path, where, "name or code is used twice")
        names.add(row["name"])
        codes.add(row["code"])
    return out


def err_codes(inputs):
    out = [banner("schema/errors.json"), "#pragma once", "", "enum err_code {"]
    out += [f"    ERR_{r['name'].upper()} = {r['code']}, /* {r['message']} */"
            for r in rows(inputs[0])]
    return out + ["};"]


def err_table(inputs):
    """Rows of `{code, name, message, exit status, HTTP status}` for common/err.c."""
    return [
        f"{{{r['code']}, {c_string(r['name'])}, {c_string(r['message'])}, "
        f"{r['exit']}, {r['http']}}},"
        for r in rows(inputs[0])
    ]


KINDS = (err_codes, err_table)
