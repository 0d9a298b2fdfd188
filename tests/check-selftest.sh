#!/bin/sh
# usage: check-selftest.sh
# Proves each rule of check-style.sh and check-layers.sh: a small clean tree
# passes, and the same tree with one offence does not. And that summary.py
# counts every kind of end a test program can have.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
failed=0
count=0

# put FILE TEXT: a line of the tree.
put() {
    [ -d "$tmp/tree/${1%/*}" ] || mkdir -p "$tmp/tree/${1%/*}"
    printf '%s\n' "$2" >>"$tmp/tree/$1"
}

clean_tree() {
    rm -rf "$tmp/tree"
    [ ! -d "$tmp/clean" ] || { cp -r "$tmp/clean" "$tmp/tree" && return; }
    put common/buf.c '#include "common/buf.h"'
    put common/buf.c '/* assert(), strcpy() and'
    put common/buf.c ' * sprintf() are only words here */ int x; // gets('
    put common/buf.c 'static const char *s = "atoi(\" strtok(";'
    put common/buf.c 'void f(void) { snprintf(a, b, c); my_assert(1); }'
    put common/err.c '#include "err_table.gen.inc"'
    put common/json.c '#include <cjson/cJSON.h>'
    put daemon/db/db.c '#include <sqlite3.h>'
    put daemon/db/db.c '#include "common/buf.h"'
    put daemon/net/net.c '#include <curl/curl.h>'
    put daemon/net/net.c '#include <uv.h>'
    put daemon/model/order.c '#include "daemon/db/db.h"'
    put daemon/model/order.c '/* time(NULL) */ int64_t t = env->time(env);'
    put daemon/shop/doctor.c '#include "net/net.h"'
    put daemon/shop/doctor.c '#include <net/if.h>'
    put daemon/sync/pull.c '#include "daemon/shop/doctor.h"'
    put daemon/sync/pull.c 'int n = e.random(e.self) + runtime(1);'
    put daemon/rpc/method_order.c '#include "daemon/sync/pull.h"'
    put daemon/daemon.c '#include "daemon/rpc/rpc.h"'
    put tui/screen.c '#include <ncurses.h>'
    put tui/app.c '#include "common/buf.h"'
    put tests/unit/test_x.c 'assert(1);'
    cp -r "$tmp/tree" "$tmp/clean"
}

# check SCRIPT WANT WHAT: run it on the tree.
check() {
    count=$((count + 1))
    status=0
    sh "$here/check-$1.sh" "$tmp/tree" >"$tmp/out" 2>&1 || status=$?
    if [ "$status" != "$2" ]; then
        echo "check-$1.sh: $3: status $status instead of $2"
        cat "$tmp/out"
        failed=1
    fi
}

# offends SCRIPT FILE TEXT: with that line in that file it must fail, and name
# the file.
offends() {
    clean_tree
    put "$2" "$3"
    check "$1" 1 "$2: $3"
    grep -q "^$2:" "$tmp/out" || {
        echo "check-$1.sh: $2: $3: the file is not named"
        failed=1
    }
}

clean_tree
check style 0 'clean tree'
check layers 0 'clean tree'

offends style daemon/a.c 'assert(x > 0);'
offends style tui/a.h '    assert (x);'
offends style common/a.c '/* one */ strcpy(a, b);'
offends style common/a.c 'strcat(a, b);'
offends style tests/a.c 'n = sprintf(a, "%d", 1);'
offends style common/a.c 'vsprintf(a, f, ap);'
offends style common/a.c 'gets(a);'
offends style common/a.c 'return atoi(s);'
offends style common/a.c 'return atol(s);'
offends style common/a.c 'p = strtok(s, ",");'
offends style common/a.c 'p = strtok_r(s, ",", &q);'
offends style common/a.c "$(printf '%0101d' 0)"

for room in common daemon daemon/net daemon/model tui; do
    offends layers $room/a.c '#include <sqlite3.h>'
done
for room in common daemon daemon/shop tui; do
    offends layers $room/a.c '#include <curl/curl.h>'
done
for room in common daemon daemon/rpc tui; do
    offends layers $room/a.c '#include <microhttpd.h>'
done
for file in common/jsonw.c daemon/shop/a.c tui/a.c; do
    offends layers $file '#include <cjson/cJSON.h>'
done
for file in tui/app.c tui/view_screen.c tui/screen.h common/a.c; do
    offends layers $file '#  include <ncurses.h>'
done
offends layers tui/app.c '#include <ncursesw/curses.h>'
for room in common daemon/model daemon/sync; do
    offends layers $room/a.c '#include <uv.h>'
