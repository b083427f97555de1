"""Every ending says what happened, why, and what to do; and is honest about the money."""

import pytest
from attrs import evolve

from mjasync.core.model import Extras, Failure, Mode, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.core.patience import limits
from mjasync.flow import endings

HELD = Record(id="j1", spec=Spec(operation=Imagine(prompt="a")))
SENT = evolve(HELD, phase=Phase.SENDING, account="ttapi", sent_at=1.0)
TAKEN = evolve(SENT, phase=Phase.RUNNING, remote_id="r1", accepted_at=2.0)
LIMITS = limits("ttapi", Mode.FAST, None)


def unclear(cause, *, place="", record=SENT):
    account = "Account 'ttapi'"
    return endings.unclear(cause, record, provider=account, cap=10, left="12:00:01", until="12:07:31", place=place)


@pytest.mark.parametrize(
    ("failure", "charged"),
    [
        (endings.no_answer("reset"), "unknown"),
        (unclear(endings.no_answer("reset")), "unknown"),
        (endings.unwritten(HELD, "jobs.db", "full"), "no"),
        (endings.unwritten(TAKEN, "", "full"), "unknown"),
        (endings.unwritten(evolve(TAKEN, phase=Phase.DONE), "", "full"), "yes"),
        (endings.unsent("a", "refused"), "no"),
        (endings.stuck(TAKEN, LIMITS, ""), "unknown"),
        (endings.empty("j1"), "yes"),
        (endings.deadline(HELD, 5), "no"),
        (endings.deadline(SENT, 5), "unknown"),
        (endings.deadline(TAKEN, 5), "unknown"),
        (endings.cancelled(HELD, withdrawn=True), "no"),
        (endings.cancelled(TAKEN, withdrawn=False), "unknown"),
        (endings.parent_failed(HELD, evolve(TAKEN, failure=endings.empty("p"))), "no"),
        (endings.parent_failed(HELD, TAKEN), "no"),
        (endings.pool_closed(HELD, ""), "no"),
        (endings.pool_closed(SENT, ""), "unknown"),
        (endings.pool_closed(TAKEN, "jobs.db"), "unknown"),
    ],
)
def test_the_money_is_told_honestly(failure, charged):
    assert failure.charged == charged


def test_an_unclear_submit_keeps_the_fixed_wording():
    cause = Failure(kind="SubmitOutcomeUnknown", what="", why="connection reset", status=None)
    failure = unclear(cause, place="jobs.db")

    assert failure.what == (
        "The request for job j1 left this machine at 12:00:01 and no usable answer came back (connection reset)."
    )
    assert failure.why == (
        "Account 'ttapi' may have accepted it and may charge for it. mjasync has not sent it again. "
        "One of 10 slots stays reserved until 12:07:31."
    )
    assert failure.hint == (
        "To decide now: `mjasync reconcile j1 --journal jobs.db` with `--adopt ID`, `--declare-lost`, or "
        "`--resubmit --accept-double-charge` (a second charge is possible)"
    )
    assert unclear(cause).hint == (
        "look at the account's own list of jobs, then decide: `await pool.reconcile('j1', ...)` with `adopt=ID`, "
        "`declare_lost=True`, or `resubmit=True, accept_double_charge=True` (a second charge is possible)"
    )


@pytest.mark.parametrize("extras", [{}, {"hook_url": "https://me.example"}, {"notify_hook": "https://me.example"}])
def test_a_callback_is_spoken_of_only_where_one_was_asked_for(extras):
    record = evolve(SENT, spec=evolve(SENT.spec, extras=Extras(**extras)))
    for token in ("", "t" * 64):
        failure = unclear(endings.no_answer("reset"), place="jobs.db", record=evolve(record, token=token))
        words = "If a callback arrives the result is kept in the journal. To decide now: `mjasync reconcile j1 "
        assert bool(extras or token) is failure.hint.startswith(words)
        assert "callback" not in unclear(endings.no_answer("reset"), record=evolve(record, token=token)).hint


def test_a_list_that_never_showed_it_is_a_hint_and_no_proof():
    told = endings.never_listed(evolve(SENT, failure=unclear(endings.no_answer("reset"))))

    assert told.why.endswith("The account's own list of jobs never showed it, so probably nothing was charged.")
    assert told.charged == "unknown"
    assert endings.never_listed(SENT) is None


def test_limits_follow_the_time_out_that_was_sent():
    spec = evolve(HELD.spec, extras=evolve(HELD.spec.extras, timeout=1200))

    assert endings.limits_of(HELD, "ttapi").timeout == 300
    assert endings.limits_of(evolve(HELD, spec=spec), "ttapi").timeout == 1200
    assert endings.limits_of(HELD, "mjproxy").timeout == 900


def test_limits_follow_the_slower_of_the_modes():
    relaxed = evolve(TAKEN, snapshot=Snapshot(status=Status.RUNNING, mode=Mode.RELAX))
    hurried = evolve(TAKEN, snapshot=Snapshot(status=Status.RUNNING, mode=Mode.TURBO))

    assert 3600 == endings.limits_of(relaxed, "mjproxy").timeout
    assert 900 == endings.limits_of(hurried, "mjproxy").timeout
