# Sourced by run.sh: benches of a house at work.

# start_house: as start_mirror, on a mirror with a year of the house's own rows.
start_house() {
    mirror_file
    mkdir -p "$scratch/house"
    if [ ! -f "$scratch/house/fulexo.db" ]; then
        cp --reflink=auto "$mirror_db" "$scratch/house/fulexo.db"
        "$tool/bench_house" "$scratch/house/fulexo.db" "$people" ||
            die "the house could not be made"
    fi
    cat "$scratch/house/fulexo.db" >/dev/null # it is in memory, as after a day
    start_daemon house "$@"
}

bench_pack() {
    local pid
    start_shop packing --storage hpos --seed 6 --orders 20 --products 120 \
        --customers 10 --trust-http
    pid=$shop_pid
    start_daemon packing
    echo cs_demo >"$scratch/secret"
    "$fulexo" stores create --name packing --url "http://localhost:$port" \
        --key ck_demo --secret-file "$scratch/secret" --allow-http \
        >"$scratch/connect.out" 2>&1 ||
        die "the store could not be connected" "$scratch/connect.out"
    "$fulexo" sync --store packing --wait >/dev/null || die "the first sync failed"
    stop "$daemon_pid"
    "$tool/bench_pack" "$fulexo" "$fulexod" "$scratch/packing" "$FULEXO_SOCKET" \
        "$scans" || die "pack failed" "$scratch/packing.log"
    stop "$pid"
}

bench_clients() {
    start_house
    "$tool/bench_clients" "$FULEXO_SOCKET" "$scratch/house/fulexo.db" "$people" \
        "$people_s" || die "clients failed" "$scratch/house.log"
    stop "$daemon_pid"
}

# A file of the size people send, beside a person at work.
bench_csv() {
    mirror_file
    mkdir -p "$scratch/csv"
    cp --reflink=auto "$mirror_db" "$scratch/csv/fulexo.db"
    "$tool/bench_csv" --fill "$scratch/csv/fulexo.db" "$csv"
    start_daemon csv
    "$tool/bench_csv" "$FULEXO_SOCKET" "$scratch/csv/fulexo.db" "$csv" ||
        die "csv failed" "$scratch/csv.log"
    stop "$daemon_pid"
}
