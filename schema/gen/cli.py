"""The command line from the protocol: tables for the client, completion for the shells."""
from .base import banner, c_bool, c_name, c_opt, c_string
from .rpc import Model

TYPES = {"string": "STRING", "store": "STRING", "ref": "STRING", "enum": "STRING", "int": "INT", "bool": "BOOL",
         "set": "LIST", "strings": "LIST"}
# Commands that are no method of their own; completed beside the resources.
EXTRA = ("call", "watch")
GLOBAL = ("--socket", "--read-only", "--lang", "--plain", "--screen", "--json", "--csv", "--table", "--wait", "--help")


def visible(model):
    for res in model.resources:
        methods = [m for m in res.methods if not m.cli.get("hidden")]
        if methods:
            yield res, methods


def option(name):
    return "--" + name.replace("_", "-")


def cli_params(m):
    """Parameters a person gives: request_id is added by the client itself."""
    return [p for p in m.params if p["name"] != "request_id"]


def cli_h(_inputs):
    return [banner("schema/rpc"), "#pragma once", "", "#include <stdbool.h>", "#include <stddef.h>",
            "#include <stdint.h>", "",
            "enum cli_type {", "    CLI_STRING,", "    CLI_INT, /* duration: also 5m, 2h */",
            "    CLI_BOOL, /* the option alone = true; --x=false, --no-x */",
            "    CLI_LIST, /* a,b,c -> array of strings */", "};", "",
            "struct cli_param {", "    const char *name; /* in the request */",
            "    const char *option; /* --allow-http */", "    enum cli_type type;", "    bool required;",
            "    bool duration; /* INT in seconds, accepts 5m */",
            "    bool file; /* also --NAME-file FILE: its content is the value */",
            "    bool secret; /* never shown; better from a file */",
            "    int position; /* may stand alone as the n-th word, 1 first; 0: not */",
            "    int64_t min, max; /* INT */",
            "    const char *choices; /* a|b|c, or NULL */",
            "    const char *kind; /* what completes it: store, status, query:orders ...; or NULL */",
            "    const char *def; /* what the daemon takes when it is not given; NULL: nothing */",
            "    const char *help;", "};", "",
            "struct cli_method {", "    const char *resource, *verb;", "    const char *method; /* orders.list */",
            "    const char *alias; /* fulexo ALIAS; NULL: none */", "    const char *summary;",
            "    const char *about; /* more sentences, or \"\" */",
            "    bool write; /* send a request_id */", "    bool is_long; /* answers {job}: wait for it */",
            "    bool no_wait; /* unless --wait was given */", "    bool list; /* answers {items, next} */",
            "    const char *columns; /* of --table and --csv, a,b.c; \"\": key and value */",
            "    const struct cli_param *params;", "    size_t n_params;", "};", "",
            "struct cli_resource {", "    const char *name, *summary;", "    const struct cli_method *methods;",
            "    size_t n_methods;", "};", "",
            "extern const struct cli_resource cli_resources[];", "extern const size_t cli_resources_n;"]


def default_text(p):
    d = p["default"]
    if d is None:
        return None
    return ("true" if d else "false") if isinstance(d, bool) else str(d)


def param_c(m, p):
    positional = m.cli.get("positional", [])
    position = positional.index(p["name"]) + 1 if p["name"] in positional else 0
    limits = f"{p['min']}, {p['max']}" if p["type"] == "int" else "0, 0"
    return (f"    {{{c_string(p['name'])}, {c_string(option(p['name']))}, CLI_{TYPES[p['type']]}, "
            f"{c_bool(p['required'])}, {c_bool(p['kind'] == 'duration')},\n     "
            f"{c_bool(p['name'] in m.cli.get('files', []))}, {c_bool(p['kind'] == 'secret')}, {position}, {limits},\n     "
            f"{c_opt('|'.join(p['choices']) if p['choices'] else None)},\n     "
            f"{c_opt(p['kind'] or ('store' if p['type'] == 'store' else None))}, {c_opt(default_text(p))},\n     "
            f"{c_string(p['help'])}}},")


