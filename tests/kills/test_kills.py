"""Kills, as every change has to survive them: all named points, some random moments, and a judge who is not blind.

Rule 1: real processes, real HTTP, a real disk; only the clock is quick (see `quick`).
Rule 2: a point that nobody reaches proves nothing: nearly all have to be.
"""

import os

import pytest
from attrs import evolve

from tests.kills.__main__ import lines, played
from tests.kills.plan import NAMED, Life, Story, story

#: Random moments of a run in CI; `MJASYNC_KILLS_FIRST` moves them.
FIRST = int(os.environ.get("MJASYNC_KILLS_FIRST", "1000"))
PIECES = 8
#: Only the even (0) or odd (1) points of each piece: CI takes turns.
TURN = os.environ.get("MJASYNC_KILLS_TURN")
#: Real seconds after which a piece begins no further story, and the share of them that must be played all the same.
SECONDS, ENOUGH = 200.0, 0.6

pytestmark = [pytest.mark.timeout(400)]


def said(verdicts):
    return [line for verdict in verdicts if verdict.findings for line in lines(verdict)]


@pytest.mark.long
@pytest.mark.fault("K01")
@pytest.mark.fault("K02")
@pytest.mark.fault("K04")
@pytest.mark.fault("D11")
@pytest.mark.fault("D14")
@pytest.mark.parametrize("piece", range(PIECES))
def test_a_process_killed_at_a_named_point_pays_nothing_twice_and_loses_nothing(piece, nests):
    numbers = range(piece, len(NAMED), PIECES)
    numbers = numbers if TURN is None else numbers[int(TURN) :: 2]

    verdicts = list(played([story(number) for number in numbers], nests, seconds=SECONDS))

    assert [] == said(verdicts)
    assert len(verdicts) >= ENOUGH * len(numbers)
    points = sum(len(verdict.story.lives) for verdict in verdicts)
    missed = [life for verdict in verdicts for life in verdict.missed]
    assert len(missed) <= 2 + 0.1 * points, missed


@pytest.mark.long
@pytest.mark.fault("K01")
@pytest.mark.fault("K02")
def test_a_process_killed_at_any_moment_pays_nothing_twice_and_loses_nothing(nests):
    verdicts = list(played([story(number) for number in range(FIRST, FIRST + 12)], nests, seconds=SECONDS))

    assert [] == said(verdicts)
    assert len(verdicts) >= 7


def test_the_points_are_a_hundred_and_fifty_at_least():
    assert len(NAMED) >= 150


@pytest.mark.long
@pytest.mark.parametrize(
    ("sabotage", "point", "rule"),
    [
        # An intent that is not on the disk when the request leaves is paid for again.
        ("Sending", ("submit", "after", 1), "D"),
        # An acceptance that is told before it is on the disk is lost.
        ("Accepted", ("Saw-DONE", "asked", 2), "L"),
        ("wide", ("Saw-DONE", "asked", 3), "S"),
    ],
)
def test_the_judge_sees_what_he_has_to_see(sabotage, point, rule, nests):
    spoiled = Story(number=7, lives=(Life(point=point),), work="burst", late=True, sabotage=sabotage)

    verdicts = list(played([spoiled, evolve(spoiled, sabotage="")], nests))

    found = {verdict.story.sabotage: {finding.rule for finding in verdict.findings} for verdict in verdicts}
    assert rule in found[sabotage]
    assert set() == found[""]
