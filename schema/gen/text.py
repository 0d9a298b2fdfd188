"""schema/text/<lang>.json: one catalogue of ids -> sentences, all languages alike."""
import re

from .base import banner, c_comment, c_name, c_opt, c_string, load, need, stem
from .errors import rows as error_rows

LANGS = ("en", "tr")
PLACE = re.compile(r"\{([a-z_]*)\}")


def forms(path, key, value):
    """(one, other): the plain text, or a plural chosen by {n}."""
    if isinstance(value, str):
        value = {"other": value}
    need(isinstance(value, dict) and set(value) <= {"one", "other"} and "other" in value, path, key,
         "must be a text or {\"one\": ..., \"other\": ...}")
    for form in value.values():
        need(isinstance(form, str) and form, path, key, "must be a text that is not empty")
        need(form.count("{") == form.count("}") == len(PLACE.findall(form)), path, key,
             "a brace that is no {placeholder}")
        need(form == form.strip() and ("\n" not in form or key.endswith(".body")), path, key,
             "begins or ends blank, or has a line break (only a letter's .body may)")
    if "one" in value:
        need("{n}" in value["other"], path, key, "a plural needs {n}")
    return value.get("one"), value["other"]


def places(pair):
    return set(PLACE.findall(pair[1]))


def catalogue(paths):
    """{id: {lang: (one, other)}}, in the order of en.json; errors.json adds its sentences."""
    errors = next((p for p in paths if stem(p) == "errors"), None)
    by_lang = {stem(p): (p, load(p)) for p in paths if stem(p) != "errors"}
    need(set(by_lang) == set(LANGS), ",".join(paths), "", f"languages must be {', '.join(LANGS)}")
    en_path, en = by_lang["en"]
    if errors:
        for row in error_rows(errors):
            key = f"error.{row['name']}"
            need(key not in en, en_path, key, "comes from errors.json, do not repeat it")
            en[key] = row["message"]
    out = {}
    for key, value in en.items():
        need(re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", key), en_path, key,
             "id must be lower.dotted")
        out[key] = {"en": forms(en_path, key, value)}
    for lang in LANGS[1:]:
        path, texts = by_lang[lang]
        for key in texts:
            need(key in out, path, key, "is not in en.json")
        for key in out:
            need(key in texts, path, key, "is missing")
            out[key][lang] = forms(path, key, texts[key])
            here, there = places(out[key][lang]), places(out[key]["en"])
            need(here == there, path, key,
                 f"has placeholders {sorted(here)}, en.json has {sorted(there)}")
    return out


def const(key):
    return f"TEXT_{c_name(key)}".upper()


def text_h(inputs):
    out = [banner("schema/text"), "#pragma once", "", "enum text_id {"]
    for key, texts in catalogue(inputs).items():
        out += c_comment(texts["en"][1], "    ") + [f"    {const(key)},"]
    return out + ["    TEXT_COUNT", "};"]


def text_c(inputs):
    """Rows for common/text.c: by id, per language {one, other}; then error code to ids."""
    texts = catalogue(inputs)
    out = [banner("schema/text"), "static const struct text_row rows[TEXT_COUNT] = {"]
    for key, by_lang in texts.items():
        pairs = [by_lang[lang] for lang in LANGS]
        cells = ",\n      ".join(f"{{{c_opt(one)}, {c_string(other)}}}" for one, other in pairs)
        out.append(f"    [{const(key)}] = {{{c_string(key)},\n     {{{cells}}}}},")
    out += ["};", "", "static const struct error_row errors[] = {"]
    for row in error_rows(next(p for p in inputs if stem(p) == "errors")):
        cure = f"cure.{row['name']}"
        out.append(f"    {{{row['code']}, {const('error.' + row['name'])}, "
                   f"{const(cure) if cure in texts else -1}}},")
    return out + ["};"]


KINDS = (text_h, text_c)
