"""From this process's terms to the file's, and back in another process."""

import pytest

from mjasync.core.machine import Resumed, Sending, Silence
from mjasync.journal import Opening
from mjasync.journal.calendar import Calendar
from mjasync.journal.changes import State
from mjasync.journal.pictures import Pictures
from mjasync.journal.terms import Moment, Terms
from tests.journal.cases import LOST, PNG, Clock, asked, done, picture_job, sent


@pytest.fixture
def terms(tmp_path):
    opening = Clock().opening()
    return Terms(opening, Pictures(tmp_path / "p"), Calendar(opening, last=0.0, mark=None))


def test_inward(terms):
    assert ("f1",) == terms.inward(asked(), 5.0).spec.accounts
    assert Sending("f2", "token") == terms.inward(Sending("mjproxy", "token"), 5.0)
    assert Silence(LOST, 70.0) == terms.inward(Silence(LOST, 75.0), 5.0)
    assert Resumed() == terms.inward(Resumed(), 5.0)
    assert Sending("unheard of") == terms.inward(Sending("unheard of"), 5.0)


def test_names_and_fingerprints(terms):
    assert ("f1", "ttapi", "other", "other") == (
        terms.fingerprint("ttapi"),
        terms.name("f1"),
        terms.fingerprint("other"),
        terms.name("other"),
    )
    twice = Terms(Opening(now=float, wall=float, accounts={"one": "f", "two": "f"}), None, None)
    assert "one" == twice.name("f")


@pytest.mark.parametrize(
    ("wall", "at", "until"),
    [(1000.0, 50.0, 70.0), (990.0, 40.0, 60.0), (900.0, -50.0, 50.0), (1100.0, 50.0, 70.0)],
)
def test_moments(wall, at, until):
    moment = Moment(now=50.0, wall=1000.0)

    assert at == moment.at(wall)
    assert until == moment.until(wall, 20.0)
    assert 50.0 == moment.until(wall, -5.0)


def test_outward(terms):
    history = [(terms.inward(event, 0.0), wall) for wall, event in enumerate((picture_job(), *sent("r")), 990)]
    record = terms.outward("j", history, Moment(now=50.0, wall=1000.0))

    assert ("ttapi", 40.0, 41.0, PNG) == (
        record.account,
        record.asked_at,
        record.sent_at,
        record.spec.operation.images[0].data,
    )
    ended = terms.outward("j", [*history, (done(), 995.0)], Moment(now=50.0, wall=1000.0))
    assert "forgotten" == ended.spec.operation.images[0].digest


def test_kept(terms):
    kept = terms.kept(State(prices={("f1", "fast", "zoom"): 2.0}), {"j": [(terms.inward(asked(), 0.0), 1.0)]})

    assert {("ttapi", "fast", "zoom"): 2.0} == kept.prices
    assert ("ttapi",) == kept.records["j"].spec.accounts
