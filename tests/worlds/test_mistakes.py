"""The judge's own test: a client with one deliberate mistake is found out within a few worlds, by the right rule.

Rule 1: a rule that no mistake breaks is a rule that nobody has seen at work.
"""

import pytest
from attrs import evolve

from mjasync.core import machine, patience
from mjasync.core.machine import Accepted, Bounced, Saw, Silence
from mjasync.core.model import Failure, Phase
from mjasync.core.slots import Slots
from mjasync.core.wire import NoAnswer, NotSent
from mjasync.flow import books, desk
from mjasync.flow.books import Books
from mjasync.flow.estate import Estate
from mjasync.flow.queueing import Queueing
from mjasync.flow.session import Session
from tests.worlds.story import play

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # a process that was killed closes nothing
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
#: Worlds in which a mistake has to show; progress that goes back does in one of three hundred.
SEEDS = range(1000)


def sends_again_after_silence(patch):
    submit = Session.submit

    async def mistaken(self, request, operation):
        try:
            return await submit(self, request, operation)
        except NoAnswer as exc:
            raise NotSent(str(exc)) from None

    patch.setattr(Session, "submit", mistaken)


def sends_again_after_a_restart(patch):
    events = Estate._events

    def mistaken(self, record):
        lost = Failure(kind="Unreachable", what="it was on its way when the process ended")
        return [Bounced(lost)] if record.phase is Phase.SENDING else events(self, record)

    patch.setattr(Estate, "_events", mistaken)


def frees_the_slot_of_a_lost_job(patch):
    limits = patience.limits
    patch.setattr(patience, "limits", lambda *args: evolve(limits(*args), quarantine=0.0))


def lends_one_slot_too_many(patch):
    make = Slots.__init__
    patch.setattr(
        Slots, "__init__", lambda self, caps, *more: make(self, {n: cap + 1 for n, cap in caps.items()}, *more)
    )


def tells_before_it_is_durable(patch):
    def mistaken(self, *args):
        while self._line:
            self._publish(self._line.popleft().after, None)

    patch.setattr(Books, "tell", mistaken)
    decide = Books._decide

    def at_once(self, job_id, event):
        page = decide(self, job_id, event)
        self.tell()
        return page

    patch.setattr(Books, "_decide", at_once)


def shows_progress_as_it_comes(patch):
    seen = machine._seen
    patch.setattr(machine, "_seen", lambda record, shot: evolve(seen(record, shot), snapshot=shot))


def forgets_to_give_a_slot_back(patch):
    release = Queueing.release
    patch.setattr(Queueing, "release", lambda self, job: None if job[0] in "012345" else release(self, job))


def forgets_what_was_accepted(patch):
    keeps = books._is_worth_keeping
    patch.setattr(
        books, "_is_worth_keeping", lambda *args: not isinstance(args[2], Accepted | Saw | Silence) and keeps(*args)
    )


def delivers_what_is_anothers(patch):
    result_of, first = desk.result_of, []

    def mistaken(*args):
        result = result_of(*args)
        first.append(result.images)
        return evolve(result, images=first[len(first) // 2])

    patch.setattr(desk, "result_of", mistaken)


MISTAKES = {
    sends_again_after_silence: {"I9", "I2"},
    sends_again_after_a_restart: {"I9", "I2"},
    frees_the_slot_of_a_lost_job: {"I1"},
    lends_one_slot_too_many: {"I1"},
    tells_before_it_is_durable: {"I5"},
    shows_progress_as_it_comes: {"I11"},
    forgets_to_give_a_slot_back: {"I16", "I8"},
    forgets_what_was_accepted: {"I3", "I5", "I6"},
    delivers_what_is_anothers: {"P11"},
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_found_out(mistake, monkeypatch):
    mistake(monkeypatch)

    worlds = (play(seed) for seed in SEEDS)
    found = next((verdict for verdict in worlds if {v.rule for v in verdict.violations} & MISTAKES[mistake]), None)

    assert found is not None
    print(mistake.__name__, found.plan.seed)
