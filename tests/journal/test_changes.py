"""What a group changes, before anything is written."""

import pytest

from mjasync.core.ledger import Line
from mjasync.core.machine import IllegalMove, Saw
from mjasync.core.model import Phase, Snapshot, Status
from mjasync.journal.changes import Changes, State, day_of, line_of, line_values
from mjasync.journal.folding import fold
from mjasync.journal.seal import Seal, digest_of
from tests.journal.cases import NEW_YEAR, asked, done, sent


def nothing(job):
    raise AssertionError(f"{job} is not to be read from the file")


def taken(changes, job, *events, wall=NEW_YEAR):
    for event in events:
        changes.take(job, event, wall)


def test_the_state_stays_as_it_is_until_the_changes_are_durable():
    state = State(seq=7, wall=1.0)
    changes = Changes(state, nothing)
    taken(changes, "a", asked(), *sent("r"), done())
    taken(changes, "b", asked())

    assert State(seq=7, wall=1.0) == state
    assert [8, 9, 10, 11, 12] == [row[0] for row in changes.events]
    assert ["a"] == [record.id for record in changes.ended]

    changes.adopt([("events", Seal(5, 5))])
    assert (["b"], 12, NEW_YEAR) == (list(state.live), state.seq, state.wall)
    assert {("ttapi", "2026-01-01"): Line(account="ttapi", day="2026-01-01", spent=3.0, done=1)} == state.lines
    assert {("ttapi", "fast", "imagine"): 3.0} == state.prices
    assert {"events": Seal(5, 5)} == state.seals


def test_lines_and_prices_go_on_from_what_there_is():
    state = State()
    for job, quota in (("a", 3.0), ("b", 5.0), ("c", 1.0)):
        changes = Changes(state, nothing)
        taken(changes, job, asked(), *sent(job), done(quota=quota))
        changes.adopt(())

    assert (9.0, 3) == (state.lines["ttapi", "2026-01-01"].spent, state.lines["ttapi", "2026-01-01"].done)
    assert {("ttapi", "fast", "imagine"): 5.0} == state.prices


def test_a_digest_covers_the_whole_row():
    changes = Changes(State(), nothing)
    taken(changes, "a", asked())
    seq, job, kind, wall, data, digest = changes.events[0]

    assert digest_of((seq, job, kind, wall), data) == digest


def test_a_job_that_was_over_is_folded_again():
    over = fold("a", [(event, 1.0) for event in (asked(), *sent("r"), done())])
    changes = Changes(State(), lambda job: over)
    taken(changes, "a", Saw(Snapshot(status=Status.FAILED)))

    assert (Phase.DONE, []) == (changes.records["a"].phase, changes.ended)
    changes.adopt(())
    assert {} == changes.state.live


def test_an_impossible_history_is_our_bug():
    changes = Changes(State(), nothing)
    taken(changes, "a", asked())
    with pytest.raises(IllegalMove):
        taken(changes, "a", done())
    with pytest.raises(IllegalMove):
        taken(changes, "a", asked())


def test_days_are_utc_and_lines_survive_as_values():
    assert ("2025-12-31", "2026-01-01") == (day_of(NEW_YEAR - 0.001), day_of(NEW_YEAR))
    line = Line(account="a", day="2026-01-01", spent=1.5, done=2, unpriced=1, strikes=3, resubmits=4)
    assert line == line_of(line_values(line))
