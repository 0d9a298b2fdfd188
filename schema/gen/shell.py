"""Completion for bash and zsh, from the same entries as the command line."""
from .base import banner, c_string
from .cli import cli_params, visible
from .rpc import Model

# Commands that are no method of their own; completed beside the resources.
EXTRA = {"call": "Call any method with JSON", "watch": "Events as JSON lines",
         "doctor": "Check this installation", "completion": "Completion script of a shell",
         "version": "Print the version", "help": "Help of a command"}
GLOBAL = ("--socket", "--read-only", "--lang", "--plain", "--screen", "--json", "--csv",
          "--table", "--fields", "--all", "--wait", "--once", "--help", "--version")
SCREENS = "dashboard orders products customers stores attention"
STORES = "fulexo stores list --fields name --csv 2>/dev/null | tail -n +2"

BASH = """\
# bash completion for fulexo; generated from schema/rpc

_fulexo_stores() {
    @STORES@
}

_fulexo_options() {
    case $1 in
@OPTIONS@
    *) echo '@GLOBAL@' ;;
    esac
}

# What may follow an option of a command.
_fulexo_values() {
    case "$1 $2" in
@VALUES@
    *' --lang') echo 'en tr' ;;
    *' --screen') echo '@SCREENS@' ;;
    esac
}

# The next word behind what was typed.
_fulexo_words() {
    case $1 in
    '') echo '@FIRST@' ;;
@WORDS@
    esac
}

_fulexo() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    local command='' values i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] && break
        command=${command:+$command }${COMP_WORDS[i]}
        [[ $command == *' '* ]] && break
    done
    [[ $prev == --* ]] && values=$(_fulexo_values "$command" "$prev")
    if [[ $prev == *-file ]]; then
        COMPREPLY=($(compgen -f -- "$cur"))
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$(_fulexo_options "$command")" -- "$cur"))
    elif [[ -n $values ]]; then
        COMPREPLY=($(compgen -W "$values" -- "$cur"))
    else
        COMPREPLY=($(compgen -W "$(_fulexo_words "$command")" -- "$cur"))
    fi
}

complete -F _fulexo fulexo"""

ZSH = """\
#compdef fulexo
# zsh completion for fulexo; generated from schema/rpc

_fulexo_stores() {
    local -a names
    names=(${(f)"$(@STORES@)"})
    compadd -a names
}

_fulexo_command() {
    case $1 in
@COMMANDS@
    call)
        compadd @METHODS@ ;;
    esac
}

_fulexo() {
    local -a first verbs
    first=(
@FIRST@
    )
    if ((CURRENT == 2)); then
        _describe command first
        return
    fi
    local command=$words[2]
    case $command in
@RESOURCES@
    esac
    shift words
    ((CURRENT--))
    _fulexo_command "$command"
}

_fulexo "$@\""""

ZSH_RESOURCE = """\
    @NAME@)
        if ((CURRENT == 3)); then
            verbs=(
@VERBS@
            )
            _describe verb verbs
            return
        fi
        command="$words[2] $words[3]"
        shift words
        ((CURRENT--)) ;;"""


def fill(template, **values):
    for name, value in values.items():
        text = value if isinstance(value, str) else "\n".join(value)
        template = template.replace(f"@{name}@", text)
    return template


def commands_of(model):
    """{"resource verb" or alias: method}, in the order of the resources."""
    out = {}
    for res, methods in visible(model):
        for m in methods:
            out[f"{res.name} {m.verb}"] = m
            if "alias" in m.cli:
                out[m.cli["alias"]] = m
    return out


def is_store(p):
    return p["type"] == "store" or p["kind"] == "store"


def options_of(m):
    out = []
    for p in cli_params(m):
        out.append(p["option"])
        if p["name"] in m.cli.get("files", []) and not p["object"]:
            out.append(p["option"] + "-file")
    return [*out, *GLOBAL]


def bash_case(pattern, p):
    """The case that prints p's values; nothing when anything goes."""
    if p["choices"]:
        return [f"    '{pattern}') echo '{' '.join(p['choices'])}' ;;"]
    return [f"    '{pattern}') _fulexo_stores ;;"] if is_store(p) else []


