#!/bin/sh
# Every method of the protocol has a whole entry in fulexo-rpc(7), every option
# and command of the programs one in fulexo(1) and fulexod(8), every key of the
# configuration one in fulexo.yaml(5); with --tests every method also has a test
# that names it (reading its parameters alone does not count).
# usage: check-docs.sh [--tests] SOURCE_ROOT SCHEMA_BUILD_DIR
set -eu

want_tests=no
if [ "${1:-}" = --tests ]; then
    want_tests=yes
    shift
fi
src=$1
made=$2
page=$made/fulexo-rpc.7.scd
bad=0

methods=$(sed -n 's/^    \[RPC_[A-Z_]*\] = {"\([a-z_.]*\)",$/\1/p' \
    "$made/rpc.gen.c")
[ -n "$methods" ] || { echo "no method found in $made/rpc.gen.c"; exit 1; }

# The entry from its heading to the next one.
entry() {
    awk -v head="## $1" '$0 == head {on = 1; next} /^#+ / {on = 0} on' "$page"
}

for m in $methods; do
    text=$(entry "$m")
    for part in 'arameters' 'esult' '^Errors: ' "\"method\": \"$m\"" '^<-- '; do
        if ! printf '%s\n' "$text" | grep -q -e "$part"; then
            echo "fulexo-rpc(7): the entry of $m lacks $part"
            bad=1
        fi
    done
done

# A method or an error the page names must exist, so that it cannot go stale.
for m in $(grep -oE '\*[a-z]+\.[a-z]+\*([^(]|$)' \
    "$src/schema/fulexo-rpc.7.scd.in" | sed 's/^\*//; s/\*.*//'); do
    if ! printf '%s\n' "$methods" | grep -qx "$m"; then
        echo "fulexo-rpc.7.scd.in names $m, which is no method"
        bad=1
    fi
done

# lines NAME PAGE WORD...: each word begins an entry of the page.
lines() {
    name=$1 file=$2
    shift 2
    [ $# -gt 0 ] || { echo "nothing found to look for in $name"; bad=1; }
    for word; do
        if ! grep -qE "^(\*-.\*, )?\*$word\*" "$file"; then
            echo "$name has no entry for $word"
            bad=1
        fi
    done
}

# shellcheck disable=SC2046
lines 'fulexo(1)' "$src/man/fulexo.1.scd.in" \
    $(sed -n 's/^    \(FLAG\|VALUE\)("\(--[a-z-]*\)".*/\2/p' \
        "$src/tui/cli_options.c") \
    $(sed -n 's/^    {"\([a-z]*\)", ".*", TEXT_CLI_HELP_.*/\1/p' \
        "$src/tui/cli_find.c") \
    $(sed -n 's/.*"alias": "\([a-z]*\)".*/\1/p' "$src"/schema/rpc/*.json)
if [ -f "$src/daemon/options.c" ]; then
    # shellcheck disable=SC2046
    lines 'fulexod(8)' "$src/man/fulexod.8.scd" \
        $(sed -n 's/^        {"\([a-z-]*\)", \(no\|required\)_argument.*/--\1/p' \
            "$src/daemon/options.c")
    keys=$(sed -n 's/^    {"\([a-z_.]*\)", CONF_.*/\1/p' "$src/daemon/options.c")
    # shellcheck disable=SC2086
    lines 'fulexo.yaml(5)' "$src/man/fulexo.yaml.5.scd" $keys
    for key in $(sed -n 's/^\*\([a-z_.]*\)\*$/\1/p' \
        "$src/man/fulexo.yaml.5.scd"); do
        if ! printf '%s\n' "$keys" | grep -qx "$key"; then
            echo "fulexo.yaml(5) has $key, which is no key"
            bad=1
        fi
    done
fi

if [ $want_tests = yes ]; then
    for m in $methods; do
        name=$(printf '%s' "$m" | tr a-z. A-Z_)
        words=$(printf '%s' "$m" | tr . ' ')
        if ! grep -rqE "\"$m\"|\b$m\b|RPC_$name\b|fulexo $words\b" \
            --exclude=test_params.c --include='*.c' \
            --include='*.sh' --include='*.t' \
            "$src/tests/integration" "$src/tests/tui" "$src/tests/unit/rpc" \
            "$src/tests/unit/tui"; then
            echo "no test names $m"
            bad=1
        fi
    done
fi
exit $bad
