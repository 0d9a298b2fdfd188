#!/usr/bin/env python3
"""Makes at build time everything that several places must agree on.

usage: gen.py KIND OUTPUT INPUT...
One KIND a generated file; each is a function of that name in schema/gen/.
Faults in an input end the build with "file: key: what is wrong".
"""
import sys

sys.dont_write_bytecode = True

from gen import cli, code, docs, errors, said, shell, sql, tables, text  # noqa: E402
from gen.base import Fault  # noqa: E402

KINDS = {
    kind.__name__: kind
    for room in (errors, sql, code, docs, cli, shell, tables, text, said)
    for kind in room.KINDS
}


def main(argv):
    if len(argv) < 3 or argv[1] not in KINDS:
        print(f"usage: gen.py KIND OUTPUT INPUT...\nkinds: {' '.join(sorted(KINDS))}",
              file=sys.stderr)
        return 64
    kind, output, *inputs = argv[1:]
    try:
        lines = KINDS[kind](inputs)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    with open(output, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