done
for room in daemon/model daemon/sync; do
    for call in 'time(NULL)' 'clock_gettime(CLOCK_REALTIME, &t)' \
        'gettimeofday(&t, 0)' 'rand()' 'random()' 'getrandom(p, n, 0)' \
        'digest_random(p, n)'; do
        offends layers $room/a.c "x = $call;"
    done
done

# ROOM may not include TARGET.
while read -r room target; do
    offends layers "$room/a.c" "#include \"$target/b.h\""
    case $target in
    daemon/*) offends layers "$room/a.c" "#include \"${target#daemon/}/b.h\"" ;;
    esac
done <<'EOF'
common daemon/db
common daemon
common tui
daemon tui
daemon/rpc tui
tui daemon
tui daemon/db
daemon/db daemon/model
daemon/db daemon/net
daemon/db daemon
daemon/net daemon/db
daemon/net daemon/shop
daemon/model daemon/net
daemon/model daemon/shop
daemon/model daemon/auth
daemon/auth daemon/net
daemon/auth daemon/rpc
daemon/shop daemon/sync
daemon/shop daemon/auth
daemon/shop daemon/out
daemon/out daemon/shop
daemon/ops daemon/model
daemon/sync daemon/rpc
daemon/sync daemon/auth
daemon/rpc daemon/http
daemon/rpc daemon
daemon/http daemon
daemon/cellar common
EOF
offends layers tui/a.c '#include <daemon/db/db.h>'
offends layers daemon/a.c '#include "../tui/app.h"'
offends layers daemon/db/a.c '#include "db.h"'
offends layers daemon/db/a.c '#include "cellar/db.h"'

rm -rf "$tmp/tree"
mkdir "$tmp/tree"
check layers 2 'a folder without sources'

# sums STATUS LINE RESULT STDOUT STDERR: a run that ended so is summed up so.
sums() {
    count=$((count + 1))
    printf '{"name": "x", "result": "%s", "stdout": "%s", "stderr": "%s"}\n' \
        "$3" "$4" "$5" >"$tmp/log.json"
    status=0
    python3 "$here/summary.py" "$tmp/log.json" >"$tmp/out" || status=$?
    if [ $status != "$1" ] || [ "$(tail -n 1 "$tmp/out")" != "$2" ]; then
        echo "summary.py: status $status, $(tail -n 1 "$tmp/out");" \
            "not $1, $2, for $3 $4 $5"
        failed=1
    fi
}
passed='[  PASSED  ] 7 test(s).\n'
sums 0 '7 passed, 0 failed' OK '' "$passed"
sums 0 '14 passed, 0 failed' OK '' "$passed$passed"
sums 1 '7 passed, 2 failed' FAIL '' \
    "$passed[  FAILED  ] 2 test(s), listed below:\n[  FAILED  ] a\n"
sums 0 '1 passed, 0 failed' OK 'all is well' ''
sums 1 '0 passed, 1 failed' FAIL 'it is not' ''
sums 1 '7 passed, 1 failed' FAIL '' "${passed}ERROR: LeakSanitizer"
sums 1 '2 passed, 1 failed' FAIL '[       OK ] a\n[       OK ] b\n' ''
sums 1 '0 passed, 1 failed' TIMEOUT '' ''
sums 0 '0 passed, 0 failed' SKIP '' ''
sums 1 '0 passed, 1 failed' ERROR '"' ''

# says TEXT: the last summary has it; hides TEXT: it has not.
says() {
    count=$((count + 1))
    grep -qF "$1" "$tmp/out" && return
    echo "summary.py: it does not say $1"
    failed=1
}
hides() {
    count=$((count + 1))
    grep -qF "$1" "$tmp/out" || return 0
    echo "summary.py: it says $1"
    failed=1
}

# The last words of one that failed, without what it left unfreed; none of one
# that passed.
leak='=====\n==7==ERROR: LeakSanitizer: detected\n #0 malloc\n'
sums 1 '0 passed, 1 failed' FAIL 'first\n\nlast\n' \
    "[  FAILED  ] 1 test(s), listed below:\n$leak"
says 'FAILED: x ('
says last
hides LeakSanitizer
sums 1 '7 passed, 1 failed' FAIL '' "$passed$leak"
says LeakSanitizer
sums 1 '0 passed, 1 failed' FAIL "early\n$(seq -s '\n' 100 140)" ''
says 140
hides early
sums 0 '1 passed, 0 failed' OK 'all is well' ''
hides 'all is well'

echo "$count checks"
exit $failed
