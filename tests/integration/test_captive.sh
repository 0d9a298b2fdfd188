#!/bin/sh
# Somebody in a locked room tries the doors.
# usage: test_captive.sh FULEXOD FULEXO
set -u
fulexod=$1 bin=$2
tmp=$(mktemp -d /tmp/fulexo-captive-XXXXXX)
sock=$tmp/f.sock
bad=0 count=0 daemon=

finish() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null
    wait
    rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM

fault() {
    echo "FAILED: $1"
    sed 's/^/    out: /' "$tmp/out"
    sed 's/^/    err: /' "$tmp/err"
    bad=$((bad + 1))
}

# asks STATUS COMMAND: as sshd would, with what a client may have sent along.
asks() {
    count=$((count + 1))
    # Pipes, as sshd gives them: into a file it could not write.
    {
        {
            SSH_ORIGINAL_COMMAND=$2 FULEXO_SOCKET=$tmp/evil \
                FULEXO_TOKEN_FILE=/etc/passwd XDG_STATE_HOME=$tmp/state \
                XDG_CONFIG_HOME=$tmp/config HOME=$tmp TERMINFO=$tmp \
                "$bin" --captive --socket "$sock" </dev/null 2>&3
            echo $? >"$tmp/status"
        } | cat >"$tmp/out"
    } 3>&1 | cat >"$tmp/err"
    got=$(cat "$tmp/status")
    [ $got -eq "$1" ] || fault "<$2> ended with $got, not $1"
}

says() {
    count=$((count + 1))
    grep -qE -e "$2" "$tmp/$1" || fault "$1 has no /$2/"
}

"$fulexod" --data "$tmp/data" --socket "$sock" 2>"$tmp/log" &
daemon=$!
i=0
until "$bin" --socket "$sock" health >/dev/null 2>&1; do
    i=$((i + 1))
    [ $i -lt 200 ] || { cat "$tmp/log"; exit 1; }
    sleep 0.1
done

# --- what is meant to work ---
asks 0 'orders counts --json'
says out '^\{'
asks 0 'fulexo orders list --csv'
asks 0 "orders list --filter 'number:1 \"x y\"' --json --fields ref"
asks 0 'version'

# --- a shell ---
for try in 'version; id' 'version && id' 'version | id' 'version `id`' \
    'version $(id)' 'version > '"$tmp"'/made' 'version
id' '; id' '| id' '/bin/sh' 'sh -c id' '../../bin/sh' 'bash'; do
    asks 64 "$try"
    count=$((count + 1))
    ! grep -q 'uid=' "$tmp/out" "$tmp/err" || fault "<$try> ran id"
done
[ ! -e "$tmp/made" ] || fault 'a file was made'

# --- our own options ---
asks 64 "--socket $tmp/evil version"
asks 64 "version --socket=$tmp/evil"
asks 64 '--as root version'
asks 64 'orders list --as=root'
asks 64 '--captive version'
asks 64 "version 'open"

# --- files ---
asks 64 'stores create --name x --url https://x.test --key k --secret-file /etc/passwd'
says err 'standard input'
asks 64 'login somebody' # there is nobody to type a password
[ ! -e "$tmp/state" ] || fault 'a file was kept'

# --- the environment ---
asks 0 'profile get --json' # FULEXO_TOKEN_FILE is ignored
says out '"role":"admin"'
long=$(printf 'a%.0s' $(seq 9000))
asks 64 "$long"
count=$((count + 1))
TERM=../../../etc/passwd SSH_ORIGINAL_COMMAND= "$bin" --captive --socket "$sock" \
    >"$tmp/out" 2>"$tmp/err" </dev/null && fault 'a screen without a terminal'

# --- nothing in the program starts another one ---
count=$((count + 1))
if nm -D --undefined-only "$bin" 2>/dev/null |
    grep -E ' (fork|vfork|execv[pe]*|execl[pe]*|execvpe|fexecve|system|popen|posix_spawnp?)(@|$)'; then
    fault 'the program can start others'
fi

echo "$count checks, $bad failed"
[ $bad -eq 0 ]
