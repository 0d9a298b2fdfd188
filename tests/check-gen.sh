#!/bin/sh
# gen.py refuses bad inputs with file, key and what is wrong.
# usage: check-gen.sh PYTHON GEN_PY ERRORS_JSON
set -eu

# The interpreter itself: a wrapper in front of it would be started 70 times.
python=$("$1" -c 'import sys; print(sys.executable)')
gen=$2
errors=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failed=0

# refuse NAME TEXT KIND INPUT...: the run fails and says TEXT.
refuse() {
    name=$1 text=$2 kind=$3
    shift 3
    if "$python" -S "$gen" "$kind" out "$@" >said 2>&1; then
        echo "$name: was accepted"
        failed=1
    elif ! grep -qF -- "$text" said; then
        echo "$name: expected \"$text\", got:"
        cat said
        failed=1
    elif grep -q Traceback said; then
        echo "$name: crashed instead of refusing"
        failed=1
    fi
}

accept() {
    name=$1 kind=$2
    shift 2
    if ! "$python" -S "$gen" "$kind" out "$@" >said 2>&1; then
        echo "$name: was refused:"
        cat said
        failed=1
    fi
}

# expect NAME TEXT: the file made last contains TEXT.
expect() {
    grep -qF -- "$2" out || { echo "$1: no \"$2\" in:"; cat out; failed=1; }
}

### Statements
cat >good.sql <<'EOF'
-- comment of the file
-- name: A_GET scope=store plan=a_index
-- finds one
SELECT ';', x -- :not_a_parameter; and 'no text
  FROM a WHERE id = :id AND store_id = :store AND other = :id;

-- name: A_PUT scope=none
INSERT INTO a VALUES (:x) /* ; */ RETURNING id
EOF
accept 'good statements' stmt_c good.sql
expect 'parameters are counted once' 'STMT_SCOPE_STORE, false, 2, 2, "a_index", false}'
expect 'a write is known by sight' 'STMT_SCOPE_NONE, true, 1, 0, NULL, false}'
accept 'good statements' stmt_h good.sql
expect 'parameters beside the label' '/* 1:id 2:store. finds one */'

sql() { # sql NAME TEXT STATEMENT
    printf '%s\n' "$3" >bad.sql
    refuse "$1" "$2" stmt_c bad.sql
}
sql 'scope without :store' 'bad.sql:1: A: scope=store must bind :store' \
    '-- name: A scope=store
SELECT 1 FROM a WHERE id = :id;'
sql 'store only in a comment' 'scope=store must bind :store' \
    '-- name: A scope=store
SELECT 1 FROM a WHERE id = :id; -- :store'
sql 'store only in a text' 'scope=store must bind :store' \
    "-- name: A scope=store
SELECT ':store' FROM a WHERE id = :id;"
sql 'tenant likewise' 'scope=tenant must bind :tenant' \
    '-- name: A scope=tenant
SELECT 1 FROM a WHERE store_id = :store;'
sql 'no scope' 'lacks scope=' '-- name: A
SELECT 1;'
sql 'unknown scope' 'scope must be one of' '-- name: A scope=mine
SELECT 1;'
sql 'unknown tag' 'unknown tag "plans=x"' '-- name: A scope=none plans=x
SELECT 1;'
sql 'two statements' 'more than one statement' '-- name: A scope=none
SELECT 1; SELECT 2;'
sql 'no statement' 'no statement' '-- name: A scope=none
-- only words'
sql 'numbered parameter' 'parameter ?1: only :name' '-- name: A scope=none
SELECT ?1;'
sql 'kind that lies' 'kind=read does not fit' '-- name: A scope=none kind=read
DELETE FROM a;'
sql 'label' 'label must be UPPER_SNAKE' '-- name: a scope=none
SELECT 1;'
sql 'sql before a label' 'SQL before the first' 'SELECT 1;'
sql 'label twice' 'label is used already' '-- name: A scope=none
SELECT 1;
-- name: A scope=none
SELECT 2;'

### Migrations
echo 'CREATE TABLE a (x);' >001_a.sql
cp 001_a.sql 003_c.sql
cp 001_a.sql second.sql
accept 'migration' migrations 001_a.sql
refuse 'a gap' '003_c.sql: number must be 002' migrations 001_a.sql 003_c.sql
refuse 'a name' 'second.sql: name must be NNN_what.sql' migrations second.sql
: >empty.txt
refuse 'an empty dictionary' 'empty.txt: is empty' dict empty.txt

### Texts
text() { # text NAME EXPECTED EN TR
    printf '%s\n' "$3" >en.json
    printf '%s\n' "$4" >tr.json
    refuse "$1" "$2" text_c en.json tr.json
}
text 'missing in tr' 'tr.json: a.b: is missing' '{"a.b": "x"}' '{}'
text 'too much in tr' 'tr.json: a.c: is not in en.json' '{"a.b": "x"}' \
    '{"a.b": "x", "a.c": "y"}'
