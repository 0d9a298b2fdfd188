#!/bin/sh
# usage: check-style.sh ROOT
# What the compiler and clang-format do not see. Prints each offence as
# file:line and exits 1 when there is any.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:?usage: check-style.sh ROOT}"
found=0

# report RULE: the offences come on standard input.
report() {
    while IFS= read -r line; do
        printf '%s\n    %s\n' "$line" "$1"
        echo x >>"$tmp/found"
    done
}

# files FOLDER...: the C files there; a folder may be missing.
files() {
    for folder; do
        [ ! -d "$folder" ] || find "$folder" -name '*.[ch]'
    done | sort
}

# matches PATTERN <stripped code
matches() {
    grep -E "$1" || [ $? -eq 1 ]
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
files common daemon tui schema >"$tmp/product"
files common daemon tui schema tests >"$tmp/all"
word='(^|[^A-Za-z0-9_])'

tr '\n' '\0' <"$tmp/product" | xargs -0 -r awk -f "$here/strip.awk" >"$tmp/code"
tr '\n' '\0' <"$tmp/all" | xargs -0 -r awk -f "$here/strip.awk" >"$tmp/all.code"

matches "${word}assert[ ]*\(" <"$tmp/code" |
    report 'assert() vanishes in release builds: use REQUIRE or CHECK'
matches "${word}(strcpy|strcat|sprintf|vsprintf|gets)[ ]*\(" <"$tmp/all.code" |
    report 'writes without a bound: use str_copy, str_format or a buf'
matches "${word}(atoi|atol|atoll|atof)[ ]*\(" <"$tmp/all.code" |
    report 'takes any text for a number: use str_to_i64'
matches "${word}strtok(_r)?[ ]*\(" <"$tmp/all.code" |
    report 'writes into its input: walk it with strcspn'
tr '\n' '\0' <"$tmp/all" | LC_ALL=C.UTF-8 xargs -0 -r \
    grep -nE '^.{101,}$' /dev/null | cut -c 1-120 |
    report 'line over 100 columns'

[ ! -e "$tmp/found" ] || found=1
exit $found
