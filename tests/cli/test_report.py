"""Exit codes and lines."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from mjasync import (
    AuthError,
    ConfigError,
    JobFailed,
    JournalBusy,
    JournalCorrupt,
    JournalError,
    JournalWriteError,
    MJError,
    PromptRejected,
    QuotaExhausted,
    SubmitOutcomeUnknown,
    Unreachable,
)
from mjasync.cli import report
from mjasync.cli.run import End
from mjasync.cli.usage import UsageError


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((), 0),
        ((JobFailed,), 1),
        ((Unreachable, PromptRejected), 1),
        ((UsageError,), 2),
        ((ConfigError,), 3),
        ((AuthError, JobFailed), 3),
        ((JobFailed, QuotaExhausted, AuthError), 4),
        ((QuotaExhausted, SubmitOutcomeUnknown), 5),
        ((JournalBusy,), 3),
        ((JournalCorrupt,), 3),
        ((JournalError, JobFailed), 3),
        ((JournalWriteError,), 1),
        ((UsageError, ConfigError, JobFailed), 2),
    ],
)
def test_exit_codes(kinds, code):
    assert report.exit_code(kind("what") for kind in kinds) == code


def test_an_error_as_json():
    error = MJError("what", why="why", hint="hint", charged="yes", retryable=True)
    assert report.fault(error) == {
        "kind": "MJError",
        "what": "what",
        "why": "why",
        "do": "hint",
        "charged": "yes",
        "retryable": True,
    }


def test_an_error_for_people():
    error = MJError("what\n  do    pay twice", why="\x1b[2Jwhy", hint="hint")
    assert report.explain(error) == "what do pay twice\n  why   why\n  do    hint"
    assert report.explain(MJError("what")) == "what"


def end(error):
    job = SimpleNamespace(id="x", mode="fast", ticket=None)
    return End(number=7, prompt="a cat", job=job, pictures=(), error=error)


@pytest.mark.parametrize(
    ("error", "word"), [(None, "ok"), (JobFailed("no"), "failed"), (SubmitOutcomeUnknown("who knows"), "unknown")]
)
def test_the_first_word_of_a_line(error, word):
    assert f"{word:<7} 0007  fast" == report.line(end(error), Path("out"))[:18]


def test_each_advice_once():
    ends = [end(JobFailed("one", hint="wait")), end(JobFailed("two", hint="wait")), end(None), end(MJError("three"))]

    assert ["JobFailed: wait"] == report.hints(ends)


def test_jobs_of_unknown_fate_have_one_advice_together():
    one = end(SubmitOutcomeUnknown("what", hint="mjasync reconcile 1"))
    two = end(SubmitOutcomeUnknown("what", hint="mjasync reconcile 2"))

    assert ["SubmitOutcomeUnknown: mjasync reconcile 1"] == report.hints([one])
    (both,) = report.hints([one, two])
    assert "`mjasync jobs --unknown`" in both
