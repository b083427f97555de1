"""What a visit found, in words."""

import pytest

from mjasync import TTAPI, Mode
from mjasync.cli import reached
from mjasync.cli.findings import Level
from mjasync.core.model import Failure
from mjasync.flow.checkup import Tried, Visit
from mjasync.transport.road import Road

ROAD = Road("t.example", 443, ("192.0.2.1", "192.0.2.2", "192.0.2.3"), "TLSv1.3")
AUTH = Failure(kind="AuthError", what="TTAPI refused the key.", why="it said so", hint="check the key", status=401)
BUSY = Failure(kind="Unreachable", what="Too many.", status=503)
WRONG = Failure(kind="ConfigError", what="There is no such API.", why="a page", hint="see mode_path", status=200)


def told(found, usual=Mode.FAST):
    return list(reached.account("it", found, usual=usual))


def tried(*rows):
    return tuple(Tried(route=f"https://t.example/{mode}", modes=(mode,), failure=failure) for mode, failure in rows)


def test_one_that_answers():
    whole = Tried(route="https://t.example", modes=tuple(Mode))
    (found,) = told(Visit(road=ROAD, tried=(whole,), seconds=0.1234))
    assert Level.OK is found.level
    assert (
        "it: answers in 123 ms and does not refuse the key; modes relax, fast, turbo (192.0.2.1, 192.0.2.2, TLSv1.3)"
        == found.what
    )
    assert {"account": "it", "reached": True, "seconds": 0.123}.items() <= found.facts.items()
    (inside,) = told(Visit(tried=(whole,)))
    assert inside.what.endswith("modes relax, fast, turbo")


def test_a_road_that_ends():
    (found,) = told(Visit(road=ROAD._replace(what="Nobody answers.", why="refused", do="start it")))
    assert (Level.BAD, "it: Nobody answers.", "refused", "start it", 1) == (
        found.level,
        found.what,
        found.why,
        found.do,
        found.code,
    )


def test_a_refused_key_is_told_as_such_once():
    (found,) = told(Visit(road=ROAD, tried=tried(*((mode, AUTH) for mode in Mode))))
    assert (Level.BAD, 3, "it: AuthError: TTAPI refused the key.") == (found.level, found.code, found.what)
    assert "modes relax, fast, turbo" in found.why
    assert "check the key" == found.do
    assert ("AuthError", 401) == (found.facts["kind"], found.facts["status"])


@pytest.mark.parametrize(("usual", "level"), [(Mode.TURBO, Level.BAD), (Mode.FAST, Level.WARN)])
def test_one_mode_that_is_wrong(usual, level):
    good, bad = told(Visit(road=ROAD, tried=tried((Mode.RELAX, None), (Mode.FAST, None), (Mode.TURBO, WRONG))), usual)
    assert [Level.OK, level] == [good.level, bad.level]
    assert "modes relax, fast (" in good.what
    assert bad.do.endswith("; or leave its modes out of modes for this account")


def test_without_words_of_its_own_an_answer_speaks_for_itself():
    (found,) = told(Visit(tried=tried((Mode.FAST, BUSY))))
    assert ("asked at https://t.example/fast (modes fast)", "see the answer above", 1) == (
        found.why,
        found.do,
        found.code,
    )


def clocks(**ahead):
    visits = {name: Visit(tried=tried((Mode.FAST, None)), ahead=each) for name, each in ahead.items()}
    return list(reached.clock(visits, {name: TTAPI("k", base_url=f"https://{name}.example") for name in ahead}))


def test_a_right_clock():
    (found,) = clocks(one=0.0, two=400.0)  # one server's may be wrong
    assert (Level.OK, "agrees with https://one.example") == (found.level, found.what)


@pytest.mark.parametrize(("ahead", "way"), [(312.0, "5 m 12 s ahead of"), (-7.0, "7.0 s behind")])
def test_a_wrong_clock(ahead, way):
    (found,) = clocks(one=ahead)
    assert (Level.WARN, f"This computer's clock is {way} the one of https://one.example.") == (found.level, found.what)
    assert found.why
    assert found.do


def test_no_date_and_nobody_reached():
    (found,) = clocks(one=None)
    assert "cannot be compared: no answer said what time it is" == found.what
    assert [] == list(reached.clock({"one": Visit(road=ROAD)}, {}))
