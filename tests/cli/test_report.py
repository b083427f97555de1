"""Exit codes and lines."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from mjasync import (
    AccountLedger,
    AccountStats,
    AuthError,
    ConfigError,
    DeadlineExceeded,
    JobFailed,
    JournalBusy,
    JournalCorrupt,
    JournalError,
    JournalWriteError,
    Ledger,
    MJError,
    PoolClosed,
    PromptRejected,
    QuotaExhausted,
    Stats,
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
        "available": [],
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


def told(ends, **more):
    """The summary of a run of two accounts."""
    accounts = {
        "ttapi": AccountStats(cap=10, limit=10, held=0, peak=10, done=9),
        "mjproxy": AccountStats(cap=10, limit=10, held=0, peak=7, done=4, seen=1.14),
    }
    stats = Stats(
        seconds=552, jobs=14, waiting=0, done=13, failed=1, lost=0, looks=91, accounts=accounts, slot_use=0.87
    )
    return report.summary(report.Report(ends=ends, stats=stats, out=Path("out"), **more))


def test_the_summary_says_what_a_run_was():
    books = [
        Ledger(total=AccountLedger(spent=spent, unpriced=unpriced)) for spent, unpriced in ((100.0, 1), (136.0, 3))
    ]

    assert told([end(None)], before=books[0], books=books[1]) == [
        "prompts   1 ok, 0 failed · 14 jobs in 9 m 12 s",
        "looks     7.0 per job, 91 in all · ends seen after: mjproxy 1.1 s",
        "slots     87% used while busy · most at once: ttapi 10/10, mjproxy 7/10",
        "pictures  0 in out",
        "spent     36 quota; of 2 jobs no price was told",
    ]


def test_each_failure_has_its_story_where_there_is_a_journal():
    bad = end(JobFailed("no"))

    assert "failed    0007  mjasync show x --journal 'my jobs.db'" == told([end(None), bad], journal="my jobs.db")[-1]
    assert "          and 3 more: mjasync jobs --journal j.db" == told([bad] * 13, journal="j.db", speed=60.0)[-1]
    assert "mjasync show" not in "".join(told([bad]))


@pytest.mark.parametrize("error", [DeadlineExceeded, SubmitOutcomeUnknown, PoolClosed])
def test_a_run_that_left_something_open_says_how_to_go_on(error):
    lines = told([end(error("no")), end(JobFailed("no"))], journal="my jobs.db")

    assert "resume    mjasync resume --journal 'my jobs.db'" == lines[-1]
