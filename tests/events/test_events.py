"""The values that are told, and that none shows a prompt by accident."""

import attrs
import pytest

import mjasync as mj
from mjasync import events


def test_every_event_is_listed_once():
    bases = {events.Event, events.AboutJob, events.AboutAccount}
    classes = [each for each in vars(events).values() if isinstance(each, type) and issubclass(each, events.Event)]

    assert [each for each in classes if each not in bases] != []
    assert {each for each in classes if each not in bases} == set(events.ALL)
    assert len(set(events.ALL)) == len(events.ALL)


@pytest.mark.parametrize("kind", events.ALL, ids=lambda kind: kind.__name__)
def test_an_event_is_a_frozen_value_with_both_clocks(kind):
    names = [field.name for field in attrs.fields(kind)]

    assert names[:2] == ["at", "wall"]
    assert all(field.kw_only for field in attrs.fields(kind))
    assert kind.__setattr__ is not object.__setattr__


def test_the_module_is_there_without_being_imported():
    assert mj.events.Accepted is events.Accepted
