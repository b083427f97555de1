"""Help and version."""

import pytest

import mjasync
from mjasync.cli import arguments


def test_version(call):
    assert call("--version") == (0, f"mjasync {mjasync.__version__}\n", "")


COMMANDS = ["demo", "imagine", "batch", "blend", "press", "inpaint", "describe", "shorten", "check"]
COMMANDS += ["resume", "reconcile", "jobs", "show", "ledger", "sim"]
UPKEEP = ["doctor", "config", "completion"]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS + UPKEEP)])
def test_help(call, command):
    code, out, _ = call(*command, "--help")
    assert code == 0
    assert "usage: mjasync" in out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("check", "sim")])
def test_every_command_about_jobs_takes_a_journal_and_speaks_json(call, name):
    _, out, _ = call(name, "--help")

    assert "--journal PATH" in out
    assert "--json" in out


@pytest.mark.parametrize("option", ["--key", "--api-key", "--ttapi-key", "--KEY", "--token", "--secret"])
@pytest.mark.parametrize("form", ["{} sk-very-secret", "{}=sk-very-secret"])
@pytest.mark.parametrize("command", ["imagine x", "resume", "reconcile 1 --resubmit", "jobs", ""])
def test_a_key_is_never_taken(call, option, form, command):
    code, out, err = call(*command.split(), *form.format(option).split())

    assert (2, "") == (code, out)
    assert "A key is never taken from the command line." in err
    assert "sk-very-secret" not in err
    assert "MJASYNC_TTAPI_KEY" in err


def test_a_prompt_may_speak_of_keys():
    assert "--key of the door" == arguments.parse(["imagine", "--sim", "--", "--key of the door"]).prompt
    assert "the key" == arguments.parse(["imagine", "the key"]).prompt


def test_an_id_of_a_provider_may_begin_with_anything():
    typed = arguments.parse(["reconcile", "1a2b", "--adopt=-1"])

    assert ("1a2b", "-1", False) == (typed.job, typed.adopt, typed.declare_lost)


def test_the_help_has_every_command_in_a_group(call):
    top, (_, out, _) = arguments.parser(), call("--help")

    assert "\nmore:" not in out
    for name in top.commands.choices:
        assert f"\n  {name} " in out
    assert out.index("to begin:") < out.index("make pictures:") < out.index("jobs that were kept")


def test_a_command_of_no_group_comes_last():
    top = arguments.parser()
    top.commands.add_parser("paint", help="paint a wall")

    assert "more:\n  paint " in top.format_help()


def test_what_a_command_does_not_take(call):
    code, out, err = call("imagine", "a cat", "--mod", "fast")

    assert (2, "") == (code, out)
    assert "mjasync imagine: unrecognized arguments: --mod fast." in err
    assert "  why   usage: mjasync imagine " in err
    assert "  do    did you mean --mode? mjasync imagine --help" in err


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["docter"], "did you mean doctor? mjasync --help"),
        (["config", "inti"], "did you mean init? mjasync config --help"),
        (["zzzzz"], "  do    mjasync --help"),
    ],
)
def test_a_misspelled_choice_is_told_with_the_closest_one(call, words, near):
    code, out, err = call(*words)

    assert (2, "") == (code, out)
    assert near in err
    assert "  why   usage: " in err
