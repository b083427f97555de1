"""Fresh jobs: all of a record in a quarter of its room, and never in place of one that something happened to."""

import sys

import pytest
from attrs import evolve, fields

from mjasync.core.fresh import _MOST, Folder, Fresh
from mjasync.core.model import Extras, Failure, Mode, Phase, Record, Spec
from mjasync.core.operations import Blend, Imagine, Press

PLAIN = Spec(operation=Imagine(prompt="a cat"), accounts=("a", "b"))
SPECS = [
    PLAIN,
    evolve(PLAIN, mode=Mode.RELAX, priority=7),
    evolve(PLAIN, operation=Blend(images=())),
    evolve(PLAIN, operation=Press(action="upscale1"), parent="p"),
    evolve(PLAIN, key="k", deadline=3.5, resubmit_of="r"),
    evolve(PLAIN, extras=Extras(state="s", account_filter={"modes": ["FAST"]})),
]


def record(spec, **more):
    return Record(id="j", spec=spec, asked_at=12.5, **more)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_unfolded_it_is_the_same_record(spec):
    fresh = Folder().folded(record(spec))

    assert isinstance(fresh, Fresh)
    assert record(spec) == fresh.unfolded
    assert (spec, "j", Phase.HELD) == (fresh.spec, fresh.id, fresh.phase)
    assert evolve(spec, operation=fresh.terms.operation) == fresh.terms


@pytest.mark.parametrize("name", sorted({each.name for each in fields(Record)} - {"id", "spec", "asked_at"}))
def test_a_record_that_anything_happened_to_stays_one(name):
    happened = {"phase": Phase.LOST, "attempts": 1, "hope": True, "expired": True, "told_early": True}
    value = happened.get(name, Failure(kind="MJError", what="w"))
    moved = evolve(record(PLAIN), **{name: value})

    assert Folder().folded(moved) is moved


def test_requests_of_one_kind_share_all_but_their_operation():
    folder = Folder()
    one, other = (folder.folded(record(evolve(PLAIN, operation=Imagine(prompt=text)))) for text in ("a", "b"))
    third = folder.folded(record(evolve(PLAIN, priority=1)))

    assert one.terms is other.terms
    assert one.terms is not third.terms
    assert ("a", "b") == (one.spec.operation.prompt, other.spec.operation.prompt)


def test_kinds_of_requests_are_not_remembered_for_ever():
    folder = Folder()
    for number in range(3 * _MOST):
        assert number == folder.folded(record(evolve(PLAIN, priority=number))).spec.priority

    assert len(folder._known) <= _MOST


def test_it_is_small():
    fresh = Folder().folded(record(PLAIN))

    assert sys.getsizeof(fresh) <= sys.getsizeof(record(PLAIN)) / 3