def method_c(res, m):
    params = cli_params(m)
    name = f"params_{m.c}" if params else "NULL"
    return (f"    {{{c_string(res.name)}, {c_string(m.verb)}, {c_string(m.full)}, {c_opt(m.cli.get('alias'))},\n     "
            f"{c_string(m.summary)},\n     {c_string(m.about)},\n     {c_bool(m.write)}, {c_bool(m.long)}, "
            f"{c_bool(m.cli.get('no_wait', False))}, {c_bool('list_of' in m.result)},\n     "
            f"{c_string(','.join(m.cli.get('columns', [])))}, {name}, {len(params)}}},")


def cli_c(inputs):
    model = Model(inputs)
    out = [banner("schema/rpc"), '#include "cli.gen.h"', ""]
    for res, methods in visible(model):
        for m in methods:
            if cli_params(m):
                out += [f"static const struct cli_param params_{m.c}[] = {{"]
                out += [param_c(m, p) for p in cli_params(m)] + ["};", ""]
        out += [f"static const struct cli_method methods_{c_name(res.name)}[] = {{"]
        out += [method_c(res, m) for m in methods] + ["};", ""]
    out.append("const struct cli_resource cli_resources[] = {")
    for res, methods in visible(model):
        out.append(f"    {{{c_string(res.name)}, {c_string(res.summary)}, methods_{c_name(res.name)}, {len(methods)}}},")
    return out + ["};", "const size_t cli_resources_n = sizeof cli_resources / sizeof *cli_resources;"]


def words(model):
    """(first words, {resource: verbs}, {"resource verb" or alias: method})."""
    verbs, commands = {}, {}
    for res, methods in visible(model):
        verbs[res.name] = [m.verb for m in methods]
        for m in methods:
            commands[f"{res.name} {m.verb}"] = m
            if "alias" in m.cli:
                commands[m.cli["alias"]] = m
    first = [*verbs, *(c for c in commands if " " not in c and c not in verbs), *EXTRA]
    return first, verbs, commands


def options_of(m):
    out = []
    for p in cli_params(m):
        out.append(option(p["name"]))
        if p["name"] in m.cli.get("files", []):
            out.append(option(p["name"]) + "-file")
    return out


def bash(inputs):
    model = Model(inputs)
    first, verbs, commands = words(model)
    out = ["# bash completion for fulexo; generated from schema/rpc", "",
           "_fulexo_stores() {", "    fulexo stores list --fields name --csv 2>/dev/null | tail -n +2", "}", "",
           "_fulexo_options() {", "    case $1 in"]
    for command, m in commands.items():
        out.append(f"    '{command}') echo '{' '.join([*options_of(m), *GLOBAL])}' ;;")
    out += [f"    *) echo '{' '.join(GLOBAL)}' ;;", "    esac", "}", "",
            "# What may follow an option: CHOICES of this command's option.", "_fulexo_values() {", "    case \"$1 $2\" in"]
    for command, m in commands.items():
        for p in cli_params(m):
            if p["choices"]:
                out.append(f"    '{command} {option(p['name'])}') echo '{' '.join(p['choices'])}' ;;")
            elif p["kind"] == "store" or p["type"] == "store":
                out.append(f"    '{command} {option(p['name'])}') _fulexo_stores ;;")
    out += ["    *' --lang') echo 'en tr' ;;",
            f"    *' --screen') echo 'dashboard orders products customers stores attention' ;;", "    esac", "}", "",
            "# The first positional word after the command.", "_fulexo_words() {", "    case $1 in", "    '')",
            f"        echo '{' '.join(first)}' ;;"]
    out += [f"    {name}) echo '{' '.join(v)}' ;;" for name, v in verbs.items() if name not in commands]
    out += [f"    'call') echo '{' '.join(m.full for m in model.methods)}' ;;"]
    for command, m in commands.items():
        for p in cli_params(m)[:]:
            if p["name"] in m.cli.get("positional", [])[:1]:
                if p["choices"]:
                    out.append(f"    '{command}') echo '{' '.join(p['choices'])}' ;;")
                elif p["type"] == "store":
                    out.append(f"    '{command}') _fulexo_stores ;;")
    out += ["    esac", "}", "", "_fulexo() {", "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' w i",
            "    COMPREPLY=()", "    for ((i = 1; i < COMP_CWORD; i++)); do", "        w=${COMP_WORDS[i]}", "        case $w in",
            "        -*) break ;;", "        *) command=${command:+$command }$w ;;", "        esac",
            "        [[ $command == *' '* ]] && break", "    done",
            "    if [[ $prev == *-file ]]; then", "        COMPREPLY=($(compgen -f -- \"$cur\"))",
            "    elif [[ $cur == -* ]]; then",
            "        COMPREPLY=($(compgen -W \"$(_fulexo_options \"$command\")\" -- \"$cur\"))",
            "    elif [[ $prev == --* && -n $(_fulexo_values \"$command\" \"$prev\") ]]; then",
            "        COMPREPLY=($(compgen -W \"$(_fulexo_values \"$command\" \"$prev\")\" -- \"$cur\"))",
            "    else", "        COMPREPLY=($(compgen -W \"$(_fulexo_words \"$command\")\" -- \"$cur\"))", "    fi", "}", "",
            "complete -F _fulexo fulexo"]
    return out


