"""schema/text/said.json: English sentence -> Turkish, for what is said where no language is known.
said_before.json holds those that no program says any more but a database may keep, and the texts
cause.* were kept as sentences before they were kept as causes."""
import re

from .base import banner, c_string, load, need, stem
from .text import PLACE as NAMED

KEPT = 6
PLACE = re.compile(r"\{f?(\d*)\}")


def rows(path):
    """[(english, turkish)]: {} stands for whatever the sentence is about, {1} .. for the same,
    {f1} for the field of that path."""
    out = []
    for english, turkish in load(path).items():
        need(isinstance(turkish, str) and turkish, path, english, "must be a text that is not empty")
        for text in (english, turkish):
            need(text == text.strip() and "\n" not in text, path, english,
                 "begins or ends blank, or has a line break")
            need(text.count("{") == text.count("}") == len(PLACE.findall(text)), path, english,
                 "a brace that is no place")
        places = PLACE.findall(english)
        need(not any(places) and "{f" not in english, path, english, "a place in English is {}")
        need(len(places) <= KEPT, path, english, f"has more than {KEPT} places")
        need("{}{}" not in english and english.strip("{} "), path, english,
             "says nothing between its places")
        known = {str(i + 1) for i in range(len(places))}
        need(set(PLACE.findall(turkish)) == known, path, english,
             f"its translation must have the places {sorted(known)}")
        out.append((english, turkish))
    return out


def causes(en, tr):
    """The same of texts whose places have names."""
    for key in en:
        if key.startswith("cause."):
            names = NAMED.findall(en[key])
            yield (NAMED.sub("{}", en[key]),
                   NAMED.sub(lambda m: "{%s%d}" % ("f" * (m[1] == "path"), names.index(m[1]) + 1),
                             tr[key]))


def said_c(inputs):
    """Rows for common/said.c."""
    out = [banner("schema/text"), "static const struct said_row rows[] = {"]
    by_name = {stem(p): p for p in inputs}
    for english, turkish in [*rows(by_name["said"]), *rows(by_name["said_before"]),
                             *causes(load(by_name["en"]), load(by_name["tr"]))]:
        out.append(f"    {{{c_string(english)},\n     {c_string(turkish)}}},")
    return out + ["};"]


KINDS = (said_c,)
