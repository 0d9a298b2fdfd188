#!/bin/sh
# Every method of the protocol has a whole entry in fulexo-rpc(7); with --tests
# also a test that names it (reading its parameters alone does not count).
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
