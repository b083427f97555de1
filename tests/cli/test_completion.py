"""The scripts, run by the real shells; a shell that is not there is skipped."""

import shutil
import subprocess

import pytest

from mjasync.cli import arguments
from mjasync.cli.completion import script
from mjasync.cli.grammar import Takes, commands_of

COMMANDS = commands_of(arguments.parser())
NAMES = sorted(each.name for each in COMMANDS)
CASES = [
    (["mjasync", ""], NAMES),
    (["mjasync", "im"], [name for name in NAMES if name.startswith("im")]),
    (["mjasync", "config", ""], ["init", "path", "show"]),
    (["mjasync", "imagine", "a cat", "--mode", ""], ["fast", "relax", "turbo"]),
    (["mjasync", "imagine", "a cat", "--mode", "t"], ["turbo"]),
    (["mjasync", "imagine", "--out", "x", "--up"], ["--upscale"]),
    (["mjasync", "sim", "--profile", "relay"], ["relay-15s"]),
    (["mjasync", "batch", "pro"], ["prompts [1].txt"]),
    (["mjasync", "resume", "--journal", "j"], ["jobs.db"]),
    (["mjasync", "resume", "--out", "o"], ["our pictures"]),
    (["mjasync", "completion", ""], ["bash", "fish", "zsh"]),
    (["mjasync", "completion", "bash", ""], []),
]
BASH = shutil.which("bash")
ZSH = shutil.which("zsh")
FISH = shutil.which("fish")
#: A terminal of its own for zsh, which completes nowhere else.
ZPTY = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='' PS2=''; autoload -U compinit; compinit -u -D; source ./_script; echo RE''ADY"
zpty -r z out '*READY*'
zpty -n -w z "$1"$'\t\t'
zpty -r z out "*$2*" && print found
zpty -d z
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "prompts [1].txt").write_text("a cat\n")
    (tmp_path / "jobs.db").write_text("")
    (tmp_path / "our pictures").mkdir()
    return tmp_path


def ran(folder, *words):
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(BASH is None, reason="no bash here")
@pytest.mark.parametrize(("words", "expected"), CASES, ids=lambda value: " ".join(value)[:40])
def test_bash(folder, words, expected):
    (folder / "script").write_text(script("bash", arguments.parser()))
    program = 'set -u; source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mjasync; printf "%s\\n" "${COMPREPLY[@]-}"'
    found = ran(folder, BASH, "--norc", "-c", program, "bash", *words).splitlines()
    assert expected == sorted(filter(None, found))


@pytest.mark.skipif(BASH is None, reason="no bash here")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["mjasync", "imagine", "--mode", "=", "tu"], ["turbo"]),
        (["mjasync", "imagine", "--mode", "="], ["fast", "relax", "turbo"]),
        (["mjasync", "imagine", "--mode", "=", "turbo", "--sp"], ["--speed"]),
    ],
    ids=str,
)
def test_bash_knows_an_equals_sign(folder, words, expected):
    test_bash(folder, words, expected)


@pytest.mark.skipif(BASH is None, reason="no bash here")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_bash_knows_every_option_of_every_command(folder, command):
    (folder / "script").write_text(script("bash", arguments.parser()))
    program = 'source ./script; COMP_WORDS=("$@"); COMP_CWORD=2; _mjasync; printf "%s\\n" "${COMPREPLY[@]-}"'
    found = ran(folder, BASH, "--norc", "-c", program, "bash", "mjasync", command.name, "--").split()
    assert {flag for option in command.options for flag in option.flags} | {"--help"} == set(found)


@pytest.mark.skipif(FISH is None, reason="no fish here")
@pytest.mark.parametrize(("words", "expected"), CASES, ids=lambda value: " ".join(value)[:40])
def test_fish(folder, words, expected):
    (folder / "script").write_text(script("fish", arguments.parser()))
    line = " ".join(f"'{word}'" if " " in word else word for word in words)
    found = ran(folder, FISH, "--no-config", "-c", f'source ./script; complete -C "{line}"').splitlines()
    assert expected == sorted(each.partition("\t")[0].replace("\\", "").rstrip("/") for each in found)


@pytest.mark.long
@pytest.mark.skipif(ZSH is None, reason="no zsh here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mjasync imag", "imagine"),
        ("mjasync imagine x --mode tu", "turbo"),
        ("mjasync batch pro", r"prompts\\ \\\[1\\\].txt"),
        ("mjasync config in", "init"),
        ("mjasync resume --journal j", "jobs.db"),
    ],
)
def test_zsh(folder, line, expected):
    (folder / "_script").write_text(script("zsh", arguments.parser()))
    (folder / "ask").write_text(ZPTY)
    assert "found" in ran(folder, ZSH, "-f", "ask", line, expected)


@pytest.mark.parametrize(("shell", "binary"), [("bash", BASH), ("zsh", ZSH), ("fish", FISH)])
def test_each_script_is_one(shell, binary, folder, call):
    code, out, _ = call("completion", shell)
    assert (0, script(shell, arguments.parser())) == (code, out)
    assert all(f"{name}" in out for name in NAMES)
    if binary is not None:
        (folder / "script").write_text(out)
        assert "" == ran(folder, binary, "-n", "script")


def test_an_unknown_shell_is_told(call):
    code, _, err = call("completion", "tcsh")
    assert 2 == code
    assert "tcsh" in err


def test_files_are_completed_wherever_one_is_meant():
    meant = {
        each.typed for command in COMMANDS for each in command.arguments if each.takes in (Takes.FILE, Takes.FOLDER)
    }
    assert {"FILE", "--journal PATH", "--out FOLDER"} <= meant