text 'other placeholders' 'tr.json: a.b: has placeholders' '{"a.b": "x {n}"}' \
    '{"a.b": "x {m}"}'
text 'a stray brace' 'en.json: a.b: a brace' '{"a.b": "x {n"}' '{"a.b": "x"}'
text 'an empty text' 'en.json: a.b: must be a text that is not empty' \
    '{"a.b": ""}' '{"a.b": "x"}'
text 'an id' 'en.json: Ab: id must be' '{"Ab": "x"}' '{"Ab": "x"}'
text 'a key twice' 'en.json: a.b: named twice' '{"a.b": "x", "a.b": "y"}' \
    '{"a.b": "x"}'
text 'no JSON' 'en.json:1:' '{"a.b": }' '{}'
text 'a plural without n' 'en.json: a.b: a plural needs {n}' \
    '{"a.b": {"one": "x", "other": "y"}}' '{"a.b": "x"}'
echo '{"a.b": "x"}' >en.json
cp en.json tr.json
refuse 'error sentences in tr' 'tr.json: error.parse: is missing' \
    text_c "$errors" en.json tr.json

### What is said
said() { # said NAME EXPECTED ROWS
    printf '%s\n' "$3" >said.json
    refuse "$1" "$2" said_c said.json said_before.json en.json tr.json
}
echo '{}' >said_before.json
echo '{"no {}": "yok {1}"}' >said.json
accept 'what is said' said_c said.json said_before.json en.json tr.json
said 'a place that is lost' 'no {}: its translation must have the places' \
    '{"no {}": "yok"}'
said 'a place too many' 'no {}: its translation must have the places' \
    '{"no {}": "yok {1} {2}"}'
said 'a place with a name' 'a place in English is {}' '{"no {1}": "yok {1}"}'
said 'a stray brace' 'no {: a brace that is no place' '{"no {": "yok"}'
said 'places alone' 'says nothing between its places' '{"{} {}": "{1} {2}"}'
said 'no translation' 'must be a text that is not empty' '{"no": ""}'

### Errors
echo '[{"name": "a", "code": 1, "exit": 1, "http": 1, "message": "x"}]' >e.json
refuse 'a positive code' 'e.json: a: code must be a negative' err_codes e.json
echo '[{"name": "a", "code": -1, "exit": 1, "http": 1}]' >e.json
refuse 'no message' 'e.json: a: lacks "message"' err_codes e.json

### Query keys and actions
cat >en.json <<'EOF'
{"query.a": "x", "action.go.hint": "x", "action.go.help": "x"}
EOF
cp en.json tr.json
json() { # json NAME EXPECTED KIND FILE CONTENT
    printf '%s\n' "$5" >"$4"
    refuse "$1" "$2" "$3" "$4" en.json tr.json
}
json 'key type' 'query.json: orders.a: type must be one of' query_c query.json \
    '{"orders": [{"name": "a", "type": "float"}]}'
json 'key help' 'orders.b: there is no text query.b' query_c query.json \
    '{"orders": [{"name": "b", "type": "word"}]}'
json 'choices' 'choice and choices go together' query_c query.json \
    '{"orders": [{"name": "a", "type": "choice"}]}'
json 'a view' 'actions.json: go: there is no view x' actions_c actions.json \
    '{"views": ["a"], "actions": [{"name": "go", "views": ["x"], "keys": []}]}'
json 'a group' 'actions.json: go: there is no group @x' actions_c \
    actions.json \
    '{"views": ["a"], "actions": [{"name": "go", "views": ["@x"], "keys": []}]}'
json 'no help' 'stay: there is no text action.stay.hint' actions_c \
    actions.json \
    '{"views": ["a"], "actions": [{"name": "stay", "views": ["a"], "keys": []}]}'
json 'one key twice' 'key q in a is bound to go already' actions_c \
    actions.json '{"views": ["a"], "actions": [
    {"name": "go", "views": ["a"], "keys": ["q"]},
    {"name": "halt", "views": ["*"], "keys": ["q"]}]}'

### Methods
# method PARAMS REQUIRED RESULT EXAMPLE_PARAMS EXAMPLE_RESULT [MORE]
method() {
    cat >things.json <<EOF
{"resource": "things", "summary": "x.", "types": {"row": {"type": "object",
 "required": ["a"], "properties": {"a": {"type": "integer"}}}}, "methods": [
 {"name": "get", "summary": "x.", "write": false, "roles": ["admin"],
  "scope": "none", "rest": "GET /things", "since": 1, "params": $1,
  "required": $2, "result": $3, "errors": [],
  "example": {"params": $4, "result": $5}${6:-}}]}
EOF
}
row='{"$ref": "row"}'
method '{}' '[]' "$row" '{}' '{"a": 1}'
accept 'a method' rpc_c things.json
rpc() { # rpc NAME EXPECTED, after method
    refuse "$1" "$2" rpc_c things.json
}
method '{"x": {"type": "string", "help": "x"}}' '[]' "$row" '{}' '{"a": 1}'
rpc 'unbounded text' 'things.json: things.get.params.x: a string needs maxLength'
method '{"x": {"type": "array", "items": {"type": "string"}, "help": "x"}}' \
    '[]' "$row" '{}' '{"a": 1}'