def zsh_text(s):
    """Fit for a description inside '...' of _arguments or _describe."""
    return s.replace("'", "").replace("[", "(").replace("]", ")").replace(":", "\\:")


def zsh_value(p):
    if p["type"] == "bool":
        return ""
    if p["choices"]:
        values = " ".join(p["choices"])
        return f":{p['name']}:_sequence compadd - {values}" if p["type"] == "set" else f":{p['name']}:({values})"
    if p["type"] == "store" or p["kind"] == "store":
        return f":{p['name']}:_fulexo_stores"
    return f":{p['name']}: "


def zsh_arguments(m):
    out = []
    for p in cli_params(m):
        out.append(f"'{option(p['name'])}[{zsh_text(p['help'])}]{zsh_value(p)}'")
        if p["name"] in m.cli.get("files", []):
            out.append(f"'{option(p['name'])}-file[{zsh_text(p['help'])}]:file:_files'")
    for name in m.cli.get("positional", []):
        p = next(p for p in m.params if p["name"] == name)
        out.append(f"'::{name}:{zsh_value(p).split(':')[-1] or ' '}'")
    return out


def zsh(inputs):
    model = Model(inputs)
    _, verbs, commands = words(model)
    out = ["#compdef fulexo", "# zsh completion for fulexo; generated from schema/rpc", "", "_fulexo_stores() {",
           "    local -a names",
           "    names=(${(f)\"$(fulexo stores list --fields name --csv 2>/dev/null | tail -n +2)\"})",
           "    compadd -a names", "}", "", "_fulexo_command() {", "    case $1 in"]
    for command, m in commands.items():
        out += [f"    '{command}')", "        _arguments \\"]
        out += [f"            {a} \\" for a in zsh_arguments(m)]
        out += ["            '--json[raw result]' '--csv[comma separated]' '--table[fit for the terminal]' ;;"]
    out += ["    call)", f"        compadd {' '.join(m.full for m in model.methods)} ;;", "    esac", "}", "",
            "_fulexo() {", "    local -a first verbs", "    first=("]
    out += [f"        '{res.name}:{zsh_text(res.summary)}'" for res, _ in visible(model)]
    out += [f"        '{c}:{zsh_text(m.summary)}'" for c, m in commands.items() if " " not in c and c not in verbs]
    out += ["        'call:Call any method with JSON'", "        'watch:Events as JSON lines'", "    )",
            "    if ((CURRENT == 2)); then", "        _describe command first", "        return", "    fi",
            "    local command=$words[2]", "    case $command in"]
    for res, methods in visible(model):
        if res.name in commands:
            continue
        out += [f"    {res.name})", "        if ((CURRENT == 3)); then", "            verbs=("]
        out += [f"                '{m.verb}:{zsh_text(m.summary)}'" for m in methods]
        out += ["            )", "            _describe verb verbs", "            return", "        fi",
                "        command=\"$words[2] $words[3]\"", "        shift words", "        ((CURRENT--)) ;;"]
    return out + ["    esac", "    shift words", "    ((CURRENT--))", "    _fulexo_command \"$command\"", "}", "",
                  "_fulexo \"$@\""]


KINDS = (cli_h, cli_c, bash, zsh)
