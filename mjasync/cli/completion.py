"""`mjasync completion SHELL`: a script that lets a shell complete commands, options, choices, files and folders.

Made from the parser, so that it knows what the command knows; the script needs no Python and starts nothing.
"""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence

from mjasync.cli import grammar, output, report
from mjasync.cli.arguments import parser
from mjasync.cli.grammar import Argument, Command, Takes

_Writer = Callable[[Sequence[Command]], Iterator[str]]


def completion(arguments: Namespace) -> int:
    """Print the script, and return the exit code."""
    output.say(script(arguments.shell, parser()).rstrip("\n"))
    return report.OK


def script(shell: str, whole: argparse.ArgumentParser) -> str:
    """Return the script for `bash`, `zsh` or `fish`."""
    return "\n".join(_SHELLS[shell](grammar.commands_of(whole))) + "\n"


def _bash(commands: Sequence[Command]) -> Iterator[str]:
    yield "# mjasync completion bash: put it into ~/.local/share/bash-completion/completions/mjasync,"
    yield '# or say: eval "$(mjasync completion bash)"'
    yield "_mjasync() {"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= options= places= at=0 i"
    yield "    COMPREPLY=()"
    # An `=` is a word of its own to bash.
    yield '    if [[ $word == "=" ]]; then word=; elif [[ $before == "=" ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi'
    yield f"    local values=' {' '.join(_with_values(commands))} '"
    yield "    for ((i = 1; i < COMP_CWORD; i++)); do"
    yield "        case ${COMP_WORDS[i]} in"
    yield "            =) ;;"
    yield '            -*) [[ ${COMP_WORDS[i+1]} == "=" ]] && ((i += 2)) || { [[ $values == *" ${COMP_WORDS[i]} "* ]] && ((i++)); } ;;'
    yield "            *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else ((at++)); fi ;;"
    yield "        esac"
    yield "    done"
    yield "    case $command in"
    yield f"        '') options='--help --version' places='{' '.join(each.name for each in commands)}' ;;"
    for each in commands:
        yield f"        {each.name})"
        yield f"            options='{' '.join((*_flags(each), '--help'))}'"
        yield "            case $before in"
        yield from (
            f"                {'|'.join(option.flags)}) places='{_bash_value(option)}' options= ;;"
            for option in _valued(each)
        )
        yield f"                *) case $at in {' '.join(_bash_places(each))} esac ;;"
        yield "            esac ;;"
    yield "    esac"
    yield '    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word")); return; fi'
    yield "    case $places in"
    for kind, flag in (("file", "-f"), ("folder", "-d")):
        yield f"        @{kind}) compopt -o filenames 2>/dev/null"
        yield f'            while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen {flag} -- "$word") ;;'
    yield '        *) COMPREPLY=($(compgen -W "$places" -- "$word")) ;;'
    yield "    esac"
    yield "}"
    yield "complete -F _mjasync mjasync"


def _bash_value(argument: Argument) -> str:
    return {Takes.FILE: "@file", Takes.FOLDER: "@folder"}.get(argument.takes, " ".join(argument.choices))


def _bash_places(command: Command) -> Iterator[str]:
    for place, argument in enumerate(command.places):
        yield f"{'*' if argument.several else place}) places='{_bash_value(argument)}' ;;"


def _zsh(commands: Sequence[Command]) -> Iterator[str]:
    yield "#compdef mjasync"
    yield "# mjasync completion zsh: put it as _mjasync into a folder of $fpath,"
    yield '# or say after compinit: eval "$(mjasync completion zsh)"'
    yield "_mjasync() {"
    yield "    local context state state_descr line"
    yield "    typeset -A opt_args"
    yield "    local -a commands=("
    yield from (f"        {_quoted(f'{_colons(each.name)}:{each.about}')}" for each in commands)
    yield "    )"
    yield "    _arguments -C '--help[show help]' '--version[show the version]' '1:command:->command' '*::arguments:->rest'"
    yield "    case $state in"
    yield "        command) _describe command commands ;;"
    yield "        rest)"
    yield "            case $line[1] in"
    for each in commands:
        specs = [_zsh_spec(each, argument) for argument in each.arguments]
        yield f"                {each.name}) _arguments {' '.join(map(_quoted, (*specs, '--help[show help]')))} ;;"
    yield "            esac ;;"
    yield "    esac"
    yield "}"
    yield 'if [[ $funcstack[1] == _mjasync ]]; then _mjasync "$@"; else compdef _mjasync mjasync; fi'


def _zsh_spec(command: Command, argument: Argument) -> str:
    about = _colons(argument.about).replace("[", r"\[").replace("]", r"\]")
    action = {Takes.FILE: "_files", Takes.FOLDER: "_files -/"}.get(argument.takes, " ")
    action = f"({' '.join(argument.choices)})" if argument.choices else action
    value = f":{_colons(argument.metavar)}:{action}"
    if argument.flags:
        several = "*" if argument.several else ""
        return f"{several}{argument.flags[-1]}[{about}]{'' if argument.takes is Takes.NOTHING else value}"
    if argument.several:
        return f"*{value}"
    return f"{command.places.index(argument) + 1}{':' if argument.optional else ''}{value}"


def _colons(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", r"\:")


def _fish(commands: Sequence[Command]) -> Iterator[str]:
    yield "# mjasync completion fish > ~/.config/fish/completions/mjasync.fish"
    names = " ".join(each.name for each in commands)
    yield "complete -c mjasync -f"
    yield f"set -l commands {names}"
    yield 'complete -c mjasync -n "not __fish_seen_subcommand_from $commands" -l version -d "show the version"'
    yield 'complete -c mjasync -l help -d "show help"'
    for each in commands:
        yield (
            'complete -c mjasync -n "not __fish_seen_subcommand_from $commands" '
            f"-a {each.name} -d {_quoted(each.about, fish=True)}"
        )
    for each in commands:
        begin = f"__fish_seen_subcommand_from {each.name}"
        for argument in each.arguments:
            yield from _fish_lines(begin, argument)


def _fish_lines(begin: str, argument: Argument) -> Iterator[str]:
    values = {Takes.FILE: " -F", Takes.FOLDER: " -a '(__fish_complete_directories)'"}.get(argument.takes, "")
    values = f" -a '{' '.join(argument.choices)}'" if argument.choices else values
    about = f" -d {_quoted(argument.about, fish=True)}"
    if argument.flags:
        flag = f" -l {argument.flags[-1].removeprefix('--')}"
        needs = {Takes.NOTHING: "", Takes.FILE: " -r"}.get(argument.takes, " -x")
        yield f'complete -c mjasync -n "{begin}"{flag}{needs}{values}{about}'
    elif argument.choices:
        once = "" if argument.several else f"; and not __fish_seen_subcommand_from {' '.join(argument.choices)}"
        yield f'complete -c mjasync -n "{begin}{once}"{values}{about}'
    elif values:
        yield f'complete -c mjasync -n "{begin}"{values}'


def _quoted(text: str, *, fish: bool = False) -> str:
    if fish:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "'" + text.replace("'", "'\\''") + "'"


def _flags(command: Command) -> list[str]:
    return [flag for argument in command.options for flag in argument.flags]


def _valued(command: Command) -> list[Argument]:
    return [argument for argument in command.options if argument.takes is not Takes.NOTHING]


def _with_values(commands: Sequence[Command]) -> list[str]:
    every = (flag for command in commands for option in _valued(command) for flag in option.flags)
    return list(dict.fromkeys(every))


_SHELLS: Mapping[str, _Writer] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
