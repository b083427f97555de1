"""What every command that may pay has in common."""

import pytest

from mjasync.cli import arguments, commands
from mjasync.cli.usage import UsageError
from mjasync.errors import ConfigError


def task_of(*words):
    typed = arguments.parse([*words])
    return getattr(commands, typed.command)(typed)


def test_options_go_along(alone):
    task = task_of(
        "imagine", "a cat", "--sim", "--account", "ttapi", "--deadline", "2m", "--budget", "9", "--upscale", "2,1"
    )

    assert {"account": "ttapi", "deadline": 120.0} == task.plan.options
    assert (9.0, (1, 2), (1, 2), True) == (task.plan.budget, task.upscale, task.plan.tiles(None), task.single)
    again = "--mode fast --out out --upscale 2,1 --account ttapi --deadline 2m --budget 9 --sim"
    assert again == " ".join(task.options)


def test_the_accounts_names_are_those_of_the_pool(alone, monkeypatch):
    (alone / "mjasync.toml").write_text("[[ttapi]]\nkey = 'one-key'\n[[ttapi]]\nkey = 'two-key'\nname = 'mine'\n")

    assert {"account": "mine"} == task_of("imagine", "a cat", "--account", "mine").plan.options
    with pytest.raises(UsageError) as met:
        task_of("imagine", "a cat", "--account", "main")
    assert ("there are ttapi, mine", "did you mean 'mine'?") == (met.value.why, met.value.hint)


def test_a_budget_needs_somebody_who_tells_prices(alone, monkeypatch):
    monkeypatch.setenv("MJASYNC_MJPROXY_KEY", "key")
    monkeypatch.setenv("MJASYNC_MJPROXY_URL", "https://relay.example")

    assert 5.0 == task_of("imagine", "a cat", "--budget", "5", "--sim").plan.budget
    with pytest.raises(UsageError, match="--budget cannot be held here"):
        task_of("imagine", "a cat", "--budget", "5")


def test_what_is_for_programs_opens_no_window(alone):
    assert task_of("imagine", "a cat", "--sim", "--open").browse
    with pytest.raises(UsageError, match="--open cannot be used with --json"):
        task_of("imagine", "a cat", "--sim", "--open", "--json")


def test_only_a_dry_run_needs_no_key(alone):
    assert task_of("imagine", "a cat", "--dry-run").dry
    with pytest.raises(ConfigError, match="No key is set"):
        task_of("imagine", "a cat")
    for wrong in ("--deadline=0", "--budget=-1", "--upscale=5"):
        with pytest.raises(UsageError, match="cannot be used"):
            task_of("imagine", "a cat", wrong)


def test_open_wants_a_sheet_of_a_batch(alone):
    (alone / "p.txt").write_text("a cat\n")

    assert (True, False) == tuple(task_of("batch", "p.txt", "--sim", *more).sheet for more in (["--open"], []))
