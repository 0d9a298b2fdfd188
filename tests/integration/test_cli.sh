#!/bin/sh
# The command line against a real daemon and a demo shop, as a person types it.
# usage: test_cli.sh FULEXOD FULEXO DEMO_SHOP
set -u
fulexod=$1 bin=$2 demo_shop=$3
tmp=$(mktemp -d /tmp/fulexo-cli-XXXXXX)
sock=$tmp/f.sock
pids='' bad=0 count=0
unset FULEXO_SOCKET LC_ALL LC_MESSAGES
export LANG=C

finish() {
    # shellcheck disable=SC2086
    [ -z "$pids" ] || kill $pids 2>/dev/null
    wait
    rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM

fulexo() {
    "$bin" --socket "$sock" "$@" >"$tmp/out" 2>"$tmp/err"
}

fault() {
    echo "FAILED: $1"
    sed 's/^/    out: /' "$tmp/out"
    sed 's/^/    err: /' "$tmp/err"
    bad=$((bad + 1))
}

# ends STATUS COMMAND...: the command's exit status.
ends() {
    want=$1
    shift
    "$@"
    got=$?
    count=$((count + 1))
    [ $got -eq "$want" ] || fault "$* ended with $got, not $want"
}

# says out|err PATTERN: what the last command wrote.
says() {
    count=$((count + 1))
    grep -qE -e "$2" "$tmp/$1" || fault "$1 has no /$2/"
}

silent() {
    count=$((count + 1))
    [ ! -s "$tmp/$1" ] || fault "$1 is not empty"
}

lines() {
    count=$((count + 1))
    [ "$(wc -l <"$tmp/out")" -eq "$1" ] || fault "not $1 lines"
}

# until COMMAND...: tried for 20 seconds.
until_ok() {
    i=0
    until "$@"; do
        i=$((i + 1))
        [ $i -lt 400 ] || { fault "$* never came true"; exit 1; }
        sleep 0.05
    done
}

: >"$tmp/out"
: >"$tmp/err"

# --- nobody there -----------------------------------------------------------
ends 69 fulexo health
says err 'No fulexod answers.*--socket'
ends 69 fulexo orders list --json
says out '"code":"no_daemon"'
silent err
ends 69 fulexo doctor
says out '^socket +failed'

"$demo_shop" --port 0 --seed 3 --orders 60 --products 12 --customers 15 \
    --key ck_demo --secret cs_demo >"$tmp/shop" 2>/dev/null &
pids="$pids $!"
"$fulexod" --data "$tmp/data" --socket "$sock" 2>"$tmp/log" &
daemon=$!
pids="$pids $daemon"
until_ok fulexo health
until_ok grep -q '^listening' "$tmp/shop"
url=http://127.0.0.1:$(awk '/^listening/ { print $2 }' "$tmp/shop")
printf 'cs_demo\n' >"$tmp/secret"
printf 'cs_wrong\n' >"$tmp/wrong"

# --- a store ----------------------------------------------------------------
ends 64 fulexo stores create --name alpine --url "$url" --key ck_demo
says err '--secret-file'
ends 64 fulexo stores create --name alpine --url "$url" --key ck_demo \
    --secret-file "$tmp/secret"
says out '^failed +url'
ends 77 fulexo stores create --name alpine --url "$url" --key ck_demo \
    --secret-file "$tmp/wrong" --allow-http
says out '^failed +auth'
ends 0 fulexo stores list --csv
lines 1
ends 0 fulexo stores create --name alpine --url "$url" --key ck_demo \
    --secret-file "$tmp/secret" --allow-http
says out '^ok +woocommerce'
says out 'alpine is connected'
silent err
ends 1 fulexo stores create --name alpine --url "$url" --key ck_demo \
    --secret-file "$tmp/secret" --allow-http
ends 0 fulexo stores test alpine --csv
says out '^hop,state,detail,cure,ms$'

# --- reading ----------------------------------------------------------------
ends 0 fulexo sync
says out '^Begun\.'
ends 0 fulexo sync --store alpine --wait
says out '^alpine +done +orders'
ends 0 fulexo sync --all --wait --json
says out '"state":"done"'
ends 0 fulexo verify
says out '^alpine: [0-9]+ objects compared, 0 differences\.$'
ends 0 fulexo orders list --all --csv --fields ref,status,total
lines 61
says out '^alpine:[0-9]+,[a-z-]+,[0-9.]+$'
ref=$(sed -n 2p "$tmp/out" | cut -d, -f1)
ends 0 fulexo orders list --all --json --limit 7
count=$((count + 1))
[ "$(grep -o '"ref":' "$tmp/out" | wc -l)" -eq 60 ] || fault 'not 60 orders'
ends 0 fulexo orders list --filter "number:${ref#alpine:}" --csv --fields ref
says out "^$ref$"
ends 64 fulexo orders list --filter 'status:'
ends 0 fulexo orders raw "$ref"
says out "^\{\"id\":${ref#alpine:},"
ends 0 fulexo call orders.raw "{\"ref\":\"$ref\"}"
says out "\"ref\":\"$ref\""
ends 0 fulexo orders refresh "$ref"
says out '^changed +false$'
ends 1 fulexo orders raw alpine:99999999
ends 64 fulexo orders raw nonsense
# one act on several: looked at, asked for, done; what may not is told
ends 0 fulexo orders bulk tag gift --orders "$ref" --dry-run
says out "^$ref +.* ready"
says err '^1 order, 1 shop$'
ends 64 fulexo orders bulk tag gift --orders "$ref"
says err '--yes'
ends 0 fulexo orders list --filter tag:gift --csv --fields ref
lines 1
ends 1 fulexo orders bulk tag gift --orders "$ref,alpine:99999999" --yes
says err '1 not allowed'
says out "^$ref +done"
ends 0 fulexo orders bulk tag gift --orders "$ref" --yes --json
says out '"state":"unchanged"'
ends 0 fulexo orders bulk hold address --filter tag:gift --note flood --yes
ends 0 fulexo orders marks "$ref" --json
says out '"note":"flood"'
ends 0 fulexo orders bulk release --filter hold:address --yes
ends 64 fulexo orders bulk status --filter tag:gift --yes
ends 0 fulexo jobs list --json
says out '"method":"stores.verify"'
ends 0 fulexo monitor --once
says out '^alpine '
ends 1 fulexo doctor
says out '^keys +warn'
ends 0 fulexo key export --json
says out '"ring":"# Fulexo key ring'
ends 0 fulexo key rotate --json
says out '"newest":2,"sealed":2,"left":0'
grep -q '^2 ' "$tmp/data/master.key" || fault 'the new key is not in the ring'
ends 0 fulexo stores test alpine # its keys still open
ends 1 fulexo doctor
ends 0 fulexo key export
ends 0 fulexo doctor
says out '^store:alpine +ok'
ends 0 fulexo rpc discover
says out '"openrpc"'
ends 0 fulexo stores statuses alpine --csv
says out '^alpine,processing,'
ends 0 fulexo monitor get
says out '^clients +1$'
ends 0 fulexo cache clear
ends 0 fulexo orders counts
says out '^total +60$'
ends 1 fulexo customers raw alpine:customer/99999999
ends 1 fulexo products raw alpine:99999999
ends 0 fulexo call events.unsubscribe
says out '^\{\}$'

# --- completion -------------------------------------------------------------
complete_at() {
    PATH=$(dirname "$bin"):$PATH FULEXO_SOCKET=$sock bash -c '
        eval "$(fulexo completion bash)"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _fulexo
        echo "${COMPREPLY[@]}"' bash "$@" >"$tmp/out" 2>"$tmp/err"
}
ends 0 complete_at fulexo sto
says out '^stores$'
ends 0 complete_at fulexo stores create --secret-f
says out '^--secret-file$'
ends 0 complete_at fulexo sync --store ''
says out '^alpine$'
ends 0 fulexo completion zsh
says out '^#compdef fulexo'

# --- a difference -----------------------------------------------------------
# The shop changes in a way its own dates do not show; no pass will see it.
curl -sf -X POST "$url/__demo/edit" -d "{\"kind\":\"orders\",
    \"id\":${ref#alpine:},\"patch\":{\"customer_note\":\"behind the back\"},
    \"move_date\":false}" >"$tmp/out" || fault 'the door did not open'
ends 1 fulexo verify --store alpine
says out '^alpine: [0-9]+ objects compared, 1 differ'
says out "^$ref +orders +differs +customer_note"
ends 1 fulexo verify --csv
says out "^$ref,orders,differs,customer_note,"
ends 0 fulexo sync --store alpine --full --wait
ends 0 fulexo verify

# --- writing ----------------------------------------------------------------
# Until the store is resumed nothing leaves for the shop.
ends 0 fulexo stores pause alpine
ends 0 fulexo orders update "$ref" --billing.phone 123 --meta gift=yes \
    --reason 'Asked by phone.' --json
says out '"state":"queued"'
id=$(sed 's/.*"change":"\([^"]*\)".*/\1/' "$tmp/out")
ends 0 fulexo changes list --filter "object:$ref" --csv \
    --fields id,ref,act,state,reason
says out "^$id,$ref,set,queued,Asked by phone\.$"
ends 0 fulexo changes get "$id"
says out '^billing\.phone '
ends 0 fulexo changes edit "$id" --set billing.phone=456
ends 0 fulexo orders get "$ref" --json
says out '"phone":"456"'
ends 64 fulexo orders update "$ref"
ends 64 fulexo orders update "$ref" --status nonsense
says err '\(status\)'
ends 64 fulexo orders update "$ref" --meta gift
says err 'KEY=VALUE'
ends 77 fulexo --read-only orders update "$ref" --status completed
ends 0 fulexo orders refund "$ref" 0.01 --json
says out '"state":"awaiting"'
refund=$(sed 's/.*"change":"\([^"]*\)".*/\1/' "$tmp/out")
ends 77 fulexo changes approve "$refund"
ends 75 fulexo orders refund "$ref" 0.02 --wait
says out '^state +awaiting$'
ends 0 fulexo changes discard "$refund"
says out '^state +discarded$'
ends 1 fulexo changes retry "$refund"
ends 0 fulexo changes discard "$id"
ends 0 fulexo changes count
says out '^discarded +2$'
ends 1 fulexo changes get 01K9QF3E3M7Q2W8R5T1Y6Z0ABC

# --- pause, watch -----------------------------------------------------------
ends 0 fulexo stores pause alpine
ends 0 fulexo stores list --csv --fields name,state
says out '^alpine,paused$'
ends 77 fulexo --read-only stores resume alpine
says err 'read-only'
: >"$tmp/events"
"$bin" --socket "$sock" watch >"$tmp/events" 2>/dev/null &
watch=$!
pids="$pids $watch"
i=0
until grep -q '"store":"alpine"' "$tmp/events"; do
    i=$((i + 1))
    [ $i -lt 100 ] || { fault 'watch printed no event'; break; }
    fulexo stores resume alpine
    fulexo stores pause alpine
    sleep 0.05
done
kill "$watch"
ends 0 fulexo stores resume alpine

# --- people ------------------------------------------------------------------
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
password='correct horse battery'
ends 0 fulexo users invite ayse --role staff --stores alpine --json
says out '"code":"'
code=$(sed 's/.*"code":"\([^"]*\)".*/\1/' "$tmp/out")
accept() { printf '%s\n%s\n%s\n' "$code" "$1" "$2" | fulexo accept ayse; }
ends 64 accept "$password" 'other horse battery'
ends 64 accept short short
says err '12 characters'
ends 0 accept "$password" "$password"
says out '^ayse \(staff\)$'
ends 77 accept "$password" "$password"
login() { printf '%s\n\n' "$1" | fulexo login ayse; }
ends 77 login 'wrong horse battery'
[ ! -e "$tmp/state/fulexo/login" ] || fault 'a wrong password was kept'
ends 0 login "$password"
[ "$(stat -c %a "$tmp/state/fulexo/login")" = 600 ] || fault 'login is not 600'
ends 0 fulexo profile get --json
says out '"user":"'"$(id -un)"'"' # this account is the console: it needs no token
sed 's/.* //' "$tmp/state/fulexo/login" >"$tmp/token"
chmod 600 "$tmp/token"
token() { FULEXO_TOKEN_FILE=$tmp/token fulexo "$@"; }
ends 0 token profile get --json
says out '"user":"ayse"'
ends 77 token users list
chmod 644 "$tmp/token"
ends 70 token profile get
says err 'chmod 600'
chmod 600 "$tmp/token"
ends 0 fulexo logout
ends 77 token profile get
[ ! -s "$tmp/state/fulexo/login" ] || fault 'logout left a token'
ends 0 fulexo --as ayse stores list --csv --fields name
says out '^alpine$'
ends 77 fulexo --as ayse stores pause alpine
ends 0 fulexo users deactivate ayse
ends 1 fulexo --as ayse stores list

# --- a store goes for good ---------------------------------------------------
ends 64 fulexo stores purge alpine --confirm alpine
says err 'remove it first'
ends 0 fulexo stores remove alpine --confirm alpine
ends 64 fulexo stores purge alpine --confirm peak
ends 0 fulexo stores purge alpine --confirm alpine --json
says out '"name": ?"alpine"'
ends 1 fulexo stores purge alpine --confirm alpine
ends 0 fulexo audit verify

# --- the daemon goes --------------------------------------------------------
kill "$daemon"
wait "$daemon"
ends 69 fulexo orders counts

echo "$count checks, $bad failed"
[ $bad -eq 0 ]
