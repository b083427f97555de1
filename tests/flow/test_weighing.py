"""Weighing: an answer goes elsewhere or again only where certainly nothing was accepted; one id is one job."""

import pytest
from attrs import evolve

from mjasync.core import patience
from mjasync.core.answers import Busy, Refused, Taken, Unclear
from mjasync.core.machine import Accepted, Rejected, Saw, Sending
from mjasync.core.model import Action, Failure, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import GetSeed, Imagine, Press
from mjasync.flow.books import Books
from mjasync.flow.session import Session
from mjasync.flow.weighing import Weighing
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import Sim

CAT = Spec(operation=Imagine(prompt="a cat"))
FAILURE = Failure(kind="ProviderError", what="Not now.")
U1 = Press(action="upscale1")
OFFERED = Snapshot(status=Status.DONE, actions=(Action("upscale1", "MJ::U1", "U1"),))


class Nowhere:
    """Who knows where else a job may go: nowhere, or anywhere."""

    def __init__(self, anywhere=False):
        self.anywhere, self.asked = anywhere, []

    def exclude(self, job_id, account):
        self.asked.append((job_id, account))
        return self.anywhere

    def account_refused(self, job_id, account, failure):
        self.asked.append((job_id, account, failure.kind))
        return self.anywhere


class Table:
    """Books without a loop, and what weighs."""

    def __init__(self, *, anywhere=False):
        self.clock = 0.0
        self.books = Books(MemoryJournal(), lambda: self.clock, lambda record, error: None, wall=lambda: self.clock)
        self.elsewhere = Nowhere(anywhere)
        self.weighing = Weighing(self.books, self.elsewhere)
        account = Sim().ttapi()
        self.session = Session("ttapi", account, account.rng)

    def job(self, job_id, spec=CAT, *events, account="ttapi"):
        self.books.ask(job_id, spec)
        for event in (Sending(account), *events):
            self.books._decide(job_id, event)
        return self.books[job_id]

    def weighed(self, record, answer):
        return self.weighing.weighed(record, self.session, answer)


@pytest.mark.parametrize(
    "answer",
    [Taken(remote_id="1"), Refused(failure=FAILURE), Busy(failure=FAILURE), Unclear(failure=FAILURE)],
    ids=lambda answer: type(answer).__name__,
)
def test_most_answers_mean_what_they_say(answer):
    table = Table()
    assert answer is table.weighed(table.job("a"), answer)
    assert [] == table.elsewhere.asked


@pytest.mark.parametrize("what", ["account", "route"])
def test_a_refusal_that_is_not_about_the_job_sends_it_elsewhere_if_there_is_one(what):
    answer = Refused(failure=FAILURE, **{what: True})
    here, there = Table(), Table(anywhere=True)

    assert answer is here.weighed(here.job("a"), answer)
    assert Busy(failure=FAILURE, account=False) == there.weighed(there.job("a"), answer)
    assert 1 == len(there.elsewhere.asked)


@pytest.mark.parametrize(("seconds", "again"), [(0, True), (patience.NOT_YET, True), (patience.NOT_YET + 1, False)])
@pytest.mark.parametrize("child", [True, False])
def test_a_single_jobs_not_now_is_waited_out_as_long_as_a_relay_may_lag(seconds, again, child):
    table = Table()
    if child:
        table.job("p", CAT, Accepted("1"))
        table.clock = 500.0
        table.books._decide("p", Saw(Snapshot(status=Status.DONE)))
    record = table.job("a", evolve(CAT, parent="p") if child else CAT)
    table.clock += seconds
    busy = Busy(failure=FAILURE, account=False)

    assert (busy if again else Refused(failure=FAILURE)) == table.weighed(record, busy)


def test_no_channel_said_too_often_means_never():
    table, failure = Table(), evolve(FAILURE, status=503)
    record = table.job("a")

    assert isinstance(table.weighed(evolve(record, attempts=patience.UNSENT_TRIES - 1), Busy(failure=failure)), Busy)
    assert Refused(failure=failure) == table.weighed(
        evolve(record, attempts=patience.UNSENT_TRIES), Busy(failure=failure)
    )


