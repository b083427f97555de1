"""A short, repeatable part of `tests.dialects.fuzz`; and that it would notice."""

import random
from time import process_time

import pytest
from attrs import evolve

from mjasync.core.answers import Refused, Taken, Trouble, Unclear
from mjasync.core.model import Failure, Snapshot, Status
from mjasync.core.wire import HttpResponse
from tests.dialects.cases import answer
from tests.dialects.fuzz import SUBMITTED, Reader, Tally, readers
from tests.dialects.fuzz_inputs import SAMPLE_BODIES, bodies, huge

FEW = readers(all_of_them=False)
NO = Failure(kind="InvalidRequest", what="No.")


def named(*names):
    return tuple(reader for reader in readers() if reader.name in names)


@pytest.mark.fault("H03", "P08")
@pytest.mark.parametrize("seed", range(5))
def test_nothing_that_is_sent_surprises_a_reader(seed):
    tally = Tally()
    tally.some(FEW, random.Random(seed), 100)

    assert [] == tally.surprises
    assert {100} == set(tally.tried.values())


@pytest.mark.fault("N10")
@pytest.mark.parametrize(
    "name", ["ttapi submit Imagine", "ttapi look imagine", "mjproxy submit Imagine", "mjproxy look"]
)
def test_a_sample_cut_at_any_byte_tells_nothing(name):
    (reader,) = named(name)
    provider = name.partition(" ")[0]
    for body in (body.rstrip() for sample, body in SAMPLE_BODIES.items() if sample.startswith(provider)):
        for end in range(1, len(body)):
            assert isinstance(reader.read(HttpResponse(status=200, body=body[:end])), Unclear | Trouble)


@pytest.mark.fault("P12")
@pytest.mark.parametrize("body", huge(200_000), ids=lambda body: body[:50].decode())
def test_what_is_built_to_be_slow_is_read_at_once(body):
    begun = process_time()
    tally = Tally()
    for reader in FEW:
        tally.one(reader, HttpResponse(status=200, body=body))

    assert [] == tally.surprises
    assert process_time() - begun < 10.0, "all readers together"


def test_a_seed_gives_the_same_bodies():
    first, second = ([body for body, _ in zip(bodies(random.Random(7)), range(50), strict=False)] for _ in "ab")

    assert first == second
    assert len(set(first)) > 40


def test_every_reader_is_there():
    every = [reader.name for reader in readers()]

    assert len(set(every)) == len(every) == 46
    assert {"ttapi check", "ttapi info", "ttapi list", "mjproxy list-by-condition"} <= set(every)


GOOD = Reader("x", lambda said: Unclear(failure=evolve(NO, charged="unknown")), SUBMITTED, paid=True)


@pytest.mark.parametrize(
    ("value", "response", "what"),
    [
        (GOOD.read(None), answer(500), ""),
        (Taken(remote_id="1"), answer(500), ""),
        (Refused(failure=NO), answer(400), ""),
        (Refused(failure=NO), answer(200, {"code": 24}), ""),
        (Refused(failure=NO), answer(504), "Refused with 504"),
        (Refused(failure=NO), answer(200, b"<html>"), "unreadable with 200"),
        (Refused(failure=NO), answer(200, []), "no object with 200"),
        (Refused(failure=NO), answer(200, {"code": 1}), "without a word of it"),
        (Refused(failure=evolve(NO, charged="unknown")), answer(400), "may have been charged"),
        (Refused(failure=evolve(NO, reason="\x1b[2J")), answer(400), "a terminal would obey"),
        (Unclear(failure=NO), answer(500), "claims to know"),
        (Trouble(failure=NO), answer(200), "a Trouble"),
        (None, answer(200), "a NoneType"),
        (Taken(remote_id="\ud800"), answer(200), "half a character"),
    ],
)
def test_it_would_notice(value, response, what):
    tally = Tally()
    tally.one(evolve(GOOD, read=lambda said: value), response)

    assert bool(what) is bool(tally.surprises)
    assert all(what in each for each in tally.surprises)


def test_it_would_notice_a_size_an_exception_and_a_delay(monkeypatch):
    tally = Tally()
    tally.one(Reader("y", lambda said: Snapshot(status=Status.DONE, size=(0, 5)), Snapshot), answer(200))
    tally.one(Reader("y", lambda said: 1 / 0, Snapshot), answer(200))
    tally.one(Reader("y", lambda said: ("x",), tuple), answer(200))
    monkeypatch.setattr("tests.dialects.fuzz.SLOW", 0.0)
    tally.one(GOOD, answer(200))

    words = ("a picture of (0, 5)", "raised ZeroDivisionError", "a list of something else", "0.0 s")
    assert all(word in each for word, each in zip(words, tally.surprises, strict=True))
