"""Time in a journal: even, whatever is done to the computer's clock."""

import sqlite3

import pytest
from attrs import evolve

from mjasync.journal.calendar import GET_MARK, Calendar
from tests.journal.cases import NEW_YEAR, Clock

HOUR = 3600.0


def opening(clock, *, boot="b1"):
    """`clock.now` is the even one too."""
    return evolve(clock.opening(), steady=lambda: clock.now, boot=boot)


def marked(calendar):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    calendar.mark(db)
    row = db.execute(GET_MARK).fetchone()
    db.close()
    return row and row[0]


def test_it_goes_on_evenly_while_the_calendar_jumps():
    clock = Clock()
    calendar = Calendar(opening(clock), last=0.0, mark=None)
    clock.move(10)
    clock.wall += 24 * HOUR
    assert NEW_YEAR + 10 == calendar.wall() == calendar.now()
    clock.wall -= 48 * HOUR
    clock.now += 5
    assert NEW_YEAR + 15 == calendar.wall()


@pytest.mark.fault("K18")
def test_a_calendar_set_forward_between_two_processes_is_seen_through():
    clock = Clock()
    mark = marked(Calendar(opening(clock), last=0.0, mark=None))
    clock.now += 60
    clock.wall += 24 * HOUR

    assert NEW_YEAR + 60 == Calendar(opening(clock), last=NEW_YEAR, mark=mark).wall()


@pytest.mark.parametrize("mark", [None, "", "b1", "b1 x 3", "b1 5.0 7", "b1 100.0 0"])
def test_without_a_mark_that_holds_the_calendar_tells(mark):
    clock = Clock()

    assert NEW_YEAR == Calendar(opening(clock), last=NEW_YEAR - 5, mark=mark).wall()


def test_after_another_start_of_the_computer_the_calendar_tells_but_never_goes_back():
    clock = Clock()
    mark = marked(Calendar(opening(clock, boot="b0"), last=0.0, mark=None))

    assert NEW_YEAR + 7 == Calendar(opening(clock), last=NEW_YEAR + 7, mark=mark).wall()


def test_where_no_start_has_a_name_there_is_no_mark_and_the_calendar_tells():
    clock = Clock()
    calendar = Calendar(opening(clock, boot=""), last=0.0, mark=None)
    assert marked(calendar) is None
    clock.move(30)
    assert NEW_YEAR + 30 == calendar.wall()
    clock.wall -= HOUR
    assert NEW_YEAR + 30 == calendar.wall(), "what was written stays before what comes"
    assert NEW_YEAR + 30 - HOUR == calendar.now()