def test_a_request_that_never_left_is_tried_again_for_a_while():
    weighing = Table().weighing
    for _ in range(patience.UNSENT_TRIES - 1):
        assert Busy(failure=FAILURE, account=True) == weighing.never_left("a", FAILURE, account=True)
    assert Refused(failure=FAILURE, account=True) == weighing.never_left("a", FAILURE, account=True)
    assert isinstance(weighing.never_left("a", FAILURE, account=False), Busy), "counted anew"
    for _ in range(patience.UNSENT_TRIES - 2):
        weighing.never_left("a", FAILURE, account=False)
    weighing.forget("a")
    assert isinstance(weighing.never_left("a", FAILURE, account=False), Busy)


# One id is one job.


@pytest.mark.fault("P10")
def test_a_second_job_under_one_id_is_of_unknown_fate():
    table = Table()
    table.job("a", CAT, Accepted("1"))
    weighed = table.weighed(table.job("b"), Taken(remote_id="1"))

    assert isinstance(weighed, Unclear)
    assert "belongs to another job" in weighed.failure.why
    assert Taken(remote_id="2") == table.weighed(table.books["b"], Taken(remote_id="2"))


@pytest.mark.fault("P10", "H11")
@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (U1, U1, True),
        (U1, Press(action="MJ::U1"), True),
        (U1, Press(action="U1"), True),
        (U1, Press(action="upscale2"), False),
        (U1, Press(action="upscale1", prompt="x"), False),
        (GetSeed(), Imagine(prompt="x"), False),
    ],
    ids=str,
)
def test_the_same_button_again_may_be_answered_with_the_job_that_it_made(first, second, same):
    table = Table()
    table.job("p", CAT, Accepted("0"), Saw(OFFERED))
    table.job("a", Spec(operation=first, parent="p"), Accepted("1"))
    weighed = table.weighed(table.job("b", Spec(operation=second, parent="p")), Taken(remote_id="1"))

    assert (Taken(remote_id="1") == weighed) is same
    assert isinstance(weighed, Taken if same else Unclear)


def test_a_seed_may_be_told_under_any_id_and_a_step_under_its_parents():
    table = Table()
    table.job("p", CAT, Accepted("0"))
    table.job("x", CAT, Accepted("1"))

    seed = table.job("s", Spec(operation=GetSeed(), parent="p"))
    step = table.job("u", Spec(operation=U1, parent="p"))
    assert Taken(remote_id="1") == table.weighed(seed, Taken(remote_id="1"))
    assert Taken(remote_id="0") == table.weighed(step, Taken(remote_id="0"))
    assert isinstance(table.weighed(step, Taken(remote_id="1")), Unclear)


def test_another_accounts_ids_are_its_own():
    table = Table()
    table.job("a", CAT, Accepted("1"), account="other")

    assert Taken(remote_id="1") == table.weighed(table.job("b"), Taken(remote_id="1"))


def test_what_has_no_id_gets_its_parents_or_one_of_ours():
    table = Table()
    table.job("p", CAT, Accepted("0"))
    assert "0" == table.weighing.own_id(table.job("a", Spec(operation=GetSeed(), parent="p")))
    table.books.ask("q", CAT)
    table.books._decide("q", Rejected(FAILURE))
    assert "upscale-b" == table.weighing.own_id(table.job("b", Spec(operation=U1, parent="q")))
    assert "imagine-c" == table.weighing.own_id(table.job("c"))


# Silence.


@pytest.mark.parametrize(("token", "listed", "hope"), [("", True, False), ("t", True, True), ("t", False, False)])
def test_there_is_hope_where_a_token_was_sent_and_a_list_can_be_asked(token, listed, hope, monkeypatch):
    table = Table()
    if not listed:
        monkeypatch.setattr(Session, "can_list", False)
    record = Record(id="a", spec=CAT, phase=Phase.SENDING, account="ttapi", sent_at=60.0, token=token)
    silence = table.weighing.silence(record, table.session, FAILURE, gave_up=100.0)

    assert (550.0, hope) == (silence.held_until, silence.hope)
    assert "SubmitOutcomeUnknown" == silence.failure.kind
    assert table.books.shown(60.0) in silence.failure.what
    assert table.books.shown(550.0) in silence.failure.why
