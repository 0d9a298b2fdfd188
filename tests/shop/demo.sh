#!/usr/bin/env bash
# ./dev demo: three demo shops, a daemon and the terminal in a scratch folder.
# alpine: order tables, 20 ms answers. nordic: slow (400 ms). kiosk: plain http,
# orders as posts, requests signed with OAuth.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
shop=$root/build/tests/shop/demo-shop
fulexod=$root/build/daemon/fulexod
fulexo=$root/build/tui/fulexo

headless=no keep="" orders=2000
while [ $# -gt 0 ]; do
    case $1 in
    --headless) headless=yes ;;
    --keep) keep=$2 && shift ;;
    --orders) orders=$2 && shift ;;
    *)
        echo "demo: unknown option $1 (see ./dev help)" >&2
        exit 64
        ;;
    esac
    shift
done

scratch=${keep:-$(mktemp -d /tmp/fulexo-demo.XXXXXX)}
mkdir -p "$scratch"
pids=()
finish() {
    trap - EXIT INT TERM
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    if [ -z "$keep" ]; then
        rm -rf "$scratch"
    else
        echo "demo: the data is in $scratch" >&2
    fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A private CA for the https shops, trusted by the stores alone.
certificate() {
    [ -f "$scratch/cert.pem" ] && return
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
        -nodes -days 30 -subj "/CN=Fulexo demo" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
        -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null
}

# The stores of a kept folder know their shops by these.
port_kept() {
    grep . "$scratch/$1.port" 2>/dev/null || echo 0
}

# start_shop NAME ARGS: prints nothing; port_of waits for it.
start_shop() {
    local name=$1
    shift
    : >"$scratch/$name.out"
    "$shop" --port "$(port_kept "$name")" --key ck_demo --secret cs_demo "$@" \
        >"$scratch/$name.out" 2>"$scratch/$name.log" &
    pids+=($!)
}

port_of() {
    local i
    for i in $(seq 200); do
        awk '/^listening/ { print $2; found = 1 } END { exit !found }' \
            "$scratch/$1.out" 2>/dev/null >"$scratch/$1.port" &&
            cat "$scratch/$1.port" && return
        sleep 0.05
    done
    echo "demo: shop $1 did not start:" >&2
    cat "$scratch/$1.log" >&2
    exit 70
}

connect() {
    local name=$1 title=$2
    shift 2
    echo cs_demo >"$scratch/secret"
    "$fulexo" stores get "$name" --json >/dev/null 2>&1 ||
        "$fulexo" stores create --name "$name" --title "$title" \
            --key ck_demo --secret-file "$scratch/secret" "$@" >&2
}

certificate
tls=(--tls-cert "$scratch/cert.pem" --tls-key "$scratch/key.pem")
start_shop alpine --storage hpos --seed 1 --orders "$orders" --products 400 \
    --customers 500 --latency 20 --zone Europe/Istanbul "${tls[@]}"
start_shop nordic --storage hpos --seed 2 --orders $((orders / 4)) \
    --products 120 --customers 200 --latency 400 --zone Europe/Oslo "${tls[@]}"
start_shop kiosk --storage posts --seed 3 --orders $((orders / 8)) \
    --products 60 --customers 80 --latency 30 --zone +05:30

export FULEXO_SOCKET=$scratch/run/fulexo.sock
# The shops tell what changes at them; Fulexo must know its address before.
free_port() {
    python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
[ -f "$scratch/http.port" ] || free_port >"$scratch/http.port"
http=127.0.0.1:$(port_kept http)
printf 'http:\n  listen: %s\n  public_url: http://%s\n' "$http" "$http" \
    >"$scratch/fulexo.yaml"
printf 'documents:\n  pdf_helper: %s\n' \
    "$root/build/daemon/out/pdf/fulexo-pdf" >>"$scratch/fulexo.yaml"
"$fulexod" -c "$scratch/fulexo.yaml" --data "$scratch/data" \
    --socket "$FULEXO_SOCKET" 2>"$scratch/fulexod.log" &
pids+=($!)
for _ in $(seq 200); do
    "$fulexo" call health.get >/dev/null 2>&1 && break
    sleep 0.05
done
"$fulexo" call health.get >/dev/null || {
    cat "$scratch/fulexod.log" >&2
    exit 70
}

connect alpine "Alpine Outfitters" --ca-file "$scratch/cert.pem" \
    --url "https://localhost:$(port_of alpine)"
connect nordic "Nordic Camp (slow)" --ca-file "$scratch/cert.pem" \
    --url "https://localhost:$(port_of nordic)"
connect kiosk "Kiosk (http only)" --allow-http \
    --url "http://localhost:$(port_of kiosk)"

if [ "$headless" = yes ]; then
    echo "$FULEXO_SOCKET"
    wait "${pids[-1]}"
else
    "$fulexo" --screen orders
fi