rpc 'unbounded array' 'an array of strings needs maxItems'
method '{"x": {"type": "number", "help": "x"}}' '[]' "$row" '{}' '{"a": 1}'
rpc 'a float' 'type number is not one of'
method '{"x": {"type": "object", "help": "x"}}' '[]' "$row" '{}' '{"a": 1}'
rpc 'an object of what' 'an object has either "members" or "values"'
method '{"x": {"type": "object", "help": "x", "values": "any"}}' '[]' "$row" \
    '{}' '{"a": 1}'
rpc 'unbounded object' 'an object of any key needs maxItems'
member='{"x": {"type": "object", "help": "x", "members": {"y": '
method "$member"'{"type": "array", "items": {"type": "string"}, "maxItems": 2,
    "help": "y"}}}}' '[]' "$row" '{}' '{"a": 1}'
rpc 'a list in an object' 'things.get.params.x: member y is not plain'
method "$member"'{"type": "boolean", "help": "y"}}}}' '[]' "$row" \
    '{"x": {"z": true}}' '{"a": 1}'
rpc 'example member' 'things.get.example: x has no member z'
method "$member"'{"type": "boolean", "help": "y"}}}}' '[]' "$row" \
    '{"x": {"y": true}}' '{"a": 1}'
accept 'an object' rpc_c things.json
expect 'its members are a table' 'members_things_get_x'
method '{"x": {"type": "integer"}}' '[]' "$row" '{}' '{"a": 1}'
rpc 'no help' 'things.get.params.x: lacks "help"'
method '{"x": {"type": "integer", "help": "x", "max": 3}}' '[]' "$row" '{}' \
    '{"a": 1}'
rpc 'unknown keyword' 'things.get.params.x.max: unknown key'
method '{"x": {"type": "integer", "help": "x", "maximum": 3, "default": 4}}' \
    '[]' "$row" '{}' '{"a": 1}'
rpc 'default out of range' 'things.get.params.x.default: 4 does not fit'
method '{}' '["x"]' "$row" '{}' '{"a": 1}'
rpc 'required but not there' 'there is no parameter x'
method '{}' '[]' '{"$ref": "nothing"}' '{}' '{"a": 1}'
rpc 'no such type' 'there is no type nothing'
method '{}' '[]' "$row" '{"y": 1}' '{"a": 1}'
rpc 'example parameter' 'things.get.example: there is no parameter y'
method '{}' '[]' "$row" '{}' '{"a": "1"}'
rpc 'example type' "things.get.example.result.a: '1' is not integer"
method '{}' '[]' "$row" '{}' '{}'
rpc 'example field missing' 'things.get.example.result: lacks a'
method '{}' '[]' "$row" '{}' '{"a": 1, "b": 2}'
rpc 'example field unknown' 'things.get.example.result: b is not described'
method '{}' '[]' "$row" '{}' '{"a": 1}' ', "cli": {"positional": ["z"]}'
rpc 'positional' 'things.get.cli.positional: there is no parameter z'
method '{}' '[]' "$row" '{}' '{"a": 1}' ', "colour": 1'
rpc 'unknown key of a method' 'things.get.colour: unknown key'
cat >_shared.json <<'EOF'
{"params": {"g": {"x": {"type": "integer", "help": "x"}}}, "types": {}}
EOF
method '{}' '["x"]' "$row" '{"x": 1}' '{"a": 1}' ', "share": ["g"]'
sed 's/"row"/"other"/g; s/things/others/g' things.json >others.json
method '{}' '[]' "$row" '{}' '{"a": 1}' ', "share": ["g"]'
accept 'what is shared' rpc_h _shared.json things.json
expect 'has a struct' 'struct rpc_g {'
expect 'which is a member' '    struct rpc_g g;'
accept 'what is shared' rpc_c _shared.json things.json
expect 'and its place' 'offsetof(struct rpc_things_get_params, g.has_x)'
refuse 'shared, but not alike' 'others.get.share: g is not as others have it' \
    rpc_c _shared.json things.json others.json
method '{}' '[]' "$row" '{}' '{"a": 1}' ', "share": ["h"]'
refuse 'shared by nobody' 'things.get.share: there is no h in _shared.json' \
    rpc_c _shared.json things.json
method '{}' '[]' "$row" '{}' '{"a": 1}'
sed -i 's/"admin"/"boss"/' things.json
rpc 'a role' 'things.get.roles: known are'
method '{}' '[]' "$row" '{}' '{"a": 1}'
sed -i 's/"errors": \[\]/"errors": ["nope"]/' things.json
refuse 'an error code' 'things.get.errors: nope is not in errors.json' rpc_c \
    "$errors" things.json
method '{}' '[]' "$row" '{}' '{"a": 1}'
mv things.json stuff.json
refuse 'the file name' "stuff.json: resource: must be the file's name" rpc_c \
    stuff.json

exit $failed
