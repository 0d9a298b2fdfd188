#!/usr/bin/env python3
"""Prints the character tables of common/ from Python's unicodedata.

    python3 common/unicode.py width > common/utf8_table.c
    python3 common/unicode.py fold > common/fold_table.c

The tables are committed, so that every build has the same ones."""
import sys
import unicodedata as u

HEADER = """/* Made by `python3 common/unicode.py %s` from Unicode %s; not by hand. */
#include "common/%s_table.h"

// clang-format off
"""


def rows(items):
    """Items as text, as many a line as 80 columns take."""
    out, line = [], "   "
    for item in items:
        if len(line) + len(item) + 1 > 79:
            out.append(line)
            line = "   "
        line += " " + item
    return "\n".join(out + [line])


WIDE_BLOCKS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
               (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]


def width_kind(cp):
    c = chr(cp)
    category = u.category(c)
    if cp == 0xAD:  # a soft hyphen is drawn
        return "PLAIN"
    if category in ("Cf", "Zl", "Zp"):
        return "FORMAT"
    # The vowels and finals of a Hangul syllable stack on its first letter.
    if category in ("Mn", "Me") or 0x1160 <= cp <= 0x11FF \
            or 0xD7B0 <= cp <= 0xD7FB:
        return "MARK"
    # Python calls every unassigned character wide; only these blocks are.
    if category == "Cn":
        wide = any(a <= cp <= b for a, b in WIDE_BLOCKS)
    else:
        wide = u.east_asian_width(c) in "WF"
    if wide:
        return "WIDE"
    return "PLAIN"


def width():
    ranges = []
    for cp in range(0x80, 0x110000):
        kind = width_kind(cp)
        if ranges and ranges[-1][2] == kind and ranges[-1][1] == cp - 1:
            ranges[-1][1] = cp
        else:
            ranges.append([cp, cp, kind])
    ranges = [r for r in ranges if r[2] != "PLAIN"]
    print(HEADER % ("width", u.unidata_version, "utf8") +
          "const struct utf8_range utf8_ranges[] = {")
    print(rows("{0x%X, 0x%X, UTF8_%s}," % tuple(r) for r in ranges))
    print("};\n\nconst size_t utf8_range_count =\n"
          "    sizeof utf8_ranges / sizeof *utf8_ranges;")


SPACES = [0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F,
          0x205F, 0x3000]
# Marks that sit on letters of these three alphabets.
MARKS = [*range(0x300, 0x370), *range(0x483, 0x488), *range(0x1AB0, 0x1AFF),
         *range(0x1DC0, 0x1E00), *range(0xFE20, 0xFE30)]
FIXED = {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d",
         "þ": "th", "ŋ": "n", "ĸ": "k", "ς": "σ"}
ALPHABETS = ("LATIN ", "GREEK ", "CYRILLIC ", "FULLWIDTH LATIN ")
ALSO = "\u2126\u212A\u212B\u00B5\u00AA\u00BA"  # Ohm, Kelvin, Angstrom, micro


def is_letter(c):
    return c in ALSO or (u.category(c)[0] == "L" and
                         u.name(c, "").startswith(ALPHABETS))


def base_letter(c):
    """'o' for LATIN SMALL LETTER O WITH STROKE, which has no decomposition."""
    word = u.name(c, "").split(" ")
    if word[0] == "LATIN" and word[2:3] == ["LETTER"] and \
            word[4:5] == ["WITH"] and len(word[3]) == 1:
        return word[3].lower()
    return c


def fold_step(text):
    out = ""
    for c in text:
        if ord(c) in MARKS:
            continue
        if 0xFF01 <= ord(c) <= 0xFF5E:
            c = chr(ord(c) - 0xFEE0).lower()
        if not is_letter(c):
            out += c
            continue
        apart = u.normalize("NFKD", c).lower()
        if " " in apart:  # a lone mark on a space
            apart = c
        out += "".join(FIXED.get(x, base_letter(x)) for x in apart)
    return out


def fold_of(c):
    """The final form: folded until nothing changes."""
    while fold_step(c) != c:
        c = fold_step(c)
    return c


def fold_cells():
    """Value of each code point to 0xFFFF (see fold_table.h), expansions."""
    cells, expansions = [0] * 0x10000, []
    for cp in range(0x80, 0x10000):
        if 0xD800 <= cp <= 0xDFFF:
            continue
        c, to = chr(cp), fold_of(chr(cp))
        # fold.c writes in place of a bound: no text may more than double.
        assert len(to.encode()) <= 2 * len(c.encode())
        if cp in SPACES:
            cells[cp] = 0x20
        elif cp in MARKS:
            cells[cp] = 1
        elif to == "" or any(fold_of(x) != x for x in to):
            raise SystemExit("no fixed form: U+%04X" % cp)
        elif len(to) > 1:
            if to not in expansions:
                expansions.append(to)
            cells[cp] = 0xE000 + expansions.index(to)
        elif to != c:
            cells[cp] = ord(to)
    return cells, expansions


def fold():
    cells, expansions = fold_cells()
    blocks, index = [(0,) * 64], []
    for i in range(0, 0x10000, 64):
        block = tuple(cells[i:i + 64])
        if block not in blocks:
            blocks.append(block)
        index.append(blocks.index(block))
    print(HEADER % ("fold", u.unidata_version, "fold") +
          "const uint8_t fold_index[1024] = {")
    print(rows("%d," % i for i in index))
    print("};\n\nconst uint16_t fold_block[][64] = {")
    for block in blocks:
        print("    {")
        print(rows("%s," % (hex(v) if v else "0") for v in block))
        print("    },")
    print("};\n\nconst char *const fold_expansion[] = {")
    # Octal: unlike a hex escape it ends after three digits.
    print(rows('"%s",' % "".join(c if c < "\x7f" else "".join(
        "\\%03o" % b for b in c.encode()) for c in e) for e in expansions))
    print("};")


if __name__ == "__main__":
    {"width": width, "fold": fold}[sys.argv[1]]()
