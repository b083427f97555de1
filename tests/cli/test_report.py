"""Exit codes and lines."""

import pytest

from mjasync import (
    AuthError,
    ConfigError,
    JobFailed,
    MJError,
    PromptRejected,
    QuotaExhausted,
    SubmitOutcomeUnknown,
    Unreachable,
)
from mjasync.cli import report
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
