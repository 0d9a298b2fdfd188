#!/usr/bin/env python3
"""Every sentence an error is set with where people may read it has a
translation in schema/text/said.json, and none there has gone out of use.
usage: check-said.py SOURCE_ROOT
"""
import json
import pathlib
import re
import sys

# Who sets sentences; of the doctor also what he found and its cure.
SETS = re.compile(r"\b(error_set|call_fail|bad|pass_fail|refuse|doctor_\w+|fault|BAD)\s*\(")
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*')
QUOTE = re.compile(r"""'\\?"'""")
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"')
CONVERSION = re.compile(r"%[-+0]*[\d*]*(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z)?[sdiuxXcop]")
ROOMS = ("model", "rpc", "out", "shop", "sync")
# Said at the start, before anybody has a language; words that fill a place.
NOBODYS = ("rpc/server.c",)
PARTS = ("ahead of", "store's name")


def arguments(text, at):
    """The text between a parenthesis and its end."""
    depth, i, quoted = 1, at, False
    while depth and i < len(text):
        c = text[i]
        if quoted:
            i += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        else:
            depth += (c == "(") - (c == ")")
        i += 1
    return text[at:i - 1]


def sentences(text):
    """Its literals of several words, as they stand in said.json."""
    for m in LITERAL.finditer(text):
        raw = re.sub(r"\\(.)", r"\1", "".join(PIECE.findall(m[0])))
        words = CONVERSION.sub("{}", raw).replace("%%", "%")
        if " " in words.strip() and re.search(r"[a-z]{3}", words):
            yield words


def shape(sentence):
    """What it may look like in said.json: words of ours in a place are spelt out there."""
    return re.compile(re.escape(sentence).replace(r"\{\}", "(.*)") + "(: {})?")


def main(root):
    root = pathlib.Path(root)
    said = json.loads((root / "schema/text/said.json").read_text(encoding="utf-8"))
    files = [f for room in ROOMS for f in sorted((root / "daemon" / room).glob("*.c"))]
    wanted, used = {}, set()
    readers = [f for f in files if not str(f).endswith(NOBODYS)]
    readers += [root / "common" / f for f in ("params.c", "query.c")]
    for f in files + sorted((root / "common").glob("*.c")) + sorted((root / "daemon/ops").glob("*.c")):
        text = QUOTE.sub("0", f.read_text(encoding="utf-8"))
        used.update(sentences(text))
        for m in SETS.finditer(text) if f in readers else ():
            for s in sentences(arguments(text, m.end())):
                if s not in PARTS:
                    wanted.setdefault(s, f.relative_to(root))
    bad = 0
    for s, f in wanted.items():
        if s not in said and s + ": {}" not in said and not any(map(shape(s).fullmatch, said)):
            print(f"{f}: schema/text/said.json lacks \"{s}\"")
            bad = 1
    shapes = [shape(s) for s in used]
    for s in said:
        if not any(one.fullmatch(s) for one in shapes):
            print(f"schema/text/said.json: nobody says \"{s}\"")
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
