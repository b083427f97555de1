"""The protocol holds in every state of the small searches, and every deliberate mistake is found."""

from functools import cache

import pytest

from tests.model.mutants import MUTANTS
from tests.model.protocol import SMALL
from tests.model.search import Found, Search
from tests.model.state import Scope


@pytest.mark.long
@pytest.mark.fault("K01", "K06", "N06", "H16", "P16", "P21", "K02")
@pytest.mark.parametrize("scope", SMALL, ids=lambda scope: scope.name)
def test_no_law_is_broken_and_every_state_can_end_well(scope):
    found = Search(scope).run()

    assert found == Found(states=found.states, broken="", path=(), stuck=0)
    assert found.states > 1000


@cache
def right(scope):
    return Search(scope).run()


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.wrong)
def test_every_mistake_is_caught_by_the_law_that_it_breaks(mutant):
    found = Search(mutant.scope, mutant.wrong).run()

    assert ("", 0) == (right(mutant.scope).broken, right(mutant.scope).stuck)
    assert mutant.law == (found.broken or f"stuck: {found.stuck}")[: len(mutant.law)]
    assert found.broken or found.stuck


def test_a_small_search_breaks_no_law():
    assert ("", 0) == (right(Scope(name="one", kills=1)).broken, right(Scope(name="one", kills=1)).stuck)


def test_a_mistake_is_told_with_the_way_to_it():
    found = Search(Scope(name="one", kills=1), "intent_forgotten").run()

    assert ("intent0", "sends0", "takes_it[ok]0", "KILL", "RESTART") == found.path


def test_there_are_a_dozen_mistakes_and_more():
    assert len({mutant.wrong for mutant in MUTANTS}) == len(MUTANTS) >= 12
