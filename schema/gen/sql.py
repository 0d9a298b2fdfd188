"""Labelled statements, migrations and default dictionaries."""
import os
import re

from .base import banner, c_bool, c_bytes, c_comment, c_name, c_opt, c_string, need

LABEL = re.compile(r"^--\s*name:\s*(.*)$")
SCOPES = ("none", "store", "all", "tenant")
TAGS = {
    "scope": SCOPES,
    "kind": ("read", "write"),
    "plan": None,
    "temp_btree": ("yes", "no"),
}
TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<param>:[A-Za-z_][A-Za-z0-9_]*)
      | (?P<bad>[?@$][A-Za-z0-9_]*)
      | (?P<end>;)
      | (?P<space>\s+)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<other>.)""", re.X | re.S)


def blocks(path):
    """(line number, label line, lines below) of each labelled statement."""
    found = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            label = LABEL.match(line)
            if label:
                found.append((number, label.group(1), []))
            elif found:
                found[-1][2].append(line)
            else:
                need(not line.strip() or line.startswith("--"), f"{path}:{number}", "",
                     "SQL before the first `-- name:`")
    return found


def tags_of(path, label, words):
    tags = {}
    for word in words:
        key, eq, value = word.partition("=")
        need(eq and key in TAGS, path, label,
             f"unknown tag \"{word}\"; known are {', '.join(TAGS)}")
        need(TAGS[key] is None or value in TAGS[key], path, label,
             f"{key} must be one of {', '.join(TAGS[key] or ())}")
        tags[key] = value
    need("scope" in tags, path, label, "lacks scope=" + "|".join(SCOPES))
    return tags


def scan(path, label, sql):
    """(text without comments, parameter names in SQLite's order, upper-case words)."""
    text, params, words, ended = "", [], [], False
    for token in TOKEN.finditer(sql):
        kind, piece = token.lastgroup, token.group()
        if kind in ("comment", "space"):
            text += " " if text and not text.endswith(" ") else ""
            continue
        need(not ended, path, label, "more than one statement")
        need(kind != "bad", path, label, f"parameter {piece}: only :name is allowed")
        if kind == "end":
            ended = True
            continue
        if kind == "param" and piece[1:] not in params:
            params.append(piece[1:])
        if kind == "word":
            words.append(piece.upper())
        text += piece
    need(words, path, label, "no statement below the label")
    return text.strip(), params, words


def writes(words, tags):
    """Does the statement write? Only SELECT, WITH and the four writers are known by sight."""
    if words[0] in ("INSERT", "UPDATE", "DELETE", "REPLACE"):
        return True
    if words[0] == "WITH":
        return bool({"INSERT", "UPDATE", "DELETE"} & set(words))
    return words[0] != "SELECT" and tags.get("kind") == "write"


def statement(path, number, head, lines):
    at = f"{path}:{number}"
    label, *words = head.split()
    need(re.fullmatch(r"[A-Z][A-Z0-9_]*", label), at, label, "label must be UPPER_SNAKE")
    tags = tags_of(at, label, words)
    text, params, words = scan(at, label, "".join(lines))
    write = writes(words, tags)
    need(tags.get("kind", "write" if write else "read") == ("write" if write else "read"),
         at, label, f"kind={tags.get('kind')} does not fit the statement")
    bound = {"store": "store", "tenant": "tenant"}.get(tags["scope"])
    need(bound is None or bound in params, at, label,
         f"scope={tags['scope']} must bind :{bound}")
    scope_param = params.index(bound or "store") + 1 if (bound or "store") in params else 0
    return {"label": label, "sql": text, "params": params, "scope": tags["scope"],
            "write": write, "scope_param": scope_param, "plan": tags.get("plan"),
            "temp_btree": tags.get("temp_btree") == "yes", "about": about(lines)}


def about(lines):
    """The comment lines directly below the label."""
    out = []
    for line in lines:
        if not line.startswith("--"):
            break
        out.append(line.lstrip("- ").strip())
    return " ".join(out)


def statements(paths):
    out, seen = [], {}
    for path in paths:
        for number, head, lines in blocks(path):
            need(head.strip(), f"{path}:{number}", "", "`-- name:` without a label")
            row = statement(path, number, head, lines)
            need(row["label"] not in seen, f"{path}:{number}", row["label"],
                 f"label is used already in {seen.get(row['label'])}")
            seen[row["label"]] = f"{path}:{number}"
            out.append(row)
    return out


def stmt_h(inputs):
    out = [banner("schema/queries"), "#pragma once", "", "enum stmt_id {"]
    for row in statements(inputs):
        names = " ".join(f"{i}:{p}" for i, p in enumerate(row["params"], 1)) or "no parameters"
        out += c_comment(f"{names}{'. ' + row['about'] if row['about'] else ''}", "    ")
        out.append(f"    STMT_{row['label']},")
    return out + ["    STMT_COUNT", "};"]


def stmt_c(inputs):
    """Rows of struct stmt_row (daemon/db/stmt_table.h), in the order of enum stmt_id."""
    return [
        f"{{{c_string(r['label'])},\n {c_string(r['sql'])},\n STMT_SCOPE_{r['scope'].upper()}, "
        f"{c_bool(r['write'])}, {len(r['params'])}, {r['scope_param']}, {c_opt(r['plan'])}, "
        f"{c_bool(r['temp_btree'])}}},"
        for r in statements(inputs)
    ]


def migrations(inputs):
    """Rows of {number, name, sql}, without gaps from 1."""
    out = []
    for expected, path in enumerate(sorted(inputs, key=os.path.basename), 1):
        match = re.fullmatch(r"(\d{3})_([a-z0-9_]+)\.sql", os.path.basename(path))
        need(match, path, "", "name must be NNN_what.sql")
        need(int(match.group(1)) == expected, path, "", f"number must be {expected:03d}")
        with open(path, encoding="utf-8") as f:
            lines = f.read().splitlines()
        out.append(f"{{{expected}, {c_string(match.group(2))},")
        out += ["    " + c_string(line + "\n") for line in lines
                if line.strip() and not line.lstrip().startswith("--")]
        out.append("},")
    return out


def dict(inputs):  # noqa: A001 - named after its KIND
    """zstd's default dictionaries: `static const unsigned char dict_<kind>[]` and rows."""
    out = [banner("schema/dict")]
    names = []
    for path in sorted(inputs, key=os.path.basename):
        name = c_name(os.path.splitext(os.path.basename(path))[0])
        with open(path, "rb") as f:
            data = f.read()
        need(data, path, "", "is empty")
        out += c_bytes(f"dict_{name}", data)
        names.append(name)
    out += ["static const struct {", "    const char *kind;",
            "    const unsigned char *data;", "    unsigned long n;", "} dict_rows[] = {"]
    out += [f"    {{{c_string(n)}, dict_{n}, sizeof dict_{n}}}," for n in names]
    return out + ["    {0, 0, 0},", "};"]


KINDS = (stmt_h, stmt_c, migrations, dict)
