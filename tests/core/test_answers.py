"""What an answer may mean, as values."""

from typing import get_args

import attrs
import pytest

from mjasync.core.answers import (
    Absent,
    Busy,
    Doubt,
    Lack,
    Looked,
    Missing,
    Refused,
    Submitted,
    Taken,
    Trouble,
    Unclear,
    WrongVerb,
)
from mjasync.core.model import Failure, Snapshot, Status

FAILURE = Failure(kind="ProviderError", what="No.")


def test_a_submit_has_four_ends_and_a_look_five():
    assert (Taken, Refused, Busy, Unclear) == get_args(Submitted)
    assert (Snapshot, Missing, Doubt, Trouble, WrongVerb) == get_args(Looked)


def test_defaults_are_the_careful_ones():
    assert not Refused(failure=FAILURE).account, "one job's refusal is not the account's"
    assert Busy(failure=FAILURE).account, "the whole account rests unless told otherwise"
    assert (None, None) == (Taken(remote_id="1").window, Taken(remote_id="1").snapshot), "no window, nothing at once"
    assert not Lack(why="x").action, "only an option does not fit"
    assert (None, None) == (Busy(failure=FAILURE).retry_after, Trouble(failure=FAILURE).retry_after)


@pytest.mark.parametrize(
    "value",
    [
        Taken(remote_id="1"),
        Refused(failure=FAILURE),
        Busy(failure=FAILURE),
        Unclear(failure=FAILURE),
        Missing(failure=FAILURE),
        Trouble(failure=FAILURE),
        WrongVerb(),
        Doubt(snapshot=Snapshot(status=Status.FAILED)),
        Absent(why="HTTP 404"),
        Lack(why="no such verb"),
    ],
)
def test_values_compare_and_do_not_change(value):
    assert attrs.evolve(value) == value
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.anything = 1