def bash_words(model, commands):
    out = []
    for res, methods in visible(model):
        if res.name not in commands:
            out.append(f"    {res.name}) echo '{' '.join(m.verb for m in methods)}' ;;")
    out.append("    completion) echo 'bash zsh' ;;")
    out.append(f"    call) echo '{' '.join(m.full for m in model.methods)}' ;;")
    for command, m in commands.items():
        first = m.cli.get("positional", [None])[0]
        for p in cli_params(m):
            if p["name"] == first:
                out += bash_case(command, p)
    return out


def bash(inputs):
    model = Model(inputs)
    commands = commands_of(model)
    first = [res.name for res, _ in visible(model)]
    first += [c for c in commands if " " not in c and c not in first]
    values = [line for command, m in commands.items() for p in cli_params(m)
              for line in bash_case(f"{command} {p['option']}", p)]
    return fill(
        BASH, STORES=STORES, GLOBAL=" ".join(GLOBAL), SCREENS=SCREENS, VALUES=values,
        OPTIONS=[f"    '{c}') echo '{' '.join(options_of(m))}' ;;" for c, m in commands.items()],
        FIRST=" ".join([*first, *EXTRA]), WORDS=bash_words(model, commands)).split("\n")


def zsh_text(s):
    """Fit for a description inside '...' of _arguments or _describe."""
    return s.translate(str.maketrans({"'": "", "`": "", "[": "(", "]": ")", ":": "\\:"}))


def zsh_action(p):
    if p["choices"] and p["type"] == "set":
        return "_sequence compadd - " + " ".join(p["choices"])
    if p["choices"]:
        return f"({' '.join(p['choices'])})"
    return "_fulexo_stores" if is_store(p) else " "


def zsh_arguments(m):
    out = []
    for p in cli_params(m):
        head = f"{p['option']}[{zsh_text(p['help'])}]"
        out.append(f"'{head}'" if p["type"] == "bool" else f"'{head}:{p['name']}:{zsh_action(p)}'")
        if p["name"] in m.cli.get("files", []) and not p["object"]:
            out.append(f"'{p['option']}-file[{zsh_text(p['help'])}]:file:_files'")
    by_name = {p["name"]: p for p in m.params}
    out += [f"'::{n}:{zsh_action(by_name[n])}'" for n in m.cli.get("positional", [])]
    return [*out, "'--json[raw result]'", "'--csv[comma separated]'",
            "'--table[fit for the terminal]'"]


def zsh_command(command, m):
    return [f"    '{command}')", "        _arguments \\",
            " \\\n".join(f"            {a}" for a in zsh_arguments(m)) + " ;;"]


def zsh(inputs):
    model = Model(inputs)
    commands = commands_of(model)
    first = {res.name: res.summary for res, _ in visible(model)}
    first.update({c: m.summary for c, m in commands.items() if " " not in c and c not in first})
    first.update(EXTRA)
    resources = [
        fill(ZSH_RESOURCE, NAME=res.name,
             VERBS=[f"                '{m.verb}:{zsh_text(m.summary)}'" for m in methods])
        for res, methods in visible(model) if res.name not in commands]
    return fill(
        ZSH, STORES=STORES, METHODS=" ".join(m.full for m in model.methods),
        COMMANDS=[line for c, m in commands.items() for line in zsh_command(c, m)],
        FIRST=[f"        '{name}:{zsh_text(text)}'" for name, text in first.items()],
        RESOURCES=resources).split("\n")


def completion_h(_inputs):
    return [banner("schema/rpc"), "#pragma once", "",
            "/* Lines of the completion scripts, NULL at the end. */",
            "extern const char *const completion_bash[];",
            "extern const char *const completion_zsh[];"]


def completion_c(inputs):
    out = [banner("schema/rpc"), '#include "completion.gen.h"', "", "#include <stddef.h>"]
    for shell in (bash, zsh):
        out += ["", f"const char *const completion_{shell.__name__}[] = {{"]
        out += [f"    {c_string(line)}," for line in shell(inputs)] + ["    NULL", "};"]
    return out


KINDS = (bash, zsh, completion_h, completion_c)
