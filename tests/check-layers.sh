#!/bin/sh
# usage: check-layers.sh ROOT
# Which room may include what (architecture, chapter 2). Prints each offence as
# file:line and exits 1 when there is any. Tests see everything and are not
# looked at.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:?usage: check-layers.sh ROOT}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM

for folder in common daemon tui; do
    [ ! -d "$folder" ] || find "$folder" -name '*.[ch]'
done | sort >"$tmp/files"
[ -s "$tmp/files" ] || { echo "check-layers: no C files in $(pwd)" >&2; exit 2; }

tr '\n' '\0' <"$tmp/files" | xargs -0 grep -nE '^[ 	]*#[ 	]*include' /dev/null \
    >"$tmp/includes" || true
grep -E '^daemon/(model|sync)/' "$tmp/files" | tr '\n' '\0' |
    xargs -0 -r awk -f "$here/strip.awk" >"$tmp/pure" || true

awk '
# The rooms each room may include, itself among them.
BEGIN {
    may["common"] = "common"
    may["db"] = "common db"
    may["net"] = "common net"
    may["model"] = "common db model"
    may["auth"] = "common db model auth"
    may["shop"] = "common db model net shop"
    may["out"] = "common db model net out"
    may["ops"] = "common db net ops"
    may["sync"] = "common db model net shop sync"
    may["rpc"] = "common db model net shop auth sync out ops rpc"
    may["http"] = may["rpc"] " http"
    may["daemon"] = may["http"] " daemon"
    may["tui"] = "common tui"
}

# A file: "daemon/db/x.c" -> db, "daemon/x.c" -> daemon, "tui/x.c" -> tui
function room_of(path,    part, n) {
    n = split(path, part, "/")
    return part[1] == "daemon" && n > 2 ? part[2] : part[1]
}

# A header: "common/x.h", "db/x.h" or "daemon/db/x.h"; "" when it names no room.
function target_of(path) {
    if (path !~ /\// || path ~ /^(schema|sys)\//)
        return ""
    return quoted || path ~ /^(common|daemon|tui)\// ? room_of(path) : ""
}

function offence(why) {
    print file ":" line ": " header "\n    " why
    bad = 1
}

# header may stand only in files that match where.
function only(pattern, where, why) {
    if (header ~ pattern && file !~ where)
        offence(why)
}

{
    file = $0
    sub(/:.*/, "", file)
    line = $0
    sub(/^[^:]*:/, "", line)
    sub(/:.*/, "", line)
    header = $0
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"].*/, "", header)
    quoted = $0 ~ /include[ \t]*"/

    only("(^|/)sqlite3\\.h$", "^daemon/db/", "sqlite3.h belongs to daemon/db")
    only("(^|/)curl\\.h$|^curl/", "^daemon/net/",
         "curl.h belongs to daemon/net")
    only("(^|/)cJSON\\.h$", "^common/json(_tree)?\\.c$",
         "cJSON.h belongs to common/json.c and json_tree.c")
    only("(^|/)n?curses\\.h$|^ncursesw?/", "^tui/screen[^/]*\\.c$",
         "curses belongs to tui/screen*.c")
    only("(^|/)microhttpd\\.h$", "^daemon/http/",
         "microhttpd.h belongs to daemon/http")
    only("^(pango/|cairo)", "^daemon/out/pdf/",
         "Pango and Cairo belong to daemon/out/pdf")
    if (header ~ /(^|\/)uv\.h$/ && file ~ /^(common|daemon\/model|daemon\/sync)\//)
        offence("uv.h stays out of common, model and sync")

    room = room_of(file)
    target = target_of(header)
    if (!(room in may))
        offence("unknown room " room ": give it a row in check-layers.sh")
    else if (header ~ /\.\./)
        offence("includes name the room, not the way there")
    else if (target != "" && !(target in may))
        offence("unknown room " target)
    else if (target != "" && index(" " may[room] " ", " " target " ") == 0)
        offence(room " may not include " target)
    else if (quoted && target == "" && header !~ /\.gen\.(h|inc)$/)
        offence("includes are written \"room/file.h\"")
}

END { exit bad }
' "$tmp/includes" && found=0 || found=1

# Calls, not members: env->random(...) is what these rooms are to use.
calls='time|clock_gettime|gettimeofday|rand|rand_r|srand|random|srandom'
calls="$calls|getrandom|getentropy|arc4random|digest_random"
if grep -E "(^|[^A-Za-z0-9_.>])($calls)[ ]*\(" "$tmp/pure"; then
    echo '    model and sync take clocks and chance from struct env'
    found=1
fi
exit $found
