"""Shared by all kinds: loading, faults, C spelling."""
import json
import os
import re
import textwrap


class Fault(Exception):
    """A fault in an input: which file, which key, what is wrong."""

    def __init__(self, path, key, what):
        super().__init__(f"{path}: {key}: {what}" if key else f"{path}: {what}")


def need(ok, path, key, what):
    if not ok:
        raise Fault(path, key, what)


def load(path):
    """A JSON file; a key named twice is a fault, since JSON would keep one silently."""

    def unique(pairs):
        seen = {}
        for key, value in pairs:
            need(key not in seen, path, key, "named twice")
            seen[key] = value
        return seen

    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f, object_pairs_hook=unique)
    except json.JSONDecodeError as e:
        raise Fault(f"{path}:{e.lineno}:{e.colno}", "", e.msg) from e


def keys(path, where, obj, required=(), optional=()):
    """obj is an object with all required and no other than the optional keys."""
    need(isinstance(obj, dict), path, where, "must be an object")
    for key in required:
        need(key in obj, path, where, f"lacks \"{key}\"")
    for key in obj:
        need(key in required or key in optional, path, f"{where}.{key}",
             "unknown key; known are " + ", ".join([*required, *optional]))


def c_string(s):
    """A C string literal. Octal escapes, since hex ones swallow what follows."""
    out = []
    for byte in s.encode("utf-8"):
        ch = chr(byte)
        if ch in '"\\':
            out.append("\\" + ch)
        elif ch == "\n":
            out.append("\\n")
        elif byte < 32 or byte == 127:
            out.append(f"\\{byte:03o}")
        elif byte > 127:
            out.append(f"\\{byte:03o}")
        else:
            out.append(ch)
    return '"' + "".join(out) + '"'


def c_opt(s):
    return "NULL" if s is None else c_string(s)


def c_bool(v):
    return "true" if v else "false"


def c_name(s):
    """orders.list -> orders_list; a leading '-' (descending sort) -> _desc behind."""
    desc = s.startswith("-")
    s = re.sub(r"[^A-Za-z0-9]+", "_", s.lstrip("-")).strip("_")
    return s + ("_desc" if desc else "")


def c_comment(s, indent=""):
    """A comment of lines within 80 columns, safe for any text."""
    s = s.replace("*/", "* /").replace("/*", "/ *")
    lines = textwrap.wrap(s, 76 - len(indent))
    return [f"{indent}{'/* ' if i == 0 else ' * '}{line}" +
            (" */" if i == len(lines) - 1 else "")
            for i, line in enumerate(lines)]


def c_bytes(name, data):
    """A static byte array; enormous string literals upset some compilers."""
    out = [f"static const unsigned char {name}[] = {{"]
    for i in range(0, len(data), 16):
        out.append("    " + " ".join(f"0x{b:02x}," for b in data[i:i + 16]))
    return out + ["};"]


def banner(source):
    return f"/* generated from {source}; do not edit */"


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]
