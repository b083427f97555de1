"""Failures as values become the exceptions of DESIGN §2, and back."""

from typing import get_args

import pytest
from attrs import evolve

import mjasync as mj
from mjasync import errors
from mjasync.core.model import Failure, FailureKind, Record, Spec, Ticket
from mjasync.core.operations import Imagine
from mjasync.flow.outcome import exception_of, failure_from

RECORD = Record(id="j1", spec=Spec(operation=Imagine(prompt="a")), account="ttapi", remote_id="r1")


class Job:
    id = "j1"


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_every_kind_is_an_error_with_the_common_facts(kind):
    failure = Failure(kind=kind, what="what", why="why", hint="hint", charged="unknown", retryable=True)
    job = Job()
    error = exception_of(failure, job, RECORD)

    assert type(error) is getattr(errors, kind)
    assert (error.what, error.why, error.hint) == ("what", "why", "hint")
    assert (error.charged, error.retryable, error.job) == ("unknown", True, job)


def test_each_class_gets_its_own_facts():
    said = Failure(kind="PromptRejected", what="w", status=200, code="24", reason="r", request_id="q", word="gore")
    error = exception_of(said, Job(), RECORD)
    assert (error.status, error.code, error.reason, error.request_id, error.word) == (200, "24", "r", "q", "gore")

    offered = exception_of(Failure(kind="ActionUnavailable", what="w", available=("a", "b")), Job(), RECORD)
    assert offered.available == ("a", "b")

    late = exception_of(Failure(kind="DeadlineExceeded", what="w"), Job(), RECORD)
    assert late.ticket == Ticket("ttapi", "r1")

    parent = Job()
    assert exception_of(Failure(kind="ParentFailed", what="w"), Job(), RECORD, parent).parent is parent


def test_a_cancel_says_what_became_of_the_money():
    gone = Failure(kind="JobCancelled", what="w", outcome="withdrawn")

    assert exception_of(gone, Job(), RECORD).outcome == mj.Withdrawn()
    assert exception_of(evolve(gone, outcome="abandoned"), Job(), RECORD).outcome == mj.Abandoned(Ticket("ttapi", "r1"))
    assert mj.Cancelled() == mj.Cancelled(None)


def test_an_error_of_ours_survives_the_way_through_a_value():
    error = mj.ActionUnavailable("what", why="why", hint="hint", available=("a",))
    failure = failure_from(error)
    again = exception_of(failure, Job(), RECORD)

    assert str(again) == str(error)
    assert again.available == ("a",)
